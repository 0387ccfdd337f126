"""Marks: the key gets them all, a near miss what the question says, and rubbish none, with a reason."""

from __future__ import annotations

import ast
import functools
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from course.activities.card import Card
from course.activities.kinds.arrange import Sort
from course.activities.kinds.choose import Choose, Tick
from course.activities.kinds.number import Number
from course.activities.marks import Mark
from course.activities.notebook_cards import make_card
from course.content import words as say
from course.content.lessons import find_lesson
from course.core.errors import NoAnswerYet
from course.core.notebooks import ask_calls, first_text, read_notebook, source
from course.records.answers.answers import Answers
from tests.cases import every
from tests.paths import ROOT

NEAR_MISSES: dict[str, dict[str, list[tuple[Any, int]]]] = json.loads(
    (ROOT / "tests" / "near_misses.json").read_text(encoding="utf-8")
)
TRIES: list[tuple[str, str, Any, int]] = [
    (slug, key, answer, marks)
    for slug, questions in NEAR_MISSES.items()
    for key, tries in questions.items()
    for answer, marks in tries
]
QUESTIONS = [(slug, key) for slug, questions in NEAR_MISSES.items() for key in questions]
FOR_NUMBERS = [(slug, key) for slug, key in QUESTIONS if isinstance(NEAR_MISSES[slug][key][0][0], float)]
"""The questions that ask for a number: to them, a number is no rubbish."""

DEEP: list[Any] = []
for _ in range(500):
    DEEP = [DEEP]
RUBBISH: list[Any] = list(
    {
        "letter of another question": "Z",
        "small letter": "b",
        "two letters": "AB",
        "letter and space": "A ",
        "letter in a list in a list": [["A"]],
        "long text": "A" * 500_000,
        "markup": "<script>alert(1)</script>",
        "zero": 0,
        "number": 2,
        "huge number": 10**4000,
        "true": True,
        "false": False,
        "object": {"A": "B"},
        "empty object": {},
        "list of true": [True, True, True, True],
        "list of numbers": [1, 2, 3],
        "list of objects": [{}, {}, {}, {}],
        "same tick three times": ["A", "A", "A"],
        "unknown ticks": ["A", "B", "C", "Z"],
        "too many cards": ["C", "K", "C", "K", "C"],
        "long list": ["A"] * 10_000,
        "deep list": DEEP,
    }.values()
)
NOTHING = [None, "", "   ", [], [None, None, None, None]]


@pytest.fixture
def shown(capsys: pytest.CaptureFixture[str]) -> Callable[[], dict[str, str]]:
    """Return the one feedback line shown since the last look, as HTML and as plain text."""

    def look() -> dict[str, str]:
        out, error = capsys.readouterr()
        assert error == ""
        assert out.count("\n") == 1
        return ast.literal_eval(out)

    return look


OPTIONS = {"papers": "Papers come.", "asks": "They ask.", "praise": "They praise."}


def exercise(answer: Any = None, key: str = "q1", marking: str = "autograde") -> Mark:
    answers = Answers(None, "exercise", "starting-point")
    answers.save(key, answer)
    return Mark(answers, marking, {"q1": OPTIONS})


@functools.cache
def graded_cells(slug: str) -> dict[str, str]:
    """Return the marking cells of an exercise with their marking lines, by question."""
    cells = read_notebook(ROOT / "source" / slug / f"{slug}.ipynb")["cells"]
    return {
        cell["id"].removesuffix("-mark"): source(cell)
        for cell in cells
        if cell["metadata"]["nbgrader"]["grade"] and cell["metadata"]["nbgrader"]["points"]
    }


def value_of(cell: str, mark: Mark) -> Any:
    """Run a cell and return the value of its last line, as a notebook shows it."""
    tree = ast.parse(cell)
    last = tree.body.pop()
    assert isinstance(last, ast.Expr)
    names = {"mark": mark}
    exec(compile(tree, "cell", "exec"), names)
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names)


@every("slug, key, answer, marks", TRIES)
def test_each_answer_gets_the_marks_of_the_table(
    slug: str, key: str, answer: Any, marks: int, shown: Callable[[], dict[str, str]]
) -> None:
    given = value_of(graded_cells(slug)[key], exercise(answer, key))
    assert type(given) is int
    assert given == marks
    most = max(marks for _, marks in NEAR_MISSES[slug][key])
    named = "mark" if most == 1 else "marks"
    assert shown()["text/plain"].startswith(f"Question {key[1:]}: {marks} of {most} {named}. ")


