"""Numbers as people read them, rounded once: a half goes away from zero, so 1 of 8 is 13 per cent, and 4.25 is 4.3.

Percentages of a whole are each rounded by themselves, so a list of them need not add up to 100. That is fine: the
share of several parts together comes from their counts (`percent_of_several`), never from rounded shares.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal


def whole_percent(count: int, of: int) -> int | None:
    """Return what share of `of` a count is, in whole percent; None of nobody.

    The count may be negative, as a change is. Raises ValueError for a negative whole.

    >>> whole_percent(1, 8), whole_percent(2, 3), whole_percent(-1, 8), whole_percent(0, 0)
    (13, 67, -13, None)
    """
    if of < 0:
        raise ValueError("a whole cannot be negative")
    if of == 0:
        return None
    percent = (200 * abs(count) + of) // (2 * of)
    return percent if count >= 0 else -percent


def percent_of_several(counts: Iterable[int], of: int) -> int | None:
    """Return what share of `of` several counts are together, in whole percent; None of nobody.

    >>> percent_of_several([1, 1], 8), whole_percent(1, 8)
    (25, 13)
    """
    return whole_percent(sum(counts), of)


def whole_percents(counts: Iterable[int], of: int | None = None) -> list[int]:
    """Return the share of each count in whole percent, of `of` or of their sum; zeros of nobody.

    >>> whole_percents([1, 1, 1]), whole_percents([0, 0])
    ([33, 33, 33], [0, 0])
    """
    numbers = list(counts)
    whole = sum(numbers) if of is None else of
    return [whole_percent(number, whole) or 0 for number in numbers]


def percent_of_share(share: float) -> int:
    """Return a share between 0 and 1 in whole percent, for a measure that has no counts, such as a mean mark.

    The decimal number that is written counts, and not the binary one near it: 0.285 is 29.

    >>> percent_of_share(0.285), percent_of_share(0.125), percent_of_share(-0.005)
    (29, 13, -1)
    """
    return int((100 * Decimal(repr(float(share)))).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def with_one_decimal(number: float) -> str:
    """Return a number with one digit after the point, for an average or hours; a half as it is written goes up.

    >>> with_one_decimal(17 / 4), with_one_decimal(4.35), with_one_decimal(5), with_one_decimal(-0.04)
    ('4.3', '4.4', '5.0', '0.0')
    """
    return str(Decimal(repr(float(number))).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP) + 0)
