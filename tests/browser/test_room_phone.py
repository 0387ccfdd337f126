"""The phone's page in a real browser: slow, offline, without JavaScript, and clicked too often."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from course.workshop.web import broadcast
from tests.browser.old_browsers import NEWER
from tests.browser.page_clock import stop_clock
from tests.browser.pictures import keep_picture
from tests.browser.room_windows import PHONE, Windows, kept
from tests.waiting import wait_until

pytestmark = pytest.mark.browser
MOST_BYTES = 50 * 1024
PRIVATE, SHARED = "Keep it private", "Show it without my name"
"""What a commitment's two choices are called."""
# Counted in the page, in the same turn in which the page itself hears it.
COUNT_EVENTS = """
window.signs = window.news = 0;
window.EventSource = class extends EventSource {
  constructor(address) {
    super(address);
    this.addEventListener("alive", () => { window.signs += 1; });
    this.addEventListener("session", () => { window.news += 1; });
  }
};
"""


# As after a sleep, some of the page's first streams look open, and nothing comes through them any more.
DEAF = """
window.streams = window.deaf = window.news = 0;
window.EventSource = class extends EventSource {
  constructor(address) {
    super(address);
    const number = (window.streams += 1);
    const hear = (event) => {
      if (number <= window.deaf) event.stopImmediatePropagation();
      else if (event.type === "session") window.news += 1;
    };
    for (const name of ["alive", "session"]) this.addEventListener(name, hear);
  }
};
"""
LOOK = """(state) => {
  Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def answers(windows: Windows, part: str) -> list[Any]:
    """Return what the session has of one part, by no order."""
    replies = windows.session.model.answers.of(part)
    return [answer for _, answer in replies.values()]


def only(windows: Windows, part: str) -> tuple[int, Any]:
    """Return revision and answer of the one phone that answered a part."""
    (reply,) = windows.session.model.answers.of(part).values()
    return reply


def test_five_fast_clicks_count_once(windows: Windows) -> None:
    windows.open("leak", "first-act")
    phone = windows.phone()
    phone.get_by_role("button", name="C Call everyone together").click(click_count=5, delay=5)
    expect(phone.locator("#status")).to_contain_text("Saved")
    assert only(windows, "first-act") == (1, "C")


def turned_page(windows: Windows, **options: Any) -> tuple[Page, dict[str, float]]:
    """Return a phone whose page turned to question 2 of 6 this instant, and where one of its options is."""
    windows.open("our-group", "group")
    phone = windows.phone(**options)
    phone.clock.install()
    phone.reload()
    expect(phone.locator("form.ask")).to_have_count(6)
    stop_clock(phone)
    option = phone.locator("form.ask:visible").get_by_role("button", name="Nearly always")
    option.click()
    expect(phone.get_by_text("2 of 6")).to_be_visible()
    box = option.bounding_box()
    assert box is not None
    return phone, {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}


@pytest.mark.parametrize("is_touch", [False, True])
def test_a_second_tap_is_not_an_answer_to_the_question_that_has_just_come(windows: Windows, is_touch: bool) -> None:
    phone, place = turned_page(windows, has_touch=is_touch)
    tap = phone.touchscreen.tap if is_touch else phone.mouse.click
    for _ in range(3):
        tap(**place)
    wait_until(lambda: answers(windows, "group.G1") == [6])
    expect(phone.get_by_text("2 of 6")).to_be_visible()
    phone.clock.run_for(700)
    tap(**place)
    expect(phone.get_by_text("3 of 6")).to_be_visible()
    wait_until(lambda: answers(windows, "group.G2") != [])
    assert answers(windows, "group.G3") == []


def test_a_press_that_began_before_the_question_could_be_read_is_not_an_answer_to_it(windows: Windows) -> None:
    phone, place = turned_page(windows)
    phone.mouse.move(**place)
    phone.mouse.down()
    phone.clock.run_for(700)
    phone.mouse.up()
    phone.mouse.click(**place)
    expect(phone.get_by_text("3 of 6")).to_be_visible()


def test_keys_and_screen_readers_answer_a_question_that_has_just_come_at_once(windows: Windows) -> None:
    phone, _ = turned_page(windows)
    phone.keyboard.press("Tab")
    phone.keyboard.press("Enter")
    expect(phone.get_by_text("3 of 6")).to_be_visible()
    button = phone.locator("form.ask:visible").get_by_role("button", name="Nearly always")
    button.dispatch_event("click")  # as a screen reader has the browser press it
    expect(phone.get_by_text("4 of 6")).to_be_visible()


def test_an_answer_can_be_changed_and_taken_back_until_the_question_closes(windows: Windows) -> None:
    windows.open("leak", "first-act")
    phone = windows.phone()
    phone.get_by_role("button", name="A Find out").click()
    expect(phone.locator("#status")).to_contain_text("Saved")
    phone.get_by_role("button", name="B Carry on").click()
    expect(phone.get_by_role("button", name="B Carry on")).to_have_attribute("aria-pressed", "true")
    expect(phone.get_by_role("button", name="A Find out")).to_have_attribute("aria-pressed", "false")
    phone.get_by_role("button", name="Skip").click()
    expect(phone.locator("#status")).to_contain_text("Skipped")
    assert only(windows, "first-act") == (3, None)
    windows.act("close", question="first-act")
    expect(phone.get_by_text("There is nothing to answer now")).to_be_visible()


def test_pressing_once_more_what_another_tab_has_changed_counts(windows: Windows) -> None:
    windows.open("leak", "first-act")
    first = windows.phone()
    second = first.context.new_page()
    second.goto(first.url)
    for phone, name, reply in (
        (first, "C Call", (1, "C")),
        (second, "A Find out", (2, "A")),
        (first, "C Call", (3, "C")),
    ):
        phone.get_by_role("button", name=name).click()
        expect(phone.locator("#status")).to_contain_text("Saved")
        wait_until(lambda reply=reply: only(windows, "first-act") == reply)


def test_what_another_tab_has_sent_is_no_longer_said_to_wait(windows: Windows) -> None:
    """As where the server was away: whichever tab hears first that it is back sends what waits."""
    windows.open("leak", "first-act")
    first = windows.phone()
    second = first.context.new_page()
    second.goto(first.url)
    first.route("**/answer", lambda route: route.abort())
    try_again = "dispatchEvent(new Event('online'))"
    first.get_by_role("button", name="C Call").click()
    expect(first.locator("#status")).to_contain_text("Your answer is stored on this phone")
    wait_until(lambda: "Call everyone together" in kept(second))  # what one tab writes, another reads a moment later
    second.evaluate(try_again)
    wait_until(lambda: answers(windows, "first-act") == ["C"])
    expect(second.locator("#status")).to_contain_text("Saved")
    first.evaluate(try_again)
    expect(first.locator("#status")).to_contain_text("Saved")
    first.get_by_role("button", name="A Find out").click()
    expect(first.locator("#status")).to_contain_text("Your answer is stored on this phone")
    windows.act("close", question="first-act")
    wait_until(lambda: "Find out" in kept(second))
    second.evaluate(try_again)
    expect(second.get_by_text("There is nothing to answer now")).to_be_visible()
    expect(second.locator("#status")).to_contain_text("Not sent")
    first.evaluate(try_again)
    expect(first.locator("#status")).to_have_text("")


def test_what_is_pressed_after_a_form_without_script_counts(windows: Windows) -> None:
    """One tab of the phone has the script, and another one did not get it."""
    windows.open("leak", "first-act")
    phone = windows.phone()
    plain = phone.context.new_page()
    plain.route("**/phone.js*", lambda route: route.abort())
    plain.goto(phone.url)
    plain.get_by_role("button", name="C Call").click()
    expect(plain.get_by_text("Saved")).to_be_visible()
    assert only(windows, "first-act") == (1, "C")
    phone.get_by_role("button", name="A Find out").click()
    expect(phone.locator("#status")).to_contain_text("Saved")
    assert only(windows, "first-act") == (2, "A")


def test_two_tabs_of_a_phone_that_keeps_nothing_are_each_told_the_truth(windows: Windows) -> None:
    windows.open("leak", "first-act")
    first = windows.phone(watch=NEWER["localStorage"])
    second = first.context.new_page()
    second.goto(first.url)
    for phone, name, value in ((first, "C Call", "C"), (second, "A Find out", "A"), (first, "B Carry on", "B")):
        phone.get_by_role("button", name=name).click()
        expect(phone.locator("#status")).to_contain_text("Saved")
        wait_until(lambda value=value: only(windows, "first-act")[1] == value)


def test_nothing_is_called_saved_while_a_later_answer_is_on_its_way(windows: Windows) -> None:
    windows.open("leak", "first-act")
    phone = windows.phone()
    held: list[Route] = []
    phone.route("**/answer", lambda route: held.append(route))
    with phone.expect_request("**/answer"):
        phone.get_by_role("button", name="A Find out").click()
    phone.get_by_role("button", name="B Carry on").click()
    with phone.expect_request("**/answer"):
        held[0].continue_()
    expect(phone.locator("#status")).to_contain_text("Sending")
    held[1].continue_()
    expect(phone.locator("#status")).to_contain_text("Saved")
    assert only(windows, "first-act") == (2, "B")


def test_an_acknowledgement_that_breaks_off_says_nothing_and_the_answer_is_sent_again(windows: Windows) -> None:
    windows.open("leak", "first-act")
    phone = windows.phone()
    broken: list[Route] = []

    def break_off(route: Route) -> None:
        broken.append(route)
        if len(broken) == 1:
            route.fulfill(status=200, content_type="application/json", body='{"part": "first-')
        else:
            route.continue_()

    phone.route("**/answer", break_off)
    phone.get_by_role("button", name="A Find out").click()
    expect(phone.locator("#status")).to_contain_text("Saved")
    assert only(windows, "first-act") == (1, "A")


def test_after_a_reload_the_phone_is_the_same_person(windows: Windows) -> None:
    windows.open("leak", "first-act")
    phone = windows.phone()
    phone.get_by_role("button", name="D Close the forum").click()
    expect(phone.locator("#status")).to_contain_text("Saved")
    phone.reload()
    expect(phone.get_by_role("button", name="D Close the forum")).to_have_attribute("aria-pressed", "true")
    phone.goto(f"{windows.base}/j/{windows.session.access.link}")
    expect(phone.get_by_role("button", name="A Find out")).to_be_visible()
    phone.get_by_role("button", name="A Find out").click()
    expect(phone.locator("#status")).to_contain_text("Saved")
    assert only(windows, "first-act") == (2, "A")
    assert len(windows.session.model.people) == 1


def test_an_answer_given_while_the_server_is_down_is_sent_once_it_is_back_and_once_only(windows: Windows) -> None:
    windows.open("check-in", "attention")
    phone = windows.phone()
    expect(phone.get_by_role("button", name="Send")).to_be_visible()
    live_server = windows.live_server
    live_server.run(live_server.server.stop())
    phone.get_by_role("textbox").fill("The train")
    phone.get_by_role("button", name="Send").click()
    expect(phone.locator("#status")).to_contain_text("Your answer is stored on this phone")
    phone.get_by_role("button", name="Send").click()
    keep_picture(phone, "room-phone-waiting")
    live_server.server = live_server.run(live_server._start(live_server.port))
    windows.session = live_server.server.sessions.by_id[windows.session.id]
    expect(phone.locator("#status")).to_contain_text("Saved")
    assert only(windows, "attention") == (1, "The train")
    assert phone.evaluate("Object.keys(JSON.parse(localStorage.getItem(localStorage.key(0))).outbox)") == []


def test_each_answer_has_one_length_both_ways(windows: Windows) -> None:
    windows.open("boundaries", "drafts")
    phone = windows.phone()
    sizes = set()
    for name in ("Keep", "Change", "Not sure", "Skip", "Keep"):
        with phone.expect_response("**/answer") as waited:
            phone.locator("form.ask:visible").get_by_role("button", name=name, exact=True).click()
        waited.value.finished()
        sizes.add(tuple(sorted(waited.value.request.sizes().items())))
        expect(phone.locator("#status")).to_contain_text("Skipped" if name == "Skip" else "Saved")
        phone.get_by_role("button", name="Back").first.click()
    windows.open("check-in", "attention")
    for text in ("tea", "thirty letters, and some more"):
        phone.get_by_role("textbox").fill(text)
        with phone.expect_response("**/answer") as waited:
            phone.get_by_role("button", name="Send").click()
        waited.value.finished()
        sizes.add(tuple(sorted(waited.value.request.sizes().items())))
    (size,) = sizes
    assert (dict(size)["requestBodySize"], dict(size)["responseBodySize"]) == (512, 512)


def test_saved_is_said_of_the_latest_answer_and_not_of_the_one_before(windows: Windows) -> None:
    windows.open("our-group", "group")
    phone = windows.phone()
    phone.locator("form.ask:visible").get_by_role("button", name="Nearly always").click()
    expect(phone.locator("#status")).to_contain_text("Saved")
    expect(phone.get_by_text("2 of 6")).to_be_visible()  # before its first news a page has one question alone
    held: list[Route] = []
    phone.route("**/answer", lambda route: held.append(route))
    with phone.expect_request("**/answer"):
        phone.locator("form.ask:visible").get_by_role("button", name="Nearly always").click()
    expect(phone.get_by_text("3 of 6")).to_be_visible()
    expect(phone.locator("#status")).to_contain_text("Sending")
    held[0].continue_()
    expect(phone.locator("#status")).to_contain_text("Saved")


def reload_without_news(phone: Page) -> list[Route]:
    """Load a page again as it is before its first news; return the list of what lets them come."""
    held: list[Route] = []
    phone.route("**/events", lambda route: held.append(route))
    with phone.expect_request("**/events"):
        phone.reload()
    return held


def hear(phone: Page, news: list[Route]) -> None:
    """Let the first news come, and wait until they have; the phone has to count them."""
    news[0].continue_()
    phone.wait_for_function("() => window.news > 0")


@pytest.mark.parametrize("answered", [0, 1])
def test_a_press_counts_though_the_first_news_come_before_the_finger_is_lifted(windows: Windows, answered: int) -> None:
    windows.open("our-group", "group")
    phone = windows.phone()
    for _ in range(answered):
        phone.locator("form.ask:visible").get_by_role("button", name="Nearly always").click()
        expect(phone.locator("#status")).to_contain_text("Saved")
    news = reload_without_news(phone)
    button = phone.locator("form.ask:visible").get_by_role("button", name="Nearly always")
    button.hover()
    phone.mouse.down()
    news[0].continue_()
    expect(phone.locator("form.ask")).to_have_count(6)
    phone.mouse.up()
    expect(phone.locator("#status")).to_contain_text("Saved")
    expect(phone.get_by_text(f"{answered + 2} of 6")).to_be_visible()
    assert answers(windows, f"group.G{answered + 1}") == [6]


def test_the_first_news_turn_a_page_that_was_answered_before_them(windows: Windows) -> None:
    windows.open("our-group", "group")
    phone = windows.phone()
    news = reload_without_news(phone)
    phone.get_by_role("button", name="Nearly always").click()
    expect(phone.locator("#status")).to_contain_text("Saved")
    news[0].continue_()
    expect(phone.get_by_text("2 of 6")).to_be_visible()
    expect(phone.locator("form.ask:visible h2")).to_be_focused()


def test_a_question_that_opens_after_an_answer_is_shown_unless_the_answer_is_being_changed(windows: Windows) -> None:
    windows.open("boundaries", "missing")
    phone = windows.phone()
    phone.get_by_role("textbox").fill("Who takes notes?")
    phone.get_by_role("button", name="Send").click()
    expect(phone.locator("#status")).to_contain_text("Saved")
    windows.act("open", question="drafts")
    expect(phone.get_by_text("1 of 4")).to_be_visible()
    expect(phone.locator("form.ask:visible h2")).to_be_focused()
    windows.act("close", question="drafts")
    expect(phone.get_by_role("textbox")).to_be_visible()
    phone.get_by_role("button", name="Send").click()
    phone.get_by_role("textbox").focus()
    windows.act("open", question="drafts")
    expect(phone.get_by_text("4 of 4")).to_be_visible()


@pytest.fixture
def frequent_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a session show every half second that it is there, from its first one on."""
    monkeypatch.setattr(broadcast, "ALIVE", 0.5)


