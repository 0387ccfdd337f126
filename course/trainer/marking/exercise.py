"""An exercise as it is marked: the released notebook with the hidden tests that nbgrader keeps in the gradebook."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import nbformat
from nbformat import from_dict
from nbgrader.api import MissingEntry
from nbgrader.preprocessors import NbGraderPreprocessor, OverwriteCells, OverwriteKernelspec
from traitlets.utils.importstring import import_item

from course.content import lessons
from course.core.errors import CannotMark
from course.core.notebooks import ask_keys, exercise_version
from course.trainer.course_directory import Coursework, released_notebook
from course.trainer.gradebook_reader import GradebookReader
from course.trainer.marking.rebuild import Rebuild, read_released
from course.trainer.marking.unchanged import remember_version

if TYPE_CHECKING:
    from nbconvert.exporters.exporter import ResourcesDict
    from nbformat import NotebookNode
    from nbgrader.api import Gradebook
    from nbgrader.converters import Autograde


@dataclass(frozen=True)
class ReleasedExercise:
    """What every submission of an exercise is rebuilt from and looked at by."""

    released: NotebookNode
    """As learners got it."""
    notebook: NotebookNode
    """With its hidden tests, where the gradebook has today's version."""
    keys: Sequence[str]
    """The keys of its questions, in their order."""
    version: str
    """A digest of `notebook`."""


def version_of_keys(coursework: Coursework, slug: str, gradebook: Gradebook) -> int:
    """Return the version of the exercise whose keys the gradebook has, by its first cell there.

    Raises CannotMark for an exercise that was not released.
    """
    try:
        gradebook.find_notebook(slug, slug)
        if not released_notebook(coursework.layout, slug).is_file():
            raise MissingEntry
    except MissingEntry:
        hint = f"Release it first: course release {slug}"
        raise CannotMark(f"The exercise {slug} was not released from this folder.", hint) from None
    try:
        return exercise_version([gradebook.find_source_cell("setup", slug, slug).source])
    except MissingEntry:
        return 1


def read_exercise(
    coursework: Coursework, slug: str, gradebook: Gradebook, converter: Autograde, keys_version: int
) -> ReleasedExercise:
    """Return an exercise that was released, and remember its version for the next run, which may have nothing to mark.

    `keys_version` is what `version_of_keys` returned. Raises CannotMark where the released file is damaged.
    """
    released = read_released(released_notebook(coursework.layout, slug), slug)
    is_todays = keys_version == lessons.exercise_version(slug)
    notebook = _with_hidden_tests(released, coursework, slug, gradebook, converter) if is_todays else released
    version = hashlib.sha256(nbformat.writes(notebook).encode()).hexdigest()
    if is_todays:
        remember_version(coursework, slug, version, GradebookReader.of(gradebook))
    gradebook.db.remove()  # nothing stays open in the database while submissions are run
    return ReleasedExercise(released, notebook, ask_keys(released), version)


def steps_of(converter: Autograde, part: str) -> list[type[NbGraderPreprocessor]]:
    """Return nbgrader's preprocessors as they are set, which may be by name; `part` is `sanitize` or `autograde`."""
    steps = getattr(converter, f"{part}_preprocessors")
    return [import_item(step) if isinstance(step, str) else step for step in steps]


def nbgraders_resources(coursework: Coursework, slug: str, learner: str, folder: Path) -> dict[str, dict[str, str]]:
    """Return what nbgrader's preprocessors get to know of a submission in a folder."""
    assigned = {"student": learner, "assignment": slug, "notebook": slug}
    db_url = str(coursework.coursedir.db_url)
    return {"nbgrader": {**assigned, "db_url": db_url}, "metadata": {"path": str(folder)}}


class _CellsOfGradebook(OverwriteCells):
    """nbgrader's OverwriteCells on a `gradebook` that it is given: opening one takes longer than reading it."""

    def preprocess(self, notebook: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Return the notebook with its cells as the gradebook has them."""
        assigned = resources["nbgrader"]
        self.notebook_id, self.assignment_id = assigned["notebook"], assigned["assignment"]
        notebook, resources = NbGraderPreprocessor.preprocess(self, notebook, resources)
        if self.add_missing_cells:
            notebook, resources = self.add_missing_grade_cells(notebook, resources)
            notebook, resources = self.add_missing_task_cells(notebook, resources)
        return notebook, resources


class _KernelOfGradebook(OverwriteKernelspec):
    """nbgrader's OverwriteKernelspec on a `gradebook` that it is given."""

    def preprocess(self, notebook: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Return the notebook with the kernel that the gradebook names."""
        assigned = resources["nbgrader"]
        kernel = self.gradebook.find_notebook(assigned["notebook"], assigned["assignment"]).kernelspec
        if kernel and (named := json.loads(kernel)):
            notebook.metadata["kernelspec"] = named
        return notebook, resources


_GRADEBOOK_STEPS: Final[Mapping[type[NbGraderPreprocessor], type[NbGraderPreprocessor]]] = {
    OverwriteCells: _CellsOfGradebook,
    OverwriteKernelspec: _KernelOfGradebook,
}
"""nbgrader's steps that open a gradebook of their own, and the course's in their place."""


def _with_hidden_tests(
    released: NotebookNode, coursework: Coursework, slug: str, gradebook: Gradebook, converter: Autograde
) -> NotebookNode:
    """Return the released notebook as nbgrader's own steps mend a submission of it."""
    notebook, resources = from_dict(released), nbgraders_resources(coursework, slug, "", Path())
    for step in steps_of(converter, "sanitize"):
        if step is not Rebuild:
            doing = _GRADEBOOK_STEPS.get(step, step)(parent=converter)
            if step in _GRADEBOOK_STEPS:
                doing.gradebook = gradebook
            notebook, resources = doing(notebook, resources)
    return notebook
