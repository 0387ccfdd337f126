"""What gets in the way of saving on a real computer, for as long as a `with` lasts: a full disk, and a held lock."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import psutil
import pytest

from course.core.storage import locked
from course.records.answers.file import lock_of
from tests.jupyter_server import RunningCourse

KERNEL = """() => fetch("/api/sessions").then((answer) => answer.json()).then((sessions) =>
  sessions.find((session) => session.name === sessionStorage.getItem("course:window")).kernel.id)"""
"""Returns the id of the kernel of a page that is read."""
FOLLOW = """() => {
  const page = document.documentElement;
  const look = () => (page.dataset.said = `${page.dataset.said ?? ""} ${page.dataset.course}`);
  new MutationObserver(look).observe(page, {attributeFilter: ["data-course"]});
}"""
"""Notes how the page says its connection is, from now on."""
linux_only = pytest.mark.skipif(not hasattr(psutil, "RLIMIT_FSIZE"), reason="limits of another process are Linux's own")
LONGEST_WAIT = 10
"""Seconds to wait for a lock that the course itself may hold for a moment."""


def process_of(kernel: str) -> psutil.Process:
    """Return the process of a kernel."""
    [process] = [one for one in psutil.process_iter(["cmdline"]) if kernel in " ".join(one.info["cmdline"] or [])]
    return process


@contextlib.contextmanager
def full_disk(kernel: str) -> Iterator[None]:
    """Let a kernel write no byte to any file, as where a disk is full."""
    python = process_of(kernel)
    usual = python.rlimit(psutil.RLIMIT_FSIZE)
    python.rlimit(psutil.RLIMIT_FSIZE, (0, usual[1]))
    try:
        yield
    finally:
        python.rlimit(psutil.RLIMIT_FSIZE, usual)


@contextlib.contextmanager
def lock_held(course: RunningCourse, page: str) -> Iterator[None]:
    """Hold the lock of a page of the journal, as another process does that saves there."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BUILDING_TRUST_DATA", str(course.data))
        lock = lock_of(course.data / "journal" / f"{page}.json")
    with locked(lock, LONGEST_WAIT):
        yield
