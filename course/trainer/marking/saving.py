"""Save the marks of one learner in the gradebook, all or none, through nbgrader's own functions.

`batch_saving.py` does the same for many learners at once; what it cannot save is saved here, one by one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from nbformat import NotebookNode
from nbgrader.preprocessors import AssignLatePenalties, NbGraderPreprocessor, SaveAutoGrades

from course.trainer.collecting.roster import RosterEntry, add_unless_there
from course.trainer.course_directory import one_transaction

if TYPE_CHECKING:
    from nbconvert.exporters.exporter import ResourcesDict
    from nbgrader.api import Gradebook


TASK: Final = "-marks"
"""What the names of cells end in that a person marks; the key of the question comes before."""


@dataclass(frozen=True)
class PreparedSubmission:
    """A submission that was run: its notebook is a draft, and its marks are not in the gradebook yet."""

    learner: str
    slug: str
    cells: list[NotebookNode] = field(repr=False)
    """The cells that marks and comments belong to, with what they showed."""
    fields: Mapping[str, datetime | timedelta | None]
    """What the gradebook is to say of it, by nbgrader's names: when it was handed in, and how much more time there is.

    What is not in here stays as the gradebook has it. Times are in UTC as nbgrader keeps them, without a zone.
    """
    left_out: tuple[str, ...]
    changed: tuple[str, ...] | None
    """The questions whose answers differ from an earlier submission that was marked; None where there was none."""
    replied: bool = False
    """Whether the learner wrote back about the feedback."""
    is_first: bool = False
    """Whether nothing is here that was marked before: then nothing says which words an earlier mark was given for."""

    @property
    def notebook(self) -> NotebookNode:
        """Those cells as a notebook, for nbgrader's preprocessors."""
        return NotebookNode(cells=self.cells)

    @property
    def resources(self) -> dict[str, dict[str, str]]:
        """What nbgrader's preprocessors get to know of it."""
        return {"nbgrader": {"student": self.learner, "assignment": self.slug, "notebook": self.slug}}

    def has_to_be_read(self, cell: str, manual_score: float | None) -> bool:
        """Say whether a person reads an answer again, although they may have marked it: it has other words since.

        So may one whose marked notebook was taken away, as when a hand-in was found to be somebody else's.
        """
        is_task = cell.endswith(TASK)
        return is_task and (
            cell.removesuffix(TASK) in (self.changed or ()) or (self.is_first and manual_score is not None)
        )


class SaveMarks(SaveAutoGrades):
    """nbgrader's SaveAutoGrades on a `gradebook` that it is given: opening one takes longer than marking."""

    def preprocess(self, notebook: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Save the marks of each cell."""
        assigned = resources["nbgrader"]
        self.notebook_id, self.assignment_id = assigned["notebook"], assigned["assignment"]
        self.student_id = assigned["student"]
        return NbGraderPreprocessor.preprocess(self, notebook, resources)  # type: ignore[no-any-return]


class LatePenalties(AssignLatePenalties):
    """nbgrader's AssignLatePenalties on a `gradebook` that it is given."""

    def preprocess(self, notebook: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Save what lateness costs, by the plugin that is set; without one, nothing."""
        assigned = resources["nbgrader"]
        slug, learner = assigned["assignment"], assigned["student"]
        submission = self.gradebook.find_submission(slug, learner)
        marked = self.gradebook.find_submission_notebook(assigned["notebook"], slug, learner)
        marked.late_submission_penalty = None
        if submission.total_seconds_late > 0:
            self.init_plugin()
            late = submission.total_seconds_late
            penalty = self.plugin_inst.late_submission_penalty(learner, marked.score, late)
            marked.late_submission_penalty = None if penalty is None else self._check_late_penalty(marked, penalty)
        self.gradebook.db.commit()
        return notebook, resources


SavingStep = SaveMarks | LatePenalties


def save_one(gradebook: Gradebook, prepared: PreparedSubmission, steps: Sequence[SavingStep]) -> None:
    """Write one learner's marks into the gradebook: all of them, or none; new words wait for a person again."""
    slug, learner = prepared.slug, prepared.learner
    with one_transaction(gradebook):
        add_unless_there(gradebook, RosterEntry(learner))
        gradebook.update_or_create_submission(slug, learner, **prepared.fields)
        for step in steps:
            step.gradebook = gradebook
            step(prepared.notebook, prepared.resources)
        for grade in gradebook.find_submission_notebook(slug, slug, learner).grades:
            if prepared.has_to_be_read(grade.name, grade.manual_score):
                grade.needs_manual_grade = True
        gradebook.db.commit()
