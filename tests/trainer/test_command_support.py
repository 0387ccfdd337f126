"""One command of its kind at a time works in a folder."""

from __future__ import annotations

import errno
import fcntl
import gc
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import AbstractContextManager
from multiprocessing import forkserver
from multiprocessing.synchronize import Lock
from pathlib import Path

import pytest

from course.core.errors import AlreadyRunning, LocksMissing
from course.trainer import command_support
from course.trainer.command_support import single_instance


def wait_for(lock: Lock) -> None:
    lock.acquire()


def at_work(command: str, folder: Path) -> AbstractContextManager[None]:
    return single_instance(command, folder, "Somebody is at work here.")


def test_a_second_one_of_its_kind_is_told_so_and_let_in_when_the_first_is_through(tmp_path: Path) -> None:
    with at_work("collect", tmp_path):
        with pytest.raises(AlreadyRunning, match="Somebody is at work here"), at_work("collect", tmp_path / "."):
            pass
    with at_work("collect", tmp_path):
        pass


def test_another_kind_of_work_and_another_folder_do_not_wait(tmp_path: Path) -> None:
    with at_work("collect", tmp_path), at_work("report", tmp_path), at_work("collect", tmp_path / "b"):
        pass


def test_a_time_that_runs_out_in_the_work_itself_is_not_taken_for_another_ones(tmp_path: Path) -> None:
    with pytest.raises(TimeoutError), at_work("collect", tmp_path):
        raise TimeoutError


def test_two_people_with_homes_of_their_own_wait_for_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with at_work("collect", tmp_path):
        monkeypatch.setenv("BUILDING_TRUST_DATA", str(tmp_path / "another"))
        with pytest.raises(AlreadyRunning), at_work("collect", tmp_path):
            pass


@pytest.mark.skipif(os.name != "posix", reason="errors of locks as Unix has them")
def test_where_the_drive_of_the_folder_has_no_locks_one_in_the_persons_own_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flock = fcntl.flock

    def none_in_the_folder(handle: int, operation: int) -> None:
        if str(tmp_path) in os.readlink(f"/proc/self/fd/{handle}"):
            raise OSError(errno.ENOLCK, "No locks available")
        flock(handle, operation)

    monkeypatch.setattr("fcntl.flock", none_in_the_folder)
    with at_work("collect", tmp_path), pytest.raises(AlreadyRunning), at_work("collect", tmp_path):
        pass


@pytest.mark.skipif(os.name != "posix", reason="errors of locks as Unix has them")
def test_a_command_on_a_drive_without_locks_says_so_in_two_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def flock(handle: int, operation: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", flock)
    with pytest.raises(LocksMissing) as caught, at_work("collect", tmp_path):
        pass
    assert len(str(caught.value).splitlines()) == 2
    assert "BUILDING_TRUST_DATA" in caught.value.hint


def test_worker_processes_that_wait_for_a_lock_of_a_killed_one_are_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command_support, "IDLE_SECONDS", 0.1)
    spawning = multiprocessing.get_context("spawn")
    lock = spawning.Lock()
    with lock:
        workers = [spawning.Process(target=wait_for, args=(lock,)) for _ in range(2)]
        for worker in workers:
            worker.start()
        command_support._end_idle(workers)
    assert [worker.is_alive() for worker in workers] == [False, False]


class Made:
    """What a worker process makes."""


def take_a_moment(number: int) -> int:
    time.sleep(0.01)
    return number


def test_what_many_worker_processes_left_undone_is_not_waited_for_where_the_work_stops_early() -> None:
    """More than the few that wait in the workers' own queue: those are cancelled, and never begin."""

    def stop_early() -> None:
        results = command_support.map_in_processes(take_a_moment, range(100), 2, int)
        next(results)
        results.close()

    stopping = threading.Thread(target=stop_early, daemon=True)
    stopping.start()
    stopping.join(60)
    assert not stopping.is_alive()


