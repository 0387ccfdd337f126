"""Ch4, the pulse: how it has been from lesson to lesson."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from course.charts.chart import Chart, Table
from course.charts.drawing import NARROW
from course.charts.pulse_picture import Moment, draw_pulse
from course.content import words
from course.content.lessons import Occasion, occasions
from course.content.scales import Item, find_scale
from course.records.journal import Rating


def pulse_chart(ratings: Sequence[Rating]) -> Chart:
    """Return the two pulse ratings as steps over the lessons, with a mark for each last action."""
    heading, title = words("chart.own-account"), words("chart-pulse.title")
    given = [rating for rating in ratings if rating.pulse]
    if not given:
        return Chart(title, words("chart-pulse.empty"), heading=heading)
    shown = [rating for rating in ratings if rating.pulse or rating.tried]
    draw = partial(draw_pulse, _moments(shown))
    said, note = _sentences(given, shown), words("chart-pulse.note")
    return Chart(title, said, _table(shown), draw(), note, heading, partial(draw, NARROW))


def _moments(ratings: Sequence[Rating]) -> list[Moment]:
    """Return every moment of the course, with what was answered; day 30 only once it is."""
    answered = {rating.occasion.name: rating for rating in ratings}
    return [
        Moment(_tick(occasion), occasion.number, *_answers(answered.get(occasion.name)))
        for occasion in occasions()
        if occasion.number.isdigit() or occasion.name in answered
    ]


def _tick(occasion: Occasion) -> str:
    return occasion.label if occasion.full else occasion.number


def _answers(rating: Rating | None) -> tuple[dict[str, int], int | None]:
    return (rating.pulse, rating.tried) if rating else ({}, None)


def _sentences(given: Sequence[Rating], shown: Sequence[Rating]) -> str:
    items = find_scale("pulse").items
    if len(given) == 1:
        a, b = (_word(given[0].pulse.get(item.code)) for item in items)
        names = {"first": items[0].short, "second": items[1].short}
        said = [words("chart-pulse.once", label=given[0].occasion.label, a=a, b=b, **names)]
    else:
        sides = "; ".join(_went(item, given) for item in items)
        said = [words("chart-pulse.over", n=len(given), sides=sides)]
    asked = [rating.tried for rating in shown if rating.tried]
    if asked:
        key = "chart-pulse.tried-partly" if 2 in asked else "chart-pulse.tried"
        said.append(words(key, yes=asked.count(1), partly=asked.count(2), n=len(asked)))
    return " ".join(said)


def _went(item: Item, given: Sequence[Rating]) -> str:
    values = [rating.pulse[item.code] for rating in given if item.code in rating.pulse]
    if not values:
        return words("chart-pulse.never-asked", name=item.short)
    if values[0] == values[-1]:
        return words("chart-pulse.stayed", name=item.short, a=_word(values[0]))
    return words("chart-pulse.went", name=item.short, a=_word(values[0]), b=_word(values[-1]))


def _word(rating: int | None) -> str:
    return words("chart.no-answer") if rating is None else find_scale("pulse").points[rating - 1]


def _table(shown: Sequence[Rating]) -> Table:
    items = find_scale("pulse").items
    columns = (words("chart-pulse.when"), *(item.text for item in items), words("chart-pulse.action"))
    return Table(words("chart-pulse.caption"), columns, tuple(_row(rating, items) for rating in shown))


def _row(rating: Rating, items: Sequence[Item]) -> tuple[str, ...]:
    answers = [rating.pulse.get(item.code) for item in items]
    cells = [_word(answer) if answer is None else f"{answer} ({_word(answer)})" for answer in answers]
    tried = "–" if rating.tried is None else find_scale("tried").points[rating.tried - 1]
    return (rating.occasion.label, *cells, tried)
