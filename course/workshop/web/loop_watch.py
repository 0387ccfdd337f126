"""Notices when the server's event loop stands still, and answers in its place that phones are to try again.

It looks from a thread of its own, and answers over TLS too where phones come in over that. Whoever has connected before
that waits, or gives up and asks again: so do a web server's connections that it keeps open.
"""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
import sys
import threading
import traceback
from collections.abc import Callable, Sequence
from typing import Final

from course.workshop.errors import log_description

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
