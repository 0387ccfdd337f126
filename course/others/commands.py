"""`course others host`: serve rounds of “How others see me” in a team's own network or behind a proxy, until Ctrl-C."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator
from typing import Final

import click

from course.core.errors import SessionRefused
from course.core.steady_clock import SteadyClock
from course.others.overdue import open_rounds
from course.workshop.access.networks import is_own_address, networks
from course.workshop.commands import ListenOptions
from course.workshop.errors import repeat
from course.workshop.sessions.overdue import clock_file

WATCH: Final = 60
"""How often, in seconds, it is looked whether this computer still has the address that raters open."""
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
    clock = SteadyClock(file=clock_file())
    server = RoundServer(open_rounds, listening.tls(), listening.name, public, clock)
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
        async with _watched(server.listeners.let_in_at):
            await _stopped()
    finally:
        await server.stop()


class AddressWatch:
    """Says once when this computer has an address no more, as in another network, and once when it has it again."""

    def __init__(self, address: str) -> None:
        self._address, self._is_there = address, True

    async def look(self) -> None:
        """Look whether it is there, and say so where that has changed."""
        was_there, self._is_there = self._is_there, is_own_address(self._address)
        if was_there and not self._is_there:
            click.echo(f"This computer has the address {self._address} no more, so nobody finds the rounds.")
            click.echo(
                "Press Ctrl-C and start again: rounds stay. Whoever made one types the new address on their card."
            )
        elif self._is_there and not was_there:
            click.echo(f"This computer has the address {self._address} again.")


@contextlib.asynccontextmanager
async def _watched(address: str) -> AsyncIterator[None]:
    """Look again and again whether this computer has an address, if there is one, until the end of the context."""
    watching = asyncio.create_task(repeat(WATCH, AddressWatch(address).look)) if address else None
    try:
        yield
    finally:
        if watching:
            watching.cancel()


def _likeliest_address() -> str:
    """Return the address at which others most likely reach this computer."""
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
