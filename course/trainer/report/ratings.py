"""The ratings that learners chose to share, as Ch5, Ch6 and Ch7, and the statistics for those who ask for them.

All of it keeps to R2 of `course.privacy`, in the trainer's copy too: reports show groups only. As far as can be, all of
it is about the same people: those who shared both ratings, once they are enough.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from course.charts.bars import bars_chart
from course.charts.chart import Chart, Table
from course.charts.cohort_change import SideChange, cohort_change_chart
from course.charts.cohort_map import cohort_map_chart
from course.charts.stacked_bars import Statement
from course.content.scales import SIDES, find_scale, map_lines
from course.privacy import Group, PublishedCount, Suppressed
from course.records.scores import change, direction, score
from course.trainer.report.analyst_tables import alpha_rows, analysts_table, test_row
from course.trainer.report.data import CohortData, Ratings
from course.trainer.report.public_report import Settle, Settled, Unit
from course.trainer.report.section import Section
from course.trainer.report.statistics import Change, paired_change

WHEN: Final = {"start": "At the start.", "now": "At the end."}
_WAYS: Final = {1: "up", 0: "same", -1: "down"}
_LEVELS: Final = {1: "high", 0: "between", -1: "low"}
_NONE: Final = "none"
_NO_PLACE: Final = ("none", "none")
_ENOUGH_SHOWN: Final = 0.8
"""The share of statements that a finer way of counting has to show, or else a coarser one is taken."""
_TELLS_ALL: Final = 0.95
"""From here an effect size says that nobody went the other way."""

Person = Mapping[str, int]
"""One person's ratings by item code."""


@dataclass(frozen=True)
class Shared:
    """Those whose ratings can be counted: with a score on both sides."""

    start: Mapping[str, Person]
    now: Mapping[str, Person]
    looking_back: Mapping[str, Person]

    @classmethod
    def of(cls, data: CohortData) -> Shared:
        """Return the ratings that were shared, by learner."""
        by_moment = {moment: dict(_scored(shared)) for moment, shared in data.ratings.items()}
        return cls(*(by_moment.get(moment, {}) for moment in ("start", "now", "looking-back")))

    def both(self) -> list[str]:
        """Return who has a change on both sides."""
        return [one for one in self.start if one in self.now and self.changes(one, "start")]

    def changes(self, learner: str, before: str) -> dict[str, float]:
        """Return how far each side moved for one person, from the start or from looking back to now."""
        first = (self.start if before == "start" else self.looking_back)[learner]
        moved = {side: change(first, self.now[learner], side) for side in SIDES}
        return {side: far for side, far in moved.items() if far is not None} if None not in moved.values() else {}


def _scored(shared: Mapping[str, Ratings]) -> Iterator[tuple[str, Person]]:
    codes = [item.code for item in find_scale("habits").items]
    for learner, ratings in shared.items():
        person = {code: rating for code, rating in zip(codes, ratings, strict=True) if rating is not None}
        if all(score(person, side) is not None for side in SIDES):
            yield learner, person


def rating_units(data: CohortData, fewest: int) -> list[Unit]:
    """Return what may be shown of shared ratings: at the start, at the end, and the change between."""
    shared = Shared.of(data)
    people = _who(shared, fewest)
    moments = [_moment(getattr(shared, moment), people[moment], moment, fewest) for moment in WHEN]
    return [*moments, _change(shared, people["both"], fewest)]


def ratings(units: Sequence[Unit], settle: Settle) -> list[Section]:
    """Return the sections of shared ratings: bars, map and change."""
    *moments, changed = map(settle, units)
    settled = dict(zip(WHEN, moments, strict=True))
    moved = "What became of people’s reports"
    tables = analysts_table([*settled.values(), changed])
    return [
        Section("bars", "What people report most and least", _said(settled), (), _charts(settled, 0)),
        Section("map", "Where people cluster", _said(settled), (), _charts(settled, 1)),
        Section("change", moved, (f"As of {changed.day}.",), tables, _charts({"": changed}, 0)),
    ]


