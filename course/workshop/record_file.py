"""The file of a session's record: written as JSON, and read again by a strict reader, as it may come from anybody.

What is read has the shape of `SessionRecord` and nothing else; texts are cleaned as those of phones are. A file of
version 1 lacks the fields that version 2 has added. Counts that `course.privacy` would never have released are refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

from course.content import edition_language, words
from course.core.errors import BadSessionFile, SessionRefused
from course.privacy import MIN_CELL, MIN_GROUP
from course.workshop.plain_text import clean_text
from course.workshop.view_parts import (
    RECORD_FORMAT,
    RECORD_VERSION,
    BoundaryView,
    ChartPart,
    ChartSpec,
    ExportedChart,
    ParkedLine,
    SessionRecord,
    Shown,
    ThanksWall,
    WrittenList,
)
from course.workshop.wire import MOST_DAYS

LARGEST: Final = 4 * 2**20
"""In bytes: a thousand people have thanked one another in less."""
MOST_LINES: Final = 2000
MOST_CHARTS: Final = 60
MOST_PARTS: Final = 200
MOST_ANSWERS: Final = 20
MOST_PEOPLE: Final = 100_000
LONGEST: Final = 500
"""The longest text, in letters; what people wrote is shorter."""
_NOTICES: Final = ("not-yet", "not-enough", "close-together", "spread", "not-beside", "five-or-more")
_KINDS: Final = ("rate", "vote", "keep", "sort", "promises")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")

Item = TypeVar("Item")


class _Misfit(ValueError):
    """Something in a file is not as it should be; the text says where."""


def record_bytes(record: SessionRecord) -> bytes:
    """Return the file of a record."""
    return json.dumps(record, ensure_ascii=False, indent=1).encode()


def read_record_file(path: Path) -> SessionRecord:
    """Return the record in a file that a session was saved in; raises BadSessionFile for any other."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise BadSessionFile(
            words("session-file.not-read", name=path.name, reason=reason), words("session-file.hint")
        ) from error
    return read_record(data, path.name)


def read_record(data: bytes, name: str) -> SessionRecord:
    """Return the record that a file of that name holds; raises BadSessionFile with the place that is not as it is."""
    if len(data) > LARGEST:
        raise BadSessionFile(words("session-file.too-big", name=name), words("session-file.hint"))
    try:
        values = json.loads(data.decode("utf-8-sig"), parse_constant=_no_constant)
        if not isinstance(values, dict):
            raise _Misfit("{}")
        version = _version(values)
        if isinstance(version, int) and version > RECORD_VERSION:
            raise BadSessionFile(words("session-file.too-new", name=name), words("session-file.too-new-hint"))
        return _record(_Fields(values, ""), version)
    except _Misfit as misfit:
        raise BadSessionFile(
            words("session-file.misfit", name=name, place=misfit), words("session-file.hint")
        ) from misfit
    except (ValueError, RecursionError) as error:
        if isinstance(error, BadSessionFile):
            raise
        raise BadSessionFile(words("session-file.other", name=name), words("session-file.hint")) from error


def _version(values: Mapping[str, object]) -> int:
    """Return the version of a file: 1 of one that names none and has what such files had."""
    if "format" not in values and "version" not in values and {"boundaries", "parked", "charts"} <= values.keys():
        return 1
    version = values.get("version")
    if (
        values.get("format") != RECORD_FORMAT
        or not isinstance(version, int)
        or isinstance(version, bool)
        or version < 2
    ):
        raise _Misfit("format")
    return version


def _no_constant(name: str) -> object:
    raise ValueError(name)


class _Fields:
    """The fields of one object; each is taken once, and none may be left."""

    def __init__(self, values: object, place: str) -> None:
        if not isinstance(values, dict):
            raise _Misfit(place)
        self._left = dict(values)
        self._place = place

    def __contains__(self, key: str) -> bool:
        return key in self._left

    def at(self, key: str) -> str:
        """Return the place of a field, as in “parked 2 owner”."""
        return f"{self._place} {key}".strip()

    def take(self, key: str) -> Any:
        """Take out a field that must be there."""
        if key not in self._left:
            raise _Misfit(self.at(key))
        return self._left.pop(key)

    def text(self, key: str, most: int = LONGEST) -> str:
        """Take out a text, cleaned."""
        return _text(self.take(key), self.at(key), most)

    def one_of(self, key: str, choices: tuple[str, ...]) -> str:
        """Take out one of these texts."""
        value = self.take(key)
        if value not in choices:
            raise _Misfit(self.at(key))
        return str(value)

    def flag(self, key: str) -> bool:
        """Take out true or false."""
        value = self.take(key)
        if not isinstance(value, bool):
            raise _Misfit(self.at(key))
        return value

    def whole(self, key: str, most: int) -> int:
        """Take out a whole number from 0."""
        return _whole(self.take(key), self.at(key), most)

    def each(self, key: str, read: Callable[[object, str], Item], most: int = MOST_LINES) -> list[Item]:
        """Take out a list, each item of it read."""
        values = self.take(key)
        if not isinstance(values, list) or len(values) > most:
            raise _Misfit(self.at(key))
        return [read(value, f"{self.at(key)} {number}") for number, value in enumerate(values, start=1)]

    def by_name(self, key: str, read: Callable[[object, str], Item]) -> dict[str, Item]:
        """Take out an object with names of its own, each value of it read."""
        values = self.take(key)
        if not isinstance(values, dict) or len(values) > MOST_ANSWERS:
            raise _Misfit(self.at(key))
        names = {_text(name, self.at(key), 40): value for name, value in values.items()}
        return {name: read(value, f"{self.at(key)} {name}") for name, value in names.items()}

    def end(self) -> None:
        """Refuse a field that nobody knows."""
        if self._left:
            raise _Misfit(self.at(str(next(iter(self._left)))[:40]))


