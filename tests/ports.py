"""Ports of this machine for servers in tests whose port has to be known before, or be the same after a restart."""

from __future__ import annotations

import contextlib
import os
import random
import socket
from typing import Final

_PORTS: Final = range(10_000, 30_000)
"""Below those that systems give to outgoing connections: none of these takes a port while its server starts again."""
_TRIES: Final = 500


def _own_ports() -> range:
    """Return the ports of this process: of those that run tests beside each other, none takes another one's."""
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    return _PORTS[number :: int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))]


def free_port() -> int:
    """Return a port at which nothing listens."""
    return free_ports(1)[0]


def free_ports(count: int) -> list[int]:
    """Return several ports, each another one, at which nothing listens."""
    found: list[int] = []
    with contextlib.ExitStack() as stack:
        for port in random.SystemRandom().sample(_own_ports(), _TRIES):
            with contextlib.suppress(OSError):
                stack.enter_context(socket.create_server(("127.0.0.1", port)))
                found.append(port)
            if len(found) == count:
                return found
    raise AssertionError("Every port is in use.")
