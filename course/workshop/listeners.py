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

LOOPBACK: Final = "127.0.0.1"
MOST_BYTES: Final = 16 * 1024
"""How long a request's headers, or its body, may be."""
MOST_CONNECTIONS: Final = 12_000
"""How many connections may be open at once, with those that follow events."""
SPARE_FOR_LOOPBACK: Final = 100
"""How many more connections come from this machine itself, so that no crowd keeps the facilitator out."""
IDLE_SECONDS: Final = 75
"""After how many seconds without a request a connection is closed."""


class Listeners:
    """The addresses that are open, and the names by which this server may be called.

    `app` makes what is served: to this machine with the facilitator's pages, to others without. `follower_count`
    returns how many connections follow events: a listener no longer counts those itself.
    """

    def __init__(
        self,
        app: Callable[[bool], web.Application],
        follower_count: Callable[[], int],
        tls: tuple[str, str] | None = None,
        name: str = "",
    ) -> None:
        self.port = 0
        self.names: set[str] = set()
        self.is_secure = tls is not None
        self._app, self._follower_count, self._name = app, follower_count, name
        self._tls = _tls_context(tls) if tls else None
        self._listeners: dict[str, _Listener] = {}

    @property
    def let_in_at(self) -> str:
        """The address at which phones are let in, or nothing."""
        return next((address for address in self._listeners if address != LOOPBACK), "")

    @property
    def address(self) -> str:
        """The start of every address that phones open, such as http://192.168.1.20:8890."""
        shown = (self._name if self.let_in_at else "") or self.let_in_at or LOOPBACK
        return f"{'https' if self.is_secure else 'http'}://{shown}:{self.port}"

    def addresses(self) -> list[str]:
        """Return the addresses at which phones could be let in."""
        return addresses()

    def start(self, port: int = 0) -> int:
        """Listen on this machine alone; return the port. Raises PortUnavailable."""
        self.port = self._listen(LOOPBACK, port)
        return self.port

    def let_in(self, address: str) -> None:
        """Let phones reach this machine at one of its addresses; at none if it is empty. Raises SessionRefused."""
        if address and address not in self.addresses():
            raise refused("no-address")
        for other in [address for address in self._listeners if address != LOOPBACK]:
            self._listeners.pop(other).stop()
            self.names.discard(f"{other}:{self.port}")
        if address:
            self._listen(address, self.port)

    async def stop(self) -> None:
        """Take no more connections, and close those that are open."""
        for listener in self._listeners.values():
            listener.stop()
            await listener.close_all_connections()

    def is_full(self, address: str) -> bool:
        """Whether one more connection at this address would be too many."""
        connected = sum(listener.connection_count for listener in self._listeners.values())
        return connected + self._follower_count() >= MOST_CONNECTIONS + (
            SPARE_FOR_LOOPBACK if address == LOOPBACK else 0
        )

    def _listen(self, address: str, port: int) -> int:
        try:
            sockets = netutil.bind_sockets(port, address, family=socket.AF_INET, backlog=4096)
        except OSError as error:
            raise PortUnavailable(
                f"Port {port} of {address} is taken or not allowed.", "Name another: course workshop --port N"
            ) from error
        listener = _Listener(
            self._app(address == LOOPBACK),
            ssl_options=self._tls,
            max_body_size=MOST_BYTES,
            max_header_size=MOST_BYTES,
            idle_connection_timeout=IDLE_SECONDS,
            body_timeout=10,
        )
        listener.is_full = lambda: self.is_full(address)
        listener.add_sockets(sockets)
        self._listeners[address] = listener
        number = int(sockets[0].getsockname()[1])
        self._add_names(address, number)
        return number

    def _add_names(self, address: str, port: int) -> None:
        self.names |= {f"{name}:{port}" for name in (address, *(("localhost",) if address == LOOPBACK else ()))}
        if self._name:
            self.names |= {f"{self._name}:{port}", *({self._name} if port in (80, 443) else ())}


class _Listener(httpserver.HTTPServer):
    """An HTTP server that closes a new connection while there are too many."""

    is_full: Callable[[], bool] = staticmethod(lambda: False)

    @property
    def connection_count(self) -> int:
        """How many connections are open."""
        return len(self._connections)

    def handle_stream(self, stream: IOStream, address: Any) -> None:
        """Take a connection, or close it where there are too many."""
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


def _tls_context(files: tuple[str, str]) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(*files)
    except (OSError, ssl.SSLError) as error:
        raise BadCertificate(
            f"The certificate and its key cannot be used: {error}.", "Name both: --certfile FILE --keyfile FILE"
        ) from error
    return context
