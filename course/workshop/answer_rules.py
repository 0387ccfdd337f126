"""What a phone may answer: checked, cleaned and cut to plain data."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from typing import Any, Final

from course.content import words
from course.content.scales import find_scale
from course.core.errors import RatingOutOfRange, RoomRefused
from course.workshop.script import Question

Answer = str | int | dict[str, Any]
"""A letter or key, a rating, a text, or texts by field."""
MOST_REVISIONS: Final = 10**9


def check(question: Question, given: object) -> Answer | None:
    """Return the answer as it is kept, or None for Skip; raise RoomRefused for anything else.

    >>> check(Question("leak", "vote", "What first?", options={"A": "Ask", "B": "Wait"}), "A")
    'A'
    """
    if given is None:
        return None
    if question.kind == "rate":
        return _rating(question, given)
    if question.kind in ("vote", "keep", "sort"):
        if isinstance(given, str) and given in question.options:
            return given
        raise refused("not-an-option")
    if question.fields:
        return _fields(question, given)
    return text(given, question.most) or None


def _rating(question: Question, given: object) -> Answer:
    """Return a rating or “Can't say”, also as a form sends it."""
    number = int(given) if isinstance(given, str) and given.isascii() and given.isdigit() and len(given) < 3 else given
    try:
        find_scale(question.scale).check(number)
    except RatingOutOfRange:
        raise refused("not-an-option") from None
    return number if isinstance(number, int | str) else ""


def _fields(question: Question, given: object) -> Answer | None:
    """Return the texts by field; what stays private is not kept at all."""
    allowed = {*question.fields, *(("show",) if question.kind == "commitment" else ())}
    if not isinstance(given, Mapping) or not set(given) <= allowed:
        raise refused("not-a-form")
    if question.kind == "commitment":
        if not isinstance(given.get("show"), bool):
            raise refused("not-a-form")
        if not given["show"]:
            return {"show": False}
    texts = {name: text(given.get(name, ""), question.most) for name in question.fields}
    if not any(texts.values()):
        return None
    return {**texts, "show": True} if question.kind == "commitment" else texts


def text(given: object, most: int) -> str:
    r"""Return text in one line, without what cannot be seen.

    >>> text("  one\u202e\ntwo ", 40)
    'one two'
    """
    if not isinstance(given, str):
        raise refused("not-text")
    try:
        given.encode()
    except UnicodeEncodeError:
        raise refused("not-text") from None
    shown = "".join(
        " " if unicodedata.category(letter) in ("Cc", "Zl", "Zp") else letter
        for letter in given
        if unicodedata.category(letter) not in ("Cf", "Co", "Cn") or letter == "\u200d"
    )
    line = " ".join(unicodedata.normalize("NFC", shown).split())
    if len(line) > most:
        raise refused("too-long", most=most)
    return line


def revision(given: object) -> int:
    """Return a revision number, or raise RoomRefused."""
    if isinstance(given, bool) or not isinstance(given, int) or not 0 < given < MOST_REVISIONS:
        raise refused("no-revision")
    return given


def refused(key: str, status: int = 400, wait: int = 0, **parts: object) -> RoomRefused:
    """Return a refusal in words of `interface.toml`, with what to do next."""
    return RoomRefused(words(f"room.{key}", **parts), words(f"room.{key}-hint"), status, wait)


def to_json(value: object) -> str:
    """Return plain data as short JSON, the same for the same data."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
