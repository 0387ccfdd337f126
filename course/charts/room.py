"""Charts of people in a room: a vote before and after they talked (Ch8), and the walls of what they wrote (Ch10).

A wall is a plain list in large type. Each line was approved by a person before it comes here, and carries neither a
time nor a name of its writer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from course.charts.chart import Chart, Table, as_sentence, percent_of, percent_text, quoted_list, table_of_blocks
from course.charts.kit import drawing
from course.charts.kit.drawing import KEY_ROW, Canvas, Panel
from course.charts.kit.layout import Point, line_count, text_width, wrap
from course.charts.kit.palette import BLUE, INK, NARROW, NORMAL, PAPER, RUST_SOFT, SMALL, WIDTH
from course.charts.kit.shapes import BlockStyle, Picture
from course.content import all_of, words
from course.core.pages.design_tokens import stylesheet
from course.core.pages.html import Markup, element, fragment, style_element
from course.core.percentages import whole_percent

_STYLES: Final = (BlockStyle(RUST_SOFT, is_hatched=True), BlockStyle(BLUE, PAPER))
"""Of the first vote and the second."""
_MARGIN, _LINE, _BAR, _GAP, _SPACE = 8, 19, 20, 3, 14
_BESIDE: Final = 0.38
"""How much of a picture's width the names take that are beside their bars."""


@dataclass(frozen=True)
class Vote:
    """One vote with what may be shown of it."""

    answers: int = 0
    counts: Mapping[str, int | None] = field(default_factory=dict)
    """How many chose each option, by its letter; None for a number that is not shown. Empty where no option may be
    shown, or the vote has not been shown."""
    reason: str = ""
    """Why there are no counts, where there are none."""

    @property
    def shown(self) -> Mapping[str, int]:
        """The counts that are shown."""
        return {letter: count for letter, count in self.counts.items() if count is not None}

    def share(self, letter: str) -> int | None:
        """Return how many chose an option as a whole percentage, or None where it is not shown."""
        count = self.counts.get(letter)
        return None if count is None else whole_percent(count, self.answers)


@dataclass(frozen=True)
class _OptionRow:
    """One option: its words, and its share in each vote as a whole percentage, None where it is not shown."""

    name: str
    shares: tuple[int | None, ...]


def vote_chart(
    options: Mapping[str, str],
    first: Vote,
    second: Vote | None = None,
    title: str = "",
    *,
    is_drawn: bool = True,
) -> Chart:
    """Return a bar for each option in each vote. `options` has the words of each option by its letter."""
    title = title or words("chart-vote.title")
    votes = {words("chart-vote.first" if second else "chart-vote.only"): first}
    votes |= {words("chart-vote.second"): second} if second else {}
    shown = {name: vote for name, vote in votes.items() if vote.shown}
    sentences = [
        sentence for name, vote in votes.items() for sentence in _sentences(options, name if second else "", vote)
    ]
    if not sentences:
        return Chart(title, words("chart-bars.too-few"))
    if len(shown) == 2:
        sentences += _biggest_move(options, first, second or first)
    if not shown:
        return Chart(title, " ".join(sentences))
    letters = [letter for letter in options if any(letter in vote.counts for vote in shown.values())]
    rows = [_OptionRow(options[letter], tuple(vote.share(letter) for vote in shown.values())) for letter in letters]
    picture = partial(_rows_picture, rows, list(shown))
    svg, narrow = (partial(drawing.draw_picture, partial(picture, width)) for width in (WIDTH, NARROW))
    return Chart(
        title,
        " ".join(sentences),
        _table(rows, list(shown)),
        svg() if is_drawn else "",
        narrow=narrow,
        at_width=picture,
    )


def _sentences(options: Mapping[str, str], name: str, vote: Vote) -> list[str]:
    """Say how many answered a vote and what most chose, or why that is not shown; of a lone vote without its name."""
    only = "" if name else "-only"
    if not vote.shown:
        reason = [words(f"chart-vote.said{only}", vote=name, said=as_sentence(vote.reason))]
        return reason if vote.reason else []
    most = max(vote.shown.values())
    chosen = quoted_list([options[letter] for letter, count in vote.shown.items() if count == most])
    key = "most" if list(vote.shown.values()).count(most) == 1 else "tie"
    share = percent_of(most, vote.answers)
    hidden = len(options) - len(vote.shown)
    before = [words("chart-vote.of-shown", shown=len(vote.shown), all=len(options))] if hidden else []
    return [words(f"chart-vote.{key}{only}", vote=name, n=vote.answers, option=chosen, percent=share), *before]


