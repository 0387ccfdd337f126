"""`course workshop`: start the server of a session, or find the one that runs, and open its console."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import gc
import os
import signal
import sys
import time
import webbrowser
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from course.content import say_day, words
from course.core.errors import BadAddress, BadCertificate, BadContent, PortUnavailable, SessionRefused, StoreUnusable
from course.core.settings import settings
from course.core.steady_clock import SteadyClock
from course.workshop.running_server import (
    RunningServer,
    find_running,
    fresh_link,
    link_at_worker,
    store_folder,
    write_running,
)
from course.workshop.script.follow_up import find_follow_up
from course.workshop.script.script import Script, find_script
from course.workshop.sessions.overdue import DEMO, REAL, clock_file, key_folder, store_url
from course.workshop.wire import MOST_DAYS

if TYPE_CHECKING:
    from course.workshop.sessions.session import Session
    from course.workshop.web.certificate import Tls
    from course.workshop.web.context import MadeUpPhones
    from course.workshop.web.hub_login import HubClient
    from course.workshop.web.listeners import PublicAddress
    from course.workshop.web.server import Server, ServerPart

MakePart = Callable[["PublicAddress | None"], "ServerPart"]
"""Makes something else that the server serves, for the public address that it has."""
FIRST_PORT: Final = 8890
USUAL_MINUTES: Final = {"short": 90, "long": 120}
"""How many minutes the workshop takes, by length. The command says so where a script takes longer."""


@dataclass(frozen=True)
class ListenOptions:
    """Where and how the server listens, as it was asked for."""

    port: int | None = None
    certfile: str | None = None
    keyfile: str | None = None
    name: str = ""
    public_address: str | None = None
    """Without it, the setting counts."""
    proxy_at: str = "127.0.0.1"
    """At which address of this computer the proxy in front of a worker comes in."""

    def check(self) -> None:
        """Raise BadCertificate or BadAddress for what cannot be, and say what phones will warn of."""
        if bool(self.certfile) != bool(self.keyfile):
            raise BadCertificate(words("session.certificate-half"), words("session.certificate-hint"))
        self.public()
        tls = self.tls()
        if tls and tls.is_self_signed:
            click.echo(words("session.certificate-own"))

    def tls(self) -> Tls | None:
        """Return what encrypts, or None without a certificate. Raises BadCertificate."""
        from course.workshop.web.certificate import read_tls

        return read_tls(self.certfile, self.keyfile, self.name) if self.certfile and self.keyfile else None

    def hub(self) -> HubClient | None:
        """Return the Hub that says who facilitators are, or None. Raises BadAddress."""
        from course.workshop.web.hub_login import read_hub

        return read_hub(settings(), settings().public_address if self.public_address is None else self.public_address)

    def public(self) -> PublicAddress | None:
        """Return the public address, or None. Raises BadAddress, also beside a certificate, which the proxy has."""
        from course.workshop.web.listeners import read_public_address

        typed = settings().public_address if self.public_address is None else self.public_address
        if typed and (self.certfile or self.name):
            raise BadAddress(words("session.public-certificate"), words("session.public-certificate-hint"))
        return read_public_address(typed) if typed else None


def workshop(
    script: Path | None,
    follow_up: Sequence[Path],
    is_long: bool,
    listening: ListenOptions,
    browser: bool,
    demo: int,
    is_new: bool,
    when_open: Callable[[], None],
    keep_days: int | None = None,
    parts: Sequence[MakePart] = (),
) -> None:
    """Open the live session, a new one if that is wanted, or go on with the one that is open.

    `when_open` is called once its console can be used. What is shown is kept for `keep_days`, where that is still open.
    `parts` make what else the server serves.
    """
    if follow_up and is_long:
        raise BadContent(words("session-file.one-length"), words("session-file.one-length-hint"))
    if follow_up:
        chosen = find_follow_up(follow_up, script, is_rehearsal=bool(demo))
    else:
        chosen = find_script(script, is_long=is_long)
    minutes, usual = sum(step.minutes for step in chosen.steps), USUAL_MINUTES[chosen.length]
    if minutes > usual:
        click.echo(words("session.long", minutes=minutes, usual=usual))
    listening.check()
    if not demo and listening.hub():
        raise_process_limits()
        asyncio.run(_serve_for_hub(listening, when_open, parts))
        return
    link = None if demo else link_at_worker()
    if link:
        click.echo(words("session.at-worker"))
        _open_console(link, browser)
        return
    running = find_running(DEMO if demo else REAL)
    if running:
        _show_running(running, browser)
        return
    raise_process_limits()
    is_chosen = is_long or script is not None or bool(follow_up)
    asyncio.run(_run(chosen, is_chosen, listening, browser, demo, is_new, when_open, keep_days, parts))


async def _run(
    script: Script,
    is_chosen: bool,
    listening: ListenOptions,
    browser: bool,
    demo: int,
    is_new: bool,
    when_open: Callable[[], None],
    keep_days: int | None,
    parts: Sequence[MakePart],
) -> None:
    """Serve until Ctrl-C."""
    from course.workshop.store.store import Store
    from course.workshop.web.context import MadeUpPhones
    from course.workshop.web.server import Server

    kind = DEMO if demo else REAL
    deliver = asyncio.get_running_loop().call_soon_threadsafe
    folder = store_folder(kind)
    store = Store(store_url(folder), key_folder(folder), deliver)
    try:
        public = listening.public()
        beside = [make(public) for make in parts]
        clock = SteadyClock(file=clock_file())
        server = Server(store, listening.tls(), listening.name, public, parts=beside, steady_clock=clock)
        server.rehearsal = rehearsal = MadeUpPhones() if demo else None
        await _listen(server, listening.port, is_new)
        session = await _session(server, script, is_chosen, is_new or bool(demo), keep_days)
    except BaseException:
        store.close()
        raise
    _say_what_else_is_there(server, session, bool(demo))
    stop = stop_event()
    file = write_running(kind, RunningServer(server.port, server.key, session.id, os.getpid()))
    _say_where(server, session, browser, bool(demo))
    when_open()
    phones = _start_synthetic_phones(server, session, demo, rehearsal) if rehearsal else None
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


async def _serve_for_hub(listening: ListenOptions, when_open: Callable[[], None], parts: Sequence[MakePart]) -> None:
    """Serve the sessions of all facilitators who log in at a Hub, until this process is asked to end."""
    from course.workshop.store.store import Store
    from course.workshop.web.liveness import tell_until
    from course.workshop.web.server import Server

    deliver = asyncio.get_running_loop().call_soon_threadsafe
    folder = store_folder(REAL)
    store = Store(store_url(folder), key_folder(folder), deliver)
    try:
        public = listening.public()
        server = Server(store, public=public, parts=[make(public) for make in parts], hub=listening.hub())
        server.metrics_token = settings().metrics_token
        await _listen(server, listening.port, is_new=False)
    except BaseException:
        store.close()
        raise
    stop = stop_event()
    address, ports = f"{server.listeners.address}/console/", server.listeners
    click.echo(words("session.hub-serves", address=address, port=ports.proxy_port, own=ports.port))
    when_open()
    try:
        await tell_until(stop, server.health)
    finally:
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


def stop_event() -> asyncio.Event:
    """Return an event that Ctrl-C sets, and a request to end this process."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
    return stop


