"""Results on phones: what is on the screen is public to the room, and everyone can read it in their own hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.pictures import keep_picture
from tests.browser.room_people import answer, show_wall, texts
from tests.browser.room_windows import PHONE, Windows
from tests.browser.test_room_phone import MOST_BYTES, weigh

pytestmark = pytest.mark.browser


def rate(windows: Windows, people: int) -> None:
    """Let so many people rate the group, and close the question."""
    windows.open("our-group", "group")
    answer(windows, [{f"group.G{item}": 1 + (person + item) % 7 for item in range(1, 7)} for person in range(people)])
    windows.act("close", question="group")


def test_a_chart_is_on_the_phone_as_sentence_and_table_while_it_is_on_the_screen(
    windows: Windows, violations: Callable[..., list[str]]
) -> None:
    phone = windows.phone()
    rate(windows, 30)
    expect(phone.get_by_text("There is nothing to answer now")).to_be_visible()
    assert "Strongest" not in phone.content()
    windows.act("reveal", question="group")
    chart = phone.get_by_role("region", name="How do we see this group?")
    expect(chart).to_contain_text("30 answers.")
    expect(phone.locator("#news")).to_have_text("On the screen now: How do we see this group?")
    chart.get_by_text("Show the numbers").press("Enter")
    table = chart.get_by_role("table", name="How many in a hundred gave each answer")
    expect(table.get_by_role("row")).to_have_count(7)
    expect(table.get_by_role("columnheader", name="Nearly always")).to_have_count(1)
    expect(table.get_by_role("rowheader").first).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert violations(phone) == []
    keep_picture(phone, "room-phone-results")
    windows.act("undo", question="group")
    expect(chart).to_have_count(0)
    assert "Strongest" not in phone.content()


def test_what_the_numbers_are_is_said_once_below_all_charts_of_a_question(windows: Windows) -> None:
    windows.open("boundaries", "drafts")
    parts = ("drafts.sources", "drafts.some-stays", "drafts.if-broken")
    answer(windows, [{part: ("keep", "change", "not-sure")[person % 3] for part in parts} for person in range(30)])
    windows.act("close", question="drafts")
    windows.act("reveal", question="drafts")
    phone = windows.phone()
    expect(phone.get_by_text("Show the numbers")).to_have_count(len(parts))
    expect(phone.get_by_text("Numbers are whole percentages.")).to_have_count(1)
    expect(phone.locator(".result").last).to_contain_text("Numbers are whole percentages.")


def test_of_a_few_people_the_phone_says_what_the_screen_says_and_no_number(windows: Windows) -> None:
    phone = windows.phone()
    rate(windows, 3)
    windows.act("reveal", question="group")
    expect(phone.get_by_text("There are not enough answers to show without identifying someone.")).to_be_visible()
    assert phone.get_by_role("table").count() == 0


def test_a_wall_is_on_the_phone_page_by_page_with_the_screen(
    windows: Windows, violations: Callable[..., list[str]]
) -> None:
    show_wall(windows, "differences", "different", texts(60))
    screen, phone = windows.screen(windows.console()), windows.phone()
    expect(screen.locator(".page-number")).to_contain_text("Page 1 of")
    wall = phone.get_by_role("region", name="Something we see differently")
    expect(wall.get_by_role("listitem").first).to_be_visible()
    first = wall.get_by_role("listitem").all_inner_texts()
    assert first == screen.locator(".lines li").all_inner_texts()
    windows.act("page", page="2")
    expect(wall.get_by_text("Page 2 of")).to_be_visible()
    assert wall.get_by_role("listitem").all_inner_texts() != first
    windows.act(
        "park", line=windows.session.model.lines.of("different")[0].name, owner="Chair", place="", date="Friday"
    )
    expect(phone.get_by_role("region", name="Parked")).to_contain_text("Chair")
    assert violations(phone) == []
    keep_picture(phone, "room-phone-wall")


def test_without_scripts_the_page_has_the_results_too(windows: Windows) -> None:
    rate(windows, 30)
    windows.act("reveal", question="group")
    phone = windows.new(PHONE, java_script_enabled=False)
    phone.goto(f"{windows.base}/j/{windows.session.access.link}")
    phone.get_by_role("button", name="I’m in").click()
    chart = phone.get_by_role("region", name="How do we see this group?")
    expect(chart).to_contain_text("30 answers.")
    expect(chart.get_by_role("table")).to_be_hidden()
    chart.get_by_text("Show the numbers").click()
    expect(chart.get_by_role("table")).to_be_visible()


def test_with_all_results_of_a_step_the_first_view_is_as_light_as_before(windows: Windows) -> None:
    rate(windows, 30)
    windows.act("reveal", question="group")
    phone = windows.phone()
    expect(phone.get_by_text("30 answers.")).to_be_visible()
    cookies = phone.context.cookies()
    again = windows.new(PHONE)
    weigh(again, f"{windows.base}/j/{windows.session.access.link}")
    again.context.add_cookies(cookies)
    wire = again.context.new_cdp_session(again)
    wire.send("Network.enable")
    wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
    sizes: list[float] = []
    wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    again.goto(f"{windows.base}/r/{windows.session.id}/")
    expect(again.get_by_text("30 answers.")).to_be_visible()
    assert 1000 < sum(sizes) < MOST_BYTES


def test_results_read_well_on_a_narrow_phone_in_large_letters(
    windows: Windows, violations: Callable[..., list[str]]
) -> None:
    rate(windows, 30)
    windows.act("reveal", question="group")
    phone = windows.phone(color_scheme="dark")
    phone.set_viewport_size({"width": 320, "height": 640})
    phone.locator("html").evaluate("html => (html.style.fontSize = '200%')")
    phone.get_by_text("Show the numbers").click()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 320
    assert violations(phone) == []
    keep_picture(phone, "room-phone-results-320-dark")