@pytest.mark.usefixtures("frequent_signs")
def test_a_line_that_only_looks_open_is_opened_again(windows: Windows, monkeypatch: pytest.MonkeyPatch) -> None:
    """As after a sleep of the laptop or the phone: nothing comes any more, and nothing says so."""
    phone = windows.new(PHONE)
    phone.add_init_script(COUNT_EVENTS)
    phone.clock.install()
    phone.goto(f"{windows.base}/j/{windows.session.access.link}")
    phone.get_by_role("button", name="I’m in").click()
    phone.locator("[data-block=step]").wait_for()

    def hear_once_more() -> None:
        before = phone.evaluate("window.signs")
        while phone.evaluate("window.signs") == before:  # what the session shows may come in between
            phone.wait_for_timeout(50)

    hear_once_more()  # the page shows its step before its own line is open
    stop_clock(phone)
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url))
    for _ in range(3):
        hear_once_more()
        phone.clock.fast_forward(40_000)
    assert asked == []
    monkeypatch.setattr(broadcast, "ALIVE", 1e9)
    phone.clock.fast_forward(51_000)
    expect(phone.locator("#status")).to_contain_text("Connected again")
    assert set(asked) == {f"{windows.base}/r/{windows.session.id}/events"}


def test_a_phone_that_was_woken_has_the_question_that_opened_meanwhile_at_once(windows: Windows) -> None:
    windows.open("leak")
    phone = windows.phone(watch=DEAF)
    phone.clock.install()
    phone.reload()
    expect(phone.get_by_text("There is nothing to answer now")).to_be_visible()
    wait_until(lambda: phone.evaluate("window.news") > 0)  # a stream that has brought nothing yet is given up early
    assert phone.evaluate("window.streams") == 1
    stop_clock(phone)
    phone.evaluate(LOOK, "hidden")
    phone.clock.fast_forward(4000)
    phone.evaluate(LOOK, "visible")
    assert phone.evaluate("window.streams") == 1, "whoever looks away for a moment has missed nothing"
    phone.evaluate(LOOK, "hidden")
    phone.evaluate("window.deaf = 1")
    windows.act("open", question="first-act")
    phone.clock.fast_forward(20_000)
    assert phone.get_by_role("button", name="C Call everyone together").count() == 0
    phone.evaluate(LOOK, "visible")
    expect(phone.get_by_role("button", name="C Call everyone together")).to_be_visible()
    assert phone.evaluate("window.streams") == 2


