"""A process that is killed at any moment of what it does: before each file that it touches, and each SQL statement."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import Final

import sqlalchemy as sql

_OF_FILES: Final = frozenset({"open", "os.remove", "os.rename", "os.utime", "os.mkdir", "os.chmod"})


def killed_at(number: int, work: Callable[[], None]) -> bool:
    """Do something in a process of its own that is killed, without any warning, before its step of that number.

    Returns whether it was; else it did all of it.
    """
    child = os.fork()
    if child == 0:
        try:
            _count_steps(number)
            work()
        except BaseException as error:
            os.write(2, f"{type(error).__name__}: {error}\n".encode())
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert status in (0, signal.SIGKILL), status
    return status == signal.SIGKILL


def _count_steps(number: int) -> None:
    """Count this process's steps from now on, and kill it before that one."""
    left = number

    def step() -> None:
        nonlocal left
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1

    def look(event: str, arguments: tuple[object, ...]) -> None:
        if event in _OF_FILES and not (event == "open" and _only_reads(arguments)):
            step()

    for name in ("before_cursor_execute", "commit"):
        sql.event.listen(sql.Engine, name, lambda *_: step())
    sys.addaudithook(look)


def _only_reads(arguments: tuple[object, ...]) -> bool:
    flags = arguments[2]
    return isinstance(flags, int) and not flags & (os.O_WRONLY | os.O_RDWR)
