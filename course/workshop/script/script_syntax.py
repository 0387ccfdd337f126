"""The syntax of a script's file: its tables, and for each mistake its line and how to correct it.

It knows the keys and shapes that a file may have, and the facilitator's own words for the pages; what a workshop is
made of is in `script`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from course.content.language import OTHER, Language, find_language
from course.content.texts import PluralText, Texts, plural_text
from course.core.errors import BadContent
from course.workshop.templates import PAGE_WORDS, PageWords, page_words

SLUG: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}")


@dataclass(frozen=True)
class ScriptPlace:
    """Where in the file something stands: the nth step, the nth question in it."""

    file: str
    name: str
    step: int = -1
    question: int = -1
    is_stored: bool = False
    """Whether it was stored with a session: then it is not held against today's words."""

    def at(self, step: int, question: int = -1) -> ScriptPlace:
        """Return another place in the same file."""
        return ScriptPlace(self.file, self.name, step, question, self.is_stored)

    def bad(self, what: str, hint: str, key: str = "") -> BadContent:
        """Return the error that names the line."""
        return BadContent(f"{self.name}, line {self._line(key)}: {what}.", hint)

    def _line(self, key: str) -> int:
        """Return the number of the line where the key stands, or its table begins."""
        step, question, table_line, is_words = -1, -1, 1, False
        for number, line in enumerate(self.file.split("\n"), start=1):
            if re.match(r"\s*\[\[\s*step\s*\]\]", line):
                step, question = step + 1, -1
            elif re.match(r"\s*\[\[\s*step\s*\.\s*question\s*\]\]", line):
                question += 1
            if line.lstrip().startswith("["):
                is_words = line.lstrip().startswith("[words")
            if ((-1, -1) if is_words else (step, question)) == (self.step, self.question):
                if line.lstrip().startswith("[["):
                    table_line = number
                if key and re.match(rf'\s*"?{re.escape(key)}"?\s*=', line):
                    return number
        return table_line


class ScriptTable:
    """A table with the keys that it may have. Each value is as asked for, or BadContent says what is wrong."""

    def __init__(self, values: object, what: str, keys: set[str], place: ScriptPlace) -> None:
        if not isinstance(values, Mapping):
            raise place.bad(f"this {what} is not a table", "Begin it with a line [[step]] or [[step.question]].")
        self.values: Mapping[str, Any] = values
        self.place = place
        unknown = sorted(set(values) - keys)
        if unknown:
            raise self.bad(f"a {what} has no “{unknown[0]}”", f"Use only: {', '.join(sorted(keys))}.", unknown[0])

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def bad(self, what: str, hint: str, key: str = "") -> BadContent:
        """Return the error that names the line of a key in this table."""
        return self.place.bad(what, hint, key)

    def text(self, key: str) -> str:
        """Return a text that says something."""
        value = self.values.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.bad(f"“{key}” is missing or is not text", f'Write {key} = "…".', key)
        return value

    def slug(self) -> str:
        """Return the name by which this is known."""
        slug = self.text("slug")
        if not SLUG.fullmatch(slug):
            raise self.bad(f"“{slug}” is not a valid slug", "Use letters, digits and dashes.", "slug")
        return slug

    def whole(self, key: str, low: int, high: int) -> int:
        """Return a whole number within bounds."""
        value = self.values.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise self.bad(f"“{key}” is not a whole number from {low} to {high}", f"Write {key} = {low}.", key)
        return value

    def by_name(self, key: str, names: tuple[str, ...], low: int, high: int) -> dict[str, int]:
        """Return a whole number for each name: one number is that of all, a table may leave some names out."""
        value = self.values.get(key)
        if not isinstance(value, dict):
            return dict.fromkeys(names, self.whole(key, low, high))
        numbers = [number for number in value.values() if isinstance(number, int) and not isinstance(number, bool)]
        if (
            not value
            or set(value) - set(names)
            or len(numbers) < len(value)
            or min(numbers) < low
            or max(numbers) > high
        ):
            example = ", ".join(f"{name} = {low}" for name in names)
            raise self.bad(
                f"“{key}” is not a whole number from {low} to {high} for each", f"Write {key} = {{ {example} }}.", key
            )
        return dict(value)

    def one_of(self, key: str, choices: tuple[str, ...]) -> str:
        """Return one of the choices, the first where nothing is said."""
        value = self.values.get(key, choices[0])
        if value not in choices:
            raise self.bad(f"“{key}” is none of {', '.join(choices)}", f'Write {key} = "{choices[0]}".', key)
        return str(value)

    def flag(self, key: str) -> bool:
        """Return true or false, false where nothing is said."""
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            raise self.bad(f"“{key}” is neither true nor false", f"Write {key} = true.", key)
        return value

    def paragraphs(self, key: str, *, needed: bool = False) -> tuple[str, ...]:
        """Return a list of texts."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(text, str) and text.strip() for text in value):
            raise self.bad(f"“{key}” is not a list of texts", f'Write {key} = ["…"].', key)
        if needed and not value:
            raise self.bad(f"“{key}” is missing", f'Write {key} = ["…"].', key)
        return tuple(value)

    def labels(self, key: str, names: tuple[str, ...] = ()) -> dict[str, str]:
        """Return texts by name: exactly these names, or where none are named, 2 to 12 of any."""
        labels = self.values.get(key)
        if not isinstance(labels, dict) or not labels:
            raise self.bad(f"“{key}” is missing or is not a table", f'Write {key} = {{ … = "…" }}.', key)
        if names and set(labels) != set(names):
            raise self.bad(f"“{key}” needs exactly: {', '.join(names)}", "Change the words, and keep these names.", key)
        if not names and not (2 <= len(labels) <= 12 and all(SLUG.fullmatch(name) for name in labels)):
            raise self.bad(f"“{key}” needs 2 to 12 entries such as A = “…”", "Name each with a letter.", key)
        inside = ScriptTable(labels, "label", set(labels), self.place)
        return {name: inside.text(name) for name in names or labels}


def words_of_pages(values: object, tag: str, place: ScriptPlace) -> PageWords:
    """Return the words of the pages, the facilitator's own in place of the course's; of a stored script, what fits."""
    own = _flat(values, tag, place)
    for key, what, remedy in misfits(own):
        if not place.is_stored:
            raise place.bad(what, remedy, key.rpartition(".")[2])
        own = {name: text for name, text in own.items() if name != key}
    course = page_words()
    return PageWords(course, Texts(place.name, _rules(tag) or course.language, own), tag)


def _rules(tag: str) -> Language | None:
    """Return the rules of a script's language, or None: its texts have no plural forms then."""
    try:
        return find_language(tag)
    except BadContent:
        return None