def test_work_that_is_given_up_before_its_first_result_leaves_no_process_behind() -> None:
    before = set(multiprocessing.active_children())
    command_support.map_in_processes(take_a_moment, range(100), 2, int).close()
    assert set(multiprocessing.active_children()) <= before


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="this system cannot keep a signal for later")
def test_a_ctrl_c_while_worker_processes_are_begun_counts_once_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    ensure_running, before = forkserver.ensure_running, set(multiprocessing.active_children())

    def press(*_: object) -> Future[int]:
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
        return Future()

    def begin() -> None:
        ensure_running()
        press()

    monkeypatch.setattr(forkserver, "ensure_running", begin)
    with pytest.raises(KeyboardInterrupt):
        command_support.prepare_processes("json")
    monkeypatch.setattr(forkserver, "ensure_running", ensure_running)
    monkeypatch.setattr(command_support.ProcessPoolExecutor, "submit", press)
    with pytest.raises(KeyboardInterrupt):
        command_support.map_in_processes(take_a_moment, range(3), 2, int)
    assert set(multiprocessing.active_children()) <= before
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])


BEGINNING = """
import signal, threading
from multiprocessing import forkserver
from course.trainer import command_support

ensure_running = forkserver.ensure_running

def begin():
    ensure_running()
    signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)

forkserver.ensure_running = begin
try:
    command_support.prepare_processes("json")
except KeyboardInterrupt:
    print("stopped")
"""


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="this system cannot keep a signal for later")
def test_a_ctrl_c_counts_too_where_a_command_is_the_first_to_begin_any_process() -> None:
    """With the first one Python begins what tracks semaphores, which lets Ctrl-C through again."""
    done = subprocess.run([sys.executable, "-c", BEGINNING], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("stopped\n", "")


def how_ctrl_c_comes(_: int) -> tuple[bool, bool]:
    is_ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    return is_ignored, signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, [])


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="this system has no such mask")
def test_worker_processes_ignore_a_ctrl_c_and_keep_none_from_kernels_that_they_start() -> None:
    assert [*command_support.map_in_processes(how_ctrl_c_comes, [1], 1, int)] == [(True, False)]


def make(_: int) -> Made:
    return Made()


def test_what_worker_processes_made_is_held_no_longer_than_it_is_needed() -> None:
    made: list[weakref.ref[Made]] = []
    for one in command_support.map_in_processes(make, range(16), 2, gc.collect, batch=2):
        assert all(earlier() is None for earlier in made[:-1])
        made.append(weakref.ref(one))
    assert len(made) == 16


@pytest.mark.parametrize(("count", "batch", "given"), [(16, 2, 2), (20, 8, 2), (15, 8, 1), (3, 8, 1), (64, 8, 8)])
def test_a_worker_process_is_given_a_batch_but_no_more_than_a_quarter_of_its_share(
    monkeypatch: pytest.MonkeyPatch, count: int, batch: int, given: int
) -> None:
    sizes: list[int] = []
    submit = command_support.ProcessPoolExecutor.submit

    def counted(pool: ProcessPoolExecutor, function: Callable[..., object], work: object, items: range) -> object:
        sizes.append(len(items))
        return submit(pool, function, work, items)

    monkeypatch.setattr(command_support.ProcessPoolExecutor, "submit", counted)
    results = command_support.map_in_processes(take_a_moment, range(count), 2, int, batch=batch)
    assert sorted(results) == list(range(count))
    assert max(sizes) == given
    assert sum(sizes) == count


def marker_word(_: int) -> str | None:
    return os.environ.get("COURSE_TEST_WORD")


def test_worker_processes_have_the_environment_of_the_command_that_uses_them(monkeypatch: pytest.MonkeyPatch) -> None:
    for word in ("first", "second"):
        monkeypatch.setenv("COURSE_TEST_WORD", word)
        assert [*command_support.map_in_processes(marker_word, range(2), 2, gc.collect)] == [word, word]
    monkeypatch.delenv("COURSE_TEST_WORD")
    assert [*command_support.map_in_processes(marker_word, range(2), 2, gc.collect)] == [None, None]


def priority(_: int) -> int:
    return os.nice(0)


@pytest.mark.skipif(not hasattr(os, "nice"), reason="this system has no such priorities")
def test_worker_processes_stand_back_for_the_one_that_they_work_for() -> None:
    assert [*command_support.map_in_processes(priority, [1], 1, int)] == [min(os.nice(0) + command_support.BEHIND, 19)]
