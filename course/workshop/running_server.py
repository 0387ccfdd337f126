"""The server of live sessions that runs already: where it is noted, whether it answers, and a link that opens it."""

from __future__ import annotations

import contextlib
import json
import urllib.error
from dataclasses import asdict, dataclass
from pathlib import Path

from course.content import words
from course.core.errors import StoreUnusable
from course.core.local_server import ask
from course.core.storage import write_whole
from course.workshop.sessions.overdue import REAL, store_place


@dataclass(frozen=True)
class RunningServer:
    """How the facilitator's own programs reach a server: its port and key, its session, its process."""

    port: int
    key: str
    session: str
    process: int


def store_folder(kind: str) -> Path:
    """Return the folder of a kind of store (`rooms`, `demo`), which its owner alone can read."""
    folder = store_place(kind)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise StoreUnusable(words("session.no-new-room", folder=folder), words("session.no-new-room-hint")) from error
    return folder


def write_running(kind: str, running: RunningServer, worker: str = "") -> Path:
    """Write how a server is reached to a file that its owner alone can read; return it, to remove when it stops."""
    path = store_folder(kind) / (f"running-{worker}.json" if worker else "running.json")
    write_whole(path, json.dumps(asdict(running)).encode())
    return path


def find_running(kind: str) -> RunningServer | None:
    """Return the server of that kind of store if it answers, also where its session is deleted; else None."""
    try:
        running = _read_running(store_folder(kind) / "running.json")
        fresh_link(running)
    except urllib.error.HTTPError as refusal:
        return running if refusal.code == 404 else None
    except (OSError, ValueError, TypeError):
        return None
    return running


def link_at_worker() -> str | None:
    """Return a link to the console of a new session at a worker of this computer that answers; None without one."""
    for path in sorted(store_folder(REAL).glob("running-*.json")):
        with contextlib.suppress(OSError, ValueError, TypeError):
            return fresh_link(_read_running(path))
    return None


def _read_running(path: Path) -> RunningServer:
    return RunningServer(**json.loads(path.read_text(encoding="utf-8")))


def fresh_link(running: RunningServer) -> str:
    """Return a link that opens the console once, within a minute; raises HTTPError where the session is gone."""
    base = f"http://127.0.0.1:{running.port}"
    return base + ask(f"{base}/facilitator/once", {"session": running.session}, f"Bearer {running.key}", "open")
