"""Draw the map: a square with a soft band, and four kinds of marks told apart by shape and label."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from course.charts import drawing
from course.charts.drawing import BAND, BLUE, INK, NORMAL, PAPER, PLUM, QUIET, RUST, SMALL
from course.charts.labels import Box, Label, box_around, boxes_along, place
from course.charts.map_regions import SPARE, paint_regions
from course.content import words
from course.content.scales import find_scale, map_lines, side_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Mark = tuple[str, str, tuple[float, float]]
"""The kind of a mark, its label, and where it is: across and up."""

_LOOKS: Final[Mapping[str, dict[str, object]]] = {
    "group": {"marker": "D", "markersize": 15, "color": PLUM, "markerfacecolor": "none", "markeredgewidth": 2},
    "full": {"marker": "o", "markersize": 15, "color": BLUE, "markeredgecolor": PAPER, "markeredgewidth": 1.5},
    "pulse": {"marker": "o", "markersize": 9, "color": RUST, "markerfacecolor": PAPER, "markeredgewidth": 1.8},
    "guess": {"marker": "x", "markersize": 15, "color": PLUM, "markeredgewidth": 2.4},
}
"""How each kind looks, from the lowest layer to the highest: marks at one place all stay visible."""
_LEFT, _RIGHT, _KEY_ROW = 62, 16, 24


def draw_map(marks: Sequence[Mark], width: float = drawing.WIDTH) -> str:
    """Return the SVG text of the map, or an empty text where nothing can be drawn."""
    kinds = [kind for kind in ("full", "pulse", "guess", "group") if any(mark[0] == kind for mark in marks)]
    square = width - _LEFT - _RIGHT
    below = 78 + (_KEY_ROW * len(kinds) + 6 if len(kinds) > 1 else 0)

    def paint(figure: Figure) -> None:
        axes = drawing.place_axes(figure, _LEFT, below, square, square)
        _paint_square(axes)
        _paint_trails(axes, marks)
        for kind, _, (x, y) in sorted(marks, key=lambda mark: list(_LOOKS).index(mark[0])):
            axes.plot([x], [y], linestyle="none", clip_on=False, zorder=4, **_LOOKS[kind])
        _paint_names(axes, marks)
        if len(kinds) > 1:
            _paint_key(figure, kinds, width)

    return drawing.draw(width, below + square + 34, paint)


def _paint_square(axes: Axes) -> None:
    points = find_scale("habits").points
    lines = map_lines()
    numbers = range(1, len(points) + 1)
    axes.set(xlim=(1 - SPARE, len(points) + SPARE), ylim=(1 - SPARE, len(points) + SPARE))
    axes.axvspan(lines.line - lines.band, lines.line + lines.band, color=BAND, linewidth=0)
    axes.axhspan(lines.line - lines.band, lines.line + lines.band, color=BAND, linewidth=0)
    named = {1, round(lines.line), len(points)}
    labels = [f"{number}\n{points[number - 1]}" if number in named else f"{number}" for number in numbers]
    axes.set_xticks(numbers, [label if "\n" in label else f"{label}\n\u00a0" for label in labels])
    axes.set_yticks(numbers, labels)
    axes.set_xlabel(f"{side_name('competence')} →", color=INK, labelpad=8)
    axes.annotate(
        f"↑ {side_name('caring')}",
        (0, 1),
        xytext=(-_LEFT + 4, 12),
        xycoords="axes fraction",
        textcoords="offset points",
    )


def _paint_trails(axes: Axes, marks: Iterable[Mark]) -> None:
    for kind, style, colour in (("full", "-", BLUE), ("pulse", (0, (1, 2)), RUST)):
        points = [at for mark_kind, _, at in marks if mark_kind == kind]
        if len(points) > 1:
            axes.plot(*zip(*points, strict=True), linestyle=style, color=colour, linewidth=1.6, zorder=3)


def _paint_names(axes: Axes, marks: Sequence[Mark]) -> None:
    """Name the regions where no mark is, then every place where marks are, so that no name lies over another."""
    page = Box(*axes.bbox.extents)
    taken = [box_around(*_at(axes, at), _reach(kind)) for kind, _, at in marks]
    lines = []
    for kind in ("full", "pulse"):
        lines += boxes_along([_at(axes, at) for mark_kind, _, at in marks if mark_kind == kind])
    taken += paint_regions(axes, [*taken, *lines])
    for at, text, reach in sorted(_groups(marks), key=lambda group: -len(group[1])):
        label = place(text, NORMAL, [_at(axes, at)], reach, page, taken, lines)
        taken.append(label.box)
        _paint_label(axes, label, at)


def _groups(marks: Sequence[Mark]) -> list[tuple[tuple[float, float], str, float]]:
    """Return each place on the map with the labels of all marks there, and how far the largest reaches."""
    places: dict[tuple[float, float], list[Mark]] = {}
    for mark in marks:
        places.setdefault((round(mark[2][0], 1), round(mark[2][1], 1)), []).append(mark)
    return [
        (here[0][2], join_labels([(kind, label) for kind, label, _ in here]), max(_reach(kind) for kind, _, _ in here))
        for here in places.values()
    ]


def join_labels(labels: Sequence[tuple[str, str]]) -> str:
    r"""Return the labels of one place, a line for each kind, with lesson numbers run together.

    >>> join_labels([("full", "Start"), ("pulse", "0"), ("pulse", "1"), ("pulse", "2"), ("pulse", "5")])
    'Start\n0–2, 5'
    """
    lines = [", ".join(label for kind, label in labels if kind == "full")]
    pulses = [label for kind, label in labels if kind == "pulse"]
    others = [label for label in pulses if not label.isdigit()]
    lines.append(", ".join([*_runs([int(label) for label in pulses if label.isdigit()]), *others]))
    lines += [label for kind, label in labels if kind not in ("full", "pulse")]
    return "\n".join(line for line in lines if line)


def _runs(numbers: Iterable[int]) -> list[str]:
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return [f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs]


def _paint_label(axes: Axes, label: Label, at: tuple[float, float]) -> None:
    to_data = axes.transData.inverted()
    x, y = to_data.transform((label.x, label.y))
    axes.text(
        x, y, label.text, ha=label.align, va="center", color=INK, linespacing=1.15, zorder=6, multialignment="left"
    )
    if label.is_far:
        axes.plot([at[0], x], [at[1], y], color=QUIET, linewidth=0.8, zorder=2, clip_on=False)


def _paint_key(figure: Figure, kinds: Sequence[str], width: float) -> None:
    left = _LEFT if width >= drawing.WIDTH else 0
    axes = drawing.place_axes(figure, 0, 6, width, _KEY_ROW * len(kinds))
    axes.set(xlim=(0, width), ylim=(0, len(kinds)))
    axes.axis("off")
    for row, kind in enumerate(reversed(kinds)):
        axes.plot([left + 12], [row + 0.5], linestyle="none", clip_on=False, **_LOOKS[kind])
        axes.text(left + 30, row + 0.5, words(f"chart-map.key-{kind}"), va="center", color=QUIET, fontsize=SMALL)


def _at(axes: Axes, at: tuple[float, float]) -> tuple[float, float]:
    x, y = axes.transData.transform(at)
    return float(x), float(y)


def _reach(kind: str) -> float:
    return {"pulse": 6, "full": 9}.get(kind, 12)
