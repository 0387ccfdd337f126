"""Whatever is sent to whatever address, the server answers with a refusal and stays up: never a fault of its own."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course.workshop.sessions.session import Session
from course.workshop.web.server import CONSOLE_ROUTES, PHONE_ROUTES
from course.workshop.wire import ACTIONS, fields_of
from tests.workshop.live_server import Browser, Console, LiveServer, answer

pytestmark = pytest.mark.slow

ROUTES = [pattern for pattern, _ in PHONE_ROUTES + CONSOLE_ROUTES]
NAMES = ["part", "revision", "answer", "action", "question", "line", "lines", "to", "text", "minutes", "address", "csv",
         "days", "step", "owner", "place", "date", "code", "token", "session", "skip", "show"]  # fmt: skip
HARMLESS = sorted(set(ACTIONS) - {"let-in", "show-way-in", "close-session", "delete-session"})
WORDS = st.sampled_from(["leak", "group.G1", "attention", "thanks", "promise", "sources", "boundaries", "A", "7", "n"])
ODD = st.sampled_from(["a\ud800b", "a\x00b", "\u202e", "a" * 400])
"""Half a letter, no letter, one that turns the line round, and too many."""
PLAIN: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30) | WORDS | ODD,
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=5), inside),
    max_leaves=10,
)
BODIES = (
    st.binary(max_size=200)
    | PLAIN.map(lambda value: json.dumps(value).encode())
    | st.dictionaries(st.sampled_from(NAMES), PLAIN).map(lambda value: json.dumps(value).encode())
    | st.fixed_dictionaries({"part": WORDS, "revision": st.integers(-2, 9) | PLAIN, "answer": PLAIN}).map(
        lambda value: json.dumps(value).encode()
    )
)
TYPES = st.sampled_from(
    ["application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", "", "é"]
)
MANY = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def address(pattern: str, session: Session) -> str:
    """Return an address that this route takes."""
    path = pattern.replace("([0-9a-f]{8})", session.id)
    path = re.sub(r"\((\w+\|)+(\w+)\)", r"\2", path).replace("\\.", ".")  # the last of several names
    path = path.replace("/j/([0-9a-f]{32})", f"/j/{session.access.link}").replace("([0-9a-f]{32})", "0" * 32)
    path = path.replace("([A-Za-z0-9-]{1,80})", "leak-0")
    assert re.fullmatch(pattern, path)
    return path


@pytest.fixture
def busy(live_server: LiveServer, session: Session, console: Console) -> Browser:
    """A browser that is phone and console at once, in a session where much is open."""
    for question in session.model.script.questions():
        console.press("open", question=question.slug)
    console.cookies |= live_server.phone(session).cookies
    return console


@pytest.mark.parametrize("pattern", [pattern for pattern in ROUTES if not pattern.endswith("events")])
def test_no_body_breaks_any_route(live_server: LiveServer, session: Session, busy: Console, pattern: str) -> None:
    path = address(pattern, session)

    @settings(MANY, max_examples=12)
    @given(method=st.sampled_from(["POST", "PUT", "DELETE", "PATCH", "GET"]), body=BODIES, kind=TYPES)
    def send(method: str, body: bytes, kind: str) -> None:
        headers = {"Content-Type": kind.encode("latin-1").decode("latin-1"), "X-Form-Token": busy.token}
        assert busy.ask(method, path, body, headers).status < 500

    send()
    assert live_server.browser().get("/").status == 200


@MANY
@given(body=BODIES)
def test_no_message_of_a_phone_breaks_the_room(
    live_server: LiveServer, session: Session, busy: Console, body: bytes
) -> None:
    assert busy.ask("POST", f"/r/{session.id}/answer", body, {"Content-Type": "application/json"}).status in (
        200, 400, 404, 409, 429,
    )  # fmt: skip
    assert busy.get(f"/r/{session.id}/").status == 200


@MANY
@given(act=st.sampled_from(HARMLESS), values=st.lists(PLAIN, min_size=4, max_size=4))
def test_no_press_breaks_the_room(
    live_server: LiveServer, session: Session, busy: Console, act: str, values: list[Any]
) -> None:
    message = dict(zip(fields_of(ACTIONS[act]), values, strict=False))
    if isinstance(message.get("question"), str) and len(message["question"]) % 2:
        message["question"] = "boundaries"
    assert busy.press(act, **message).status in (200, 400, 404, 409, 413)
    assert busy.get(f"/console/{session.id}/").status == 200


@MANY
@given(path=st.text(alphabet="abc/.%0-9?&=\\;", max_size=30))
def test_no_address_breaks_the_server(live_server: LiveServer, session: Session, busy: Console, path: str) -> None:
    for start in ("/", f"/r/{session.id}/", f"/console/{session.id}/", "/static/"):
        assert busy.get(start + path).status < 500


def test_unknown_and_missing_fields_are_refused(live_server: LiveServer, session: Session, busy: Console) -> None:
    message = {"part": "leak", "revision": 1, "answer": "A"}
    path = f"/r/{session.id}/answer"
    assert busy.send(path, {**message, "more": 1}).status == 400
    assert busy.send(path, {"part": "leak", "answer": "A"}).status == 400
    assert busy.send(path, [message]).status == 400
    not_json = '{"part":"leak","revision":1,"answer":NaN}'
    assert busy.ask("POST", path, not_json, {"Content-Type": "application/json"}).status == 400
    assert answer(busy, session, "leak", "A", 2).status == 200


def test_what_is_refused_is_told_in_one_shape(live_server: LiveServer, session: Session, busy: Console) -> None:
    for refused in (
        busy.send(f"/r/{session.id}/answer", {}),
        busy.get("/nowhere", Accept="application/json"),
        busy.send("/facilitator/once", {}),
        busy.send("/r/00000000/answer", {}),
    ):
        assert set(refused.json) == {"error", "hint", "status"}
        assert refused.json["status"] == refused.status
