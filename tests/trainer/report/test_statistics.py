"""A cohort's statistics: by hand, as published, for many made-up people, and nothing about few."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from course.content.scales import find_scale
from course.records.scores import change
from course.records.synthetic_people import SETS, SyntheticCohort, draw
from course.trainer.report.statistics import (
    alpha,
    bootstrap_interval,
    discrimination,
    most_chosen_wrong,
    paired_change,
    rank_biserial,
    share_right,
    signed_rank_p,
    standardised_mean,
)

pytestmark = pytest.mark.slow

TEN = [0.5, 1, 0.8, 0, 0.7, -0.2, 1.2, 0.6, 0.9, 1.5]
"""Ranks by hand, without the 0: −0.2 has rank 1 of 9, so the sums are 44 and 1, and the effect is 43/45."""


def changes(drawn: dict[str, np.ndarray], side: str) -> list[float]:
    """Return the change of each person on one side, as a report works it out; without those who have none."""
    codes = [item.code for item in find_scale("habits").items]

    def ratings(row: np.ndarray) -> dict[str, int]:
        return {code: int(point) for code, point in zip(codes, row, strict=True) if point == point}

    both = zip(drawn["start"], drawn["now"], strict=True)
    moved = [change(ratings(start), ratings(now), side) for start, now in both]
    return [one for one in moved if one is not None]


def test_ten_pairs_by_hand() -> None:
    moved = paired_change(TEN)
    assert moved is not None
    assert (moved.pairs, moved.up, moved.same, moved.down) == (10, 8, 2, 0)
    assert moved.median == pytest.approx(0.75)
    assert moved.effect == pytest.approx(43 / 45)
    assert moved.p == pytest.approx(4 / 2**9)  # of 512 ways to set the signs, 4 give a sum of 1 or less, or 44 or more
    assert moved.dz == pytest.approx(0.7 / np.std(TEN, ddof=1))


def test_nine_pairs_say_nothing_and_the_setting_can_only_ask_for_more() -> None:
    assert paired_change(TEN[:9]) is None
    assert paired_change(TEN[:9], fewest=5) is None
    assert paired_change(TEN, fewest=11) is None
    assert paired_change([*TEN, 0.3], fewest=11) is not None


def test_half_a_point_is_a_change_and_a_little_less_is_none() -> None:
    moved = paired_change([0.5, 4.6 - 4.1, 0.49, -0.49, -0.5, 3.1 - 3.6, 0, 0, 0, 0])
    assert moved is not None
    assert (moved.up, moved.same, moved.down) == (2, 6, 2)


def test_changes_that_are_equal_but_for_the_computer_share_a_rank() -> None:
    assert rank_biserial([4.6 - 4.1, 3.0 - 3.5]) == 0


def test_darwins_maize_as_in_scipys_documentation() -> None:
    """The differences in height of 15 pairs: scipy.stats.wilcoxon prints 24.0 and 0.041259765625."""
    heights = [6, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75]
    assert signed_rank_p(heights) == 0.041259765625
    assert rank_biserial(heights) == pytest.approx((96 - 24) / 120)


def test_the_worked_example_of_an_encyclopedia() -> None:
    """Ten pairs with a tie and a zero in Wikipedia's “Wilcoxon signed-rank test”: rank sums 27 and 18 of 45."""
    first = [125, 115, 130, 140, 140, 115, 140, 125, 140, 135]
    second = [110, 122, 125, 120, 140, 124, 123, 137, 135, 145]
    assert rank_biserial([a - b for a, b in zip(first, second, strict=True)]) == pytest.approx(9 / 45)


def test_with_many_changes_p_is_the_normal_approximation() -> None:
    moved = [step / 6 for step in range(-10, 50)]
    assert signed_rank_p(moved) < 1e-5
    assert signed_rank_p([1, -1] * 30) == pytest.approx(1, abs=0.01)


def test_where_nobody_moved_nothing_is_claimed() -> None:
    moved = paired_change([0.0] * 12)
    assert moved is not None
    assert (moved.same, moved.effect, moved.interval, moved.p, moved.dz) == (12, 0, None, 1, None)


def test_where_all_rose_alike_there_is_no_interval_to_show() -> None:
    moved = paired_change([1.0] * 12)
    assert moved is not None
    assert (moved.up, moved.effect, moved.interval, moved.dz) == (12, 1, None, None)
    assert moved.p < 0.001


def test_the_interval_holds_the_effect_and_is_the_same_each_time() -> None:
    interval = bootstrap_interval(TEN)
    assert interval is not None
    assert -1 <= interval[0] < 43 / 45 < interval[1] <= 1
    assert interval == bootstrap_interval(TEN)


def test_dz_needs_two_people_who_differ() -> None:
    assert standardised_mean([1, 2, 3]) == 2
    assert standardised_mean([1]) is None


@pytest.fixture(scope="module")
def many() -> dict[str, np.ndarray]:
    return draw(SyntheticCohort(people=20_000), np.random.default_rng(1))


