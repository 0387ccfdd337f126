"""Where the session's server listens: on this machine alone, and where phones are let in.

The console's pages are served on this machine alone, in the clear. Phones come in at one address of this machine, over
TLS where there is a certificate; or through a reverse proxy, for which there is a port of its own without the console.
The proxy's public address is set here, and nothing that a request says of itself takes its place: no forwarded header
is read.
"""

from __future__ import annotations

import re
import socket
import ssl
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tornado import httpserver, web
from tornado.iostream import IOStream

from course.content import words
from course.core.errors import BadAddress, PortUnavailable
from course.workshop.access.networks import Network, networks, read_own_address
from course.workshop.errors import refused

if TYPE_CHECKING:
    from course.workshop.web.certificate import Tls

LOOPBACK: Final = "127.0.0.1"
MOST_BYTES: Final = 16 * 1024
"""How long a request's headers, or its body, may be."""
MOST_CONNECTIONS: Final = 12_000
"""How many connections may be open at once, with those that follow events."""
SPARE_FOR_LOOPBACK: Final = 100
"""How many more connections come to the console, so that no crowd keeps the facilitator out."""
IDLE_SECONDS: Final = 75
"""After how many seconds without a request a connection is closed."""
_PATH: Final = re.compile(r"(/[A-Za-z0-9._~-]+)*")
_HOST: Final = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\]")
_USUAL_PORTS: Final = {"https": 443, "http": 80}


@dataclass(frozen=True)
class Endpoint:
    """What is known of a request by where it came in, and by nothing that it says of itself."""

    address: str
    """The start of every address that is opened there, such as http://192.168.1.20:8890."""
    names: frozenset[str]
    """What a request may call this server, in small letters."""
    origins: frozenset[str]
    """Whose pages may send something."""
    is_secure: bool = False
    """Whether browsers are to send cookies over https alone."""
    has_console: bool = False
    """Whether the facilitator's pages are served."""
    is_proxied: bool = False
    """Whether a reverse proxy is in between, so that all requests come from this computer or the proxy's."""
    has_phones: bool = True
    """Whether the phones' pages are served."""
    is_own: bool = False
    """Whether this machine alone can reach it, and no proxy leads there."""


