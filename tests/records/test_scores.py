"""Side scores need enough answers, change needs the same answers twice, and there is no total."""

from __future__ import annotations

import inspect

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.content.scales import find_scale
from course.records import scores
from course.records.scores import all_alike, change, direction, score
from tests.cases import every

CODES = [f"COMP{n}" for n in range(7, 13)]
RATINGS = st.dictionaries(st.sampled_from([item.code for item in find_scale("habits").items]), st.integers(1, 7))


def rated(*points: int) -> dict[str, int]:
    return dict(zip(CODES, points, strict=False))


@pytest.mark.parametrize("points,expected", [((5, 4, 6), None), ((5, 4, 6, 7), 5.5), ((1, 2, 3, 4, 5, 6), 3.5)])
def test_a_side_needs_four_of_its_six_answers(points: tuple[int, ...], expected: float | None) -> None:
    assert score(rated(*points), "competence") == expected


def test_answers_of_the_other_side_do_not_count() -> None:
    assert score({**rated(5, 5, 5), "CARE7": 7, "P1": 7}, "competence") is None


def test_the_pulse_has_a_score_with_its_one_answer() -> None:
    assert score({"P1": 4}, "competence", find_scale("pulse")) == 4


@pytest.mark.parametrize("side", ["", "total", "both", "overall"])
def test_there_is_no_total(side: str) -> None:
    everything = {item.code: 5 for item in find_scale("habits").items}
    assert score(everything, side) is None
    assert change(everything, everything, side) is None
    public = [name for name, _ in inspect.getmembers(scores, inspect.isfunction) if not name.startswith("_")]
    assert sorted(set(public) - {"find_scale"}) == ["all_alike", "change", "direction", "score"]


def test_change_looks_at_items_answered_both_times_only() -> None:
    before = {"COMP7": 3, "COMP8": 3, "COMP9": 3, "COMP10": 3, "COMP11": 7}
    after = {"COMP7": 4, "COMP8": 4, "COMP9": 4, "COMP10": 5, "COMP12": 1}
    assert change(before, after, "competence") == 1.25


def test_change_needs_four_items_answered_both_times() -> None:
    assert change(rated(3, 3, 3, 3, 3), {"COMP9": 5, "COMP10": 5, "COMP11": 5, "COMP12": 5}, "competence") is None
    assert change(rated(3, 3, 3, 3), rated(3, 3, 3), "competence") is None


@every(
    "difference,expected",
    [(0.5, 1), (-0.5, -1), (0.49, 0), (-0.49, 0), (0, 0), (4.6 - 4.1, 1), (4.1 - 4.6, -1), (1 / 3, 0), (6, 1)],
)
def test_half_a_point_is_a_change_and_less_is_about_the_same(difference: float, expected: int) -> None:
    assert direction(difference) == expected


def test_half_a_point_on_average_is_a_change_for_any_number_of_items() -> None:
    for n, more in ((4, 2), (6, 3)):
        after = {code: 3 + (place < more) for place, code in enumerate(CODES[:n])}
        assert direction(change(dict.fromkeys(CODES[:n], 3), after, "competence") or 0) == 1
    assert direction(change(rated(3, 3, 3, 3, 3), rated(4, 4, 3, 3, 3), "competence") or 0) == 0


@given(before=RATINGS, after=RATINGS)
def test_change_is_the_difference_of_the_scores_where_the_same_items_were_answered(
    before: dict[str, int], after: dict[str, int]
) -> None:
    both = before.keys() & after.keys()
    first = score({code: before[code] for code in both}, "caring")
    latest = score({code: after[code] for code in both}, "caring")
    moved = change(before, after, "caring")
    assert (moved is None) == (first is None)
    if moved is not None and first is not None and latest is not None:
        assert moved == pytest.approx(latest - first)
        assert -6 <= moved <= 6
        assert 1 <= latest <= 7


def test_the_same_answer_throughout_is_noticed_once_all_are_given() -> None:
    habits = find_scale("habits")
    same = {item.code: 5 for item in habits.items}
    assert all_alike(same, habits)
    assert not all_alike({**same, "CARE12": 4}, habits)
    assert not all_alike({code: 5 for code in same if code != "CARE12"}, habits)
    assert not all_alike({"P1": 5, "P2": 5}, find_scale("pulse"))
