"""What pages follow: the same bytes for all, only what is shown, and no server that waits for a slow reader."""

from __future__ import annotations

import asyncio
import gc
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from course.core import error_log
from course.core.errors import SessionRefused
from course.workshop.chart_renderer import ChartRenderer
from course.workshop.sessions.session import Session
from course.workshop.web.phone_routes import PhoneEventsHandler
from tests.waiting import wait_until
from tests.workshop.follower import Follower
from tests.workshop.live_server import Console, LiveServer, answer

pytestmark = pytest.mark.slow


def test_phones_follow_the_room_and_get_the_same_bytes(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    followers = [Follower(live_server.phone(session), f"/r/{session.id}/events") for _ in range(3)]
    assert b"text/event-stream" in followers[0].head
    assert len({follower.next() for follower in followers}) == 1
    console.press("open", question="leak")
    events = {follower.next() for follower in followers}
    assert len(events) == 1
    assert b"Find out who" in events.pop()
    for follower in followers:
        follower.close()


def test_the_wire_to_phones_says_nothing_of_answers(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    phones = [live_server.phone(session) for _ in range(3)]
    follower = Follower(phones[0], f"/r/{session.id}/events")
    follower.next()
    console.press("open", question="attention")
    before = follower.next()
    for number, phone in enumerate(phones):
        answer(phone, session, "attention", f"private thought {number}")
    console.press("step", step="agree")
    after = follower.next()
    assert before != after
    assert b"private thought" not in before + after
    for person in session.model.people:
        assert person.encode() not in before + after
    follower.close()


def test_the_screen_shows_a_line_only_once_it_may(live_server: LiveServer, session: Session, console: Console) -> None:
    console.press("open", question="attention")
    for number in range(5):
        answer(live_server.phone(session), session, "attention", f"thought {number}")
    console.press("reveal", question="attention")
    console.press("close", question="attention")
    follower = Follower(console, f"/console/{session.id}/screen/events")
    lines = [line["line"] for line in console.view()["lines"]]
    seen = [follower.shown()["main"]["results"][0]["lines"]]
    for line in lines:
        console.press("approve", line=line)
        seen.append(console.view("screen")["results"][0]["lines"])
    assert [len(shown) for shown in seen] == [0, 0, 0, 0, 0, 5]
    console.press("hide", line=lines[0])
    assert console.view("screen")["results"][0]["lines"] == []
    follower.close()


def test_one_phone_follows_with_three_pages_at_most(live_server: LiveServer, session: Session) -> None:
    phone = live_server.phone(session)
    followers = [Follower(phone, f"/r/{session.id}/events") for _ in range(5)]
    assert len(live_server.run(live_server.server.broadcast.channel(session, "phone"))) == 3
    for follower in followers:
        follower.close()


def test_a_facilitator_who_is_let_go_follows_nothing_and_phones_go_on(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    own = Follower(console, f"/console/{session.id}/events")
    phone = Follower(live_server.phone(session), f"/r/{session.id}/events")
    assert own.next()
    assert phone.next()
    broadcast = live_server.server.broadcast
    assert broadcast.facilitators() == {"facilitator": {session.id}}

    async def let_go() -> None:
        broadcast.let_go("facilitator")

    live_server.run(let_go())
    with pytest.raises(EOFError):
        own.next()
    own.close()
    assert broadcast.facilitators() == {}
    console.press("step", step="agree")
    assert b"agree" in phone.next()
    phone.close()


def test_who_does_not_read_holds_nobody_up(live_server: LiveServer, session: Session, console: Console) -> None:
    deaf, other = live_server.phone(session), live_server.phone(session)
    asleep = Follower(deaf, f"/r/{session.id}/events")
    awake = Follower(other, f"/r/{session.id}/events")
    awake.next()
    for _ in range(3):
        for act in ("open", "close"):
            console.press(act, question="leak")
            assert awake.next()
    assert answer(deaf, session, "leak", "A").status == 409
    for follower in (asleep, awake):
        follower.close()


def test_who_was_slow_gets_the_latest_though_nothing_changes_any_more(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    follower = Follower(live_server.phone(session), f"/r/{session.id}/events")
    follower.next()
    channel = live_server.run(live_server.server.broadcast.channel(session, "phone"))

    async def show_more_than_a_connection_holds() -> None:
        channel.show({"main": "x" * 20_000_000})

    live_server.run(show_more_than_a_connection_holds())
    console.press("open", question="leak")
    wait_until(lambda: b"Find out who" in channel.latest)
    assert b"xxx" in follower.next()
    assert b"Find out who" in follower.next()
    follower.close()


def test_closing_the_room_tells_phones(live_server: LiveServer, session: Session, console: Console) -> None:
    phone = live_server.phone(session)
    follower = Follower(phone, f"/r/{session.id}/events")
    follower.next()
    console.press("close-session", days=1)
    assert follower.next().startswith(b"event: gone")
    page = phone.get(f"/r/{session.id}/")
    assert (page.status, page.json["became"]) == (410, "closed")
    follower.close()


def test_a_page_that_comes_back_while_the_server_stops_is_told_once_more(
    live_server: LiveServer, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone, listeners = live_server.phone(session), live_server.server.listeners
    stop, back = listeners.stop, list[Follower]()

    async def stop_late() -> None:
        path = f"/r/{session.id}/events"
        back.append(await asyncio.get_running_loop().run_in_executor(None, Follower, phone, path))
        await stop()

    monkeypatch.setattr(listeners, "stop", stop_late)
    live_server.restart()
    [follower] = back
    assert follower.next().startswith(b"event: session")
    assert follower.next().startswith(b"event: gone")
    with pytest.raises(EOFError):
        follower.follow()
    follower.close()


def test_a_page_that_asks_gets_what_the_stream_says_and_nothing_where_that_is_known(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    phone, path = live_server.phone(session), f"/r/{session.id}/"
    console.press("open", question="leak")
    follower = Follower(phone, f"{path}events")
    event = json.loads(follower.next().partition(b"data: ")[2])
    latest = phone.get(f"{path}now")
    assert latest.json == event
    known = phone.get(f"{path}now", **{"If-None-Match": latest.headers["etag"]})
    assert (known.status, known.body) == (304, b"")
    console.press("close", question="leak")
    follower.next()
    assert phone.get(f"{path}now", **{"If-None-Match": latest.headers["etag"]}).json["at"] > event["at"]
    for page in ("", "screen/"):
        assert console.get(f"/console/{session.id}/{page}now").json["parts"]
        assert phone.get(f"/console/{session.id}/{page}now").status == 403
    assert live_server.browser().get(f"{path}now").status == 401
    console.press("close-session", days=1)
    assert phone.get(f"{path}now", Accept="application/json").json["status"] == 410
    follower.close()


def test_strangers_follow_nothing(live_server: LiveServer, session: Session) -> None:
    assert live_server.browser().get(f"/r/{session.id}/events").status == 401
    assert live_server.browser().get(f"/console/{session.id}/events").status == 403
    assert live_server.phone(session).get(f"/console/{session.id}/screen/events").status == 403


@pytest.mark.slow
def test_a_chart_is_drawn_elsewhere_from_what_is_on_the_wire(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    console.press("open", question="group")
    for number in range(10):
        phone = live_server.phone(session)
        answer(phone, session, "group.G1", 1 + number % 7)
        answer(phone, session, "group.G2", 4)
    for act in ("close", "reveal"):
        console.press(act, question="group")
    (result,) = console.view("screen")["results"]
    drawn = console.get(result["chart"]).body.decode()
    assert "<figure" in drawn
    assert "close together" in drawn
    assert console.get(re.sub("[0-9a-f]{8}$", "00000000", result["chart"])).status == 404
    assert console.get(f"/console/{session.id}/chart/leak-0").status == 404


UNUSED = (
    "pandas", "matplotlib", "nbgrader", "IPython", "numpy", "sqlalchemy.orm", "sqlalchemy.dialects.postgresql",
    "cryptography.x509",
)  # fmt: skip
"""What takes memory, and a session on SQLite without a certificate has no use for."""


@pytest.mark.slow
def test_the_serving_process_loads_nothing_that_it_does_not_use(tmp_path: Path) -> None:
    look = (
        "import sys, course.workshop.web.server, course.workshop.commands, course.workshop.web.console_routes;"
        "import course.workshop.synthetic_phones;"
        "from course.workshop.store.session_keys import KeyFolder; from course.workshop.store.store import Store;"
        "from pathlib import Path; folder = Path(sys.argv[1]);"
        "Store(f'sqlite:///{folder}/rooms.sqlite', KeyFolder(folder / 'keys'), print).close();"
        f"print(*(name for name in {UNUSED} if name in sys.modules))"
    )
    command = [sys.executable, "-c", look, str(tmp_path)]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    assert loaded.split() == []


def test_nothing_of_a_request_stays_in_memory_while_its_page_follows(live_server: LiveServer, session: Session) -> None:
    phone = live_server.phone(session)
    gc.collect()
    gc.disable()  # a thousand phones ask at one moment: what waits for the collector then is memory that is taken
    try:
        follower = Follower(phone, f"/r/{session.id}/events")
        follower.next()
        live_server.run(asyncio.sleep(0))
        handlers = [one for one in gc.get_objects() if isinstance(one, PhoneEventsHandler)]
    finally:
        gc.enable()
    assert len(live_server.run(live_server.server.broadcast.channel(session, "phone"))) == 1
    assert handlers == []
    follower.close()


def test_phones_sort_only_lines_that_may_be_on_the_wall(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    phones = [live_server.phone(session) for _ in range(6)]
    console.press("step", step="agree")
    console.press("open", question="differences")
    for number, phone in enumerate(phones):
        answer(phone, session, "differences", f"we differ {number}")
    console.press("close", question="differences")
    names = [line["line"] for line in console.view()["lines"]]
    for line in names[:4]:
        console.press("approve", line=line)
    refused = console.press("open", question="sorted")
    assert (refused.status, "no lines to sort" in refused.json["error"]) == (409, True)
    assert b"we differ" not in live_server.phone(session).get(f"/r/{session.id}/").body
    assert answer(phones[0], session, f"sorted.{names[0]}", "park").status == 404
    console.press("approve", line=names[4])
    assert console.press("open", question="sorted").status == 200
    page = live_server.phone(session).get(f"/r/{session.id}/").body.decode()
    assert page.count("we differ") == 5
    assert answer(phones[0], session, f"sorted.{names[0]}", "park").status == 200


def test_a_page_that_cannot_be_made_is_logged_once_and_tried_again_less_and_less_often(
    live_server: LiveServer, session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    tries = []

    def fail(session: Session, page: str) -> dict[str, str]:
        tries.append(page)
        raise KeyError("what someone wrote")

    follower = Follower(live_server.phone(session), f"/r/{session.id}/events")
    live_server.run(pause_ticks(live_server))
    following = live_server.server.broadcast
    good, following._parts = following._parts, fail
    following.all_changed()
    for quarter in range(4 * 60):
        live_server.run(following.send(quarter / 4))
    assert 12 < len(tries) < 24
    assert [record.getMessage().partition(" at ")[0] for record in caplog.records] == ["KeyError"]
    log = error_log.log_path().read_text(encoding="utf-8")
    assert log.count(" workshop: KeyError at ") == 1
    assert "wrote" not in caplog.text + log
    following._parts = good
    live_server.run(following.send(1000.0))
    following._parts = fail
    following.all_changed()
    live_server.run(following.send(1001.0))
    assert len(caplog.records) == 2, "after it went well in between, a fault is news again"
    follower.close()


async def pause_ticks(live_server: LiveServer) -> None:
    """Let nothing be sent but by the test."""
    live_server.server._tasks[0].cancel()


def test_one_session_that_cannot_be_sent_holds_up_no_other(live_server: LiveServer, session: Session) -> None:
    other = live_server.new_session()
    followers = [Follower(live_server.phone(each), f"/r/{each.id}/events") for each in (session, other)]
    for follower in followers:
        follower.next()
    live_server.run(pause_ticks(live_server))
    following = live_server.server.broadcast
    good = following._parts

    def fail_for_the_first(asked: Session, page: str) -> dict[str, str]:
        if asked is session:
            raise KeyError
        return good(asked, page)

    following._parts = fail_for_the_first
    live_server.console(other).press("open", question="leak")
    following.all_changed()
    live_server.run(following.send(0.0))
    assert b"Find out who" in followers[1].next()
    for follower in followers:
        follower.close()


def test_a_chart_that_cannot_be_drawn_is_logged_once_and_the_next_one_is_drawn(
    caplog: pytest.LogCaptureFixture,
) -> None:
    part = {"part": "leak", "text": "What first?", "options": {"A": "Ask", "B": "Wait"}, "fixed": False}
    good = {"kind": "vote", "title": "", "parts": [{**part, "shown": None}], "earlier": None}
    bad = {**good, "parts": [{"text": "what someone wrote"}]}

    async def draw() -> tuple[list[int], str]:
        drawer, statuses = ChartRenderer(), []
        for _ in range(3):
            with pytest.raises(SessionRefused) as error:
                await drawer.draw(bad)
            statuses.append(error.value.status)
        process = drawer._process
        html = await drawer.draw(good)
        assert drawer._process is process, "the process goes on"
        await drawer.stop()
        return statuses, html

    statuses, html = asyncio.run(draw())
    assert (statuses, "<figure" in html) == ([503] * 3, True)
    (record,) = caplog.records
    assert record.getMessage().startswith("KeyError at ")
    log = error_log.log_path().read_text(encoding="utf-8")
    assert log.count(" workshop: KeyError at ") == 1
    assert "wrote" not in caplog.text + log
