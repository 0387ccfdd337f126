"""The room's server that runs already on this computer: where it is, and a fresh link to its console."""

from __future__ import annotations

import http.client
import json
import os
import ssl
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from course.content import words
from course.core.errors import RoomNotKept
from course.core.settings import settings

Running = dict[str, Any]
"""Port, key, room, process, and whether it is secure: for the facilitator's own programs alone."""


def store_folder(kind: str) -> Path:
    """Return the folder where rooms are kept (`rooms`, `demo`), which its owner alone can read."""
    folder = settings().data / "workshop" / kind
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise RoomNotKept(words("room.store-unreadable"), words("room.store-unreadable-hint")) from error
    return folder


def tell(kind: str, told: Running) -> Path:
    """Put down where a server is, for its owner's eyes alone; return the file, to be taken away when it stops."""
    path = store_folder(kind) / "running.json"
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
        json.dump(told, file)
    return path


def find(kind: str) -> Running | None:
    """Return where the server of that kind of room is, if it answers, also where its room is deleted."""
    try:
        running: Running = json.loads((store_folder(kind) / "running.json").read_text(encoding="utf-8"))
        fresh_link(running)
    except urllib.error.HTTPError as refused:
        return running if refused.code == 404 else None
    except (OSError, ValueError, KeyError, TypeError, http.client.HTTPException):
        return None
    return running


def fresh_link(running: Running) -> str:
    """Return a link that opens the console, good once and for a minute; raises HTTPError where the room is deleted."""
    base = f"{'https' if running['secure'] else 'http'}://127.0.0.1:{running['port']}"
    request = urllib.request.Request(
        f"{base}/facilitator/once",
        json.dumps({"room": running["room"]}).encode(),
        {"Authorization": f"Bearer {running['key']}", "Content-Type": "application/json"},
    )
    handlers: list[urllib.request.BaseHandler] = [urllib.request.ProxyHandler({})]
    if running["secure"]:
        handlers.append(urllib.request.HTTPSHandler(context=_own_address()))
    with urllib.request.build_opener(*handlers).open(request, timeout=5) as answer:
        return f"{base}{json.loads(answer.read())['open']}"


def _own_address() -> ssl.SSLContext:
    """Return how to ask this machine itself: the certificate names it as phones do, not by its loopback address."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
