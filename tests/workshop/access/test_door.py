"""Who may still join: the facilitator shuts the door, and one network address lets in hundreds and no more."""

from __future__ import annotations

import pytest

from course.core.errors import SessionRefused
from course.workshop.access.rate_limit import MOST_ADDRESSES, AddressLimits
from course.workshop.sessions.session import Session
from tests.workshop.live_server import Console, LiveServer, answer

pytestmark = pytest.mark.slow


def test_behind_a_shut_door_those_inside_go_on_and_others_get_a_plain_page(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    phone = live_server.phone(session)
    console.press("open", question="leak")
    assert console.press("door", to="shut").status == 200
    late, path = live_server.browser(), f"/j/{session.access.link}"
    for reply in (late.get(path, Accept="text/html"), late.form(path, {}, Accept="text/html")):
        assert (reply.status, "No more phones" in reply.body.decode()) == (403, True)
    assert late.cookies == {}
    assert phone.get(path).status == 303
    assert answer(phone, session, "leak", "A").status == 200
    assert console.press("door", to="open").status == 200
    live_server.phone(session)
    assert len(session.model.people) == 2


def test_the_door_stays_shut_over_a_restart_and_no_screen_shows_the_way_in(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    live_server.server.way_in.shown_anyway.add(live_server.server.listeners.address)
    assert console.view("screen")["join"]["qr"]
    console.press("door", to="shut")
    live_server.restart()
    live_server.server.way_in.shown_anyway.add(live_server.server.listeners.address)
    join = console.view("screen")["join"]
    assert (join["qr"], join["code"], join["is_shut"]) == ("", "", True)
    session = live_server.server.sessions.find(session.id)
    assert live_server.browser().form(f"/j/{session.access.link}", {}).status == 403
    assert console.view()["way_in"]["is_shut"]
    assert console.press("door", to="ajar").status == 400


def joined(limits: AddressLimits, address: str, many: int, now: float = 0.0) -> int:
    """Return how many of so many phones an address lets in."""
    let_in = 0
    for _ in range(many):
        try:
            limits.take_or_refuse(now, address)
        except SessionRefused:
            continue
        let_in += 1
    return let_in


def test_one_address_lets_in_a_hall_of_phones_and_no_flood() -> None:
    limits = AddressLimits()
    assert joined(limits, "192.0.2.1", 3000) == 500
    assert joined(limits, "192.0.2.1", 3000, now=60.0) == 60
    assert joined(limits, "192.0.2.2", 30) == 30
    assert joined(limits, "2001:db8::1", 300) + joined(limits, "2001:db8::2", 300) == 500


def test_who_is_refused_is_told_how_long_to_wait() -> None:
    limits = AddressLimits()
    assert joined(limits, "192.0.2.1", 500) == 500
    with pytest.raises(SessionRefused) as refusal:
        limits.take_or_refuse(0.0, "192.0.2.1")
    assert (refusal.value.status, refusal.value.wait) == (429, 2)


def test_only_so_many_addresses_are_remembered_and_none_is_said() -> None:
    limits = AddressLimits()
    for number in range(MOST_ADDRESSES + 5):
        limits.take_or_refuse(0.0, f"10.{number // 65536}.{number // 256 % 256}.{number % 256}")
    assert len(limits._limits) <= MOST_ADDRESSES
    assert "10.0" not in repr(limits)


@pytest.mark.parametrize("is_public", [False, True])
def test_addresses_are_limited_on_direct_connections_only(
    live_server: LiveServer, monkeypatch: pytest.MonkeyPatch, is_public: bool
) -> None:
    server = live_server.server
    monkeypatch.setattr(server.listeners, "public", object() if is_public else None)
    monkeypatch.setattr(server, "clock", lambda: 0.0)
    refused = 0
    for address in ("192.0.2.1",) * 550 + ("",) * 400:
        try:
            server.limit_joining(address)
        except SessionRefused:
            refused += 1
    assert refused == (0 if is_public else 50)
    monkeypatch.undo()
