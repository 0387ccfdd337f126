"""A real reverse proxy with https in front of a live session: nginx, with a certificate that is made for the test."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import platformdirs

from tests.certificates import write_certificate

UNPACKED: Final = platformdirs.user_cache_path("building-trust-tests") / "nginx"
"""Where `get_nginx` unpacks Debian's package where it may not install it."""
MISSING = "No nginx was found or could be installed: NOTHING IS TESTED BEHIND A PROXY. Install nginx and try again."
PATIENCE = 30.0

_CONFIGURATION = """
daemon off;
{user}
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port} ssl;
    ssl_certificate {folder}/certificate.pem;
    ssl_certificate_key {folder}/key.pem;
    location {place} {{
      proxy_pass http://127.0.0.1:{upstream};
      {more}
    }}
  }}
}}
"""


def nginx_path() -> str | None:
    """Return an installed or unpacked nginx, the one named in BUILDING_TRUST_NGINX before others, or None."""
    named = os.environ.get("BUILDING_TRUST_NGINX", "").strip()
    usual = (shutil.which("nginx"), "/usr/sbin/nginx", str(UNPACKED / "usr" / "sbin" / "nginx"))
    return named or next((path for path in usual if path and Path(path).exists()), None)


@contextlib.contextmanager
def proxied(folder: Path, name: str, port: int, upstream: str, place: str, more: str) -> Iterator[None]:
    """Serve a name over https at a port, and pass a place of it on: `upstream` is a port, with a path if one is set.

    All that is not named in `more` is as nginx has it by default, its buffers too.
    """
    path = nginx_path()
    assert path
    folder.mkdir()
    write_certificate(folder, name)
    configuration = folder / "nginx.conf"
    user = "user root;" if hasattr(os, "geteuid") and os.geteuid() == 0 else ""  # so that it may use this folder
    blanks = {"user": user, "folder": folder, "port": port, "place": place, "upstream": upstream, "more": more}
    configuration.write_text(_CONFIGURATION.format(**blanks), encoding="utf-8")
    process = subprocess.Popen(
        [path, "-e", str(folder / "error.log"), "-p", str(folder), "-c", str(configuration)],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        _wait_for(port, process)
        yield
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)


def _wait_for(port: int, process: subprocess.Popen[str]) -> None:
    """Wait until somebody listens at a port; fail with what nginx says where it ends instead."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert process.poll() is None, process.communicate()[0]
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=0.05):
            return
    raise AssertionError("nginx does not listen")
