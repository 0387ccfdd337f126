"""Commands of the trainer's that are killed at one of their writes, in a process that has done them once before."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine
from sqlalchemy.event import listen

from course.core.errors import CannotMark
from course.trainer.collecting.command import collect
from course.trainer.course_directory import Coursework
from course.trainer.feedback import command as feedback
from course.trainer.marking.command import grade
from tests.trainer.course_directories import SLUG, rows

EVERYTHING, PARENT, WORKER = "the command", "its first process alone", "one of its worker processes"
MADE: Final[Mapping[str, tuple[str, ...]]] = {
    "collect": ("submitted", "earlier", "gradebook.db"),
    "grade": ("autograded", "gradebook.db"),
    "feedback": ("feedback", "feedback-files"),
}
"""What each command makes."""
_MOVES: Final = ("os.rename", "os.mkdir", "os.rmdir", "os.remove")
_SECONDS: Final = 60


def _feedback(root: Path, jobs: int) -> None:
    Coursework.here = classmethod(lambda cls: cls(root))  # type: ignore[method-assign,assignment]
    feedback.run([SLUG], jobs=jobs, unread=True, quiet=True)


_RUN: Final[Mapping[str, Callable[[Path, int], object]]] = {
    "collect": lambda root, _jobs: collect(Coursework(root), [SLUG], quiet=True),
    "grade": lambda root, jobs: grade(Coursework(root), [SLUG], jobs=jobs, again=True, quiet=True),
    "feedback": _feedback,
}


def faults_after_kills(
    command: str, before: Path, root: Path, kills: int, *, jobs: int = 1, who: str = EVERYTHING
) -> list[str]:
    """Kill a command at so many of its writes, run it again each time, and return what is then not as undisturbed.

    `before` is the course directory each time, `root` an empty place for a copy of it.
    """
    warm = multiprocessing.get_context("forkserver")  # importing nbgrader takes longer than all else
    warm.set_forkserver_preload([__name__])
    ours, theirs = warm.Pipe(duplex=False)
    given = (command, before, root, kills, jobs, who, dict(os.environ), theirs)
    process = warm.Process(target=_kill_and_compare, args=given)
    process.start()
    theirs.close()
    faults: list[str] = ours.recv()  # raises EOFError where the process failed
    process.join()
    return faults


def _kill_and_compare(
    command: str,
    before: Path,
    root: Path,
    kills: int,
    jobs: int,
    who: str,
    environment: Mapping[str, str],
    to: Connection,
) -> None:
    os.environ.clear()
    os.environ.update(environment)
    shutil.copytree(before, root)
    _RUN[command](root, 1)
    undisturbed = _state(root, command)
    _begin_again(root, before, command)
    writes, _ = _run_watched(command, root, 0, jobs, who)
    assert writes > kills
    faults = []
    for moment in sorted(random.Random(f"{command} {who}").sample(range(1, writes + 1), kills)):
        _begin_again(root, before, command)
        reached, status = _run_watched(command, root, moment, jobs, who)
        about = f"{command}: {who} killed at write {moment} of {writes}"
        if status != (0 if who == WORKER else signal.SIGKILL) or reached < moment:
            faults.append(f"{about}: ended with {status} at write {reached}")
        if command != "collect":  # where an earlier hand-in may be in the place of the latest
            half = [path.name for path, whole in _files(root, command).items() if whole != undisturbed.get(path, whole)]
            faults += [f"{about}: {name} is half written" for name in half]
        _RUN[command](root, 1)
        if (now := _state(root, command)) != undisturbed:
            different = {str(name) for name in {*now, *undisturbed} if now.get(name) != undisturbed.get(name)}
            faults.append(f"{about}: {sorted(different)} are not as undisturbed")
    to.send(faults)


def _begin_again(root: Path, before: Path, command: str) -> None:
    for name in MADE[command]:
        shutil.rmtree(root / name, ignore_errors=True)
        (root / name).unlink(missing_ok=True)
        if (before / name).is_dir():
            shutil.copytree(before / name, root / name)
        elif (before / name).exists():
            shutil.copy(before / name, root / name)


def _state(root: Path, command: str) -> dict[Path | str, Any]:
    """Return all that a command made: every file as it is, and all that the gradebook says of people."""
    return {**_files(root, command), **rows(root)}


def _files(root: Path, command: str) -> dict[Path, bytes | None]:
    paths = [path for name in MADE[command] for path in (root / name).rglob("*")]
    return {path.relative_to(root): path.read_bytes() if path.is_file() else None for path in paths}


def _run_watched(command: str, root: Path, moment: int, jobs: int, who: str) -> tuple[int, int]:
    """Run a command in a process of its own; return how many writes it came to, and how it ended."""
    counted = multiprocessing.Value("i", 0)
    process = os.fork()
    if not process:
        os.setsid()
        _Watch(moment, who, counted)
        ended = 1
        try:
            with contextlib.suppress(CannotMark):  # where a worker was killed
                _RUN[command](root, jobs)
            ended = 0
        finally:
            os._exit(ended)
    status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    _wait_until_gone(process)
    return int(counted.value), -status


class _Watch:
    """Counts the writes of this process, to files and to the gradebook, and kills at one of them, just before it."""

    def __init__(self, moment: int, who: str, counted: Synchronized[int]) -> None:
        self.moment, self.who, self.counted = moment, who, counted
        sys.addaudithook(self._heard)
        listen(Engine, "connect", lambda connection, _: connection.set_trace_callback(self._statement))

    def _heard(self, event: str, about: tuple[Any, ...]) -> None:
        if event in _MOVES or (event == "open" and isinstance(about[1], str) and about[1][0] in "wxa"):
            self._count()

    def _statement(self, text: str) -> None:
        if not text.lstrip().upper().startswith(("SELECT", "PRAGMA", "--")):
            self._count()

    def _count(self) -> None:
        self.counted.value += 1
        if self.counted.value == self.moment:
            _KILL[self.who]()


def _kill_a_worker() -> None:
    for process in multiprocessing.active_children()[:1]:
        process.kill()


_KILL: Final[Mapping[str, Callable[[], object]]] = {
    EVERYTHING: lambda: os.killpg(0, signal.SIGKILL),
    PARENT: lambda: os.kill(os.getpid(), signal.SIGKILL),
    WORKER: _kill_a_worker,
}


def _wait_until_gone(group: int) -> None:
    """Wait until no process of a group is left: one whose first process was killed ends by itself."""
    for _ in range(_SECONDS * 20):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)  # there is nothing to be told by: they are nobody's children any more
    os.killpg(group, signal.SIGKILL)
    raise AssertionError("worker processes stay when the command is killed")
