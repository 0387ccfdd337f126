"""`course workshop`: start the server of a session, or find the one that runs, and open its console."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import os
import signal
import urllib.error
import webbrowser
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from course.content import words
from course.core.errors import BadCertificate, PortUnavailable, StoreUnusable
from course.core.local_server import ask
from course.core.settings import settings
from course.core.storage import write_whole
from course.workshop.script import Script, find_script

if TYPE_CHECKING:
    from course.workshop.server import Server
    from course.workshop.session import Session

FIRST_PORT: Final = 8890
USUAL_MINUTES: Final = {"short": 90, "long": 120}
"""How many minutes the workshop takes, by length. The command says so where a script takes longer."""
REAL, DEMO = "rooms", "demo"
"""The two kinds of store, each in a folder of this name: for people, and for synthetic phones."""


def workshop(
    script: Path | None,
    is_long: bool,
    port: int | None,
    tls: tuple[str | None, str | None],
    name: str,
    browser: bool,
    demo: int,
    when_open: Callable[[], None],
) -> None:
    """Open the live session, or go on with the one that is open; `when_open` is called once its console can be used."""
    chosen = find_script(script, is_long=is_long)
    minutes, usual = sum(step.minutes for step in chosen.steps), USUAL_MINUTES[chosen.length]
    if minutes > usual:
        click.echo(words("session.long", minutes=minutes, usual=usual))
    if bool(tls[0]) != bool(tls[1]):
        raise BadCertificate("TLS needs a certificate and its key.", "Name both: --certfile FILE --keyfile FILE")
    files = (tls[0], tls[1]) if tls[0] and tls[1] else None
    running = find_running(DEMO if demo else REAL)
    if running:
        _show_running(running, browser)
        return
    raise_process_limits()
    asyncio.run(_run(chosen, is_long or script is not None, port, files, name, browser, demo, when_open))


async def _run(
    script: Script,
    is_chosen: bool,
    port: int | None,
    tls: tuple[str, str] | None,
    name: str,
    browser: bool,
    demo: int,
    when_open: Callable[[], None],
) -> None:
    """Serve until Ctrl-C."""
    from course.workshop.server import Server
    from course.workshop.store import Store

    kind = DEMO if demo else REAL
    deliver = asyncio.get_running_loop().call_soon_threadsafe
    store = Store(f"sqlite:///{store_folder(kind) / 'rooms.sqlite'}", deliver)
    try:
        server = Server(store, tls, name)
        server.is_synthetic = bool(demo)
        await _listen(server, port)
        session = await _session(server, script, is_chosen, bool(demo))
    except BaseException:
        store.close()
        raise
    _say_what_else_is_there(server, session, bool(demo))
    stop = _stop_event()
    file = write_running(kind, RunningServer(server.port, server.key, session.id, bool(tls), os.getpid()))
    _say_where(server, session, browser, bool(demo))
    when_open()
    phones = _start_synthetic_phones(server, session, demo) if demo else None
    try:
        await stop.wait()
    finally:
        file.unlink(missing_ok=True)
        if phones:
            phones.cancel()
        if demo and session.id in server.sessions.by_id:
            await server.erase(session)
        await server.stop()
        click.echo(words("session.stopped"))


def _say_what_else_is_there(server: Server, session: Session, is_demo: bool) -> None:
    """Say how many other sessions are open; name those that could not be read, and the answers and lines in others."""
    others = sum(other.is_open and other is not session for other in server.sessions.by_id.values())
    if others and not is_demo:
        click.echo(words("session.others-open", n=others))
    for unread in server.sessions.unread.values():
        click.echo(words("session.set-aside", room=unread.id, why=unread.why))
    for other in server.sessions.by_id.values():
        if other.unread:
            click.echo(words("session.set-aside-rows", n=other.unread, title=other.model.script.title))


def _stop_event() -> asyncio.Event:
    """Return an event that Ctrl-C sets, and a request to end this process."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
    return stop


