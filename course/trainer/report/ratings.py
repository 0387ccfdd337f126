"""The ratings that learners chose to share, as Ch5, Ch6 and Ch7, and the statistics for those who ask for them.

All of it keeps to R2 of `course.privacy`, in the trainer's copy too: reports show groups only. As far as can be, all of
it is about the same people: those who shared both ratings, once they are enough.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from course.charts.chart import Chart, Table
from course.charts.cohort import SideChange, cohort_change_chart, cohort_map_chart
from course.charts.stacked_bars import Statement
from course.charts.statement_charts import bars_chart
from course.content import trainer_words
from course.content.scales import SIDES, Scale, find_scale, map_lines, side_name
from course.core.percentages import with_one_decimal
from course.privacy import Group, PublishedCount, Suppressed
from course.records.answers.units import Json
from course.records.habit_check import HabitCheck
from course.records.scores import change, direction, score
from course.trainer.report.cohort_data import CohortData
from course.trainer.report.release_log import ReleasedUnit, ReleaseUnit, ReleaseUnits, UnitContent
from course.trainer.report.sections import UNKNOWN, ReportSection, section_table
from course.trainer.report.statistics import PairedChange, alpha, paired_change

MOMENTS: Final = ("start", "now")
_COLUMNS: Final = ("side", "what", "people", "median", "p", "rank-biserial", "interval", "dz", "alpha")
_DIRECTIONS: Final = {1: "up", 0: "same", -1: "down"}
_LEVELS: Final = {1: "high", 0: "between", -1: "low"}
_MISSING: Final = "none"
_NO_PLACE: Final = ("none", "none")
_ENOUGH_SHOWN: Final = 0.8
"""The share of statements that a finer way of counting has to show, or else a coarser one is taken."""
_DISCLOSING_EFFECT: Final = 0.95
"""From here an effect size says that nobody went the other way."""

RatingsByItem: TypeAlias = Mapping[str, int]
"""One person's ratings by item code."""


@dataclass(frozen=True)
class SharedRatings:
    """Those whose ratings can be counted, with an average on both sides: by learner.

    All are of one version of the questions, the one in which most people shared any: ratings of two versions are never
    counted together, and no change goes from one to the other.
    """

    scale: Scale
    start: Mapping[str, RatingsByItem]
    now: Mapping[str, RatingsByItem]
    looking_back: Mapping[str, RatingsByItem]
    torn: tuple[str, ...] = ()
    """Who shared start and end in different versions, so that they have no change."""

    @classmethod
    def of(cls, data: CohortData) -> SharedRatings:
        """Return the ratings that were shared."""
        scale = _most_shared(data)
        by_moment = {moment: dict(_with_averages(shared, scale)) for moment, shared in data.ratings.items()}
        start, now, looking_back = (by_moment.get(moment, {}) for moment in ("start", "now", "looking-back"))
        first, last = (data.ratings.get(moment, {}) for moment in MOMENTS)
        shared_twice = [learner for learner in first if learner in last]
        torn = [learner for learner in shared_twice if first[learner].scale.since != last[learner].scale.since]
        return cls(scale, start, now, looking_back, tuple(torn))

    def at(self, moment: str) -> Mapping[str, RatingsByItem]:
        """Return those of a moment, `start` or `now`."""
        return self.start if moment == "start" else self.now

    def both(self) -> list[str]:
        """Return who has a change on both sides."""
        return [learner for learner in self.start if learner in self.now and self.changes(learner, self.start)]

    def changes(self, learner: str, before: Mapping[str, RatingsByItem]) -> dict[str, float]:
        """Return how far each side moved for one person, from ratings before to now; none where one is unknown."""
        by_side = {side: change(before[learner], self.now[learner], side, self.scale) for side in SIDES}
        changes = {side: difference for side, difference in by_side.items() if difference is not None}
        return changes if len(changes) == len(by_side) else {}


