"""A web server for the web edition in tests: one that knows little, counts what it is asked, and can be set to fail."""

from __future__ import annotations

import contextlib
import gzip
import http.server
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from course.web.pages import page_file

TYPES = {"html": "text/html; charset=utf-8", "css": "text/css", "js": "text/javascript"}
"""All that this server knows; files with another ending are not found, as on servers of some institutions."""
FRESH = 300
"""Seconds that browsers may keep what is in a folder of assets, as the guide to hosting asks for."""


@dataclass(frozen=True)
class SiteAddress:
    """The site as it is reached by one name of its server, for a learner who opens pages."""

    site: SiteServer
    host: str

    def notebook(self, path: str, view: str = "") -> str:
        """Return the address of the page of a notebook."""
        return self.site.address(page_file(path), self.host)


@dataclass
class SiteServer:
    """A server that shows a folder under an address below its own."""

    folder: Path
    below: str
    port: int = 0
    asked: list[str] = field(default_factory=list)
    """The names of the files that were asked for, in the order in which they were."""

    sent: int = 0
    """Bytes that were sent, without the headers."""

    bytes_a_second: float = 0
    """How fast it sends, all together; as fast as it can where this is 0."""

    is_away: bool = False
    """Whether it breaks off every connection, as a server does that cannot be reached."""

    keeps: str = f"max-age={FRESH}, immutable"
    """What browsers are told of files in a folder of assets."""

    held: dict[str, threading.Event] = field(default_factory=dict)
    """The names of files that are sent only once their event is set."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    packed: dict[Path, bytes] = field(default_factory=dict)

    def address(self, page: str = "", host: str = "localhost") -> str:
        """Return the address of a page of the site."""
        return f"http://{host}:{self.port}/{self.below}{page}"

    def find(self, path: str) -> Path | None:
        """Return the file that a request asks for, or None."""
        name = unquote(urlsplit(path).path).removeprefix("/")
        if not name.startswith(self.below):
            return None
        name = name.removeprefix(self.below) or "index.html"
        with self.lock:
            self.asked.append(name)
        if name in self.held:
            self.held[name].wait()
        file = self.folder / name
        return file if file.suffix[1:] in TYPES and file.is_file() else None

    def body(self, file: Path) -> bytes:
        """Return a file as a server sends it that compresses."""
        if file not in self.packed:
            self.packed[file] = gzip.compress(file.read_bytes(), mtime=0)
        return self.packed[file]

    def send(self, handler: http.server.BaseHTTPRequestHandler, body: bytes) -> None:
        """Send a body as fast as the server is set to."""
        with self.lock:
            self.sent += len(body)
        step = 32_000
        for start in range(0, len(body), step):
            piece = body[start : start + step]
            if self.bytes_a_second:
                with self.lock:  # one line for all
                    threading.Event().wait(len(piece) / self.bytes_a_second)
            handler.wfile.write(piece)


@contextlib.contextmanager
def serve_site(folder: Path, below: str = "") -> Iterator[SiteServer]:
    """Serve a folder on this machine alone, on a free port. `below` is the address below the server's own: `a/b/`."""
    site = SiteServer(folder, below)

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if site.is_away:
                self.close_connection = True
                return
            file = site.find(self.path)
            body = site.body(file) if file else b"Not found"
            self.send_response(200 if file else 404)
            self.send_header("Content-Type", TYPES[file.suffix[1:]] if file else "text/plain")
            if file:
                self.send_header("Content-Encoding", "gzip")
            is_asset = file and "assets" in file.relative_to(site.folder).parts
            self.send_header("Cache-Control", site.keeps if is_asset else "no-cache")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with contextlib.suppress(ConnectionError):
                site.send(self, body)

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    class Server(http.server.ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client: object) -> None:
            """Say nothing of a browser that went away."""

    server = Server(("127.0.0.1", 0), Handler)
    site.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
