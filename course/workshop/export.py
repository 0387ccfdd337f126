"""What the room may take away: boundaries, the parked list, thanks, and what was shown. Nothing else leaves it."""

from __future__ import annotations

import csv
import datetime
import io
from typing import Any, Final

from course.content import words
from course.content.dates import say_day
from course.workshop.counts import said_in_words
from course.workshop.live import Live
from course.workshop.script import Question
from course.workshop.session import OpenRoom
from course.workshop.view_lines import line_text, parked
from course.workshop.view_questions import boundaries
from course.workshop.view_results import chart_spec

Taken = dict[str, Any]
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
NEXT: Final = (4, 6)
"""After how many weeks, at the earliest and at the latest, the room rates itself again."""


def taken_away(room: OpenRoom, today: datetime.date, *, is_synthetic: bool = False) -> Taken:
    """Return it as plain data; of counts, only what the screen may show at this moment."""
    live = room.live
    shown = [question for question in live.script.questions() if live.state.standing(question.slug).is_shown]
    return {
        "title": live.script.title,
        "is_synthetic": is_synthetic,
        "made": say_day(today),
        "next": [say_day(today + datetime.timedelta(weeks=weeks)) for weeks in NEXT],
        "boundaries": boundaries(live),
        "parked": [_line(line) for line in parked(live)],
        "thanks": _thanks(live, shown),
        "charts": [
            {"question": one.slug, "prompt": one.prompt, "spec": chart_spec(live, one)}
            for one in shown
            if not one.is_written
        ],
    }


def to_csv(taken: Taken) -> bytes:
    """Return one table of all, that a spreadsheet opens without running anything."""
    rows = [["what", "question", "text", "answer", "count", "owner", "place", "date"]]
    if taken["is_synthetic"]:
        rows += [["synthetic", "", words("synthetic.label"), "", "", "", "", ""]]
    rows += [["next rating", "", " – ".join(taken["next"]), "", "", "", "", ""]]
    rows += [["boundary", one["question"], one["text"], "", "", "", "", ""] for one in taken["boundaries"]]
    rows += [["parked", "", one["text"], "", "", one["owner"], one["place"], one["date"]] for one in taken["parked"]]
    rows += [["thanks", wall["prompt"], text, "", "", "", "", ""] for wall in taken["thanks"] for text in wall["lines"]]
    rows += [row for chart in taken["charts"] for part in chart["spec"]["parts"] for row in _counts(chart, part)]
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([[_harmless(cell) for cell in row] for row in rows])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _counts(chart: Taken, part: Taken) -> list[list[str]]:
    shown = part["shown"] or {}
    if "counts" not in shown:
        said = said_in_words(shown, part["options"])
        return [["count", chart["prompt"], part["text"], said, "", "", "", ""]]
    return [
        ["count", chart["prompt"], part["text"], part["options"].get(answer, answer), str(count), "", "", ""]
        for answer, count in shown["counts"].items()
    ]


def _thanks(live: Live, shown: list[Question]) -> list[Taken]:
    return [
        {"prompt": one.prompt, "lines": [line_text(live, line) for line in live.walls.shown(one)]}
        for one in shown
        if one.kind == "thanks"
    ]


def _line(line: Taken) -> Taken:
    return {name: line[name] for name in ("text", "owner", "place", "date")}


def _harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula.

    >>> _harmless("=1+1"), _harmless("so be it")
    ("'=1+1", 'so be it')
    """
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
