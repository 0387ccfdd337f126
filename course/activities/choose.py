"""Choose one of several options, or tick any number of them."""

from __future__ import annotations

from course.activities import controls
from course.activities.card import ALL, CHECKED, Card
from course.activities.controls import Button, Control
from course.activities.syntax import ActivityOption, read_words
from course.content import words as say
from course.content.scales import Scale, find_scale
from course.core.errors import BadWords
from course.records.answer_units import Json, Layout, Units
from course.records.answers import Answers


class Choose(Card):
    """Ask for one option of several and answer it with that option's feedback.

    The answer is the option's key, or its letter where options have no keys. Feedback comes with Check, under the
    chosen option; after one try, all of it can be seen.
    """

    kind = "choose"

    def __init__(self, key: str, answers: Answers, words: str) -> None:
        super().__init__(key, answers)
        self.words = read_words(words, key, least=2)

    @property
    def picked(self) -> str | None:
        """What the chosen option is saved as, if it is one of them."""
        option = self.words.option(self.value)
        return option.code if option else None

    @property
    def is_asked_again(self) -> bool:
        """Whether what is saved is no option of today's, such as a letter where options have keys."""
        is_other = self.words.has_keys and self.value is not None and self.picked is None
        return is_other or super().is_asked_again

    @property
    def has_feedback(self) -> bool:
        """Whether there is anything to say about an option."""
        return any(self.words.feedback(option) for option in self.words.options)

    def body(self) -> list[Control]:
        """Return the question with its options, and feedback once it was asked for."""
        options = [
            controls.choice(option.code, option.text, self.words.feedback(option) if self._shows(option.code) else "")
            for option in self.words.options
        ]
        return [*controls.lead(self.words.lead), controls.radios("pick", self.words.question, options, self.picked)]

    def _shows(self, code: str) -> bool:
        return self.state == ALL or (self.state == CHECKED and code == self.picked)

    def change(self, control: str, value: object) -> None:
        """Take the chosen option; feedback for another one waits for the next Check."""
        option = self.words.option(value)
        if control == "pick" and option:
            self.save(option.code, state=ALL if self.state == ALL else "")

    def actions(self) -> list[Button]:
        """Offer Check, and all feedback after one try."""
        if not self.has_feedback:
            return []
        row = [controls.button("check", say("button.check"), main=True)] if self.state != ALL else []
        return [*row, *([controls.button("all", say("button.show-all"))] if self.state == CHECKED else [])]

    def act(self, button: str) -> None:
        """Show the feedback that was asked for."""
        if self.picked is None:
            self.notice = say("card.choose-first")
        elif button == "check":
            self.save_state(CHECKED)
        elif button == "all" and self.is_checked:
            self.save_state(ALL)

    def answer_lines(self) -> list[tuple[str, str]]:
        """Return the question and the chosen option."""
        option = self.words.option(self.value)
        return [(self.words.question, f"{option.letter}. {option.text}" if option else "")]


class Tick(Card):
    """Ask for any number of options, with feedback for each tick and each one left blank.

    The answer is a list of keys or letters in the order of the options. With `scale` the options are
    the statements of that scale, and the answer is a list of their codes. A statement of an earlier
    version that was ticked is an option too, so that the tick can be taken away.
    """

    kind = "tick"

    def __init__(self, key: str, answers: Answers, words: str, scale: str = "") -> None:
        super().__init__(key, answers)
        self.words = read_words(words, key, least=0 if scale else 1)
        self.has_letters = not scale
        if scale and self.words.options:
            raise BadWords(f"{key} has options and a scale too.", "Leave the options out, or the scale.")
        if scale:
            self.words.options = _statements(find_scale(scale), answers.get(key))

    @property
    def ticked(self) -> list[str]:
        """What the ticked options are saved as, in the order of the options."""
        units = self.units
        return [option.code for option in self.words.options if units.get(option.code) is True]

    @property
    def layout(self) -> Layout:
        """One unit for each option that is ticked, by its key, letter or code."""
        return Layout("ticks", empty=dict.fromkeys(option.code for option in self.words.options))

    @property
    def _others(self) -> Units:
        """The ticks that are saved and are of no option of today's, in a question whose options have keys."""
        if not (self.words.has_keys and self.has_letters):
            return {}
        return {name: tick for name, tick in self.units.items() if self.words.option(name) is None}

    @property
    def is_asked_again(self) -> bool:
        """Whether only such ticks are saved."""
        return (bool(self._others) and not self.ticked) or super().is_asked_again

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
                self.save_units({code: tick or None for code, tick in ticks.items()}, remove=self._others, state="")

    def actions(self) -> list[Button]:
        """Offer Check where there is feedback."""
        has_feedback = any(self.words.feedback(option) or option.missed for option in self.words.options)
        return [controls.button("check", say("button.check"), main=True)] if has_feedback else []

    def act(self, button: str) -> None:
        """Show the feedback; no tick at all is an answer too."""
        if button == "check":
            self.save_units({}, remove=self._others, state=CHECKED)

    def answer_lines(self) -> list[tuple[str, str]]:
        """Return the question and the ticked options."""
        ticked = [option for option in self.words.options if option.code in self.ticked]
        chosen = (f"{option.letter}. {option.text}" if self.has_letters else option.text for option in ticked)
        return [(self.words.question, "\n".join(chosen))]


def _statements(scale: Scale, ticked: Json) -> list[ActivityOption]:
    """Return the statements of a scale as options, and below them those of its earlier versions that were ticked."""
    chosen = ticked if isinstance(ticked, list) else []
    former = [item for earlier in scale.earlier for item in earlier.items if item.code in chosen]
    return [
        *(ActivityOption("", item.text, item.code) for item in scale.items),
        *(ActivityOption("", say("card.earlier-statement", statement=item.text), item.code) for item in former),
    ]