async def _listen(server: Server, port: int | None, is_new: bool) -> None:
    """Listen on the port that was named, else where phones of the latest session look for it, else where it is free.

    Raises PortUnavailable, also where phones would look in vain: unless a new session is wanted anyway.
    """
    latest = server.sessions.latest()
    kept = latest.model.state.port if latest else 0
    free = [FIRST_PORT] if server.listeners.public else [*range(FIRST_PORT, FIRST_PORT + 20), 0]
    candidates = [port] if port else [*([kept] if kept else []), *free]
    for candidate in candidates:
        try:
            await server.start(candidate)
            return
        except PortUnavailable:
            if latest and candidate == kept and not port and latest.model.people and not is_new:
                day = say_day(datetime.datetime.fromtimestamp(latest.model.state.made).date())
                raise PortUnavailable(
                    words("session.port-kept", port=kept, day=day), words("session.port-kept-hint")
                ) from None
            if candidate == candidates[-1]:
                raise


async def _session(server: Server, script: Script, is_chosen: bool, is_new: bool, keep_days: int | None) -> Session:
    """Return the session to run: the latest that is still open, where somebody wants to go on with it; else a new one.

    Where a script was chosen, it is one of that script. A person at the terminal is asked. Raises StoreUnusable.
    """
    for session in server.sessions.by_age():
        if session.is_open and not is_new and (not is_chosen or session.model.script.text == script.text):
            if _goes_on(session):
                await _choose_days(session, keep_days)
                return session
            break
    try:
        return await server.new_session(script, MOST_DAYS if keep_days is None else keep_days)
    except SessionRefused as error:  # in words for phones
        folder, hint = settings().data, words("session.no-new-room-hint")
        raise StoreUnusable(words("session.no-new-room", folder=folder), hint) from error


async def _choose_days(session: Session, keep_days: int | None) -> None:
    """Have an open session keep what it shows for so many days; once people were told another number, say that."""
    if keep_days is not None and keep_days != session.model.state.keep_days:
        try:
            await session.perform("keep-days", {"days": str(keep_days)}, time.time())
        except SessionRefused:
            click.echo(words("session.keeps-days", n=session.model.state.keep_days))


def _goes_on(session: Session) -> bool:
    """Say whether whoever starts the workshop wants to go on with an open session; without a terminal, so it is."""
    made = datetime.datetime.fromtimestamp(session.model.state.made).date()
    question = words("session.go-on", day=say_day(made), n=session.model.joined)
    return not sys.stdin.isatty() or click.confirm(question, default=True)


def _say_where(server: Server, session: Session, browser: bool, is_demo: bool) -> None:
    """Open the console, and say how the server is stopped."""
    _open_console(f"http://127.0.0.1:{server.port}" + server.new_console_link(session.id), browser)
    if server.listeners.public:
        address, port = server.listeners.address, server.listeners.proxy_port
        click.echo(words("session.public", address=address, port=port))
    elif not server.is_secure:
        click.echo(words("session.no-tls"))
    click.echo(words("session.stop-demo" if is_demo else "session.stop"))


def _start_synthetic_phones(server: Server, session: Session, count: int, made_up: MadeUpPhones) -> asyncio.Task[None]:
    """Let synthetic phones join and answer until the task is cancelled."""
    from course.workshop.synthetic_phones import SyntheticPhones

    click.echo(words("session.synthetic", n=count))
    address, note = f"http://127.0.0.1:{server.port}", made_up.note_made_up
    phones = SyntheticPhones(address, session.access.link, count, joined=lambda token: note(session, token))
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