def _most_shared(data: CohortData) -> Scale:
    """Return the habits in the version in which most people shared any rating; of several, the latest."""
    sharers: dict[int, set[str]] = {}
    for shared in data.ratings.values():
        for learner, check in shared.items():
            sharers.setdefault(check.scale.since, set()).add(learner)
    habits = find_scale("habits")
    most = max(sharers, key=lambda since: (len(sharers[since]), since), default=habits.since)
    return habits.in_version(most)


def _with_averages(shared: Mapping[str, HabitCheck], scale: Scale) -> Iterator[tuple[str, RatingsByItem]]:
    for learner, check in shared.items():
        by_item = check.by_item()
        if check.scale == scale and all(score(by_item, side, scale) is not None for side in SIDES):
            yield learner, by_item


def rating_units(data: CohortData, min_group: int) -> list[ReleaseUnit]:
    """Return what may be shown of shared ratings: at the start, at the end, and the change between."""
    shared = SharedRatings.of(data)
    people = _people_by_part(shared, min_group)
    moments = [_moment_unit(shared, people[moment], moment, min_group) for moment in MOMENTS]
    return [*moments, _change_unit(shared, people["both"], min_group)]


def rating_sections(units: Sequence[ReleaseUnit], release: ReleaseUnits) -> list[ReportSection]:
    """Return the sections of shared ratings: bars, map and change."""
    *moments, changed = map(release, units)
    days = _days(dict(zip(MOMENTS, moments, strict=True)))
    rows = [row for released in (changed, *reversed(moments)) for row in released.content.rows]
    columns = [trainer_words(f"report-columns.{key}") for key in _COLUMNS]
    return [
        ReportSection("bars", trainer_words("report.bars"), days, (), _charts(moments, 0)),
        ReportSection("map", trainer_words("report.map"), days, (), _charts(moments, 1)),
        ReportSection(
            "change",
            trainer_words("report.change"),
            (trainer_words("report.as-of", day=changed.day),),
            section_table(trainer_words("report.analysts-caption"), columns, rows),
            changed.content.charts,
        ),
    ]


def _people_by_part(shared: SharedRatings, min_group: int) -> dict[str, list[str]]:
    """Return the people behind each part: those with both ratings, or else those with the one that more people have."""
    both = shared.both()
    if Group(both, min_group).meets_threshold:
        return {"both": both, "start": both, "now": both}
    use_start = len(shared.start) >= len(shared.now)
    return {"both": [], "start": list(shared.start) if use_start else [], "now": [] if use_start else list(shared.now)}


def _moment_unit(shared: SharedRatings, people: Sequence[str], moment: str, min_group: int) -> ReleaseUnit:
    """Return the bars and the map of one moment, and how well its statements hang together."""
    group = Group(people, min_group)
    by_learner, scale = shared.at(moment), shared.scale
    rated = {learner: by_learner[learner] for learner in people}
    charts = tuple(_of_moment(chart, moment) for chart in (_bars(group, rated, scale), _map(group, rated, scale)))
    if not group.meets_threshold:
        return ReleaseUnit(f"ratings {moment}", UnitContent(charts=charts), {})
    return ReleaseUnit(
        f"ratings {moment}", UnitContent(tuple(_alpha_rows(rated, moment, scale)), charts), {moment: rated}
    )


def _alpha_rows(rated: Mapping[str, RatingsByItem], moment: str, scale: Scale) -> Iterator[tuple[str, ...]]:
    """Yield how well each side's statements hang together, from 30 people who answered them all."""
    when = trainer_words(f"report.when-{moment}").rstrip(".")
    for side in SIDES:
        codes = [item.code for item in scale.side(side)]
        value = alpha([[by_item.get(code) for code in codes] for by_item in rated.values()])
        if value is not None:
            yield (side_name(side), when, str(len(rated)), *[UNKNOWN] * 5, f"{value:.2f}")