def test_what_is_being_typed_stays_when_the_room_moves(windows: Windows) -> None:
    windows.open("boundaries", "missing")
    phone = windows.phone()
    phone.get_by_role("textbox").fill("Who takes no")
    windows.act("open", question="drafts")
    expect(phone.get_by_text("4 of 4")).to_be_visible()
    assert phone.get_by_role("textbox").input_value() == "Who takes no"


def test_a_phone_without_javascript_joins_and_answers(windows: Windows, violations: Callable[..., list[str]]) -> None:
    windows.open("our-group", "group")
    phone = windows.new(PHONE, java_script_enabled=False)
    phone.goto(windows.base)
    phone.get_by_label("The six letters").fill(windows.session.access.code.lower())
    phone.get_by_role("button", name="Continue").click()
    expect(phone.get_by_text("There are no names and there is no log-in.", exact=True)).to_be_visible()
    phone.get_by_role("button", name="I’m in").click()
    for _ in range(5):
        phone.get_by_role("button", name="Nearly always").last.click()
        expect(phone.get_by_text("Saved")).to_be_visible()
    phone.get_by_role("button", name="Skip").last.click()
    expect(phone.get_by_text("You have answered everything that is open")).to_be_visible()
    expect(phone.locator("#status")).to_contain_text("Skipped")
    keep_picture(phone, "room-phone-without-script")
    assert answers(windows, "group.G5") == [6]
    assert answers(windows, "group.G6") == [None]
    windows.open("commitment", "commitment")
    phone.get_by_role("link", name="Check for the next question").click()
    phone.get_by_label("If", exact=True).fill("it rains")
    phone.get_by_label("then I will").fill("ask first")
    expect(phone.get_by_role("button", name="Send")).to_be_hidden()
    phone.get_by_text("If there is no button to send").click()
    expect(phone.get_by_text("the page’s script does not run, so it cannot hold back")).to_be_visible()
    phone.get_by_role("button", name="Send").click()
    expect(phone.get_by_text("Saved")).to_be_visible()
    assert answers(windows, "commitment") == [{"show": False}]


