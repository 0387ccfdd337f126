"""Events: what a room shows, encoded once and sent as the same bytes to all who follow it."""

from __future__ import annotations

import json
from typing import Any, Final

from tornado import web
from tornado.iostream import IOStream, StreamClosedError

MOST_STREAMS: Final = 3
"""How many pages of one phone may follow at once; the oldest is let go."""
_HEAD: Final = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nCache-Control: no-store\r\n"
    b"X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\nX-Accel-Buffering: no\r\n"
    b"Connection: close\r\n\r\nretry: 1500\n\n"
)
_ALIVE: Final = b"event: alive\ndata: {}\n\n"
_GONE: Final = b"event: gone\ndata: {}\n\n"


def frame(at: int, parts: dict[str, str]) -> bytes:
    """Return one event with the parts of a page."""
    return f"event: room\ndata: {json.dumps({'at': at, 'parts': parts}, ensure_ascii=False)}\n\n".encode()


class Channel:
    """Those who follow one kind of page of one room."""

    def __init__(self) -> None:
        self._streams: dict[IOStream, str] = {}
        self._of: dict[str, list[IOStream]] = {}
        self._behind: set[IOStream] = set()
        self._parts: dict[str, str] = {}
        self._frame = b""
        self._at = 0
        """How many frames there were: not how often something changed that is not shown."""

    def __len__(self) -> int:
        return len(self._streams)

    def open(self, handler: web.RequestHandler, person: str) -> None:
        """Let a page follow, beginning with what is shown now."""
        mine = self._of.setdefault(person, [])
        while len(mine) >= MOST_STREAMS:
            self._drop(mine[0])
        stream = handler.detach()
        self._streams[stream] = person
        mine.append(stream)
        stream.set_close_callback(lambda: self._forget(stream))
        self._send(stream, _HEAD + self._frame)

    def show(self, parts: dict[str, str]) -> None:
        """Send the parts to all, if they differ from what was sent before; a slow reader gets the latest later."""
        if parts != self._parts:
            self._at += 1
            self._parts, self._frame = parts, frame(self._at, parts)
            self._behind = set(self._streams)
        for stream in list(self._behind):
            if not stream.writing():
                self._behind.discard(stream)
                self._send(stream, self._frame)

    def keep_alive(self) -> None:
        """Let everyone who is not busy reading know that the line is open."""
        for stream in list(self._streams):
            if not stream.writing():
                self._send(stream, _ALIVE)

    def end(self) -> None:
        """Tell all that the room is closed, and let them go."""
        for stream in list(self._streams):
            self._send(stream, _GONE)
            self._drop(stream)

    def _send(self, stream: IOStream, data: bytes) -> None:
        try:
            stream.write(data)
        except StreamClosedError:
            self._forget(stream)

    def _drop(self, stream: IOStream) -> None:
        self._forget(stream)
        stream.close()

    def _forget(self, stream: IOStream) -> None:
        person = self._streams.pop(stream, None)
        self._behind.discard(stream)
        mine: list[Any] = self._of.get(person or "", [])
        if stream in mine:
            mine.remove(stream)
        if person is not None and not mine:
            self._of.pop(person, None)
