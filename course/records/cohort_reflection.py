"""The part of `cohort.toml` about reflections: levels of a cohort's own, and ready comments."""

from __future__ import annotations

import itertools
from typing import Final

from course.content.lessons import lesson_key, lessons
from course.content.rubric import CohortLevel, ReflectionSettings
from course.core.errors import BadContent

LONGEST: Final = 2_000
"""The most letters of a comment or a description."""
_LONGEST_NAME: Final = 60
_MOST_LEVELS: Final = 10
CLOSEST: Final = 5
"""How far apart in per cent two levels are at least, so that their marks differ."""
_LEVEL_KEYS: Final = ("name", "share", "description", "comments")
_EXAMPLE: Final = 'Write a line [[reflection.levels]] for each level, and below it: name = "Convincing" and share = 100'


def read_reflections(table: object) -> dict[str, ReflectionSettings]:
    """Return the settings in the table [reflection] by the exercises' keys, and for all exercises under no name.

    Raises BadContent, which says what to write instead.
    """
    if not isinstance(table, dict):
        raise _bad("“reflection” is not a table", _EXAMPLE)
    keys = [lesson.key for lesson in lessons()]
    found = {"": _settings({name: table[name] for name in ("levels", "comments") if name in table}, "reflection")}
    for name, own in table.items():
        key, place = lesson_key(name), f"reflection.{name}"
        if name in ("levels", "comments"):
            continue
        if key not in keys:
            hint = f"Use levels, comments, or one of: {', '.join(keys)}."
            raise _bad(f"in “reflection”, there is no exercise “{name}”", hint)
        if not isinstance(own, dict):
            raise _bad(f"“{place}” is not a table", f"Write a line [{place}], and its comments or levels below it.")
        if key in found:
            raise _bad(f"“{place}” is there twice", "It is there under a former name too. Keep one of the two.")
        found[key] = _settings(own, place)
    return {key: settings for key, settings in found.items() if settings != ReflectionSettings()}


def _settings(table: dict[str, object], place: str) -> ReflectionSettings:
    if unknown := sorted(set(table) - {"levels", "comments"}):
        raise _bad(f"in “{place}”, there is no setting “{unknown[0]}”", "Use levels and comments.")
    levels = table.get("levels", [])
    if not isinstance(levels, list) or not all(isinstance(level, dict) for level in levels):
        raise _bad(f"“{place}.levels” is not a list of levels", _EXAMPLE.replace("reflection.", f"{place}."))
    return ReflectionSettings(_levels(levels, place), _comments(table, place))


def _levels(tables: list[dict[str, object]], place: str) -> tuple[CohortLevel, ...]:
    """Return the levels, the highest first, however the file has them."""
    levels = sorted((_level(table, place) for table in tables), key=lambda level: -level.share)
    if len(levels) == 1 or len(levels) > _MOST_LEVELS:
        raise _bad(f"“{place}” has {len(levels)} levels", f"Use from 2 to {_MOST_LEVELS} of them, or none.")
    for higher, lower in itertools.pairwise(levels):
        if higher.share - lower.share < CLOSEST:
            what = f"in “{place}”, the levels “{higher.name}” and “{lower.name}” give nearly the same marks"
            raise _bad(what, f"Make their shares differ by {CLOSEST} or more.")
    names = [level.name.casefold() for level in levels]
    if twice := next((level.name for level in levels if names.count(level.name.casefold()) > 1), ""):
        raise _bad(f"in “{place}”, two levels are called “{twice}”", "Give each a name of its own.")
    return tuple(levels)


def _level(table: dict[str, object], place: str) -> CohortLevel:
    if unknown := sorted(set(table) - set(_LEVEL_KEYS)):
        raise _bad(f"a level of “{place}” has a setting “{unknown[0]}”", f"Use {', '.join(_LEVEL_KEYS)}.")
    name, share = table.get("name"), table.get("share")
    if not isinstance(name, str) or not 0 < len(" ".join(name.split())) <= _LONGEST_NAME:
        hint = f'Write name = "Convincing", with at most {_LONGEST_NAME} letters.'
        raise _bad(f"a level of “{place}” has no name", hint)
    name = " ".join(name.split())
    if not isinstance(share, int | float) or isinstance(share, bool) or not 0 <= share <= 100:
        hint = "Write share = 75 for three quarters of the reflection’s marks; from 0 to 100."
        raise _bad(f"in “{place}”, the level “{name}” has no share of the marks", hint)
    looks_like = table.get("description", "")
    if not isinstance(looks_like, str) or len(looks_like) > LONGEST:
        hint = f'Write description = "What an answer does at this level.", with at most {LONGEST} letters.'
        raise _bad(f"in “{place}”, the level “{name}” has no text as its description", hint)
    return CohortLevel(name, float(share), " ".join(looks_like.split()), _comments(table, f"{place}: {name}"))


def _comments(table: dict[str, object], place: str) -> tuple[str, ...]:
    texts = table.get("comments", [])
    if not isinstance(texts, list) or not all(isinstance(text, str) and text.strip() for text in texts):
        raise _bad(f"in “{place}”, “comments” is not a list of comments", 'Write comments = ["One.", "Another."]')
    if any(len(text) > LONGEST for text in texts):
        raise _bad(f"in “{place}”, a comment is too long", f"Use at most {LONGEST} letters for each comment.")
    return tuple(" ".join(text.split()) for text in texts)


def _bad(what: str, hint: str) -> BadContent:
    return BadContent(f"cohort.toml: {what}.", hint)
