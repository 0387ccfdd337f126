"""Draw the pulse: two step lines over the lessons, and under them a mark for each last action."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from course.charts import drawing
from course.charts.drawing import BLUE, INK, LINE, NORMAL, PAPER, QUIET, RUST, SMALL
from course.charts.labels import Box, box_around, boxes_along, place, text_size, wrap
from course.content import words
from course.content.scales import find_scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LOOKS: Final = (
    {"marker": "o", "markersize": 9, "color": BLUE, "markeredgecolor": PAPER, "markeredgewidth": 1},
    {"marker": "s", "markersize": 8, "color": RUST, "markeredgecolor": PAPER, "markeredgewidth": 1},
)
_APART: Final = (0.12, -0.12)
"""The lines stand this far apart where the answers are the same, so that both are seen."""
_ACTIONS: Final = ({"marker": "o"}, {"marker": "^"}, {"marker": "s"})
_LEFT, _RIGHT, _HIGH, _BELOW, _ABOVE = 100, 24, 284, 138, 8
_NARROW_LEFT, _NARROW_RIGHT = 90, 10


@dataclass(frozen=True)
class Moment:
    """One moment of the course: how it is named under the line, and what was answered."""

    tick: str
    short: str
    """The same for a narrow picture."""
    pulse: Mapping[str, int]
    tried: int | None


def draw_pulse(moments: Sequence[Moment], width: float = drawing.WIDTH) -> str:
    """Return the SVG text of the two lines, or an empty text where nothing can be drawn."""
    is_asked = any(moment.tried for moment in moments)
    below = _BELOW if is_asked else _BELOW - 76

    def paint(figure: Figure) -> None:
        axes = _place(figure, below, width, _HIGH)
        _paint_scale(axes, moments, width)
        _paint_lines(axes, moments)
        if is_asked:
            _paint_actions(figure, moments, width)

    return drawing.draw(width, below + _HIGH + _ABOVE, paint)


def _left(width: float) -> float:
    """Return how much room there is for words in front of the lines."""
    return _LEFT if width >= drawing.WIDTH else _NARROW_LEFT


def _place(figure: Figure, bottom: float, width: float, height: float) -> Axes:
    right = _RIGHT if width >= drawing.WIDTH else _NARROW_RIGHT
    return drawing.place_axes(figure, _left(width), bottom, width - _left(width) - right, height)


def _paint_scale(axes: Axes, moments: Sequence[Moment], width: float) -> None:
    points = find_scale("pulse").points
    names = [moment.tick if width >= drawing.WIDTH else moment.short for moment in moments]
    axes.set(xlim=(-0.5, len(moments) - 0.5), ylim=(0.05, len(points) + 1.1))
    axes.spines[:].set_visible(False)
    axes.set_xticks(range(len(moments)), [name.replace(" ", "\n") for name in names])
    axes.set_yticks(range(1, len(points) + 1), [wrap(point, SMALL, _left(width) - 12) for point in points])
    axes.tick_params(axis="y", pad=4)
    axes.grid(axis="y", color=LINE, linewidth=0.7, linestyle=(0, (1, 3)))
    axes.set_xlabel(words("chart-pulse.lesson"), color=INK, labelpad=4)


def _paint_lines(axes: Axes, moments: Sequence[Moment]) -> None:
    points = [
        [(x, moment.pulse[item.code] + apart) for x, moment in enumerate(moments) if item.code in moment.pulse]
        for item, apart in zip(find_scale("pulse").items, _APART, strict=True)
    ]
    taken = [_box(axes, point) for line in points for point in line]
    lines = [box for line, look in zip(points, _LOOKS, strict=True) for box in _paint_line(axes, line, look)]
    for item, line, look in zip(find_scale("pulse").items, points, _LOOKS, strict=True):
        if line:
            taken.append(_paint_label(axes, item.short, line, look, taken, lines))


def _paint_line(axes: Axes, points: Sequence[tuple[int, float]], look: Mapping[str, Any]) -> list[Box]:
    """Draw one side's steps and marks, and return the boxes that the steps take."""
    taken: list[Box] = []
    for stretch in _stretches(points):
        steps = [(x + side, y) for x, y in stretch for side in (-0.5, 0.5)]
        axes.plot(*zip(*steps, strict=True), color=look["color"], linewidth=2.4, zorder=2, solid_capstyle="butt")
        taken += boxes_along([_at(axes, step) for step in steps])
    axes.plot([x for x, _ in points], [y for _, y in points], linestyle="none", zorder=3, **look)
    return taken


