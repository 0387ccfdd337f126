"""Take one step of the trainer's desk in a process of its own: `course desk-step STEP`, which no person types.

`RunningStep` begins it beside the notebook's kernel. What the step is told goes as JSON to its standard input, and
lines of JSON come out: how far it is, and at the end what there is to show. A step can so be stopped as a command is,
and whatever ends it leaves the page as it was.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, TypedDict

from course.content import trainer_words
from course.core.errors import CourseError, explain_file_error
from course.core.packages import explain_missing_packages
from course.core.settings import settings
from course.trainer import command_support
from course.trainer.course_directory import Coursework
from course.trainer.desk.shown import Shown, paragraph

if TYPE_CHECKING:
    from course.trainer.release import Review

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how many are done, and of how many."""
_OWN_GROUP: Final = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
"""On Windows, what lets a step be interrupted by itself."""


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
            from course.trainer.desk.steps import steps
            from course.trainer.dropped_lists import WITH_A_STEP, clear_lists

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


class RunningStep:
    """One step that is being taken."""

    def __init__(
        self, step: str, told: Mapping[str, object], progress: Progress, finished: Callable[[list[Shown]], None]
    ) -> None:
        """Begin it. `progress` and `finished` are called in a thread of its own."""
        self._progress, self._finished = progress, finished
        self._is_stopped = False
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "course", "desk-step", step],  # -P: no module lying beside a notebook
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONIOENCODING": "utf-8", "BUILDING_TRUST_DATA": str(settings().data)},
            creationflags=_OWN_GROUP,
        )
        self._thread = threading.Thread(target=self._follow, args=(json.dumps(told),), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop it as Ctrl-C stops a command: what is done stays, and the next time goes on from there."""
        if self._process.poll() is None:
            self._is_stopped = True
            self._process.send_signal(getattr(signal, "CTRL_BREAK_EVENT", signal.SIGINT))

    def wait(self) -> None:
        """Wait until it has ended and all of it was told."""
        self._thread.join()

    def _follow(self, told: str) -> None:
        shown: list[Shown] | None = None
        process = self._process
        assert process.stdin
        assert process.stdout
        try:
            process.stdin.write(told)
            process.stdin.close()
        except OSError:
            pass  # it ended before it was told anything, which is said below
        for text in process.stdout:
            try:
                line = json.loads(text)
            except ValueError:
                continue  # what a package says when it is imported, or a line that was not finished
            if not isinstance(line, dict):
                continue
            if "shown" in line:
                shown = line["shown"]
            else:
                self._progress(line["label"], line["done"], line["total"])
        process.wait()
        process.stdout.close()
        if shown is None:  # it was ended from outside, or stopped before it could say so itself
            shown = [paragraph(trainer_words("desk.stopped" if self._is_stopped else "desk.ended"), "attention")]
        self._finished(shown)
