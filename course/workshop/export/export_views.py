"""What a session may take away, as `export.html` and the other files get it."""

from __future__ import annotations

from typing import TypedDict

from course.workshop.page_views import PageView


class RowView(TypedDict):
    """One line of a section, with what there is beside it."""

    text: str
    owner: str
    place: str
    date: str
    said: str
    """What people answered about it, in words."""


class SectionView(TypedDict):
    """One part of what a session may take away; its heading is `prompt`, or the words `export.KEY`."""

    key: str
    prompt: str
    columns: list[str]
    """What stands beside each text, by the fields of a row; none where it is a plain list."""
    rows: list[RowView]


class ExportPage(PageView):
    """`export.html`: the sections, the charts as HTML, and in words when it was made and when people meet again."""

    is_synthetic: bool
    made: str
    sections: list[SectionView]
    drawn: list[str]
    keep_days: int | None
    next: list[str]
