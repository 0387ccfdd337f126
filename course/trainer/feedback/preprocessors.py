"""How nbgrader's own command makes the course's feedback pages: two of nbconvert's preprocessors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbgrader.preprocessors import GetGrades
from traitlets import Bool

from course.trainer.feedback.marks import CellMarks, FeedbackOptions, SubmissionMarks
from course.trainer.feedback.page import feedback_html, make_page
from course.trainer.feedback.writer import submission_stamp


class GradesPreprocessor(GetGrades):
    """Puts marks and comments into the cells as nbgrader does, and says which of them a person has yet to give."""

    def _get_score(self, cell: NotebookNode, resources: Any) -> None:
        super()._get_score(cell, resources)
        name = cell.metadata.nbgrader["grade_id"]
        grade = self.gradebook.find_grade(name, self.notebook_id, self.assignment_id, self.student_id)
        cell.metadata.nbgrader["waiting"] = bool(grade.needs_manual_grade and grade.manual_score is None)


class FeedbackPreprocessor(Preprocessor):
    """Makes the page that the template `feedback` writes, from the same reading as the formgrader's."""

    enabled = Bool(True, help="Whether there is such a page.").tag(config=True)
    code = Bool(False, help="Whether the code of each question is shown.").tag(config=True)

    def preprocess(self, notebook: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Return the notebook as it is, and the page as HTML in `resources`."""
        exercise, about = resources["course"], resources["nbgrader"]
        stamp = submission_stamp(Path(resources.get("metadata", {}).get("path") or "."))
        options = FeedbackOptions(marks=exercise.marks, code=self.code, zone=exercise.zone)
        marks = _marks_in(notebook.cells, about)
        page = make_page(about["assignment"], exercise.page, notebook.cells, marks, options, stamp)
        resources["feedback"] = feedback_html(page)
        return notebook, resources


def _marks_in(cells: Sequence[NotebookNode], about: Mapping[str, Any]) -> SubmissionMarks:
    """Return the marks and comments that `GradesPreprocessor` put into the cells."""
    marked = [grade for cell in cells if "score" in (grade := cell.metadata.get("nbgrader", {}))]
    by_cell = {
        grade["grade_id"]: CellMarks(grade["score"], grade["points"], grade["waiting"], grade.get("comment") or "")
        for grade in marked
    }
    return SubmissionMarks(by_cell, about["score"], about["max_score"], about["late_penalty"])
