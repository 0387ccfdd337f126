"""The Hub and the server of live sessions behind https: nginx with the sites that the course brings, on 127.0.0.1."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.browser.nginx import MISSING, nginx_path
from tests.certificates import write_certificate
from tests.paths import ROOT
from tests.waiting import wait_until

SITES: Final = ROOT / "course" / "hub" / "single-machine"
HUB_HOST: Final = "localhost"
ROOMS_HOST: Final = "127.0.0.1"
"""Two names of this machine, so that browsers keep the cookies of the two sites apart."""


@contextlib.contextmanager
def https_sites(folder: Path, port: int, hub_port: int, rooms_port: int) -> Iterator[None]:
    """Serve both sites over https at a port in this block, with what they are passed on to at two other ones."""
    path = nginx_path()
    if path is None:
        assert not os.environ.get("CI"), MISSING
        pytest.skip(MISSING)
    folder.mkdir()
    write_certificate(folder, HUB_HOST, ROOMS_HOST)
    for name, host, upstream in (("nginx-site", HUB_HOST, hub_port), ("nginx-sessions", ROOMS_HOST, rooms_port)):
        (folder / f"{name}.conf").write_text(_here(name, host, port, upstream, folder))
    (folder / "nginx.conf").write_text(
        f"daemon off; user root; pid {folder}/pid; error_log {folder}/error.log;\nevents {{ }}\nhttp {{\n"
        f"client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;\n"
        f"uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi; access_log {folder}/access.log;\n"
        f"include {folder}/nginx-site.conf;\ninclude {folder}/nginx-sessions.conf;\n}}\n"
    )
    command = [path, "-e", str(folder / "error.log"), "-p", str(folder), "-c", str(folder / "nginx.conf")]
    process = subprocess.Popen(command)
    try:
        wait_until(lambda: process.poll() is not None or (folder / "pid").exists())
        assert process.poll() is None, (folder / "error.log").read_text()
        yield
    finally:
        process.terminate()
        process.wait(20)


def _here(name: str, host: str, port: int, upstream: int, folder: Path) -> str:
    """Return a site of the course with a name, ports and a certificate of this machine, and without port 80."""
    site = (SITES / f"{name}.conf").read_text(encoding="utf-8")
    site = re.sub(r"server \{\n    listen 80;.*?\n\}\n", "", site, flags=re.DOTALL)
    changes = {
        r"listen 443 ssl;": f"listen 127.0.0.1:{port} ssl;",
        r"server_name \S+;": f"server_name {host};",
        r"/etc/ssl/building-trust/": f"{folder}/",
        r"proxy_pass(\s+)http://127\.0\.0\.1:\d+;": rf"proxy_pass\1http://127.0.0.1:{upstream};",
        r"Host \$host;": "Host $http_host;",  # with the port, which is not the usual one here
    }
    for pattern, replacement in changes.items():
        site, count = re.subn(pattern, replacement, site)
        assert count, (name, pattern)
    return site
