"""Whole workshops by the console's one button: with four people, eight, thirty and three hundred."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from course.workshop import synthetic_phones
from tests.browser.page_clock import stop_clock
from tests.browser.pictures import keep_picture
from tests.browser.room_walk import Walk, quick_facilitator
from tests.browser.room_windows import CONSOLE, Windows
from tests.waiting import wait_until

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def quick_phones(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have made-up phones look for the next question often."""
    monkeypatch.setattr(synthetic_phones, "POLL_SECONDS", 0.25)


def look(page: Page, violations: Callable[..., list[str]], name: str) -> None:
    page.evaluate("scrollTo(0, 0)")
    assert violations(page) == [], name
    keep_picture(page, name)


def test_three_to_five_people_talk_and_no_phone_is_asked(
    windows: Windows, violations: Callable[..., list[str]]
) -> None:
    console = windows.console()
    walk = Walk(windows, 4, quick_facilitator(console))
    walk.count_heads()
    walk.to_the_end()
    assert [name for name in walk.done if not name.startswith("step ")] == []
    look(console, violations, "sizes-4-console")


@pytest.mark.parametrize("people", [8, 300])
def test_a_whole_workshop_by_one_button(windows: Windows, violations: Callable[..., list[str]], people: int) -> None:
    console = windows.console()
    walk = Walk(windows, people, quick_facilitator(console))
    walk.count_heads()

    def at_step(step: str) -> None:
        look(walk.screen, violations, f"sizes-{people}-{step}-screen")
        look(console, violations, f"sizes-{people}-{step}-console")

    with walk.phones():
        walk.to_the_end(at_step)
    assert len(walk.seen) >= 8, walk.done


def test_a_restart_in_each_step_loses_nothing_and_nobody(windows: Windows) -> None:
    walk = Walk(windows, 30, quick_facilitator(windows.console()), restarts=True)
    walk.count_heads()
    with walk.phones():
        walk.to_the_end()
    assert len(walk.session.model.people) == 30


@pytest.mark.parametrize("refused", [0, 2], ids=["at once", "refused twice"])
def test_a_page_that_was_opened_just_before_a_restart_follows_again_once_the_server_is_there(
    windows: Windows, refused: int
) -> None:
    """It only asks every few seconds for a while where a stream is refused; here it is not, but ended.

    A server that stops may still answer what a page asks, and refuse its stream; so may one that has just started.
    """
    console = windows.new(CONSOLE)
    asking: set[str] = set()
    console.clock.install()
    console.on("request", lambda request: asking.add(request.url) if request.url.endswith("/now") else None)
    for end in ("requestfinished", "requestfailed"):
        console.on(end, lambda request: asking.discard(request.url))  # type: ignore[call-overload]
    console.goto(windows.console_link())
    wait_until(lambda: windows.live_server.server.broadcast.streams == 1)
    stop_clock(console)
    latest = console.evaluate("Date.now() + 20_000")  # by the page's own clock, that stands still but for this test
    if refused:
        console.route("**/events", lambda route: route.fulfill(status=503), times=refused)
    windows.live_server.restart()

    def follows() -> bool:
        now = console.evaluate("Date.now()")  # at each look: only meanwhile is it heard what became of a request
        if not asking and now < latest:
            console.clock.run_for(500)
        return windows.live_server.server.broadcast.streams == 1

    wait_until(follows)
