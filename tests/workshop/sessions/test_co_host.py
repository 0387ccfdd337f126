"""A co-host's phone: paired once by a code, it may approve and hide lines and nothing else, until it is unpaired."""

from __future__ import annotations

import re
import time

import pytest

from course.core.errors import SessionRefused
from course.workshop.sessions.co_hosts import PAIRING_SECONDS, Pairing, PairingCodes
from course.workshop.sessions.session import Session
from course.workshop.web.server import CONSOLE_ROUTES
from tests.workshop.follower import Follower
from tests.workshop.live_server import Browser, Console, LiveServer, Reply, answer

pytestmark = pytest.mark.slow

TEXTS = ("Slow lifts", "Late notes", "Good soup", "Kind porters", "Cold rooms", "Long queues")


class CoHost(Browser):
    """A phone that is paired with a session."""

    session = ""
    token = ""

    def press(self, action: str, lines: list[str]) -> Reply:
        message = {"action": action, "lines": lines}
        return self.send(f"/h/{self.session}/action", message, **{"X-Form-Token": self.token})

    def names(self) -> list[str]:
        page = self.get(f"/h/{self.session}/")
        return [name for line in page.json["lines"] for name in line["names"]]


def pair(live_server: LiveServer, console: Console) -> CoHost:
    console.press("pair-co-host")
    phone = CoHost(live_server.port)
    reply = phone.form("/co-host", {"code": console.view()["pairing"]["code"]})
    assert (reply.status, reply.headers["location"]) == (303, f"/h/{console.session}/")
    phone.session = console.session
    phone.token = phone.get(f"/h/{phone.session}/").json["token"]
    return phone


def write(live_server: LiveServer, session: Session, console: Console) -> None:
    console.press("step", step="agree")
    console.press("open", question="differences")
    for text in TEXTS:
        assert answer(live_server.phone(session), session, "differences", text).status == 200
    console.press("close", question="differences")


