"""Take one step of the trainer's desk in a process of its own: `course desk-step STEP`, which no person types.

What the step is told comes as JSON on the standard input, and lines of JSON go out: how far it is, and at the end what
there is to show. A step can so be stopped as a command is, and whatever ends it leaves the page as it was.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, TypedDict

from course.content import trainer_words
from course.core.errors import CourseError, explain_file_error
from course.core.packages import explain_missing_packages
from course.trainer import command_support
from course.trainer.course_directory import Coursework
from course.trainer.desk.shown import Shown, paragraph

if TYPE_CHECKING:
    from course.trainer.release import Review


class WorkerLine(TypedDict, total=False):
    """One line: a progress, or what there is to show at the end."""

    label: str
    done: int
    total: int
    shown: list[Shown]


def run(step: str, told: dict[str, object], review: Review) -> list[Shown]:
    """Take a step and return what there is to show, also where it fails."""
    try:
        with explain_missing_packages():
            from course.trainer.brought import WITH_A_STEP, clear_lists
            from course.trainer.desk.steps import steps

            clear_lists(Coursework.here(), WITH_A_STEP)
            return steps(review)[step](told)
    except CourseError as error:
        return [paragraph(error.message, "attention"), *([paragraph(error.hint)] if error.hint else [])]
    except OSError as error:
        explained = explain_file_error(error)
        if explained is None:
            return [paragraph(command_support.report_unexpected(error, f"desk {step}"), "attention")]
        return [paragraph(explained.message, "attention"), paragraph(explained.hint)]
    except KeyboardInterrupt:
        return [paragraph(trainer_words("desk.stopped"), "attention")]
    except Exception as error:
        return [paragraph(command_support.report_unexpected(error, f"desk {step}"), "attention")]


def main(step: str, review: Review) -> None:
    """Take the step, and write its lines; `review` looks at exercises before they are released."""
    lines, sys.stdout = sys.stdout, sys.stderr

    def tell(line: WorkerLine) -> None:
        lines.write(json.dumps(line) + "\n")
        lines.flush()

    told = json.load(sys.stdin)
    command_support.report_progress_to(lambda label, done, total: tell({"label": label, "done": done, "total": total}))
    tell({"shown": run(step, told if isinstance(told, dict) else {}, review)})
