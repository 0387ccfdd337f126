"""Who gets in where: codes, links, cookies, the facilitator's key, and other sites."""

from __future__ import annotations

import pytest

from course.workshop import console, routes
from course.workshop.session import OpenRoom
from course.workshop.sessions import CODE_PACE
from tests.workshop.stage import Browser, Host, Stage, answer


def test_the_letters_lead_to_the_link(stage: Stage, room: OpenRoom) -> None:
    typed = room.doors.code.lower()
    came = stage.browser().form("/", {"code": f" {typed[:3]} {typed[3:]} "})
    assert (came.status, came.headers["location"]) == (303, f"/j/{room.doors.link}")
    wrong = "A" if room.doors.code[-1] != "A" else "B"
    missed = stage.browser().form("/", {"code": room.doors.code[:-1] + wrong})
    assert missed.status == 404
    assert missed.json["problem"]["error"]


def test_wrong_codes_make_guessers_wait_and_nobody_else(stage: Stage, room: OpenRoom, host: Host) -> None:
    phone = stage.phone(room)
    host.press("open", question="leak")
    guesser = stage.browser()
    statuses = [guesser.form("/", {"code": "ABCDEF"}).status for _ in range(int(CODE_PACE[0]) + 3)]
    assert statuses[0] == 404
    assert statuses[-1] == 429
    late = stage.browser().form("/", {"code": room.doors.code})
    assert (late.status, int(late.headers["retry-after"]) > 0) == (429, True)
    assert answer(phone, room, "leak", "A").status == 200
    assert stage.phone(room).get(f"/r/{room.room}/").status == 200


def test_scanning_again_is_the_same_person(stage: Stage, room: OpenRoom) -> None:
    phone = stage.phone(room)
    before = dict(phone.cookies)
    assert phone.get(f"/j/{room.doors.link}").headers["location"] == f"/r/{room.room}/"
    phone.form(f"/j/{room.doors.link}", {})
    assert phone.cookies == before
    assert len(room.live.people) == 1


def test_nobody_gets_in_with_a_token_that_the_room_never_gave(stage: Stage, room: OpenRoom, host: Host) -> None:
    name, token = f"phone-{room.room}", stage.phone(room).cookies[f"phone-{room.room}"]
    host.press("open", question="leak")
    flipped = token[:-1] + ("0" if token[-1] != "0" else "1")
    for forged in ("", "x", flipped, "0" * 32 + token[32:], token.upper(), f"{token}.", token.partition(".")[0]):
        stranger = Browser(stage.port, {name: forged})
        assert answer(stranger, room, "leak", "A").status == 401
        assert stranger.get(f"/r/{room.room}/").headers["location"] == "/"
    assert stage.server._store.answers(room.room) == []


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(stage: Stage, room: OpenRoom) -> None:
    joined = stage.browser().form(f"/j/{room.doors.link}", {}).headers["set-cookie"]
    entered = stage.browser().get(stage.server.new_once(room.room)).headers["set-cookie"]
    for cookie in (joined, entered):
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
    assert f"Path=/console/{room.room}/" in entered


def test_the_link_to_the_console_opens_once(stage: Stage, room: OpenRoom) -> None:
    path = stage.server.new_once(room.room)
    assert stage.browser().get(path).status == 303
    assert stage.browser().get(path).status == 403
    assert stage.browser().get(f"/console/{room.room}/").status == 403


def test_only_who_has_the_key_gets_such_a_link(stage: Stage, room: OpenRoom) -> None:
    key = {"Authorization": f"Bearer {stage.server.key}"}
    given = stage.browser().send("/facilitator/once", {"room": room.room}, **key)
    assert stage.browser().get(given.json["open"]).status == 303
    for wrong in ({}, {"Authorization": "Bearer "}, {"Authorization": f"Bearer {stage.server.key[:-1]}"}):
        assert stage.browser().send("/facilitator/once", {"room": room.room}, **wrong).status == 403