def ask_call(slug: str, key: str) -> ast.Call:
    """Return the line of an exercise that asks a question."""
    calls = ask_calls(read_notebook(ROOT / "source" / slug / f"{slug}.ipynb"))
    return next(call for call in calls if first_text(call) == key)


def give(card: Card, answer: Any) -> None:
    """Answer a card as a learner does, one unit after the other."""
    if isinstance(card, Sort):
        for place, option in enumerate(card.words.options):
            card.set(f"card-{place}", answer["units"][option.code])
    elif isinstance(card, Tick):
        card.set("ticks", dict.fromkeys(answer, True))
    else:
        card.set("number-0" if isinstance(card, Number) else "pick", answer)


@pytest.mark.slow
@every("slug, key, answer, marks", TRIES)
def test_an_answer_gets_the_same_marks_from_the_card_and_from_a_file(
    slug: str, key: str, answer: Any, marks: int, tmp_path: Path, shown: Callable[[], dict[str, str]]
) -> None:
    new, written = tmp_path / "new.json", tmp_path / "written.json"
    new.unlink(missing_ok=True)
    card = make_card(ask_call(slug, key), Answers(new, "exercise", slug))
    give(card, answer)
    version = find_lesson(slug).version
    written.write_text(json.dumps({"format": 2, "exercise": slug, "version": version, "answers": {key: answer}}))
    if isinstance(card, Number) and card.value is None:
        new = written  # the card does not take a number so far off
    assert json.loads(new.read_text())["version"] == version
    for file in (new, written):
        answers = Answers.read_only(file, "exercise", slug)
        assert value_of(graded_cells(slug)[key], Mark(answers, "autograde")) == marks
        shown()


LETTERS: list[Any] = ["A", "B", "C", "D", ["A", "B", "C"], ["B", "D", "E"], ["C", "K", "C", "K"], ["S", "P", "A", "S"]]


@every("slug, key", QUESTIONS)
@every("answer", LETTERS)
def test_letters_of_version_0_1_0_get_no_marks_by_the_keys_of_today(
    slug: str, key: str, answer: Any, tmp_path: Path, shown: Callable[[], dict[str, str]]
) -> None:
    file = tmp_path / "answers.json"
    for version, reason in (({}, "mark.no-answer"), ({"version": find_lesson(slug).version}, "mark.not-usable")):
        file.write_text(json.dumps({"format": 1, "exercise": slug, **version, "answers": {key: answer}}))
        answers = Answers.read_only(file, "exercise", slug)
        assert value_of(graded_cells(slug)[key], Mark(answers, "autograde")) == 0
        assert shown()["text/plain"].endswith(say(reason))


@pytest.mark.parametrize("slug, key", [place for place in QUESTIONS if "matching" in graded_cells(place[0])[place[1]]])
def test_validate_names_a_sorting_with_a_card_that_was_not_placed(slug: str, key: str, tmp_path: Path) -> None:
    card = make_card(ask_call(slug, key), Answers(tmp_path / "answers.json", "exercise", slug))
    assert isinstance(card, Sort)
    card.set("card-1", next(iter(card.groups)))
    with pytest.raises(NoAnswerYet, match="is not finished"):
        Mark(Answers.read_only(tmp_path / "answers.json", "exercise", slug), "validate").answered(key)


@pytest.mark.slow
@every("slug, key", QUESTIONS)
@every("answer", RUBBISH)
def test_rubbish_gets_no_marks_and_a_reason(
    slug: str, key: str, answer: Any, shown: Callable[[], dict[str, str]]
) -> None:
    assert value_of(graded_cells(slug)[key], exercise(answer, key)) == 0
    line = shown()["text/plain"]
    is_a_number = (slug, key) in FOR_NUMBERS and answer in (0, 2) and answer is not False
    assert line.endswith(say("mark.not-usable")) is not is_a_number
    assert len(line) < 300


@every("slug, key", QUESTIONS)
@every("answer", NOTHING)
def test_no_answer_gets_no_marks_and_says_so(
    slug: str, key: str, answer: Any, shown: Callable[[], dict[str, str]]
) -> None:
    assert value_of(graded_cells(slug)[key], exercise(answer, key)) == 0
    assert shown()["text/plain"].endswith(say("mark.no-answer"))


@every("folder", sorted(path.name for path in (ROOT / "source").iterdir()))
def test_every_marked_question_is_in_the_table_of_near_misses(folder: str) -> None:
    assert set(graded_cells(folder)) == set(NEAR_MISSES.get(folder, {}))


