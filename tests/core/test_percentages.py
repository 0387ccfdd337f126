"""A percentage is rounded once, and a half goes away from zero."""

from __future__ import annotations

import pytest

from course.core.percentages import (
    percent_of_several,
    percent_of_share,
    whole_percent,
    whole_percents,
    with_one_decimal,
)
from tests.cases import every


@every(
    "count, of, percent",
    [(1, 8, 13), (3, 8, 38), (1, 40, 3), (1, 201, 0), (1, 200, 1), (-1, 8, -13), (-1, 201, 0), (5, 5, 100), (0, 7, 0)],
)
def test_a_half_goes_away_from_zero_and_less_does_not(count: int, of: int, percent: int) -> None:
    assert whole_percent(count, of) == percent


def test_nobody_has_no_share_and_a_whole_is_not_negative() -> None:
    assert whole_percent(0, 0) is None
    with pytest.raises(ValueError, match="negative"):
        whole_percent(1, -2)


def test_the_share_of_several_parts_comes_from_their_counts() -> None:
    assert whole_percents([1, 1, 6]) == [13, 13, 75]  # 101 together
    assert percent_of_several([1, 1], 8) == 25
    assert percent_of_several([], 0) is None


def test_large_counts_are_exact() -> None:
    assert whole_percent(10**18 + 1, 2 * 10**18) == 50


@every("share, percent", [(0.285, 29), (0.565, 57), (0.2849, 28), (1e-9, 0), (1.0, 100)])
def test_the_share_as_it_is_written_is_rounded(share: float, percent: int) -> None:
    assert percent_of_share(share) == percent


@every("number, shown", [(4.25, "4.3"), (4.75, "4.8"), (4.249, "4.2"), (1.05, "1.1"), (13 / 3, "4.3"), (7, "7.0")])
def test_a_number_with_one_decimal_is_rounded_as_people_round(number: float, shown: str) -> None:
    assert with_one_decimal(number) == shown