def test_a_co_host_approves_and_hides_lines_and_sees_those_that_wait_alone(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    write(live_server, session, console)
    phone = pair(live_server, console)
    page = phone.get(f"/h/{session.id}/").json
    assert {line["text"] for line in page["lines"]} == set(TEXTS)
    assert page.keys() == {
        "title", "language", "direction", "path", "session", "is_closed", "lines", "token", "secure", "problem"
    }  # fmt: skip
    assert page["lines"][0].keys() == {"line", "names", "text", "alike", "count", "prompt"}
    approved, hidden, aside, *rest = phone.names()
    assert phone.press("approve-lines", [approved]).status == 200
    assert phone.press("hide-lines", [hidden]).status == 200
    console.press("aside-lines", lines=[aside])
    status = {line.name: line.status for line in session.model.lines.every()}
    assert (status[approved], status[hidden]) == ("approved", "hidden")
    assert phone.names() == rest
    assert phone.press("approve-lines", [aside]).status == 409


def test_a_co_host_changes_nothing_that_is_decided_already(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    """Whoever decided first is right: a co-host's page may show a card for a moment longer."""
    write(live_server, session, console)
    phone = pair(live_server, console)
    approved, hidden, waiting, *_ = phone.names()
    console.press("approve-lines", lines=[approved])
    console.press("hide-lines", lines=[hidden])
    assert phone.press("hide-lines", [approved]).status == 409
    assert phone.press("approve-lines", [hidden]).status == 409
    assert phone.press("approve-lines", [approved]).status == 200, "pressed twice, or by two co-hosts"
    assert phone.press("approve-lines", [hidden, waiting]).status == 200
    status = {line.name: line.status for line in session.model.lines.every()}
    assert (status[approved], status[hidden], status[waiting]) == ("approved", "hidden", "approved")


def test_a_co_host_can_do_nothing_else(live_server: LiveServer, session: Session, console: Console) -> None:
    write(live_server, session, console)
    phone = pair(live_server, console)
    names = phone.names()
    for action in ("wait-lines", "aside-lines", "copied-lines", "group", "ungroup", "reveal", "close-session", ""):
        assert phone.press(action, names).status == 403, action
    assert phone.send(f"/h/{session.id}/action", {"action": "approve-lines", "lines": names}).status == 403, "no token"
    extra = {"action": "approve-lines", "lines": names, "question": "differences"}
    assert phone.send(f"/h/{session.id}/action", extra, **{"X-Form-Token": phone.token}).status == 400
    assert {line.status for line in session.model.lines.every()} == {"waiting"}


@pytest.mark.parametrize("pattern", [pattern for pattern, _ in CONSOLE_ROUTES])
def test_no_address_of_the_console_lets_a_co_host_in(
    live_server: LiveServer, session: Session, console: Console, pattern: str
) -> None:
    phone = pair(live_server, console)
    cookie = phone.cookies[f"co-host-{session.id}"]
    phone.cookies |= {f"console-{session.id}": cookie, f"phone-{session.id}": cookie}
    path = pattern.replace("([0-9a-f]{8})", session.id).replace("([0-9a-f]{32})", "0" * 32).replace("\\", "")
    path = re.sub(r"\((\w+)(\|\w+)*\)", r"\1", path).replace("([A-Za-z0-9-]{1,80})", "leak-0")
    assert "(" not in path
    for method, body in (("GET", None), ("POST", '{"action": "timer", "minutes": "1"}')):
        headers = {"Content-Type": "application/json", "X-Form-Token": phone.token}
        assert phone.ask(method, path, body, headers).status in (403, 404, 405), (method, path)
    assert phone.get(f"/r/{session.id}/mine").status == 401
    assert session.model.state.timer_of == 0


def test_phones_and_strangers_are_no_co_hosts(live_server: LiveServer, session: Session, console: Console) -> None:
    pair(live_server, console)
    phone = live_server.phone(session)
    phone.cookies[f"co-host-{session.id}"] = phone.cookies[f"phone-{session.id}"]
    for browser in (live_server.browser(), phone, console):
        for path in ("", "events", "now"):
            assert browser.get(f"/h/{session.id}/{path}").status == 403
        sent = browser.send(f"/h/{session.id}/action", {"action": "hide-lines", "lines": []})
        assert sent.status == 403


def test_a_code_works_once_and_a_new_one_takes_its_place(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    console.press("pair-co-host")
    first = console.view()["pairing"]["code"]
    console.press("pair-co-host")
    second = console.view()["pairing"]["code"]
    assert live_server.browser().form("/co-host", {"code": first}).status == 404
    shown = live_server.browser().get(f"/co-host?code={second}")
    assert (shown.status, shown.json["code"]) == (200, second), "looking at the link uses nothing up"
    assert live_server.browser().form("/co-host", {"code": f" {second[:4].lower()}-{second[4:]}"}).status == 303
    assert live_server.browser().form("/co-host", {"code": second}).status == 404
    pairing = console.view()["pairing"]
    assert (pairing["state"], pairing["code"], pairing["link"], pairing["qr"]) == ("used", "", "", "")
    assert console.view()["co_hosts"] == 1
    assert second not in console.get(f"/console/{session.id}/").body.decode()


def test_a_code_leaves_the_console_by_itself_when_its_minutes_are_over(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    console.press("pair-co-host")
    code = console.view()["pairing"]["code"]
    follower = Follower(console, f"/console/{session.id}/events")
    assert code.encode() in follower.next()
    live_server.server.clock = lambda: time.monotonic() + PAIRING_SECONDS
    event = follower.next()
    assert code.encode() not in event
    assert console.view()["pairing"]["state"] == "expired"
    follower.close()
    assert live_server.browser().form("/co-host", {"code": code}).status == 404
    console.press("pair-co-host")
    again = console.view()["pairing"]
    assert (again["state"], len(again["code"]), again["code"] == code) == ("good", 8, False)
    console.press("unpair-co-hosts")
    assert console.view()["pairing"]["state"] == "none"


def test_the_link_for_a_co_host_stands_there_also_where_the_door_is_shut_to_others(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    console.press("door", to="shut")
    console.press("pair-co-host")
    pairing = console.view()["pairing"]
    assert pairing["link"] == f"{live_server.server.listeners.address}/co-host?code={pairing['code']}"


def test_a_code_is_good_for_minutes_and_cannot_be_guessed() -> None:
    codes = PairingCodes()
    codes.new_code("room", 0.0)
    code = codes.latest("room", 0.0).code
    assert (len(code), codes.latest("room", PAIRING_SECONDS - 1).state) == (8, "good")
    tries = 0
    for second in range(int(PAIRING_SECONDS)):
        for _ in range(3):
            with pytest.raises(SessionRefused) as refusal:
                codes.take("AAAAAAAA", float(second))
            tries += refusal.value.status == 404
    assert tries <= 75
    with pytest.raises(SessionRefused):
        codes.take(code, PAIRING_SECONDS)
    assert codes.latest("room", PAIRING_SECONDS) == Pairing("expired")


def test_a_co_host_is_unpaired_at_once_and_its_page_ends(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    write(live_server, session, console)
    phone = pair(live_server, console)
    names = phone.names()
    follower = Follower(phone, f"/h/{session.id}/events")
    follower.next()
    console.press("pair-co-host")
    code = console.view()["pairing"]["code"]
    assert console.press("unpair-co-hosts").status == 200
    assert follower.next().startswith(b"event: gone")
    follower.close()
    assert phone.press("approve-lines", names).status == 403
    assert phone.get(f"/h/{session.id}/").status == 403
    assert live_server.browser().form("/co-host", {"code": code}).status == 404
    live_server.restart()
    assert phone.get(f"/h/{session.id}/").status == 403
    assert {line.status for line in session.model.lines.every()} == {"waiting"}


def test_a_press_that_is_on_its_way_while_the_phone_is_unpaired_does_nothing(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    write(live_server, session, console)
    pair(live_server, console)
    name = session.model.lines.every()[0].name
    cookie = session.access.co_host_cookie(session.model.state.co_hosts[0])

    async def race() -> None:
        session.model.state.co_hosts = []
        await session.perform("approve-lines", {"lines": [name]}, 0.0, may=lambda: session.co_hosts.check(cookie))

    with pytest.raises(SessionRefused):
        live_server.run(race())
    assert {line.status for line in session.model.lines.every()} == {"waiting"}


def test_a_restart_keeps_co_hosts_and_the_close_lets_them_go(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    write(live_server, session, console)
    phone = pair(live_server, console)
    live_server.restart()
    assert len(phone.names()) == len(TEXTS)
    console.press("close-session", days="7")
    assert phone.get(f"/h/{session.id}/").status == 410
    assert live_server.server.sessions.find(session.id).model.state.co_hosts == []


def test_its_cookie_is_out_of_reach_of_scripts_and_other_sites(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    console.press("pair-co-host")
    reply = live_server.browser().form("/co-host", {"code": console.view()["pairing"]["code"]})
    cookie = reply.headers["set-cookie"]
    assert f"Path=/h/{session.id}/" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Secure" not in cookie, "over plain http it could not be sent back"
    assert reply.status == 303


def test_without_javascript_forms_do_the_same(live_server: LiveServer, session: Session, console: Console) -> None:
    write(live_server, session, console)
    phone = pair(live_server, console)
    name = phone.names()[0]
    fields = {"token": phone.token, "action": "approve-lines", "line": name}
    assert phone.form(f"/h/{session.id}/action", fields).status == 303
    assert session.model.lines.find(name).status == "approved"  # type: ignore[union-attr]
    assert phone.form(f"/h/{session.id}/action", {**fields, "token": "0"}).status == 403
    assert phone.form(f"/h/{session.id}/action", {**fields, "action": "reveal"}).status == 403