@every("slug, key", [question for question in QUESTIONS if question not in FOR_NUMBERS])
def test_every_option_of_a_question_is_in_the_table(slug: str, key: str) -> None:
    card = make_card(ask_call(slug, key), Answers(None, "exercise", slug))
    assert isinstance(card, Choose | Tick | Sort)
    tried: set[str] = set()
    for answer, _ in NEAR_MISSES[slug][key]:
        chosen = answer["units"] if isinstance(answer, dict) else [answer] if isinstance(answer, str) else answer
        tried |= set(chosen)
    assert tried == {option.key for option in card.words.options}


def test_feedback_is_escaped_on_the_page_and_plain_in_text(shown: Callable[[], dict[str, str]]) -> None:
    exercise("asks").choice("q1", "asks", marks=1, feedback={"asks": "Use <b> & “quotes”."})
    line = shown()
    assert "Use &lt;b&gt; &amp; “quotes”." in line["text/html"]
    assert "Use <b> & “quotes”." in line["text/plain"]


@pytest.mark.parametrize(
    "answer, said",
    [("asks", "Right. They ask first."), ("tells", "Not right. They tell."), ("waits", "Not right. They wait.")],
)
def test_a_choice_says_once_whether_it_is_right(answer: str, said: str, shown: Callable[[], dict[str, str]]) -> None:
    feedback = {"asks": "Right. They ask first.", "tells": "They tell.", "waits": "Not right. They wait."}
    exercise(answer).choice("q1", "asks", marks=1, feedback=feedback)
    line = shown()
    assert line["text/plain"].partition("mark. ")[2] == said
    assert f'<li class="course-{"right" if answer == "asks" else "wrong"}">{said}</li>' in line["text/html"]


def test_what_a_learner_wrote_is_not_repeated_in_a_reason(shown: Callable[[], dict[str, str]]) -> None:
    exercise("a secret").choice("q1", "asks", marks=1, feedback={"asks": "Right."})
    assert "secret" not in repr(shown())


DAMAGED = {
    "not JSON": b"{",
    "not text": b"\xff\xfe\x00",
    "a list": b"[]",
    "nothing": b"",
    "another exercise's": b'{"format": 1, "exercise": "two-questions", "answers": {"q1": "B"}}',
    "a newer course's": b'{"format": 3, "exercise": "starting-point", "answers": {"q1": "B"}}',
    "a newer exercise's": b'{"format": 2, "exercise": "starting-point", "version": 99, "answers": {"q1": "B"}}',
    "no version": b'{"format": 2, "exercise": "starting-point", "version": "2", "answers": {"q1": "B"}}',
    "no number": b'{"format": 1, "exercise": "starting-point", "answers": {"q1": NaN}}',
    "too large": b'{"format": 1, "exercise": "starting-point", "answers": {"q1": "' + b"B" * 2_000_000 + b'"}}',
    "too deep": b'{"format": 1, "exercise": "starting-point", "answers": {"q1": ' + b"[" * 5000 + b"]" * 5000 + b"}}",
    "half a character": b'{"format": 1, "exercise": "starting-point", "answers": {"q1": "\\ud800"}}',
}


@pytest.mark.parametrize("content", [pytest.param(content, id=name) for name, content in DAMAGED.items()])
def test_a_file_that_cannot_be_used_gets_no_marks_and_a_reason(
    content: bytes, tmp_path: Path, shown: Callable[[], dict[str, str]]
) -> None:
    file = tmp_path / "answers.json"
    file.write_bytes(content)
    mark = Mark(Answers.read_only(file, "exercise", "starting-point"), "autograde")
    assert mark.choice("q1", "asks", marks=2, feedback={"asks": ""}) == 0
    assert "could not be used" in shown()["text/plain"]
    assert file.read_bytes() == content


def test_a_link_in_place_of_the_answers_gets_no_marks(tmp_path: Path, shown: Callable[[], dict[str, str]]) -> None:
    kept = tmp_path / "someone-else.json"
    kept.write_text('{"format": 1, "exercise": "starting-point", "answers": {"q1": "B"}}')
    (tmp_path / "answers.json").symlink_to(kept)
    mark = Mark(Answers.read_only(tmp_path / "answers.json", "exercise", "starting-point"), "autograde")
    assert mark.choice("q1", "asks", marks=2, feedback={"asks": ""}) == 0
    assert "could not be used" in shown()["text/plain"]


LINES = {"papers": "It lasts.", "asks": "It helps.", "praise": "It fades."}


