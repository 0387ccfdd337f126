"""What keeps the server from its work: looked at twice a second, said on the console, and mended where that is safe.

Where the event loop stands still, a thread of its own notices that, and answers in its place that phones are to try
again, over TLS too where phones come in over that. Whoever has connected before that waits, or gives up and asks again:
so do a web server's connections that it keeps open.
"""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from course.content import say_time
from course.core import moments
from course.workshop.chart_renderer import ChartRenderer
from course.workshop.errors import log_description
from course.workshop.store.store import Store
from course.workshop.store.tables import is_full
from course.workshop.views.page_views import TroubleView

Trouble = Literal[
    "disk-full", "not-written", "writer-stuck", "writer-dead", "writer-restarted", "charts", "stood-still"
]
"""A key of `console.trouble-…` in the pages' words."""
REMEMBERED: Final = 600.0
"""For how many seconds the console says of something that is over."""
TICK: Final = 0.5
"""How often, in seconds, it looks, and the loop gives a sign of life."""
STILL_LOOKS: Final = 10
"""After so many looks without a sign of life, the loop is taken to stand still."""
PLAIN_SECONDS: Final = 0.2
"""How long somebody who has connected may take to ask. One after the other is answered."""
TLS_SECONDS: Final = 1.0
"""How long they may take over TLS, where they first have to agree on keys."""
_ANSWER: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\nRetry-After: 5\r\n"
    b"Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
)


@dataclass(frozen=True)
class _Past:
    """Something that is over, with its time of day."""

    trouble: Trouble
    time: str
    until: float


class Health:
    """How store, charts and the server itself are. `clock` counts seconds."""

    def __init__(self, store: Store, charts: ChartRenderer, clock: Callable[[], float] = time.monotonic) -> None:
        self._store, self._charts, self._clock = store, charts, clock
        self._past: list[_Past] = []
        self._writer = "well"
        self._said: list[TroubleView] = []

    @property
    def is_writing(self) -> bool:
        """Whether what came last could be written."""
        return self._store.failure is None

    @property
    def is_alive(self) -> bool:
        """Whether the server can go on by itself; else it has to be ended, and started anew."""
        return self._writer not in ("stuck", "dead")

    def look(self) -> bool:
        """Look once, and start again what has died; return whether something else is to be said than before."""
        writer = self._store.tend()
        if writer == "restarted" != self._writer:
            self.note("writer-restarted")
        self._writer = writer
        said, self._said = self._said, self.troubles()
        return said != self._said

    def note(self, trouble: Trouble) -> None:
        """Have the console say for a while that something happened."""
        past = [one for one in self._past if one.trouble != trouble]
        self._past = [*past, _Past(trouble, say_time(moments.now()), self._clock() + REMEMBERED)]

    def troubles(self) -> list[TroubleView]:
        """Return what is wrong now, and then what was, as the console says it."""
        now = [TroubleView(trouble=trouble, time="") for trouble in self._present()]
        self._past = [one for one in self._past if one.until > self._clock()]
        return now + [TroubleView(trouble=one.trouble, time=one.time) for one in self._past]

    def _present(self) -> list[Trouble]:
        failure = self._store.failure
        present: list[Trouble] = ["charts"] if self._charts.is_failing else []
        if self._writer == "stuck":
            return ["writer-stuck", *present]
        if self._writer == "dead":
            return ["writer-dead", *present]
        if failure:
            return ["disk-full" if is_full(failure) else "not-written", *present]
        return present


class LoopWatch:
    """Watches the loop of the thread that makes it.

    `sockets` returns those that listen, each with what encrypts there, or None.
    """

    def __init__(self, sockets: Callable[[], Sequence[tuple[socket.socket, ssl.SSLContext | None]]]) -> None:
        self._sockets = sockets
        self._watched = threading.get_ident()
        self._signs = self._seen = 0
        self._looks = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="loop watch", daemon=True)

    @property
    def is_still(self) -> bool:
        """Whether the loop stands still."""
        return self._looks >= STILL_LOOKS

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """End."""
        self._ended.set()
        if self._thread.ident:
            self._thread.join()

    def sign_of_life(self) -> bool:
        """Note that the loop turns, in the loop itself; return whether it stood still before that."""
        was_still = self.is_still
        self._signs += 1
        self._looks = 0
        return was_still

    def look(self) -> None:
        """Look once, from another thread; answer those who have connected where the loop stands still."""
        if self._signs != self._seen:
            self._seen, self._looks = self._signs, 0
            return
        self._looks += 1
        if self._looks == STILL_LOOKS:
            log_description(f"The event loop stands still at {self._place()}")
        if self.is_still:
            self._answer()

    def _watch(self) -> None:
        while not self._ended.wait(TICK):
            self.look()

    def _place(self) -> str:
        """Return where the loop stands, as file, line and function: never with a value."""
        frame = sys._current_frames().get(self._watched)
        places = traceback.extract_stack(frame)[-1:] if frame else []
        return "".join(f"{place.filename.rpartition('/')[2]}:{place.lineno} in {place.name}" for place in places)

    def _answer(self) -> None:
        listening = dict(self._sockets())
        waiting, _, _ = select.select(list(listening), [], [], 0)
        for one in waiting:
            with contextlib.suppress(OSError):
                while self.is_still:  # until nobody waits: then it raises
                    connection, _ = one.accept()
                    _refuse(connection, listening[one])


def _refuse(connection: socket.socket, tls: ssl.SSLContext | None) -> None:
    """Answer whoever has connected; whoever says nothing, or no TLS where that is spoken, is let go."""
    with contextlib.suppress(OSError), contextlib.ExitStack() as opened:
        opened.enter_context(connection)
        connection.settimeout(TLS_SECONDS if tls else PLAIN_SECONDS)
        if tls:
            connection = opened.enter_context(tls.wrap_socket(connection, server_side=True))
        connection.recv(65_536)
        connection.sendall(_ANSWER)
        connection.shutdown(socket.SHUT_WR)
