"""`course others host`: serve rounds of “How others see me” in a team's own network or behind a proxy, until Ctrl-C."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from typing import Final

import click

from course.core.errors import SessionRefused
from course.others.overdue import open_rounds
from course.workshop.commands import ListenOptions

PORT: Final = 8870
"""The usual port, the same each time: links that raters have name it."""


def host(listening: ListenOptions, address: str) -> None:
    """Serve rounds at one of this computer's addresses, the likeliest where none is named, or at a public one."""
    listening.check()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(listening, address))


async def _serve(listening: ListenOptions, address: str) -> None:
    from course.others.web.round_server import RoundServer

    public = listening.public()
    server = RoundServer(open_rounds, listening.tls(), listening.name, public)
    if not (public or address):
        address = _likeliest_address()
    try:
        where = await server.start(listening.port or PORT, address)
        click.echo(f"Rounds of “How others see me” can be made at {where}")
        if public:
            click.echo(f"The proxy finds them at http://127.0.0.1:{server.listeners.proxy_port}")
        elif not server.listeners.is_secure:
            click.echo("This is not encrypted: others on this network could read what raters send.")
        click.echo("Raters can answer while this runs. Whoever runs it could read the answers of open rounds.")
        click.echo("To stop it, press Ctrl-C. Rounds stay until they are opened or their days are over.")
        await _stopped()
    finally:
        await server.stop()


def _likeliest_address() -> str:
    """Return the address at which others most likely reach this computer."""
    from course.workshop.access.networks import networks

    usual = [network.address for network in networks() if network.kind in ("wifi", "cable", "other")]
    if not usual:
        hint = "Connect it to one, or name its address: course others host --address 192.168.1.20"
        raise SessionRefused("This computer is on no network on which others could reach it.", hint)
    return usual[0]


async def _stopped() -> None:
    """Wait for Ctrl-C, or a request to end this process."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
    await stop.wait()
