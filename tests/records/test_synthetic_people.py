"""Made-up people follow their recipe: what many of them come to is known, and each set shows what it is for."""

from __future__ import annotations

import numpy as np
import pytest

from course.content.lessons import occasions
from course.content.scales import SIDES, find_scale
from course.records.synthetic_people import SETS, SyntheticCohort, draw, learner, people

MANY = 20_000
SIDE_OF_ITEMS = np.array([SIDES.index(item.side) for item in find_scale("habits").items])


def scores(answers: np.ndarray, side: int) -> np.ndarray:
    """Return the score of each person, nan where fewer than four of six are answered."""
    items = answers[:, side == SIDE_OF_ITEMS]
    enough = (~np.isnan(items)).sum(axis=1) >= 4
    return np.where(enough, np.nansum(items, axis=1) / np.maximum(1, (~np.isnan(items)).sum(axis=1)), np.nan)


def alpha(answers: np.ndarray, side: int) -> float:
    items = answers[:, side == SIDE_OF_ITEMS]
    whole = items[~np.isnan(items).any(axis=1)]
    parts = whole.var(axis=0, ddof=1).sum()
    return float(6 / 5 * (1 - parts / whole.sum(axis=1).var(ddof=1)))


def rank_biserial(change: np.ndarray) -> float:
    moved = change[change != 0]
    _, place, count = np.unique(np.abs(moved), return_inverse=True, return_counts=True)
    last = count.cumsum()
    ranks = (last - (count - 1) / 2)[place]
    return float((ranks[moved > 0].sum() - ranks[moved < 0].sum()) / ranks.sum())


@pytest.fixture(scope="module")
def many() -> dict[str, np.ndarray]:
    return draw(SyntheticCohort(people=MANY), np.random.default_rng(1))


@pytest.mark.parametrize("side,start,now,back,spread", [(0, 4.82, 5.31, 4.54, 0.82), (1, 4.38, 4.96, 3.89, 0.84)])
def test_many_people_come_to_the_scores_of_the_recipe(
    many: dict[str, np.ndarray], side: int, start: float, now: float, back: float, spread: float
) -> None:
    for moment, expected in (("start", start), ("now", now), ("looking-back", back)):
        assert np.nanmean(scores(many[moment], side)) == pytest.approx(expected, abs=0.03)
    assert np.nanstd(scores(many["start"], side)) == pytest.approx(spread, abs=0.03)
    assert alpha(many["start"], side) == pytest.approx(0.77, abs=0.03)


@pytest.mark.parametrize("side,size,ranks,up,down", [(0, 0.57, 0.60, 0.52, 0.14), (1, 0.67, 0.67, 0.56, 0.12)])
def test_many_people_change_as_the_recipe_says(
    many: dict[str, np.ndarray], side: int, size: float, ranks: float, up: float, down: float
) -> None:
    first, last = scores(many["start"], side), scores(many["now"], side)
    both = ~np.isnan(first) & ~np.isnan(last)
    change = (last - first)[both]
    assert np.corrcoef(first[both], last[both])[0, 1] == pytest.approx(0.45, abs=0.03)
    assert change.mean() / change.std(ddof=1) == pytest.approx(size, abs=0.05)
    assert rank_biserial(np.round(change, 9)) == pytest.approx(ranks, abs=0.05)
    assert (change >= 0.5 - 1e-9).mean() == pytest.approx(up, abs=0.03)
    assert (change <= -0.5 + 1e-9).mean() == pytest.approx(down, abs=0.03)


def test_half_of_the_gain_is_lost_by_day_30(many: dict[str, np.ndarray]) -> None:
    for side in range(2):
        start, now, later = (np.nanmean(scores(many[moment], side)) for moment in ("start", "now", "day-30"))
        assert later - start == pytest.approx((now - start) / 2, abs=0.03)


def test_three_in_a_hundred_answers_are_missing_and_the_others_are_points(many: dict[str, np.ndarray]) -> None:
    assert np.isnan(many["start"]).mean() == pytest.approx(0.03, abs=0.005)
    assert set(np.unique(many["start"][~np.isnan(many["start"])])) == {1, 2, 3, 4, 5, 6, 7}


def changes(name: str) -> tuple[float, float, float]:
    """Return of a very large set: the mean change, how far it spreads, and looking back against the start."""
    cohort = SETS[name]
    large = SyntheticCohort(MANY, MANY, 0, cohort.gain, cohort.mixed, cohort.looking_back)
    drawn = draw(large, np.random.default_rng(2))
    change = scores(drawn["now"], 0) - scores(drawn["start"], 0)
    back = scores(drawn["looking-back"], 0) - scores(drawn["start"], 0)
    return float(np.nanmean(change)), float(np.nanstd(change)), float(np.nanmean(back))


def test_without_a_change_there_is_none() -> None:
    change, _, back = changes("B")
    assert change == pytest.approx(0, abs=0.03)
    assert back == pytest.approx(0, abs=0.03)


def test_a_mixed_set_hides_two_groups_behind_one_average() -> None:
    change, spread, _ = changes("C")
    assert change == pytest.approx(0, abs=0.03)
    assert spread > changes("B")[1] + 0.2


def test_a_higher_yardstick_is_seen_in_looking_back_only() -> None:
    change, _, back = changes("D")
    assert change == pytest.approx(0, abs=0.03)
    assert back == pytest.approx(-0.8, abs=0.08)  # the scale ends at 1


def test_the_main_set_has_people_who_leave_and_a_few_who_come_back() -> None:
    found = people("A", 7)
    assert [person.name for person in found][:2] == ["synthetic-001", "synthetic-002"]
    there = [person for person in found if person.now]
    assert (len(found), len(there), sum(person.day_30 is not None for person in found)) == (24, 20, 12)
    assert all(person.now and person.looking_back for person in found if person.day_30)
    assert all(len(person.start) == 12 for person in found)


@pytest.mark.parametrize("name", ["B", "C", "D"])
def test_in_the_other_sets_everyone_stays(name: str) -> None:
    found = people(name, 7)
    assert len(found) == 24
    assert all(person.now and person.looking_back and not person.day_30 for person in found)


def test_the_same_seed_gives_the_same_people_and_another_gives_others() -> None:
    assert people("A", 7) == people("A", 7) != people("A", 8)
    assert learner(7) == learner(7) != learner(8)


def test_a_learner_has_every_rating_and_every_pulse() -> None:
    found = learner(3)
    assert set(found.habits) == {"start", "now", "looking-back", "day-30"}
    assert set(found.pulses) == {occasion.name for occasion in occasions()}
    assert set(found.tried) == {occasion.name for occasion in occasions() if not occasion.full}
    assert {point for pulse in found.pulses.values() for point in pulse} <= set(range(1, 8))
    assert set(found.tried.values()) <= {1, 2, 3}
