"""A whole session of thirty people: how often the facilitator has to press, click or tick."""

from __future__ import annotations

import sys

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from course.workshop import synthetic_phones
from course.workshop.rules.script_walk import next_action
from course.workshop.views.screen_view import page_turns
from tests.browser.room_walk import READING
from tests.browser.room_windows import Windows
from tests.browser.test_console_walk import expect_ready

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MOST = 70
PARKED = 3
HIDDEN = ("Person A", "Person B", "threatened")
"""What stands in a line that is hidden; one of each is."""


class Facilitator:
    """Someone at the console who counts each press of a button or key, each tick, and each field that is filled in."""

    def __init__(self, windows: Windows) -> None:
        self.session = windows.session
        self.console: Page = windows.console()
        self.console.clock.install()
        self.console.reload()
        self.presses = 0
        self.turned = 0
        """How often a page of the screen was turned: that depends on how much people wrote, and is counted apart."""
        self.fields = 0

    def click(self, what: Locator) -> None:
        what.click()
        self.presses += 1

    def key(self, name: str) -> None:
        self.console.keyboard.press(name)
        self.presses += 1

    def fill(self, label: str, text: str) -> None:
        self.console.get_by_label(label, exact=True).first.fill(text)
        self.fields += 1

    def read(self) -> None:
        """Read the lines, hide those that name somebody or tell of harm, and approve the rest together."""
        for number, text in enumerate(HIDDEN):
            line = self.console.locator(".line-waiting").filter(has_text=text)
            if line.count():
                self.click(line.first.get_by_role("button", name="Hide"))
                expect(self.console.locator(".line-hidden")).to_have_count(number + 1)
        while self.console.locator(".line-waiting").count():
            self.click(self.console.locator("#approve-rest"))
            expect(self.console.locator(".line-waiting")).to_have_count(0)

    def park(self) -> None:
        """Park lines, and say of each who takes it."""
        for number in range(PARKED):
            self.click(self.console.get_by_role("button", name="Park", exact=True, pressed=False).first)
            expect(self.console.locator(".parked")).to_have_count(number + 1)
        for field in self.console.get_by_label("Who takes it").all():
            field.fill("The chair")
            self.fields += 1

    def walk(self) -> None:
        """Press what is next, from the first step to the end of the script."""
        model = self.session.model
        while (action := next_action(model, page_turns(self.session))) and action.kind != "finish":
            if action.kind != "read":  # what the console offers follows what was done last by a moment
                expect(self.console.locator("#walk-next")).to_have_attribute("value", action.name)
            self.console.clock.run_for(READING)  # nobody waits while they read
            expect_ready(self.console)
            if action.kind == "close":
                answered = self.console.locator(f"[data-block=question-{action.slug}] .answered")
                expect(answered).to_have_text("30 or more answered")
            if action.kind == "read":
                self.read()
            elif self.console.locator("input:focus").count():
                self.click(self.console.locator("#walk-next"))  # keys go into the field
            else:
                self.key("PageDown")
            if action.kind == "page":
                self.presses -= 1
                self.turned += 1
            if action.kind == "reveal" and action.slug == "different":
                expect(self.console.get_by_role("button", name="Park", exact=True).first).to_be_visible()
                self.park()
            self.console.wait_for_function(
                "was => document.querySelector('#walk-next')?.value !== was",
                arg=action.name if action.kind != "read" else "",
            )

    def close(self) -> None:
        """Save a page, and close the room."""
        self.key("PageDown")
        expect(self.console.locator("#take")).to_be_focused()
        with self.console.expect_download():
            self.click(self.console.get_by_role("link", name="Save as a page"))
        self.click(self.console.get_by_label("Yes, close it for good"))
        self.click(self.console.locator("#end-button"))
        expect(self.console.locator("[data-block=closed]")).to_be_visible()


def test_a_session_of_thirty_takes_under_seventy_presses_and_turns_each_page(
    windows: Windows, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(synthetic_phones, "POLL_SECONDS", 0.25)
    facilitator = Facilitator(windows)
    with windows.others(30):
        facilitator.fill("How many people are here?", "30")
        facilitator.key("Enter")
        expect(facilitator.console.get_by_text("30 people are here")).to_be_visible()
        facilitator.walk()
        states = windows.session.model.state.questions
        asked = {question.slug for question in windows.session.model.script.questions() if not question.is_optional}
        assert {slug for slug, state in states.items() if state.is_shown} == asked
        facilitator.close()
    owners = [line.owner for line in windows.session.model.lines.every() if line.settled == "park"]
    assert owners == ["The chair"] * PARKED
    with capsys.disabled():
        did = f"{facilitator.presses} presses, {facilitator.fields} fields filled in, {facilitator.turned} pages turned"
        sys.stdout.write(f"\na session of 30: {did}\n")
    assert facilitator.presses + facilitator.fields < MOST


def test_what_is_typed_of_a_parked_line_is_saved_as_its_field_is_left(windows: Windows) -> None:
    model = windows.session.model
    windows.open("differences", "different")
    for number in range(5):
        model.record_answer("different", f"person {number}", 1, f"line {number}")
    windows.act("close", question="different")
    for line in model.lines.every():
        windows.act("approve", line=line.name)
    windows.act("reveal", question="different")
    first = model.lines.every()[0]
    windows.act("settle", line=first.name, to="park")
    console = windows.console()
    waiting: list[Route] = []
    console.route("**/action", lambda route: waiting.append(route))
    console.get_by_label("Who takes it").fill("The chair")
    with console.expect_request("**/action"):
        console.keyboard.press("Tab")
    console.keyboard.type("Next bo")
    expect(console.get_by_label("Where", exact=True)).to_be_focused()
    assert len(waiting) == 1
    waiting[0].continue_()
    expect(console.locator("#status")).to_contain_text("Done.")
    expect(console.get_by_label("Where", exact=True)).to_be_focused()
    console.keyboard.type("ard")
    expect(console.get_by_label("Where", exact=True)).to_have_value("Next board")
    console.unroute("**/action")
    console.keyboard.press("Tab")
    expect(console.locator(f"#place-{first.name}")).to_have_attribute("value", "Next board")
    assert (first.owner, first.place) == ("The chair", "Next board")
