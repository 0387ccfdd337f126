"""A card worked through from its first part to its last, in any browser."""

from __future__ import annotations

from tests.browser.firefox_learner import FirefoxLearner
from tests.browser.learner import Learner

TEXT = "the ward clerk rang each family"


def work_through(learner: Learner | FirefoxLearner, key: str) -> None:
    """Answer all that a card asks, and press each of its buttons but Skip."""
    for part, kind in learner.fields(key):
        answer(learner, key, part, kind)
    step = 0
    while press(learner, key, f"next-{step}"):
        step += 1
        learner.choose_last(key, f"pick-{step}")
        if step == 1:
            press(learner, key, "back-0")
            learner.choose_last(key, "pick-0")
            press(learner, key, "next-0")
            learner.choose_last(key, "pick-1")
    for button in ("check", "all", "add"):
        press(learner, key, button)


def answer(learner: Learner | FirefoxLearner, key: str, part: str, kind: str) -> None:
    """Give one field a value by its kind."""
    if "bt-choices" in kind:
        learner.choose_last(key, part)
    elif "bt-order" in kind:
        learner.move_first_down(key, part)
    else:
        learner.type(key, part, "4" if "bt-number" in kind else TEXT)


def press(learner: Learner | FirefoxLearner, key: str, button: str) -> bool:
    """Press a button if the card has it, and say whether it has."""
    if not learner.has_button(key, button):
        return False
    learner.press(key, button)
    return True