def _biggest_move(options: Mapping[str, str], first: Vote, second: Vote) -> list[str]:
    """Say which options moved most, of those that both votes show: what one loses another may gain."""
    moves = {
        letter: _percentage_points((count, first.answers), (second.shown[letter], second.answers))
        for letter, count in first.shown.items()
        if letter in second.shown
    }
    if not moves:
        return []
    farthest = max(map(abs, moves.values()))
    if not farthest:
        return [words("chart-vote.no-move" if len(moves) == len(options) else "chart-vote.no-move-shown")]
    said = [
        words("chart-vote.moved", option=quoted_list([options[letter]]), points=f"{move:+d}".replace("-", "−"))
        for letter, move in moves.items()
        if abs(move) == farthest
    ]
    return [words("chart-vote.move", moves=all_of(said))]


def _percentage_points(before: tuple[int, int], after: tuple[int, int]) -> int:
    """Return by how many percentage points a share moved, rounded once; a share is a count and its whole.

    >>> _percentage_points((12, 30), (6, 29))
    -19
    """
    (count, total), (later_count, later_total) = before, after
    return whole_percent(later_count * total - count * later_total, total * later_total) or 0


def _share_text(share: int | None) -> str:
    return words("chart-vote.few") if share is None else percent_text(share)


def _table(rows: Sequence[_OptionRow], votes: Sequence[str]) -> Table:
    cells = [(row.name, *map(_share_text, row.shares)) for row in rows]
    return Table(words("chart-vote.caption"), (words("chart-vote.option"), *votes), tuple(cells))


def _rows_picture(rows: Sequence[_OptionRow], votes: Sequence[str], width: float, is_beside: bool = False) -> Picture:
    """Return the picture of the options at a width.

    `votes` names the votes: one, or the first and the second. The name of an option is above its bars or beside them.
    """
    left = _BESIDE * width if is_beside else _MARGIN
    names = [wrap(row.name, NORMAL, (left if is_beside else width - _MARGIN) - _MARGIN) for row in rows]
    bars = (_BAR + _GAP) * len(votes)
    lines = [_LINE * line_count(name) for name in names]
    heights = [(max(line, bars) if is_beside else line + bars) + _SPACE for line in lines]
    styles = _STYLES if len(votes) > 1 else _STYLES[1:]
    keys = drawing.key_rows(votes, _MARGIN, width - _MARGIN) if len(votes) > 1 else []
    top = KEY_ROW * len(keys) + 8

    def paint(canvas: Canvas) -> None:
        page = canvas.page()
        drawing.paint_key(page, keys, 2, styles, votes)
        y: float = top
        for row, name, height in zip(rows, names, heights, strict=True):
            _paint_name(page, name, y + (0 if not is_beside else max(0, (bars - _LINE * line_count(name)) / 2)))
            _paint_bars(page, row, styles, (left, y + (0 if is_beside else _LINE * line_count(name) + 2)), width)
            y += height

    return drawing.picture_of(width, top + sum(heights), paint)


def _paint_name(page: Panel, name: str, y: float) -> None:
    page.text((_MARGIN, y), name, anchor="top", spacing=1.15, paper=1, layer=4)


def _paint_bars(page: Panel, row: _OptionRow, styles: Sequence[BlockStyle], corner: Point, width: float) -> None:
    left, y = corner
    unit = (width - left - _MARGIN - text_width("100 %", NORMAL) - 6) / 100
    for share, style in zip(row.shares, styles, strict=True):
        length = (share or 0) * unit
        if share:
            page.block((left, y), length, _BAR, style)
        elif share == 0:
            page.line([(left, y), (left, y + _BAR)], INK, 1.6)
        page.text((left + length + 6, y + _BAR / 2), _share_text(share), size=SMALL, paper=1, layer=4)
        y += _BAR + _GAP


_STYLE: Final = stylesheet(Path(__file__).with_name("wall.css"))


@dataclass(frozen=True)
class Parked:
    """A line that a group cannot settle now: who takes it, where, and by when."""

    text: str
    owner: str = ""
    place: str = ""
    date: str = ""


def wall_html(title: str, lines: Sequence[str], label: str = "") -> Markup:
    """Return a wall of approved lines in the order in which they were shuffled, or a sentence while it is empty.

    `label` says above it what kind of data this is.
    """
    if not lines:
        return _wall(title, label, element("p", words("chart-wall.empty")))
    return _wall(title, label, element("ul", {"role": "list"}, [element("li", line) for line in lines]))


def parked_html(title: str, lines: Sequence[Parked], label: str = "") -> Markup:
    """Return the parked lines with owner, place and date, or a sentence while there are none."""
    if not lines:
        return _wall(title, label, element("p", words("chart-wall.nothing-parked")))
    columns = [words(f"chart-wall.{name}") for name in ("line", "owner", "place", "date")]
    return _wall(title, label, table_of_blocks(columns, [_cells(line) for line in lines]))


def _cells(line: Parked) -> tuple[str, str, str, str]:
    return (line.text, line.owner or words("chart-wall.needed"), line.place, line.date)


def _wall(title: str, label: str, body: Markup) -> Markup:
    above = element("p", {"class": "course-label"}, label) if label else None
    section = element("section", {"class": "course-wall", "aria-label": title}, above, element("h2", title), body)
    return fragment(style_element(_STYLE), section)
