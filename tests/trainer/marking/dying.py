"""Marking in a process of its own that dies at a chosen moment, as if the power went."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.engine import Engine

from course.trainer.course_directory import Coursework
from course.trainer.marking import command
from tests.trainer.course_directories import SLUG
from tests.waiting import wait_until

SAID = "said.txt"
BATCH = 5
"""How many are saved at once here, so that there are several batches of few people."""
MOMENTS = {
    "file": ("open", "os.rename", "os.mkdir", "os.chmod", "os.remove", "os.rmdir"),
    "rename": ("os.rename",),
    "prepared file": ("os.chmod",),
    "commit": ("commit",),
}
"""Before what it dies, by a name, from the first hand-in that is prepared on."""


def mark_and_die(
    root: Path,
    jobs: int,
    again: bool,
    moment: str,
    number: int,
    signals: tuple[str, ...],
    environment: Mapping[str, str],
) -> None:
    """Mark everything, in a session of its own, and get signals at the so-manieth moment of a kind.

    "KILL" goes to this process alone, "KILL ALL" to its worker processes too; "INT" is Ctrl-C, which goes to all.
    What is printed goes to the file SAID beside what is marked.
    """
    os.environ.clear()  # it is that of another test, in which the process that this one is a copy of began
    os.environ.update(environment)
    os.setsid()
    said = os.open(root / SAID, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(said, 1)
    os.dup2(said, 2)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # also where the tests run in the background,
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])  # and where a command began what this is a copy of
    left = number

    def passing() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            for name in signals:
                if name == "KILL":
                    os.kill(os.getpid(), signal.SIGKILL)
                os.killpg(0, signal.SIGKILL if name == "KILL ALL" else signal.SIGINT)

    has_begun = jobs > 1  # in worker processes, where it is not seen

    def happens(name: str, given: tuple[object, ...]) -> None:
        nonlocal has_begun
        has_begun = has_begun or (name == "os.mkdir" and str(given[0]).endswith(".draft"))
        if has_begun and name in MOMENTS[moment]:
            passing()

    sys.addaudithook(happens)
    event.listen(Engine, "commit", lambda _: happens("commit", ()))
    command.BATCH, command.LONGEST_WAIT = BATCH, 60  # type: ignore[misc]
    summary = command.grade(Coursework(root), [SLUG], jobs=jobs, again=again, quiet=True)
    sys.exit(summary.show(as_json=False))


def dies(root: Path, *, jobs: int, again: bool, moment: str, number: int, signals: tuple[str, ...]) -> int | None:
    """Mark in such a process and return its exit code, when it and all that it started are gone."""
    warm = multiprocessing.get_context("forkserver")  # its processes have nbgrader already: importing it takes longest
    warm.set_forkserver_preload([__name__])
    process = warm.Process(target=mark_and_die, args=(root, jobs, again, moment, number, signals, dict(os.environ)))
    process.start()
    process.join(timeout=120)
    assert process.pid
    wait_until(lambda: not _is_there(process.pid or 0))
    return process.exitcode


def _is_there(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
