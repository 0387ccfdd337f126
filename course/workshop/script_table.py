"""One table of a script's file: its values, and of a mistake the line in which it is and how to mend it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from course.core.errors import BadContent

SLUG: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}")


@dataclass(frozen=True)
class Place:
    """Where in the file something stands: the nth step, the nth question in it."""

    file: str
    name: str
    step: int = -1
    question: int = -1
    is_stored: bool = False
    """Whether it was kept with a session: then today's words are not held against it."""

    def at(self, step: int, question: int = -1) -> Place:
        """Return another place in the same file."""
        return Place(self.file, self.name, step, question, self.is_stored)

    def bad(self, what: str, hint: str, key: str = "") -> BadContent:
        """Return the error that names the line."""
        return BadContent(f"{self.name}, line {self._line(key)}: {what}.", hint)

    def _line(self, key: str) -> int:
        """Return the number of the line where the key stands, or its table begins."""
        step, question, found, is_words = -1, -1, 1, False
        for number, line in enumerate(self.file.splitlines(), start=1):
            if re.match(r"\s*\[\[\s*step\s*\]\]", line):
                step, question = step + 1, -1
            elif re.match(r"\s*\[\[\s*step\s*\.\s*question\s*\]\]", line):
                question += 1
            if line.lstrip().startswith("["):
                is_words = line.lstrip().startswith("[words")
            if ((-1, -1) if is_words else (step, question)) == (self.step, self.question):
                if line.lstrip().startswith("[["):
                    found = number
                if key and re.match(rf'\s*"?{re.escape(key)}"?\s*=', line):
                    return number
        return found


class Table:
    """A table with the keys that it may have. Each value is as asked for, or BadContent says what is wrong."""

    def __init__(self, given: object, what: str, keys: set[str], place: Place) -> None:
        if not isinstance(given, Mapping):
            raise place.bad(f"this {what} is not a table", "Begin it with a line [[step]] or [[step.question]].")
        self.given: Mapping[str, Any] = given
        self.place = place
        unknown = sorted(set(given) - keys)
        if unknown:
            raise self.bad(f"a {what} has no “{unknown[0]}”", f"Use only: {', '.join(sorted(keys))}.", unknown[0])

    def __contains__(self, key: str) -> bool:
        return key in self.given

    def bad(self, what: str, hint: str, key: str = "") -> BadContent:
        """Return the error that names the line of a key in this table."""
        return self.place.bad(what, hint, key)

    def text(self, key: str) -> str:
        """Return a text that says something."""
        value = self.given.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.bad(f"“{key}” is missing or is not text", f'Write {key} = "…".', key)
        return value

    def slug(self) -> str:
        """Return the name by which this is known."""
        slug = self.text("slug")
        if not SLUG.fullmatch(slug):
            raise self.bad(f"“{slug}” is no slug", "Use letters, digits and dashes.", "slug")
        return slug

    def whole(self, key: str, low: int, high: int) -> int:
        """Return a whole number within bounds."""
        value = self.given.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise self.bad(f"“{key}” is not a whole number from {low} to {high}", f"Write {key} = {low}.", key)
        return value

    def flag(self, key: str) -> bool:
        """Return true or false, false where nothing is said."""
        value = self.given.get(key, False)
        if not isinstance(value, bool):
            raise self.bad(f"“{key}” is neither true nor false", f"Write {key} = true.", key)
        return value

    def paragraphs(self, key: str, *, needed: bool = False) -> tuple[str, ...]:
        """Return a list of texts."""
        value = self.given.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
            raise self.bad(f"“{key}” is not a list of texts", f'Write {key} = ["…"].', key)
        if needed and not value:
            raise self.bad(f"“{key}” is missing", f'Write {key} = ["…"].', key)
        return tuple(value)

    def labels(self, key: str, names: tuple[str, ...] = ()) -> dict[str, str]:
        """Return texts by name: exactly these names, or where none are given, 2 to 12 of any."""
        labels = self.given.get(key)
        if not isinstance(labels, dict) or not labels:
            raise self.bad(f"“{key}” is missing or is not a table", f'Write {key} = {{ … = "…" }}.', key)
        if names and set(labels) != set(names):
            raise self.bad(f"“{key}” needs exactly: {', '.join(names)}", "Change the words, and keep these names.", key)
        if not names and not (2 <= len(labels) <= 12 and all(SLUG.fullmatch(name) for name in labels)):
            raise self.bad(f"“{key}” needs 2 to 12 entries such as A = “…”", "Name each with a letter.", key)
        inside = Table(labels, "label", set(labels), self.place)
        return {name: inside.text(name) for name in names or labels}
