"""The gradebook as one marking run uses it: opened once, and all of one learner's marks written or none."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from nbgrader.preprocessors import AssignLatePenalties, NbGraderPreprocessor, SaveAutoGrades

if TYPE_CHECKING:
    from nbconvert.exporters.exporter import ResourcesDict
    from nbformat import NotebookNode
    from nbgrader.api import Gradebook


@contextlib.contextmanager
def one_transaction(gradebook: Gradebook) -> Iterator[None]:
    """Write all that is done to a gradebook in this block at its end, or nothing of it.

    nbgrader commits after each mark. Its session joins a transaction of ours, which has the last word
    (SQLAlchemy 2.0, "Joining a Session into an External Transaction").
    """
    with gradebook.engine.begin() as connection:
        gradebook.db.remove()
        gradebook.db.configure(bind=connection, join_transaction_mode="rollback_only")
        try:
            yield
        finally:
            gradebook.db.remove()
            gradebook.db.configure(bind=gradebook.engine)


class SaveMarks(SaveAutoGrades):
    """nbgrader's SaveAutoGrades on a gradebook that is open already: opening one takes longer than marking."""

    def __init__(self, gradebook: Gradebook, **settings: object) -> None:
        super().__init__(**settings)
        self.gradebook = gradebook

    def preprocess(self, notebook: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Save the marks of each cell."""
        assigned = resources["nbgrader"]
        self.notebook_id, self.assignment_id = assigned["notebook"], assigned["assignment"]
        self.student_id = assigned["student"]
        return NbGraderPreprocessor.preprocess(self, notebook, resources)  # type: ignore[no-any-return]


class LatePenalties(AssignLatePenalties):
    """nbgrader's AssignLatePenalties on a gradebook that is open already."""

    def __init__(self, gradebook: Gradebook, **settings: object) -> None:
        super().__init__(**settings)
        self.gradebook = gradebook

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
