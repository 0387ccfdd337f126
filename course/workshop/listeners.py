"""Where the session's server listens: on this machine alone, and at one more address while phones are let in."""

from __future__ import annotations

import contextlib
import socket
import ssl
from collections.abc import Callable
from typing import Any, Final

from tornado import httpserver, netutil, web
from tornado.iostream import IOStream

from course.core.errors import BadCertificate, PortUnavailable
from course.workshop.errors import refused

HERE: Final = "127.0.0.1"
MOST_BYTES: Final = 16 * 1024
MOST_CONNECTIONS: Final = 12_000
"""How many may be connected at once, with those who follow events."""
SPARE: Final = 100
"""How many more this machine itself may have, so that no crowd keeps the facilitator out."""
IDLE: Final = 75
"""After so many seconds without a request, a connection is let go."""


class Listeners:
    """The addresses that are open, and the names by which this server may be called.

    `app` makes what is served: to this machine with the facilitator's pages, to others without. `following` says how
    many follow events: their connections are no longer a listener's own.
    """

    def __init__(
        self,
        app: Callable[[bool], web.Application],
        following: Callable[[], int],
        tls: tuple[str, str] | None = None,
        name: str = "",
    ) -> None:
        self.port = 0
        self.names: set[str] = set()
        self.is_secure = tls is not None
        self._app, self._following, self._name = app, following, name
        self._tls = _context(tls) if tls else None
        self._listeners: dict[str, _Listener] = {}

    @property
    def let_in_at(self) -> str:
        """The address at which phones are let in, or nothing."""
        return next((address for address in self._listeners if address != HERE), "")

    @property
    def address(self) -> str:
        """What phones open, as far as it goes for every session."""
        shown = (self._name if self.let_in_at else "") or self.let_in_at or HERE
        return f"{'https' if self.is_secure else 'http'}://{shown}:{self.port}"

    def addresses(self) -> list[str]:
        """Return the addresses at which phones could be let in."""
        return addresses()

    def start(self, port: int = 0) -> int:
        """Listen on this machine alone; return the port."""
        self.port = self._listen(HERE, port)
        return self.port

    def let_in(self, address: str) -> None:
        """Let phones reach this machine at one of its addresses, or at none but its own."""
        if address and address not in self.addresses():
            raise refused("no-address")
        for other in [address for address in self._listeners if address != HERE]:
            self._listeners.pop(other).stop()
            self.names.discard(f"{other}:{self.port}")
        if address:
            self._listen(address, self.port)

    async def stop(self) -> None:
        """Take no more, and hang up."""
        for listener in self._listeners.values():
            listener.stop()
            await listener.close_all_connections()

    def is_full(self, address: str) -> bool:
        """Say whether as many are connected as may be, for one more at this address."""
        held = sum(listener.held for listener in self._listeners.values())
        return held + self._following() >= MOST_CONNECTIONS + (SPARE if address == HERE else 0)

    def _listen(self, address: str, port: int) -> int:
        try:
            sockets = netutil.bind_sockets(port, address, family=socket.AF_INET, backlog=4096)
        except OSError as error:
            raise PortUnavailable(
                f"Port {port} of {address} is taken or not allowed.", "Name another: course workshop --port N"
            ) from error
        listener = _Listener(
            self._app(address == HERE),
            ssl_options=self._tls,
            max_body_size=MOST_BYTES,
            max_header_size=MOST_BYTES,
            idle_connection_timeout=IDLE,
            body_timeout=10,
        )
        listener.is_full = lambda: self.is_full(address)
        listener.add_sockets(sockets)
        self._listeners[address] = listener
        number = int(sockets[0].getsockname()[1])
        self._answer_to(address, number)
        return number

    def _answer_to(self, address: str, port: int) -> None:
        self.names |= {f"{name}:{port}" for name in (address, *(("localhost",) if address == HERE else ()))}
        if self._name:
            self.names |= {f"{self._name}:{port}", *({self._name} if port in (80, 443) else ())}


class _Listener(httpserver.HTTPServer):
    """An HTTP server that takes no more than it can hold."""

    is_full: Callable[[], bool] = staticmethod(lambda: False)

    @property
    def held(self) -> int:
        """How many connections it has."""
        return len(self._connections)

    def handle_stream(self, stream: IOStream, address: Any) -> None:
        """Take a connection, or let it go where there are too many."""
        if self.is_full():
            stream.close()
        else:
            super().handle_stream(stream, address)


def addresses() -> list[str]:
    """Return the addresses by which others on the network may reach this machine."""
    candidates: list[str] = []
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # nothing is sent; it only asks which way it would go
        candidates.append(probe.getsockname()[0])
    with contextlib.suppress(OSError):
        candidates += [str(info[4][0]) for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)]
    return [address for address in dict.fromkeys(candidates) if not address.startswith("127.")]


def _context(files: tuple[str, str]) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(*files)
    except (OSError, ssl.SSLError) as error:
        raise BadCertificate(
            f"The certificate and its key cannot be used: {error}.", "Name both: --certfile FILE --keyfile FILE"
        ) from error
    return context
