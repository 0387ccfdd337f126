"""What learners get is what `source/` gives, without a key in it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from typing import Any

import pytest

from course.core.notebooks import read_notebook, source
from tests.cases import every
from tests.paths import ROOT

SLUGS = sorted(path.name for path in (ROOT / "source").iterdir())


def cells(folder: str, slug: str) -> dict[str, dict[str, Any]]:
    notebook = read_notebook(ROOT / folder / slug / f"{slug}.ipynb")
    return {cell["id"]: cell for cell in notebook["cells"]}


@pytest.fixture(scope="module")
def released(checkouts: Callable[[], Any]) -> Any:
    """A checkout in which every exercise was released again from an empty folder, with an empty gradebook."""
    checkout = checkouts()
    shutil.rmtree(checkout.root / "exercises")
    checkout.nbgrader([(checkout.root, f"generate_assignment {slug}") for slug in SLUGS])
    return checkout


@pytest.mark.nbgrader
@pytest.mark.parametrize("slug", SLUGS)
def test_exercises_are_what_source_gives_byte_for_byte(slug: str, released: Any) -> None:
    again = released.root / "exercises" / slug
    committed = ROOT / "exercises" / slug
    assert sorted(path.name for path in again.iterdir()) == sorted(path.name for path in committed.iterdir())
    for path in committed.iterdir():
        assert (again / path.name).read_bytes() == path.read_bytes(), "run: make release"


@every("slug", SLUGS)
def test_release_keeps_the_names_of_cells(slug: str) -> None:
    assert list(cells("source", slug)) == list(cells("exercises", slug))


@every("slug", SLUGS)
def test_the_name_of_a_graded_cell_is_the_same_for_nbgrader(slug: str) -> None:
    for id, cell in cells("source", slug).items():
        assert cell["metadata"]["nbgrader"]["grade_id"] == id


@every("slug", SLUGS)
def test_learners_get_neither_keys_nor_mark_schemes(slug: str) -> None:
    assert {path.name for path in (ROOT / "exercises" / slug).iterdir()} == {f"{slug}.ipynb", "self-check.json"}
    given = cells("exercises", slug)
    for id, cell in given.items():
        if id.endswith("-mark"):
            assert source(cell) == f'mark.answered("{id.removesuffix("-mark")}")'
    whole = "\n".join(source(cell) for cell in given.values())
    assert not re.search(r"mark\.(choice|ticks|matching|number)|wrong =|Questioning|BEGIN|END ", whole)


@every("slug", SLUGS)
def test_source_holds_no_answers_that_would_overwrite_a_learners(slug: str) -> None:
    assert sorted(path.name for path in (ROOT / "source" / slug).iterdir()) == [f"{slug}.ipynb"]


@every("slug", SLUGS)
def test_the_course_marks_eight_and_the_trainer_twelve(slug: str) -> None:
    graded = [cell["metadata"]["nbgrader"] for cell in cells("source", slug).values()]
    assert sum(about["points"] for about in graded if about["grade"]) == 8
    assert sum(about["points"] for about in graded if about["task"]) == 12


@every("slug", SLUGS)
def test_the_reflection_comes_after_the_words_on_who_reads_it(slug: str) -> None:
    ids = list(cells("source", slug))
    assert ids.index("reflection") == ids.index("reflection-privacy") + 1
    words = " ".join(source(cells("source", slug)["reflection-privacy"]).replace(">", "").split())
    assert words.endswith(
        "Your trainer will read this. Use roles, not names. Leave out anything private. "
        "You may change details. You are marked on your thinking, not on how well things went."
    )
