"""What long commands share: one of a kind at a time, a progress bar, several processes, unexpected errors.

A Ctrl-C neither tears the processes apart nor fills the terminal with their tracebacks.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import os
import signal
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

from course.content import trainer_words
from course.core import error_log, storage
from course.core.errors import AlreadyRunning, CannotMark
from course.core.settings import settings

Item = TypeVar("Item")
Result = TypeVar("Result")


@contextlib.contextmanager
def single_instance(command: str, folder: Path, busy: str, *, seconds: float = 0) -> Iterator[None]:
    """Let one command of its kind at a time work in a folder.

    Raises AlreadyRunning with the sentence `busy` where another process has not ended after so many seconds.
    """
    name = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:24]
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(storage.locked(settings().data / "locks" / f"{command}-{name}.lock", seconds))
        except TimeoutError:
            raise AlreadyRunning(busy, "Wait until it has ended, then give the command again.") from None
        yield


_progress_listener: Callable[[str, int, int], None] | None = None


def report_progress_to(listener: Callable[[str, int, int], None] | None) -> None:
    """Have this process tell a function how far a command is, in the place of a bar: what it does, how many, of all."""
    global _progress_listener
    _progress_listener = listener


@contextlib.contextmanager
def progress_bar(label: str, total: int, *, quiet: bool = False) -> Iterator[Callable[[str], None]]:
    """Show a bar on the error output, and yield a function to call with a name after each step.

    Without a terminal, or with `quiet`, there is no bar.
    """
    if _progress_listener is not None:
        yield _counting(_progress_listener, label, total)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=quiet or not console.is_terminal, transient=True) as bar:
        task = bar.add_task(label, total=total)
        yield lambda _name: bar.advance(task)


def _counting(listener: Callable[[str, int, int], None], label: str, total: int) -> Callable[[str], None]:
    """Return a function that counts the steps and tells the listener; the first time it is told at once."""
    done = itertools.count(1)
    listener(label, 0, total)
    return lambda _name: listener(label, next(done), total)


def report_unexpected(error: Exception, command: str) -> str:
    """Log an error that nobody expected, and return the sentence that says its kind and names the log."""
    log = error_log.log_error(error, command)
    key = "command.unexpected" if log else "command.unexpected-no-log"
    return trainer_words(key, kind=type(error).__name__, log=log)


def map_in_processes(
    work: Callable[[Item], Result], items: Sequence[Item], jobs: int, initialise: Callable[..., None], *arguments: Any
) -> Generator[Result, None, None]:
    """Yield `work(item)` for each item in the order of completion; each process begins with `initialise(*arguments)`.

    A terminal sends Ctrl-C to every process. The worker processes ignore it: each finishes its current item,
    and the rest is not begun. Raises CannotMark where a process is ended from outside.
    """
    with _interrupts_ignored():
        pool = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=initialise, initargs=arguments)
        futures = [pool.submit(work, item) for item in items]
    return _results(pool, futures)


def _results(pool: ProcessPoolExecutor, futures: list[Future[Result]]) -> Generator[Result, None, None]:
    try:
        yield from (future.result() for future in as_completed(futures))
    except BrokenProcessPool:
        raise CannotMark(
            "One of the worker processes was stopped from outside.",
            "Nothing is lost: run the same command again, and it picks up where it left off.",
        ) from None
    finally:
        with _interrupts_ignored():
            pool.shutdown(cancel_futures=True)


@contextlib.contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """Ignore Ctrl-C in this block, and for good in the processes that are started in it: they inherit it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
