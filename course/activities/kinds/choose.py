"""Choose one of several options, or tick any number of them."""

from __future__ import annotations

from course.activities import controls
from course.activities.card import ALL, CHECKED, Card
from course.activities.controls import Button, Control
from course.activities.kinds.right_wrong import Note, answers_button, judged, retry_button, right_answer, told
from course.activities.syntax import ActivityOption, read_words
from course.content import words as say
from course.content.scales import Scale, find_scale
from course.core.errors import BadWords
from course.records.answers.answers import Answers
from course.records.answers.units import Json, Layout, Units


class Choose(Card):
    """Ask for one option of several and answer it with that option's feedback.

    The answer is the option's key, or its letter where options have no keys. Feedback comes with Check, under the
    chosen option; after one try, all of it can be seen. Where the words mark one option as right, Check says whether
    the chosen one is it, and offers another try.
    """

    kind = "choose"

    def __init__(self, key: str, answers: Answers, words: str) -> None:
        super().__init__(key, answers)
        self.words = read_words(words, key, least=2, right="marked")
        if len(self.words.right) > 1:
            raise BadWords(f"{key}: {len(self.words.right)} options are marked [x].", "Mark one, or use ask.tick.")

    @property
    def is_knowledge(self) -> bool:
        """Whether one option is right, as the words say."""
        return bool(self.words.right)

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
        return self.is_knowledge or any(self.words.feedback(option) for option in self.words.options)

    def body(self) -> list[Control]:
        """Return the question with its options, and feedback once it was asked for."""
        notes = [self._note(option) for option in self.words.options]
        options = [
            controls.choice(option.code, option.text, note.words, note.tone)
            for option, note in zip(self.words.options, notes, strict=True)
        ]
        return [*controls.lead(self.words.lead), controls.radios("pick", self.words.question, options, self.picked)]

    def _note(self, option: ActivityOption) -> Note:
        feedback = self.words.feedback(option)
        if not self._shows(option.code):
            return Note()
        if not self.is_knowledge or (option.code != self.picked and not option.is_right):
            return Note(feedback)
        return judged(option.is_right, feedback) if option.code == self.picked else right_answer(feedback)

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
        if self.is_knowledge and self.is_checked and self.picked:
            return self._next_steps(is_right=self.picked in self.words.right)
        row = [controls.button("check", say("button.check"), main=True)] if self.state != ALL else []
        return [*row, *([controls.button("all", say("button.show-all"))] if self.state == CHECKED else [])]

    def _next_steps(self, *, is_right: bool) -> list[Button]:
        """Return what can be done once it was said whether the answer is right."""
        again = [] if is_right else [retry_button("pick")]
        label = say("button.show-all" if is_right else "button.show-answer")
        return [*again, *([controls.button("all", label)] if self.state == CHECKED else [])]

    def act(self, button: str) -> None:
        """Show the feedback that was asked for, or take a wrong choice away for another try."""
        if button == "retry":
            if self.is_knowledge and self.picked is not None and self.picked not in self.words.right:
                self.save(None, state="")
        elif self.picked is None:
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

    The answer is a list of keys or letters in the order of the options. Where the words mark options as right, Check
    says which ticks are right and how many are missing, and offers another try. With `scale` the options are
    the statements of that scale, and the answer is a list of their codes. A statement of an earlier
    version that was ticked is an option too, so that the tick can be taken away.
    """

    kind = "tick"

    def __init__(self, key: str, answers: Answers, words: str, scale: str = "") -> None:
        super().__init__(key, answers)
        self.words = read_words(words, key, least=0 if scale else 1, right="marked")
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

    @property
    def is_whole(self) -> bool:
        """Whether it was answered: no tick at all is an answer too."""
        return not self.is_asked_again

    def body(self) -> list[Control]:
        """Return the question with its options, and feedback once it was asked for."""
        notes = [self._note(option) if self.is_checked else Note() for option in self.words.options]
        options = [
            controls.choice(option.code, option.text, note.words, note.tone)
            for option, note in zip(self.words.options, notes, strict=True)
        ]
        return [
            *controls.lead(self.words.lead),
            controls.checks("ticks", self.words.question, options, self.ticked),
            *(self._told() if self.is_checked else []),
        ]

    @property
    def is_knowledge(self) -> bool:
        """Whether the words say which options are right."""
        return bool(self.words.right)

    @property
    def _wrong_ticks(self) -> list[str]:
        return [code for code in self.ticked if code not in self.words.right] if self.is_knowledge else []

    @property
    def _found(self) -> list[str]:
        return [code for code in self.ticked if code in self.words.right]

    def _note(self, option: ActivityOption) -> Note:
        is_ticked = option.code in self.ticked
        feedback = self.words.feedback(option) if is_ticked else option.missed
        if not self.is_knowledge:
            return Note(feedback)
        if is_ticked:
            return judged(option.is_right, feedback)
        if self.state != ALL:
            return Note()
        missed = option.missed or self.words.feedback(option)
        return Note(f"**{say('right-wrong.missed')}** {missed}".strip(), "wrong") if option.is_right else Note(feedback)

    def _told(self) -> list[Control]:
        if not self.is_knowledge:
            return [controls.text("told", say("card.feedback-below-options"), "help", live=True)]
        wrong = len(self._wrong_ticks)
        lines = [say("right-wrong.ticks", right=len(self._found), total=len(self.words.right))]
        return [told(" ".join([*lines, *([say("right-wrong.ticks-wrong", n=wrong)] if wrong else [])]))]

    def change(self, control: str, value: object) -> None:
        """Take the options that were changed, each with whether it is ticked; feedback waits for the next Check."""
        if control == "ticks" and isinstance(value, dict):
            codes = [option.code for option in self.words.options]
            ticks = {code: tick for code, tick in value.items() if code in codes and isinstance(tick, bool)}
            if ticks:
                self.save_units({code: tick or None for code, tick in ticks.items()}, remove=self._others, state="")

    def actions(self) -> list[Button]:
        """Offer Check where there is feedback; where ticks are right or wrong, another try and the answers."""
        if self.is_knowledge and self.is_checked:
            is_whole = len(self._found) == len(self.words.right)
            again = [retry_button("ticks")] if self._wrong_ticks else []
            return [*again, *([] if self.state == ALL or (is_whole and not again) else [answers_button()])]
        has_feedback = any(self.words.feedback(option) or option.missed for option in self.words.options)
        return [controls.button("check", say("button.check"), main=True)] if has_feedback or self.is_knowledge else []

    def act(self, button: str) -> None:
        """Show the feedback, for which no tick at all is an answer too, or the answers; or take wrong ticks away."""
        if button == "retry" and self._wrong_ticks:
            self.save_units(dict.fromkeys(self._wrong_ticks), remove=self._others, state="")
        elif button == "all" and self.is_knowledge and self.is_checked:
            self.save_state(ALL)
        elif button == "check":
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
