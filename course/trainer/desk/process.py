"""Run a step of the trainer's desk beside the notebook's kernel, say how far it is, and stop it when asked."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Final

from course.content import trainer_words
from course.core.settings import settings
from course.trainer.desk.shown import Shown, paragraph

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how many are done, and of how many."""
_OWN_GROUP: Final = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
"""On Windows, what lets a step be interrupted by itself."""


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
