"""The exercises of a lesson: `ask.choose(…)`, `ask.write(…)` and the rest show one and keep its answer.

Each takes a key, under which the answer is kept, and the words as `syntax.py` reads them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from course.activities.card import Card
from course.activities.past_words import PastWords
from course.records.answers.answers import Answers
from course.records.journal import Journal


class Ask:
    """The exercises that keep their answers on one page.

    With `is_static=True` (while nbgrader marks) a card is shown as text, because controls are lost there.
    `journal` is the learner's own, from which `share` reads, and `past` reads what was written in its lessons;
    both are None wherever someone else may look.
    """

    def __init__(
        self,
        answers: Answers,
        *,
        is_static: bool = False,
        journal: Journal | None = None,
        past: PastWords | None = None,
    ) -> None:
        self._answers = answers
        self._is_static = is_static
        self._journal = journal
        self._past = past
        self.options: dict[str, dict[str, str]] = {}
        """What the options of the questions that were asked say, by question and by the option's key."""

    def choose(self, key: str, words: str) -> None:
        """Ask for one of several options; kept as its key or letter."""
        from course.activities.kinds.choose import Choose

        self._show(Choose(key, self._answers, words))

    def tick(self, key: str, words: str, scale: str = "") -> None:
        """Ask for any number of options, or of a scale's statements; kept as a list of keys, letters or codes."""
        from course.activities.kinds.choose import Tick

        self._show(Tick(key, self._answers, words, scale))

    def sort(self, key: str, words: str, groups: Sequence[str] | Mapping[str, str]) -> None:
        """Ask for a group for each card; kept as the groups' codes, by the cards' keys or in the cards' order."""
        from course.activities.kinds.arrange import Sort

        self._show(Sort(key, self._answers, words, groups))

    def rank(self, key: str, words: str) -> None:
        """Ask for an order; kept as a list of the cards' keys or letters."""
        from course.activities.kinds.arrange import Rank

        self._show(Rank(key, self._answers, words))

    def shift(self, key: str, words: str) -> None:
        """Ask on which of several levels something is now, and on which it could be; kept as two letters."""
        from course.activities.kinds.before_after import BeforeAfter

        self._show(BeforeAfter(key, self._answers, words))

    def rate(self, key: str, *scales: str) -> None:
        """Ask for ratings on scales of `content/scales.toml`; kept by item code."""
        from course.activities.kinds.rate import Rate

        self._show(Rate(key, self._answers, *scales, past=self._past))

    def branch(self, key: str, words: str) -> None:
        """Ask what to do, step by step; kept as a list of keys or letters."""
        from course.activities.kinds.branch import Branch

        self._show(Branch(key, self._answers, words))

    def write(
        self,
        key: str,
        words: str,
        count: tuple[int, int] | Literal["words", "characters"] = "characters",
        *,
        copy: str | Sequence[str] = (),
    ) -> None:
        """Ask for a text; `count` is the fewest and most words to aim for, or the unit to count in.

        `copy` names cards of lessons, as `lesson/card` or `lesson/card/field`, from which words can be copied.
        """
        from course.activities.kinds.write import Write

        self._show(Write(key, self._answers, words, count, copy, self._past))

    def number(self, key: str, words: str, low: float, high: float, step: float = 1, *, slider: bool = False) -> None:
        """Ask for a number from low to high, or for one a line."""
        from course.activities.kinds.number import Number

        self._show(Number(key, self._answers, words, low, high, step, slider))

    def form(self, key: str, words: str, *, copy: str | Sequence[str] = ()) -> None:
        """Ask for the blanks (___) of sentences and read them back joined; kept as a list of texts.

        `copy` names cards of lessons whose fields can be copied into the blanks, in order.
        """
        from course.activities.kinds.form import Form

        self._show(Form(key, self._answers, words, copy, self._past))

    def if_then(self, key: str, words: str, *, obstacle: bool = False) -> None:
        """Ask for a plan and read it back; kept as a list of texts."""
        from course.activities.kinds.form import IfThen

        self._show(IfThen(key, self._answers, words, obstacle))

    def recall(self, key: str, words: str) -> None:
        """Ask for a line from memory under each question; kept as a list of texts."""
        from course.activities.kinds.recall import Recall

        self._show(Recall(key, self._answers, words, self._past))

    def reread(self, cards: Mapping[str, str]) -> None:
        """Show what was written on cards of lessons, each under its heading, by `lesson/card`; nothing is kept."""
        from course.activities.kinds.reread import Reread

        self._show(Reread("reread", self._answers, cards, self._past))

    def log(self, key: str, words: str, marks: Mapping[str, str] | None = None) -> None:
        """Ask for dated entries over days; `marks` are the ways it can have gone, by letter."""
        from course.activities.kinds.log import Log

        self._show(Log(key, self._answers, words, marks))

    def date(self, key: str, words: str, days: int = 30) -> None:
        """Ask for a day, at first the one that is so many days from now; kept as 2026-11-22."""
        from course.activities.kinds.date import Date

        self._show(Date(key, self._answers, words, days))

    def taps(self) -> None:
        """Ask the two questions at the end of a lesson; kept under “taps”."""
        from course.activities.kinds.rate import LessonRating

        self._show(LessonRating("taps", self._answers))

    def remind(self) -> None:
        """Offer a day for the calendar, with the lesson's one thing to try; nothing is kept among the answers."""
        from course.activities.kinds.remind import Remind

        self._show(Remind("reminder", self._answers, self._past))

    def share(self, key: str, moment: str) -> None:
        """Ask whether the habits rated at a moment may go with the hand-in; kept as a list of numbers."""
        from course.activities.kinds.share import Share

        self._show(Share(key, self._answers, moment, self._journal))

    def rater_round(self) -> None:
        """Offer to ask others by a link to a server; the round is kept in the journal, and shown nowhere else."""
        from course.activities.raters.round import RaterRound

        self._show(RaterRound("rater-round", self._answers))

    def rater_tally(self) -> None:
        """Offer forms to print, on which others say how they see the learner, and take the table of who counted them.

        What may be kept of it goes into the journal, under “others”.
        """
        from course.activities.raters.tally import TallyCard

        self._show(TallyCard(self._answers))

    def hand_in(self) -> None:
        """Offer to make the hand-in file, and before it to write back about feedback; while marking, show nothing."""
        from course.activities.kinds.hand_in import HandInCard
        from course.activities.kinds.reply import ReplyCard, may_reply

        if not self._is_static:
            if may_reply(self._answers):
                self._show(ReplyCard(self._answers))
            self._show(HandInCard("hand-in", self._answers))

    def self_check(self) -> None:
        """Offer marks and feedback to people who learn alone; nothing is kept, and nothing is shown while marking."""
        from course.activities.kinds.self_check import SelfCheckCard

        if not self._is_static:
            self._show(SelfCheckCard("self-check", self._answers, self.options))

    def _show(self, card: Card) -> None:
        from course.core.pages.output import show_html, show_widget

        self.options[card.key] = card.option_texts
        if self._is_static:
            from course.activities.card import static_html

            show_html(static_html(card))
        else:
            from course.activities.widget import CardWidget

            show_widget(CardWidget(card))
