"""Facilitators log in to the server of live sessions at the Hub, behind https; phones log in nowhere."""

from __future__ import annotations

import asyncio
import json
import re
import urllib.parse
from collections.abc import Iterator

import pytest

from course.core.errors import SessionRefused
from course.core.settings import SESSION_SERVICE
from course.hub import Cohort
from course.workshop.web.hub_login import (
    ATTEMPT_SECONDS,
    CHECK_SECONDS,
    GRACE_SECONDS,
    LOGIN_SECONDS,
    HubClient,
    HubLogins,
)
from tests.hub.cohorts import LEARNERS, TRAINERS, HubOfCohorts
from tests.hub.person import Person
from tests.hub.rooms import Facilitator, Rooms, running_rooms
from tests.hub.test_walls import look
from tests.ports import free_ports

pytestmark = pytest.mark.hub


@pytest.fixture(scope="module")
def rooms(cohorts: HubOfCohorts) -> Iterator[Rooms]:
    with running_rooms(cohorts) as rooms:
        yield rooms


@pytest.fixture(scope="module")
def autumn(rooms: Rooms) -> Facilitator:
    """Return a trainer with a room open."""
    facilitator = rooms.facilitator("autumn")
    facilitator.new_room()
    return facilitator


def test_a_trainer_who_logs_in_at_the_hub_opens_a_room_of_their_own(rooms: Rooms, autumn: Facilitator) -> None:
    assert autumn.page.status == 200
    assert autumn.page.address.startswith(f"{rooms.address}/console/")
    assert autumn.press("step", step="leak").status == 200
    listed = autumn.get(f"{rooms.address}/console/")
    assert f"logged in as {TRAINERS['autumn']}" in listed.text
    assert autumn.page.address.removeprefix(rooms.address) in listed.text


def test_a_learner_is_refused_by_the_hub_and_has_no_cookie_here(rooms: Rooms, autumn: Facilitator) -> None:
    learner = Person(LEARNERS["autumn"][0])
    refused = learner.log_in(learner.get(autumn.page.address))
    assert refused.status == 403
    assert refused.address.startswith(rooms.cohorts.hub_address)
    assert "facilitator" not in {cookie.name for cookie in learner.jar}
    assert learner.get(autumn.page.address, follow=False).status == 303


def test_a_trainer_of_another_cohort_does_not_learn_that_there_is_a_room(rooms: Rooms, autumn: Facilitator) -> None:
    spring = rooms.facilitator("spring")
    assert spring.page.status == 200
    own = spring.new_room()
    assert autumn.page.address.removeprefix(rooms.address) not in spring.get(f"{rooms.address}/console/").text
    room = autumn.page.address.rstrip("/").rpartition("/")[2]
    unknown = f"{rooms.address}/console/00000000/"
    for place in ("", "now", "events", "screen", "screen/now", "cards", "export.json"):
        there, nowhere = spring.get(autumn.page.address + place), spring.get(unknown + place)
        assert there.status == nowhere.status == 404, place
    console = json.loads(spring.get(f"{rooms.address}/console/{own}/now", Accept="application/json").text)
    assert room not in json.dumps(console)
    moved = spring.press("open-session", session=room)
    assert moved.status == 404, moved.text
    spring.page, spring.token = autumn.page, spring.token
    assert spring.press("step", step="leak").status == 404


def test_a_phone_answers_without_a_login(rooms: Rooms, autumn: Facilitator) -> None:
    phone = Person()
    assert phone.get(f"{rooms.address}/test").status == 200
    form = {"code": autumn.letters()}
    welcome = phone.form(f"{rooms.address}/", form, origin=rooms.address)
    assert welcome.status == 200
    page = phone.form(welcome.address, {}, origin=rooms.address)
    assert "/r/" in page.address
    autumn.press("step", step="leak")
    assert autumn.press("open", question="first-act").status == 200
    path = page.address.partition("?")[0]
    said = {"part": "first-act", "revision": 1, "answer": "C"}
    assert json.loads(phone.send(f"{path}answer", said, Origin=rooms.address).text)["saved"] is True
    assert phone.cookie(f"phone-{path.rstrip('/').rpartition('/')[2]}").secure
    assert phone.get(autumn.page.address, follow=False).status == 303
    assert phone.get(f"{autumn.page.address}now", follow=False).status == 401