def _bars(group: Group, rated: Mapping[str, RatingsByItem], scale: Scale) -> Chart:
    """Return Ch5 in the finest way of counting that shows nearly all of its statements."""
    ways = [(_statements(group, rated, scale, bands, names), names) for bands, names in _ways_to_count(scale)]
    enough = [
        (statements, names)
        for statements, names in ways
        if sum(bool(statement.counts) for statement in statements) >= _ENOUGH_SHOWN * len(statements)
    ]
    statements, names = (enough or ways[-1:])[0]
    people = group.people
    return bars_chart(statements, people.count if isinstance(people, PublishedCount) else 0, names)


def _ways_to_count(scale: Scale) -> Iterator[tuple[dict[int, int], list[str]]]:
    """Yield by which band each point counts and what the bands are called: all points, three bands, or two.

    Who gave no answer counts with the lowest of bands, and in a band of their own where all points are shown.
    """
    points = scale.points
    middle = (len(points) + 1) // 2
    numbers = range(1, len(points) + 1)
    low, half, high = points[middle - 2], points[middle - 1], points[middle]
    yield {point: point - 1 for point in numbers}, list(points)
    or_more = trainer_words("report.or-more", point=high)
    three = {point: (point > middle - 1) + (point > middle) for point in numbers}
    yield three, [trainer_words("report.or-less", point=low), half, or_more]
    two = {point: int(point > middle) for point in numbers}
    yield two, [trainer_words("report.or-less", point=half), or_more]


def _statements(
    group: Group,
    rated: Mapping[str, RatingsByItem],
    scale: Scale,
    bands: Mapping[int, int],
    names: Sequence[str],
) -> list[Statement]:
    lowest = None if len(names) == len(bands) else 0
    statements = []
    for item in scale.items:
        answers = {learner: bands.get(by_item.get(item.code, 0), lowest) for learner, by_item in rated.items()}
        cells = group.counts(answers, range(len(names)), None).cells
        counts = [cell.count for cell in cells.values() if isinstance(cell, PublishedCount)]
        is_whole = len(counts) == len(names) and len(cells) == len(names)
        statements.append(Statement(item.short, item.text, tuple(counts) if is_whole else ()))
    return statements


def _map(group: Group, rated: Mapping[str, RatingsByItem], scale: Scale) -> Chart:
    """Return Ch6 of one moment."""
    first, second = SIDES
    places = {
        learner: (_level(by_item, first, scale), _level(by_item, second, scale)) for learner, by_item in rated.items()
    }
    squares = [(across, up) for across in _LEVELS.values() for up in _LEVELS.values()]
    cells = group.counts(places, squares, _NO_PLACE).cells
    counts = {
        place: cell.count if isinstance(cell, PublishedCount) else None
        for place, cell in cells.items()
        if place != _NO_PLACE
    }
    people = group.people
    return cohort_map_chart(counts, people.count) if isinstance(people, PublishedCount) else cohort_map_chart({}, 0)


def _level(by_item: RatingsByItem, side: str, scale: Scale) -> str:
    lines, own = map_lines(), score(by_item, side, scale)
    assert own is not None
    if abs(own - lines.line) < lines.band - 1e-9:
        return _LEVELS[0]
    return _LEVELS[1 if own > lines.line else -1]


def _change_unit(shared: SharedRatings, people: Sequence[str], min_group: int) -> ReleaseUnit:
    """Return Ch7 and the tests, of those who shared both ratings."""
    group = Group(people, min_group)
    by_learner = {learner: shared.changes(learner, shared.start) for learner in people}
    sides, rows = [], []
    for side in SIDES if group.meets_threshold else ():
        changes = {learner: by_side[side] for learner, by_side in by_learner.items()}
        if tested := paired_change(list(changes.values()), min_group):
            side_change = _side_change(group, side, changes, tested)
            sides.append(side_change)
            rows.append(_test_row(side, trainer_words("report.start-to-now"), tested, side_change.effect))
    looking_back_shares, looking_back_rows = _looking_back(shared, people, min_group)
    both: dict[str, Json] = {learner: [shared.start[learner], shared.now[learner]] for learner in people}
    shares: dict[str, dict[str, Json]] = {"change": both if group.meets_threshold else {}, "back": looking_back_shares}
    chart = _with_narrow_picture(cohort_change_chart(sides))
    if not group.meets_threshold and Group(shared.torn, min_group).meets_threshold:
        chart = replace(chart, alt=trainer_words("report.other-questions"))
        shares["torn"] = dict.fromkeys(shared.torn, True)
    content = UnitContent((*rows, *looking_back_rows), (chart,))
    return ReleaseUnit("ratings change", content, shares)


