"""The course's emblem: its map, small. A soft band parts the four corners, and a way leads from one to the next.

It is drawn in the colour of the words around it, so that it holds on dark pages, on paper and in high contrast.
It says nothing that words do not say: wherever it stands, the name of the course or the page stands beside it.
"""

from __future__ import annotations

import functools
from typing import Final
from urllib.parse import quote

from course.core.pages.design_tokens import dark, token
from course.core.pages.html import Markup, element, fragment, style_element

_VIEW: Final = "0 0 32 32"
_FRAME: Final = {
    "x": 2, "y": 2, "width": 28, "height": 28, "rx": 5, "fill": "none", "stroke": "currentColor", "stroke-width": 2,
}  # fmt: skip
_BAND: Final = {"d": "M14 3h4v11h11v4h-11v11h-4v-11h-11v-4h11z", "fill": "currentColor", "opacity": 0.25}
_WAY: Final = {
    "d": "M8.5 24C12 22 18 18.5 22 11", "fill": "none", "stroke": "currentColor", "stroke-width": 2,
    "stroke-linecap": "round",
}  # fmt: skip
_FROM: Final = {"cx": 8.5, "cy": 23.8, "r": 2.2, "fill": "currentColor"}
_TO: Final = {"cx": 23, "cy": 9, "r": 4, "fill": "currentColor"}


@functools.cache
def emblem(size: int = 24) -> Markup:
    """Return the emblem as SVG to stand in a page, so many pixels wide and high; screen readers pass over it."""
    attributes = {
        "class": "course-emblem", "viewBox": _VIEW, "width": size, "height": size, "aria-hidden": "true",
        "focusable": "false",
    }  # fmt: skip
    return element("svg", attributes, _drawn())


@functools.cache
def icon_address() -> str:
    """Return the address of the emblem as a page's icon. The picture is in the address: nothing is loaded."""
    colours = f"svg{{color:{token('accent')}}}@media (prefers-color-scheme:dark){{svg{{color:{dark('accent')}}}}}"
    svg = element("svg", {"xmlns": "http://www.w3.org/2000/svg", "viewBox": _VIEW}, style_element(colours), _drawn())
    return f"data:image/svg+xml,{quote(svg)}"


def _drawn() -> Markup:
    return fragment(
        element("path", _BAND),
        element("rect", _FRAME),
        element("path", _WAY),
        element("circle", _FROM),
        element("circle", _TO),
    )
