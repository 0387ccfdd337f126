"""The card that makes a hand-in file: the id once, the file beside the page, and nothing among the answers."""

from __future__ import annotations

import ast
import base64
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import IPython.display
import pytest
from hypothesis import given
from hypothesis import strategies as st

import course
from course.activities.card import attempt, static_html
from course.activities.kinds.hand_in import HandInCard
from course.activities.notebook_cards import make_card
from course.activities.widget import CardWidget
from course.core.errors import AnswersNotKept
from course.core.notebooks import read_notebook, source
from course.records import submission_file
from course.records.answers.answers import Answers
from course.records.learner_id import save_learner_id, saved_learner_id
from tests.cases import every
from tests.packing import SLUG, exercise
from tests.paths import ROOT

Find = Callable[[Any, str], dict[str, Any]]
Ids = Callable[[Any], list[str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return exercise(tmp_path, q1=["C", "K", "C", None], q2="D", reflection="I listened.")


def open_card(folder: Path) -> HandInCard:
    """Return the card as a new window shows it."""
    return HandInCard("hand-in", Answers(folder / "answers.json", "exercise", SLUG))


def test_the_id_is_typed_once_and_the_file_is_offered_as_it_lies_in_the_folder(
    folder: Path, control: Find, ids: Ids
) -> None:
    card = open_card(folder)
    assert "download" not in ids(card)
    before = (folder / "answers.json").read_bytes()
    card.set("learner", "synthetic-017")
    card.press("make")
    file = control(card, "download")
    path = folder / file["name"]
    data = base64.b64decode(file["data"])
    assert data == path.read_bytes()
    assert submission_file.read(io.BytesIO(data)).learner == "synthetic-017"
    assert "ready" in control(card, "made")["text"]
    assert control(card, "made")["live"]
    assert file["main"]
    assert not control(card, "make")["main"]
    assert str(folder) in control(card, "made-0")["text"]
    assert (folder / "answers.json").read_bytes() == before, "nothing is kept among the answers"
    assert control(open_card(folder), "learner")["value"] == "synthetic-017"


def test_the_questions_without_an_answer_are_named_and_stop_nothing(folder: Path, control: Find) -> None:
    card = open_card(folder)
    card.set("learner", "synthetic-017")
    card.press("make")
    assert control(card, "made-1")["text"] == "No answer yet: Question 1, Question 3. You can hand in all the same."
    card.answers.save("q1", ["C", "K", "C", "K"])
    card.answers.save("q3", "A")
    assert "made-1" not in [one["id"] for one in card.controls()]


def test_what_may_be_shared_is_not_asked_for(tmp_path: Path, control: Find) -> None:
    slug = "starting-point"
    card = HandInCard("hand-in", Answers(exercise(tmp_path, slug, q1="B") / "answers.json", "exercise", slug))
    card.set("learner", "synthetic-017")
    card.press("make")
    assert "Question 2" in control(card, "made-1")["text"]
    assert "This question" not in control(card, "made-1")["text"]


def test_an_answer_that_changed_since_is_said(folder: Path, control: Find) -> None:
    card = open_card(folder)
    card.set("learner", "synthetic-017")
    card.press("make")
    card.answers.save("q2", "A")
    assert "have changed" in control(card, "made")["text"]
    assert "have changed" in control(open_card(folder), "made")["text"]
    assert control(card, "make")["main"], "to make it again is the next thing to do"
    assert not control(card, "download")["main"]
    card.press("make")
    assert "have changed" not in control(card, "made")["text"]


def test_without_an_id_it_says_what_to_do_first(folder: Path, control: Find, ids: Ids) -> None:
    card = open_card(folder)
    card.press("make")
    assert control(card, "notice")["text"].startswith("Give your learner id first")
    assert not list(folder.glob("*.zip"))
    card.set("learner", "synthetic-017")
    assert "notice" not in ids(card)


def test_an_id_that_cannot_be_used_is_answered_and_makes_nothing_under_the_old_one(folder: Path, ids: Ids) -> None:
    save_learner_id("synthetic-017")
    card = open_card(folder)
    assert "cannot be used" in attempt(lambda: card.set("learner", "../synthetic-018"))
    card.press("make")
    assert "notice" in ids(card)
    assert not list(folder.glob("*.zip"))
    assert saved_learner_id() == "synthetic-017"


def test_a_file_made_under_another_id_is_said(folder: Path, control: Find) -> None:
    card = open_card(folder)
    card.set("learner", "synthetic-017")
    card.press("make")
    card.set("learner", "synthetic-018")
    assert control(card, "made")["text"].startswith("**This file was made for synthetic-017.**")
    card.press("make")
    assert "for synthetic-018" in control(card, "made")["text"]


def test_an_id_that_the_trainer_has_set_is_shown_and_cannot_be_changed(
    folder: Path, control: Find, ids: Ids, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BUILDING_TRUST_LEARNER", "synthetic-018")
    card = open_card(folder)
    assert "learner" not in ids(card)
    card.set("learner", "synthetic-017")
    card.press("make")
    assert submission_file.read(folder / f"hand-in-{SLUG}.zip").learner == "synthetic-018"
    assert saved_learner_id() == ""
    monkeypatch.setenv("BUILDING_TRUST_LEARNER", "a+b")
    assert "cannot be used" in control(open_card(folder), "trouble")["text"]
    assert control(open_card(folder), "learner")["value"] == ""


def test_without_answers_the_reason_is_on_the_card(tmp_path: Path, control: Find) -> None:
    card = open_card(exercise(tmp_path))
    card.set("learner", "synthetic-017")
    card.press("make")
    assert control(card, "notice")["text"].startswith("There are no answers to hand in yet.")


def test_a_file_that_somebody_else_put_there_is_not_offered(folder: Path, ids: Ids) -> None:
    (folder / f"hand-in-{SLUG}.zip").write_bytes(b"not ours")
    assert "download" not in ids(open_card(folder))


@pytest.mark.parametrize("answers", [Answers(None, "exercise", SLUG), Answers(None, "lesson", SLUG)])
def test_where_answers_are_in_memory_it_says_so_in_one_sentence(answers: Answers, ids: Ids) -> None:
    card = HandInCard("hand-in", answers)
    assert ids(card) == ["memory"]
    card.press("make")
    card.set("learner", "synthetic-017")
    assert card.answers.keys() == []


def test_on_a_page_of_the_journal_nothing_can_be_handed_in(tmp_path: Path, ids: Ids) -> None:
    card = HandInCard("hand-in", Answers(tmp_path / "page.json", "lesson", SLUG))
    card.press("make")
    assert ids(card) == ["memory"]
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("execution,shown", [("", 1), ("autograde", 0), ("validate", 0)])
def test_while_nbgrader_marks_nothing_is_shown(
    folder: Path, execution: str, shown: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("NBGRADER_EXECUTION", execution)
    page: list[Any] = []
    monkeypatch.setattr(IPython.display, "display", page.append)
    course.exercise(SLUG, version=2)[0].hand_in()
    assert len(page) == shown


def test_a_review_and_a_still_page_can_make_it_too() -> None:
    call = ast.parse("ask.hand_in()").body[0].value  # type: ignore[attr-defined]  # it is an expression
    card = make_card(call, Answers(None, "lesson", "review"))
    assert card.answer_lines() == []
    assert CardWidget(card).controls == card.controls()
    assert "<input" not in static_html(card)


def test_the_card_on_the_page_says_at_once_that_an_answer_has_changed(folder: Path) -> None:
    answers = Answers(folder / "answers.json", "exercise", SLUG)
    card = HandInCard("hand-in", answers)
    card.set("learner", "synthetic-017")
    card.press("make")
    on_page = CardWidget(card)
    assert "is ready" in str(on_page.controls)
    answers.save("q2", "A")
    assert "have changed" in str(on_page.controls)
    answers.save("q2", "D")
    assert "is ready" in str(on_page.controls)


@every("path", sorted((ROOT / "source").glob("*/*.ipynb")))
def test_every_exercise_ends_with_it(path: Path) -> None:
    for folder in ("source", "exercises"):
        *_, words, last = read_notebook(ROOT / folder / path.stem / path.name)["cells"]
        assert (words["id"], last["id"]) == ("hand-in", "hand-in-file")
        assert source(last) == "ask.hand_in()\nask.self_check()"
        assert last["metadata"]["nbgrader"]["locked"]
        assert "With the button" in source(words)
        assert "With a file" in source(words)


def parts_of(card: HandInCard) -> Iterator[str]:
    for one in card.controls():
        yield one["id"]
        yield from (button["id"] for button in one.get("buttons", []))


VALUE = st.sampled_from(["synthetic-017", "", " ", "../x", "a+b", None, 5, ["x"], "x" * 200]) | st.text(max_size=10)


@given(data=st.data())
def test_whatever_a_message_says_the_card_stays_sound(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = exercise(tmp_path_factory.mktemp("sound"), q2="D")
    with pytest.MonkeyPatch.context() as patch:  # an id that one example kept is none of the next one's
        patch.setenv("BUILDING_TRUST_DATA", str(folder.parent / "data"))
        answers = (folder / "answers.json").read_bytes()
        card = open_card(folder)
        for _ in range(data.draw(st.integers(1, 5))):
            there = data.draw(st.sampled_from(sorted({*parts_of(card), "learner", "skip", "nothing"})))
            if data.draw(st.booleans()):
                value = data.draw(VALUE)
                attempt(lambda there=there, value=value: card.set(there, value))  # type: ignore[misc]  # bound now
            else:
                card.press(there)
            ids = list(parts_of(card))
            assert len(ids) == len(set(ids))
            json.dumps(card.controls(), allow_nan=False)
        assert (folder / "answers.json").read_bytes() == answers


def test_an_id_that_cannot_be_kept_is_told(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    monkeypatch.setenv("BUILDING_TRUST_DATA", str(tmp_path / "data"))
    card = open_card(folder)
    with pytest.raises(AnswersNotKept):
        card.set("learner", "synthetic-017")
    card.press("make")
    assert list(folder.glob("*.zip")), "the file needs no kept id"
