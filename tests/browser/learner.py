"""A scripted learner at a page of the course: one who uses the mouse, one who has only the keyboard.

Both answer cards by their key, as a person would, and wait until the card says “Saved”.
"""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page, expect

from course.content import words as say
from tests.jupyter_server import RunningCourse
from tests.site_server import SiteAddress

START = "notebooks/start.ipynb"
LESSON = "notebooks/two-questions.ipynb"
OPENING = 90_000
"""Milliseconds that a page of the course may take to open on a busy machine."""
SAVING = 30_000
"""Milliseconds that an answer may take to be saved there."""
FIELDS = "[data-control]:is(.bt-choices, .bt-line, .bt-area, .bt-number, .bt-order)"
"""The parts of a card that take an answer."""
PARTS = "(fields) => fields.map((field) => [field.dataset.control, field.className])"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
"""How many pixels of a page lie beside its window."""


class Learner:
    """Someone who answers with the mouse."""

    def __init__(self, page: Page, course: RunningCourse | SiteAddress, view: str = "read") -> None:
        self.page, self.course, self.view = page, course, view

    def open(self, path: str) -> None:
        """Open a notebook and wait until it has run by itself."""
        self.page.goto(self.course.notebook(path, self.view))
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """Wait until the page says that it is ready."""
        self.page.wait_for_selector('[data-course="ready"]', timeout=OPENING)

    def go_to_section(self, title: str) -> None:
        """Go to a section by the list of sections."""
        link = self.page.locator(".frame-sections").get_by_role("link", name=title, exact=True)
        self.use(link)
        expect(link).to_have_attribute("aria-current", "location")

    def card(self, key: str) -> Locator:
        """Return the card with that key."""
        return self.page.locator(f'[data-card="{key}"]')

    def part(self, key: str, part: str) -> Locator:
        """Return one part of a card."""
        return self.card(key).locator(f'[data-control="{part}"]').first

    def choose(self, key: str, part: str, value: str) -> None:
        """Pick one option of a part."""
        self.use(self.part(key, part).locator(f'input[value="{value}"]'))
        self.saved(key)

    def type(self, key: str, part: str, text: str) -> None:
        """Write into a field and leave it."""
        field = self.part(key, part).locator("input:not([type=range]), textarea").first
        field.fill(text)
        field.blur()
        self.saved(key)

    def press(self, key: str, button: str) -> None:
        """Press a button of a card."""
        self.use(self.card(key).locator(f'button[data-control="{button}"]'))
        self.saved(key)

    def fields(self, key: str) -> list[tuple[str, str]]:
        """Return the parts of a card that take an answer, each with its classes."""
        return [(part, kind) for part, kind in self.card(key).locator(FIELDS).evaluate_all(PARTS)]

    def choose_last(self, key: str, part: str) -> None:
        """Choose the last but one option of several, or the last of two."""
        options = self.part(key, part).locator("input")
        options.nth(max(0, options.count() - 2)).check()
        self.saved(key)

    def move_first_down(self, key: str, part: str) -> None:
        """Move the first of several things that have an order one place down."""
        self.part(key, part).get_by_role("button").nth(1).click()
        self.saved(key)

    def has_button(self, key: str, button: str) -> bool:
        """Say whether a card has a button."""
        return self.card(key).locator(f'button[data-control="{button}"]').count() > 0

    def seen(self, keys: list[str]) -> dict[str, Any]:
        """Return what each card holds and says."""
        return {key: self.card(key).evaluate(SEEN) for key in keys}

    def use(self, control: Locator) -> None:
        """Click a control."""
        if control.get_attribute("type") in ("radio", "checkbox"):
            control.check()
        else:
            control.click()

    def saved(self, key: str) -> None:
        """Wait until the card says that the answer is on disk."""
        expect(self.card(key).locator(".bt-status")).to_have_text(say("status.saved"), timeout=SAVING)


class KeyboardLearner(Learner):
    """Someone who has only Tab, Shift, Enter, Space, the arrows and letters."""

    most_tabs = 400

    def use(self, control: Locator) -> None:
        """Go to a control with Tab, and use it with the key that its kind has for it."""
        kind = control.get_attribute("type")
        if kind == "radio":
            self.pick(control)
        else:
            self.go_to(control)
            self.page.keyboard.press("Space" if kind == "checkbox" else "Enter")

    def pick(self, radio: Locator) -> None:
        """Go to the group of a radio button with Tab, and to the button with the arrow keys."""
        group = radio.locator("xpath=ancestor::fieldset[1]")
        self.go_to(group)
        for _ in range(group.get_by_role("radio").count()):
            if radio.is_checked():
                return
            if radio.evaluate("node => node === document.activeElement"):
                self.page.keyboard.press("Space")
            else:
                self.page.keyboard.press("ArrowDown")
        assert radio.is_checked()

    def type(self, key: str, part: str, text: str) -> None:
        """Write into a field key by key and leave it with Tab."""
        self.write(key, part, text)
        self.saved(key)

    def write(self, key: str, part: str, text: str) -> None:
        """Do so in a field that is not saved by itself."""
        self.go_to(self.part(key, part).locator("input:not([type=range]), textarea").first)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)
        self.page.keyboard.press("Tab")

    def go_to(self, target: Locator) -> None:
        """Press Tab until the focus is on the target or in it; fail if it never gets there."""
        backwards = target.evaluate(
            "node => Boolean(node.compareDocumentPosition(document.activeElement) & Node.DOCUMENT_POSITION_FOLLOWING)"
        )
        for _ in range(self.most_tabs):
            if target.evaluate("node => node.contains(document.activeElement)"):
                return
            self.page.keyboard.press("Shift+Tab" if backwards else "Tab")
        raise AssertionError(f"The keyboard did not get to {target}")


SEEN = """card => ({
  given: [...card.querySelectorAll("input, textarea, select")].map((one) => one.matches("[type=radio], [type=checkbox]")
    ? `${one.value} ${one.checked}` : one.value),
  said: [...card.querySelectorAll(".bt-feedback, .bt-quote, .bt-items")].map((one) => one.innerText.trim()),
})"""
"""What a card holds and says: what must be there again next week."""
