"""What learners get is what `source/` gives, without a key in it; and marking it again gives the right marks."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from course.notebooks import read_notebook, source

ROOT = Path(__file__).parent.parent
SLUGS = sorted(path.name for path in (ROOT / "source").iterdir())
KEYS = {
    slug: {key: tries[0][0] for key, tries in questions.items()}
    for slug, questions in json.loads(Path(__file__).with_name("near_misses.json").read_text(encoding="utf-8")).items()
}


def cells(folder: str, slug: str) -> dict[str, dict[str, Any]]:
    notebook = read_notebook(ROOT / folder / slug / f"{slug}.ipynb")
    return {cell["id"]: cell for cell in notebook["cells"]}


def answers(slug: str, given: dict[str, Any]) -> str:
    return json.dumps({"format": 1, "exercise": slug, "answers": given})


@pytest.fixture(scope="module")
def released(checkouts: Callable[[], Any]) -> Any:
    """A checkout in which every exercise was released again from an empty folder, with an empty gradebook."""
    checkout = checkouts()
    shutil.rmtree(checkout.root / "exercises")
    for slug in SLUGS:
        checkout.run(f"nbgrader generate_assignment {slug}")
    return checkout


@pytest.fixture(scope="module")
def marked(released: Any) -> Any:
    """The same checkout, after people handed in each exercise empty and with its key, and the first one damaged."""
    for slug in SLUGS:
        hand_in(released, "empty", slug, None)
        hand_in(released, "keyed", slug, answers(slug, KEYS[slug]))
        if slug == SLUGS[0]:
            hand_in(released, "damaged", slug, '{"format": 1, "exercise": ')
        released.run(f"nbgrader autograde {slug}")
    return released


def hand_in(checkout: Any, person: str, slug: str, text: str | None) -> None:
    """Put an exercise, and what is in its file of answers, where nbgrader's collect puts it."""
    folder = checkout.root / "submitted" / person / slug
    shutil.copytree(checkout.root / "exercises" / slug, folder)
    if text is not None:
        (folder / "answers.json").write_text(text, encoding="utf-8")


def marks(checkout: Any, person: str, slug: str) -> dict[str, float]:
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


@pytest.mark.nbgrader
@pytest.mark.parametrize("slug", SLUGS)
def test_exercises_are_what_source_gives_byte_for_byte(slug: str, released: Any) -> None:
    again = released.root / "exercises" / slug
    committed = ROOT / "exercises" / slug
    assert sorted(path.name for path in again.iterdir()) == sorted(path.name for path in committed.iterdir())
    for path in committed.iterdir():
        assert (again / path.name).read_bytes() == path.read_bytes(), "run: make release"


@pytest.mark.parametrize("slug", SLUGS)
def test_release_keeps_the_names_of_cells(slug: str) -> None:
    assert list(cells("source", slug)) == list(cells("exercises", slug))


@pytest.mark.parametrize("slug", SLUGS)
def test_the_name_of_a_graded_cell_is_the_same_for_nbgrader(slug: str) -> None:
    for id, cell in cells("source", slug).items():
        assert cell["metadata"]["nbgrader"]["grade_id"] == id


@pytest.mark.parametrize("slug", SLUGS)
def test_learners_get_neither_keys_nor_mark_schemes(slug: str) -> None:
    assert sorted(path.name for path in (ROOT / "exercises" / slug).iterdir()) == [f"{slug}.ipynb"]
    given = cells("exercises", slug)
    for id, cell in given.items():
        if id.endswith("-mark"):
            assert source(cell) == f'mark.answered("{id.removesuffix("-mark")}")'
    whole = "\n".join(source(cell) for cell in given.values())
    assert not re.search(r"mark\.(choice|ticks|matching|number)|wrong =|Questioning|BEGIN|END ", whole)


@pytest.mark.parametrize("slug", SLUGS)
def test_source_holds_no_answers_that_would_overwrite_a_learners(slug: str) -> None:
    assert sorted(path.name for path in (ROOT / "source" / slug).iterdir()) == [f"{slug}.ipynb"]


@pytest.mark.parametrize("slug", SLUGS)
def test_the_course_marks_eight_and_the_trainer_twelve(slug: str) -> None:
    graded = [cell["metadata"]["nbgrader"] for cell in cells("source", slug).values()]
    assert sum(about["points"] for about in graded if about["grade"]) == 8
    assert sum(about["points"] for about in graded if about["task"]) == 12


@pytest.mark.parametrize("slug", SLUGS)
def test_the_reflection_comes_after_the_words_on_who_reads_it(slug: str) -> None:
    ids = list(cells("source", slug))
    assert ids.index("reflection") == ids.index("reflection-privacy") + 1
    words = " ".join(source(cells("source", slug)["reflection-privacy"]).replace(">", "").split())
    assert words.endswith(
        "Your trainer will read this. Use roles, not names. Leave out anything private. "
        "You may change details. You are marked on your thinking, not on how well things went."
    )


@pytest.mark.nbgrader
@pytest.mark.parametrize("slug", SLUGS)
def test_an_empty_hand_in_gets_no_marks_and_a_reason_for_each_question(slug: str, marked: Any) -> None:
    assert {mark for mark in marks(marked, "empty", slug).values() if mark is not None} == {0}
    for line in lines(marked, "empty", slug).values():
        assert line.endswith("There was no answer, so there are no marks.")


@pytest.mark.nbgrader
@pytest.mark.parametrize("slug", SLUGS)
def test_the_key_gets_eight_marks_and_the_right_line_for_each_question(slug: str, marked: Any) -> None:
    given = marks(marked, "keyed", slug)
    assert sum(mark for mark in given.values() if mark is not None) == 8
    assert given["reflection-marks"] is None, "the trainer's marks are not given by nbgrader"
    assert all("Right" in line for line in lines(marked, "keyed", slug).values())


@pytest.mark.nbgrader
def test_damaged_answers_get_no_marks_and_a_reason(marked: Any) -> None:
    slug = SLUGS[0]
    assert {mark for mark in marks(marked, "damaged", slug).values() if mark is not None} == {0}
    for line in lines(marked, "damaged", slug).values():
        assert line.endswith("The file answers.json is damaged and cannot be used.")
