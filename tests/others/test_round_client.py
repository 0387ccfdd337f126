"""What a notebook asks of a server of rounds, real or not: every answer that is none is said in plain words."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Callable, Iterator

import pytest

from course.core import moments
from course.core.errors import RoundRefused
from course.records.raters.others import OthersWay
from course.records.raters.round_client import RoundClient, is_encrypted, read_server
from course.records.raters.round_wire import RoundSecret
from tests.cases import every
from tests.others.round_host import Rater, RoundHost
from tests.others.stored_rounds import days


def test_a_round_is_made_and_opened(host: RoundHost) -> None:
    secret = RoundSecret.new()
    client = RoundClient(host.address, secret)
    made = client.make(7)
    assert made == client.make(7) == client.state()
    assert (made.address, str(made.last_answers)) == (f"{host.address}/o/{secret.link}", "2026-12-05")
    for point in (3, 4, 5, 5, 6, 6, 7, 7):
        Rater(host, secret.link).send_all(point)
    with pytest.raises(RoundRefused, match="Fewer than five"):
        client.open()
    with moments.clock_at(days(1)):
        result = client.open()
        assert result
        assert (result.way, result.raters, result.version) == (OthersWay.HOSTED, "eight-or-more", 2)
        assert result.statements["CARE7"].middle_half == (4, 7)
        client.done()
        with pytest.raises(RoundRefused) as gone:
            client.open()
    assert gone.value.is_gone


def test_a_round_of_which_nothing_can_be_shown_has_no_result(host: RoundHost) -> None:
    secret = RoundSecret.new()
    client = RoundClient(host.address, secret)
    client.make(3)
    raters = [Rater(host, secret.link) for _ in range(5)]
    for rater in raters:
        rater.send_all(4)
    with moments.clock_at(days(1)):
        raters[0].send_all("n")
        assert client.open() is None


def test_nobody_at_the_address_is_said(host: RoundHost) -> None:
    host.run(host.server.listeners.stop())
    with pytest.raises(RoundRefused, match="cannot be reached") as refusal:
        RoundClient(host.address, RoundSecret.new()).state()
    assert not refusal.value.is_gone


def test_a_server_in_a_loaded_journal_that_has_no_such_address_is_said() -> None:
    for server in ("", "trust.example", "https://trust..example", "nothing://x"):
        with pytest.raises(RoundRefused):
            RoundClient(server, RoundSecret.new()).state()


Answer = Callable[[http.server.BaseHTTPRequestHandler], None]


@pytest.fixture
def stranger() -> Iterator[Callable[[Answer], RoundClient]]:
    """Return what makes a server that is none of ours, and a round that is looked for there."""
    servers = []

    def start(answer: Answer) -> RoundClient:
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                answer(self)

            def log_message(self, *_: object) -> None: ...

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever).start()
        servers.append(server)
        return RoundClient(f"http://127.0.0.1:{server.server_port}", RoundSecret("5e" * 32))

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def replying(status: int, body: object, **headers: str) -> Answer:
    def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        handler.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(data))}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(data)

    return answer


STATE = {
    "address": f"https://x.example/o/{RoundSecret('5e' * 32).link}", "last_answers": "2026-12-05",
    "last_opening": "2026-12-06", "counter": "five-or-more", "is_opened": False,
}  # fmt: skip
RESULT = {
    "moment": "2026-11-30T12:00:00.000000+00:00", "version": 2, "raters": "five-to-seven",
    "statements": {"COMP7": {"average": 4.5, "middle_half": None}},
}  # fmt: skip
NO_STATES = [
    b"<html>", b"[]", b"3", {}, {**STATE, "counter": "four"}, {**STATE, "counter": 4},
    {**STATE, "last_answers": "soon"},
    {**STATE, "address": "https://x.example/o/other"}, {**STATE, "address": "javascript:" + STATE["address"][8:]},
    b"[" * 60_000, {**STATE, "address": "https://x.example/<b>/o/" + RoundSecret("5e" * 32).link + "?"},
]  # fmt: skip
NO_RESULTS = [
    {}, {"result": None}, {"result": {**RESULT, "version": 99}}, {"result": {**RESULT, "raters": "four"}},
    {"result": {**RESULT, "statements": {"COMP7": {"average": 4.4, "middle_half": None}}}},
    {"result": {**RESULT, "statements": {"COMP7": {"average": 9, "middle_half": None}}}},
    {"result": {**RESULT, "statements": {"COMP7": {"average": "4", "middle_half": None}}}},
    {"result": {**RESULT, "statements": {"COMP7": {"average": 4, "middle_half": [7, 1]}}}},
    {"result": {**RESULT, "statements": {"COMP7": {"average": 4, "middle_half": [1]}}}},
    {"result": {**RESULT, "statements": []}}, {"result": {**RESULT, "moment": "yesterday"}},
    {"result": {**RESULT, "moment": "2026-11-30T12:00:00"}}, {"result": {**RESULT, "moment": 5}},
]  # fmt: skip


def test_what_is_no_state_is_refused(stranger: Callable[[Answer], RoundClient]) -> None:
    assert stranger(replying(200, STATE)).state().counter == "five-or-more"
    for reply in NO_STATES:
        with pytest.raises(RoundRefused, match="No server of rounds"):
            stranger(replying(200, reply)).state()


def test_what_is_no_result_is_refused(stranger: Callable[[Answer], RoundClient]) -> None:
    assert stranger(replying(200, {"result": RESULT})).open()
    for reply in NO_RESULTS:
        with pytest.raises(RoundRefused, match="No server of rounds"):
            stranger(replying(200, reply)).open()


def test_a_server_that_leads_elsewhere_does_not_get_the_secret_there(stranger: Callable[[Answer], RoundClient]) -> None:
    seen: list[str] = []

    def note(handler: http.server.BaseHTTPRequestHandler) -> None:
        seen.append(handler.path)
        replying(200, STATE)(handler)

    elsewhere = stranger(note).server
    for status in (301, 302, 303, 307, 308):
        with pytest.raises(RoundRefused, match="No server of rounds") as refusal:
            stranger(replying(status, b"", Location=f"{elsewhere}/others/round")).state()
        assert "Try it with https:// in front." in refusal.value.hint
    assert seen == []


def test_a_page_of_some_other_server_is_no_round_that_is_over(stranger: Callable[[Answer], RoundClient]) -> None:
    for status in (404, 410, 500):
        with pytest.raises(RoundRefused) as refusal:
            stranger(replying(status, b"<h1>Not Found</h1>")).state()
        assert not refusal.value.is_gone


@every(
    "typed",
    [
        "",
        "my server",
        "ftp://trust.example.org",
        "https://",
        "https://a b",
        "https://x.example/?a=1",
        "https://ü.example",
        "https://trust..example",
        "https://.example",
        f"{'a' * 64}.example",
    ],
)
def test_what_is_no_address_is_said(typed: str) -> None:
    with pytest.raises(RoundRefused, match="no address"):
        read_server(typed)


def test_an_address_may_come_without_its_scheme_and_with_a_path() -> None:
    assert read_server(" trust.example.org/rounds/ ") == "https://trust.example.org/rounds"
    assert read_server("localhost:8870") == "http://localhost:8870"
    assert [is_encrypted(text) for text in ("https://x.org", "http://127.0.0.1:1", "http://192.168.1.2")] == [
        True,
        True,
        False,
    ]
