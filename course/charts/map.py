"""The map: where I am by my own account, and which way I am moving (Ch1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from course.charts.chart import Chart, Table
from course.charts.drawing import NARROW, WIDTH
from course.charts.layout import Point
from course.charts.map_drawing import MapKind, MapMark, draw_map
from course.content import words
from course.content.scales import find_scale, map_lines, side_name
from course.records.journal import Rating
from course.records.scores import direction, score


@dataclass(frozen=True)
class MapRow:
    """One row of the map's numbers, and a mark on it if both sides have a score."""

    kind: MapKind
    label: str
    when: str
    is_fixed: bool
    """Whether it belongs to a full rating, and not to a pulse alone."""
    competence: float | None
    caring: float | None

    @property
    def point(self) -> Point | None:
        """Where it is on the map, across and up."""
        return None if self.competence is None or self.caring is None else (self.competence, self.caring)

    @property
    def region(self) -> str:
        """The name of the region it is in, or an empty text."""
        return map_lines().region(*self.point) if self.point else ""


def map_chart(ratings: Sequence[Rating], guess: object = None) -> Chart:
    """Return the map of full ratings, the trail of pulses and the two guesses.

    `guess` is saved as four numbers or None: competence and caring for myself, then as my group would say.
    """
    rows = [*_full_rows(ratings), *_pulse_rows(ratings), *_guess_rows(guess)]
    is_moving = len([row for row in rows if row.kind in ("full", "pulse")]) > 1
    heading, title = words("chart.own-account"), words("chart-map.title" if is_moving else "chart-map.title-one")
    if not rows:
        return Chart(title, words("chart-map.empty", least=find_scale("habits").least), heading=heading)
    sentences, table = _sentences(rows), _table(rows)
    marks = [MapMark(row.kind, row.label, row.point) for row in rows if row.point]
    if not marks:
        return Chart(title, sentences, table, heading=heading)
    draw = partial(draw_map, marks)
    return Chart(title, sentences, table, draw(WIDTH), _note(rows), heading, partial(draw, NARROW))


def _note(rows: Sequence[MapRow]) -> str:
    """Say how to read the map, unless there are but guesses on it."""
    trail = _trail(rows)
    if not trail and all(row.kind != "full" for row in rows):
        return ""
    return " ".join([words("chart-map.note"), *([words("chart-map.note-pulse")] if trail else [])])


def _full_rows(ratings: Sequence[Rating]) -> list[MapRow]:
    return [
        MapRow(
            "full",
            rating.occasion.label,
            rating.occasion.name,
            True,
            score(rating.habits, "competence"),
            score(rating.habits, "caring"),
        )
        for rating in ratings
        if rating.occasion.full and rating.habits
    ]


def _pulse_rows(ratings: Sequence[Rating]) -> list[MapRow]:
    """Return the trail: from the start, once there is a pulse after a lesson to compare it with."""
    scale = find_scale("pulse")
    rated = [rating for rating in ratings if rating.pulse]
    if all(rating.occasion.full for rating in rated):
        return []
    return [
        MapRow(
            "pulse",
            rating.occasion.number,
            rating.occasion.label,
            rating.occasion.full,
            score(rating.pulse, "competence", scale),
            score(rating.pulse, "caring", scale),
        )
        for rating in rated
    ]


def _guess_rows(guess: object) -> list[MapRow]:
    if not isinstance(guess, list) or len(guess) != 4:
        return []
    numbers = [_on_scale(number) for number in guess]
    pairs: tuple[tuple[MapKind, list[float | None]], ...] = (("guess", numbers[:2]), ("group", numbers[2:]))
    rows = [MapRow(kind, words(f"chart-map.label-{kind}"), "", True, *pair) for kind, pair in pairs]
    return [row for row in rows if row.point]


def _on_scale(number: object) -> float | None:
    if not isinstance(number, int | float) or isinstance(number, bool):
        return None
    return float(number) if 1 <= number <= len(find_scale("habits").points) else None


def _trail(rows: Sequence[MapRow]) -> list[MapRow]:
    return [row for row in rows if row.kind == "pulse" and row.point]


def _sentences(rows: Sequence[MapRow]) -> str:
    full = [row for row in rows if row.kind == "full"]
    is_between = len([row for row in full if row.point]) > 1
    guesses = [
        words(f"chart-map.{row.kind}", competence=_score_text(row.competence), caring=_score_text(row.caring))
        for row in rows
        if row.kind in ("guess", "group")
    ]
    trail = _trail_sentences(_trail(rows), is_between=is_between)
    return " ".join([words("chart-map.intro"), *map(_full_sentence, full), *trail, *guesses])


def _full_sentence(row: MapRow) -> str:
    when = words(f"chart-map.at-{row.when}")
    missing = words("chart-map.not-scored")
    scores = {"competence": _score_text(row.competence, missing), "caring": _score_text(row.caring, missing)}
    if not row.point:
        return words("chart-map.missing", when=when, **scores)
    is_between = row.region == map_lines().names["between"]
    region = words("chart-map.in-between") if is_between else words("chart-map.in-region", region=row.region)
    return words("chart-map.scores", when=when, **scores, region=region)


def _trail_sentences(trail: Sequence[MapRow], *, is_between: bool) -> list[str]:
    points = [row.point for row in trail if row.point]
    if not points:
        return []
    first, latest = points[0], points[-1]
    if len(points) == 1:
        return [words("chart-map.pulse-one", competence=_score_text(first[0]), caring=_score_text(first[1]))]
    way = "-".join(("same", "up", "down")[direction(b - a)] for a, b in zip(first, latest, strict=True))
    count = sum(not row.is_fixed for row in trail)
    key = "chart-map.pulses-between" if is_between else "chart-map.pulses"
    return [words(key, n=count, direction=words(f"chart-map.{way}"))]


def _table(rows: Sequence[MapRow]) -> Table:
    columns = (words("chart.what"), side_name("competence"), side_name("caring"), words("chart-map.region"))
    return Table(words("chart-map.caption"), columns, tuple(map(_table_row, rows)))


def _table_row(row: MapRow) -> tuple[str, ...]:
    is_pulse = row.kind == "pulse"
    missing = words("chart.no-answer" if is_pulse else "chart.no-score")
    label = words("chart-map.row-pulse", label=row.when) if is_pulse else row.label
    return (label, _score_text(row.competence, missing), _score_text(row.caring, missing), row.region or "–")


def _score_text(score: float | None, missing: str = "") -> str:
    return missing if score is None else f"{score:.1f}"