def _paint_label(
    axes: Axes,
    text: str,
    points: Sequence[tuple[int, float]],
    look: Mapping[str, Any],
    taken: Sequence[Box],
    lines: Sequence[Box],
) -> Box:
    """Write a line's name beside one of its marks, the latest if there is room, with its mark in front."""
    anchors = [_at(axes, point) for point in reversed(points)]
    room = f"{text} mm"
    label = place(room, NORMAL, anchors, 7, Box(*axes.bbox.extents), taken, lines)
    to_data = axes.transData.inverted()
    x, y = to_data.transform((label.box.left + 8, label.y))
    axes.plot([x], [y], linestyle="none", zorder=4, clip_on=False, **look)
    x, y = to_data.transform((label.box.left + 18, label.y))
    axes.text(x, y, text, ha="left", va="center", color=look["color"], fontweight="bold", zorder=4)
    return label.box


def _stretches(points: Sequence[tuple[int, float]]) -> list[list[tuple[int, float]]]:
    """Break a line where a moment has no answer."""
    stretches: list[list[tuple[int, float]]] = []
    for x, y in points:
        if stretches and x == stretches[-1][-1][0] + 1:
            stretches[-1].append((x, y))
        else:
            stretches.append([(x, y)])
    return stretches


def _paint_actions(figure: Figure, moments: Sequence[Moment], width: float) -> None:
    """Draw a shape with a letter under each lesson whose action was asked about, and say what they mean."""
    points = find_scale("tried").points
    axes = _place(figure, 36, width, 34)
    axes.set(xlim=(-0.5, len(moments) - 0.5), ylim=(0, 34))
    for x, moment in enumerate(moments):
        if moment.tried:
            _paint_action(axes, x, 17, moment.tried, width)
    key = drawing.place_axes(figure, 0, 0, width, 34)
    key.set(xlim=(0, width), ylim=(0, 34))
    at = _LEFT + 16.0 if width >= drawing.WIDTH else 20.0
    for number, point in enumerate(points, start=1):
        _paint_action(key, at, 17, number, drawing.WIDTH)
        key.text(at + 18, 17, point, va="center", color=QUIET, fontsize=SMALL)
        at += text_size(point, SMALL)[0] + (58 if width >= drawing.WIDTH else 32)
    label = wrap(words("chart-pulse.action"), SMALL, _left(width) - 12)
    figure.text(8 / width, _of(figure, 53), label, va="center", color=INK, fontsize=SMALL)
    for place_ in (axes, key):
        place_.axis("off")


def _paint_action(axes: Axes, x: float, y: float, tried: int, width: float) -> None:
    is_full = tried == 1
    size = (25 if tried == 2 else 21) if width >= drawing.WIDTH else (22 if tried == 2 else 18)
    letter = find_scale("tried").points[tried - 1][0]
    look = {"color": INK, "markerfacecolor": INK if is_full else PAPER, "markersize": size}
    axes.plot([x], [y], linestyle="none", clip_on=False, **_ACTIONS[tried - 1], **look)
    lower = 3 if tried == 2 else 0
    colour = PAPER if is_full else INK
    axes.text(x, y - lower, letter, ha="center", va="center", color=colour, fontsize=SMALL)


def _box(axes: Axes, point: tuple[int, float]) -> Box:
    return box_around(*_at(axes, point), 6)


def _of(figure: Figure, units: float) -> float:
    return float(units / (figure.get_size_inches()[1] * 72))


def _at(axes: Axes, at: tuple[float, float]) -> tuple[float, float]:
    x, y = axes.transData.transform(at)
    return float(x), float(y)
