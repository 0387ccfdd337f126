"""Ch1, the map: where I am by my own account, and which way I am moving."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from course.charts.chart import Chart, Table
from course.charts.drawing import NARROW
from course.charts.map_picture import draw_map
from course.content import words
from course.content.scales import find_scale, map_lines, side_name
from course.records.journal import Rating
from course.records.scores import direction, score

FULL, PULSE, GUESS, GROUP = "full", "pulse", "guess", "group"


@dataclass(frozen=True)
class Place:
    """One row of the map's numbers, and a mark on it if both sides have a score."""

    kind: str
    label: str
    when: str
    is_fixed: bool
    """Whether it belongs to a full rating, and not to a pulse alone."""
    competence: float | None
    caring: float | None

    @property
    def at(self) -> tuple[float, float] | None:
        """Where it is on the map, across and up."""
        return None if self.competence is None or self.caring is None else (self.competence, self.caring)

    @property
    def region(self) -> str:
        """The name of the region it is in, or an empty text."""
        return map_lines().region(*self.at) if self.at else ""


def map_chart(ratings: Sequence[Rating], guess: Any = None) -> Chart:
    """Return the map of full ratings, the trail of pulses and the two guesses.

    `guess` is kept as four numbers or None: competence and caring for myself, then as my group would say.
    """
    places = [*_full(ratings), *_pulses(ratings), *_guesses(guess)]
    full = [place for place in places if place.kind == FULL]
    is_moving = len([place for place in places if place.kind in (FULL, PULSE)]) > 1
    heading, title = words("chart.own-account"), words("chart-map.title" if is_moving else "chart-map.title-one")
    if not places:
        return Chart(title, words("chart-map.empty", least=find_scale("habits").least), heading=heading)
    note = words("chart-map.note") + (" " + words("chart-map.note-pulse") if _trail(places) else "")
    marked = [place for place in places if place.at]
    if not marked:
        return Chart(title, _sentences(places), _table(places), heading=heading)
    draw = partial(draw_map, [(place.kind, place.label, place.at) for place in marked if place.at])
    note = note if full or _trail(places) else ""
    return Chart(title, _sentences(places), _table(places), draw(), note, heading, partial(draw, NARROW))


def _full(ratings: Sequence[Rating]) -> list[Place]:
    return [
        Place(
            FULL,
            rating.occasion.label,
            rating.occasion.name,
            True,
            score(rating.habits, "competence"),
            score(rating.habits, "caring"),
        )
        for rating in ratings
        if rating.occasion.full and rating.habits
    ]


def _pulses(ratings: Sequence[Rating]) -> list[Place]:
    """Return the trail: from the start, once there is a pulse after a lesson to compare it with."""
    scale = find_scale("pulse")
    given = [rating for rating in ratings if rating.pulse]
    if all(rating.occasion.full for rating in given):
        return []
    return [
        Place(
            PULSE,
            rating.occasion.number,
            rating.occasion.label,
            rating.occasion.full,
            score(rating.pulse, "competence", scale),
            score(rating.pulse, "caring", scale),
        )
        for rating in given
    ]


def _guesses(guess: Any) -> list[Place]:
    if not isinstance(guess, list) or len(guess) != 4:
        return []
    numbers = [_on_scale(number) for number in guess]
    places = [
        Place(kind, words(f"chart-map.label-{kind}"), "", True, *pair)
        for kind, pair in ((GUESS, numbers[:2]), (GROUP, numbers[2:]))
    ]
    return [place for place in places if place.at]


def _on_scale(number: Any) -> float | None:
    is_number = isinstance(number, int | float) and not isinstance(number, bool)
    return float(number) if is_number and 1 <= number <= len(find_scale("habits").points) else None


def _trail(places: Sequence[Place]) -> list[Place]:
    return [place for place in places if place.kind == PULSE and place.at]


def _sentences(places: Sequence[Place]) -> str:
    said = [words("chart-map.intro")]
    full = [place for place in places if place.kind == FULL]
    said += [_full_sentence(place) for place in full]
    said += _pulse_sentences(_trail(places), is_between=len([place for place in full if place.at]) > 1)
    said += [
        words(f"chart-map.{place.kind}", competence=_say(place.competence), caring=_say(place.caring))
        for place in places
        if place.kind in (GUESS, GROUP)
    ]
    return " ".join(said)


def _full_sentence(place: Place) -> str:
    when = words(f"chart-map.at-{place.when}")
    if not place.at:
        missing = words("chart-map.not-scored")
        scores = {"competence": _say(place.competence, missing), "caring": _say(place.caring, missing)}
        return words("chart-map.missing", when=when, **scores)
    is_between = place.region == map_lines().names["between"]
    region = words("chart-map.in-between") if is_between else words("chart-map.in-region", region=place.region)
    return words(
        "chart-map.scores", when=when, competence=_say(place.competence), caring=_say(place.caring), region=region
    )


def _pulse_sentences(trail: Sequence[Place], *, is_between: bool) -> list[str]:
    if not trail:
        return []
    first, latest = trail[0].at, trail[-1].at
    assert first
    assert latest
    if len(trail) == 1:
        return [words("chart-map.pulse-one", competence=_say(first[0]), caring=_say(first[1]))]
    way = "-".join(("same", "up", "down")[direction(b - a)] for a, b in zip(first, latest, strict=True))
    count = sum(not place.is_fixed for place in trail)
    many = "pulses-between" if is_between else "pulses"
    key = "chart-map.pulse-moving" if count == 1 else f"chart-map.{many}"
    return [words(key, n=count, direction=words(f"chart-map.{way}"))]


def _table(places: Sequence[Place]) -> Table:
    columns = (words("chart.what"), side_name("competence"), side_name("caring"), words("chart-map.region"))
    return Table(words("chart-map.caption"), columns, tuple(_row(place) for place in places))


def _row(place: Place) -> tuple[str, ...]:
    is_pulse = place.kind == PULSE
    missing = words("chart.no-answer" if is_pulse else "chart.no-score")
    label = words("chart-map.row-pulse", label=place.when) if is_pulse else place.label
    return (label, _say(place.competence, missing), _say(place.caring, missing), place.region or "–")


def _say(number: float | None, missing: str = "") -> str:
    return missing if number is None else f"{number:.1f}"
