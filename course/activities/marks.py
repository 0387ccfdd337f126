"""Marks and feedback for the answers of an exercise, where a marking line asks for them.

nbgrader takes the number that a marking line returns as the marks of its cell,
and shows the lines of feedback in the formgrader and on the learner's feedback page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from course.activities.answer_keys import (
    AnswerKey,
    ChoiceKey,
    FeedbackLine,
    GroupLines,
    MatchingKey,
    NumberKey,
    TicksKey,
    Verdict,
)
from course.content import edition_language
from course.content import words as say
from course.core.errors import NoAnswerYet
from course.core.pages.html import Markup, element, fragment
from course.records.answers.answers import Answers
from course.records.answers.text import is_missing, is_unfinished, question_name

VALIDATE: Final = "validate"
AUTOGRADE: Final = "autograde"
OptionTexts: TypeAlias = Mapping[str, Mapping[str, str]]
"""What the options of each question say, by question and by the option's key."""


class Mark:
    """The marks for one exercise's answers.

    `marking` is what nbgrader is doing (its `NBGRADER_EXECUTION`), or an empty text for the learner's own view.
    `options` has what the options of each question say, by question and key: lines of feedback quote them.
    In `feedback` stands what is said of each option, by its key and in the order of the card.
    """

    def __init__(self, answers: Answers, marking: str = "", options: OptionTexts | None = None) -> None:
        self._answers = answers
        self._marking = marking
        self._options: OptionTexts = {} if options is None else options

    def answered(self, key: str) -> int | None:
        """Raise NoAnswerYet while Validate looks for gaps, naming the question.

        While nbgrader marks, it is worth no marks by itself: without this, a cell
        that lost its marking line would get full marks.
        """
        if self._marking == VALIDATE:
            self._check_answered(key)
        return 0 if self._marking == AUTOGRADE else None

    def choice(self, key: str, best: str, *, marks: int, feedback: Mapping[str, str]) -> int:
        """Return full marks for the best option."""
        return self._show(key, ChoiceKey(best, marks, feedback))

    def ticks(self, key: str, best: Sequence[str], *, feedback: Mapping[str, str]) -> int:
        """Return one mark for each right tick, less one for each wrong one, and never less than none."""
        return self._show(key, TicksKey(best, feedback))

    def matching(
        self, key: str, best: Mapping[str, str], *, groups: Sequence[str], feedback: Mapping[str, GroupLines]
    ) -> int:
        """Return one mark for each card in its group; `best` has the code of each card's group, of those in `groups`.

        A card's feedback is one line, or one for each group.
        """
        return self._show(key, MatchingKey(best, feedback, groups))

    def number(self, key: str, best: float, *, within: float = 0.0, marks: int, feedback: Mapping[str, str]) -> int:
        """Return full marks for a number no further than `within` from the best one.

        The feedback has the lines `right`, `low` and `high`.
        """
        return self._show(key, NumberKey(best, within, marks, feedback))

    def _check_answered(self, key: str) -> None:
        if self._answers.problem:
            raise NoAnswerYet(self._answers.problem.message, self._answers.problem.hint)
        answer = self._answers.get(key)
        if is_missing(answer):
            raise NoAnswerYet(say("mark.no-answer-yet", question=question_name(key)), say("mark.no-answer-yet-hint"))
        if is_unfinished(answer):
            raise NoAnswerYet(say("mark.not-finished", question=question_name(key)), say("mark.not-finished-hint"))

    def _show(self, key: str, answer_key: AnswerKey) -> int:
        verdict = self._verdict(key, answer_key)
        _display(score_line(key, verdict, answer_key), shown_lines(verdict, self._options.get(key, {})))
        return verdict.marks

    def _verdict(self, key: str, answer_key: AnswerKey) -> Verdict:
        if self._answers.problem:
            return _no_marks(say("mark.not-read", reason=self._answers.problem.message))
        return verdict_of(self._answers, key, answer_key)


def verdict_of(answers: Answers, key: str, answer_key: AnswerKey) -> Verdict:
    """Return the marks for the answer to a question, and why; none, with a reason, for what is no answer to it."""
    answer = answers.get(key)
    if is_missing(answer):
        return _no_marks(say("mark.no-answer"))
    return answer_key.verdict(answer) or _no_marks(say("mark.not-usable"))


def score_line(key: str, verdict: Verdict, answer_key: AnswerKey) -> str:
    """Return the marks for a question as a sentence, for example “Question 1: 2 of 3 marks.”."""
    return say("mark.score", question=question_name(key), marks=verdict.marks, most=answer_key.most)


@dataclass(frozen=True)
class ShownLine:
    """A line of feedback as people read it, and whether the part that it is about is right, if it says so."""

    text: str
    is_right: bool | None


def shown_lines(verdict: Verdict, options: Mapping[str, str]) -> list[ShownLine]:
    """Return the lines of feedback: each begins with whether it is right, and quotes the option that it is about."""
    return [ShownLine(_in_words(line, options.get(line.option, "")), line.is_right) for line in verdict.lines]


def _in_words(line: FeedbackLine, option: str) -> str:
    if not line.about:
        return _with_verdict(line)
    if not option:
        return say(f"mark.{line.about}-unnamed", line=line.text).strip()
    return say(f"mark.{line.about}", option=option, line=line.text).strip()


def _with_verdict(line: FeedbackLine) -> str:
    """Return a line that begins with “Right.” or “Not right.”, unless its author began it so."""
    if line.is_right is None:
        return line.text
    verdict = say("right-wrong.right" if line.is_right else "right-wrong.wrong")
    return line.text if line.text.startswith(verdict) else f"{verdict} {line.text}".strip()


def _no_marks(reason: str) -> Verdict:
    return Verdict(0, (FeedbackLine(reason),))


def _display(score: str, lines: Sequence[ShownLine]) -> None:
    """Show the feedback, for the page and as plain text, so that it is read wherever nbgrader shows it."""
    from course.core.pages.output import show_html

    language = edition_language().declared
    whole = [line.text for line in lines if line.is_right is None]
    page = [element("p", {"class": "course-mark", **language}, element("strong", score), " ", " ".join(whole))]
    rows = [_row(line) for line in lines if line.is_right is not None]
    if rows:
        page.append(element("ul", {"class": "course-rows", **language}, *rows))
    plain = " ".join([score, *(line.text for line in lines)])
    show_html(fragment(*page), plain=plain)


def _row(line: ShownLine) -> Markup:
    """Return a line as a row of a list; the page's style puts the sign in front of it."""
    return element("li", {"class": "course-right" if line.is_right else "course-wrong"}, line.text)
