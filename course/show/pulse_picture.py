"""Draw the pulse: two step lines over the lessons, and under them a mark for each last action."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from course.content import words
from course.scales import find_scale
from course.show import drawing
from course.show.drawing import BLUE, INK, LINE, NORMAL, PAPER, QUIET, RUST, SMALL
from course.show.labels import Box, box_around, boxes_along, place

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LOOKS: Final = (
    {"marker": "o", "markersize": 9, "color": BLUE, "markeredgecolor": PAPER, "markeredgewidth": 1},
    {"marker": "s", "markersize": 8, "color": RUST, "markeredgecolor": PAPER, "markeredgewidth": 1},
)
_APART: Final = (0.07, -0.07)
"""The lines stand this far apart where the answers are the same, so that both are seen."""
_ACTIONS: Final = ({"marker": "o"}, {"marker": "^"}, {"marker": "s"})
_LEFT, _RIGHT, _HIGH, _BELOW, _ABOVE = 100, 24, 270, 128, 8


@dataclass(frozen=True)
class Moment:
    """One moment of the course: how it is named under the line, and what was answered."""

    tick: str
    pulse: Mapping[str, int]
    tried: int | None


def draw_pulse(moments: Sequence[Moment]) -> str:
    """Return the SVG text of the two lines, or an empty text where nothing can be drawn."""
    is_asked = any(moment.tried for moment in moments)
    below = _BELOW if is_asked else _BELOW - 70

    def paint(figure: Figure) -> None:
        axes = drawing.place_axes(figure, _LEFT, below, drawing.WIDTH - _LEFT - _RIGHT, _HIGH)
        _paint_scale(axes, moments)
        _paint_lines(axes, moments)
        if is_asked:
            _paint_actions(figure, moments)

    return drawing.draw(below + _HIGH + _ABOVE, paint)


def _paint_scale(axes: Axes, moments: Sequence[Moment]) -> None:
    points = find_scale("pulse").points
    axes.set(xlim=(-0.5, len(moments) - 0.5), ylim=(0.3, len(points) + 0.9))
    axes.spines[:].set_visible(False)
    axes.set_xticks(range(len(moments)), [moment.tick.replace(" ", "\n") for moment in moments])
    axes.set_yticks(range(1, len(points) + 1), [_in_two(point) for point in points])
    axes.tick_params(axis="y", pad=4)
    axes.grid(axis="y", color=LINE, linewidth=0.7, linestyle=(0, (1, 3)))
    axes.set_xlabel(words("chart-pulse.lesson"), color=INK, labelpad=4)


def _in_two(text: str) -> str:
    """Break a long label once, near its middle."""
    if len(text) < 13 or " " not in text:
        return text
    spaces = [place for place, letter in enumerate(text) if letter == " "]
    middle = min(spaces, key=lambda place: abs(place - len(text) / 2))
    return f"{text[:middle]}\n{text[middle + 1 :]}"


def _paint_lines(axes: Axes, moments: Sequence[Moment]) -> None:
    items = find_scale("pulse").items
    taken: list[Box] = []
    ends: list[tuple[str, tuple[float, float], str]] = []
    for item, look, apart in zip(items, _LOOKS, _APART, strict=True):
        points = [(x, moment.pulse[item.code] + apart) for x, moment in enumerate(moments) if item.code in moment.pulse]
        if not points:
            continue
        for stretch in _stretches(points):
            steps = [(x + side, y) for x, y in stretch for side in (-0.5, 0.5)]
            axes.plot(*zip(*steps, strict=True), color=look["color"], linewidth=2.4, zorder=2, solid_capstyle="butt")
            taken += boxes_along([_at(axes, step) for step in steps])
        axes.plot(*zip(*points, strict=True), linestyle="none", zorder=3, **look)
        taken += [box_around(*_at(axes, point), 6) for point in points]
        ends.append((item.short, points[-1], str(look["color"])))
    for text, end, colour in sorted(ends, key=lambda end: -end[1][1]):
        taken.append(_paint_label(axes, text, end, colour, taken))


def _stretches(points: Sequence[tuple[int, float]]) -> list[list[tuple[int, float]]]:
    """Break a line where a moment has no answer."""
    stretches = [[points[0]]]
    for before, point in itertools.pairwise(points):
        if point[0] == before[0] + 1:
            stretches[-1].append(point)
        else:
            stretches.append([point])
    return stretches


def _paint_label(axes: Axes, text: str, end: tuple[float, float], colour: str, taken: Sequence[Box]) -> Box:
    label = place(text, NORMAL, _at(axes, end), 7, taken, Box(*axes.bbox.extents))
    x, y = axes.transData.inverted().transform((label.x, label.y))
    axes.text(x, y, text, ha=label.align, va="center", color=colour, fontweight="bold", fontsize=NORMAL, zorder=4)
    if label.is_far:
        axes.plot([end[0], x], [end[1], y], color=QUIET, linewidth=0.8, zorder=1)
    return label.box


def _paint_actions(figure: Figure, moments: Sequence[Moment]) -> None:
    """Draw a shape with a letter under each lesson whose action was asked about, and say what they mean."""
    points = find_scale("tried").points
    axes = drawing.place_axes(figure, _LEFT, 30, drawing.WIDTH - _LEFT - _RIGHT, 34)
    axes.set(xlim=(-0.5, len(moments) - 0.5), ylim=(0, 1))
    axes.axis("off")
    for x, moment in enumerate(moments):
        if moment.tried:
            _paint_action(axes, x, moment.tried)
    label = words("chart-pulse.action")
    figure.text(8 / drawing.WIDTH, _of(figure, 47), _in_two(label), va="center", color=INK, fontsize=SMALL)
    meaning = "   ".join(f"{point[0]}  {point}" for point in points)
    figure.text(_LEFT / drawing.WIDTH, _of(figure, 16), meaning, va="center", color=QUIET, fontsize=SMALL)


def _paint_action(axes: Axes, x: float, tried: int) -> None:
    is_full = tried == 1
    letter = find_scale("tried").points[tried - 1][0]
    look = {"color": INK, "markerfacecolor": INK if is_full else PAPER, "markersize": 26 if tried == 2 else 22}
    axes.plot([x], [0.5], linestyle="none", clip_on=False, **_ACTIONS[tried - 1], **look)
    axes.text(
        x, 0.4 if tried == 2 else 0.48, letter, ha="center", va="center", color=PAPER if is_full else INK, fontsize=SMALL
    )


def _of(figure: Figure, units: float) -> float:
    return float(units / (figure.get_size_inches()[1] * 72))


def _at(axes: Axes, at: tuple[float, float]) -> tuple[float, float]:
    x, y = axes.transData.transform(at)
    return float(x), float(y)