def _flat(values: object, tag: str, place: ScriptPlace) -> dict[str, str | PluralText]:
    """Return the texts of nested tables by their dotted keys."""
    if not isinstance(values, dict):
        raise place.bad("“words” is not a table", "Begin it with a line [words].", "words")
    texts: dict[str, str | PluralText] = {}
    for key, value in values.items():
        if isinstance(value, dict) and OTHER in value:
            texts[key] = _plural_text(key, value, tag, place)
        elif isinstance(value, dict):
            texts |= {f"{key}.{name}": text for name, text in _flat(value, tag, place).items()}
        elif isinstance(value, str):
            texts[key] = value
        else:
            raise place.bad(f"“{key}” in words is not text", f'Write {key} = "…".', key)
    return texts


def _plural_text(key: str, forms: Mapping[str, object], tag: str, place: ScriptPlace) -> PluralText:
    try:
        return plural_text(forms, f"“{key}”", find_language(tag))
    except BadContent as error:
        raise place.bad(error.message.rstrip("."), error.hint, key) from error


def blanks(text: str) -> set[str]:
    """Return the names in braces.

    >>> sorted(blanks("{n} of {of}"))
    ['n', 'of']
    """
    return set(re.findall(r"\{(\w*)\}", text))


def misfits(own: Mapping[str, str | PluralText]) -> Iterator[tuple[str, str, str]]:
    """Return the key, the mistake and the remedy of each text that cannot stand in place of the course's own."""
    course = page_words().by_key
    for key, text in own.items():
        if key not in course:
            yield key, f"no page has the words “{key}”", f"Take a key of {PAGE_WORDS}."
            continue
        forms = _forms(course[key])
        names = set().union(*map(blanks, forms))
        is_chosen = not isinstance(text, PluralText) or text.by in names
        if not is_chosen or not all(_fits(form, names) for form in _forms(text)):
            yield key, f"the blanks in “{key}” cannot be filled", f"Write it like: {forms[-1]}"


def _forms(text: str | PluralText) -> list[str]:
    return [*text.forms.values()] if isinstance(text, PluralText) else [text]


def _fits(text: str, names: set[str]) -> bool:
    """Say whether a text has no other blanks than these, and can be filled."""
    if blanks(text) - names or text.count("{") != text.count("}"):
        return False
    try:
        text.format_map(dict.fromkeys(blanks(text), ""))
    except (KeyError, IndexError, ValueError, AttributeError):
        return False
    return True