class Listeners:
    """The addresses that are open.

    `app` makes what is served at an endpoint. `follower_count` returns how many connections follow events: a listener
    no longer counts those itself. With a public address, phones come in through a proxy at `proxy_port`, and `port` is
    the console's alone. Where facilitators log in (`has_login`), they come through the proxy too, and nothing but
    what says how the server is can be reached at `port`: other people may use this machine. `proxy_at` is the address
    of this machine at which the proxy comes in.
    """

    def __init__(
        self,
        app: Callable[[Endpoint], web.Application],
        follower_count: Callable[[], int],
        tls: Tls | None = None,
        name: str = "",
        public: PublicAddress | None = None,
        *,
        has_login: bool = False,
        proxy_at: str = LOOPBACK,
    ) -> None:
        self.port = 0
        self.proxy_port = 0
        self.public = public
        self._app, self._follower_count, self._name, self._tls = app, follower_count, name, tls
        self._has_login, self._proxy_at = has_login, proxy_at
        self._console: _Listener | None = None
        self._phones: _Listener | None = None
        self._let_in_at = ""

    @property
    def let_in_at(self) -> str:
        """The address of this machine at which phones are let in, or nothing."""
        return self._let_in_at

    @property
    def is_secure(self) -> bool:
        """Whether others on the network cannot read what phones send."""
        return self.public.is_secure if self.public else self._tls is not None

    @property
    def is_open(self) -> bool:
        """Whether phones are let in anywhere."""
        return self._phones is not None

    @property
    def address(self) -> str:
        """The start of every address that phones open, such as http://192.168.1.20:8890."""
        listener = self._phones or self._console
        return listener.endpoint.address if listener else ""

    @property
    def phones_port(self) -> int:
        """The port at which phones, or the proxy that they come through, look for this server."""
        return self.proxy_port if self.public else self.port

    def networks(self) -> list[Network]:
        """Return the networks on which phones could be let in; none where they come through a proxy."""
        return [] if self.public else networks()

    def start(self, port: int = 0, console_port: int = 0) -> int:
        """Listen on this machine alone, and with a public address for the proxy; return the port that was asked for.

        The console has the same port, or with a public address one of its own: where it had it before, if that is free.
        Raises PortUnavailable.
        """
        if self.public:
            self._phones = self._listen(self._proxy_at, port, self._proxy_endpoint)
            self.proxy_port = self._phones.port
            try:
                self._console = self._listen(LOOPBACK, console_port, self._own_endpoint)
            except PortUnavailable:
                self._console = self._listen(LOOPBACK, 0, self._own_endpoint)
        else:
            self._console = self._listen(LOOPBACK, port, self._own_endpoint)
        self.port = self._console.port
        return self.phones_port

    def let_in(self, address: str) -> None:
        """Let phones reach this machine at one of its addresses; at none if it is empty. Raises SessionRefused."""
        if self.public:
            raise refused("no-action")
        if address and address not in (network.address for network in self.networks()):
            address = read_own_address(address)
        if address and self._tls and not self._name and not self._tls.fits(address):
            raise refused("certificate-address", 409, address=address, names=self._tls.names_in_words)
        if address == self._let_in_at:
            return
        try:
            phones = self._listen(address, self.port, self._network_endpoint) if address else None
        except PortUnavailable:
            raise refused("address-taken", 409, port=self.port) from None
        if self._phones:
            self._phones.stop()
        self._phones, self._let_in_at = phones, address

    def sockets(self) -> list[tuple[socket.socket, ssl.SSLContext | None]]:
        """Return what listens, each with what encrypts there; None where that is in the clear."""
        listeners = filter(None, (self._console, self._phones))
        return [(listening, listener.tls) for listener in listeners for listening in listener.sockets]

    def take_no_more(self) -> None:
        """Take no more connections; those that are open stay."""
        for listener in filter(None, (self._phones, self._console)):
            listener.stop()

    async def stop(self) -> None:
        """Take no more connections, and close those that are open."""
        self.take_no_more()
        for listener in filter(None, (self._phones, self._console)):
            await listener.close_all_connections()

    def is_full(self, endpoint: Endpoint) -> bool:
        """Whether one more connection at an endpoint would be too many."""
        connected = sum(listener.connection_count for listener in filter(None, (self._phones, self._console)))
        most = MOST_CONNECTIONS + (SPARE_FOR_LOOPBACK if endpoint.has_console else 0)
        return connected + self._follower_count() >= most

    def _proxy_endpoint(self, address: str, port: int) -> Endpoint:
        """Return where the proxy comes in: under the public name, or as many proxies do it, under this address."""
        assert self.public
        names = {*self.public.names, f"{address}:{port}", f"localhost:{port}"}
        origins = frozenset({self.public.origin})
        return Endpoint(
            self.public.address,
            frozenset(names),
            origins,
            self.public.is_secure,
            has_console=self._has_login,
            is_proxied=True,
        )

    def _network_endpoint(self, address: str, port: int) -> Endpoint:
        scheme, usual_port = ("https", 443) if self._tls else ("http", 80)
        hosts = [self._name.lower(), address] if self._name else [address]
        names = {f"{host}:{port}" for host in hosts} | (set(hosts) if port == usual_port else set())
        origins = frozenset(f"{scheme}://{name}" for name in names)
        return Endpoint(f"{scheme}://{hosts[0]}:{port}", frozenset(names), origins, self._tls is not None)

    def _own_endpoint(self, address: str, port: int) -> Endpoint:
        """Return what this machine itself asks: the console, unless facilitators log in."""
        names = frozenset({f"{address}:{port}", f"localhost:{port}"})
        origins = frozenset(f"http://{name}" for name in names)
        return Endpoint(
            f"http://{address}:{port}",
            names,
            origins,
            has_console=not self._has_login,
            has_phones=not self._has_login,
            is_own=True,
        )

    def _listen(self, address: str, port: int, endpoint_of: Callable[[str, int], Endpoint]) -> _Listener:
        try:
            listening = socket.create_server((address, port), backlog=4096)  # tornado's own leaks one that fails
        except OSError as error:
            raise PortUnavailable(
                words("session.port-taken", port=port, address=address), words("session.port-taken-hint")
            ) from error
        endpoint = endpoint_of(address, int(listening.getsockname()[1]))
        tls = self._tls.context if self._tls and not (endpoint.has_console or endpoint.is_proxied) else None
        listener = _Listener(
            self._app(endpoint),
            ssl_options=tls,
            max_body_size=MOST_BYTES,
            max_header_size=MOST_BYTES,
            idle_connection_timeout=IDLE_SECONDS,
            body_timeout=10,
        )
        listener.tls = tls
        listener.endpoint, listener.port = endpoint, int(listening.getsockname()[1])
        listener.is_full = lambda: self.is_full(endpoint)
        listening.setblocking(False)
        listener.add_socket(listening)
        return listener


class _Listener(httpserver.HTTPServer):
    """An HTTP server that closes a new connection while there are too many."""

    endpoint: Endpoint
    port: int
    tls: ssl.SSLContext | None
    is_full: Callable[[], bool] = staticmethod(lambda: False)

    @property
    def sockets(self) -> list[socket.socket]:
        """What it listens with."""
        return [*self._sockets.values()]

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


@dataclass(frozen=True)
class PublicAddress:
    """The parts of a public address."""

    origin: str
    """What browsers say of a page there, such as https://example.org."""
    base: str
    """Where its pages begin, such as /rooms; empty at the top."""
    names: frozenset[str]
    """What a proxy may pass on as the name that was asked for, in small letters."""

    @property
    def address(self) -> str:
        """The start of every address that phones open."""
        return self.origin + self.base

    @property
    def is_secure(self) -> bool:
        """Whether browsers speak to the proxy over https."""
        return self.origin.startswith("https:")


def read_public_address(typed: str) -> PublicAddress:
    """Return the parts of a public address; raises BadAddress, which says what is wrong.

    >>> read_public_address("https://Trust.example.org/rooms/").address
    'https://trust.example.org/rooms'
    """
    try:
        parts = urllib.parse.urlsplit(typed.strip())
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise _bad_address() from None
    host = f"[{host}]" if ":" in host else host
    path = parts.path.rstrip("/")
    is_plain = not (parts.query or parts.fragment or "@" in parts.netloc)
    if parts.scheme not in _USUAL_PORTS or not _HOST.fullmatch(host) or not _PATH.fullmatch(path) or not is_plain:
        raise _bad_address()
    usual = _USUAL_PORTS[parts.scheme]
    names = {host, f"{host}:{usual}"} if port in (None, usual) else {f"{host}:{port}", host}
    origin = f"{parts.scheme}://{host}" + ("" if port in (None, usual) else f":{port}")
    return PublicAddress(origin, path, frozenset(names))


def _bad_address() -> BadAddress:
    return BadAddress(words("session.public-address"), words("session.public-address-hint"))
