"""Every exercise there and back through nbgrader's exchange: with its key, with a near miss, and empty."""

from __future__ import annotations

import html
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from course.core.notebooks import read_notebook
from course.trainer.course_directory import Coursework
from course.trainer.marking.command import grade
from tests.paths import ROOT
from tests.trainer.course_directories import forget_marks, rows

pytestmark = pytest.mark.nbgrader

SLUGS = sorted(path.name for path in (ROOT / "source").iterdir())
TRIES = json.loads(Path(__file__).with_name("near_misses.json").read_text(encoding="utf-8"))
"""By exercise and question: what can be handed in and the marks it gets, the key first."""


def near_miss(tries: list[list[Any]]) -> list[Any]:
    """Return the try that gets the most marks short of all of them."""
    return max((attempt for attempt in tries if attempt[1] < tries[0][1]), key=lambda attempt: attempt[1])


HAND_INS: dict[str, Callable[[list[list[Any]]], list[Any]]] = {"keyed": lambda tries: tries[0], "near": near_miss}


def answers(slug: str, person: str) -> str:
    """Return the file of answers that a person hands in."""
    given = {key: HAND_INS[person](tries)[0] for key, tries in TRIES[slug].items()}
    return json.dumps({"format": 2, "exercise": slug, "version": 2, "answers": given})


@pytest.fixture(scope="module")
def marked(checkouts: Callable[[], Any]) -> Any:
    """A checkout in which three people handed in every exercise."""
    checkout = checkouts()
    (checkout.root / "exchange").mkdir()
    lines = [
        (checkout.root, f"{step} {slug}")
        for slug in SLUGS
        for step in ("generate_assignment --force", "release_assignment")
    ]
    for slug in SLUGS:
        for person in ("empty", *HAND_INS):
            lines.append(hand_in(checkout, person, slug, None if person == "empty" else answers(slug, person)))
    steps = ("collect", "autograde", "generate_feedback", "release_feedback")
    lines += [(checkout.root, f"{step} {slug}") for slug in SLUGS for step in steps]
    checkout.nbgrader(lines)
    return checkout


def hand_in(checkout: Any, person: str, slug: str, text: str | None) -> tuple[Path, str]:
    """Lay out what one of several people hands in, and return the folder and the command that does it."""
    folder = checkout.home / person / slug
    shutil.copytree(checkout.root / "exercises" / slug, folder)
    if text is not None:
        (folder / "answers.json").write_text(text, encoding="utf-8")
    exchange = f"--Exchange.root={checkout.root / 'exchange'} --course=building-trust"
    return folder.parent, f"submit {slug} --student={person} {exchange}"


def marks(checkout: Any, person: str, slug: str) -> dict[str, float]:
    """Return the marks of each cell that the course marks, None where a trainer does."""
    with checkout.gradebook() as gradebook:
        notebook = gradebook.find_submission_notebook(slug, slug, person)
        return {grade.name.removesuffix("-mark"): grade.auto_score for grade in notebook.grades}


def lines(checkout: Any, person: str, slug: str) -> dict[str, str]:
    """Return the feedback line of each question, and make sure that there is one only and no error."""
    notebook = read_notebook(checkout.root / "autograded" / person / slug / f"{slug}.ipynb")
    found = {}
    for cell in notebook["cells"]:
        outputs = cell.get("outputs", [])
        assert {output["output_type"] for output in outputs} <= {"display_data", "execute_result"}, outputs
        shown = [output for output in outputs if output["output_type"] == "display_data"]
        if cell["id"].endswith("-mark"):
            assert len(shown) == 1
            found[cell["id"].removesuffix("-mark")] = "".join(shown[0]["data"]["text/plain"])
    return found


@pytest.mark.parametrize("slug", SLUGS)
def test_an_empty_hand_in_gets_no_marks_and_a_reason_for_each_question(slug: str, marked: Any) -> None:
    assert {mark for mark in marks(marked, "empty", slug).values() if mark is not None} == {0}
    for line in lines(marked, "empty", slug).values():
        assert line.endswith("There was no answer, so there are no marks.")


@pytest.mark.parametrize("slug", SLUGS)
def test_the_key_gets_eight_marks_and_the_right_line_for_each_question(slug: str, marked: Any) -> None:
    given = marks(marked, "keyed", slug)
    assert sum(mark for mark in given.values() if mark is not None) == 8
    assert given["reflection-marks"] is None, "the trainer's marks are not given by nbgrader"
    assert all("Right" in line for line in lines(marked, "keyed", slug).values())


@pytest.mark.parametrize("slug", SLUGS)
def test_a_near_miss_gets_less_for_each_question(slug: str, marked: Any) -> None:
    given = marks(marked, "near", slug)
    for key, tries in TRIES[slug].items():
        assert given[key] == near_miss(tries)[1] < tries[0][1]


@pytest.mark.parametrize("slug", SLUGS)
def test_the_feedback_that_is_given_back_has_the_line_of_each_question(slug: str, marked: Any) -> None:
    page = (marked.root / "feedback" / "near" / slug / f"{slug}.html").read_text(encoding="utf-8")
    words = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())
    for line in lines(marked, "near", slug).values():
        score, why = re.split(r"(?<= mark)\. |(?<= marks)\. ", " ".join(line.split()), maxsplit=1)
        assert score.partition(": ")[2] in words
        assert why in words
    given_back = list((marked.root / "exchange" / "building-trust" / "feedback").rglob("*.html"))
    assert page in [path.read_text(encoding="utf-8") for path in given_back]


def test_this_process_a_kernel_and_nbgraders_own_command_give_the_same_marks(marked: Any, tmp_path: Path) -> None:
    root = tmp_path / "course"
    shutil.copytree(marked.root, root, ignore=shutil.ignore_patterns("__pycache__", "exchange", "damaged"))
    course = Coursework(root)
    by_nbgrader = rows(root)
    given = [float(auto) for _, _, name, auto, _, _ in by_nbgrader["grades"] if name.endswith("-mark")]
    assert 0 in given
    assert max(given) > 1
    forget_marks(root)
    assert grade(course, SLUGS, jobs=1).refused == []
    assert rows(root) == by_nbgrader

    # In a kernel every exercise with its near misses, and one with its keys and one empty too: starting one takes long.
    others = {(person, slug) for person in ("keyed", "empty") for slug in SLUGS[1:]}
    for person, slug in others:
        shutil.rmtree(root / "submitted" / person / slug)
    forget_marks(root)
    assert grade(course, SLUGS, jobs=2, kernel=True).refused == []
    left = {kind: [row for row in whole if tuple(row[:2]) not in others] for kind, whole in by_nbgrader.items()}
    assert rows(root) == left
    assert len(left["submissions"]) == len(SLUGS) + 2


def test_damaged_answers_are_refused_by_name_and_get_no_marks(marked: Any) -> None:
    slug = SLUGS[0]
    folder = marked.root / "submitted" / "damaged" / slug
    shutil.copytree(marked.root / "exercises" / slug, folder)
    (folder / "answers.json").write_text('{"format": 1, "exercise": ', encoding="utf-8")
    said = marked.run(f"nbgrader autograde {slug} --student=damaged", fails=True)
    assert "The file answers.json is damaged and cannot be used." in said
    assert not (marked.root / "autograded" / "damaged" / slug).exists()
