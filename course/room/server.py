"""The room's own server: one port for phones, and on this machine alone the pages of the facilitator."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import logging
import secrets
import socket
import ssl
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from tornado import httpserver, netutil, web
from tornado.iostream import IOStream
from tornado.template import Loader

from course.content import words
from course.errors import CannotServe, RoomRefused
from course.room import views
from course.room.answering import refused
from course.room.draw import Drawer
from course.room.events import Channel
from course.room.house import House, OpenRoom
from course.room.people import Allowance
from course.room.script_read import find_script
from course.room.store import Store

HERE: Final = "127.0.0.1"
PAGES: Final = Path(__file__).parent / "pages"
STATIC: Final = Path(__file__).parent / "static"
TICK: Final = 0.25
"""How often, in seconds, what is shown is sent: changes in between go out together."""
ALIVE: Final = 20.0
MOST_BYTES: Final = 16 * 1024
MOST_CONNECTIONS: Final = 12_000
IDLE: Final = 75
"""After so many seconds without a request, a connection is let go."""
JOIN_PACE: Final = (1000.0, 50.0)
ONCE: Final = 60.0
"""How many seconds the link that opens the console is good for."""
SESSION: Final = 24 * 3600
PARTS: Final = {
    "phone": ("main",),
    "console": ("steps", "step", "lines", "parked", "room"),
    "screen": ("main",),
}


class _Listener(httpserver.HTTPServer):
    """An HTTP server that takes no more than it can hold."""

    following: Callable[[], int] = staticmethod(lambda: 0)
    """How many follow events: their connections are no longer this server's own."""

    def handle_stream(self, stream: IOStream, address: Any) -> None:
        """Take a connection, or let it go where there are too many."""
        if len(self._connections) + self.following() >= MOST_CONNECTIONS:
            stream.close()
        else:
            super().handle_stream(stream, address)