def test_paper_is_a_choice_before_joining(windows: Windows) -> None:
    phone = windows.new(PHONE, java_script_enabled=False)
    phone.goto(f"{windows.base}/j/{windows.session.access.link}")
    phone.get_by_role("link", name="I’ll use paper").click()
    expect(phone.get_by_text("Paper counts too")).to_be_visible()
    expect(phone.get_by_role("button", name="I’m in")).to_be_hidden()
    assert windows.session.model.people == set()
    assert phone.context.cookies() == []


def test_a_private_commitment_never_leaves_the_phone(windows: Windows) -> None:
    windows.open("commitment", "commitment")
    phone = windows.phone()
    sent: list[str] = []
    phone.on("request", lambda asked: sent.append(asked.post_data or ""))
    phone.get_by_label("If", exact=True).fill("they interrupt")
    phone.get_by_label("then I will").fill("wait and ask")
    phone.get_by_role("button", name="Send").click()
    expect(phone.locator("#status")).to_contain_text("stays on this phone")
    assert answers(windows, "commitment") == [{"show": False}]
    assert [body for body in sent if "interrupt" in body] == []
    phone.reload()
    assert phone.get_by_label("If", exact=True).input_value() == "they interrupt"


def share_commitment(phone: Page) -> None:
    """Give a commitment that others may see."""
    phone.get_by_label("If", exact=True).fill("we meet")
    phone.get_by_label("then I will").fill("say hello")
    phone.get_by_role("radio", name=SHARED).check()
    phone.get_by_role("button", name="Send").click()
    expect(phone.locator("#status")).to_contain_text("Saved")


