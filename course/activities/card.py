"""The card that every exercise is shown on: what is on it, and what happens when a person uses it.

A card is plain Python and knows no browser. `widget.py` puts it on the page,
`static_html` writes it as text that is only read. A kind of exercise is one subclass in one file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, Final

from course.activities import controls
from course.activities.controls import Button, Control
from course.activities.messages import Done
from course.activities.past_words import Reference
from course.activities.syntax import ActivityWords
from course.content import edition_language
from course.content import words as say
from course.core.errors import CourseError, TextTooLong
from course.core.pages.html import Markup, element, fragment
from course.records.answers.answers import Answers
from course.records.answers.units import Json, Layout, Units, WholeAnswer

CHECKED, ALL, SKIPPED = "checked", "all", "skipped"
LONGEST_TEXT: Final = 20_000
"""The most characters that are saved of one text. What there is room for on a card is less, and people may go over."""


class Card:
    """One exercise: a question, its answer, and feedback.

    A subclass says what is on it (`body`), takes what a person does (`change`, `press`)
    and says its answer in words (`answer_lines`).
    """

    kind: ClassVar[str]
    saved: ClassVar[str] = "status.saved"
    """What the card says when what a person did last was saved."""
    asks: ClassVar = True
    """Whether it asks for an answer, which counts for a learner's progress."""
    shows_page: ClassVar = False
    """Whether it says something of the whole page, so that it is shown anew when any answer there changes."""

    def __init__(self, key: str, answers: Answers) -> None:
        self.key = key
        self.answers = answers
        self.notice = ""
        """A sentence about the last press, for example what to do first."""
        self.request = ""
        """The name of the message that is dealt with: the same when the browser sends it once more."""

    # What a kind fills in

    def body(self) -> list[Control]:
        """Return the controls of this exercise, without the buttons that every card has."""
        raise NotImplementedError

    def change(self, control: str, value: object) -> None:
        """Take a new value from one control; a value that does not fit is left out."""
        raise NotImplementedError

    def actions(self) -> list[Button]:
        """Return the buttons of this kind, such as Check."""
        return []

    def act(self, button: str) -> None:
        """Do what one of `actions` asks for."""

    def answer_lines(self) -> list[tuple[str, str]]:
        """Return the question and the answer as read by a person: (label, answer) pairs."""
        raise NotImplementedError

    @property
    def layout(self) -> Layout:
        """How the units of an answer are kept, for a kind whose answers have several."""
        raise NotImplementedError

    @property
    def heading(self) -> str:
        """The question above the lines of an answer, where they do not name it themselves."""
        return ""

    @property
    def references(self) -> Sequence[Reference]:
        """The cards of lessons whose words this one shows or copies."""
        return ()

    @property
    def option_texts(self) -> dict[str, str]:
        """What the options of a question say, by what they are saved as; none for a kind without options."""
        words = getattr(self, "words", None)
        return {option.code: option.text for option in words.options} if isinstance(words, ActivityWords) else {}

    @property
    def asked(self) -> Sequence[str]:
        """The paragraphs that ask, the question last."""
        words = getattr(self, "words", None)
        return [*words.lead, words.question] if isinstance(words, ActivityWords) else []

    # What every kind has

    @property
    def value(self) -> Json:
        """The answer as readers know it, or None."""
        return self.answers.get(self.key)

    @property
    def units(self) -> Units:
        """The units of the answer by name."""
        return self.answers.units(self.key, self.layout)

    @property
    def is_asked_again(self) -> bool:
        """Whether there is an answer to an earlier wording of the question, which is not read as one to this."""
        return self.value is None and self.answers.has_earlier(self.key)

    @property
    def state(self) -> str:
        """What became of the card: an empty text, `checked`, `all` or `skipped`."""
        state = self.answers.state(self.key)
        return state if state == SKIPPED or not self.is_asked_again else ""

    @property
    def done(self) -> Done | None:
        """Whether it was answered or skipped, as a learner's progress counts it; None where nothing is asked."""
        if not self.asks:
            return None
        if self.state == SKIPPED:
            return "skipped"
        if self.value is None:
            return ""
        return "answered" if self.is_whole else "begun"

    @property
    def is_whole(self) -> bool:
        """Whether an answer that is begun has nothing left to answer: no item, field or step."""
        return all(answer.strip() for _, answer in self.answer_lines())

    @property
    def is_checked(self) -> bool:
        """Whether feedback is shown."""
        return self.state in (CHECKED, ALL)

    def save(self, value: WholeAnswer | None, *, state: str | None = None) -> None:
        """Keep the whole answer; a card that was skipped counts as answered from now on."""
        self.answers.save(self.key, value, state=self._next_state(state))

    def save_units(
        self, changes: Mapping[str, Json], *, remove: Mapping[str, Json] | None = None, state: str | None = None
    ) -> None:
        """Keep units of the answer, and leave the others to whoever changes them, in this window or another."""
        self.answers.save_units(self.key, changes, self.layout, remove=remove, state=self._next_state(state))

    def _next_state(self, state: str | None) -> str | None:
        return "" if state is None and self.state == SKIPPED else state

    def save_state(self, state: str) -> None:
        """Keep what became of the card."""
        self.answers.save(self.key, state=state)

    def controls(self) -> list[Control]:
        """Return everything on the card, in reading order."""
        if self.state == SKIPPED:
            *before, question = self.asked or [""]
            return [
                *controls.lead(before, "asked"),
                controls.text("asked", question, "question"),
                controls.text("skipped", say("card.skipped"), "help", live=True),
                controls.buttons("buttons", [controls.button("unskip", say("button.unskip"))]),
            ]
        notice = [controls.text("notice", self.notice, "warning", live=True)] if self.notice else []
        again = [controls.text("again", say("card.asked-again"), "warning", live=True)] if self.is_asked_again else []
        row = [*self.actions(), controls.button("skip", say("button.skip"))]
        return [*again, *self.body(), *notice, controls.buttons("buttons", row)]

    def set(self, control: str, value: object) -> None:
        """Take what a person gave in one control."""
        self.notice = ""
        with self.answers.newest():
            self.change(control, value)

    def press(self, button: str) -> None:
        """Do what a button asks for."""
        self.notice = ""
        with self.answers.newest():
            if button == "skip":
                self.save_state(SKIPPED)
            elif button == "unskip":
                self.save_state("")
            else:
                self.act(button)

    def is_offered(self, control: str) -> bool:
        """Say whether a control shows what the card offers, such as today's date, and nothing that was saved."""
        return False

    def is_changed_elsewhere(self, control: str, value: object, seen: Sequence[object]) -> bool:
        """Say whether a control has another value on disk by now than those that its window knew.

        `value` is what the window wants to save, and `seen` what it knew when its person began to change it.
        """
        with self.answers.as_saved():
            if self.is_offered(control):
                return False
            all_fields = [dict(fields) for fields in controls.flat(self.controls())]
        saved = [fields["value"] for fields in all_fields if fields["id"] == control and "value" in fields]
        return any(known != value and known not in seen for known in saved)


