"""The answers of a round as they are stored: one text for all of them, always of one length, in no order of coming.

So the store tells neither how many people answered nor which form was changed, even before it is erased.
"""

from __future__ import annotations

import datetime
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from course.privacy.rater_release import RaterCounter, RaterForm, count_raters, read_counter

CAPACITIES: Final = range(60, 101)
"""How many forms a round may take: at least ten times as many as there are people to ask. Each has a number of its own.

Nobody is told it: whoever fills a round until it takes no more would otherwise know how many forms were in it.
"""
LENGTH: Final = 8191
"""The length of the stored text, in characters: with the byte that ends it, a whole number of steps of the cipher."""
_LEFT_OUT: Final = "-"
_CANNOT_JUDGE: Final = "n"


class TooManyForms(ValueError):
    """The round has as many forms as it takes."""


@dataclass(frozen=True)
class RaterForms:
    """All forms of one round by their raters' pseudonyms, and from when on they count as five or more."""

    codes: Sequence[str]
    """The items that are asked, in the order in which they are stored."""
    capacity: int
    """How many forms the round takes."""
    forms: Mapping[str, RaterForm] = field(default_factory=dict, repr=False)
    counts_from: datetime.datetime | None = None
    """The end of the first day on which five had answered as it ended; None while there is none."""

    @classmethod
    def new(cls, codes: Sequence[str]) -> RaterForms:
        """Return a round's forms before anybody has answered."""
        return cls(codes, secrets.choice(CAPACITIES))

    def form(self, rater: str) -> RaterForm:
        """Return what one rater answered so far."""
        return self.forms.get(rater, {})

    def with_form(self, rater: str, form: RaterForm, next_look: datetime.datetime) -> RaterForms:
        """Return these forms with one more, or with a newer one in the place of the rater's own.

        `next_look` is when the answers are next counted. Raises TooManyForms.
        """
        forms = {**self.forms, rater: {code: form[code] for code in self.codes if code in form}}
        if len(forms) > self.capacity:
            raise TooManyForms
        counts_from = self.counts_from
        if counts_from is None or counts_from >= next_look:  # else it was so when a day ended, and stays so
            is_many = read_counter(count_raters(forms.values())) is RaterCounter.FIVE_OR_MORE
            counts_from = next_look if is_many else None
        return replace(self, forms=forms, counts_from=counts_from)

    def counter(self, now: datetime.datetime) -> RaterCounter:
        """Return what is said of how many people had answered when they were counted last."""
        is_many = self.counts_from is not None and self.counts_from <= now
        return RaterCounter.FIVE_OR_MORE if is_many else RaterCounter.FEWER_THAN_FIVE

    def to_text(self) -> str:
        """Return the text that is stored."""
        forms = {rater: form_text(form, self.codes) for rater, form in self._sorted}
        stored = {
            "codes": list(self.codes),
            "capacity": self.capacity,
            "from": self.counts_from.isoformat() if self.counts_from else None,
            "forms": forms,
        }
        text = json.dumps(stored, separators=(",", ":"))
        assert len(text) <= LENGTH, "more is stored than there is room for"
        return text.ljust(LENGTH)

    @property
    def _sorted(self) -> list[tuple[str, RaterForm]]:
        return sorted(self.forms.items())

    @classmethod
    def from_text(cls, text: str) -> RaterForms:
        """Return what was stored; raises ValueError, KeyError or TypeError for anything else."""
        stored = json.loads(text)
        codes, counts_from = [str(code) for code in stored["codes"]], stored["from"]
        return cls(
            codes,
            int(stored["capacity"]),
            {rater: read_form(answers, codes) for rater, answers in stored["forms"].items()},
            datetime.datetime.fromisoformat(counts_from) if counts_from else None,
        )


class AnswersChanged(Exception):
    """A rater's answers are others by now than those that they saw when they began to change them."""

    def __init__(self, stored: RaterForm) -> None:
        super().__init__()
        self.stored = stored


def form_text(form: RaterForm, codes: Sequence[str]) -> str:
    """Return a form as one sign for each item.

    >>> form_text({"E1": 4, "E3": None}, ["E1", "E2", "E3"])
    '4-n'
    """
    return "".join(_sign(form, code) for code in codes)


def with_changes(stored: RaterForm, form: RaterForm, seen: RaterForm) -> RaterForm:
    """Return what is stored, with those answers of a form in its place that are others than its rater saw at first.

    >>> with_changes({"E1": 2, "E2": 5}, {"E1": 2, "E2": None, "E3": 7}, {"E1": 2})
    {'E1': 2, 'E2': None, 'E3': 7}
    """
    changed = {code: answer for code, answer in form.items() if code not in seen or seen[code] != answer}
    return {**stored, **changed}


def _sign(form: RaterForm, code: str) -> str:
    """Return the one sign that stands for the answer on an item."""
    if code not in form:
        return _LEFT_OUT
    point = form[code]
    return _CANNOT_JUDGE if point is None else str(point)


def read_form(text: str, codes: Sequence[str]) -> RaterForm:
    """Return the form that a text has signs for; raises ValueError for any other text.

    >>> read_form("4-n", ["E1", "E2", "E3"])
    {'E1': 4, 'E3': None}
    """
    pairs = zip(codes, text, strict=True)
    return {code: None if sign == _CANNOT_JUDGE else int(sign) for code, sign in pairs if sign != _LEFT_OUT}
