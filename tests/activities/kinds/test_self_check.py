"""The self-check: offered to who handed in or learns alone, the same marks as marking gives, and nothing kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from course.activities.controls import Control, flat
from course.activities.kinds.self_check import SelfCheckCard
from course.activities.notebook_cards import make_card
from course.activities.self_check_data import read_self_check, self_check_bytes
from course.content.lessons import lessons
from course.core.notebooks import ask_calls, first_text, read_notebook
from course.records.answers.answers import Answers
from course.records.submission_file import make
from tests.cases import every
from tests.exercise_keys import TRIES, feedback, right, wrong
from tests.packing import SLUG, exercise
from tests.paths import ROOT


def written(slug: str) -> bytes:
    return self_check_bytes(read_notebook(ROOT / "source" / slug / f"{slug}.ipynb"))


def open_card(folder: Path, slug: str = SLUG) -> SelfCheckCard:
    """Open the card as its page does, behind all others."""
    answers = Answers(folder / "answers.json", "exercise", slug)
    options = {}
    for call in ask_calls(read_notebook(folder / f"{slug}.ipynb")):
        if key := first_text(call):
            options[key] = make_card(call, answers).option_texts
    return SelfCheckCard("self-check", answers, options)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = exercise(tmp_path, q2=right(SLUG, "q2"), q3=wrong(SLUG, "q3"), reflection="I listened.")
    (folder / "self-check.json").write_bytes(written(SLUG))
    return folder


def said(card: SelfCheckCard) -> dict[str, str]:
    return {control["id"]: text_of(control) for control in flat(card.controls())}


def text_of(control: Control) -> str:
    return str(control.get("text", control.get("legend", "")))


def buttons(card: SelfCheckCard) -> Iterator[str]:
    for control in card.controls():
        if control["kind"] == "buttons":
            yield from (button["id"] for button in control["buttons"])


def test_it_is_offered_once_somebody_says_that_they_learn_alone(folder: Path) -> None:
    card = open_card(folder)
    assert list(buttons(card)) == []
    card.press("check")
    assert "total" not in said(card), "nothing is shown before it is offered"
    card.set("alone", {"alone": True})
    assert list(buttons(card)) == ["check"]
    card.set("alone", {"alone": False})
    assert list(buttons(card)) == []


def test_it_is_offered_after_the_hand_in_file_was_made(folder: Path) -> None:
    make(folder, SLUG, "synthetic-017")
    assert list(buttons(open_card(folder))) == ["check"]


def test_it_shows_marks_and_lines_the_rubric_and_two_sample_answers(folder: Path) -> None:
    card = open_card(folder)
    card.set("alone", {"alone": True})
    card.press("check")
    shown = said(card)
    assert shown["result-q2"] == "Question 2: 2 of 2 marks."
    assert shown["result-q2-0"] == feedback(SLUG, "q2")[right(SLUG, "q2")]
    assert shown["result-q3-0"] == f"Not right. {feedback(SLUG, 'q3')[wrong(SLUG, 'q3')]}"
    assert "There was no answer" in shown["result-q1-0"]
    tones = {control["id"]: control.get("tone") for control in flat(card.controls())}
    assert [tones[f"result-{key}-0"] for key in ("q1", "q2", "q3")] == ["feedback", "right", "wrong"]
    assert "get 2 of 8 marks" in shown["total"]
    levels = [text for name, text in shown.items() if name.startswith("level-")]
    assert [text.split(":")[0] for text in levels] == [
        "**4 Questioning",
        "**3 Reflecting",
        "**2 Understanding",
        "**1 Describing",
    ]


def test_a_change_counts_when_it_is_checked_again(folder: Path) -> None:
    card = open_card(folder)
    card.set("alone", {"alone": True})
    card.press("check")
    Answers(folder / "answers.json", "exercise", SLUG).save("q3", right(SLUG, "q3"))
    card.press("check")
    assert "get 4 of 8 marks" in said(card)["total"]


def test_what_is_handed_in_is_the_same_with_and_without_it(folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    moment = __import__("datetime").datetime(2026, 2, 3, 12, tzinfo=__import__("datetime").UTC)
    without = make(folder, SLUG, "synthetic-017", now=moment).read_bytes()
    card = open_card(folder)
    card.set("alone", {"alone": True})
    for _ in range(2):
        card.press("check")
    assert make(folder, SLUG, "synthetic-017", now=moment).read_bytes() == without
    after = {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix != ".zip"}
    assert after == before


@every("slug", [lesson.key for lesson in lessons()])
def test_every_exercise_has_its_keys_beside_it_as_source_has_them(slug: str) -> None:
    path = ROOT / "exercises" / slug / "self-check.json"
    assert path.read_bytes() == written(slug), "release it again"
    data = read_self_check(path)
    assert data is not None
    assert data.version == next(lesson.version for lesson in lessons() if lesson.key == slug)
    assert sum(key.most for key in data.keys.values()) == 8
    assert [row.marks for row in data.rubric] == [12, 9, 6, 3, 0]
    assert str(right(slug, next(iter(TRIES[slug])))) not in path.read_text(encoding="utf-8")


TRIED = [
    (slug, key, answer, marks) for slug, keys in TRIES.items() for key, tries in keys.items() for answer, marks in tries
]


@every("slug, key, answer, marks", TRIED)
def test_it_gives_the_marks_that_marking_gives(slug: str, key: str, answer: Any, marks: int) -> None:
    data = read_self_check(ROOT / "exercises" / slug / "self-check.json")
    answers = Answers(None, "exercise", slug)
    answers.save(key, answer)
    verdict = data.keys[key].verdict(answers.get(key)) if data else None
    assert verdict
    assert verdict.marks == marks


SPOILT: dict[str, Any] = {
    "nothing": b"",
    "no JSON": b"{",
    "a list": b"[]",
    "another format": b'{"format": 2, "content": "e30="}',
    "no content": b'{"format": 1}',
    "an empty content": b'{"format": 1, "content": "e30="}',
    "a content that is no code": b'{"format": 1, "content": 5}',
    "a version that is a text": {"version": "2", "questions": [], "rubric": [], "samples": []},
    "another version": {"version": 1, "questions": [], "rubric": [], "samples": []},
    "an unknown question": {
        "version": 2,
        "questions": [{"kind": "essay", "key": "q1", "best": "", "feedback": {}}],
        "rubric": [],
        "samples": [],
    },
    "a rubric of numbers": {"version": 2, "questions": [], "rubric": [1], "samples": []},
}


@pytest.mark.parametrize("content", SPOILT.values(), ids=SPOILT.keys())
def test_a_file_that_is_not_the_courses_shows_nothing_and_says_so(folder: Path, content: Any) -> None:
    import base64

    if isinstance(content, dict):
        coded = base64.b64encode(json.dumps(content).encode()).decode()
        content = json.dumps({"format": 1, "content": coded}).encode()
    (folder / "self-check.json").write_bytes(content)
    assert list(said(open_card(folder))) == ["no-data"]


def test_without_a_file_and_in_source_nothing_is_checked(folder: Path) -> None:
    (folder / "self-check.json").unlink()
    assert list(said(open_card(folder))) == ["no-data"]
    assert list(said(SelfCheckCard("self-check", Answers(None, "exercise", SLUG), {}))) == ["memory"]


@pytest.mark.parametrize("value", [None, 5, [], {"alone": 1}, {"other": True}, "alone"])
def test_whatever_a_message_says_the_card_stays_sound(folder: Path, value: Any) -> None:
    card = open_card(folder)
    card.set("alone", value)
    card.set("other", {"alone": True})
    card.press("nothing")
    assert list(buttons(card)) == []
    assert card.answer_lines() == []
