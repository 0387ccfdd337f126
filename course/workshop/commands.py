"""`course workshop`: start the room's server, open the console, and stay until it is stopped."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

import click

from course.content import words
from course.core.errors import BadCertificate, PortUnavailable, RoomNotKept
from course.workshop import process
from course.workshop.script import Script
from course.workshop.script_read import find_script

if TYPE_CHECKING:
    from course.workshop.server import Server
    from course.workshop.session import OpenRoom

FIRST_PORT = 8890
USUAL_MINUTES = 90
"""How long the workshop takes; a script may take longer, and is told so."""


def workshop(
    script: Path | None, port: int | None, tls: tuple[str | None, str | None], name: str, browser: bool, demo: int
) -> None:
    """Open the live room, or go on with the one that is open."""
    chosen = find_script(script)
    minutes = sum(step.minutes for step in chosen.steps)
    if minutes > USUAL_MINUTES:
        click.echo(words("room.long", minutes=minutes, usual=USUAL_MINUTES))
    if bool(tls[0]) != bool(tls[1]):
        raise BadCertificate("TLS needs a certificate and its key.", "Name both: --certfile FILE --keyfile FILE")
    files = (tls[0], tls[1]) if tls[0] and tls[1] else None
    found = process.find("demo" if demo else "rooms")
    if found:
        _show_running(found, browser)
        return
    raise_limits()
    asyncio.run(_run(chosen, script is not None, port, files, name, browser, demo))


async def _run(
    script: Script,
    is_own: bool,
    port: int | None,
    tls: tuple[str, str] | None,
    name: str,
    browser: bool,
    demo: int,
) -> None:
    """Serve until Ctrl-C."""
    from course.workshop.server import Server
    from course.workshop.store import Store

    kind = "demo" if demo else "rooms"
    store = Store(
        f"sqlite:///{process.store_folder(kind) / 'rooms.sqlite'}", asyncio.get_running_loop().call_soon_threadsafe
    )
    try:
        server = Server(store, tls, name)
        server.is_synthetic = bool(demo)
        await _listen(server, port)
        room = await _room(server, script, is_own, bool(demo))
    except BaseException:
        store.close()
        raise
    others = sum(one.people is not None and one is not room for one in server.house.rooms.values())
    if others and not demo:
        click.echo(words("room.others-open", n=others))
    _say_what_is_unread(server)
    stop = _asked_to_stop()
    told = {"port": server.port, "key": server.key, "room": room.room, "secure": bool(tls), "process": os.getpid()}
    file = process.tell(kind, told)
    phones = _say_where(server, room, browser, demo)
    try:
        await stop.wait()
    finally:
        file.unlink(missing_ok=True)
        if phones:
            phones.cancel()
        if demo and room.room in server.house.rooms:
            await server.erase(room)
        await server.stop()
        click.echo(words("room.stopped"))


def _say_what_is_unread(server: Server) -> None:
    """Name the sessions, and the answers and lines in them, that could not be read."""
    for session in server.house.set_aside.values():
        click.echo(words("room.set-aside", room=session.room, why=session.why))
    for room in server.house.rooms.values():
        if room.unread_rows:
            click.echo(words("room.set-aside-rows", n=room.unread_rows, title=room.live.script.title))


def _asked_to_stop() -> asyncio.Event:
    """Return what Ctrl-C sets, or who ends this process kindly."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
    return stop


async def _listen(server: Server, port: int | None) -> None:
    """Listen on the port that was named, else on the first that is free."""
    ports = [port] if port else [*range(FIRST_PORT, FIRST_PORT + 20), 0]
    for one in ports:
        try:
            await server.start(one)
            return
        except PortUnavailable:
            if one == ports[-1]:
                raise


async def _room(server: Server, script: Script, is_own: bool, is_demo: bool) -> OpenRoom:
    """Return the latest room that is still open, with one's own script only one of that script; else a new one."""
    for room in sorted(server.house.rooms.values(), key=lambda room: room.live.state.made, reverse=True):
        if room.people and not is_demo and (not is_own or room.live.script.text == script.text):
            return room
    room = await server.house.new_room(script)
    server.watch(room)
    return room


def _say_where(server: Server, room: OpenRoom, browser: bool, demo: int) -> asyncio.Task[None] | None:
    """Say how to get in, and open the console."""
    address = f"{'https' if server.is_secure else 'http'}://127.0.0.1:{server.port}{server.new_once(room.room)}"
    _open_console(address, browser)
    if not server.is_secure:
        click.echo(words("room.no-tls"))
    click.echo(words("room.stop-demo" if demo else "room.stop"))
    if not demo:
        return None
    from course.workshop.synthetic_phones import Phones

    click.echo(words("room.synthetic", n=demo))
    return asyncio.create_task(Phones(server.port, room.doors.link, demo, is_secure=server.is_secure).run())


def _show_running(found: process.Running, browser: bool) -> None:
    """Open the console of the server that runs already."""
    try:
        link = process.fresh_link(found)
    except OSError as error:
        raise RoomNotKept(words("room.store-taken"), words("room.store-taken-hint")) from error
    click.echo(words("room.runs"))
    _open_console(link, browser)


def _open_console(address: str, browser: bool) -> None:
    """Open the console, or say how."""
    if browser and webbrowser.open(address):
        click.echo(words("room.opened"))
    else:
        click.echo(words("room.open-yourself", address=address))


def raise_limits() -> None:
    """Ask for as many open connections as this system grants, and tidy memory less often than each few answers."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    if os.name != "posix":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 32_768 if hard == resource.RLIM_INFINITY else min(hard, 32_768)
    if soft < wanted:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
