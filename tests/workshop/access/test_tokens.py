"""Who gets in where: codes, links, cookies, the facilitator's key, and other sites."""

from __future__ import annotations

import time
from http.cookies import SimpleCookie

import pytest

from course.workshop.access.rate_limit import wrong_code_limit
from course.workshop.sessions.session import Session
from course.workshop.store.session_keys import QUIET_HOURS
from course.workshop.web import console_routes
from course.workshop.web.context import LINK_SECONDS
from course.workshop.web.server import PHONE_ROUTES
from tests.workshop.live_server import Browser, Console, LiveServer, answer


def test_the_letters_lead_to_the_link(live_server: LiveServer, session: Session) -> None:
    typed = session.access.code.lower()
    reply = live_server.browser().form("/", {"code": f" {typed[:3]} {typed[3:]} "})
    assert (reply.status, reply.headers["location"]) == (303, f"/j/{session.access.link}")
    wrong = "A" if session.access.code[-1] != "A" else "B"
    missed = live_server.browser().form("/", {"code": session.access.code[:-1] + wrong})
    assert missed.status == 404
    assert missed.json["problem"]["error"]


def test_wrong_codes_make_guessers_wait_and_nobody_else(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    phone = live_server.phone(session)
    console.press("open", question="leak")
    guesser, most, seconds = live_server.browser(), int(wrong_code_limit().burst), [1000.0]
    live_server.server.clock = lambda: seconds[0]
    statuses = [guesser.form("/", {"code": "ABCDEF"}).status for _ in range(most + 1)]
    assert statuses == [404] * most + [429]
    late = live_server.browser().form("/", {"code": session.access.code})
    assert (late.status, int(late.headers["retry-after"]) > 0) == (429, True)
    assert answer(phone, session, "leak", "A").status == 200
    assert live_server.phone(session).get(f"/r/{session.id}/").status == 200
    seconds[0] += int(late.headers["retry-after"])
    assert live_server.browser().form("/", {"code": session.access.code}).status == 303


def test_scanning_again_is_the_same_person(live_server: LiveServer, session: Session) -> None:
    phone = live_server.phone(session)
    before = dict(phone.cookies)
    assert phone.get(f"/j/{session.access.link}").headers["location"] == f"/r/{session.id}/"
    phone.form(f"/j/{session.access.link}", {})
    assert phone.cookies == before
    assert len(session.model.people) == 1


def test_a_browser_that_keeps_no_cookies_is_told_so_and_is_nobody(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    for _ in range(6):
        browser = live_server.browser()
        led_to = browser.form(f"/j/{session.access.link}", {}).headers["location"]
        browser.cookies.clear()
        page = browser.get(led_to, Accept="text/html")
        assert page.status == 403
        assert "keeps no cookies" in page.json["error"]
    assert session.model.people == set()
    assert (console.view()["joined"], live_server.server._store.people(session.id)) == (0, set())


def test_a_phone_counts_once_its_cookie_came_back_and_after_a_restart(
    live_server: LiveServer, session: Session
) -> None:
    browser = live_server.browser()
    led_to = browser.form(f"/j/{session.access.link}", {}).headers["location"]
    assert len(session.model.people) == 0
    for _ in range(2):
        assert browser.get(led_to).status == 200
        assert len(session.model.people) == 1
    live_server.restart()
    assert len(live_server.server.sessions.by_id[session.id].model.people) == 1


def test_a_phone_is_the_same_on_the_next_days_of_a_session_and_nothing_stays_on_it_after_the_close(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    """A session goes on for days where somebody answers each day; else one person could be counted once for each."""
    browser = live_server.browser()
    joined = browser.form(f"/j/{session.access.link}", {})
    opened = browser.get(joined.headers["location"])
    again = browser.get(f"/r/{session.id}/")
    quiet = 3600 * (QUIET_HOURS + 1)
    for reply in (joined, opened, again):
        kept = SimpleCookie(reply.headers["set-cookie"])[f"phone-{session.id}"]
        assert int(kept["max-age"]) > 2 * quiet
        assert kept.value == browser.cookies[f"phone-{session.id}"]
    console.press("close-session", days="1")
    gone = browser.get(f"/r/{session.id}/")
    assert gone.status == 410
    assert SimpleCookie(gone.headers["set-cookie"])[f"phone-{session.id}"].value == ""


def test_a_phone_without_its_cookie_is_told_that_it_is_not_in_the_room(
    live_server: LiveServer, session: Session
) -> None:
    stranger = live_server.browser()
    led_to = stranger.get(f"/r/{session.id}/").headers["location"]
    assert "not in the room" in stranger.get(led_to).json["problem"]["error"]
    assert stranger.get("/").json["problem"] is None


def test_nobody_gets_in_with_a_token_that_the_room_never_gave(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    name, token = f"phone-{session.id}", live_server.phone(session).cookies[f"phone-{session.id}"]
    console.press("open", question="leak")
    flipped = token[:-1] + ("0" if token[-1] != "0" else "1")
    for forged in ("", "x", flipped, "0" * 32 + token[32:], token.upper(), f"{token}.", token.partition(".")[0]):
        stranger = Browser(live_server.port, {name: forged})
        assert answer(stranger, session, "leak", "A").status == 401
        assert stranger.get(f"/r/{session.id}/").headers["location"] == "/?out=yes"
    assert live_server.server._store.answers(session.id) == []


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(live_server: LiveServer, session: Session) -> None:
    joined = live_server.browser().form(f"/j/{session.access.link}", {}).headers["set-cookie"]
    entered = live_server.browser().get(live_server.server.new_console_link(session.id)).headers["set-cookie"]
    for cookie in (joined, entered):
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
    assert f"Path=/console/{session.id}/" in entered


def test_the_link_to_the_console_opens_once(live_server: LiveServer, session: Session) -> None:
    path = live_server.server.new_console_link(session.id)
    assert live_server.browser().get(path).status == 303
    assert live_server.browser().get(path).status == 403
    late = live_server.server.new_console_link(session.id)
    live_server.server.clock = lambda: time.monotonic() + LINK_SECONDS
    assert live_server.browser().get(late).status == 403
    assert live_server.browser().get(f"/console/{session.id}/").status == 403


def test_only_who_has_the_key_gets_such_a_link(live_server: LiveServer, session: Session) -> None:
    key = {"Authorization": f"Bearer {live_server.server.key}"}
    reply = live_server.browser().send("/facilitator/once", {"session": session.id}, **key)
    assert live_server.browser().get(reply.json["open"]).status == 303
    for wrong in ({}, {"Authorization": "Bearer "}, {"Authorization": f"Bearer {live_server.server.key[:-1]}"}):
        assert live_server.browser().send("/facilitator/once", {"session": session.id}, **wrong).status == 403


def test_the_facilitator_of_one_room_has_no_say_in_another(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    second = live_server.new_session()
    other = live_server.console(second)
    other.cookies[f"console-{session.id}"] = other.cookies[f"console-{second.id}"]
    for page in ("", "screen", "events", "screen/events", "cards", "export.csv", "export.html", "export.json"):
        assert other.get(f"/console/{session.id}/{page}").status == 403
    other.session = session.id
    assert other.press("open", question="leak").status == 403
    assert session.model.state.question("leak").phase == "new"


def test_no_phone_reads_the_console_or_its_keys(live_server: LiveServer, session: Session, console: Console) -> None:
    phone = live_server.phone(session)
    secrets = [
        live_server.server.key,
        session.access.key.hex(),
        console.token,
        console.cookies[f"console-{session.id}"],
    ]
    for path in ("/", f"/j/{session.access.link}", f"/r/{session.id}/", f"/r/{session.id}/mine", "/nowhere"):
        page = phone.get(path).body.decode()
        assert not [secret for secret in [*secrets, session.access.link] if secret in page]
    assert phone.get(f"/console/{session.id}/").status == 403
    screen = console.get(f"/console/{session.id}/screen").body.decode()
    assert not [secret for secret in secrets if secret in screen]


def test_what_phones_can_reach_has_no_page_of_the_facilitator() -> None:
    reached = {handler for _, handler in PHONE_ROUTES}
    assert reached
    assert not [handler for handler in reached if handler.__module__ == console_routes.__name__]


def test_a_press_on_the_console_comes_from_its_own_page(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    message, path = {"action": "open", "question": "leak"}, f"/console/{session.id}/action"
    assert console.send(path, message).status == 403
    assert console.send(path, message, **{"X-Form-Token": "0" * 32}).status == 403
    assert console.form(path, {**message, "token": ""}).status == 403
    assert console.form(path, {**message, "token": console.token}, Origin="https://elsewhere.example").status == 403
    assert session.model.state.question("leak").phase == "new"
    assert (
        console.form(path, {**message, "token": console.token}, Origin=f"http://127.0.0.1:{live_server.port}").status
        == 303
    )
    assert session.model.state.question("leak").phase == "open"


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://elsewhere.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}],
)
def test_another_site_sends_nothing(
    live_server: LiveServer, session: Session, console: Console, headers: dict[str, str]
) -> None:
    phone = live_server.phone(session)
    console.press("open", question="leak")
    message = {"part": "leak", "revision": 1, "answer": "A"}
    assert phone.send(f"/r/{session.id}/answer", message, **headers).status == 403
    assert phone.form(f"/r/{session.id}/answer", {"part": "leak", "answer": "A"}, **headers).status == 403
    assert live_server.browser().form(f"/j/{session.access.link}", {}, **headers).status == 403
    assert live_server.server._store.answers(session.id) == []


def test_another_name_of_this_machine_is_refused(live_server: LiveServer, session: Session) -> None:
    for host in ("elsewhere.example", f"elsewhere.example:{live_server.port}", "127.0.0.1", ""):
        assert live_server.browser().get("/", Host=host).status in (400, 421)
    assert live_server.browser().get("/", Host=f"localhost:{live_server.port}").status == 200


def test_every_answer_of_the_server_is_strict(live_server: LiveServer, session: Session, console: Console) -> None:
    phone = live_server.phone(session)
    for browser, path in (
        (phone, "/"), (phone, f"/r/{session.id}/"), (phone, "/nowhere"), (phone, f"/r/{session.id}/mine"),
        (console, f"/console/{session.id}/"), (console, f"/console/{session.id}/screen"), (phone, "/facilitator/once"),
    ):  # fmt: skip
        headers = browser.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["referrer-policy"] == "same-origin"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert "tornado" not in headers["server"].lower()


def test_what_is_too_big_is_refused(live_server: LiveServer, session: Session, console: Console) -> None:
    phone = live_server.phone(session)
    console.press("open", question="attention")
    path, json_type = f"/r/{session.id}/answer", {"Content-Type": "application/json"}
    assert phone.ask("POST", path, b"[" * 10_000, json_type).status == 400
    assert phone.ask("POST", path, b'{"part":' * 1000, json_type).status == 400
    try:
        assert phone.ask("POST", path, b"x" * 10_000_000, json_type).status in (400, 413)
    except (ConnectionError, BrokenPipeError):
        pass  # the server hangs up instead of reading it all
    assert answer(phone, session, "attention", "tea").status == 200