def test_who_chose_to_keep_a_commitment_private_finds_that_choice_again(windows: Windows) -> None:
    """One that was shared before says nothing of the one that is being written in its place."""
    windows.open("commitment", "commitment")
    phone = windows.phone()
    sent: list[str] = []
    phone.on("request", lambda asked: sent.append(asked.post_data or ""))
    share_commitment(phone)
    phone.get_by_role("radio", name=PRIVATE).check()
    phone.get_by_label("If", exact=True).fill("they interrupt")
    windows.act("close", question="commitment")
    expect(phone.get_by_role("region", name="Not sent yet")).to_be_visible()
    phone.reload()
    windows.act("open", question="commitment")
    expect(phone.get_by_label("If", exact=True)).to_have_value("they interrupt")
    expect(phone.get_by_role("radio", name=PRIVATE)).to_be_checked()
    phone.get_by_role("button", name="Send").click()
    expect(phone.locator("#status")).to_contain_text("stays on this phone")
    assert answers(windows, "commitment") == [{"show": False}]
    assert [body for body in sent if "interrupt" in body] == []


def test_the_first_news_of_a_page_leaves_the_choice_to_keep_a_commitment_private(windows: Windows) -> None:
    windows.open("commitment", "commitment")
    phone = windows.phone(watch=COUNT_EVENTS)
    share_commitment(phone)
    news = reload_without_news(phone)
    expect(phone.get_by_role("radio", name=SHARED)).to_be_checked()
    phone.get_by_role("radio", name=PRIVATE).check()
    hear(phone, news)
    expect(phone.get_by_role("radio", name=PRIVATE)).to_be_checked()
    phone.get_by_role("button", name="Send").click()
    expect(phone.locator("#status")).to_contain_text("stays on this phone")
    assert answers(windows, "commitment") == [{"show": False}]