def test_cookies_are_for_https_for_the_console_and_for_no_script(rooms: Rooms, autumn: Facilitator) -> None:
    cookie = autumn.cookie("facilitator")
    assert cookie.secure
    assert cookie.path == "/console/"
    assert cookie.has_nonstandard_attr("HttpOnly")
    assert cookie.get_nonstandard_attr("SameSite") == "Lax"


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "https://localhost"])
def test_a_page_elsewhere_acts_for_nobody(rooms: Rooms, autumn: Facilitator, origin: str) -> None:
    message = {"action": "step", "step": "leak"}
    refused = autumn.send(f"{autumn.page.address}action", message, Origin=origin, **{"X-Form-Token": autumn.token})
    assert refused.status == 403
    assert autumn.send(f"{autumn.page.address}action", message, **{"X-Form-Token": "0" * 32}).status == 403


def test_this_machine_is_no_way_to_the_console(rooms: Rooms, autumn: Facilitator) -> None:
    path = autumn.page.address.removeprefix(rooms.address)
    for port in (rooms.own_port, rooms.cohorts.rooms_port):
        learner = Person()
        for place in (path, f"{path}now", "/facilitator/once", "/facilitator/" + "0" * 32):
            assert learner.get(f"http://127.0.0.1:{port}{place}", follow=False).status in (303, 401, 404, 421), place
    name = LEARNERS["autumn"][0]
    assert "PermissionError" in look(rooms.cohorts, name, rooms.data / "workshop" / "rooms" / "keys")
    assert "PermissionError" in look(rooms.cohorts, name, rooms.data.parent / "token")


def test_this_machine_is_told_how_the_server_is_and_phones_are_not(rooms: Rooms) -> None:
    for path in ("health/live", "health/ready", "metrics"):
        assert Person().get(f"http://127.0.0.1:{rooms.own_port}/{path}").status == 200, path
    assert Person().get(f"{rooms.address}/metrics").status == 404


def test_a_login_that_did_not_leave_from_this_browser_is_refused(rooms: Rooms) -> None:
    victim, other = Facilitator(TRAINERS["autumn"]), Facilitator(TRAINERS["autumn"])
    back = other.way_back(f"{rooms.address}/console/")
    assert back.startswith(f"{rooms.address}/login/back?")
    assert victim.get(back).status == 403
    assert other.get(back).status == 200  # a near miss: the browser that left
    assert other.get(back).status == 403


def test_whoever_logs_out_is_out(rooms: Rooms) -> None:
    leaving = rooms.facilitator("autumn")
    token = dict(re.findall(r'name="(token)" value="(\w+)"', leaving.page.text))
    out = leaving.form(f"{rooms.address}/console/log-out", token, origin=rooms.address)
    assert out.status == 200
    assert f"{rooms.cohorts.hub_address}/hub/logout" in out.text
    assert leaving.get(f"{rooms.address}/console/", follow=False).status == 303


def test_no_token_code_or_name_is_in_a_log(rooms: Rooms, autumn: Facilitator) -> None:
    again = Facilitator(TRAINERS["autumn"])
    back = again.way_back(f"{rooms.address}/console/")
    code = code_in(back)
    assert again.get(back).status == 200
    secrets = [code, rooms.cohorts.rooms_token, again.cookie("facilitator").value or "", autumn.letters()]
    folder = rooms.cohorts.folder / "nginx"
    logs = {path.name: path.read_text(errors="replace") for path in folder.glob("*.log")}
    logs |= {"rooms": rooms.said(), "Hub": rooms.cohorts.hub.log()}
    errors = rooms.data / "logs" / "errors.log"
    logs |= {"errors": errors.read_text()} if errors.exists() else {}
    for name, text in logs.items():
        assert [secret for secret in secrets if secret in text] == [], name
    assert TRAINERS["autumn"] not in rooms.said()
    assert "Traceback" not in rooms.said()


def code_in(address: str) -> str:
    """Return the code that the Hub gave a browser to take along."""
    return urllib.parse.parse_qs(urllib.parse.urlsplit(address).query)["code"][0]


class Clock:
    """A clock that a test sets."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def logins_beside(rooms: Rooms, clock: Clock, api: str = "") -> HubLogins:
    """Return who is logged in, as the server has it, with a clock of the test's own."""
    cohorts = rooms.cohorts
    groups = frozenset(Cohort(name, cohorts.folder, cohorts.folder / "x").trainers_group for name in TRAINERS)
    name, token = f"service-{SESSION_SERVICE}", cohorts.rooms_token
    client = HubClient(api or cohorts.hub.api, cohorts.hub_address, name, token, groups)
    return HubLogins(client, f"{rooms.address}/login/back", clock, clock)


