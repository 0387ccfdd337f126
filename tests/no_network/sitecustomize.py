"""Close the network to this Python: only this machine can be reached.

Tests import it; kernels get it by its folder on PYTHONPATH, where Python looks for `sitecustomize` when it starts.
"""

from __future__ import annotations

import ipaddress
import sys


class NetworkClosed(OSError):
    """Something tried to reach another machine."""


def is_here(host: object) -> bool:
    """Say whether a host is this machine."""
    if isinstance(host, bytes):
        host = host.decode()
    if host in (None, "", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


def refuse(event: str, arguments: tuple[object, ...]) -> None:
    """Refuse to look up or reach any other machine."""
    if event == "socket.getaddrinfo" and not is_here(arguments[0]):
        raise NetworkClosed(f"The network is closed in tests: {arguments[0]!r}")
    if (
        event in ("socket.connect", "socket.sendto")
        and isinstance(arguments[1], tuple)
        and not is_here(arguments[1][0])
    ):
        raise NetworkClosed(f"The network is closed in tests: {arguments[1]!r}")


sys.addaudithook(refuse)
