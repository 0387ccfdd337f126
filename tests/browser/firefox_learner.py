"""Scripted learners at a page of the course in Firefox, one with the mouse and one with the keyboard alone.

`learner.py` has those in Chromium.
"""

from __future__ import annotations

from typing import Any

from course.content import words as say
from tests.browser.bidi import FirefoxPage
from tests.browser.learner import FIELDS, PARTS, SEEN
from tests.jupyter_server import RunningCourse
from tests.site_server import SiteAddress

OPENING = 90.0
"""Seconds that a page of the course may take to open on a busy machine."""
HAS_STATUS = """([card, status]) =>
  document.querySelector(`[data-card="${card}"] .bt-status`)?.innerText.trim() === status"""
IS_CURRENT = """(title) =>
  document.querySelector(".frame-sections [aria-current=location]")?.innerText.trim() === title"""
LEADS_THERE = """(title) => [...document.querySelectorAll(".frame-sections a")].some(
  (link) => link.innerText.trim() === title && link.hash === location.hash)"""
HAS_FOCUS = "(node) => node.contains(document.activeElement)"
GROUP_HAS_FOCUS = "(radio) => radio.closest('fieldset').contains(document.activeElement)"
SIZE_OF_GROUP = "(radio) => radio.closest('fieldset').querySelectorAll('[type=radio]').length"
STEPS = """(node) => {
  const after = (one, other) => Boolean(one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING);
  const focused = document.activeElement, isBack = after(node, focused);
  const [from, to] = isBack ? [node, focused] : [focused, node];
  const stops = document.querySelectorAll("a[href], button, summary, textarea, input:not([type=radio])");
  const isBetween = (one) => one.tabIndex >= 0 && one.checkVisibility() && after(from, one) && after(one, to);
  return [isBack, [...stops].filter(isBetween).length];
}"""
"""Whether a control is above the focus, and how many others are between: Tab stops at each of these, and at groups."""
FIELDS_OF = f"(card) => ({PARTS})([...card.querySelectorAll('{FIELDS}')])"
VALUES = "(selector) => [...document.querySelectorAll(selector)].map((input) => input.value)"
HAS = "(selector) => document.querySelector(selector) !== null"
SEEN_ALL = f"""(keys) => Object.fromEntries(
  keys.map((key) => [key, ({SEEN})(document.querySelector(`[data-card="${{key}}"]`))]))"""


class FirefoxLearner:
    """Someone who answers cards by their key, as a person would, and waits until each says “Saved”: with the mouse."""

    def __init__(self, page: FirefoxPage, course: RunningCourse | SiteAddress) -> None:
        self.page, self.course = page, course

    def open(self, path: str) -> None:
        """Open a notebook in this window, which then has the keyboard, and wait until it has run by itself."""
        self.page.bring_to_front()
        self.page.goto(self.course.notebook(path))
        self.wait_until_ready()

    def reload(self) -> None:
        """Load the page again and wait until it has run."""
        self.page.reload()
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """Wait until the page says that it is ready."""
        self.page.wait_for("""document.querySelector('[data-course="ready"]') !== null""", seconds=OPENING)

    def go_to_section(self, title: str) -> None:
        """Go to a section by the list of sections."""
        link = self.page.find(".frame-sections a", text=title)
        self.use(link)
        try:
            self.page.wait_for(LEADS_THERE, title, seconds=5)
        except TimeoutError:  # a key that is pressed while one of two windows comes to the front may reach neither
            self.use(link)
        self.page.wait_for(IS_CURRENT, title)

    def choose(self, key: str, part: str, value: str) -> None:
        """Pick one option of a part."""
        self.use(self.page.find(f'[data-card="{key}"] [data-control="{part}"] input[value="{value}"]'))
        self.saved(key)

    def type(self, key: str, part: str, text: str) -> None:
        """Write into a field and leave it."""
        self.reach(
            self.page.find(f'[data-card="{key}"] [data-control="{part}"] :is(input:not([type=range]), textarea)')
        )
        self.page.press("Control+a")
        self.page.type(text)
        self.page.press("Tab")
        self.saved(key)

    def press(self, key: str, button: str) -> None:
        """Press a button of a card."""
        self.use(self.page.find(f'[data-card="{key}"] button[data-control="{button}"]'))
        self.saved(key)

    def fields(self, key: str) -> list[tuple[str, str]]:
        """Return the parts of a card that take an answer, each with its classes."""
        card = self.page.find(f'[data-card="{key}"]')
        return [(part, kind) for part, kind in self.page.ask(FIELDS_OF, card)]

    def choose_last(self, key: str, part: str) -> None:
        """Choose the last but one option of several, or the last of two."""
        inputs = f'[data-card="{key}"] [data-control="{part}"] input'
        values = self.page.evaluate(VALUES, inputs)
        self.use(self.page.find(f'{inputs}[value="{values[max(0, len(values) - 2)]}"]'))
        self.saved(key)

    def move_first_down(self, key: str, part: str) -> None:
        """Move the first of several things that have an order one place down."""
        self.use(self.page.find(f'[data-card="{key}"] [data-control="{part}"] li:first-child button:nth-of-type(2)'))
        self.saved(key)

    def has_button(self, key: str, button: str) -> bool:
        """Say whether a card has a button."""
        return bool(self.page.evaluate(HAS, f'[data-card="{key}"] button[data-control="{button}"]'))

    def use(self, control: str) -> None:
        """Click a control."""
        self.page.click_on(control)

    def reach(self, field: str) -> None:
        """Put the focus into a field."""
        self.page.click_on(field)

    def saved(self, key: str) -> None:
        """Wait until the card says that the answer is on disk."""
        self.page.wait_for(HAS_STATUS, [key, say("status.saved")])

    def seen(self, keys: list[str]) -> dict[str, Any]:
        """Return what each card holds and says."""
        return dict(self.page.evaluate(SEEN_ALL, keys))


class FirefoxKeyboardLearner(FirefoxLearner):
    """Someone who has only Tab, Shift, Enter, Space, the arrows and letters."""

    most_tabs = 100

    def use(self, control: str) -> None:
        """Go to a control with Tab, and use it with the key that its kind has for it."""
        kind = self.page.ask("(node) => node.type", control)
        if kind == "radio":
            self.pick(control)
        else:
            self.reach(control)
            self.page.press("Space" if kind == "checkbox" else "Enter")

    def pick(self, radio: str) -> None:
        """Go to the group of a radio button with Tab, and to the button with the arrow keys."""
        self.reach(radio, GROUP_HAS_FOCUS)
        for _ in range(self.page.ask(SIZE_OF_GROUP, radio)):
            if self.page.ask("(radio) => radio.checked", radio):
                return
            is_focused = self.page.ask("(radio) => radio === document.activeElement", radio)
            self.page.press("Space" if is_focused else "ArrowDown")
        assert self.page.ask("(radio) => radio.checked", radio)

    def reach(self, field: str, is_there: str = HAS_FOCUS) -> None:
        """Go to this window, and press Tab until the focus is on a control or in it; fail if it never gets there."""
        self.page.bring_to_front()
        for _ in range(self.most_tabs):
            if self.page.ask(is_there, field):
                return
            back, between = self.page.ask(STEPS, field)
            self.page.press("Shift+Tab" if back else "Tab", times=max(1, between))
        label = self.page.ask("(node) => node.outerHTML", field)
        raise AssertionError(f"The keyboard did not get to {label}")
