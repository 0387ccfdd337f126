"""Every rule for notebooks finds what breaks it, names the cell, and says what to do; a good notebook passes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from course.authoring.commands import begin
from course.authoring.notebook_page import NotebookPage, Problem
from course.authoring.review import review, review_page
from course.authoring.rules_shape import count_code_lines
from tests.cases import every
from tests.paths import ROOT

SLUG = "repair"
Cells = dict[str, dict[str, Any]]


class Desk:
    """A folder with one lesson and its exercise, both without a fault."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for folder in ("notebooks", "source"):
            (root / folder).mkdir()
        for page in ("start", "credits"):
            (root / "notebooks" / f"{page}.ipynb").write_bytes((ROOT / "notebooks" / f"{page}.ipynb").read_bytes())
        self.lesson, self.exercise = begin(SLUG, root)
        for path in (self.lesson, self.exercise):
            path.write_text(path.read_text(encoding="utf-8").replace("TODO", "Words"), encoding="utf-8")

    def problems(
        self, path: Path, change: Callable[[Cells, dict[str, Any]], None] = lambda cells, all: None
    ) -> list[Problem]:
        """Return the problems of a notebook after a change to its cells, by id, and to the whole of it."""
        notebook = json.loads(path.read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            cell["source"] = "".join(cell["source"])
        change({cell["id"]: cell for cell in notebook["cells"]}, notebook)
        path.write_text(json.dumps(notebook), encoding="utf-8")
        return review_page(NotebookPage(path, self.root))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def says(cell: str, words: str) -> Callable[[Cells, dict[str, Any]], None]:
    """Return a change: the cell says only these words."""
    return lambda cells, _: cells[cell].update(source=words)


def adds(cell: str, words: str) -> Callable[[Cells, dict[str, Any]], None]:
    """Return a change: the cell says these words as well."""
    return lambda cells, _: cells[cell].update(source=f"{cells[cell]['source']}\n{words}")


def swaps(cell: str, old: str, new: str) -> Callable[[Cells, dict[str, Any]], None]:
    """Return a change: in the cell, one text stands for another."""

    def change(cells: Cells, _: dict[str, Any]) -> None:
        assert old in cells[cell]["source"]
        cells[cell]["source"] = cells[cell]["source"].replace(old, new)

    return change


def sets(cell: str, **metadata: Any) -> Callable[[Cells, dict[str, Any]], None]:
    """Return a change: the metadata of the cell."""
    return lambda cells, _: cells[cell]["metadata"].update(metadata)


def grades(cell: str, **about: Any) -> Callable[[Cells, dict[str, Any]], None]:
    """Return a change: what nbgrader knows of the cell; None takes a part away."""

    def change(cells: Cells, _: dict[str, Any]) -> None:
        known = cells[cell]["metadata"]["nbgrader"] | about
        cells[cell]["metadata"]["nbgrader"] = {key: value for key, value in known.items() if value is not None}

    return change


LESSON = [
    (lambda _, whole: whole["metadata"].update(widgets={}), "", "metadata holds widgets"),
    (lambda _, whole: whole["metadata"].pop("kernelspec"), "", "kernel is not the course's"),
    (sets("practice", collapsed=True), "practice", "metadata holds collapsed"),
    (sets("practice", tags=["solution"]), "practice", "the tag “solution”"),
    (lambda cells, _: cells["practice"].update(id="3f2a91bc"), "3f2a91bc", "has no name"),
    (lambda cells, _: cells["practice"].update(id="taps"), "taps", "the same name"),
    (lambda cells, _: cells["practice"].update(execution_count=3), "practice", "keeps what it showed"),
    (lambda _, whole: whole["metadata"].update(course={"run_on_open": True}), "", "does not run on open"),
    (says("practice", "\n".join(f"ask.write('{n}', 'Why?')" for n in range(11))), "practice", "11 lines of code"),
    (says("practice", "def help():\n    return 1"), "practice", "defines “help”"),
    (says("practice", "class Help:\n    pass"), "practice", "defines “Help”"),
    (says("practice", "from course import *"), "practice", "imports everything from course"),
    (says("practice", "ask.write('a', "), "practice", "no Python"),
    (sets("practice", jupyter={"source_hidden": True}), "practice", "hides its code"),
    (sets("practice", tags=["setup"]), "practice", "tagged setup and is not the first"),
    (sets("setup", tags=["try-it"]), "setup", "not tagged setup"),
    (swaps("title", "You will be able to", "You may"), "title", "open with “You will be able to”"),
    (swaps("title", "50 minutes", "an hour"), "title", "open with “50 minutes”"),
    (swaps("title", "A question to begin with", "Hello"), "title", "open with “A question to begin with”"),
    (swaps("title", "# When trust is broken", "# Trust"), "title", "open with “# When trust is broken”"),
    (swaps("try-at-work", "One thing to try at work", "The end"), "", "no “One thing to try at work”"),
    (adds("the-idea", "TODO: an example.\nTODO"), "the-idea", "still to write: TODO: an example. (and 1 more)"),
    (says("the-story", "#### Deep"), "the-story", "“Deep” is of level 4 after one of level 2"),
    (says("the-story", "# Twice"), "the-story", "“Twice” is of level 1"),
    (adds("the-idea", "![ ](map.png)"), "the-idea", "a picture has no words"),
    (adds("the-idea", "<img src='map.png' alt=''>"), "the-idea", "a picture has no words"),
    (adds("the-idea", "[a](nowhere.ipynb)"), "the-idea", "“nowhere.ipynb” leads nowhere"),
    (adds("the-idea", "[a](#Nowhere)"), "the-idea", "“#Nowhere” leads nowhere"),
    (adds("the-idea", "[a](start.ipynb#cell-id=nowhere)"), "the-idea", "leads nowhere"),
    (adds("the-idea", "[a]\n\n[a]: nowhere.md"), "the-idea", "“nowhere.md” leads nowhere"),
    (adds("the-idea", "<a href='nowhere.md'>a</a>"), "the-idea", "“nowhere.md” leads nowhere"),
    (adds("the-idea", "[a](../exercises/09-none/09-none.ipynb)"), "the-idea", "leads nowhere"),
    (says("taps", "ask.write('practice', 'Why?')"), "taps", "“practice” is asked twice"),
    (says("practice", "ask.choose('practice', 'Why?\\n\\nB. One')"), "practice", "option B should be A"),
    (says("practice", "ask.choose('practice', WORDS)"), "practice", "other than plain words"),
    (says("practice", "ask.choose('practice', {[]: 'Why?'})"), "practice", "other than plain words"),
    (says("practice", f"ask.choose('practice', {'-' * 100_000}1)"), "practice", "no Python"),
    (says("practice", "ask.chose('practice', 'Why?')"), "practice", "no exercise ask.chose"),
    (says("practice", "ask.choose('practice')"), "practice", "too little or too much"),
    (says("practice", "ask.rate('practice', 'moods')"), "practice", "no scale “moods”"),
    (
        says("practice", "ask.sort('practice', 'Why?\\n\\n- One [C]', groups=['A'])"),
        "practice",
        "not one of the groups",
    ),
    (says("practice", "ask.write('practice', 'Why?', copy='repair')"), "practice", "“repair” names no card"),
    (
        says("practice", "ask.write('practice', 'Why?', copy='repair/gone')"),
        "practice",
        "“repair/gone” is asked for in",
    ),
    (
        says("practice", "ask.recall('practice', 'Why?\\n-> {repair/gone}')"),
        "practice",
        "“repair/gone” is asked for in",
    ),
    (says("practice", "ask.write('practice', 'Why?', copy='repair/practice/2')"), "practice", "“repair/practice/2” is"),
]


def matches(
    best: dict[str, str], *, groups: str = "WC", feedback: dict[str, Any] | None = None
) -> Callable[[Cells, dict[str, Any]], None]:
    """Return a change: the first question is a matching with this key."""
    card = "Which?\n\n- Papers. {papers}\n- Asks. {asks}"
    lines = feedback or {"papers": "They plan.", "asks": "They say."}
    marking = f"mark.matching('q1', {best}, groups={groups!r}, feedback={lines})"

    def change(cells: Cells, _: dict[str, Any]) -> None:
        cells["q1"]["source"] = f"ask.sort('q1', {card!r}, groups={{'W': 'Work', 'C': 'Care'}})"
        hidden = f"### BEGIN HIDDEN TESTS\n{marking}\n### END HIDDEN TESTS"
        cells["q1-mark"]["source"] = f"mark.answered('q1')\n{hidden}"

    return change


def longest(*questions: str) -> Callable[[Cells, dict[str, Any]], None]:
    """Return a change: the right option is the longest in these questions."""

    def change(cells: Cells, whole: dict[str, Any]) -> None:
        for question in questions:
            swaps(question, "A. Words", "A. Words.")(cells, whole)

    return change


EXERCISE = [
    (grades("q1-mark", points=3), "", "the course gives 7 marks, not 8"),
    (grades("reflection-marks", points=10), "", "the trainer gives 10 marks, not 12"),
    (grades("q1-mark", points=None), "q1-mark", "marked and has no points"),
    (grades("q1-mark", points=3), "q1-mark", "gives up to 4 marks, and the cell has 3 points"),
    (swaps("q1-mark", "marks=4", "marks=5"), "q1-mark", "gives up to 5 marks, and the cell has 4 points"),
    (grades("q1", locked=False), "q1", "not locked"),
    (grades("q1-mark", locked=False), "q1-mark", "not locked"),
    (grades("q1", solution=True), "q1", "a cell for a solution"),
    (grades("q1-mark", grade_id="q2"), "q1-mark", "nbgrader calls it “q2”"),
    (grades("q1-mark", grade_id="q2"), "q2", "“q2” is used 2 times"),
    (swaps("q1-mark", "### END HIDDEN TESTS", ""), "q1-mark", "its key is not hidden"),
    (swaps("q1-mark", "### BEGIN HIDDEN TESTS", "### BEGIN HIDDEN TEST"), "q1-mark", "its key is not hidden"),
    (adds("q1-mark", 'mark.choice("q1", "A", of="AB", marks=4, right="", wrong="")'), "q1-mark", "outside the hidden"),
    (says("q1-mark", 'mark.answered("q1")\n### BEGIN HIDDEN TESTS\n### END HIDDEN TESTS'), "q1-mark", "marks nothing"),
    (adds("q1", 'mark.choice("q1", "A", of="AB", marks=4, right="", wrong="")'), "q1", "no cell that is marked"),
    (swaps("q1-mark", 'mark.answered("q1")', ""), "q1-mark", "Validate cannot tell"),
    (swaps("q1-mark", 'mark.answered("q1")', 'mark.answered("q2")'), "q1-mark", "Validate cannot tell"),
    (swaps("q1-mark", '"q1"', '"q9"'), "q1-mark", "marks “q9”, which is not asked"),
    (swaps("reflection-marks", "=== END MARK SCHEME ===", ""), "reflection-marks", "no marking guide"),
    (swaps("q1", "A. Words", "A. Many more words"), "q1-mark", "3.00 times as many"),
    (longest("q1", "q2"), "q2-mark", "its right option is the longest, as in 2 of 3 questions"),
    (swaps("q1", "A. Words {todo-a}", "A. Words"), "q1", "option A has no key"),
    (swaps("q1", "A. Words {todo-a}", "A. Words [x] {todo-a}"), "q1", "tells learners what is right"),
    (swaps("q1", "A. Words {todo-a}", "A. Words {todo-a} -> Yes."), "q1", "tells learners what is right"),
    (says("q1", "ask.choose('q1', 'Why?\\n\\nA. One\\nB. Two\\nC. Three')"), "q1-mark", "options without keys"),
    (swaps("q1-mark", '    "todo-a",', '    "todo-d",'), "q1-mark", "its key “todo-d” is no option"),
    (
        swaps("q1-mark", '"todo-c": "Words: what this option misses.",', ""),
        "q1-mark",
        "“todo-c” has no line of feedback",
    ),
    (
        swaps("q1-mark", '"todo-c": "Words: what this option misses."', '"todo-c": " "'),
        "q1-mark",
        "no line of feedback",
    ),
    (swaps("q1-mark", '"todo-c":', '"todo-d": "More.", "todo-c":'), "q1-mark", "not those of the options"),
    (swaps("q1-mark", '"todo-b":', '"todo-c": "Before.", "todo-b":'), "q1-mark", "not those of the options"),
    (says("setup", 'from course import exercise\n\nask, mark = exercise("repair")'), "", "says that it is version 1"),
    (matches({"papers": "W", "asks": "Z"}), "q1-mark", "“Z” is not one of the groups"),
    (matches({"papers": "W", "talks": "C"}), "q1-mark", "its key “talks” is no option"),
    (matches({"papers": "W", "asks": "C"}, groups="WX"), "q1-mark", "does not name the groups"),
    (matches({"papers": "W", "asks": "C"}, feedback={"papers": {"X": "No."}, "asks": "Yes."}), "q1-mark", "“X” is no"),
]


@pytest.mark.parametrize("change, cell, words", LESSON, ids=[words for _, _, words in LESSON])
def test_a_lesson_that_breaks_a_rule_is_found(desk: Desk, change: Any, cell: str, words: str) -> None:
    problems = desk.problems(desk.lesson, change)
    assert any(words in problem.message and problem.cell == cell and problem.remedy for problem in problems), problems


@pytest.mark.parametrize("change, cell, words", EXERCISE, ids=[words for _, _, words in EXERCISE])
def test_an_exercise_that_breaks_a_rule_is_found(desk: Desk, change: Any, cell: str, words: str) -> None:
    problems = desk.problems(desk.exercise, change)
    assert any(words in problem.message and problem.cell == cell and problem.remedy for problem in problems), problems


NEAR_MISSES = [
    says("practice", "ask.form('practice', 'Why?\\n\\n- I ___.\\n- You ___.', copy='repair/practice/2')"),
    says("practice", "ask.recall('practice', 'Why?\\n-> {04-repair/practice} and {repair/practice/1}')"),
    says("practice", "\n".join(f"ask.write('{n}', 'Why?')" for n in range(10))),
    says("practice", 'ask.write("practice", """\n' + "Why?\n\n" * 20 + '""")'),
    says("practice", "# " + "\n# ".join("a comment" for _ in range(20)) + "\nask.write('practice', 'Why?')"),
    sets("practice", tags=["try-it", "discuss"]),
    sets("setup", jupyter={"source_hidden": True}),
    says("the-story", "### One\n\n#### Two\n\n## Three"),
    adds("the-idea", "`[a](nowhere.md)` and\n\n```\n# no heading\n![](none.png)\n```"),
    adds("the-idea", "[a](https://example.org/nowhere) [b](mailto:a@example.org) [^1]\n\n[^1]: nowhere.md"),
    adds("the-idea", "[a](#The-idea) [b](#cell-id=practice) [c](start.ipynb#cell-id=lessons)"),
    adds("the-idea", f"[a](../exercises/{SLUG}/{SLUG}.ipynb#cell-id=q1)"),
]


@pytest.mark.parametrize("change", NEAR_MISSES)
def test_what_comes_near_to_breaking_a_rule_passes(desk: Desk, change: Any) -> None:
    assert desk.problems(desk.lesson, change) == []


def test_a_good_exercise_passes(desk: Desk) -> None:
    assert desk.problems(desk.exercise) == []


def test_answers_beside_an_exercise_are_found(desk: Desk) -> None:
    desk.exercise.with_name("answers.json").write_text("{}", encoding="utf-8")
    assert [problem.message for problem in desk.problems(desk.exercise)] == ["answers.json lies beside it."]


def test_an_exercise_is_named_after_its_lesson(desk: Desk) -> None:
    other = desk.exercise.rename(desk.exercise.with_name("repairs.ipynb"))
    assert "not both named" in desk.problems(other)[0].message


def test_a_problem_names_file_and_cell_and_remedy(desk: Desk) -> None:
    desk.problems(desk.lesson, says("practice", "from course import *"))
    looked_at, problems = review([desk.lesson], desk.root)
    assert looked_at == [desk.lesson]
    assert [str(problem) for problem in problems] == [
        f"notebooks/{SLUG}.ipynb, cell practice: it imports everything from course.\n"
        "    Import by name what is used, and no more."
    ]


def test_nothing_is_run(desk: Desk) -> None:
    says_file = desk.root / "ran"
    desk.problems(desk.lesson, says("practice", f"ask.write('a', open({str(says_file)!r}, 'w').name)"))
    assert not says_file.exists()


@every(
    "code, lines",
    [
        ("", 0),
        ("# only words", 0),
        ("a = 1\n\nb = 2", 2),
        ('a = """\nx\ny\n"""', 2),
        ("f(\n    1,\n)", 3),
        ('"""\nx\n""" ', 2),
    ],
)
def test_words_and_comments_are_no_code(code: str, lines: int) -> None:
    assert count_code_lines({"source": code}) == lines