@pytest.mark.parametrize("others", [0, 3])
def test_an_answer_that_is_being_changed_stays_as_it_is_when_the_first_news_come(windows: Windows, others: int) -> None:
    """A field that is put in again has lost what its browser knows: the keyboard of a phone closes and opens."""
    windows.open("boundaries", "missing", *(["drafts"] if others else []))
    phone = windows.phone(watch=COUNT_EVENTS)
    for _ in range(others):
        phone.locator("form.ask:visible").get_by_role("button", name="Keep", exact=True).click()
    phone.get_by_role("textbox").fill("Who takes notes?")
    phone.get_by_role("button", name="Send").click()
    expect(phone.locator("#status")).to_contain_text("Saved")
    news = reload_without_news(phone)
    if others:
        phone.get_by_role("button", name="Back").first.click()
    field = phone.get_by_role("textbox")
    field.focus()
    first = field.element_handle()
    phone.keyboard.press("Home")
    phone.keyboard.type("And: ")
    hear(phone, news)
    assert first is not None
    assert first.evaluate("field => field.isConnected && document.activeElement === field")
    phone.keyboard.type("please, ")
    expect(field).to_have_value("And: please, Who takes notes?")
    phone.keyboard.press("Control+z")
    assert field.input_value().endswith("Who takes notes?")


