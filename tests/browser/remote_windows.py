"""Windows whose phones come through a real nginx with https, at a public address."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import INSECURE
from tests.browser.firefox import must_be_there
from tests.browser.nginx import MISSING, nginx_path, proxied
from tests.browser.room_windows import Windows, open_windows
from tests.ports import free_port


@dataclass(frozen=True)
class Setup:
    """How a person sets nginx up."""

    base: str
    place: str
    upstream: str
    """What stands behind the port in `proxy_pass`: with a path, nginx takes the place off."""
    more: str = ""


SETUPS = {
    "at the top": Setup("", "/", "", "proxy_set_header Host $host;"),
    "under a base path": Setup("/rooms", "/rooms/", "/"),
    "under a base path that is passed on": Setup("/a/rooms", "/a/rooms/", "", "proxy_set_header Host $http_host;"),
}


@contextmanager
def open_remote_windows(browser: Browser, folder: Path, setup: Setup) -> Iterator[Windows]:
    """Give the windows on a new session behind nginx; where there is no nginx, leave the test out or fail."""
    if not nginx_path():
        (pytest.fail if must_be_there() else pytest.skip)(MISSING)
    port = free_port()
    with open_windows(browser, folder, f"https://{INSECURE}:{port}{setup.base}") as windows:
        upstream = f"{windows.live_server.server.listeners.proxy_port}{setup.upstream}"
        certificate = {"ca_certs": str(folder / "nginx" / "certificate.pem")}
        windows.client_settings = {"hostname_mapping": {INSECURE: "127.0.0.1"}, "defaults": certificate}
        with proxied(folder / "nginx", INSECURE, port, upstream, setup.place, setup.more):
            yield windows
