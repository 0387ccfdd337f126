"""A practice scenario in steps, with consequences and a way back."""

from __future__ import annotations

from collections.abc import Sequence

from course.activities import controls
from course.activities.card import CHECKED, Card
from course.activities.controls import Control
from course.activities.syntax import ActivityOption, ActivityStep, read_steps
from course.content import words as say
from course.records.answers.answers import Answers


class Branch(Card):
    """Ask what to do, step by step, and tell what follows; each step can be tried another way.

    The answer is a list of one key or letter a step; None marks the step that is open and not answered yet.
    """

    kind = "branch"

    def __init__(self, key: str, answers: Answers, words: str) -> None:
        super().__init__(key, answers)
        self.steps, self.closing = read_steps(words, key)

    @property
    def way(self) -> list[str | None]:
        """What the chosen options are saved as, one for each step that was reached."""
        way: list[str | None] = []
        for step, code in zip(self.steps, self.value if isinstance(self.value, list) else [], strict=False):
            option = step.words.option(code)
            way.append(option.code if option else None)
            if option is None:
                break
        return way or [None]

    @property
    def is_asked_again(self) -> bool:
        """Whether what is saved begins with no option of today's, in a scenario whose options have keys."""
        has_keys = any(step.words.has_keys for step in self.steps)
        is_other = has_keys and isinstance(self.value, list) and any(self.value) and self.way == [None]
        return is_other or super().is_asked_again

    @property
    def is_finished(self) -> bool:
        """Whether the last step was answered."""
        return len(self.way) == len(self.steps) and self.way[-1] is not None

    @property
    def is_whole(self) -> bool:
        """Whether the last step was answered."""
        return self.is_finished

    @property
    def asked(self) -> Sequence[str]:
        """What the first step tells and asks."""
        first = self.steps[0].words
        return [*first.lead, first.question]

    def body(self) -> list[Control]:
        """Return the steps behind, the step that is open, and the closing words at the end."""
        way = self.way
        shown: list[Control] = []
        for number, code in enumerate(way):
            step = self.steps[number]
            title = say("card.step", number=number + 1, total=len(self.steps), title=step.title)
            inside = self._behind(number, code) if number < len(way) - 1 else self._open(number, step, code)
            shown.append(controls.group(f"step-{number}", title, inside))
        if self.is_finished and self.closing:
            shown.append(controls.text("closing", self.closing, "feedback", live=True))
        return shown

    def _behind(self, number: int, code: str | None) -> list[Control]:
        words = self.steps[number].words
        option = words.option(code)
        assert option is not None
        return [
            *controls.lead([*words.lead, words.question], f"told-{number}"),
            controls.text(f"chose-{number}", say("card.your-way", option=option.text), "quote"),
            controls.text(f"after-{number}", words.feedback(option), "feedback"),
            controls.buttons(f"row-{number}", [controls.button(f"back-{number}", say("button.back"))]),
        ]

    def _open(self, number: int, step: ActivityStep, code: str | None) -> list[Control]:
        options = [controls.choice(option.code, option.text) for option in step.words.options]
        inside: list[Control] = [
            *controls.lead(step.words.lead, f"told-{number}"),
            controls.radios(f"pick-{number}", step.words.question, options, code),
        ]
        option = step.words.option(code)
        return inside if option is None else [*inside, *self._consequence(number, step, option)]

    def _consequence(self, number: int, step: ActivityStep, option: ActivityOption) -> list[Control]:
        row = [controls.button(f"back-{number}", say("button.back"))]
        if number + 1 < len(self.steps):
            row.insert(0, controls.button(f"next-{number}", say("button.next"), main=True))
        return [
            controls.text(f"after-{number}", step.words.feedback(option), "feedback", live=True),
            controls.buttons(f"row-{number}", row),
        ]

    def change(self, control: str, value: object) -> None:
        """Take the choice of the step that is open."""
        last = len(self.way) - 1
        option = self.steps[last].words.option(value)
        if control != f"pick-{last}" and controls.place(control, "pick", len(self.steps)) is not None:
            self.notice = say("card.moved-on")
        elif option and control == f"pick-{last}":
            way = [*self.way[:last], option.code]
            self.save(way, state=CHECKED if len(way) == len(self.steps) else "")

    def act(self, button: str) -> None:
        """Go on to the next step, or back to one."""
        way = self.way
        back = controls.place(button, "back", len(way))
        if back is not None:
            self.save([*way[:back], None], state="")
        elif button == f"next-{len(way) - 1}" and way[-1] and len(way) < len(self.steps):
            self.save([*way, None], state="")

    def answer_lines(self) -> list[tuple[str, str]]:
        """Return each step that was answered with the choice."""
        lines = []
        for step, code in zip(self.steps, self.way, strict=False):
            option = step.words.option(code)
            lines.append((step.title, f"{option.letter}. {option.text}" if option else ""))
        return lines
