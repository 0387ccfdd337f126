"""What the file of a follow-up's script says of the earlier session, and which questions are about it."""

from __future__ import annotations

from course.workshop.earlier_promises import PROMISES, RATINGS
from course.workshop.record.record_file import read_record
from course.workshop.record.session_record import SessionRecord
from course.workshop.script_syntax import ScriptTable


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
