"""Ports of this machine for servers in tests whose port has to be known before, or be the same after a restart."""

from __future__ import annotations

import contextlib
import random
import socket
from typing import Final

_PORTS: Final = range(10_000, 30_000)
"""Below those that systems give to outgoing connections: none of these takes a port while its server starts again."""


def free_port() -> int:
    """Return a port at which nothing listens."""
    return free_ports(1)[0]


def free_ports(count: int) -> list[int]:
    """Return several ports, each another one, at which nothing listens."""
    found: list[int] = []
    with contextlib.ExitStack() as stack:
        for port in random.SystemRandom().sample(_PORTS, len(_PORTS)):
            with contextlib.suppress(OSError):
                stack.enter_context(socket.create_server(("127.0.0.1", port)))
                found.append(port)
            if len(found) == count:
                return found
    raise AssertionError("Every port is in use.")
