"""The pages of the screen: what is shown of a step, shared out so that each page fits any screen from 4 to 3 on.

All screens of a session show the same page, and the console turns it. What fits on one page is on one page; else each
block begins a page of its own. A chart has its pages to itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from course.workshop.rules.script_walk import NO_TURNS, PageTurns
from course.workshop.rules.session_model import SessionModel
from course.workshop.sessions.session import Session
from course.workshop.view_parts import BoundaryView, LineView, QuestionView, ResultView
from course.workshop.views.page_views import SheetView
from course.workshop.views.question_views import question_view
from course.workshop.views.result_views import chart_pages, parked_here, results_here
from course.workshop.views.session_page import boundaries_here, open_here
from course.workshop.views.text_height import LEADING, SHEET_HEIGHT, SHEET_WIDTH, heights_in, in_even_parts, text_height

Item = TypeVar("Item")
BOUNDARIES: Final = "boundaries"
PARKED: Final = "parked"
"""What a page is about that is about no question."""
_HEADING: Final = 3.0
_GAP: Final = 1.0
"""Between blocks, and between the items of one."""
_COLUMN_WIDTHS: Final = [(SHEET_WIDTH - (columns - 1) * 1.5) / columns - 2 for columns in range(1, 5)]
"""How wide the words of a line get in one column, in each of two, and so on."""
_TAG: Final = " (999 said this) Ours to settle"
"""As long as what may stand behind a line."""


def screen_pages(session: Session) -> list[SheetView]:
    """Return the pages of what is shown in this step, at least one."""
    model = session.model
    opened = [question_view(model, question) for question in open_here(model)]
    asked = [_without_boundaries(question) for question in opened if not question["is_shown"]]
    boundaries, parked, results = boundaries_here(model), parked_here(model), results_here(session)
    walls = [wall for result in results if not result["chart"] for wall in _wall_of(result)]
    heights = [_open_height(asked), _list_height(boundaries), _table_height(parked), *map(_result_height, walls)]
    if sum(heights) <= SHEET_HEIGHT:
        together = _page(asked=asked, boundaries=boundaries, parked=parked, results=walls)
        texts = [together] if any(heights) else []
    else:
        texts = [_page(asked=[part]) for question in asked for part in _question_pages(question)]
        texts += [_page(boundaries=lines) for lines in _split(boundaries, _list_height)]
        texts += [_page(parked=lines) for lines in _split(parked, _table_height)]
        texts += [_page(results=[part]) for wall in walls for part in _wall_pages(wall)]
    charted = [part for result in results if result["chart"] for part in chart_pages(session, result)]
    charts = [_page(results=[part]) for part in charted]
    pages = [*texts, *charts] or [_page()]
    return [{**page, "number": number, "of": len(pages)} for number, page in enumerate(pages, start=1)]


def page_here(model: SessionModel, pages: Sequence[SheetView]) -> SheetView:
    """Return the page that the screen shows: the one the console turned to, else the first of what came last."""
    state = model.state
    if state.page:
        return pages[min(state.page, len(pages)) - 1]
    return next((page for page in pages if state.page_of in page["about"]), pages[0])


def page_turns(session: Session, pages: Sequence[SheetView] | None = None) -> PageTurns:
    """Return the pages to which the screen can be turned from the one it shows, of what came last there.

    At the beginning of a step that is all of its pages. To pages of other things, the console turns by their number.
    """
    pages = screen_pages(session) if pages is None else pages
    about, here = session.model.state.page_of, page_here(session.model, pages)["number"]
    own_pages = {page["number"] for page in pages if not about or about in page["about"]}
    if here not in own_pages:
        return NO_TURNS
    return PageTurns(before=here - 1 if here - 1 in own_pages else 0, after=here + 1 if here + 1 in own_pages else 0)


def _page(
    asked: Sequence[QuestionView] = (),
    boundaries: Sequence[BoundaryView] = (),
    parked: Sequence[LineView] = (),
    results: Sequence[ResultView] = (),
) -> SheetView:
    about = [question["question"] for question in asked] + [result["question"] for result in results]
    about += [BOUNDARIES] if boundaries else []
    about += [PARKED] if parked else []
    return {
        "number": 1,
        "of": 1,
        "about": about,
        "open": list(asked),
        "boundaries": list(boundaries),
        "parked": list(parked),
        "results": list(results),
    }


def _split(items: Sequence[Item], height: Callable[[Sequence[Item]], float]) -> list[list[Item]]:
    """Share items out to as few pages as they need, as evenly as that is possible."""
    pages: list[list[Item]] = []
    for item in items:
        if pages and height([*pages[-1], item]) <= SHEET_HEIGHT:
            pages[-1].append(item)
        else:
            pages.append([item])
    even = in_even_parts(items, -(-len(items) // len(pages))) if pages else []
    return even if all(height(page) <= SHEET_HEIGHT for page in even) else pages


# Walls


def _wall_of(result: ResultView) -> list[ResultView]:
    """Return a wall without its parked lines, which stand elsewhere; nothing where all are parked."""
    lines = [line for line in result["lines"] if line["settled"] != "park"]
    return [{**result, "lines": lines}] if lines or not result["lines"] else []


def _wall_pages(wall: ResultView) -> list[ResultView]:
    if not wall["lines"]:
        return [wall]
    measured = [(line, _line_heights(line)) for line in wall["lines"]]
    pages = _split(measured, lambda page: _wall_height([heights for _, heights in page]))
    return [{**wall, "lines": [line for line, _ in page]} for page in pages]


def _result_height(wall: ResultView) -> float:
    return _wall_height([_line_heights(line) for line in wall["lines"]])


def _wall_height(lines: Sequence[Sequence[float]]) -> float:
    """Return the height of a wall in as many columns as suit it; each line has its height by the number of columns."""
    if not lines:
        return _HEADING + 2 * LEADING
    by_columns: list[tuple[float, ...]] = list(zip(*lines, strict=True))
    # A column that fits no more leaves its room empty: the highest line more is needed at most.
    return (
        _HEADING
        + _GAP
        + min(
            sum(heights) / columns + max(heights) * (columns - 1) / columns
            for columns, heights in enumerate(by_columns, start=1)
        )
    )


def _line_heights(line: LineView) -> list[float]:
    return [height + 1.2 for height in heights_in(_line_text(line), _COLUMN_WIDTHS)]


def _line_text(line: LineView) -> str:
    return line["text"] + (_TAG if line["count"] > 1 or line["settled"] else "")


# What else stands on pages


def _open_height(questions: Sequence[QuestionView]) -> float:
    if not questions:
        return 0
    prompts = sum(text_height(question["prompt"], SHEET_WIDTH, 1.4) + _GAP for question in questions)
    votes = [question for question in questions if question["kind"] == "vote"]
    options = [label for question in votes for label in question["parts"][0]["options"].values()]
    promises = [part["text"] for question in questions if question["kind"] == "promises" for part in question["parts"]]
    lines = sum(text_height(text, SHEET_WIDTH - 3) + 1 for text in promises)
    return _HEADING + prompts + sum(text_height(label, SHEET_WIDTH - 3, 1.2) + 0.4 for label in options) + lines


def _without_boundaries(question: QuestionView) -> QuestionView:
    """Return an open question without the boundaries that it asks about, as they have a block of their own."""
    is_about_them = question["kind"] == "promises" and any(part["fixed"] for part in question["parts"])
    return {**question, "parts": []} if is_about_them else question


def _question_pages(question: QuestionView) -> list[QuestionView]:
    """Return a question with no more of the promises that it asks about than a page has room for."""
    if question["kind"] != "promises" or not question["parts"]:
        return [question]
    shares = _split(question["parts"], lambda parts: _open_height([{**question, "parts": list(parts)}]))
    return [{**question, "parts": parts} for parts in shares]


def _list_height(lines: Sequence[BoundaryView]) -> float:
    if not lines:
        return 0
    return _HEADING + _GAP + sum(text_height(line["text"], SHEET_WIDTH - 3) + 0.7 for line in lines)


def _table_height(lines: Sequence[LineView]) -> float:
    """Return the height of the table of parked lines: the words in two fifths of its width, the rest in one each."""
    if not lines:
        return 0
    narrow, wide = SHEET_WIDTH / 5 - 1, 2 * SHEET_WIDTH / 5 - 1
    rows = [
        max(text_height(line["text"], wide), *(text_height(line[key], narrow) for key in ("owner", "place", "date")))
        for line in lines
    ]
    return _HEADING + _GAP + LEADING + sum(row + 1 for row in rows)