@pytest.mark.parametrize(
    "side,size,ranks,up,down", [("competence", 0.57, 0.60, 0.52, 0.14), ("caring", 0.67, 0.67, 0.56, 0.12)]
)
def test_many_people_change_as_the_recipe_says(
    many: dict[str, np.ndarray], side: str, size: float, ranks: float, up: float, down: float
) -> None:
    results = changes(many, side)
    assert standardised_mean(results) == pytest.approx(size, abs=0.05)
    assert rank_biserial(results) == pytest.approx(ranks, abs=0.05)
    moved = paired_change(results[:400])
    assert moved is not None
    assert moved.interval is not None
    assert moved.interval[0] < ranks < moved.interval[1]
    assert sum(one >= 0.5 - 1e-9 for one in results) / len(results) == pytest.approx(up, abs=0.03)
    assert sum(one <= -0.5 + 1e-9 for one in results) / len(results) == pytest.approx(down, abs=0.03)


@pytest.mark.parametrize("side", ["competence", "caring"])
def test_many_peoples_statements_hang_together_as_the_recipe_says(many: dict[str, np.ndarray], side: str) -> None:
    own = [number for number, item in enumerate(find_scale("habits").items) if item.side == side]
    assert alpha(many["start"][:, own].tolist()) == pytest.approx(0.77, abs=0.03)


@pytest.mark.parametrize("name,least,most", [("A", 70, 100), ("B", 0, 10), ("C", 0, 10), ("D", 0, 10)])
def test_of_a_hundred_cohorts_a_change_is_found_where_there_is_one(name: str, least: int, most: int) -> None:
    """Where nothing changed, about five in a hundred say otherwise: that is what p under 0.05 promises, and no more."""
    drawn = draw(replace(SETS[name], people=2400), np.random.default_rng(2))
    moved = changes(drawn, "caring")
    results = [signed_rank_p(moved[first : first + 24]) < 0.05 for first in range(0, 2300, 23)]
    assert least <= sum(results) <= most


def congeneric() -> list[list[float]]:
    """Return made-up answers that correlate exactly as one strand with loadings 0.8, 0.7, 0.6 and 0.5 makes them."""
    loadings = np.array([0.8, 0.7, 0.6, 0.5])
    wanted = np.outer(loadings, loadings)
    np.fill_diagonal(wanted, 1)
    noise = np.random.default_rng(4).normal(size=(40, 4))
    noise -= noise.mean(axis=0)
    white = noise @ np.linalg.inv(np.linalg.cholesky(np.cov(noise.T))).T
    answers: list[list[float]] = (white @ np.linalg.cholesky(wanted).T).tolist()
    return answers


def test_alpha_and_discrimination_are_those_that_psych_prints() -> None:
    """The first example in the help of R's psych::alpha: raw_alpha 0.74, r.drop 0.64, 0.57, 0.51 and 0.43."""
    assert alpha(congeneric()) == pytest.approx(0.74, abs=0.005)
    results = [discrimination(congeneric(), question) for question in range(4)]
    assert results == pytest.approx([0.64, 0.57, 0.51, 0.43], abs=0.005)


def test_alpha_by_hand() -> None:
    """Two statements: variances 2/3 each and 2 of their sum for 1–1, 2–3, 3–2, so alpha is 2 (1 − (4/3) / 2)."""
    rows = [[1, 1], [2, 3], [3, 2]] * 20
    assert alpha(rows) == pytest.approx(2 * (1 - (4 / 3) / 2))


def test_alpha_counts_people_who_answered_all() -> None:
    rows: list[list[float | None]] = [[1, 2, 3], [2, 2, 4], [3, 5, 5]] * 10
    assert alpha(rows) is not None
    assert alpha(rows[:29]) is None
    assert alpha([*rows[:29], [1, None, 3]]) is None
    assert alpha(rows[:29], fewest=10) is None
    assert alpha([[1, None]] * 40) is None
    assert alpha([[4, 4, 4]] * 40) is None


def test_a_question_that_all_got_right_tells_nobody_apart() -> None:
    marks: list[list[float | None]] = [[2, n % 3, n % 2] for n in range(12)]
    assert discrimination(marks, 0) is None
    assert discrimination(marks, 1) is not None
    assert discrimination(marks[:9], 1) is None


def test_the_share_who_were_right_needs_ten_people() -> None:
    assert share_right([2] * 6 + [1] * 2 + [0] * 2, most=2) == 0.6
    assert share_right([2] * 9, most=2) is None
    assert share_right([2] * 9 + [None], most=2) is None


def test_the_wrong_option_that_most_chose() -> None:
    assert most_chosen_wrong(["A"] * 5 + ["C"] * 3 + ["B"] * 2, "A") == (["C"], 0.3)
    assert most_chosen_wrong(["A"] * 8 + ["C", "B"], "A") == (["B", "C"], 0.1), "no order is made of a tie"
    assert most_chosen_wrong(["A"] * 10, "A") is None
    assert most_chosen_wrong(["B"] * 9, "A") is None
