"""Says how the server is: to whoever watches over it, and ends it where it stands still or cannot write."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from typing import Final

from course.workshop.access.networks import is_own_address
from course.workshop.access.tokens import is_same
from course.workshop.errors import refused
from course.workshop.web.base_handler import BaseHandler
from course.workshop.web.health import Health

_NOTIFY: Final = "NOTIFY_SOCKET"
"""Where systemd tells a service which socket it listens at."""
SIGN_OF_LIFE: Final = 2.0
"""How often, in seconds, systemd hears that the server lives."""


class LivenessHandler(BaseHandler):
    """What is asked to see whether the server is to be ended: under any name, as such programs ask by number."""

    def prepare(self) -> None:
        """Refuse nobody: nothing is said of any session."""

    def get(self) -> None:
        """Answer 200, or 503 where only a new process can go on. A process that stands still does not answer at all."""
        self.say(self.context.health.is_alive, "stuck")

    def say(self, is_well: bool, otherwise: str) -> None:
        """Answer 200 where all is well, else 503 with a word."""
        self.set_status(200 if is_well else 503)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish("ok" if is_well else otherwise)


class ReadinessHandler(LivenessHandler):
    """What is asked to see whether people can be sent here."""

    def get(self) -> None:
        """Answer 200, or 503 while nothing can be stored."""
        self.say(self.context.health.is_alive and self.context.health.is_writing, "not writing")


class MetricsHandler(BaseHandler):
    """What Prometheus asks: on this machine alone, or with a token that was set for it."""

    def prepare(self) -> None:
        """Refuse everybody else, as if there were nothing here; with the token, under any name."""
        scheme, _, token = self.request.headers.get("Authorization", "").partition(" ")
        wanted = self.context.metrics_token
        if wanted and scheme == "Bearer" and is_same(token, wanted):
            return
        self.check_request()
        if not (self.endpoint.is_own and is_own_address(self.request.remote_ip or "")):
            raise refused("not-here", 404)

    def get(self) -> None:
        """Send what was counted."""
        self.set_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
        self.finish(self.context.metrics.text())


async def tell_until(stop: asyncio.Event, health: Health) -> None:
    """Return once the server is to stop; until then tell systemd, where it asks, that it serves and lives.

    It hears nothing more where only a new process can go on, nor where the loop stands still: then it kills this one.
    """
    _tell_systemd("READY=1")
    while not stop.is_set():
        if health.is_alive:
            _tell_systemd("WATCHDOG=1")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), SIGN_OF_LIFE)


def _tell_systemd(message: str) -> None:
    address = os.environ.get(_NOTIFY, "")
    if address:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notices:
            notices.connect("\0" + address[1:] if address.startswith("@") else address)
            notices.sendall(message.encode())