def test_words_that_were_not_sent_yet_stay_in_their_field_when_the_first_news_come(windows: Windows) -> None:
    windows.open("boundaries", "missing")
    phone = windows.phone(watch=COUNT_EVENTS)
    news = reload_without_news(phone)
    field = phone.get_by_role("textbox")
    field.press_sequentially("Who takes")
    first = field.element_handle()
    hear(phone, news)
    assert first is not None
    assert first.evaluate("field => field.isConnected && document.activeElement === field")
    phone.keyboard.type(" notes?")
    expect(field).to_have_value("Who takes notes?")


def test_an_answer_that_was_shared_is_being_changed_while_the_first_news_come(windows: Windows) -> None:
    windows.open("commitment", "commitment")
    phone = windows.phone(watch=COUNT_EVENTS)
    share_commitment(phone)
    news = reload_without_news(phone)
    form = phone.locator("form.ask").element_handle()
    hear(phone, news)
    assert form is not None
    assert form.evaluate("form => form.isConnected")
    expect(phone.get_by_role("radio", name=SHARED)).to_be_checked()
    expect(phone.get_by_label("If", exact=True)).to_have_value("we meet")


def test_a_commitment_cannot_be_sent_before_the_script_that_holds_it_back(windows: Windows) -> None:
    windows.open("commitment", "commitment")
    phone = windows.new(PHONE)
    waiting: list[Route] = []
    phone.route("**/phone.js*", lambda route: waiting.append(route))
    sent: list[str] = []
    phone.on("request", lambda asked: sent.append(asked.post_data or ""))
    phone.goto(f"{windows.base}/j/{windows.session.access.link}")
    phone.get_by_role("button", name="I’m in").click(no_wait_after=True)
    field = phone.get_by_label("If", exact=True)
    field.fill("they interrupt")
    expect(phone.get_by_role("button", name="Send")).to_be_hidden()
    expect(phone.get_by_role("button", name="Skip")).to_be_hidden()
    for route in waiting:
        route.continue_()
    phone.get_by_role("button", name="Send").click()
    expect(phone.locator("#status")).to_contain_text("stays on this phone")
    assert [body for body in sent if "interrupt" in body] == []
    assert answers(windows, "commitment") == [{"show": False}]


