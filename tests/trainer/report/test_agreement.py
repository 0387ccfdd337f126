"""Agreement of two markers: against statsmodels, by hand, as published, and what cannot be said of few."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import cohens_kappa

from course.trainer.report.agreement import FEWEST_FOR_KAPPA, LevelPair, level_agreement, weighted_kappa

LEVELS = range(5)
PAIRS = st.lists(st.tuples(st.sampled_from(LEVELS), st.sampled_from(LEVELS)), min_size=2, max_size=60)


def counts(pairs: list[LevelPair], categories: int = len(LEVELS)) -> np.ndarray:
    table = np.zeros((categories, categories))
    for first, second in pairs:
        table[first, second] += 1
    return table


@given(PAIRS)
def test_kappa_and_its_error_are_those_of_statsmodels(pairs: list[LevelPair]) -> None:
    ours = weighted_kappa(pairs)
    with np.errstate(invalid="ignore", divide="ignore"):  # where an error is the root of a bit less than 0
        theirs = cohens_kappa(counts(pairs), wt="linear")
    if ours is None:
        assert 1 in {len(set(marker)) for marker in zip(*pairs, strict=True)}
        return
    assert ours.kappa == pytest.approx(theirs.kappa, abs=1e-9)
    assert ours.error == pytest.approx(np.nan_to_num(theirs.std_kappa), abs=1e-6)  # the root of 0, or of a bit less


@given(PAIRS)
def test_the_markers_may_change_places_and_the_levels_be_counted_from_the_other_end(pairs: list[LevelPair]) -> None:
    ours = weighted_kappa(pairs)
    for others in ([(second, first) for first, second in pairs], [(4 - first, 4 - second) for first, second in pairs]):
        other = weighted_kappa(others)
        assert (other is None) == (ours is None)
        if ours and other:
            assert other.kappa == pytest.approx(ours.kappa, abs=1e-9)
            assert other.error == pytest.approx(ours.error, abs=1e-6)


@given(PAIRS)
def test_an_interval_lies_around_kappa_and_never_leaves_what_kappa_can_be(pairs: list[LevelPair]) -> None:
    found = weighted_kappa(pairs)
    if found and found.interval:
        low, high = found.interval
        assert -1 <= low <= found.kappa <= high <= 1


def test_agreement_by_hand() -> None:
    """Of four, three agree and one is a level apart: by chance, 16 pairs are 18 levels apart, which is 1.125 each."""
    found = weighted_kappa([(1, 1), (2, 2), (3, 3), (4, 3)])
    assert found is not None
    apart = [abs(first - second) for first in (1, 2, 3, 4) for second in (1, 2, 3, 3)]
    assert found.kappa == pytest.approx(1 - (1 / 4) / (sum(apart) / 16))


def test_with_two_levels_it_is_cohens_kappa() -> None:
    """Of 100, both say yes of 60 and no of 20: 0.8 observed, and by chance 0.65 × 0.75 + 0.35 × 0.25."""
    found = weighted_kappa([(1, 1)] * 60 + [(0, 0)] * 20 + [(1, 0)] * 5 + [(0, 1)] * 15)
    assert found is not None
    chance = 0.65 * 0.75 + 0.35 * 0.25
    assert found.kappa == pytest.approx((0.8 - chance) / (1 - chance))


def test_a_published_table() -> None:
    """91 couples (Hout, Duncan & Sobel, 1987): R's package vcd prints weighted kappa 0.2374, error 0.0783."""
    table = ((7, 7, 2, 3), (2, 8, 3, 7), (1, 5, 4, 9), (2, 8, 9, 14))
    found = weighted_kappa([pair for pair, count in np.ndenumerate(np.array(table)) for _ in range(count)])
    assert found is not None
    assert (round(found.kappa, 4), round(found.error, 4)) == (0.2374, 0.0783)


def test_one_level_for_all_makes_no_kappa_and_whole_agreement_no_interval() -> None:
    assert weighted_kappa([]) is None
    assert weighted_kappa([(3, 3)] * 20) is None
    whole = weighted_kappa([(3, 3), (2, 2)] * 10)
    assert whole is not None
    assert (whole.kappa, whole.interval) == (pytest.approx(1), None)
    assert weighted_kappa([(3, 3), (2, 3)] * 10) is None
    never = weighted_kappa([(0, 4), (4, 0)] * 10)
    assert never is not None
    assert (never.kappa, never.interval) == (pytest.approx(-1), None)


def test_fewer_than_fifteen_are_counted_and_have_no_kappa() -> None:
    few = level_agreement([(4, 4), (3, 2), (1, 3)] * 4 + [(0, 4), (2, 2)])
    assert (few.pairs, few.same, few.adjacent, few.apart, few.kappa) == (14, 5, 4, 5, None)
    enough = level_agreement([(4, 4), (3, 2), (1, 3)] * 5)
    assert enough.pairs == FEWEST_FOR_KAPPA
    assert enough.kappa == weighted_kappa([(4, 4), (3, 2), (1, 3)] * 5)


@pytest.mark.slow
@pytest.mark.parametrize("differ", [0.2, 0.35, 0.6])
@pytest.mark.parametrize("pairs", [15, 24, 50])
def test_the_interval_holds_the_true_kappa_about_as_often_as_it_says(differ: float, pairs: int) -> None:
    """Made-up markers: the first as marks usually lie, the second the same but for so many, mostly a level apart."""
    shares = np.zeros((4, 4))
    for first, share in enumerate((0.1, 0.35, 0.35, 0.2)):
        shares[first, first] += share * (1 - differ)
        for step, part in ((-1, 0.45), (1, 0.45), (-2, 0.05), (2, 0.05)):
            shares[first, min(max(first + step, 0), 3)] += share * differ * part
    many = [pair for pair, count in np.ndenumerate(np.round(shares * 100_000)) for _ in range(int(count))]
    truth = weighted_kappa(many)
    assert truth is not None
    assert 0.5 < truth.kappa < 0.83
    held = []
    for row in np.random.default_rng(14).multinomial(pairs, shares.ravel(), size=2_000):
        drawn = [pair for pair, count in np.ndenumerate(row.reshape(4, 4)) for _ in range(count)]
        found = weighted_kappa(drawn)
        if found and found.interval:
            held.append(found.interval[0] <= truth.kappa <= found.interval[1])
    assert 0.91 <= np.mean(held) <= 0.97
