"""Ch5, Ch6 and Ch7 of the ratings that people shared: never of nine people, nor of a part that is too small."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from course.records.synthetic_people import SyntheticCohort, draw
from course.trainer.report.ratings import rating_sections, rating_units
from course.trainer.report.release_log import release_all
from course.trainer.report.sections import ReportSection
from tests.trainer.cohorts import a_cohort, ids, with_ratings

pytestmark = pytest.mark.slow


TOO_FEW = "There are not enough answers to show without identifying someone."


def drawn(count: int, moment: str = "start", seed: int = 3) -> dict[str, list[int | None]]:
    """Return the ratings of so many people by the recipe, with nothing missing."""
    answers = np.nan_to_num(draw(SyntheticCohort(people=count), np.random.default_rng(seed))[moment], nan=4)
    return dict(zip(ids(count), answers.astype(int).tolist(), strict=True))


def moved(count: int, by: Sequence[int]) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    """Return ratings at the start, and now, when each person moved by so much."""
    people = ids(count)
    now = {person: [4 + steps] * 12 for person, steps in zip(people, by, strict=True)}
    return {person: [4] * 12 for person in people}, now


def sections(**moments: object) -> dict[str, ReportSection]:
    data = with_ratings(a_cohort(ids(30)), **moments)  # type: ignore[arg-type]
    return {section.name: section for section in rating_sections(rating_units(data, 10), release_all("today"))}


def shown(section: ReportSection) -> list[str]:
    return [chart.alt for chart in section.charts]


@pytest.mark.parametrize("people, is_shown", [(9, False), (10, True)])
def test_nothing_is_shown_of_nine_people(people: int, is_shown: bool) -> None:
    found = sections(start=drawn(people), now={})
    for name in ("bars", "map"):
        assert (TOO_FEW not in shown(found[name])[0]) is is_shown
        assert shown(found[name])[1].startswith(TOO_FEW)  # nobody shared the end
    assert shown(found["change"])[0].startswith(TOO_FEW)


def test_ten_pairs_are_shown_and_nine_of_them_are_not() -> None:
    start, now = moved(10, [1] * 5 + [0] * 5)
    assert "10 pairs" in shown(sections(start=start, now=now)["change"])[0]
    del now["synthetic-010"]
    found = sections(start=start, now=now)
    assert shown(found["change"])[0].startswith(TOO_FEW)
    assert found["change"].tables == ()


def test_a_trainer_may_ask_for_more_than_ten() -> None:
    start, now = moved(10, [1] * 5 + [0] * 5)
    data = with_ratings(a_cohort(ids(10)), start=start, now=now)
    assert all(
        chart.alt.startswith(TOO_FEW)
        for section in rating_sections(rating_units(data, 11), release_all("today"))
        for chart in section.charts
    )


def test_with_a_hidden_part_another_one_is_hidden_too() -> None:
    start, now = moved(24, [1] * 12 + [0] * 8 + [-1] * 4)
    table = sections(start=start, now=now)["change"].charts[0].table
    assert table
    assert table.rows[0][2:5] == ("50%", "not shown", "not shown")
    start, now = moved(25, [1] * 12 + [0] * 8 + [-1] * 5)
    table = sections(start=start, now=now)["change"].charts[0].table
    assert table
    assert table.rows[0][2:5] == ("48%", "32%", "20%")


def test_no_effect_size_tells_that_nobody_fell() -> None:
    start, now = moved(20, [1] * 12 + [0] * 8)
    found = sections(start=start, now=now)["change"]
    assert found.charts[0].table
    assert "not shown" in found.charts[0].table.rows[0]
    assert found.tables[0].rows[0][5:8] == ("–", "–", "–")
    start, now = moved(24, [1] * 12 + [-1] * 12)
    assert sections(start=start, now=now)["change"].tables[0].rows[0][5] == "0.00"


def test_a_median_is_rounded_as_people_reckon() -> None:
    start, _ = moved(24, [0] * 24)
    now = {person: [5, 4] * 3 + [4] * 6 if number % 2 else [4] * 12 for number, person in enumerate(start)}
    found = sections(start=start, now=now)["change"]
    assert found.tables[0].rows[0][3] == "0.3"  # of 0 and a half
    assert found.charts[0].table
    assert found.charts[0].table.rows[0][5] == "+0.3", "the chart of the same change says the same"
    assert "+0.3" in found.charts[0].alt


def test_all_charts_are_of_those_with_both_ratings_once_they_are_enough() -> None:
    start = drawn(24)
    now = {person: ratings for person, ratings in drawn(24, "now").items() if person <= "synthetic-020"}
    found = sections(start=start, now=now)
    assert ["20 people" in alt for alt in shown(found["bars"])] == [True, True]
    assert "20 pairs" in shown(found["change"])[0]


def test_who_has_no_score_on_a_side_is_not_counted() -> None:
    start = drawn(10)
    start["synthetic-001"] = [*[None] * 6, *start["synthetic-001"][6:]]
    assert shown(sections(start=start, now={})["bars"])[0].startswith(TOO_FEW)


@pytest.mark.parametrize("people, has_alpha", [(29, False), (30, True)])
def test_alpha_needs_thirty_people(people: int, has_alpha: bool) -> None:
    found = sections(start=drawn(people), now={})["change"].tables
    assert bool(found) is has_alpha
    if has_alpha:
        assert [row[0] for row in found[0].rows] == ["Competence and reliability", "Caring and character"]
        assert all(0 < float(row[-1]) < 1 for row in found[0].rows)


def test_many_people_are_shown_point_by_point_and_few_in_two_parts() -> None:
    few = drawn(24)
    more = {f"{person}-{number}": ratings for number in range(60) for person, ratings in drawn(24, seed=number).items()}
    bars = sections(start=few, now={})["bars"].charts[0].table
    assert bars
    assert len(bars.columns) == 3
    assert "or no answer" in bars.columns[1]
    all_points = sections(start={**few, **more}, now={})["bars"].charts[0].table
    assert all_points
    assert len(all_points.columns) == 8


def test_looking_back_is_compared_only_where_everyone_shared_it() -> None:
    start, now, back = drawn(20), drawn(20, "now"), drawn(20, "looking-back")
    rows = [row[1] for row in sections(start=start, now=now, **{"looking-back": back})["change"].tables[0].rows]
    assert rows.count("Looking back to now") == 2
    del back["synthetic-003"]
    rows = [row[1] for row in sections(start=start, now=now, **{"looking-back": back})["change"].tables[0].rows]
    assert "Looking back to now" not in rows


def mixed(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, ReportSection]:
    """Return the sections of a cohort with ratings of version 1 and others of version 2, by moment and learner."""
    data = with_ratings(with_ratings(a_cohort(ids(60)), version=1, **first), version=2, **second)
    return {section.name: section for section in rating_sections(rating_units(data, 10), release_all("today"))}


def alike(point: int, start: int, count: int) -> dict[str, list[int]]:
    """Return the same rating of every habit for so many people, from that one on."""
    return {person: [point] * 12 for person in ids(count, start)}


def rated(start: int, count: int) -> dict[str, list[int | None]]:
    """Return ratings by the recipe for so many people, from that one on."""
    return dict(zip(ids(count, start), drawn(count).values(), strict=True))


def test_ratings_of_two_versions_are_never_counted_together() -> None:
    """Beside twenty people of version 2, eleven of version 1 all said “Never”: the report is that of the twenty."""
    alone = mixed({}, {"start": rated(1, 20)})
    both = mixed({"start": alike(1, 21, 11)}, {"start": rated(1, 20)})
    assert "20 people" in shown(both["bars"])[0]
    assert [shown(both[name]) for name in both] == [shown(alone[name]) for name in alone]


@pytest.mark.parametrize("first, second, text", [(21, 20, "I kept my commitments"), (20, 20, "I did what I had said")])
def test_the_version_that_most_people_shared_is_counted(first: int, second: int, text: str) -> None:
    found = mixed({"start": rated(1, first)}, {"start": rated(31, second)})
    table = found["bars"].charts[0].table
    assert table
    assert any(text in row[0] for row in table.rows)
    assert f"{max(first, second)} people." in shown(found["bars"])[0]


def test_no_change_goes_from_one_version_to_the_other() -> None:
    found = mixed({"start": alike(1, 1, 20)}, {"now": rated(1, 20)})
    assert found["change"].tables == ()
    assert shown(found["change"]) == [
        "The ratings at the start and at the end answer different versions of the questions. They stand by themselves, "
        "and no change is worked out from them."
    ]
    assert "20 people" in shown(found["bars"])[1]
    assert shown(found["bars"])[0].startswith(TOO_FEW)


def test_of_nine_whose_versions_differ_nothing_is_said() -> None:
    found = mixed({"start": alike(1, 1, 9)}, {"now": alike(7, 1, 9)})
    assert shown(found["change"])[0].startswith(TOO_FEW)


def test_pairs_of_one_version_are_a_change_and_those_that_differ_are_left_out() -> None:
    start, now = moved(12, [1] * 6 + [0] * 6)
    alone = mixed({}, {"start": start, "now": now})
    torn = mixed({"start": alike(1, 31, 9)}, {"start": start, "now": {**now, **alike(7, 31, 9)}})
    assert "12 pairs" in shown(torn["change"])[0]
    assert shown(torn["change"]) == shown(alone["change"])


def test_looking_back_in_another_version_is_not_compared() -> None:
    start, now = moved(12, [1] * 6 + [0] * 6)
    found = mixed({"looking-back": alike(1, 1, 12)}, {"start": start, "now": now})
    assert "Looking back to now" not in [row[1] for row in found["change"].tables[0].rows]