def _who(shared: Shared, fewest: int) -> dict[str, list[str]]:
    """Return of whom each part speaks: of those with both ratings, or else of those with the one that more have."""
    both = shared.both()
    if Group(both, fewest).meets_threshold:
        return {"both": both, "start": both, "now": both}
    use_start = len(shared.start) >= len(shared.now)
    return {"both": [], "start": list(shared.start) if use_start else [], "now": [] if use_start else list(shared.now)}


def _moment(by_learner: Mapping[str, Person], people: Sequence[str], moment: str, fewest: int) -> Unit:
    """Return the bars and the map of one moment."""
    group: Group = Group(people, fewest)
    rated = {learner: by_learner[learner] for learner in people}
    charts = [_plain(draw(group, rated, moment)) for draw in (_bars, _map)]
    content = {"charts": charts, "rows": list(alpha_rows(rated, WHEN[moment]) if group.meets_threshold else ())}
    return Unit(f"ratings {moment}", content, {moment: rated} if group.meets_threshold else {})


def _bars(group: Group, rated: Mapping[str, Person], moment: str) -> Chart:
    """Return Ch5 in the finest way of counting that shows nearly all of its statements."""
    ways = [_statements(group, rated, points) for points in _ways_to_count()]
    enough = [one for one in ways if sum(bool(each.counts) for each in one[0]) >= _ENOUGH_SHOWN * len(one[0])]
    statements, points = (enough or ways[-1:])[0]
    shown = group.people
    chart = bars_chart(statements, shown.count if isinstance(shown, PublishedCount) else 0, points)
    return _headed(chart, moment)


def _ways_to_count() -> Iterator[tuple[dict[int, int], list[str]]]:
    """Return by which band each point counts and what the bands are called: all points, three bands, or two.

    Who gave no answer counts with the lowest of bands, and in a band of their own where all points are shown.
    """
    points = find_scale("habits").points
    middle = (len(points) + 1) // 2
    numbers = range(1, len(points) + 1)
    low, half, high = points[middle - 2], points[middle - 1], points[middle]
    yield {point: point - 1 for point in numbers}, list(points)
    three = {point: (point > middle - 1) + (point > middle) for point in numbers}
    yield three, [f"{low} or less, or no answer", half, f"{high} or more"]
    yield {point: int(point > middle) for point in numbers}, [f"{half} or less, or no answer", f"{high} or more"]


def _statements(
    group: Group, rated: Mapping[str, Person], way: tuple[dict[int, int], list[str]]
) -> tuple[list[Statement], list[str]]:
    bands, names = way
    lowest = None if len(names) == len(bands) else 0
    statements = []
    for item in find_scale("habits").items:
        given = {learner: bands.get(person.get(item.code, 0), lowest) for learner, person in rated.items()}
        parts = group.counts(given, range(len(names)), _NONE).cells
        counts = [part.count for part in parts.values() if isinstance(part, PublishedCount)]
        is_whole = len(counts) == len(names) and len(parts) == len(names)
        statements.append(Statement(item.short, item.text, tuple(counts) if is_whole else ()))
    return statements, names


def _map(group: Group, rated: Mapping[str, Person], moment: str) -> Chart:
    """Return Ch6 of one moment."""
    first, second = SIDES
    places = {learner: (_level(person, first), _level(person, second)) for learner, person in rated.items()}
    squares = [(across, up) for across in _LEVELS.values() for up in _LEVELS.values()]
    parts = group.counts(places, squares, _NO_PLACE).cells
    shown = group.people
    counts = {
        place: part.count if isinstance(part, PublishedCount) else None
        for place, part in parts.items()
        if place != _NO_PLACE
    }
    chart = cohort_map_chart(counts, shown.count) if isinstance(shown, PublishedCount) else cohort_map_chart({}, 0)
    return _headed(chart, moment)