@pytest.mark.parametrize(
    "ticked, marks, said",
    [
        (
            ["papers", "asks"],
            2,
            [
                "Right. You ticked every option that fits, and no other.",
                "Right: you ticked “Papers come.”",
                "Right: you ticked “They ask.”",
            ],
        ),
        (["papers"], 1, ["Right: you ticked “Papers come.”", "Not right: you did not tick “They ask.” It helps."]),
        (
            ["asks", "praise"],
            0,
            [
                "Not right: you did not tick “Papers come.” It lasts.",
                "Right: you ticked “They ask.”",
                "Not right: you ticked “They praise.” It fades.",
            ],
        ),
    ],
)
def test_ticks_are_answered_for_each_one_and_each_that_is_missing(
    ticked: list[str], marks: int, said: list[str], shown: Callable[[], dict[str, str]]
) -> None:
    assert exercise(ticked).ticks("q1", ["papers", "asks"], feedback=LINES) == marks
    line = shown()
    assert line["text/plain"] == " ".join([f"Question 1: {marks} of 2 marks.", *said])
    rows = re.findall(r'<li class="course-(right|wrong)">([^<]*)</li>', line["text/html"])
    assert rows == [("right" if words.startswith("Right") else "wrong", words) for words in said]


@pytest.mark.parametrize(
    "groups, marks, said",
    [
        (("C", "K"), 2, "Right. Every card is in its group. Right: “Papers come.” Right: “They ask.”"),
        (("K", "K"), 1, "Not right: “Papers come.” It is work. Right: “They ask.”"),
        ((None, "C"), 0, "Not right: “Papers come.” It is work. Not right: “They ask.” It asks, so it is care."),
    ],
)
def test_a_matching_is_answered_for_each_card_whether_it_is_in_its_group(
    groups: tuple[str | None, str], marks: int, said: str, shown: Callable[[], dict[str, str]]
) -> None:
    answer = {"kind": "cards", "units": dict(zip(("papers", "asks"), groups, strict=True))}
    feedback = {"papers": "It is work.", "asks": {"C": "It asks, so it is care.", "K": "It is care."}}
    best = {"papers": "C", "asks": "K"}
    assert exercise(answer).matching("q1", best, groups="CK", feedback=feedback) == marks
    assert shown()["text/plain"] == f"Question 1: {marks} of 2 marks. {said}"


@pytest.mark.parametrize("units", [{"papers": "C"}, {"papers": "C", "asks": "Z"}, {"A": "C", "B": "K"}])
def test_a_matching_of_other_cards_or_groups_is_no_answer(
    units: dict[str, str], shown: Callable[[], dict[str, str]]
) -> None:
    mark = exercise({"kind": "cards", "units": units})
    assert mark.matching("q1", {"papers": "C", "asks": "K"}, groups="CK", feedback={"papers": "", "asks": ""}) == 0
    assert shown()["text/plain"].endswith(say("mark.not-usable"))


@every("answer", NOTHING)
def test_validate_names_the_question_without_an_answer(answer: Any) -> None:
    with pytest.raises(NoAnswerYet, match="Question 1 has no answer yet") as caught:
        exercise(answer, marking="validate").answered("q1")
    assert len(caught.value._render_traceback_()) == 2


def test_validate_names_the_question_that_is_not_finished() -> None:
    with pytest.raises(NoAnswerYet, match="Question 1 is not finished"):
        exercise(["C", None, "C", "K"], marking="validate").answered("q1")


def test_validate_names_the_reflection() -> None:
    with pytest.raises(NoAnswerYet, match="The reflection has no answer yet"):
        exercise(marking="validate").answered("reflection")


@every("answer", ["A", ["A"], ["C", "K"], 0, 5.0, "Some words."])
def test_validate_says_nothing_of_a_question_with_an_answer(answer: Any) -> None:
    assert exercise(answer, marking="validate").answered("q1") is None


def test_validate_says_that_the_answers_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "answers.json").write_text("{")
    answers = Answers.read_only(tmp_path / "answers.json", "exercise", "starting-point")
    with pytest.raises(NoAnswerYet, match=r"answers\.json is damaged"):
        Mark(answers, "validate").answered("q1")


def test_a_cell_that_lost_its_marking_line_is_worth_no_marks() -> None:
    assert exercise("B").answered("q1") == 0


def test_learners_see_nothing_of_the_check(capsys: pytest.CaptureFixture[str]) -> None:
    assert exercise(marking="").answered("q1") is None
    assert capsys.readouterr() == ("", "")
