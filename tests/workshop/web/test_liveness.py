"""What systemd hears of a server: that it serves, that it lives, and nothing where only a new process can go on."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest

from course.workshop.web import liveness
from course.workshop.web.health import Health
from course.workshop.web.liveness import tell_until


@dataclass
class SomeHealth:
    """A server that only a new process can follow, or not."""

    is_alive: bool


@pytest.fixture
def systemd(monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(str(Path(folder) / "notify"))
        heard.setblocking(False)
        monkeypatch.setenv("NOTIFY_SOCKET", heard.getsockname())
        monkeypatch.setattr(liveness, "SIGN_OF_LIFE", 0.001)
        yield heard


def said(heard: socket.socket) -> list[str]:
    """Return what was said by now."""
    messages = []
    with contextlib.suppress(BlockingIOError):
        while True:
            messages.append(heard.recv(100).decode())
    return messages


def tell(health: SomeHealth, heard: socket.socket, times: int) -> list[str]:
    """Have a server tell how it is until it has looked so often; return what was said."""

    async def story() -> list[str]:
        stop = asyncio.Event()
        task, messages = asyncio.create_task(tell_until(stop, cast(Health, health))), list[str]()
        for _ in range(times):
            await asyncio.sleep(0)
            messages += said(heard)
        stop.set()
        await task
        return messages + said(heard)

    return asyncio.run(story())


def test_systemd_hears_that_the_server_serves_and_then_that_it_lives(systemd: socket.socket) -> None:
    messages = tell(SomeHealth(is_alive=True), systemd, times=5)
    assert messages[:2] == ["READY=1", "WATCHDOG=1"]
    assert set(messages[2:]) <= {"WATCHDOG=1"}


def test_systemd_hears_nothing_more_of_a_server_that_cannot_go_on(systemd: socket.socket) -> None:
    assert tell(SomeHealth(is_alive=False), systemd, times=5) == ["READY=1"]


def test_without_systemd_nobody_is_told(monkeypatch: pytest.MonkeyPatch, systemd: socket.socket) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET")
    assert tell(SomeHealth(is_alive=True), systemd, times=2) == []
