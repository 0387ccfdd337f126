"""What Prometheus is told: sums in steps of five, no name, no address, nothing of one session; and who may ask."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from course.workshop.errors import LOGGER
from course.workshop.sessions.session import Session
from course.workshop.web.metrics import WINDOW, Longest
from tests.cases import every
from tests.workshop.follower import Follower
from tests.workshop.live_server import Browser, Console, LiveServer, answer

pytestmark = pytest.mark.slow

PUBLIC = "https://trust.example.org/rooms"
HOST = {"Host": "trust.example.org"}


def told(live_server: LiveServer) -> dict[str, float]:
    """Return each value by its name, with its label."""
    reply = live_server.browser().get("/metrics")
    assert reply.status == 200, reply.body
    families = text_string_to_metric_families(reply.body.decode())
    return {
        " ".join([sample.name, *sample.labels.values()]): sample.value
        for family in families
        for sample in family.samples
    }


def test_answers_and_phones_are_told_in_steps_of_five(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    console.press("open", question="attention")
    followers = []
    for number in range(9):
        phone = live_server.phone(session)
        followers.append(Follower(phone, f"/r/{session.id}/events"))
        if number in (3, 4, 8):
            before = told(live_server)
            assert answer(phone, session, "attention", f"thought {number}").status == 200
            assert before["building_trust_answers_total"] == (5 if number == 8 else 0)
        else:
            assert answer(phone, session, "attention", f"thought {number}").status == 200
    after = told(live_server)
    assert after["building_trust_answers_total"] == 5  # of nine
    assert after["building_trust_phones"] == 5
    assert after["building_trust_sessions open"] == 1
    assert after["building_trust_answer_seconds"] > 0
    assert after["building_trust_is_writing"] == after["building_trust_is_alive"] == 1
    for follower in followers:
        follower.close()


def test_the_time_of_an_answer_is_told_where_five_came_in_the_same_minutes(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    """That of one alone would tell when it came."""
    console.press("open", question="attention")
    for number in range(6):
        before = told(live_server)["building_trust_answer_seconds"]
        assert (before > 0) is (number == 5)
        assert answer(live_server.phone(session), session, "attention", f"thought {number}").status == 200


def test_nothing_of_one_session_person_or_address_is_told(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    phone = live_server.phone(session)
    console.press("open", question="attention")
    answer(phone, session, "attention", "private thought")
    text = live_server.browser().get("/metrics").body.decode()
    secrets = [session.id, session.access.code, session.access.link, "private", "127.0.0.1", *session.model.people]
    assert [secret for secret in secrets if secret in text] == []
    names = set(re.findall(r"^(\w+)", text, re.MULTILINE))
    assert not {name for name in names if re.search("_(bucket|count|created)$", name)}, "a count tells when each came"


def test_no_number_tells_that_one_phone_came(live_server: LiveServer, session: Session) -> None:
    """Not even that of the files that the process has open, of which each phone's connection is one."""
    before = told(live_server)
    follower = Follower(live_server.phone(session), f"/r/{session.id}/events")
    after = told(live_server)
    follower.close()
    assert before.keys() == after.keys()
    assert {name for name, value in after.items() if value - before[name] in (1, 2)} == set()
    assert "process_open_fds" not in after  # a browser that keeps a connection could hide what it tells
    assert after["process_resident_memory_bytes"] > 0


def test_errors_are_counted_and_nothing_of_them_is_told(live_server: LiveServer) -> None:
    before, handlers = told(live_server)["building_trust_errors_total"], len(LOGGER.handlers)
    LOGGER.error("private words of an error")
    LOGGER.warning("no error")
    assert told(live_server)["building_trust_errors_total"] == before + 1
    assert "private" not in live_server.browser().get("/metrics").body.decode()
    live_server.restart()
    assert len(LOGGER.handlers) == handlers, "of this server, and of any other that an earlier test began"


@pytest.fixture
def remote(edition: Path, json_pages: None, tmp_path: Path) -> Iterator[LiveServer]:
    live_server = LiveServer(tmp_path, public=PUBLIC)
    yield live_server
    live_server.close()


def test_where_phones_come_in_nobody_learns_of_it_without_the_token(remote: LiveServer) -> None:
    proxy = Browser(remote.server.listeners.proxy_port)
    token = "synthetic-token"
    for header in ({}, {"Authorization": "Bearer "}, {"Authorization": f"Bearer {token}"}):
        for path in ("/metrics", "/rooms/metrics"):
            assert proxy.get(path, **HOST, **header).status == 404
    remote.server.metrics_token = token
    for header in (
        {},
        {"Authorization": "Bearer "},
        {"Authorization": f"Basic {token}"},
        {"Authorization": "Bearer x"},
    ):
        assert proxy.get("/rooms/metrics", **HOST, **header).status == 404
    allowed = proxy.get("/metrics", Host="10.1.2.3:8890", Authorization=f"Bearer {token}")
    assert allowed.status == 200
    assert b"building_trust_sessions" in allowed.body
    assert told(remote)["building_trust_sessions open"] == 0
    assert remote.browser().get("/metrics", Host="elsewhere.example").status == 421


@every("path", ["/health", "/health/live", "/health/ready"])
def test_a_server_that_is_well_says_so_under_any_name(live_once: LiveServer, path: str) -> None:
    reply = live_once.browser().get(path, Host="10.1.2.3:80")
    assert (reply.status, reply.body) == (200, b"ok")


@pytest.fixture(scope="module")
def live_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    live_server = LiveServer(tmp_path_factory.mktemp("live"))
    yield live_server
    live_server.close()


def test_nobody_is_sent_to_a_server_that_cannot_write(live_server: LiveServer) -> None:
    live_server.server._store.failure = OSError("synthetic")
    asked = {path: live_server.browser().get(f"/health/{path}").status for path in ("live", "ready")}
    assert asked == {"live": 200, "ready": 503}


def test_the_longest_of_the_last_minute_is_forgotten_after_two() -> None:
    now = [0.0]
    longest = Longest(lambda: now[0])
    longest.note(2.0)
    longest.note(1.0)
    assert longest.seconds == 2.0
    now[0] = WINDOW
    longest.note(0.5)
    assert longest.seconds == 2.0
    now[0] = 2 * WINDOW
    assert longest.seconds == 0.5
    now[0] = 9 * WINDOW
    assert longest.seconds == 0.0


def test_of_too_few_durations_none_is_told() -> None:
    now = [0.0]
    longest = Longest(lambda: now[0], least=2)
    longest.note(2.0)
    assert longest.seconds == 0.0
    now[0] = WINDOW
    longest.note(0.5)
    assert longest.seconds == 2.0, "of the minute before too"
    now[0] = 2 * WINDOW
    assert longest.seconds == 0.0