def _text(value: object, place: str, most: int = LONGEST) -> str:
    try:
        return clean_text(value, most)
    except SessionRefused:
        raise _Misfit(place) from None


def _whole(value: object, place: str, most: int = MOST_PEOPLE) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        raise _Misfit(place)
    return value


def _record(fields: _Fields, version: int) -> SessionRecord:
    is_first = version == 1
    record: SessionRecord = {
        "format": RECORD_FORMAT,
        "version": RECORD_VERSION,
        "title": fields.text("title") if "title" in fields or not is_first else "",
        "language": edition_language().tag if is_first else _language(fields),
        "is_synthetic": fields.flag("is_synthetic") if "is_synthetic" in fields or not is_first else False,
        "made": fields.text("made", 60) if "made" in fields or not is_first else "",
        "keep_days": _keep_days(fields),
        "boundaries": fields.each("boundaries", _boundary),
        "lists": [] if is_first else fields.each("lists", _list),
        "now": [] if is_first else fields.each("now", _text),
        "ours": [] if is_first else fields.each("ours", _text),
        "parked": fields.each("parked", _parked),
        "thanks": fields.each("thanks", _thanks) if "thanks" in fields or not is_first else [],
        "charts": fields.each("charts", _chart, MOST_CHARTS),
    }
    if is_first and "next" in fields:
        fields.take("next")
    if not is_first:
        for key in ("format", "version"):
            fields.take(key)
    fields.end()
    return record


def _keep_days(fields: _Fields) -> int | None:
    value = fields.take("keep_days") if "keep_days" in fields else None
    return None if value is None else _whole(value, fields.at("keep_days"), MOST_DAYS)


def _language(fields: _Fields) -> str:
    tag = fields.text("language", 35)
    if not _LANGUAGE.fullmatch(tag):
        raise _Misfit(fields.at("language"))
    return tag


def _boundary(value: object, place: str) -> BoundaryView:
    fields = _Fields(value, place)
    boundary: BoundaryView = {
        "question": fields.text("question", 40),
        "line": fields.text("line", 40),
        "text": fields.text("text"),
        "fixed": fields.flag("fixed"),
    }
    fields.end()
    return boundary


def _parked(value: object, place: str) -> ParkedLine:
    fields = _Fields(value, place)
    parked: ParkedLine = {
        "text": fields.text("text"),
        "owner": fields.text("owner"),
        "place": fields.text("place"),
        "date": fields.text("date"),
    }
    fields.end()
    return parked


def _list(value: object, place: str) -> WrittenList:
    fields = _Fields(value, place)
    written: WrittenList = {
        "question": fields.text("question", 40),
        "kind": fields.one_of("kind", ("lines", "taking-away")),
        "prompt": fields.text("prompt"),
        "lines": fields.each("lines", _text),
    }
    fields.end()
    return written


def _thanks(value: object, place: str) -> ThanksWall:
    fields = _Fields(value, place)
    wall: ThanksWall = {
        "prompt": fields.text("prompt"),
        "lines": fields.each("lines", lambda line, where: _text(line, where, 4 * LONGEST)),
    }
    fields.end()
    return wall


def _chart(value: object, place: str) -> ExportedChart:
    fields = _Fields(value, place)
    chart: ExportedChart = {
        "question": fields.text("question", 40),
        "prompt": fields.text("prompt"),
        "spec": _spec(fields.take("spec"), fields.at("spec")),
    }
    fields.end()
    return chart


def _spec(value: object, place: str, *, is_earlier: bool = False) -> ChartSpec:
    fields = _Fields(value, place)
    kind = fields.one_of("kind", _KINDS)
    earlier = fields.take("earlier")
    if earlier is not None and is_earlier:
        raise _Misfit(fields.at("earlier"))
    spec: ChartSpec = {
        "kind": kind,
        "title": fields.text("title"),
        "parts": fields.each("parts", _part, MOST_PARTS),
        "earlier": None if earlier is None else _spec(earlier, fields.at("earlier"), is_earlier=True),
    }
    if "earlier_day" in fields:
        spec["earlier_day"] = fields.text("earlier_day", 60)
    fields.end()
    return spec


def _part(value: object, place: str) -> ChartPart:
    fields = _Fields(value, place)
    options = fields.by_name("options", _text)
    part: ChartPart = {
        "part": fields.text("part", 90),
        "text": fields.text("text"),
        "options": options,
        "fixed": fields.flag("fixed"),
        "shown": _shown(fields.take("shown"), fields.at("shown"), options),
    }
    if "stem" in fields:
        part["stem"] = fields.text("stem")
    if "short" in fields:
        part["short"] = fields.text("short")
    fields.end()
    return part


def _shown(value: object, place: str, options: Mapping[str, str]) -> Shown | None:
    if value is None:
        return None
    fields = _Fields(value, place)
    shown: Shown
    if "said" in fields:
        said, option = fields.one_of("said", _NOTICES), fields.take("option")
        if option != "" and option not in options:
            raise _Misfit(fields.at("option"))
        shown = {"said": said, "option": option}
    else:
        in_bands = fields.flag("in_bands")
        counts = fields.by_name("counts", _whole)
        people = fields.whole("people", MOST_PEOPLE)
        if not in_bands and counts.keys() - options.keys():
            raise _Misfit(fields.at("counts"))
        if people < (MIN_CELL if in_bands else MIN_GROUP) or sum(counts.values()) != people:
            raise _Misfit(fields.at("people"))
        shown = {"counts": counts, "people": people, "in_bands": in_bands}
    fields.end()
    return shown
