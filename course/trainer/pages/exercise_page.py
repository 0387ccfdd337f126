"""What nbgrader's pages show of a marked exercise, given to their templates by nbconvert's own extension point."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any, Final

from nbconvert.preprocessors import Preprocessor
from traitlets import Unicode

from course.content import ENGLISH, edition_language
from course.core.design_tokens import stylesheet
from course.core.errors import BadContent
from course.records.cohort_file import CohortFile, read_cohort_file
from course.trainer.pages.arrange import Page, arrange, own_cells
from course.trainer.pages.comments import Bank, comments

_STYLE: Final = Path(__file__).parent.parent / "templates" / "formgrade" / "marking.css"


class ExercisePage(Preprocessor):
    """Puts `resources["course"]` in reach of a page's template. What a trainer sets is read anew for each page."""

    root = Unicode(".", help="The course directory.").tag(config=True)

    def preprocess(self, notebook: Any, resources: Any) -> tuple[Any, Any]:
        """Return the notebook as it is, and what its page shows."""
        about = resources.get("nbgrader", resources)
        slug = about.get("assignment") or about.get("assignment_id") or ""
        cohort, mistakes = self._cohort(is_for_trainer="submission_id" in resources)
        resources["course"] = {
            "page": self._page(notebook, slug, cohort),
            "marks": cohort.marks,
            "comments": self._comments(slug, mistakes),
            "mistakes": mistakes,
            "english": ENGLISH,
            "language": edition_language(),
            "style": stylesheet(_STYLE),
            "nonce": secrets.token_urlsafe(16),
        }
        return notebook, resources

    def _page(self, notebook: Any, slug: str, cohort: CohortFile) -> Page:
        return arrange(notebook.cells, own_cells(Path(self.root), slug), marks=cohort.marks)

    def _cohort(self, *, is_for_trainer: bool) -> tuple[CohortFile, list[BadContent]]:
        """Return the trainer's settings; with a mistake in them, a trainer sees the mistake and a learner no page."""
        try:
            return read_cohort_file(Path(self.root)), []
        except BadContent as mistake:
            if not is_for_trainer:
                raise
            return CohortFile(), [mistake]

    def _comments(self, slug: str, mistakes: list[BadContent]) -> Bank:
        try:
            return comments(Path(self.root), slug)
        except BadContent as mistake:
            mistakes.append(mistake)
            return {}