async def _listen(server: Server, port: int | None) -> None:
    """Listen on the port that was named, else on the first that is free."""
    candidates = [port] if port else [*range(FIRST_PORT, FIRST_PORT + 20), 0]
    for candidate in candidates:
        try:
            await server.start(candidate)
            return
        except PortUnavailable:
            if candidate == candidates[-1]:
                raise


async def _session(server: Server, script: Script, is_chosen: bool, is_demo: bool) -> Session:
    """Return the latest session that is still open, of the chosen script where one was chosen; else a new one."""
    by_age = sorted(server.sessions.by_id.values(), key=lambda session: session.model.state.made)
    for session in reversed(by_age):
        if session.is_open and not is_demo and (not is_chosen or session.model.script.text == script.text):
            return session
    session = await server.sessions.new_session(script)
    server.broadcast.watch(session)
    return session


def _say_where(server: Server, session: Session, browser: bool, is_demo: bool) -> None:
    """Open the console, and say how the server is stopped."""
    base = f"{'https' if server.is_secure else 'http'}://127.0.0.1:{server.port}"
    _open_console(base + server.new_console_link(session.id), browser)
    if not server.is_secure:
        click.echo(words("session.no-tls"))
    click.echo(words("session.stop-demo" if is_demo else "session.stop"))


def _start_synthetic_phones(server: Server, session: Session, count: int) -> asyncio.Task[None]:
    """Let synthetic phones join and answer until the task is cancelled."""
    from course.workshop.synthetic_phones import SyntheticPhones

    click.echo(words("session.synthetic", n=count))
    phones = SyntheticPhones(server.port, session.access.link, count, is_secure=server.is_secure)
    return asyncio.create_task(phones.run())


def _show_running(running: RunningServer, browser: bool) -> None:
    """Open the console of the server that runs already."""
    try:
        link = fresh_link(running)
    except OSError as error:
        raise StoreUnusable(words("session.store-taken"), words("session.store-taken-hint")) from error
    click.echo(words("session.runs"))
    _open_console(link, browser)


def _open_console(address: str, browser: bool) -> None:
    """Open the console in the browser, or say which address to open."""
    if browser and webbrowser.open(address):
        click.echo(words("session.opened"))
    else:
        click.echo(words("session.open-yourself", address=address))


def raise_process_limits() -> None:
    """Raise this process's limit on open connections as far as the system allows, and collect garbage less often."""
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


# The server that runs already


@dataclass(frozen=True)
class RunningServer:
    """How the facilitator's own programs reach a server: its port and key, its session, its process."""

    port: int
    key: str
    session: str
    secure: bool
    process: int


def store_folder(kind: str) -> Path:
    """Return the folder of a kind of store (`rooms`, `demo`), which its owner alone can read."""
    folder = settings().data / "workshop" / kind
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise StoreUnusable(words("session.store-unreadable"), words("session.store-unreadable-hint")) from error
    return folder


def write_running(kind: str, running: RunningServer) -> Path:
    """Write how a server is reached to a file that its owner alone can read; return it, to remove when it stops."""
    path = store_folder(kind) / "running.json"
    write_whole(path, json.dumps(asdict(running)).encode())
    return path


def find_running(kind: str) -> RunningServer | None:
    """Return the server of that kind of store if it answers, also where its session is deleted; else None."""
    try:
        running = RunningServer(**json.loads((store_folder(kind) / "running.json").read_text(encoding="utf-8")))
        fresh_link(running)
    except urllib.error.HTTPError as refusal:
        return running if refusal.code == 404 else None
    except (OSError, ValueError, TypeError):
        return None
    return running


def fresh_link(running: RunningServer) -> str:
    """Return a link that opens the console once, within a minute; raises HTTPError where the session is gone."""
    base = f"{'https' if running.secure else 'http'}://127.0.0.1:{running.port}"
    return base + ask(f"{base}/facilitator/once", {"session": running.session}, f"Bearer {running.key}", "open")