def weigh(page: Page, path: str) -> int:
    """Load a page with nothing kept from before; return all bytes that came, headings included."""
    page.context.clear_cookies()
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
    sizes: list[float] = []
    wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(path)
    page.wait_for_load_state("load")
    page.wait_for_timeout(100)
    return int(sum(sizes))


def test_the_first_view_of_a_phone_is_under_fifty_kilobytes(windows: Windows) -> None:
    windows.open("our-group", "group")
    phone = windows.new(PHONE)
    first = weigh(phone, f"{windows.base}/j/{windows.session.access.link}")
    joined = windows.phone()
    wire = joined.context.cookies()
    phone.context.add_cookies(wire)
    sizes = [first]
    cdp = phone.context.new_cdp_session(phone)
    cdp.send("Network.enable")
    cdp.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    phone.goto(f"{windows.base}/r/{windows.session.id}/")
    expect(phone.get_by_role("button", name="Nearly always").first).to_be_visible()
    phone.wait_for_timeout(100)
    assert 1000 < first < sum(sizes) < MOST_BYTES


@pytest.mark.parametrize("dark", [False, True])
def test_every_kind_of_question_passes_at_320_pixels_and_large_letters(
    windows: Windows, violations: Callable[..., list[str]], dark: bool
) -> None:
    phone = windows.phone(color_scheme="dark" if dark else "light")
    phone.set_viewport_size({"width": 320, "height": 640})
    asked = {"check-in": "attention", "our-group": "group", "boundaries": "drafts", "leak": "first-act",
             "thanks": "thank-you", "commitment": "commitment"}  # fmt: skip
    for step, question in asked.items():
        windows.open(step, question)
        phone.locator(f"form[data-answer^={question}]").first.wait_for()
        phone.locator("html").evaluate("html => (html.style.fontSize = '200%')")
        assert phone.evaluate("document.documentElement.scrollWidth") <= 320
        assert violations(phone) == []
        small = phone.locator("button:visible, a:visible, textarea:visible, summary:visible").evaluate_all(
            "all => all.filter(one => one.getBoundingClientRect().height < 44).map(one => one.outerHTML)"
        )
        assert small == []
    keep_picture(phone, f"room-phone-320-{'dark' if dark else 'light'}")


def test_a_boundary_in_new_words_is_unanswered_until_the_phone_answers_it(windows: Windows) -> None:
    windows.open("boundaries", "drafts")
    console, phone = windows.console(), windows.phone()
    lines = ("sources", "some-stays", "if-broken")
    for line in lines:
        phone.locator(f"form[data-answer='drafts.{line}']").get_by_role("button", name="Change").click()
        wait_until(lambda line=line: answers(windows, f"drafts.{line}") == ["change"])
    console.locator("#words-sources").fill("We name nobody.")
    console.locator("#use-sources").click()
    expect(console.locator("#status")).to_contain_text("voting on these words")
    windows.act("close", question="drafts")
    windows.act("boundary", question="drafts", line="sources", text="We name nobody.")
    windows.act("open", question="drafts")
    again = phone.locator("form[data-answer='drafts.sources.1']")
    expect(again).to_contain_text("We name nobody.")
    expect(again.locator("[aria-pressed=true]")).to_have_count(0)
    expect(phone.locator("form[data-answer='drafts.sources']")).to_have_count(0)
    keep_picture(phone, "room-reworded-phone")
    again.get_by_role("button", name="Keep").click()
    wait_until(lambda: answers(windows, "drafts.sources.1") == ["keep"])
    assert [answers(windows, f"drafts.{line}") for line in lines] == [["change"]] * 3
