"""nbgrader's settings for the trainer's checkout; a learner's working copy has a few of its own."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Any

from course.core.settings import COURSE_ID, settings

TEMPLATES = Path(__file__).parent / "templates"


def configure(c: Any, root: Path) -> None:
    """Set what release, marking and feedback need, with the course directory at `root`."""
    known = settings()
    c.CourseDirectory.course_id = COURSE_ID
    c.CourseDirectory.root = str(root)
    c.CourseDirectory.release_directory = "exercises"
    c.Exchange.root = str(known.exchange or root / "exchange")
    c.Exchange.cache = str(known.data / "handed-in")
    if sys.platform != "win32":  # nbgrader has no exchange there
        c.ExchangeFactory.collect = "course.trainer.collecting.exchange.Collect"
        c.ExchangeFactory.release_assignment = "course.trainer.collecting.exchange.Release"
        c.ExchangeFactory.release_feedback = "course.trainer.collecting.exchange.ReleaseFeedback"
    _write_self_checks(c)
    _run_no_strangers_code(c)
    _clean_pages(c, root)
    _give_feedback(c)
    _find_alembic()


def _write_self_checks(c: Any) -> None:
    """Have the file for a learner's self-check written beside each released exercise."""
    from nbgrader.converters import GenerateAssignment

    from course.trainer.release import WriteSelfCheck

    c.GenerateAssignment.preprocessors = [WriteSelfCheck, *GenerateAssignment.preprocessors.make_dynamic_default()]


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
    from nbgrader.server_extensions.formgrader import handlers

    c.HTMLExporter.preprocessors = ["course.trainer.pages.exercise_page.ExercisePage"]
    c.ExercisePage.root = str(root)
    c.HTMLExporter.sanitize_html = True
    c.HTMLExporter.filters = {
        "markdown2html": "course.trainer.pages.sanitise.markdown_to_html",
        "clean_html": "course.trainer.pages.sanitise.clean",
    }
    c.HTMLExporter.extra_template_basedirs = [str(TEMPLATES), handlers.template_path]
    c.HTMLExporter.extra_template_paths = [handlers.template_path]


def _give_feedback(c: Any) -> None:
    """Have `nbgrader generate_feedback` make the course's feedback page, as `course feedback` does."""
    from traitlets.utils.importstring import import_item

    # as classes, because nbgrader asks those of a converter for their settings before it imports any by name
    names = ("GradesPreprocessor", "FeedbackPreprocessor")
    c.GenerateFeedback.preprocessors = [import_item(f"course.trainer.feedback.writer.{name}") for name in names]


def _find_alembic() -> None:
    """Let nbgrader find the command with which it makes a gradebook, also when no environment is active."""
    if shutil.which("alembic") is None:
        os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
