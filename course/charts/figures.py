"""The figures of the lessons: an idea drawn beside the words that explain it, the same for every learner.

A figure is a list that is drawn: its words are text on the page, read in order by a screen reader, and they wrap and
grow with the page. What is drawn around them adds nothing that they do not say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from course.content import edition_language, words
from course.content.scales import SIDES, map_lines, side_name
from course.core.errors import UnknownFigure
from course.core.pages.design_tokens import stylesheet
from course.core.pages.emblem import emblem
from course.core.pages.html import Content, Markup, element, fragment, style_element

_STYLE: Final = stylesheet(Path(__file__).with_name("figures.css"))
_CORNERS: Final = ("liked", "trusted", "unknown", "respected")
"""The corners of the map, row by row from the top."""
_ARROWS: Final[Mapping[str, str]] = {"competence": "M7 25H25M20 20l5 5-5 5", "caring": "M7 25V7M2 12l5-5 5 5"}
"""Each side as its arrow on the map: across, or up."""


def figure_html(name: str) -> Markup:
    """Return the figure of that name as HTML; raises UnknownFigure, which says the names that there are."""
    draw = FIGURES.get(name)
    if draw is None:
        raise UnknownFigure(f"No figure is called “{name}”.", f"Choose one of these: {', '.join(FIGURES)}.")
    attributes = {"class": "course-figure", **edition_language().declared}
    return fragment(style_element(_STYLE), element("figure", attributes, draw()))


def _two_questions() -> Markup:
    questions = [
        element(
            "li",
            _arrow(side),
            element("strong", words(f"figure-two-questions.{side}")),
            element("span", side_name(side)),
        )
        for side in SIDES
    ]
    together = element("p", {"class": "course-figure-together"}, emblem(32), words("figure-two-questions.together"))
    return fragment(_title(words("figure-two-questions.title")), _list("ul", "questions", questions), together)


def _four_corners() -> Markup:
    names = map_lines().names
    corners = [
        element(
            "li",
            {"class": "course-figure-trusted" if corner == "trusted" else None},
            element("strong", names[corner]),
            element("span", words(f"figure-four-corners.{corner}")),
        )
        for corner in _CORNERS
    ]
    return fragment(
        _title(words("figure-four-corners.title")),
        element("p", {"class": "course-figure-up"}, _sign("↑ "), side_name("caring")),
        _list("ul", "corners", corners),
        element("p", {"class": "course-figure-across"}, side_name("competence"), _sign(" →")),
    )


def _stages_of_trust() -> Markup:
    stages = [element("li", element("span", words(f"figure-stages-of-trust.step-{number}"))) for number in range(1, 4)]
    return fragment(_title(words("figure-stages-of-trust.title")), _list("ol", "stages", stages))


def _steps_of_repair() -> Markup:
    steps = [
        element(
            "li",
            element("strong", words(f"figure-steps-of-repair.step-{number}")),
            element("span", words(f"figure-steps-of-repair.step-{number}-detail")),
        )
        for number in range(1, 5)
    ]
    return fragment(_title(words("figure-steps-of-repair.title")), _list("ol", "steps", steps))


def _title(title: str) -> Markup:
    return element("figcaption", title)


def _list(tag: str, kind: str, items: list[Markup]) -> Markup:
    """Return a list; its role says that it is one also where its style takes the marks away."""
    return element(tag, {"class": f"course-figure-{kind}", "role": "list"}, items)


def _sign(sign: str) -> Content:
    return element("span", {"aria-hidden": "true"}, sign)


def _arrow(side: str) -> Markup:
    axes = element("path", {"d": "M7 3V25H29", "opacity": 0.35})
    arrow = element("path", {"d": _ARROWS[side], "stroke-width": 3})
    attributes = {
        "viewBox": "0 0 32 32", "width": 40, "height": 40, "fill": "none", "stroke": "currentColor",
        "stroke-width": 2, "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true",
        "focusable": "false",
    }  # fmt: skip
    return element("svg", attributes, axes, arrow)


FIGURES: Final[Mapping[str, Callable[[], Markup]]] = {
    "two-questions": _two_questions,
    "four-corners": _four_corners,
    "stages-of-trust": _stages_of_trust,
    "steps-of-repair": _steps_of_repair,
}
"""What draws each figure, by the name that a lesson calls it by."""
