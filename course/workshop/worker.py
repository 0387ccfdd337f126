"""`course workshop --worker NAME`: one of several servers that share the sessions in a PostgreSQL database."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence

import click

from course.content import words
from course.core.errors import StoreUnusable
from course.core.settings import settings
from course.workshop.commands import (
    FIRST_PORT,
    ListenOptions,
    MakePart,
    raise_process_limits,
    stop_event,
)
from course.workshop.running_server import RunningServer, store_folder, write_running
from course.workshop.sessions.overdue import REAL, key_folder, store_url


def run_worker(name: str, listening: ListenOptions, parts: Sequence[MakePart] = ()) -> None:
    """Serve, until it is ended, the sessions that are asked for here, and that no other worker owns.

    `parts` make what else it serves, which needs no owner. Raises StoreUnusable where the name, or what is set, is not
    for a worker.
    """
    from course.workshop.web.base_handler import WORKER_NAME

    if not WORKER_NAME.fullmatch(name):
        raise StoreUnusable(words("session.worker-name", name=name), words("session.worker-name-hint"))
    if not settings().sessions.startswith("postgresql") or not settings().session_keys or not listening.public():
        raise StoreUnusable(words("session.worker-setting"), words("session.worker-setting-hint"))
    raise_process_limits()
    asyncio.run(_serve(name, listening, parts))


async def _serve(name: str, listening: ListenOptions, parts: Sequence[MakePart]) -> None:
    from course.workshop.store.store import Store
    from course.workshop.web.liveness import tell_until
    from course.workshop.web.server import Server

    folder = store_folder(REAL)
    deliver = asyncio.get_running_loop().call_soon_threadsafe
    store = Store(store_url(folder), key_folder(folder), deliver, worker=name)
    try:
        public = listening.public()
        made, at = [make(public) for make in parts], listening.proxy_at
        server = Server(store, public=public, parts=made, hub=listening.hub(), proxy_at=at)
        server.metrics_token = settings().metrics_token
        await server.start(listening.port or FIRST_PORT)
    except BaseException:
        store.close()
        raise
    stop = stop_event()
    file = write_running(REAL, RunningServer(server.port, server.key, "", os.getpid()), name)
    click.echo(words("session.worker-runs", name=name, port=server.listeners.proxy_port))
    try:
        await tell_until(stop, server.health)
    finally:
        file.unlink(missing_ok=True)
        await server.stop()
        click.echo(words("session.stopped"))