class Server:
    """All that pages and handlers share."""

    def __init__(self, store: Store, tls: tuple[str, str] | None = None, name: str = "") -> None:
        self.house = House(store)
        self.drawer = Drawer()
        self.is_secure = tls is not None
        self.names: set[str] = set()
        self.key = secrets.token_hex(32)
        """What the facilitator's own programs show to get a link that opens the console."""
        self.port = 0
        self.is_synthetic = False
        self._tls, self._name = tls, name
        self._script = find_script()
        self._store = store
        self._loader = Loader(str(PAGES), autoescape="xhtml_escape")
        self._channels: dict[tuple[str, str], Channel] = {}
        self._dirty: set[str] = set()
        self._kept: dict[str, dict[str, Any]] = {}
        self._once: dict[str, tuple[str, float]] = {}
        self._joining = Allowance(*JOIN_PACE)
        self._listeners: dict[str, _Listener] = {}
        self._ticking: asyncio.Task[None] | None = None
        self._at = 0
        for room in self.house.rooms.values():
            self._watch(room)

    # Start and stop

    async def start(self, port: int = 0) -> int:
        """Listen on this machine alone; return the port."""
        for logger in ("tornado.access", "tornado.general", "tornado.application"):
            logging.getLogger(logger).setLevel(logging.CRITICAL + 1)  # they name addresses, and what was sent
        await self.house.sweep(datetime.date.today())
        self.port = self._listen(HERE, port, facilitator=True)
        for room in list(self.house.rooms.values()):
            address = room.live.state.let_in
            if address in addresses():
                self.let_in(address)
        self._ticking = asyncio.create_task(self._tick())
        return self.port

    async def stop(self) -> None:
        """Let everyone go and put everything on disk."""
        if self._ticking:
            self._ticking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._ticking
        for channel in self._channels.values():
            channel.end()
        for listener in self._listeners.values():
            listener.stop()
            await listener.close_all_connections()
        await self.drawer.stop()
        await asyncio.get_running_loop().run_in_executor(None, self._store.close)

    def _listen(self, address: str, port: int, *, facilitator: bool) -> int:
        from course.room import console, handlers

        routes = phone_routes(handlers) + (console_routes(console) if facilitator else [])
        app = web.Application(
            [(pattern, handler, {"host": self}) for pattern, handler in routes]
            + [(r"/static/(.+)", _Static, {"path": str(STATIC), "host": self})],
            default_handler_class=handlers.Nowhere,
            default_handler_args={"host": self},
            log_function=lambda handler: None,
            static_path=str(STATIC),
            compress_response=False,
        )
        listener = _Listener(
            app,
            ssl_options=_tls(self._tls),
            max_body_size=MOST_BYTES,
            max_header_size=MOST_BYTES,
            idle_connection_timeout=IDLE,
            body_timeout=10,
            no_keep_alive=False,
        )
        listener.following = lambda: sum(map(len, self._channels.values()))
        try:
            sockets = netutil.bind_sockets(port, address, family=socket.AF_INET, backlog=4096)
        except OSError as error:
            raise CannotServe(
                f"Port {port} of {address} is taken or not allowed.", "Name another: course workshop --port N"
            ) from error
        listener.add_sockets(sockets)
        self._listeners[address] = listener
        number = int(sockets[0].getsockname()[1])
        self.names |= {f"{one}:{number}" for one in (address, *(("localhost",) if address == HERE else ()))}
        if self._name:
            self.names |= {f"{self._name}:{number}", *({self._name} if number in (80, 443) else ())}
        return number

    def let_in(self, address: str) -> None:
        """Let phones reach this machine at one of its addresses, or at none but its own."""
        if address and address not in addresses():
            raise refused("no-address")
        for other in [one for one in self._listeners if one != HERE]:
            self._listeners.pop(other).stop()
            self.names.discard(f"{other}:{self.port}")
        if address:
            self._listen(address, self.port, facilitator=False)
        self._dirty |= set(self.house.rooms)

    # What pages need

    def top(self, room: OpenRoom | None = None) -> dict[str, Any]:
        """Return what every page has."""
        room = room or next(iter(self.house.rooms.values()), None)
        script = room.live.script if room else self._script
        return {"title": script.title, "language": script.language}

    def render(self, template: str, **given: Any) -> bytes:
        """Return a page, with all that people wrote escaped."""
        return self._loader.load(template).generate(words=self._words(), static=_static, **given)

    def _words(self) -> dict[str, str]:
        room = next(iter(self.house.rooms.values()), None)
        return dict((room.live.script if room else self._script).words)

    def around(self, room: OpenRoom) -> views.Surroundings:
        """Return what a room's pages say of this server."""
        let_in = next((one for one in self._listeners if one != HERE), "")
        scheme = "https" if self.is_secure else "http"
        return views.Surroundings(
            address=f"{scheme}://{(self._name if let_in else '') or let_in or HERE}:{self.port}",
            is_secure=self.is_secure,
            addresses=addresses(),
            let_in=let_in,
            is_synthetic=self.is_synthetic,
        )

    def pace_joining(self) -> None:
        """Refuse to let phones in faster than people can come."""
        wait = self._joining.take(time.monotonic())
        if wait:
            raise RoomRefused(words("room.too-fast"), words("room.too-fast-hint"), 429, int(wait) + 1)

    def log_fault(self, error: BaseException) -> None:
        """Log where a fault of ours is: not what people sent, nor from where."""
        places = [f"{one.filename}:{one.lineno}" for one in traceback.extract_tb(error.__traceback__)[-3:]]
        logging.getLogger("course.room").error("%s at %s", type(error).__name__, " < ".join(reversed(places)))

    # The facilitator's way in

    def new_once(self, room: str) -> str:
        """Return the path of a link that opens the console of a room, once and soon."""
        self._once = {name: kept for name, kept in self._once.items() if kept[1] > time.monotonic()}
        name = secrets.token_hex(16)
        self._once[name] = (room, time.monotonic() + ONCE)
        return f"/facilitator/{name}"

    def use_once(self, name: str) -> OpenRoom:
        """Return the room that such a link opens; it is then used up."""
        room, until = self._once.pop(name, ("", 0.0))
        if time.monotonic() >= until:
            raise refused("not-host", 403)
        return self.house.find(room)

    # Events

    def channel(self, room: OpenRoom, page: str) -> Channel:
        """Return those who follow a page of a room, brought up to date."""
        key = (room.room, page)
        if key not in self._channels:
            self._channels[key] = Channel()
        if not len(self._channels[key]):
            self._show(room, page)
        return self._channels[key]

    async def erase(self, room: OpenRoom) -> None:
        """Erase a room and let its phones go."""
        await self.house.erase(room.room)
        for page in PARTS:
            channel = self._channels.pop((room.room, page), None)
            if channel:
                channel.end()

    def end_phones(self, room: OpenRoom) -> None:
        """Tell phones that their room is closed."""
        channel = self._channels.pop((room.room, "phone"), None)
        if channel:
            channel.end()

    def watch(self, room: OpenRoom) -> None:
        """Send what changes in a room to those who follow it."""
        self._watch(room)
        self._dirty.add(room.room)

    def _watch(self, room: OpenRoom) -> None:
        room.changed = lambda: self._dirty.add(room.room)

    async def _tick(self) -> None:
        """A few times a second, send what has changed; now and then, a sign of life."""
        alive = time.monotonic() + ALIVE
        while True:
            await asyncio.sleep(TICK)
            dirty, self._dirty = self._dirty, set()
            for name in dirty & set(self.house.rooms):
                try:
                    await self._send(self.house.rooms[name])
                except Exception as error:
                    self._dirty.add(name)
                    self.log_fault(error)
            if time.monotonic() > alive:
                alive = time.monotonic() + ALIVE
                for channel in self._channels.values():
                    channel.keep_alive()

    async def _send(self, room: OpenRoom) -> None:
        """Show what is on disk."""
        await room.settled()
        for page in PARTS:
            if len(self._channels.get((room.room, page), ())):
                self._show(room, page)

    def _show(self, room: OpenRoom, page: str) -> None:
        self._at += 1
        view = self.view(room, page)
        parts = {part: self.render(f"{page}_{part}.html", view=view).decode() for part in PARTS[page]}
        self._channels[room.room, page].show(self._at, parts)

    async def settled_view(self, room: OpenRoom, page: str) -> dict[str, Any]:
        """Return what a page of a room may show, once what the facilitator did last is on disk."""
        await room.settled()
        return self.view(room, page)

    def view(self, room: OpenRoom, page: str) -> dict[str, Any]:
        """Return what a page of a room may show now."""
        if page == "phone":
            return views.phone(room)
        make: Callable[..., dict[str, Any]] = views.screen if page == "screen" else views.console
        return make(room, self.around(room), time.time())


