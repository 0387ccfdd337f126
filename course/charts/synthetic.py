"""The label on whatever is drawn from made-up answers: above it, in its words, its table and its picture."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from html import escape
from typing import Final

from course.charts.chart import Chart
from course.charts.drawing import INK, PAPER, SMALL
from course.charts.plan import Plan
from course.content import words

_STRIP: Final = 24
"""How much higher a picture becomes for its label."""
_SIZE: Final = re.compile(r'height="[\d.]+pt" viewBox="0 0 ([\d.]+) ([\d.]+)"')


def labelled(thing: Chart | Plan) -> Chart | Plan:
    """Return a chart, or a plan whose charts have it already, with the label."""
    label = words("synthetic.label")
    if isinstance(thing, Plan):
        return replace(thing, label=label)
    return replace(
        thing,
        heading=f"{label} {thing.heading}".strip(),
        alt=f"{label} {thing.alt}",
        table=thing.table and replace(thing.table, caption=f"{label} {thing.table.caption}"),
        svg=stamp(thing.svg, label),
        narrow=thing.narrow and partial(_narrow, thing.narrow, label),
    )


def _narrow(draw: Callable[[], str], label: str) -> str:
    """Return the picture for a narrow page, with the label too."""
    return stamp(draw(), label)


def stamp(svg: str, label: str) -> str:
    """Return a picture with the label in a strip of its own below, so that it goes wherever the picture goes."""
    size = _SIZE.search(svg)
    if size is None:
        return svg
    wide, high = size[1], float(size[2])
    strip = (
        f'<rect x="0" y="{high:g}" width="{wide}" height="{_STRIP}" style="fill: {PAPER}"/>'
        f'<text x="8" y="{high + 16:g}" style="font: {SMALL}px sans-serif; fill: {INK}">{escape(label)}</text>'
    )
    taller = f'height="{high + _STRIP:g}pt" viewBox="0 0 {wide} {high + _STRIP:g}"'
    return svg.replace(size[0], taller, 1).replace("</svg>", f"{strip}</svg>")
