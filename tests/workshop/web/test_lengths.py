"""Who watches a phone's encrypted connection sees lengths: they are the same whatever was answered."""

from __future__ import annotations

import json
import socket
import urllib.parse
from typing import Any

import pytest

from course.workshop.sessions.session import Session
from course.workshop.web.phone_routes import PADDING
from tests.workshop.live_server import Browser, Console, LiveServer
from tests.workshop.whole_room import own_console

pytestmark = pytest.mark.slow

FORM = "application/x-www-form-urlencoded"
OPTIONS: dict[str, list[Any]] = {
    "boundaries.sources": ["keep", "change", "not-sure", None],
    "group.G1": [1, 7, "n", None],
    "leak": ["A", "C", None],
}


@pytest.fixture
def json_pages() -> None:
    """Leave the course's own pages as they are."""


@pytest.fixture
def console(live_server: LiveServer, session: Session) -> Console:
    return own_console(live_server, session)


def exchanged(phone: Browser, path: str, body: str, kind: str) -> tuple[int, bytes]:
    """Send a request as it stands; return its length, and all that comes back, headers included."""
    (cookie,) = phone.cookies.items()
    host = f"127.0.0.1:{phone.port}"
    request = (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nCookie: {'='.join(cookie)}\r\n"
        f"Accept: text/html\r\nContent-Type: {kind}\r\nContent-Length: {len(body.encode())}\r\n"
        f"Connection: close\r\n\r\n{body}"
    ).encode()
    with socket.create_connection(("127.0.0.1", phone.port), timeout=60) as connection:
        connection.sendall(request)
        reply = b""
        while received := connection.recv(2**16):
            reply += received
    return len(request), reply


def open_all(console: Console) -> None:
    for question in ("boundaries", "group", "leak", "attention"):
        console.press("open", question=question)


def test_an_acknowledgement_has_one_length(live_server: LiveServer, session: Session, console: Console) -> None:
    open_all(console)
    phone, path = live_server.phone(session), f"/r/{session.id}/answer"
    lengths = set()
    for part, values in {**OPTIONS, "attention": ["tea", "a long line of thirty letters", None]}.items():
        for revision, value in enumerate([*values, values[0]], start=8):  # from one digit to two
            body = json.dumps({"part": part, "revision": revision, "answer": value})
            _, reply = exchanged(phone, path, body, "application/json")
            assert reply.startswith(b"HTTP/1.1 200")
            lengths.add(len(reply))
            assert len(reply.partition(b"\r\n\r\n")[2]) == PADDING
    assert len(lengths) == 1


def test_a_page_with_own_answers_has_one_length(live_server: LiveServer, session: Session, console: Console) -> None:
    open_all(console)
    path = f"/r/{session.id}/"
    lengths = set()
    for number in range(4):
        phone = live_server.phone(session)
        for part, values in OPTIONS.items():
            for revision in range(1, 2 + 5 * number):
                answer = {"part": part, "revision": revision, "answer": values[number % len(values)]}
                assert phone.send(f"{path}answer", answer).status == 200
        lengths.add(len(phone.get(path).body))
    assert len(lengths) == 1


def test_a_form_of_a_phone_without_javascript_has_one_length(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    open_all(console)
    phone, path = live_server.phone(session), f"/r/{session.id}/"
    for part in ("attention", "group.G2"):  # then the page shows the others
        phone.form(f"{path}answer", {"part": part, "skip": "yes"})
    for part in OPTIONS:
        console.press("step", step="agree" if part.startswith("boundaries") else "check-in")
        page = phone.get(path).body.decode()
        form = page[page.index(f'data-answer="{part}"') :].partition("</form>")[0]
        fields = []
        for tag in form.split("<button ")[1:]:
            name, value = (tag.split(f'{key}="')[1].partition('"')[0] for key in ("name", "value"))
            fields.append({"part": part, name: value})
        assert len(fields) >= 4, part
        seen = set()
        for sent in fields:
            length, reply = exchanged(
                phone, f"{path}answer", urllib.parse.urlencode(sent), "application/x-www-form-urlencoded"
            )
            assert reply.startswith(b"HTTP/1.1 303"), sent
            seen.add((length, len(reply)))
        assert len(seen) == 1, part
