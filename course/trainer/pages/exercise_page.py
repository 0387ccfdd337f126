"""What the templates of nbgrader's formgrader and of its feedback show: a marked exercise as people read it.

nbgrader's own pages show every cell with its code. nbconvert's extension point, a preprocessor, hands the course's
page to the templates in their place.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from traitlets import Unicode

from course.content import edition_language, read_texts, trainer_words
from course.content.language import Language
from course.content.rubric import ReflectionSettings
from course.core.errors import BadContent
from course.core.pages.design_tokens import stylesheet
from course.core.pages.html import Markup
from course.records.cohort_file import CohortFile, read_cohort_file
from course.trainer.course_directory import Coursework
from course.trainer.pages.marked_exercise import MarkedExercise, read_exercise
from course.trainer.pages.own_cells import own_cells
from course.trainer.reflections.comments import ANY_LEVEL, CommentBank, comments
from course.trainer.reflections.replies import Reply, find_reply

_STYLE: Final = Path(__file__).parent.parent / "templates" / "formgrade" / "marking.css"


@dataclass(frozen=True)
class MarkingPage:
    """What the template of nbgrader's formgrader shows of one marked exercise."""

    page: MarkedExercise
    marks: bool
    """Whether the course has marks."""
    zone: str
    """The cohort's time zone."""
    reply: Reply | None
    """What the learner wrote back about their feedback, for the trainer."""
    comments: CommentBank
    mistakes: Sequence[BadContent]
    """What is wrong in the trainer's own settings."""
    language: Language
    """That of the page's own words."""
    edition: Language
    """That of the exercise."""
    style: Markup
    nonce: str
    """Lets this page's own scripts and styles run, and no other."""
    say: Callable[..., str]
    """Returns one of the page's own texts by its key in `trainer.toml`."""
    any_level: int = ANY_LEVEL
    """Under which number `comments` has those for any level."""


class ExercisePage(Preprocessor):
    """Gives a page's template `resources["course"]`. The trainer's settings are read again for each page."""

    root = Unicode(".", help="The course directory.").tag(config=True)

    def preprocess(self, notebook: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Return the notebook as it is, and what its page shows."""
        about = resources.get("nbgrader", resources)
        slug = about.get("assignment") or about.get("assignment_id") or ""
        cohort, mistakes = self._cohort(is_for_trainer="submission_id" in resources)
        own = cohort.reflection(slug)
        resources["course"] = MarkingPage(
            page=read_exercise(notebook.cells, own_cells(Path(self.root), slug), marks=cohort.marks, levels=own.levels),
            marks=cohort.marks,
            zone=str(cohort.zone),
            reply=self._reply(slug, resources) if "submission_id" in resources else None,
            comments=self._comments(slug, own, mistakes),
            mistakes=mistakes,
            language=read_texts("trainer.toml").language,
            edition=edition_language(),
            style=Markup(stylesheet(_STYLE)),
            nonce=secrets.token_urlsafe(16),
            say=trainer_words,
        )
        return notebook, resources

    def _reply(self, slug: str, resources: dict[str, Any]) -> Reply | None:
        return find_reply(Coursework(Path(self.root)), slug, str(resources.get("student", "")))

    def _cohort(self, *, is_for_trainer: bool) -> tuple[CohortFile, list[BadContent]]:
        """Return the trainer's settings; with a mistake in them, a trainer sees the mistake and a learner no page."""
        try:
            return read_cohort_file(Path(self.root)), []
        except BadContent as mistake:
            if not is_for_trainer:
                raise
            return CohortFile(), [mistake]

    def _comments(self, slug: str, own: ReflectionSettings, mistakes: list[BadContent]) -> CommentBank:
        try:
            return comments(Path(self.root), slug, own)
        except BadContent as mistake:
            mistakes.append(mistake)
            return {}
