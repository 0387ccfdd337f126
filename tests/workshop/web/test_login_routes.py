"""Facilitators log in at a Hub: at whichever worker they come out, and for as long as the Hub says that they may."""

from __future__ import annotations

import contextlib
import threading
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import pytest

from course.workshop.web.hub_login import CHECK_SECONDS, LOGIN_SECONDS
from course.workshop.web.login_routes import LOGIN_COOKIE
from course.workshop.web.server import CHECKED_AT_ONCE
from tests.postgresql import running_postgresql
from tests.workshop.follower import Follower
from tests.workshop.live_server import Browser, LiveServer
from tests.workshop.web.fake_hub import FakeHub, fake_hub

pytestmark = pytest.mark.slow
PUBLIC = "https://rooms.example.org/live"
HOST = {"Host": "rooms.example.org"}


class Clock:
    """Counts seconds as the test says."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    with fake_hub(robin=["trainers-a"], sam=["trainers-a"], kim=["trainers-b"]) as hub:
        yield hub


@pytest.fixture
def server(edition: Path, json_pages: None, tmp_path: Path, hub: FakeHub, clock: Clock) -> Iterator[LiveServer]:
    server = LiveServer(tmp_path, public=PUBLIC, hub=hub.client(), clock=clock)
    yield server
    server.close()


def browser_at(server: LiveServer, cookies: dict[str, str] | None = None) -> Browser:
    """Return a browser whose requests the proxy passes on to a server."""
    return Browser(server.server.listeners.proxy_port, {} if cookies is None else cookies)


def logged_in(server: LiveServer, hub: FakeHub, name: str) -> Browser:
    browser = browser_at(server)
    away = browser.get("/live/login/?next=/console/", **HOST)
    assert away.status == 303
    back = browser.get(hub.log_in(away.headers["location"], name), **HOST)
    assert (back.status, back.headers["location"]) == (303, "/live/console/")
    return browser


def new_room(browser: Browser, group: str = "trainers-a") -> str:
    """Open a room, and return the path of its console."""
    token = browser.get("/live/console/", **HOST).json["token"]
    fields = {"token": token, "group": group, "length": "short"}
    made = browser.form("/live/console/", fields, Origin="https://rooms.example.org", **HOST)
    assert made.status == 303, made.body
    return made.headers["location"]


def followed(browser: Browser, path: str) -> contextlib.closing[Follower]:
    return contextlib.closing(Follower(browser, f"{path}events", HOST["Host"]))


def check(server: LiveServer) -> None:
    """Do what the server does every minute."""
    assert server.server.logins
    server.run(server.server.check_logins(server.server.logins))


def test_whoever_leaves_the_group_loses_the_console_that_is_open(
    server: LiveServer, hub: FakeHub, clock: Clock
) -> None:
    robin, sam = logged_in(server, hub, "robin"), logged_in(server, hub, "sam")
    path = new_room(robin)
    (session,) = server.server.sessions.by_id.values()
    phone = browser_at(server)
    phone.form(f"/live/j/{session.access.link}", {}, Origin="https://rooms.example.org", **HOST)
    with (
        followed(robin, path) as console,
        followed(robin, f"{path}screen/") as screen,
        followed(sam, path) as other,
        followed(phone, f"/live/r/{session.id}/") as room,
    ):
        for follower in (console, screen, other, room):
            follower.next()
        assert server.server.broadcast.streams == 4
        hub.groups["robin"] = []
        asked = hub.questions
        clock.now += CHECK_SECONDS - 1
        check(server)
        assert hub.questions == asked, "the Hub was asked less than three minutes ago"
        assert robin.get(path, **HOST).status == 200
        clock.now += 2
        check(server)
        for follower in (console, screen):
            with pytest.raises(EOFError):
                follower.follow()
        assert server.server.broadcast.streams == 2, "the other facilitator's and the phone's go on"
    assert robin.get(path, **HOST).status == 404, "nor do they learn that there still is such a room"
    assert robin.get("/live/console/", **HOST).status == 403
    assert sam.get(path, **HOST).status == 200


def test_whoever_leaves_one_of_two_groups_keeps_the_console_of_the_other(
    server: LiveServer, hub: FakeHub, clock: Clock
) -> None:
    """Also where the Hub was asked since for another page of theirs: what it says now counts, and not what is new."""
    hub.groups["robin"] = ["trainers-a", "trainers-b"]
    robin = logged_in(server, hub, "robin")
    path, other_path = new_room(robin), new_room(robin, "trainers-b")
    with followed(robin, path) as console:
        console.next()
        hub.groups["robin"] = ["trainers-b"]
        clock.now += CHECK_SECONDS + 1
        assert robin.get(path, **HOST).status == 404
        with followed(robin, other_path) as other:
            other.next()
            check(server)
            with pytest.raises(EOFError):
                console.follow()
    with followed(robin, other_path) as other:
        other.next()
        check(server)
        assert server.server.broadcast.streams == 1


def test_whoever_may_not_log_in_any_more_is_led_to_the_hub(server: LiveServer, hub: FakeHub, clock: Clock) -> None:
    robin = logged_in(server, hub, "robin")
    path = new_room(robin)
    with followed(robin, path) as console:
        console.next()
        del hub.groups["robin"]
        clock.now += CHECK_SECONDS + 1
        check(server)
        with pytest.raises(EOFError):
            console.follow()
    led = robin.get(path, **HOST)
    assert (led.status, led.headers["location"]) == (303, f"/live/login/?next={path.removeprefix('/live')}")
    assert robin.send(f"{path}action", {"action": "pause"}, **HOST).status == 401


def test_logging_out_needs_no_hub_and_ends_the_pages_that_are_open(server: LiveServer, hub: FakeHub) -> None:
    robin = logged_in(server, hub, "robin")
    path = new_room(robin)
    token = robin.get("/live/console/", **HOST).json["token"]
    with followed(robin, path) as console:
        console.next()
        hub.is_away = True
        assert server.server.logins
        server.server.logins._known.clear()  # as after a restart of the server
        refused = robin.form("/live/console/log-out", {"token": "wrong"}, Origin="https://rooms.example.org", **HOST)
        assert refused.status == 403
        done = robin.form("/live/console/log-out", {"token": token}, Origin="https://rooms.example.org", **HOST)
        assert (done.status, done.json["hub"]) == (200, "https://hub.example.org/hub/logout")
        with pytest.raises(EOFError):
            console.follow()
    assert robin.cookies.pop(LOGIN_COOKIE) == '""', "the browser is to forget it"
    assert robin.get("/live/console/", **HOST).headers["location"] == "/live/login/"


@pytest.mark.parametrize("wanted", ["https://elsewhere.example/", "//elsewhere.example", "/console/../x", "/r/x", ""])
def test_nobody_is_led_elsewhere_after_logging_in(server: LiveServer, hub: FakeHub, wanted: str) -> None:
    browser = browser_at(server)
    away = browser.get(f"/live/login/?{urllib.parse.urlencode({'next': wanted})}", **HOST)
    back = browser.get(hub.log_in(away.headers["location"], "robin"), **HOST)
    assert back.headers["location"] == "/live/console/"


def test_a_code_of_another_browser_and_one_that_was_used_log_nobody_in(server: LiveServer, hub: FakeHub) -> None:
    browser, other = browser_at(server), browser_at(server)
    back = hub.log_in(browser.get("/live/login/", **HOST).headers["location"], "robin")
    assert other.get(back, **HOST).status == 403, "somebody was to be logged in as another"
    assert LOGIN_COOKIE not in other.cookies
    cookies = dict(browser.cookies)
    assert browser.get(back, **HOST).status == 303
    assert browser_at(server, cookies).get(back, **HOST).status == 403


def test_the_cookie_of_a_login_is_for_the_console_over_https_and_for_no_script(
    server: LiveServer, hub: FakeHub
) -> None:
    browser = browser_at(server)
    away = browser.get("/live/login/", **HOST)
    back = browser.get(hub.log_in(away.headers["location"], "robin"), **HOST)
    for reply, path in ((away, "/live/login/"), (back, "/live/console/")):
        parts = reply.headers["set-cookie"].split("; ")
        assert {"HttpOnly", "Secure", "SameSite=Lax", f"Path={path}"} <= set(parts), parts
    assert f"Max-Age={LOGIN_SECONDS}" in back.headers["set-cookie"]


@pytest.fixture
def workers(edition: Path, json_pages: None, tmp_path: Path, hub: FakeHub) -> Iterator[tuple[LiveServer, LiveServer]]:
    with running_postgresql() as postgresql, contextlib.ExitStack() as stack:
        url = postgresql.new_database("rooms")
        first, second = (
            stack.enter_context(
                contextlib.closing(LiveServer(tmp_path, public=PUBLIC, url=url, worker=name, hub=hub.client()))
            )
            for name in ("a", "b")
        )
        yield first, second


def test_a_login_that_begins_at_one_worker_ends_at_another_and_counts_at_both(
    workers: tuple[LiveServer, LiveServer], hub: FakeHub
) -> None:
    """A browser without a room has no worker of its own: the proxy leads each of its requests to whichever it likes."""
    first, second = workers
    away = (browser := browser_at(first)).get("/live/login/", **HOST)
    back = hub.log_in(away.headers["location"], "robin")
    at_second = browser_at(second, browser.cookies)
    assert at_second.get(back, **HOST).headers["location"] == "/live/console/"
    path = new_room(at_second)
    at_first = browser_at(first, browser.cookies)
    (listed,) = at_first.get("/live/console/", **HOST).json["sessions"]
    assert listed["session"] in path
    led = at_first.get(path, **HOST)
    assert (led.status, led.headers["location"], browser.cookies["worker"]) == (307, path, "b")
    assert at_second.get(path, **HOST).status == 200
    kim = logged_in(first, hub, "kim")
    assert kim.get("/live/console/", **HOST).json["sessions"] == []
    assert browser_at(second, kim.cookies).get(path, **HOST).status == 404


def test_logging_out_at_one_worker_ends_the_pages_that_are_open_at_another(
    workers: tuple[LiveServer, LiveServer], hub: FakeHub
) -> None:
    first, second = workers
    robin, sam = logged_in(first, hub, "robin"), logged_in(first, hub, "sam")
    path = new_room(robin)
    at_second = browser_at(second, robin.cookies)
    token = at_second.get("/live/console/", **HOST).json["token"]
    with followed(robin, path) as console, followed(sam, path) as other:
        for follower in (console, other):
            follower.next()
        done = at_second.form("/live/console/log-out", {"token": token}, Origin="https://rooms.example.org", **HOST)
        assert done.status == 200
        with pytest.raises(EOFError):
            console.follow()
        assert first.server.broadcast.streams == 1, "another facilitator's page goes on"


def test_the_hub_is_asked_about_some_facilitators_at_a_time(
    server: LiveServer, hub: FakeHub, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"robin{number}" for number in range(CHECKED_AT_ONCE + 2)]
    hub.groups |= {name: ["trainers-a"] for name in names}
    path = new_room(logged_in(server, hub, "robin"))
    asked, at_once, user = set[str](), list[int](), hub.user
    changed = threading.Condition()

    def slow_user(token: str) -> dict[str, object] | None:
        with changed:
            asked.add(token)
            at_once.append(len(asked))
            changed.notify_all()
            assert changed.wait_for(lambda: max(at_once) == CHECKED_AT_ONCE, 20)
            asked.remove(token)
        return user(token)

    with contextlib.ExitStack() as pages:
        for name in names:
            pages.enter_context(followed(logged_in(server, hub, name), path)).next()
        monkeypatch.setattr(hub, "user", slow_user)
        clock.now += CHECK_SECONDS + 1
        check(server)
        assert (len(at_once), max(at_once)) == (len(names), CHECKED_AT_ONCE)
        assert server.server.broadcast.streams == len(names)


def test_the_console_leads_to_the_page_of_all_rooms_and_to_none_of_them_itself(
    server: LiveServer, hub: FakeHub
) -> None:
    """A worker knows the rooms that it serves; the page has those of all workers, and the way out."""
    robin = logged_in(server, hub, "robin")
    new_room(robin)
    console = robin.get(new_room(robin), **HOST).json
    assert (console["has_login"], console["others"]) == (True, [])
    assert len(robin.get("/live/console/", **HOST).json["sessions"]) == 2
