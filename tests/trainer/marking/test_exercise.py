"""An exercise as it is marked: what nbgrader's own steps make of the released notebook, from one open gradebook."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.preprocessors import CheckCellMetadata, OverwriteCells, OverwriteKernelspec

from course.core.settings import COURSE_ID
from course.trainer.course_directory import Coursework, released_notebook
from course.trainer.marking import exercise, marker
from course.trainer.marking.marker import Marker
from tests.conftest import Checkout
from tests.trainer.course_directories import SLUG, marks, release, write_submissions

pytestmark = pytest.mark.nbgrader
LEARNERS = ("synthetic-0001", "synthetic-0002")


@pytest.fixture(scope="module")
def released(checkouts: Callable[[], Checkout]) -> Checkout:
    checkout = checkouts()
    release(checkout, SLUG)
    write_submissions(checkout.root, SLUG, len(LEARNERS))
    return checkout


def cell(notebook: Any, name: str) -> Any:
    return next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == name)


def other_kernel(notebook: Any) -> None:
    notebook.metadata.kernelspec = {"name": "other", "display_name": "Other", "language": "python"}


def other_points(notebook: Any) -> None:
    cell(notebook, "q1-mark").metadata.nbgrader.points = 99


def other_text(notebook: Any) -> None:
    cell(notebook, "q1-mark").source = "'everything is right'"


def other_type(notebook: Any) -> None:
    changed = cell(notebook, "q2-mark")
    changed.cell_type = "markdown"
    del changed["outputs"], changed["execution_count"]


def as_it_is(_: Any) -> None:
    pass


@pytest.mark.parametrize("spoil", [as_it_is, other_kernel, other_points, other_text, other_type])
def test_it_is_what_nbgraders_own_steps_make_of_the_released_notebook(
    released: Checkout, spoil: Callable[[Any], None]
) -> None:
    coursework = Coursework(released.root)
    place = released_notebook(coursework.layout, SLUG)
    kept = place.read_bytes()
    try:
        notebook: Any = nbformat.read(place, as_version=4)
        spoil(notebook)
        nbformat.write(notebook, place)
        converter = Autograde(coursedir=coursework.coursedir, config=coursework.config)
        with coursework.gradebook() as gradebook:
            keys = exercise.version_of_keys(coursework, SLUG, gradebook)
            read = exercise.read_exercise(coursework, SLUG, gradebook, converter, keys)
    finally:
        place.write_bytes(kept)
    expected, resources = nbformat.from_dict(notebook), exercise.nbgraders_resources(coursework, SLUG, "", Path())
    for step in (OverwriteKernelspec, OverwriteCells, CheckCellMetadata):
        expected, resources = step(parent=converter)(expected, resources)
    assert read.notebook == expected
    assert read.released == notebook
    assert cell(read.notebook, "q1-mark").metadata.nbgrader.points == 4
    assert cell(read.notebook, "q1-mark").source != "'everything is right'"


def test_the_gradebook_is_opened_once_for_all(released: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    open_it = Gradebook.__init__

    def note(self: Gradebook, db_url: str, *arguments: Any, **more: Any) -> None:
        opened.append(db_url)
        open_it(self, db_url, *arguments, **more)

    monkeypatch.setattr(Gradebook, "__init__", note)
    marking = Marker(Coursework(released.root), SLUG, again=True)
    for learner in LEARNERS:
        marking.prepare(learner)
    marking.close()
    assert len(opened) == 1


def test_who_saves_what_another_process_made_ready_does_not_read_the_exercise(
    released: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    coursework = Coursework(released.root)
    preparing = Marker(coursework, SLUG, again=True)
    ready: Any = [preparing.prepare(learner) for learner in LEARNERS]
    preparing.close()

    def refuse(*_: Any) -> None:
        raise AssertionError("it was read")

    monkeypatch.setattr(marker, "read_exercise", refuse)
    saving = Marker(coursework, SLUG)
    assert saving.save_together(ready)
    for prepared in ready:
        saving.put_in_place(prepared)
        assert marks(released.root, prepared.learner)["q1-mark"][0] is not None
    with pytest.raises(AssertionError, match="it was read"):
        saving.prepare(LEARNERS[0])
    saving.close()


def test_nothing_stays_open_in_the_gradebook_while_submissions_are_run(released: Checkout) -> None:
    coursework = Coursework(released.root)
    converter = Autograde(coursedir=coursework.coursedir, config=coursework.config)
    with Gradebook(coursework.coursedir.db_url, COURSE_ID) as gradebook:
        keys = exercise.version_of_keys(coursework, SLUG, gradebook)
        exercise.read_exercise(coursework, SLUG, gradebook, converter, keys)
        assert not gradebook.db().in_transaction()