async def cookie_of(logins: HubLogins, name: str) -> str:
    """Have somebody log in, and return the cookie of that."""
    attempt = logins.begin_login("/console/")
    code = code_in(Person(name).way_back(attempt.address))
    cookie, next_path = await logins.finish_login(attempt.cookie, attempt.state, code)
    assert next_path == "/console/"
    return cookie


def test_whoever_leaves_the_group_loses_the_console_within_minutes(rooms: Rooms) -> None:
    hub, name = rooms.cohorts.hub, TRAINERS["spring"]
    group = Cohort("spring", rooms.cohorts.folder, rooms.cohorts.folder / "x").trainers_group

    async def story() -> None:
        clock = Clock()
        logins = logins_beside(rooms, clock)
        cookie = await cookie_of(logins, name)
        first = await logins.facilitator(cookie)
        assert first
        assert (first.name, first.groups) == (name, {group})
        hub.put_into_group(name, group, False)
        clock.now += CHECK_SECONDS - 1
        assert await logins.facilitator(cookie) == first
        assert await logins.groups_of(first.stream) == {group}
        clock.now += 2
        assert await logins.groups_of(first.stream) == frozenset()
        now = await logins.facilitator(cookie)
        assert now is None or now.groups == frozenset()
        logins.close()

    try:
        asyncio.run(story())
    finally:
        hub.put_into_group(name, group, True)


def test_a_group_alone_opens_no_room(rooms: Rooms, autumn: Facilitator) -> None:
    """The Hub leaves people in their groups: the list of trainers decides, at the Hub and for those logged in."""
    hub, name = rooms.cohorts.hub, LEARNERS["autumn"][1]
    group = Cohort("autumn", rooms.cohorts.folder, rooms.cohorts.folder / "x").trainers_group

    async def login_of(token: str) -> str:
        logins = logins_beside(rooms, Clock())
        found = await logins.facilitator(logins._seal("login", {"token": token}, LOGIN_SECONDS))
        logins.close()
        return found.name if found else ""

    hub.put_into_group(name, group, True)
    try:
        learner = Person(name)
        assert learner.log_in(learner.get(autumn.page.address)).status == 403
        assert asyncio.run(login_of(hub.visitor(name).token)) == ""
        assert asyncio.run(login_of(hub.visitor(TRAINERS["autumn"]).token)) == TRAINERS["autumn"]
    finally:
        hub.put_into_group(name, group, False)


def test_a_login_outlasts_a_hub_that_is_away_for_some_minutes_and_ends_after_half_a_day(rooms: Rooms) -> None:
    async def story() -> None:
        clock = Clock()
        logins = logins_beside(rooms, clock)
        cookie = await cookie_of(logins, TRAINERS["autumn"])
        (nobody,) = free_ports(1)
        away = logins_beside(rooms, clock, f"http://127.0.0.1:{nobody}/hub/api")
        with pytest.raises(SessionRefused) as told:
            await away.facilitator(cookie)
        assert (told.value.status, bool(told.value.wait)) == (503, True)
        known = await logins.facilitator(cookie)
        assert known
        away._known = {**logins._known}  # as if its Hub had gone away just now
        clock.now += GRACE_SECONDS - 1
        assert await away.facilitator(cookie) == known
        assert await away.groups_of(known.stream) == known.groups
        clock.now += 2
        assert await away.groups_of(known.stream) == frozenset()
        assert await logins.facilitator(cookie) == known
        clock.now += LOGIN_SECONDS
        assert await logins.facilitator(cookie) is None
        for one in (logins, away):
            one.close()

    asyncio.run(story())


def test_a_cookie_of_another_server_or_purpose_is_nobodys(rooms: Rooms) -> None:
    async def story() -> None:
        clock = Clock()
        logins = logins_beside(rooms, clock)
        cookie = await cookie_of(logins, TRAINERS["autumn"])
        attempt = logins.begin_login("/console/")
        for wrong in ("", "x", cookie[:-4] + "AAAA", attempt.cookie, "é"):
            assert await logins.facilitator(wrong) is None
        with pytest.raises(SessionRefused):
            await logins.finish_login(cookie, "", "code")
        clock.now += ATTEMPT_SECONDS + 1
        with pytest.raises(SessionRefused):
            await logins.finish_login(attempt.cookie, attempt.state, "code")
        logins.close()

    asyncio.run(story())
