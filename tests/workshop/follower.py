"""A page that follows a session's events."""

from __future__ import annotations

import contextlib
import json
import select
import socket
from typing import Any

from tests.workshop.live_server import Browser


class Follower:
    """Keeps every byte that came; a name in `path` that asks for too much is answered like any request."""

    def __init__(self, browser: Browser, path: str, host: str = "") -> None:
        self._socket = socket.create_connection(("127.0.0.1", browser.port), timeout=60)
        cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        self._socket.sendall(
            f"GET {path} HTTP/1.1\r\nHost: {host or f'127.0.0.1:{browser.port}'}\r\nCookie: {cookies}\r\n\r\n".encode()
        )
        self._came = b""
        self.head = self._until(b"\r\n\r\n")

    def _until(self, end: bytes) -> bytes:
        while end not in self._came:
            self._take()
        event, end, self._came = self._came.partition(end)
        return event + end

    def _take(self) -> None:
        received = self._socket.recv(2**20)
        if not received:
            raise EOFError
        self._came += received

    def next(self) -> bytes:
        """Return the next event as it came."""
        event = b""
        while not event.startswith(b"event: "):
            event = self._until(b"\n\n")
        return event

    def shown(self) -> Any:
        """Return what the next event shows, by part."""
        return _read(self.next())["parts"]

    def waiting(self) -> list[dict[str, Any]]:
        """Return the events that are there already."""
        with contextlib.suppress(EOFError):
            while select.select([self._socket], [], [], 0)[0]:
                self._take()
        whole, end, self._came = self._came.rpartition(b"\n\n")
        return [_read(event) for event in (whole + end).split(b"\n\n") if event.startswith(b"event: session")]

    def follow(self) -> None:
        """Read on, and raise EOFError where the stream ends."""
        while True:
            self._take()

    def close(self) -> None:
        self._socket.close()


def _read(event: bytes) -> dict[str, Any]:
    data = json.loads(event.partition(b"data: ")[2])
    return {**data, "parts": {name: json.loads(part) for name, part in data["parts"].items()}}
