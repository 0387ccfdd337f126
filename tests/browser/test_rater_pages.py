"""The pages of raters in a browser: on an old phone without scripts, by keyboard, in light and dark."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from course.content.scales import find_scale
from course.records.raters.round_wire import RoundSecret
from tests.browser.pictures import keep_picture
from tests.others.round_host import RoundHost, host_on_monday

pytestmark = pytest.mark.browser

OLD_PHONE = {"width": 320, "height": 568}
SCALE = find_scale("others")


@pytest.fixture
def host(tmp_path: Path) -> Iterator[RoundHost]:
    with host_on_monday(tmp_path) as host:
        yield host


@pytest.fixture
def link(host: RoundHost) -> str:
    """The link of a new round."""
    secret = RoundSecret.new()
    return str(host.ask(secret, "new", days=7).json["address"])


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A small phone whose browser runs no scripts."""
    context = browser.new_context(viewport=OLD_PHONE, locale="en-GB", java_script_enabled=False)
    yield context.new_page()
    context.close()


def answer_all(page: Page, label: str) -> None:
    for item in SCALE.items:
        page.get_by_role("group", name=item.text).get_by_label(label, exact=True).check()


def test_an_old_phone_without_scripts_answers_and_changes_its_answers(phone: Page, link: str) -> None:
    phone.goto(link)
    expect(phone.get_by_role("heading", name="Who sees what")).to_be_visible()
    keep_picture(phone, "rater-start-old-phone")
    phone.get_by_role("button", name="Go on to the questions").click()
    phone.wait_for_load_state()  # a click waits until the next page begins to come, not until it is there
    assert phone.get_by_role("radio", checked=True).count() == 0
    answer_all(phone, "Often")
    phone.get_by_role("group", name=SCALE.items[0].text).get_by_label("Cannot judge").check()
    keep_picture(phone, "rater-form-old-phone")
    phone.get_by_role("button", name="Send my answers").click()
    expect(phone.get_by_role("heading", name="Your answers are saved")).to_be_visible()
    keep_picture(phone, "rater-thanks-old-phone")
    phone.goto(link)
    phone.get_by_role("button", name="Change my answers").click()
    expect(phone.get_by_role("group", name=SCALE.items[0].text).get_by_label("Cannot judge")).to_be_checked()
    expect(phone.get_by_role("group", name=SCALE.items[1].text).get_by_label("Often", exact=True)).to_be_checked()
    phone.get_by_role("group", name=SCALE.items[1].text).get_by_label("Never").check()
    phone.get_by_role("button", name="Send the changed answers").click()
    expect(phone.get_by_role("heading", name="Your answers are saved")).to_be_visible()


def test_answers_that_are_refused_are_in_the_form_again_with_the_reason(phone: Page, link: str) -> None:
    phone.goto(link)
    phone.get_by_role("button", name="Go on").click()
    for item in SCALE.items:
        phone.get_by_role("group", name=item.text).get_by_label("Cannot judge").check()
    phone.get_by_role("button", name="Send my answers").click()
    expect(phone.get_by_role("alert")).to_have_text(
        "There is no answer in it yet. Answer at least one question, or close the page."
    )
    assert phone.title().startswith("This did not work")
    expect(phone.get_by_role("radio", checked=True)).to_have_count(len(SCALE.items))
    keep_picture(phone, "rater-form-refused")
    phone.get_by_role("group", name=SCALE.items[1].text).get_by_label("Never").check()
    phone.get_by_role("button", name="Send my answers").click()
    expect(phone.get_by_role("heading", name="Your answers are saved")).to_be_visible()


def test_a_browser_without_cookies_gets_an_address_of_its_own(browser: Browser, link: str) -> None:
    context = browser.new_context(viewport=OLD_PHONE, locale="en-GB", java_script_enabled=False)
    page = context.new_page()
    page.goto(link)
    page.get_by_role("button", name="Go on").click()
    answer_all(page, "Rarely")
    context.clear_cookies()
    page.get_by_role("button", name="Send my answers").click()
    keep_picture(page, "rater-thanks-no-cookies")
    own = page.get_by_role("link", name="My own address").get_attribute("href")
    assert own
    page.goto(own)
    expect(page.get_by_role("group", name=SCALE.items[3].text).get_by_label("Rarely")).to_be_checked()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_fault(
    browser: Browser, link: str, host: RoundHost, violations: Callable[..., list[str]], scheme: str
) -> None:
    dark: dict[str, object] = {"color_scheme": scheme}
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-GB", bypass_csp=True, **dark)
    page = context.new_page()
    page.goto(link)
    assert violations(page) == []
    page.get_by_role("button", name="Go on").click()
    page.wait_for_load_state()
    assert violations(page) == []
    answer_all(page, "Always")
    keep_picture(page, f"rater-form-{scheme}")
    page.get_by_role("button", name="Send my answers").click()
    page.wait_for_load_state()
    assert violations(page) == []
    keep_picture(page, f"rater-thanks-{scheme}")
    page.goto(link)
    assert violations(page) == []
    keep_picture(page, f"rater-back-{scheme}")
    page.get_by_role("button", name="Forget them").click()
    page.wait_for_load_state()
    assert violations(page) == []
    keep_picture(page, f"rater-forgotten-{scheme}")
    page.goto(f"{host.address}/o/{'0' * 32}")
    expect(page.get_by_role("heading", name="This link leads to no open round")).to_be_visible()
    assert violations(page) == []
    keep_picture(page, f"rater-gone-{scheme}")
    page.goto(f"{host.address}/nowhere")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    context.close()


def test_the_form_is_filled_in_with_the_keyboard_alone(browser: Browser, link: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    page = context.new_page()
    page.goto(link)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("You can change your answers until")).to_be_visible()  # who sees what, in full
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Twelve questions")).to_be_visible()
    page.wait_for_load_state()  # what is below the heading may still be on its way
    for _ in SCALE.items:
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    keep_picture(page, "rater-form-wide")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your answers are saved")).to_be_visible()
    page.goto(link)
    page.get_by_role("button", name="Change my answers").click()
    page.wait_for_load_state()
    assert page.get_by_label("Rarely").evaluate_all("all => all.filter(one => one.checked).length") == len(SCALE.items)
    context.close()
