"""Work on many hand-ins in several processes, which a Ctrl-C neither tears apart nor fills the terminal with."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any, TypeVar

from course.core.errors import CannotMark

Piece = TypeVar("Piece")
Result = TypeVar("Result")


def in_processes(
    work: Callable[[Piece], Result], pieces: Sequence[Piece], jobs: int, begin: Callable[..., None], *about: Any
) -> Generator[Result, None, None]:
    """Give what `work` makes of each piece, as it is done; each process begins with `begin(*about)`.

    Ctrl-C goes from a terminal to every process. These never hear it: they finish the piece that they are at,
    and the rest is not begun. Raises CannotMark where a process is ended from outside.
    """
    with _not_interrupted():
        pool = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=begin, initargs=about)
        waiting = [pool.submit(work, piece) for piece in pieces]
    return _results(pool, waiting)


def _results(pool: ProcessPoolExecutor, waiting: list[Future[Result]]) -> Generator[Result, None, None]:
    try:
        yield from (done.result() for done in as_completed(waiting))
    except BrokenProcessPool:
        raise CannotMark(
            "One of the processes at work was ended from outside.",
            "Nothing is lost: give the same command again, and it goes on where it stopped.",
        ) from None
    finally:
        with _not_interrupted():
            pool.shutdown(cancel_futures=True)


@contextlib.contextmanager
def _not_interrupted() -> Iterator[None]:
    """Hear no Ctrl-C here, nor ever in the processes that are started here: they inherit it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
