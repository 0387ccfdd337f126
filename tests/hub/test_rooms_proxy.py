"""How nginx in the pods of live sessions leads a browser: with the settings that the file for Kubernetes gives it."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.browser.nginx import MISSING, nginx_path
from tests.hub.manifests import find
from tests.ports import free_ports
from tests.waiting import wait_until

pytestmark = pytest.mark.slow


class Worker:
    """Stands for a worker: it answers with its number, and with what it was asked for."""

    def __init__(self, number: int) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.end_headers()
                self.wfile.write(f"{number} {self.headers['Host']}".encode())

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextlib.contextmanager
def workers() -> Iterator[list[Worker]]:
    started = [Worker(0), Worker(1)]
    try:
        yield started
    finally:
        for worker in started:
            worker.stop()


@contextlib.contextmanager
def front(folder: Path, own: int, ports: list[int]) -> Iterator[int]:
    """Run nginx as in the pod of a worker; return the port from outside."""
    path = nginx_path()
    if path is None:
        assert not os.environ.get("CI"), MISSING
        pytest.skip(MISSING)
    outside, inside = free_ports(2)
    text = find("ConfigMap", "building-trust-rooms")["data"]["nginx.conf"]
    for number, port in enumerate(ports):
        text = text.replace(f"building-trust-rooms-{number}:8081", f"127.0.0.1:{port}")
    text = text.replace("listen 8080;", f"listen 127.0.0.1:{outside};").replace("listen 8081;", f"listen {inside};")
    text = text.replace("http://127.0.0.1:8890;", f"http://127.0.0.1:{ports[own]};").replace("/tmp/", f"{folder}/")
    (folder / "nginx.conf").write_text(f"daemon off;\n{text}")
    process = subprocess.Popen([path, "-p", str(folder), "-c", str(folder / "nginx.conf")])
    try:
        wait_until(lambda: _listens(outside))
        assert ask(inside, "") == f"{own} rooms.example.org"
        yield outside
    finally:
        process.terminate()
        process.wait()


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=0.1):
        return True
    return False


def ask(port: int, cookie: str) -> str:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/")
    request.add_header("Host", "rooms.example.org")
    if cookie:
        request.add_header("Cookie", f"worker={cookie}")
    with urllib.request.urlopen(request, timeout=10) as answer:
        return str(answer.read().decode())


def test_a_browser_comes_to_the_worker_of_its_cookie_and_to_the_other_one_where_that_is_away(tmp_path: Path) -> None:
    with workers() as (first, second), front(tmp_path, 0, [first.port, second.port]) as port:
        for number in ("0", "1"):
            assert {ask(port, number) for _ in range(4)} == {f"{number} rooms.example.org"}
        assert ask(port, "9")[0] in "01"
        assert ask(port, "")[0] in "01"
        second.stop()
        assert {ask(port, cookie) for cookie in ("0", "1", "", "1")} == {"0 rooms.example.org"}
        first.stop()
        with pytest.raises(urllib.error.HTTPError) as refused:
            ask(port, "1")
        with refused.value as answer:
            assert answer.code == 502
