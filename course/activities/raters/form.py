"""The printed way of “How others see me”: one page with the forms for raters, and the sheet for who counts them.

The page is one HTML file of its own: it asks no other machine for anything, and prints on three sides of A4.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from course.content import edition_language, words
from course.content.scales import Item, Scale, find_scale
from course.core.pages.design_tokens import stylesheet
from course.core.pages.html import Content, Markup, element, single_file_page

_STYLE: Final = Path(__file__).with_name("form.css")
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
"""What the browser may load for the page: what is in it, and nothing else."""
_NO_POINT: Final = "–"
"""What stands in the box of who cannot judge."""


def rater_form_page() -> Markup:
    """Return the page as HTML: for who asks, the form for each person, and the tally sheet."""
    scale = find_scale("others")
    title = words("others-form.title")
    main = element("main", element("h1", title), _for_owner(), _form(scale), _tally_sheet(scale))
    language, css = edition_language().declared, stylesheet(_STYLE)
    return single_file_page(language, title, css, _POLICY, element("body", main))


def _for_owner() -> Markup:
    """Return the page that says which way suits whom, when not to do it, and how it goes."""
    return _section(
        "yours",
        element("p", words("others-form.intro")),
        element("p", element("strong", words("others-form.learning"))),
        element("h3", words("others-form.suits")),
        _list("ul", "suits", 3),
        element("h3", words("others-form.not-when")),
        _list("ul", "not-when", 3),
        element("h3", words("others-form.steps")),
        _list("ol", "steps", 5),
        element("p", element("strong", words("others-form.before"))),
    )


def _form(scale: Scale) -> Markup:
    """Return the form for one rater, with who sees what before the questions."""
    head = [element("th", {"scope": "col"}, label) for label in (*scale.points, scale.missing)]
    boxes = [*(str(number) for number in range(1, len(scale.points) + 1)), _NO_POINT]
    cells = [element("td", element("span", {"class": "box"}, box)) for box in boxes]
    return _section(
        "form",
        _list("ul", "form", 4),
        element("p", {"class": "stem"}, scale.stem),
        _table(words("others-form.mark"), head, scale.items, cells),
        element("p", {"class": "write"}, words("others-form.fold")),
    )


def _tally_sheet(scale: Scale) -> Markup:
    """Return the sheet of the third person: what to do, and room to count."""
    points = [f"{number} {label}" for number, label in scale.shown]
    names = (*points, scale.missing, words("others-form.sum"))
    head = [element("th", {"scope": "col"}, name) for name in names]
    return _section(
        "tally",
        element("ol", [element("li", words(f"others-form.tally-{n}", missing=scale.missing)) for n in range(1, 7)]),
        element("p", {"class": "write"}, words("others-form.number")),
        _table(words("others-form.strokes"), head, scale.items, [element("td") for _ in names], is_short=True),
    )


def _table(
    caption: str, head: Sequence[Markup], items: Sequence[Item], cells: Sequence[Markup], *, is_short: bool = False
) -> Markup:
    """Return a table with a row for each statement, which can be scrolled by itself where it has no room."""
    first = element("th", {"scope": "col"}, words("others-form.statements"))
    rows = [
        element("tr", element("th", {"scope": "row"}, f"{place}. {item.short if is_short else item.text}"), cells)
        for place, item in enumerate(items, start=1)
    ]
    table = element(
        "table",
        element("caption", caption),
        element("thead", element("tr", first, head)),
        element("tbody", rows),
    )
    return element("div", {"class": "table", "role": "region", "aria-label": caption, "tabindex": 0}, table)


def _list(tag: str, name: str, many: int) -> Markup:
    return element(tag, [element("li", words(f"others-form.{name}-{number}")) for number in range(1, many + 1)])


def _section(name: str, *content: Content) -> Markup:
    return element("section", {"class": name}, element("h2", words(f"others-form.{name}")), *content)