def test_the_facilitator_of_one_room_has_no_say_in_another(stage: Stage, room: OpenRoom, host: Host) -> None:
    second = stage.new_room()
    other = stage.host(second)
    other.cookies[f"console-{room.room}"] = other.cookies[f"console-{second.room}"]
    for page in ("", "screen", "events", "screen/events", "cards", "export.csv", "export.html", "export.json"):
        assert other.get(f"/console/{room.room}/{page}").status == 403
    other.room = room.room
    assert other.press("open", question="leak").status == 403
    assert room.live.state.standing("leak").taking == "new"


def test_no_phone_reads_the_console_or_its_keys(stage: Stage, room: OpenRoom, host: Host) -> None:
    phone = stage.phone(room)
    secrets = [stage.server.key, room.doors.key.hex(), host.token, host.cookies[f"console-{room.room}"]]
    for path in ("/", f"/j/{room.doors.link}", f"/r/{room.room}/", f"/r/{room.room}/mine", "/nowhere"):
        page = phone.get(path).body.decode()
        assert not [secret for secret in [*secrets, room.doors.link] if secret in page]
    assert phone.get(f"/console/{room.room}/").status == 403
    screen = host.get(f"/console/{room.room}/screen").body.decode()
    assert not [secret for secret in secrets if secret in screen]


def test_what_phones_can_reach_has_no_page_of_the_facilitator() -> None:
    reached = {handler for _, handler in routes.PHONES}
    assert reached
    assert not [handler for handler in reached if handler.__module__ == console.__name__]


def test_a_press_on_the_console_comes_from_its_own_page(stage: Stage, room: OpenRoom, host: Host) -> None:
    act, path = {"act": "open", "question": "leak"}, f"/console/{room.room}/act"
    assert host.send(path, act).status == 403
    assert host.send(path, act, **{"X-Room-Token": "0" * 32}).status == 403
    assert host.form(path, {**act, "token": ""}).status == 403
    assert host.form(path, {**act, "token": host.token}, Origin="https://elsewhere.example").status == 403
    assert room.live.state.standing("leak").taking == "new"
    assert host.form(path, {**act, "token": host.token}, Origin=f"http://127.0.0.1:{stage.port}").status == 303
    assert room.live.state.standing("leak").taking == "open"


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://elsewhere.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}],
)
def test_another_site_sends_nothing(stage: Stage, room: OpenRoom, host: Host, headers: dict[str, str]) -> None:
    phone = stage.phone(room)
    host.press("open", question="leak")
    message = {"part": "leak", "revision": 1, "answer": "A"}
    assert phone.send(f"/r/{room.room}/answer", message, **headers).status == 403
    assert phone.form(f"/r/{room.room}/answer", {"part": "leak", "answer": "A"}, **headers).status == 403
    assert stage.browser().form(f"/j/{room.doors.link}", {}, **headers).status == 403
    assert stage.server._store.answers(room.room) == []


def test_another_name_of_this_machine_is_refused(stage: Stage, room: OpenRoom) -> None:
    for host in ("elsewhere.example", f"elsewhere.example:{stage.port}", "127.0.0.1", ""):
        assert stage.browser().get("/", Host=host).status in (400, 421)
    assert stage.browser().get("/", Host=f"localhost:{stage.port}").status == 200


def test_every_answer_of_the_server_is_strict(stage: Stage, room: OpenRoom, host: Host) -> None:
    phone = stage.phone(room)
    for browser, path in (
        (phone, "/"), (phone, f"/r/{room.room}/"), (phone, "/nowhere"), (phone, f"/r/{room.room}/mine"),
        (host, f"/console/{room.room}/"), (host, f"/console/{room.room}/screen"), (phone, "/facilitator/once"),
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


def test_what_is_too_big_is_refused(stage: Stage, room: OpenRoom, host: Host) -> None:
    phone = stage.phone(room)
    host.press("open", question="attention")
    path, json_type = f"/r/{room.room}/answer", {"Content-Type": "application/json"}
    assert phone.ask("POST", path, b"[" * 10_000, json_type).status == 400
    assert phone.ask("POST", path, b'{"part":' * 1000, json_type).status == 400
    try:
        assert phone.ask("POST", path, b"x" * 10_000_000, json_type).status in (400, 413)
    except (ConnectionError, BrokenPipeError):
        pass  # the server hangs up instead of reading it all
    assert answer(phone, room, "attention", "tea").status == 200
