"""What long commands share: one of a kind at a time, a progress bar, several processes, unexpected errors.

A Ctrl-C neither tears the processes apart nor fills the terminal with their tracebacks.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import itertools
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import active_children, forkserver, parent_process, resource_tracker
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Final, TypeVar, cast

from course.content import trainer_words
from course.core import error_log, storage
from course.core.errors import AlreadyRunning, CannotMark, LocksMissing
from course.core.settings import settings

LOCKS: Final = ".locks"
"""The folder in a course directory that has the locks of its commands."""
_CHANGING: Final = ("collect", "due", "feedback", "grade", "marks", "release", "report", "roster", "second-marks")
"""The commands that change a course directory, by the names of their locks."""
REFUSED: Final = 3
"""What a command returns that did its work and refused something by name. Python returns 1 where it crashes."""
_START_METHOD: Final = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
"""How worker processes begin. Copies of a process that has loaded nbgrader begin at once, and loading takes seconds."""
IDLE_SECONDS: Final = 5
"""How long a worker process may take to end once it has nothing to do."""
BEHIND: Final = 5
"""How far worker processes stand back for the one that they work for: what they return waits for it alone, so that
where cores are few it would be the last one left at work."""
_BATCHES_EACH: Final = 4
"""How many batches each process has at least, so that none is at work for long after the others are through."""
Item = TypeVar("Item")
Result = TypeVar("Result")


def no_such_file(file: Path) -> CannotMark:
    """Return what is said of a file that a trainer named and that is not there."""
    return CannotMark(
        trainer_words("command.no-file", file=file), trainer_words("command.no-file-hint", name=file.name)
    )


@contextlib.contextmanager
def single_instance(command: str, folder: Path, busy: str, *, seconds: float = 0) -> Iterator[None]:
    """Let one command of its kind at a time work in a course directory, whoever starts it and from which machine.

    The lock is in the folder itself, since two trainers have different homes; only where its drive has no locks, it is
    in the person's own. Raises AlreadyRunning with the sentence `busy` where another process has not ended after so
    many seconds.
    """
    with contextlib.ExitStack() as stack:
        try:
            try:
                stack.enter_context(storage.locked(folder / LOCKS / f"{command}.lock", seconds))
            except LocksMissing:
                name = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:24]
                stack.enter_context(storage.locked(settings().data / "locks" / f"{command}-{name}.lock", seconds))
        except TimeoutError:
            raise AlreadyRunning(busy, "Wait until it has ended, then give the command again.") from None
        yield


@contextlib.contextmanager
def alone_at_work(folder: Path) -> Iterator[None]:
    """Keep every command that changes a course directory out of it in this block; raises AlreadyRunning likewise."""
    with contextlib.ExitStack() as stack:
        for command in _CHANGING:
            stack.enter_context(single_instance(command, folder, trainer_words("command.at-work")))
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


def prepare_processes(*modules: str) -> None:
    """Begin to load modules for the worker processes of `map_in_processes`, while this process does other things.

    Where the system can fork, one process loads them, and each worker is a copy of it; else each worker loads them
    itself, and this does nothing.
    """
    if _START_METHOD == "forkserver":
        multiprocessing.set_forkserver_preload([*modules])
        resource_tracker.ensure_running()  # begun later, it would let a Ctrl-C through that is kept, to be dropped
        with _interrupts_kept():
            forkserver.ensure_running()


def map_in_processes(
    work: Callable[[Item], Result],
    items: Sequence[Item],
    jobs: int,
    initialise: Callable[..., None],
    *arguments: Any,
    batch: int = 1,
) -> Generator[Result, None, None]:
    """Yield `work(item)` for each item in the order of completion; each process begins with `initialise(*arguments)`.

    A process is given so many items at once as a batch has, or fewer where there would not be some batches for each:
    more than one is worth it where an item takes no longer than giving it does.

    A terminal sends Ctrl-C to every process. The worker processes ignore it: each finishes its current batch,
    and the rest is not begun. Raises CannotMark where a process is ended from outside. Where this process is killed,
    they end too.
    """
    prepare_processes(work.__module__)
    begin = (dict(os.environ), initialise, *arguments)
    size = max(1, min(batch, len(items) // (_BATCHES_EACH * jobs)))
    batches = [items[start : start + size] for start in range(0, len(items), size)]
    results = _results(work, batches, jobs, begin)
    next(results)  # from now on, whoever closes it ends the processes
    return cast(Generator[Result, None, None], results)


def _work_on(work: Callable[[Item], Result], batch: Sequence[Item]) -> list[Result]:
    return [work(item) for item in batch]


def _begin_worker(environment: Mapping[str, str], initialise: Callable[..., None], *arguments: Any) -> None:
    """Begin a worker process that ends when the process does that started it: a pool would keep it waiting for ever.

    Its environment is that of today's command: it may be a copy of a process that an earlier one has started.
    """
    os.environ.clear()
    os.environ.update(environment)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])  # a kernel that it starts would never hear of any
    if parent := parent_process():
        threading.Thread(target=_end_after, args=(parent,), daemon=True).start()
    if hasattr(os, "nice"):
        os.nice(BEHIND)
    initialise(*arguments)


def _end_after(process: BaseProcess) -> None:
    process.join()
    os._exit(1)


def _results(
    work: Callable[[Item], Result], batches: Sequence[Sequence[Item]], jobs: int, begin: tuple[Any, ...]
) -> Generator[Result | None, None, None]:
    """Yield None once the processes have begun, then each result."""
    others, futures, workers = set(active_children()), set[Future[list[Result]]](), set[BaseProcess]()
    context = multiprocessing.get_context(_START_METHOD)
    pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin_worker, initargs=begin)
    try:
        with _interrupts_kept():
            futures |= {pool.submit(_work_on, work, batch) for batch in batches}
            workers |= set(active_children()) - others
        yield None
        for future in as_completed(futures):
            futures.discard(future)
            results = future.result()[::-1]
            del future  # it holds the results for as long as it is there
            while results:
                yield results.pop()
    except BrokenProcessPool:
        raise CannotMark(
            "One of the worker processes was stopped from outside.",
            "Nothing is lost: run the same command again, and it picks up where it left off.",
        ) from None
    finally:
        with _interrupts_kept():
            begun = [future for future in futures if not future.cancel()]  # nobody ever says of others that they end
            pool.shutdown(wait=False, cancel_futures=True)
            wait(begun)
            _end_idle(workers)


def _end_idle(workers: Iterable[BaseProcess]) -> None:
    """Wait until workers that have nothing more to do have ended; end those that do not.

    Where one was killed just as the pool shut down, the others wait for ever for a lock that it held.
    """
    for worker in workers:
        worker.join(IDLE_SECONDS)
        if worker.is_alive():
            worker.terminate()
            worker.join()


def collect_garbage_rarely() -> None:
    """Have this process look less often for objects that refer to each other: imports and marking leave hardly any."""
    gc.set_threshold(50_000, 20, 100)


@contextlib.contextmanager
def interrupts_postponed() -> Iterator[None]:
    """Let a Ctrl-C in this block interrupt only after it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    pressed: list[int] = []
    handler = signal.signal(signal.SIGINT, lambda number, _: pressed.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
    if pressed and callable(handler):
        handler(pressed[0], None)


@contextlib.contextmanager
def _interrupts_kept() -> Iterator[None]:
    """Let a Ctrl-C in this block interrupt after it, and have processes that are started in it ignore each one.

    They inherit that it is ignored. What is ignored and blocked too waits; a system without such a mask drops it.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    can_block = hasattr(signal, "pthread_sigmask")
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT]) if can_block else set()
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
        if can_block:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