def _side_change(group: Group, side: str, changes: Mapping[str, float], tested: PairedChange) -> SideChange:
    """Return one side of Ch7; an effect size that would disclose a suppressed cell is left out."""
    directions = {learner: _DIRECTIONS[direction(difference)] for learner, difference in changes.items()}
    cells = group.counts(directions, list(_DIRECTIONS.values()), _MISSING).cells
    counts = {name: cell.count if isinstance(cell, PublishedCount) else None for name, cell in cells.items()}
    is_safe = abs(tested.effect) < _DISCLOSING_EFFECT or None not in counts.values()
    median = group.statistic(changes, statistics.median)
    return SideChange(
        side,
        len(changes),
        counts,
        None if isinstance(median, Suppressed) else median,
        tested.effect if is_safe else None,
        tested.interval if is_safe else None,
    )


def _looking_back(
    shared: SharedRatings, people: Sequence[str], min_group: int
) -> tuple[dict[str, Json], list[tuple[str, ...]]]:
    """Return how people moved from where they see themselves looking back, if every one of them shared that too."""
    before = shared.looking_back
    rated = [learner for learner in people if learner in before and shared.changes(learner, before)]
    if not Group(rated, min_group).meets_threshold or len(rated) < len(people):
        return {}, []
    rows = []
    for side in SIDES:
        if tested := paired_change([shared.changes(learner, before)[side] for learner in rated], min_group):
            effect = tested.effect if abs(tested.effect) < _DISCLOSING_EFFECT else None
            rows.append(_test_row(side, trainer_words("report.looking-back-to-now"), tested, effect))
    return {learner: [before[learner], shared.now[learner]] for learner in rated}, rows


def _test_row(side: str, what: str, tested: PairedChange, effect: float | None) -> tuple[str, ...]:
    """Return the line of one side for those who ask for a test; without an effect, what would tell it is left out."""
    p = trainer_words("report.under", number="0.001") if tested.p < 0.001 else f"{tested.p:.3f}"
    cells = (side_name(side), what, str(tested.pairs), with_one_decimal(tested.median), p)
    if effect is None:
        return (*cells, *[UNKNOWN] * 4)
    low_high = [f"{end:.2f}" for end in tested.interval or ()]
    interval = trainer_words("report.interval", low=low_high[0], high=low_high[1]) if low_high else UNKNOWN
    return (*cells, f"{effect:.2f}", interval, UNKNOWN if tested.dz is None else f"{tested.dz:.2f}", UNKNOWN)


def _days(by_moment: Mapping[str, ReleasedUnit]) -> tuple[str, ...]:
    """Return from which day each moment is: once, where both are from one."""
    days = {released.day for released in by_moment.values()}
    if len(days) == 1:
        return (trainer_words("report.as-of", day=days.pop()),)
    return tuple(
        f"{trainer_words(f'report.when-{moment}')} {trainer_words('report.as-of', day=released.day)}"
        for moment, released in by_moment.items()
    )


def _charts(moments: Sequence[ReleasedUnit], number: int) -> tuple[Chart, ...]:
    return tuple(released.content.charts[number] for released in moments)


def _of_moment(chart: Chart, moment: str) -> Chart:
    """Return a chart that says which moment it is of."""
    when = trainer_words(f"report.when-{moment}")
    table: Table | None = chart.table and replace(chart.table, caption=f"{when} {chart.table.caption}")
    return _with_narrow_picture(replace(chart, heading=when, table=table))


def _with_narrow_picture(chart: Chart) -> Chart:
    """Return a chart whose picture for a narrow page is drawn once, for all copies of the report."""
    narrow = chart.picture(is_narrow=True)
    return replace(chart, narrow=lambda: narrow)
