"""The folder of keys, asked by several threads at once: as where many phones come by a link together."""

from __future__ import annotations

import contextlib
import datetime
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from course.workshop.store.session_keys import KeyFolder, SessionKeys

DUE = datetime.datetime(2030, 1, 1, tzinfo=datetime.UTC)
SESSIONS = [f"{number:08x}" for number in range(200)]
THERE = 150
"""How many of them are there at the beginning."""


@contextlib.contextmanager
def threads_in_turn() -> Iterator[None]:
    """Have threads take turns as often as Python can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def test_a_session_that_is_there_is_found_while_others_ask_and_more_come(tmp_path: Path) -> None:
    server, asked_by_all, is_over = KeyFolder(tmp_path), KeyFolder(tmp_path), Event()

    def ask_on() -> int:
        times = 0
        while not is_over.is_set():
            asked_by_all.open_sessions()
            times += 1
        return times

    for session in SESSIONS[:THERE]:
        server.write(session, SessionKeys.new(), DUE)
    with threads_in_turn(), ThreadPoolExecutor(4) as pool:
        asking = [pool.submit(ask_on) for _ in range(4)]
        try:
            for number, session in enumerate(SESSIONS[THERE:], THERE + 1):
                server.write(session, SessionKeys.new(), DUE)
                assert asked_by_all.open_sessions().keys() == set(SESSIONS[:number])
        finally:
            is_over.set()
        assert all(one.result() for one in asking)


def test_nothing_is_written_or_destroyed_while_another_folder_is_in_its_place(tmp_path: Path) -> None:
    """An empty mount point would take keys that no other server finds, and have nothing left to destroy."""
    place = tmp_path / "keys"
    folder = KeyFolder(place)
    assert folder.name("a" * 32) == "a" * 32
    folder.write(SESSIONS[0], SessionKeys.new(), DUE)
    place.rename(tmp_path / "away")
    place.mkdir()
    for act in (
        lambda: folder.write(SESSIONS[1], SessionKeys.new(), DUE),
        lambda: folder.destroy(SESSIONS[0]),
        lambda: folder.destroy_unused([], DUE),
    ):
        with pytest.raises(OSError, match="name-of-this-folder"):
            act()
    assert list(place.iterdir()) == []
    place.rmdir()
    (tmp_path / "away").rename(place)
    folder.destroy(SESSIONS[0])
    assert folder.session_ids() == set()
