"""What a follow-up takes from the record of an earlier session: what people promised, and how they rated themselves.

The file of its script has the record at its end, and says which questions are about it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from course.content.scales import find_scale
from course.privacy import Distribution
from course.privacy.earlier_session import published_totals
from course.workshop.record_file import read_record
from course.workshop.script.script_syntax import ScriptTable
from course.workshop.view_parts import ChartPart, ChartSpec, ParkedLine, SessionRecord, Shown

BOUNDARIES: Final = "boundaries"
PROMISES: Final = (BOUNDARIES, "parked", "now", "ours")
"""What people promised, by the lists of a record."""
RATINGS: Final = "ratings"


def kept_for_follow_up(record: SessionRecord, before: Sequence[SessionRecord] = ()) -> SessionRecord:
    """Return of a record what a follow-up needs, so that nothing else of the earlier session is stored again.

    Of records from before that session, it has the totals of ratings after its own: new ones are held against them.
    """
    charts = [chart for each in (record, *before) for chart in each["charts"] if chart["spec"]["kind"] == "rate"]
    return {**record, "lists": [], "thanks": [], "charts": charts}


def read_earlier(table: ScriptTable) -> SessionRecord | None:
    """Return what `follow_up` has put at the end of the file; None in any other script."""
    if "earlier" not in table:
        return None
    saved = ScriptTable(table.values["earlier"], "table", {"saved"}, table.place)
    return read_record(saved.text("saved").encode(), table.place.name)


def read_source(table: ScriptTable, kind: str, earlier: SessionRecord | None) -> str:
    """Return what of an earlier session a question is about; nothing where it is about none.

    Raises BadContent where there is no earlier session.
    """
    if kind != "promises" and (kind != "rate" or "from" not in table):
        return ""
    if earlier is None:
        hint = "Start it with the file that was saved: course workshop --follow-up FILE"
        raise table.bad("this question is about an earlier session", hint, "from")
    source = table.text("from")
    sources = PROMISES if kind == "promises" else (RATINGS,)
    if source not in sources:
        raise table.bad(f"there is nothing “{source}” to ask about", f"Use one of: {', '.join(sources)}.", "from")
    return source


def promise_texts(record: SessionRecord, source: str) -> list[str]:
    """Return what people promised, without the fixed boundary; a parked line with who, where and by when."""
    if source == "parked":
        return [_parked_text(line) for line in record["parked"]]
    if source == "now":
        return record["now"]
    if source == "ours":
        return record["ours"]
    return [line["text"] for line in record["boundaries"] if not line["fixed"]]


def _parked_text(line: ParkedLine) -> str:
    """Return a parked line as one text.

    >>> _parked_text({"text": "Who decides?", "owner": "Sam", "place": "", "date": "12 January"})
    'Who decides? · Sam · 12 January'
    """
    return " · ".join(filter(None, (line["text"], line["owner"], line["place"], line["date"])))


def first_ratings(record: SessionRecord, slug: str, scale: str) -> ChartSpec | None:
    """Return how people rated themselves first, as the chart of an earlier time of the question `slug`.

    A statement that reads in another way today is left out: it was another question.
    """
    spec, today = _first_rating(record), {item.code: item.text for item in find_scale(scale).items}
    if spec is None:
        return None
    parts = {part["part"].rpartition(".")[2]: part for part in spec["parts"]}
    same: list[ChartPart] = [
        {**part, "part": f"{slug}.{code}"} for code, part in parts.items() if today.get(code) == part["text"]
    ]
    return {"kind": spec["kind"], "title": spec["title"], "parts": same, "earlier": None} if same else None


def _first_rating(record: SessionRecord) -> ChartSpec | None:
    return next((chart["spec"] for chart in record["charts"] if chart["spec"]["kind"] == "rate"), None)


def published_ratings(record: SessionRecord, code: str, scale: str) -> list[Distribution]:
    """Return all totals of a statement that a record has, if it reads as it does today.

    They are those of each time that the session rated it, and those that stood beside them, of the session before.
    """
    text = {item.code: item.text for item in find_scale(scale).items}.get(code)
    specs = [spec for chart in record["charts"] for spec in (chart["spec"], chart["spec"]["earlier"]) if spec]
    ratings = [part for spec in specs if spec["kind"] == "rate" for part in spec["parts"]]
    same = [part for part in ratings if part["part"].rpartition(".")[2] == code and part["text"] == text]
    return [totals for part in same if (totals := _as_distribution(part["shown"]))]


def _as_distribution(shown: Shown | None) -> Distribution | None:
    """Return published counts of a rating as `course.privacy` has them; None where a notice was published."""
    if not shown or "counts" not in shown:
        return None
    return published_totals(shown["counts"], shown["people"], in_bands=shown["in_bands"])
