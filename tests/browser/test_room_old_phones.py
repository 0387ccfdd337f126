"""Phones whose browser is old, has scripts off or blocks something: what is answered there arrives all the same."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.old_browsers import NEWER, STOPS, without_any
from tests.browser.pictures import keep_picture
from tests.browser.room_windows import PHONE, Windows
from tests.cases import every

pytestmark = pytest.mark.browser


def answers(windows: Windows, part: str) -> list[Any]:
    """Return what the session has of one part, by no order."""
    return [answer for _, answer in windows.session.model.answers.of(part).values()]


def vote(windows: Windows, watch: str) -> Page:
    """Vote on a phone, and see that it has arrived."""
    before = len(answers(windows, "first-act"))
    windows.open("leak", "first-act")
    phone = windows.joined_phone(watch=watch)
    phone.get_by_role("button", name="C Call everyone together").click()
    expect(phone.locator("#status")).to_contain_text("Saved")
    assert answers(windows, "first-act")[before:] == ["C"]
    return phone


def write(phone: Page, windows: Windows) -> None:
    """Write a line on a phone, and see that it has arrived."""
    before = len(answers(windows, "attention"))
    windows.open("check-in", "attention")
    phone.reload()
    phone.get_by_role("textbox").fill("The train")
    phone.get_by_role("button", name="Send").click()
    expect(phone.locator("#status")).to_contain_text("Saved")
    assert answers(windows, "attention")[before:] == ["The train"]


@every("missing", sorted(NEWER))
def test_answers_arrive_from_a_browser_without_one_newer_function(windows: Windows, missing: str) -> None:
    phone = vote(windows, NEWER[missing])
    assert phone.get_by_role("link", name="Check for the next question").is_visible() is (missing in STOPS)
    if missing in (*STOPS, "localStorage", "full storage", "SubmitEvent.submitter"):
        write(phone, windows)
    phone.context.close()


def test_answers_arrive_from_a_browser_without_any_of_them(windows: Windows) -> None:
    write(vote(windows, without_any()), windows)


@every("broken", ["phone.js", "kept.js", "outbox.js", "follow.js", "unsent.js"])
def test_where_a_script_cannot_be_read_the_form_answers_and_leads_on(windows: Windows, broken: str) -> None:
    windows.open("leak", "first-act")
    phone = windows.new(PHONE)
    phone.route(f"**/{broken}*", lambda route: route.fulfill(body="a ?. ?. b", content_type="text/javascript"))
    phone.goto(f"{windows.base}/j/{windows.session.access.link}")
    phone.get_by_role("button", name="I’m in").click()
    before = len(answers(windows, "first-act"))
    phone.get_by_role("button", name="C Call everyone together").click()
    expect(phone.locator("#status")).to_contain_text("Saved")
    assert answers(windows, "first-act")[before:] == ["C"]
    windows.open("commitment", "commitment")
    phone.get_by_role("link", name="Check for the next question").click()
    phone.get_by_text("If there is no button to send").click()
    phone.get_by_role("button", name="Skip").click()
    expect(phone.locator("#status")).to_contain_text("Skipped")
    keep_picture(phone, "room-phone-script-unread")
    windows.faults.clear()  # the syntax error of this test
    phone.context.close()


def test_an_answer_that_the_script_fails_at_goes_by_the_form(windows: Windows) -> None:
    windows.open("leak", "first-act")
    phone = windows.phone()
    phone.evaluate("void (Math.max = () => { throw new Error('a fault of this test'); })")
    phone.get_by_role("button", name="B Carry on").click()
    expect(phone.locator("#status")).to_contain_text("Saved")
    assert answers(windows, "first-act") == ["B"]
    windows.faults.clear()


def test_a_script_that_does_not_come_holds_nothing_up(windows: Windows) -> None:
    windows.open("leak", "first-act")
    phone = windows.new(PHONE)

    def refuse(route: Route) -> None:
        route.abort()

    phone.route("**/*.js*", refuse)
    phone.goto(f"{windows.base}/j/{windows.session.access.link}")
    phone.get_by_role("button", name="I’m in").click()
    phone.get_by_role("button", name="A Find out").click()
    expect(phone.locator("#status")).to_contain_text("Saved")
    assert answers(windows, "first-act") == ["A"]


def test_a_browser_that_keeps_no_cookies_reads_what_to_do(windows: Windows, violations: Any) -> None:
    phone = windows.new({"width": 320, "height": 640}, color_scheme="dark")
    phone.goto(f"{windows.base}/r/{windows.session.id}/?joined=yes")
    expect(phone.get_by_role("heading", name="This browser keeps no cookies")).to_be_visible()
    expect(phone.get_by_text("paper cards")).to_be_visible()
    assert violations(phone) == []
    keep_picture(phone, "room-phone-no-cookies")
