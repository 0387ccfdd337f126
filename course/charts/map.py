"""The map: where I am by my own account, and which way I am moving (Ch1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from course.charts.chart import Chart, Table
from course.charts.drawing import NARROW, WIDTH
from course.charts.layout import Point
from course.charts.map_drawing import MapMark, draw_map
from course.charts.series import Comparable, Series, comparable
from course.charts.signs import LOOKING_BACK, sign_name
from course.content import words
from course.content.scales import SIDES, find_scale, map_lines, side_name
from course.records.scores import change, direction, score

_GUESSES = ("guess", "group")
"""A guess for myself, and a guess for what my group would say."""


@dataclass(frozen=True)
class MapRow:
    """One row of the map's numbers, and a mark on it if both sides have an average."""

    moment: str
    competence: float | None
    caring: float | None
    is_other_version: bool = False
    """Whether it was rated in another version of the questions, and so has no mark."""

    @property
    def point(self) -> Point | None:
        """Where it is on the map, across and up."""
        return None if self.competence is None or self.caring is None else (self.competence, self.caring)

    @property
    def region(self) -> str:
        """The name of the region it is in, or an empty text."""
        return map_lines().region(*self.point) if self.point else ""


def map_chart(rated: Iterable[Series], guess: object = None) -> Chart:
    """Return the map of the ratings of the twelve habits, with a trail through them, and of the two guesses.

    `guess` is saved as four numbers or None: competence and caring for myself, then as my group would say. The pulse
    is not on it: it asks other questions. Nor are ratings of another version of the questions, which are in the table.
    """
    found = comparable(rated)
    rows, guesses = [_row(series) for series in found.series], _guess_rows(guess)
    others = [_row(series, is_other_version=True) for series in found.others]
    is_moving = len([row for row in rows if row.point and row.moment != LOOKING_BACK]) > 1
    heading, title = words("chart.own-account"), words("chart-map.title" if is_moving else "chart-map.title-one")
    if not (rows or guesses):
        return Chart(title, words("chart-map.empty", least=find_scale("habits").least), heading=heading)
    sentences = " ".join(
        [
            words("chart-map.intro"),
            *map(_full_sentence, rows),
            *_steps(found),
            *map(_guess_sentence, guesses),
            *map(_full_sentence, others),
            *found.sentences,
        ]
    )
    table = _table([*rows, *others, *guesses])
    marks = [MapMark(row.moment, row.point) for row in (*rows, *guesses) if row.point]
    if not marks:
        return Chart(title, sentences, table, heading=heading)
    draw = partial(draw_map, marks)
    return Chart(title, sentences, table, draw(WIDTH), _note(found), heading, partial(draw, NARROW))


def _note(found: Comparable) -> str:
    """Say how to read the map, unless there are but guesses on it."""
    has_first = len(found.series) > 1 and found.at(LOOKING_BACK)
    notes = [
        *([words("chart-map.note")] if found.series else []),
        *([words("chart.looking-back-note")] if has_first else []),
        *([words("chart.rule-of-thumb")] if len(found.over_time) > 1 else []),
    ]
    return " ".join(notes)


def _row(series: Series, *, is_other_version: bool = False) -> MapRow:
    competence, caring = (score(series.ratings, side, series.scale) for side in SIDES)
    return MapRow(series.moment, competence, caring, is_other_version)


def _guess_rows(guess: object) -> list[MapRow]:
    if not isinstance(guess, list) or len(guess) != 4:
        return []
    numbers = [_on_scale(number) for number in guess]
    rows = [MapRow(moment, numbers[place], numbers[place + 1]) for moment, place in zip(_GUESSES, (0, 2), strict=True)]
    return [row for row in rows if row.point]


def _on_scale(number: object) -> float | None:
    if not isinstance(number, int | float) or isinstance(number, bool):
        return None
    return float(number) if 1 <= number <= len(find_scale("habits").points) else None


def _full_sentence(row: MapRow) -> str:
    when = _when(row)
    missing = words("chart.no-average")
    averages = {"competence": _average_text(row.competence, missing), "caring": _average_text(row.caring, missing)}
    if not row.point:
        return words("chart-map.missing", when=when, **averages)
    is_between = row.region == map_lines().names["between"]
    region = words("chart-map.in-between") if is_between else words("chart-map.in-region", region=row.region)
    return words("chart-map.averages", when=when, **averages, region=region)


def _when(row: MapRow) -> str:
    name = sign_name(row.moment)
    return words("chart.in-other-version", moment=name) if row.is_other_version else name


def _steps(found: Comparable) -> list[str]:
    """Say which way each side moved from one rating to the next, over the habits that were answered both times."""
    return [_step(found, before, after) for before, after in pairwise(found.over_time)]


def _step(found: Comparable, before: Series, after: Series) -> str:
    changes = [change(before.ratings, after.ratings, side, found.scale) for side in SIDES]
    known = [difference for difference in changes if difference is not None]
    way = "-".join(("same", "up", "down")[direction(difference)] for difference in known)
    key = way if len(known) == len(changes) else "unknown"
    return words("chart-map.step", first=before.label, latest=after.label, direction=words(f"chart-map.{key}"))


def _guess_sentence(row: MapRow) -> str:
    return words(f"chart-map.{row.moment}", competence=_average_text(row.competence), caring=_average_text(row.caring))


def _table(rows: Sequence[MapRow]) -> Table:
    columns = (words("chart.what"), side_name("competence"), side_name("caring"), words("chart-map.region"))
    return Table(words("chart-map.caption"), columns, tuple(map(_table_row, rows)))


def _table_row(row: MapRow) -> tuple[str, ...]:
    missing = words("chart.too-few")
    return (
        _when(row),
        _average_text(row.competence, missing),
        _average_text(row.caring, missing),
        row.region or "–",
    )


def _average_text(average: float | None, missing: str = "") -> str:
    return missing if average is None else f"{average:.1f}"