class _Static(web.StaticFileHandler):
    """Files of the pages, with the same safe headers."""

    def initialize(self, path: str, host: Server) -> None:  # type: ignore[override]
        """Learn where they are."""
        super().initialize(path)
        self._host = host

    def set_extra_headers(self, path: str) -> None:
        """Let browsers keep them for a while, and be strict as everywhere."""
        from course.room.handlers import SAFE

        for name, value in SAFE.items():
            if name != "Cache-Control":
                self.set_header(name, value)

    def prepare(self) -> None:
        """Answer our own names only."""
        if self.request.host.lower() not in self._host.names:
            raise web.HTTPError(421)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Say nothing of files."""
        self.finish(b"")

    def log_exception(self, *info: Any) -> None:
        """Log nothing that was sent."""


def phone_routes(handlers: Any) -> list[tuple[str, Any]]:
    """Return what phones can reach."""
    return [
        (r"/r/([0-9a-f]{8})/answer", handlers.Reply),  # first, as it is asked for most
        (r"/", handlers.Door),
        (r"/j/([0-9a-f]{32})", handlers.Welcome),
        (r"/r/([0-9a-f]{8})/", handlers.Phone),
        (r"/r/([0-9a-f]{8})/mine", handlers.Mine),
        (r"/r/([0-9a-f]{8})/events", handlers.PhoneEvents),
    ]


def console_routes(console: Any) -> list[tuple[str, Any]]:
    """Return what only this machine can reach."""
    return [
        (r"/facilitator/once", console.Once),
        (r"/facilitator/([0-9a-f]{32})", console.Enter),
        (r"/console/([0-9a-f]{8})/", console.Console),
        (r"/console/([0-9a-f]{8})/act", console.Act),
        (r"/console/([0-9a-f]{8})/events", console.ConsoleEvents),
        (r"/console/([0-9a-f]{8})/screen", console.Screen),
        (r"/console/([0-9a-f]{8})/screen/events", console.ScreenEvents),
        (r"/console/([0-9a-f]{8})/chart/([A-Za-z0-9-]{1,80})", console.ChartPicture),
        (r"/console/([0-9a-f]{8})/cards", console.Cards),
        (r"/console/([0-9a-f]{8})/export\.(html|csv|json)", console.TakeAway),
    ]


def addresses() -> list[str]:
    """Return the addresses by which others on the network may reach this machine."""
    found: list[str] = []
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # nothing is sent; it only asks which way it would go
        found.append(probe.getsockname()[0])
    with contextlib.suppress(OSError):
        found += [str(info[4][0]) for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)]
    return [one for one in dict.fromkeys(found) if not one.startswith("127.")]


def _static(name: str) -> str:
    """Return the address of a file of the pages, which changes with the file."""
    return web.StaticFileHandler.make_static_url({"static_path": str(STATIC), "static_url_prefix": "/static/"}, name)


def _tls(files: tuple[str, str] | None) -> ssl.SSLContext | None:
    if files is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(*files)
    except (OSError, ssl.SSLError) as error:
        raise CannotServe(
            f"The certificate and its key cannot be used: {error}.", "Name both: --certfile FILE --keyfile FILE"
        ) from error
    return context
