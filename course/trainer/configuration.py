"""nbgrader's settings for the trainer's checkout; a learner's working copy has a few of its own.

Whatever has to be imported for a setting is imported when that setting is used: reading all of them is quick.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from traitlets.config.loader import DeferredConfig

from course.core.errors import BadContent
from course.core.settings import COURSE_ID, settings
from course.records.cohort_file import read_cohort_file

TEMPLATES = Path(__file__).parent / "templates"


class WhenUsed(DeferredConfig):
    """A setting whose value is worked out when something is configured by it."""

    def __init__(self, value: Callable[[], object]) -> None:
        self._value = value

    def get_value(self, trait: object) -> object:
        """Return the value."""
        return self._value()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._value.__qualname__})"


def configure(c: Any, root: Path) -> None:
    """Set what release, marking and feedback need, with the course directory at `root`."""
    known = settings()
    c.CourseDirectory.course_id = COURSE_ID
    c.CourseDirectory.root = str(root)
    c.CourseDirectory.release_directory = "exercises"
    if known.gradebook:
        c.CourseDirectory.db_url = known.gradebook
    c.Exchange.root = str(known.exchange or root / "exchange")
    c.Exchange.cache = str(known.data / "handed-in")
    if sys.platform != "win32":  # nbgrader has no exchange there
        c.ExchangeFactory.collect = "course.trainer.collecting.exchange.Collect"
        c.ExchangeFactory.release_assignment = "course.trainer.collecting.exchange.Release"
        c.ExchangeFactory.release_feedback = "course.trainer.collecting.exchange.ReleaseFeedback"
    c.NbGraderAPI.timezone = WhenUsed(lambda: _zone_of_cohort(root))  # by which the formgrader shows times
    _write_self_checks(c)
    _run_no_strangers_code(c)
    _clean_pages(c, root)
    _give_feedback(c)
    _find_alembic()


def _zone_of_cohort(root: Path) -> str:
    """Return the cohort's time zone; a mistake in its settings is said by what needs them."""
    try:
        return str(read_cohort_file(root).zone)
    except BadContent:
        return "UTC"


def _write_self_checks(c: Any) -> None:
    """Have the file for a learner's self-check written beside each released exercise."""

    def preprocessors() -> list[type]:
        from nbgrader.converters import GenerateAssignment

        from course.trainer.release import WriteSelfCheck

        return [WriteSelfCheck, *GenerateAssignment.preprocessors.make_dynamic_default()]

    c.GenerateAssignment.preprocessors = WhenUsed(preprocessors)


def _run_no_strangers_code(c: Any) -> None:
    """Have marking begin with a rebuild from the released exercise, and run its cells without a kernel."""
    before = ["OverwriteKernelspec", "OverwriteCells", "CheckCellMetadata"]
    after = ["IgnorePattern", "LimitOutput", "SaveAutoGrades", "AssignLatePenalties", "CheckCellMetadata"]
    c.Autograde.sanitize_preprocessors = ["course.trainer.marking.rebuild.Rebuild", *map(_nbgraders, before)]
    c.Autograde.autograde_preprocessors = [
        "course.trainer.marking.in_process_runner.RunHere",
        "nbconvert.preprocessors.ClearMetadataPreprocessor",
        *map(_nbgraders, after),
    ]


def _nbgraders(name: str) -> str:
    return f"nbgrader.preprocessors.{name}"


def _clean_pages(c: Any, root: Path) -> None:
    """Have both of nbgrader's pages cleaned: its templates go round `sanitize_html` for Markdown.

    The course's own templates come first: no page asks another host for a script, and tables have lines.
    """

    def nbgraders_templates() -> str:
        from nbgrader.server_extensions.formgrader import handlers

        return str(handlers.template_path)

    c.HTMLExporter.preprocessors = ["course.trainer.pages.exercise_page.ExercisePage"]
    c.ExercisePage.root = str(root)
    c.HTMLExporter.sanitize_html = True
    c.HTMLExporter.filters = {
        "markdown2html": "course.trainer.pages.sanitise.markdown_to_html",
        "clean_html": "course.trainer.pages.sanitise.clean",
    }
    c.HTMLExporter.extra_template_basedirs = WhenUsed(lambda: [str(TEMPLATES), nbgraders_templates()])
    c.HTMLExporter.extra_template_paths = WhenUsed(lambda: [nbgraders_templates()])


def _give_feedback(c: Any) -> None:
    """Have `nbgrader generate_feedback` make the course's feedback page, as `course feedback` does."""

    def preprocessors() -> list[type]:
        from traitlets.utils.importstring import import_item

        # as classes, because nbgrader asks those of a converter for their settings before it imports any by name
        names = ("GradesPreprocessor", "FeedbackPreprocessor")
        return [import_item(f"course.trainer.feedback.preprocessors.{name}") for name in names]

    c.GenerateFeedback.preprocessors = WhenUsed(preprocessors)


def _find_alembic() -> None:
    """Let nbgrader find the command with which it makes a gradebook, also when no environment is active."""
    if shutil.which("alembic") is None:
        os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