def _level(person: Person, side: str) -> str:
    lines, own = map_lines(), score(person, side)
    assert own is not None
    if abs(own - lines.line) < lines.band - 1e-9:
        return _LEVELS[0]
    return _LEVELS[1 if own > lines.line else -1]


def _change(shared: Shared, people: Sequence[str], fewest: int) -> Unit:
    """Return Ch7 and the tests, of those who shared both ratings."""
    group: Group = Group(people, fewest)
    moved = {learner: shared.changes(learner, "start") for learner in people}
    sides, rows = [], []
    for side in SIDES if group.meets_threshold else ():
        far = {learner: by_side[side] for learner, by_side in moved.items()}
        if found := paired_change(list(far.values()), fewest):
            one = _side(group, side, far, found)
            sides.append(one)
            rows.append(test_row(side, "Start to now", found, one.effect))
    back, looked = _looking_back(shared, people, fewest)
    both = {learner: [shared.start[learner], shared.now[learner]] for learner in people}
    of = {"change": both if group.meets_threshold else {}, "back": back}
    content = {"charts": [_plain(cohort_change_chart(sides))], "rows": [*rows, *looked]}
    return Unit("ratings change", content, of)


def _side(group: Group, side: str, far: Mapping[str, float], found: Change) -> SideChange:
    """Return one side of Ch7; an effect size that would tell a hidden part is left out."""
    ways = {learner: _WAYS[direction(one)] for learner, one in far.items()}
    parts = group.counts(ways, list(_WAYS.values()), _NONE).cells
    counts = {way: part.count if isinstance(part, PublishedCount) else None for way, part in parts.items()}
    effect = found.effect if abs(found.effect) < _TELLS_ALL or None not in counts.values() else None
    median = group.statistic(far, statistics.median)
    return SideChange(
        side,
        len(far),
        counts,
        None if isinstance(median, Suppressed) else median,
        effect,
        None if effect is None else found.interval,
    )


def _looking_back(shared: Shared, people: Sequence[str], fewest: int) -> tuple[dict[str, Any], list[list[str]]]:
    """Return how people moved from where they see themselves looking back, if every one of them shared that too."""
    looked = [one for one in people if one in shared.looking_back and shared.changes(one, "looking-back")]
    if not Group(looked, fewest).meets_threshold or len(looked) < len(people):
        return {}, []
    rows = []
    for side in SIDES:
        if found := paired_change([shared.changes(one, "looking-back")[side] for one in looked], fewest):
            effect = found.effect if abs(found.effect) < _TELLS_ALL else None
            rows.append(test_row(side, "Looking back to now", found, effect))
    return {one: [shared.looking_back[one], shared.now[one]] for one in looked}, rows


def _said(settled: Mapping[str, Settled]) -> tuple[str, ...]:
    """Return from which day each moment is: once, where both are from one."""
    days = {one.day for one in settled.values()}
    if len(days) == 1:
        return (f"As of {days.pop()}.",)
    return tuple(f"{WHEN[moment]} As of {one.day}." for moment, one in settled.items())


def _charts(settled: Mapping[str, Settled], number: int) -> tuple[Chart, ...]:
    return tuple(_chart(one.content["charts"][number]) for one in settled.values())


def _plain(chart: Chart) -> dict[str, Any]:
    """Return a chart as plain JSON, with its picture for a narrow page."""
    return {**chart.to_message(), "narrow": chart.picture(is_narrow=True)}


def _chart(plain: Mapping[str, Any]) -> Chart:
    """Return a chart from plain JSON."""
    kept = dict(plain)
    rows, narrow = kept.pop("table"), str(kept.pop("narrow"))
    numbers = Table(rows["caption"], tuple(rows["columns"]), tuple(map(tuple, rows["rows"]))) if rows else None
    return Chart(**kept, table=numbers, narrow=lambda: narrow)


def _headed(chart: Chart, moment: str) -> Chart:
    """Return a chart that says which moment it is of."""
    caption = chart.table and replace(chart.table, caption=f"{WHEN[moment]} {chart.table.caption}")
    return replace(chart, heading=WHEN[moment], table=caption)
