"""Phrases that several charts use: a percentage as people read it, names in quotation marks, a text as a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from course.content import all_of, words
from course.core.percentages import whole_percent

_FEW = 3
"""How many names a sentence can carry."""


def percent_of(count: int, total: int) -> str:
    """Return a part of a whole as people read it; a part of nothing is 0%.

    >>> percent_of(1, 8), percent_of(6, 12)
    ('13%', '50%')
    """
    return percent_text(whole_percent(count, total) or 0)


def percent_text(share: int) -> str:
    """Return a whole percentage as people read it.

    >>> percent_text(40)
    '40%'
    """
    return words("chart-bars.percent", n=share)


def as_sentence(text: str) -> str:
    """Return a text with a full stop, unless it ends a sentence already.

    >>> as_sentence("Answers were spread"), as_sentence("Five or more chose “Shall we talk?”")
    ('Answers were spread.', 'Five or more chose “Shall we talk?”')
    """
    return text if text.rstrip("”")[-1:] in (*".?!…", "") else words("chart-bars.sentence", text=text)


def quoted_list(names: Sequence[str], too_many: str = "chart-bars.many") -> str:
    """Return names in quotation marks, or how many there are where a sentence cannot carry them all.

    `too_many` is the key of the words for the latter.

    >>> quoted_list(["Came prepared", "Kept commitments"])
    '“Came prepared” and “Kept commitments”'
    >>> quoted_list(["A", "B", "C", "D"])
    '4 of them'
    """
    if len(names) > _FEW:
        return words(too_many, n=len(names))
    return all_of(f"“{name.rstrip('.')}”" for name in names)
