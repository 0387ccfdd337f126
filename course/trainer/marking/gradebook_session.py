"""The gradebook as one marking run uses it: opened once, and all of one learner's marks written or none."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from nbgrader.preprocessors import AssignLatePenalties, NbGraderPreprocessor, SaveAutoGrades


@contextlib.contextmanager
def one_transaction(gradebook: Any) -> Iterator[None]:
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

    def __init__(self, gradebook: Any, **about: Any) -> None:
        super().__init__(**about)
        self.gradebook = gradebook

    def preprocess(self, notebook: Any, resources: Any) -> tuple[Any, Any]:
        """Save the marks of each cell."""
        about = resources["nbgrader"]
        self.notebook_id, self.assignment_id = about["notebook"], about["assignment"]
        self.student_id = about["student"]
        return NbGraderPreprocessor.preprocess(self, notebook, resources)  # type: ignore[no-any-return]


class LatePenalties(AssignLatePenalties):
    """nbgrader's AssignLatePenalties on a gradebook that is open already."""

    def __init__(self, gradebook: Any, **about: Any) -> None:
        super().__init__(**about)
        self.gradebook = gradebook

    def preprocess(self, notebook: Any, resources: Any) -> tuple[Any, Any]:
        """Save what lateness costs, by the plugin that is set; without one, nothing."""
        about = resources["nbgrader"]
        submission = self.gradebook.find_submission(about["assignment"], about["student"])
        marked = self.gradebook.find_submission_notebook(about["notebook"], about["assignment"], about["student"])
        marked.late_submission_penalty = None
        if submission.total_seconds_late > 0:
            self.init_plugin()
            late = submission.total_seconds_late
            penalty = self.plugin_inst.late_submission_penalty(about["student"], marked.score, late)
            marked.late_submission_penalty = None if penalty is None else self._check_late_penalty(marked, penalty)
        self.gradebook.db.commit()
        return notebook, resources
