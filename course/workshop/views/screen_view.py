"""What the screen shows of a session: the way in, and what the facilitator has shown, on pages that fit any screen.

All screens of a session show the same page, and the console turns it. What fits on one page is on one page; else each
block begins a page of its own. A chart has its pages to itself.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

from course.core.pages.design_tokens import token
from course.workshop.access.networks import Network
from course.workshop.rules.script_walk import NO_TURNS, PageTurns
from course.workshop.rules.session_model import SessionModel
from course.workshop.sessions.co_hosts import Pairing
from course.workshop.sessions.session import Session
from course.workshop.view_parts import BoundaryView, LineView, QuestionView, ResultView
from course.workshop.views.page_parts import boundaries_here, open_here, place_of, question_view, session_page
from course.workshop.views.page_views import JoinView, ScreenView, SheetView, TimerView, TroubleView
from course.workshop.views.result_views import chart_pages, parked_here, results_here
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


@dataclass
class WayIn:
    """What is known of the addresses at which phones come in.

    The screen may show one once a phone has reached it, or the facilitator says so.
    """

    reached: dict[str, str] = field(default_factory=dict)
    """The addresses that a phone has reached, with the time of day; without it, before the server was started again."""
    shown_anyway: set[str] = field(default_factory=set)
    """The addresses that the facilitator has put on the screen though no phone is known to have reached them."""

    def is_shown(self, address: str) -> bool:
        """Say whether the screen may show this address, with its QR code and the six letters."""
        return address in self.reached or address in self.shown_anyway


@dataclass(frozen=True)
class ServerInfo:
    """What a session's pages say of the server: where phones find it, and how."""

    address: str
    """What phones open, such as http://192.168.1.20:8890; this machine's own while phones are not let in."""
    is_secure: bool = False
    is_open: bool = False
    """Whether phones are let in anywhere."""
    is_public: bool = False
    """Whether they come in through a proxy at a public address."""
    proxy_port: int = 0
    networks: Sequence[Network] = ()
    """Where phones could be let in."""
    let_in: str = ""
    """Where they are, or empty."""
    troubles: Sequence[TroubleView] = ()
    """What keeps the server from its work."""
    way_in: WayIn = field(default_factory=WayIn)
    """Whether the screen may show the way in."""
    is_synthetic: bool = False
    """Whether a facilitator rehearses with made-up phones."""
    made_up: int = 0
    """How many phones are made up where real ones have joined a rehearsal too."""
    has_login: bool = False
    """Whether facilitators log in, and have a page with all their sessions."""
    sessions: Sequence[Session] = ()
    """All sessions of the server, the latest first."""
    pairing: Callable[[str], Pairing] = lambda session_id: Pairing()
    """Returns the latest code that pairs a co-host with a session."""


def screen_view(
    session: Session, server: ServerInfo, now: float, pages: Sequence[SheetView] | None = None
) -> ScreenView:
    """Return what the screen shows: the way in, and what the facilitator has shown; `pages` where they are made."""
    model = session.model
    return {
        **session_page(session, f"/console/{session.id}/"),
        "step": place_of(model),
        "join": _join(session, server),
        "joined": model.joined,
        "timer": _timer(model, now),
        "results": results_here(session),
        "boundaries": boundaries_here(model),
        "parked": parked_here(model),
        "open": [question_view(model, question) for question in open_here(model)],
        "page": page_here(model, screen_pages(session) if pages is None else pages),
        "is_synthetic": server.is_synthetic,
        "made_up": server.made_up,
    }


def _join(session: Session, server: ServerInfo) -> JoinView:
    is_shut = session.model.state.is_shut
    is_shown = session.is_open and not is_shut and server.way_in.is_shown(server.address)
    return {
        "address": server.address if is_shown else "",
        "code": session.access.code if is_shown else "",
        "qr": qr_code(f"{server.address}/j/{session.access.link}") if is_shown else "",
        "secure": server.is_secure,
        "is_shut": is_shut,
    }


@functools.lru_cache(maxsize=32)
def qr_code(link: str) -> str:
    """Return the QR code of a link as SVG."""
    import segno

    return segno.make(link, error="m", micro=False).svg_inline(scale=8, border=4, omitsize=True, light=token("paper"))


def _timer(model: SessionModel, now: float) -> TimerView | None:
    if not model.state.timer_of:
        return None
    left = min(model.state.timer_of, max(0, round(model.state.timer_ends - now)))
    return {"left": left, "of": model.state.timer_of}


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
