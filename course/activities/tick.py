"""Tick any number of options."""

from __future__ import annotations

from course.activities import controls
from course.activities.card import CHECKED, Card
from course.activities.controls import Button, Control
from course.activities.syntax import ActivityOption, read_words
from course.content import words as say
from course.content.scales import find_scale
from course.core.errors import BadWords
from course.records.answer_units import Layout
from course.records.answers import Answers


class Tick(Card):
    """Ask for any number of options, with feedback for each tick and each one left blank.

    The answer is a list of letters in the order of the options. With `scale` the options are
    the statements of that scale, and the answer is a list of their codes.
    """

    kind = "tick"

    def __init__(self, key: str, answers: Answers, words: str, scale: str = "") -> None:
        super().__init__(key, answers)
        self.words = read_words(words, key, least=0 if scale else 1)
        self.has_letters = not scale
        if scale and self.words.options:
            raise BadWords(f"{key} has options and a scale too.", "Leave the options out, or the scale.")
        if scale:
            self.words.options = [ActivityOption(item.code, item.text) for item in find_scale(scale).items]

    @property
    def ticked(self) -> list[str]:
        """The ticked letters, in the order of the options."""
        units = self.units
        return [option.code for option in self.words.options if units.get(option.code) is True]

    @property
    def layout(self) -> Layout:
        """One unit for each option that is ticked, by its letter or code."""
        return Layout("ticks", empty=dict.fromkeys(option.code for option in self.words.options))

    def body(self) -> list[Control]:
        """Return the question with its options, and feedback once it was asked for."""
        options = [controls.choice(option.code, option.text, self._note(option)) for option in self.words.options]
        pointer = (
            [controls.text("told", say("card.feedback-below-options"), "help", live=True)] if self.is_checked else []
        )
        return [
            *controls.lead(self.words.lead),
            controls.checks("ticks", self.words.question, options, self.ticked),
            *pointer,
        ]

    def _note(self, option: ActivityOption) -> str:
        if not self.is_checked:
            return ""
        return self.words.feedback(option) if option.code in self.ticked else option.missed

    def change(self, control: str, value: object) -> None:
        """Take the options that were changed, each with whether it is ticked; feedback waits for the next Check."""
        if control == "ticks" and isinstance(value, dict):
            codes = [option.code for option in self.words.options]
            ticks = {code: tick for code, tick in value.items() if code in codes and isinstance(tick, bool)}
            if ticks:
                self.save_units({code: tick or None for code, tick in ticks.items()}, state="")

    def actions(self) -> list[Button]:
        """Offer Check where there is feedback."""
        has_feedback = any(self.words.feedback(option) or option.missed for option in self.words.options)
        return [controls.button("check", say("button.check"), main=True)] if has_feedback else []

    def act(self, button: str) -> None:
        """Show the feedback; no tick at all is an answer too."""
        if button == "check":
            self.save_units({}, state=CHECKED)

    def answer_lines(self) -> list[tuple[str, str]]:
        """Return the question and the ticked options."""
        ticked = [option for option in self.words.options if option.code in self.ticked]
        chosen = (f"{option.code}. {option.text}" if self.has_letters else option.text for option in ticked)
        return [(self.words.question, "\n".join(chosen))]
