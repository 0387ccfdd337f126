"""Where the course is in the browser: the same address each day, and the server that may be there already."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import threading
import time
import webbrowser
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from course.content import edition_language, words
from course.core.errors import LocksMissing
from course.core.local_server import ask
from course.core.pages.html import DOCTYPE, Markup, element, fragment
from course.core.storage import locked, put, write_whole

LOCALHOST: Final = "127.0.0.1"
TRIES: Final = 100
"""How many ports after the first are tried."""
_KEPT: Final = "ports.json"
_CLOSING: Final = 15
"""Seconds to wait for a server that closes; the course then opens at another port."""
_LOCK: Final = "opening.lock"
_OPENING: Final = 60
"""Seconds to wait for another process that opens the course; then it is taken for one that never will."""


@dataclass(frozen=True)
class ChosenPort:
    """The port to open the course on."""

    number: int
    kept: int | None
    """The port of the days before, where that is another: something else has it now."""


def choose_port(folder: Path, root: Path, first: int) -> ChosenPort:
    """Return the port at which `root` was opened before; the next free one where that is taken, or there is none yet.

    Ports of other folders are left to them.
    """
    ports = _kept_ports(folder)
    mine = ports.pop(str(root), None)
    if mine and is_free(mine):
        return ChosenPort(mine, None)
    begin = mine + 1 if mine else first
    others = set(ports.values())
    free = (port for port in range(begin, min(begin + TRIES, 65536)) if port not in others and is_free(port))
    return ChosenPort(next(free, first), mine)


def keep_port(folder: Path, root: Path, port: int) -> None:
    """Remember the port of `root` for the next time. Where that cannot be written, the course opens all the same."""
    with contextlib.suppress(OSError):
        put(folder / _KEPT, json.dumps(_kept_ports(folder) | {str(root): port}, indent=1).encode())


def _kept_ports(folder: Path) -> dict[str, int]:
    try:
        ports = json.loads((folder / _KEPT).read_text(encoding="utf-8"))
        return {str(root): port for root, port in ports.items() if isinstance(port, int) and 0 < port < 65536}
    except (OSError, ValueError, AttributeError):
        return {}


def is_free(port: int) -> bool:
    """Say whether a server can be started at a port of this machine."""
    with socket.socket() as probe:
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOCALHOST, port))
        except (OSError, OverflowError):
            return False
    return True


# The server that runs already


@dataclass(frozen=True)
class OpenCourse:
    """A server of the course on this machine, of the same person."""

    port: int
    base: str
    """Its address, without a slash at its end."""
    token: str

    def with_token(self, page: str) -> str:
        """Return the address of a page of it that lets in whoever opens it."""
        return f"{self.base}{page}?token={self.token}"

    def new_code(self, page: str) -> str | None:
        """Return a code that opens a page of it once; None where it does not answer as ours does."""
        return self._ask("open-once/code", {"page": page}, "code")

    def hand_over(self, digest: str) -> str | None:
        """Ask it to give way to the version of the course with this digest, and wait until it has.

        Returns what it says, as `installed.Answer` has it: a server that does not know the question stays. None where
        it does not answer as ours does.
        """
        if self.new_code("/") is None:
            return None
        answer = self._ask("course-api/hand-over", {"digest": digest}, "answer") or "stays"
        if answer == "closes":
            self._wait_until_closed()
        return answer

    def _ask(self, path: str, message: Mapping[str, object], field: str) -> str | None:
        try:
            return ask(f"{self.base}/{path}", message, f"token {self.token}", field)
        except OSError:
            return None

    def _wait_until_closed(self) -> None:
        until = time.monotonic() + _CLOSING
        while not is_free(self.port) and time.monotonic() < until:
            time.sleep(0.05)


def find_running(runtime: Path, root: Path) -> Iterator[OpenCourse]:
    """Return the servers that Jupyter noted in its runtime folder as open on `root`; some may have ended unnoticed."""
    for file in sorted(runtime.glob("jpserver-*.json")):
        try:
            server = json.loads(file.read_text(encoding="utf-8"))
            running = OpenCourse(int(server["port"]), str(server["url"]).rstrip("/"), str(server["token"]))
            is_on_root = server["root_dir"] == str(root)
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if is_on_root:
            yield running


# One process that opens the course at a time


@contextlib.contextmanager
def opening_alone(folder: Path) -> Iterator[Callable[[], None]]:
    """Let one process at a time look for a running server and start one, so that a double-click too many starts none.

    Gives what ends its turn early: a server that answers is found by the next. Where another process takes too long,
    or the folder cannot be locked, the course is opened all the same.
    """
    with contextlib.ExitStack() as turn:
        try:
            try:
                turn.enter_context(locked(folder / _LOCK, 0))
            except TimeoutError:
                click.echo(words("view.being-opened"))
                turn.enter_context(locked(folder / _LOCK, _OPENING))
        except (OSError, LocksMissing):  # a TimeoutError is an OSError
            pass
        yield turn.close


# The page that lets the browser in


def open_privately(file: Path, base: str, code: str) -> None:
    """Let the browser in by a file that its owner alone can read, and that sends the code.

    So the code is in no address, no history and no list of processes.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    write_whole(file, _page(base, code).encode())
    threading.Thread(target=webbrowser.open, args=[file.as_uri()]).start()


def _page(base: str, code: str) -> Markup:
    head = element(
        "head",
        element("meta", {"charset": "utf-8"}),
        element("meta", {"name": "referrer", "content": "no-referrer"}),
        element("meta", {"name": "color-scheme", "content": "light dark"}),
        element("title", words("frame.course")),
    )
    form = element(
        "form",
        {"method": "post", "action": f"{base}/open-once"},
        element("input", {"type": "hidden", "name": "code", "value": code}),
        element("button", words("sign-in.go-on")),
    )
    send = Markup("<script>document.forms[0].submit()</script>")
    html = element("html", {**edition_language().declared}, head, element("body", form, send))
    return fragment(DOCTYPE, html)
