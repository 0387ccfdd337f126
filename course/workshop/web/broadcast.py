"""The broadcast: what a session shows is encoded once and sent as the same bytes to all who follow one of its pages.

What has changed is sent together, a few times a second: one event for every answer would overload server and phones.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from tornado import web
from tornado.iostream import IOStream, StreamClosedError

from course.core import error_log
from course.core.errors import SessionRefused
from course.workshop.errors import log_error, repeat
from course.workshop.sessions.session import Session
from course.workshop.sessions.sessions import Sessions
from course.workshop.templates import PARTS
from course.workshop.wire import Event

TICK: Final = 0.25
"""How often, in seconds, what is shown is sent: changes in between go out together."""
LONGEST_PAUSE: Final = 5.0
"""After an error it is tried again, each time after twice as long, up to so many seconds."""
ALIVE: Final = 20.0
"""How often, in seconds, all who follow hear that the connection is open."""
MOST_STREAMS: Final = 3
"""How many pages of one phone may follow at once; the oldest is closed."""
_HEAD: Final = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nCache-Control: no-store\r\n"
    b"X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\nX-Accel-Buffering: no\r\n"
    b"Connection: close\r\n\r\nretry: 1500\n\n"
)
_ALIVE: Final = b"event: alive\ndata: {}\n\n"
_GONE: Final = b"event: gone\ndata: {}\n\n"


def event_bytes(event: Event) -> bytes:
    """Return one event with the parts of a page."""
    return b"event: session\ndata: " + _json_bytes(event) + b"\n\n"


def _json_bytes(event: Event) -> bytes:
    return json.dumps(event, ensure_ascii=False).encode()


class Channel:
    """Those who follow one kind of page of one session."""

    def __init__(self) -> None:
        self._streams: dict[IOStream, str] = {}
        self._streams_of: dict[str, list[IOStream]] = {}
        self._behind: set[IOStream] = set()
        self._parts: dict[str, str] = {}
        self._event = b""
        self._number = 0
        """How many events there were: not how often something changed that is not shown."""

    @property
    def parts(self) -> dict[str, str]:
        """What was shown last."""
        return self._parts

    @property
    def people(self) -> set[str]:
        """Whose pages follow."""
        return set(self._streams_of)

    def __len__(self) -> int:
        return len(self._streams)

    @property
    def latest(self) -> bytes:
        """What the latest event says, as JSON."""
        return _json_bytes({"at": self._number, "parts": self._parts})

    def open(self, handler: web.RequestHandler, person: str) -> None:
        """Let a page follow, beginning with what is shown now."""
        own_streams = self._streams_of.setdefault(person, [])
        while len(own_streams) >= MOST_STREAMS:
            self._drop(own_streams[0])
        stream = handler.detach()
        self._streams[stream] = person
        own_streams.append(stream)
        stream.set_close_callback(lambda: self._forget(stream))
        self._send(stream, _HEAD + self._event)

    def show(self, parts: dict[str, str]) -> None:
        """Send the parts to all, if they differ from what was sent before; a slow reader gets the latest later."""
        if parts != self._parts:
            self._number += 1
            self._parts, self._event = parts, event_bytes({"at": self._number, "parts": parts})
            self._behind = set(self._streams)
        self.catch_up()

    def catch_up(self) -> None:
        """Send the latest to those who were still reading when it came, and have read all by now."""
        for stream in list(self._behind):
            if not stream.writing():
                self._behind.discard(stream)
                self._send(stream, self._event)

    def keep_alive(self) -> None:
        """Let everyone who is not busy reading know that the connection is open."""
        for stream in list(self._streams):
            if not stream.writing():
                self._send(stream, _ALIVE)

    def end(self, is_over: Callable[[str], bool] = lambda person: True) -> None:
        """Tell all, or those for whom it is over, that it is, and let them go."""
        for stream, person in list(self._streams.items()):
            if is_over(person):
                self._send(stream, _GONE)
                self._drop(stream)

    def drop(self) -> None:
        """Let all go without a word."""
        for stream in list(self._streams):
            self._drop(stream)

    def let_go(self, person: str) -> None:
        """Let the pages of one person go in the same way."""
        for stream in list(self._streams_of.get(person, [])):
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
        own_streams = self._streams_of.get(person or "", [])
        if stream in own_streams:
            own_streams.remove(stream)
        if person is not None and not own_streams:
            self._streams_of.pop(person, None)


@dataclass(frozen=True)
class _Failure:
    """What went wrong last in a session, and when it is tried again."""

    place: str
    pause: float
    again_at: float


class Broadcast:
    """The channels of all sessions.

    `parts` makes the parts of a page as they are now, and `alert` those of the console that need nothing of a session
    to be on disk: they are sent also where that cannot be done.
    """

    def __init__(
        self,
        sessions: Sessions,
        parts: Callable[[Session, str], dict[str, str]],
        alert: Callable[[Session], dict[str, str]],
    ) -> None:
        self._sessions, self._parts, self._alert = sessions, parts, alert
        self._channels: dict[tuple[str, str], Channel] = {}
        self._changed: set[str] = set()
        self._failures: dict[str, _Failure] = {}
        for session in sessions.by_id.values():
            self._listen_to(session)

    @property
    def streams(self) -> int:
        """How many pages follow a session now, of all sessions and kinds."""
        return sum(map(len, self._channels.values()))

    @property
    def phones(self) -> int:
        """How many of them are pages of phones."""
        return sum(len(channel) for (_, page), channel in self._channels.items() if page == "phone")

    def is_followed(self, session: Session) -> bool:
        """Say whether anybody follows a session now: on a phone, the screen or the console."""
        return any(len(channel) for (session_id, _), channel in self._channels.items() if session_id == session.id)

    def watch(self, session: Session) -> None:
        """Send what changes in a session to those who follow it."""
        self._listen_to(session)
        self._changed.add(session.id)

    def all_changed(self) -> None:
        """Send every session again: something around them has changed."""
        self._changed |= set(self._sessions.by_id)

    async def channel(self, session: Session, page: str) -> Channel:
        """Return those who follow a page of a session, brought up to date with what is on disk."""
        channel = self._channels.setdefault((session.id, page), Channel())
        if not len(channel):
            await session.saved()
            channel.show(self._parts(session, page))
        return channel

    def end(self, session: Session, *pages: str) -> None:
        """Tell those who follow these pages that the session is closed, and let them go."""
        for page in pages:
            channel = self._channels.pop((session.id, page), None)
            if channel:
                channel.end()

    def drop(self, session_id: str) -> None:
        """Let those go who follow a session, as if the connection broke: they come again, wherever it is then."""
        for page in PARTS:
            channel = self._channels.pop((session_id, page), None)
            if channel:
                channel.drop()

    def drop_all(self) -> None:
        """Let everyone go in the same way."""
        for session_id in {session_id for session_id, _ in self._channels}:
            self.drop(session_id)

    def facilitators(self) -> dict[str, set[str]]:
        """Return which sessions the consoles and screens of each facilitator follow now."""
        followed: dict[str, set[str]] = {}
        for (session_id, page), channel in self._channels.items():
            for person in channel.people if page in ("console", "screen") else ():
                followed.setdefault(person, set()).add(session_id)
        return followed

    def let_go(self, person: str) -> None:
        """Let all pages of a person go; they may ask again."""
        for channel in self._channels.values():
            channel.let_go(person)

    def end_for(self, session: Session, page: str, is_over: Callable[[str], bool]) -> None:
        """Tell some of those who follow a page that it is over for them, and let them go."""
        channel = self._channels.get((session.id, page))
        if channel:
            channel.end(is_over)

    def end_all(self) -> None:
        """Let everyone go."""
        for channel in self._channels.values():
            channel.end()

    async def send_on(self) -> None:
        """Send what changes, and now and then a sign of life, until cancelled."""
        alive = time.monotonic() + ALIVE

        async def send() -> None:
            nonlocal alive
            await self.send(time.monotonic())
            if time.monotonic() > alive:
                alive = time.monotonic() + ALIVE
                for channel in self._channels.values():
                    channel.keep_alive()

        await repeat(TICK, send)

    async def send(self, now: float) -> None:
        """Send what has changed or is due, once it is on disk; what fails is tried again after a pause.

        Who was too slow for what changed before gets that too, though nothing changes any more.
        """
        for session in self._sessions.by_id.values():
            session.deliver_lines(now)
        waiting = {name for name, failure in self._failures.items() if now < failure.again_at}
        due = self._changed - waiting
        self._changed &= waiting
        for name, session in [*self._sessions.by_id.items()]:
            if name not in due or self._sessions.by_id.get(name) is not session:
                continue  # it may have been erased or lost while another one was sent
            try:
                await self._send(session)
                self._failures.pop(name, None)
            except Exception as error:
                self._changed.add(name)
                self._note_failure(name, error, now)
        for channel in self._channels.values():
            channel.catch_up()

    def _note_failure(self, name: str, error: Exception, now: float) -> None:
        """Log an error the first time it happens, and wait longer each time before it is tried again."""
        before, place = self._failures.get(name), error_log.describe(error)
        if before is None or before.place != place:
            log_error(error)
        pause = min(2 * before.pause, LONGEST_PAUSE) if before else TICK
        self._failures[name] = _Failure(place, pause, now + pause)

    async def _send(self, session: Session) -> None:
        try:
            await session.saved()
        except SessionRefused:
            console = self._channels.get((session.id, "console"))
            if console:
                console.show({**console.parts, **self._alert(session)})
            raise
        for page in PARTS:
            channel = self._channels.get((session.id, page))
            if channel:
                channel.show(self._parts(session, page))

    def _listen_to(self, session: Session) -> None:
        session.changed = lambda: self._changed.add(session.id)
