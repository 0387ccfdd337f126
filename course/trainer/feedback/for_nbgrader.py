"""Make nbgrader's own feedback give the course's page: two preprocessors, which its configuration names."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from nbconvert.preprocessors import Preprocessor
from nbgrader.preprocessors import GetGrades
from traitlets import Bool

from course.core import storage
from course.trainer.feedback.page import Mark, Marks, Wanted, make_page

_LONGEST_TIME: Final = 100


class Grades(GetGrades):
    """Puts marks and comments into the cells as nbgrader does, and says which of them a person has yet to give."""

    def _get_score(self, cell: Any, resources: Any) -> None:
        super()._get_score(cell, resources)
        name = cell.metadata.nbgrader["grade_id"]
        grade = self.gradebook.find_grade(name, self.notebook_id, self.assignment_id, self.student_id)
        cell.metadata.nbgrader["waiting"] = bool(grade.needs_manual_grade and grade.manual_score is None)


class FeedbackPage(Preprocessor):
    """Makes the page that the template `feedback` writes, from the same reading as the formgrader's."""

    enabled = Bool(True, help="Whether there is such a page.").tag(config=True)
    code = Bool(False, help="Whether the code of each question is shown.").tag(config=True)

    def preprocess(self, notebook: Any, resources: Any) -> tuple[Any, Any]:
        """Return the notebook as it is, and the page in `resources`."""
        read, slug = resources["course"], resources["nbgrader"]["assignment"]
        time = read_time(Path(resources.get("metadata", {}).get("path") or "."))
        wanted = Wanted(marks=read["marks"], code=self.code)
        given = _given(notebook.cells, resources["nbgrader"])
        resources["feedback"] = make_page(slug, read["page"], notebook.cells, given, wanted, time)
        return notebook, resources


def read_time(folder: Path) -> str:
    """Return when the exercise in a folder was handed in, as nbgrader wrote it, or an empty text."""
    try:
        return storage.read_whole(folder / "timestamp.txt", largest=_LONGEST_TIME).decode().strip()
    except (OSError, ValueError):
        return ""


def _given(cells: Any, whole: Any) -> Marks:
    """Return the marks and comments that `Grades` put into the cells."""
    marked = [about for cell in cells if "score" in (about := cell.metadata.get("nbgrader", {}))]
    marks = {
        about["grade_id"]: Mark(about["score"], about["points"], about["waiting"], about.get("comment") or "")
        for about in marked
    }
    return Marks(marks, whole["score"], whole["max_score"], whole["late_penalty"])