def static_html(card: Card) -> Markup:
    """Return a card's questions and answers as HTML that is only read: no script, no style and no controls."""
    rows = [[element("dt", label), element("dd", _answer_html(answer))] for label, answer in card.answer_lines()]
    heading = element("p", element("strong", card.heading)) if card.heading else None
    content = fragment(heading, element("dl", *rows))
    return element("div", {"class": "course-still", **edition_language().declared}, content)


def _answer_html(text: str) -> Markup:
    if not text.strip():
        return element("em", say("card.no-answer"))
    return fragment(element("p", {"dir": "auto"}, line) for line in text.split("\n") if line.strip())


def check_length(text: str) -> str:
    """Return a text of a person's own that is to be saved, or raise TextTooLong: nothing is cut in silence."""
    if len(text) > LONGEST_TEXT:
        raise TextTooLong(say("card.too-long", n=len(text), most=LONGEST_TEXT), say("card.too-long-hint"))
    return text


def attempt(action: Callable[[], None]) -> str:
    """Do something that saves, and return what went wrong in one sentence, or an empty text."""
    try:
        action()
    except CourseError as error:
        return in_one_line(error)
    return ""


def in_one_line(error: CourseError) -> str:
    """Return what went wrong and what to do next as people read them one after the other."""
    return f"{error.message} {error.hint}".strip()
