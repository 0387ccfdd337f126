"""Choose one of several options."""

from __future__ import annotations

from course.activities import controls
from course.activities.card import ALL, CHECKED, Card
from course.activities.controls import Button, Control
from course.activities.syntax import read_words
from course.content import words as say
from course.records.answers import Answers


class Choose(Card):
    """Ask for one option of several and answer it with that option's feedback.

    The answer is a letter. Feedback comes with Check, under the chosen option;
    after one try, all of it can be seen.
    """

    kind = "choose"

    def __init__(self, key: str, answers: Answers, words: str) -> None:
        super().__init__(key, answers)
        self.words = read_words(words, key, least=2)

    @property
    def picked(self) -> str | None:
        """The chosen letter, if it is one of the options."""
        option = self.words.option(self.value)
        return option.code if option else None

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
        """Take the chosen letter; feedback for another one waits for the next Check."""
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
        return [(self.words.question, f"{option.code}. {option.text}" if option else "")]
