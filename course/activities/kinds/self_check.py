"""Check one's own answers to an exercise, for people who learn without a trainer.

Nothing of it is kept and nothing is handed in: what is shown lasts as long as the page is open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from course.activities import controls
from course.activities.card import Card
from course.activities.controls import Control, Tone
from course.activities.marks import score_line, shown_lines, verdict_of
from course.activities.self_check_data import SelfCheckData, read_self_check
from course.content import words as say
from course.core import names
from course.records.answers.answers import Answers
from course.records.answers.text import question_name
from course.records.submissions import was_handed_in

_ALONE = "alone"
_TONES: Final[Mapping[bool | None, Tone]] = {True: "right", False: "wrong", None: "feedback"}
"""How a line is shown that says that something is right, or not right, or neither."""


class SelfCheckCard(Card):
    """Offer marks and feedback once an exercise is handed in, or to somebody who says that they learn alone.

    `options` has what the options of each question say, by question and key.
    """

    kind = "self-check"
    asks = False

    def __init__(self, key: str, answers: Answers, options: Mapping[str, Mapping[str, str]]) -> None:
        super().__init__(key, answers)
        self._options = options
        self._is_alone = self._is_shown = False

    @property
    def folder(self) -> Path | None:
        """The exercise's folder in a learner's copy, or None where answers are not kept beside a notebook."""
        return self.answers.path.parent if self.answers.path and self.answers.kind == "exercise" else None

    def controls(self) -> list[Control]:
        """Return everything on the card; it has no Skip, because no answer is asked for."""
        if self.folder is None:
            return [controls.text("memory", say("self-check.memory"), "help")]
        data = read_self_check(self.folder / names.SELF_CHECK)
        if data is None or data.version != self.answers.version:
            return [controls.text("no-data", say("self-check.no-data"), "help")]
        is_open = self._is_alone or was_handed_in(self.folder, self.answers.name)
        notice = [controls.text("notice", self.notice, "warning", live=True)] if self.notice else []
        row = [controls.button("check", say("self-check.check"), main=not self._is_shown)] if is_open else []
        results = list(self._results(data)) if is_open and self._is_shown else []
        return [*self.body(), *notice, *([controls.buttons("buttons", row)] if row else []), *results]

    def body(self) -> list[Control]:
        """Return what the card is for, and the tick of somebody who learns alone."""
        option = controls.choice(_ALONE, say("self-check.alone"))
        return [
            controls.text("question", say("self-check.question"), "question"),
            *controls.lead([say("self-check.what")]),
            controls.checks("alone", say("self-check.who"), [option], [_ALONE] if self._is_alone else []),
        ]

    def change(self, control: str, value: object) -> None:
        """Take the tick; it holds for this window."""
        tick = value.get(_ALONE) if control == "alone" and isinstance(value, dict) else None
        if isinstance(tick, bool):
            self._is_alone = tick

    def press(self, button: str) -> None:
        """Show the check, of the answers as they are now."""
        self.notice = ""
        self.answers.refresh()
        if button == "check":
            self._is_shown = True

    def answer_lines(self) -> list[tuple[str, str]]:
        """Return nothing: this card asks no question."""
        return []

    def _results(self, data: SelfCheckData) -> Iterator[Control]:
        verdicts = {key: verdict_of(self.answers, key, answer_key) for key, answer_key in data.keys.items()}
        marks = sum(verdict.marks for verdict in verdicts.values())
        most = sum(answer_key.most for answer_key in data.keys.values())
        yield controls.text("total", say("self-check.total", marks=marks, most=most), "question", live=True)
        for key, verdict in verdicts.items():
            lines = [
                controls.text(f"result-{key}-{place}", line.text, _TONES[line.is_right])
                for place, line in enumerate(shown_lines(verdict, self._options.get(key, {})))
            ]
            yield controls.group(f"result-{key}", score_line(key, verdict, data.keys[key]), lines)
        yield from _reflection(data)


def _reflection(data: SelfCheckData) -> Iterator[Control]:
    """Yield the rubric and the sample answers, each under its own heading."""
    levels = [
        controls.text(f"level-{place}", say("self-check.level", level=row.title, text=row.looks_like), "plain")
        for place, row in enumerate(data.rubric)
        if row.looks_like
    ]
    if levels:
        yield controls.group("rubric", say("self-check.rubric", question=question_name("reflection")), levels)
    for sample in data.samples:
        inside = controls.lead(sample.paragraphs, f"sample-{sample.level}")
        yield controls.group(f"sample-{sample.level}", say("self-check.sample", level=sample.level), inside)
