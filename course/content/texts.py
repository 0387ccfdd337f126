"""Texts by their key, with {blanks} to fill. A text with a number may have a form for each plural of its language.

In a content file, such a text is a table in place of one text:

    more = { one = "{n} more cell is not shown.", other = "{n} more cells are not shown." }

The form is chosen by the number in {n}, or in the blank that the table names: `by = "most"`.

In the web edition, the texts in `web.toml` take the place of those in `interface.toml` that speak of a computer with
the course installed on it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from course.content.files import edition, find_file, need, read
from course.content.language import Language, find_language
from course.core.errors import BadContent
from course.core.pages.web_edition import is_web_edition

INTERFACE: Final = "interface.toml"
WEB: Final = "web.toml"
"""The texts of the interface that are others in the web edition."""
_ABOUT: Final = "edition"
"""The table that is about the edition and holds no texts."""
_BY: Final = "by"
_COUNT: Final = "n"
_QUOTED: Final = re.compile(r"“\{(\w+)\}”")
_INNER: Final = str.maketrans("“”", "‘’")


@dataclass(frozen=True)
class PluralText:
    """A text in each plural form of its language."""

    by: str
    """The blank whose number chooses the form."""
    forms: Mapping[str, str]


@dataclass(frozen=True)
class Texts:
    """The texts of one content file."""

    file: str
    language: Language
    by_key: Mapping[str, str | PluralText]

    def say(self, key: str, **blanks: object) -> str:
        """Return one text with its blanks filled; BadContent names a text that is missing or does not fit."""
        text = self.find(key)
        if isinstance(text, PluralText):
            text = text.forms[self.language.form(self._number(key, text.by, blanks))]
        return self._fill(key, text, blanks)

    def _fill(self, key: str, text: str, blanks: Mapping[str, object]) -> str:
        try:
            return text.format(**_as_quoted(text, blanks)) if blanks else text
        except (KeyError, IndexError, ValueError) as error:
            raise BadContent(
                f"{self.file}, “{key}”: its blanks do not match ({error}).",
                "Use only these blanks: " + ", ".join(f"{{{name}}}" for name in sorted(blanks)) + ".",
            ) from error

    def find(self, key: str) -> str | PluralText:
        """Return one text as the file has it."""
        try:
            return self.by_key[key]
        except KeyError as error:
            raise BadContent(f"{self.file} has no “{key}”.", "Add it to that file.") from error

    def forms(self, key: str, **blanks: object) -> dict[str, str]:
        """Return a text in all of its plural forms, for a browser to choose from; a blank `n="{n}"` stays open."""
        text = self.find(key)
        forms = text.forms if isinstance(text, PluralText) else dict.fromkeys(self.language.forms, text)
        return {form: self._fill(key, form_text, blanks) for form, form_text in forms.items()}

    def flat(self) -> dict[str, str]:
        """Return every text by its key, and every plural form by the key of its text and its own name."""
        texts: dict[str, str] = {}
        for key, text in self.by_key.items():
            forms = text.forms if isinstance(text, PluralText) else {"": text}
            texts |= {f"{key}.{form}".rstrip("."): form_text for form, form_text in forms.items()}
        return texts

    def _number(self, key: str, blank: str, blanks: Mapping[str, object]) -> float:
        number = blanks.get(blank)
        try:
            return float(number) if isinstance(number, int | float | str) else int("")
        except ValueError as error:
            raise BadContent(
                f"{self.file}, “{key}”: no number chooses its plural form.",
                f'Name a blank that is filled with a number, such as by = "{_COUNT}", or write one text.',
            ) from error


def _as_quoted(text: str, blanks: Mapping[str, object]) -> Mapping[str, object]:
    """Return what fills a text, with inner quotation marks in the blanks that the text itself quotes.

    >>> _as_quoted("You ticked “{option}”", {"option": "“My door is open.”"})
    {'option': '‘My door is open.’'}
    """
    inner = {name: value for name in _QUOTED.findall(text) if isinstance(value := blanks.get(name), str)}
    return {**blanks, **{name: value.translate(_INNER) for name, value in inner.items()}}


def read_texts(file: str = INTERFACE, folder: Path | None = None) -> Texts:
    """Return the texts of a content file, read once.

    An edition may leave out a file that no learner reads. The course's own then takes its place, in its own language.
    """
    return _texts(file, find_file(file, folder).parent, is_web=file == INTERFACE and is_web_edition())


def edition_language(folder: Path | None = None) -> Language:
    """Return the one language of the edition in use, as its interface.toml declares it."""
    return _language(folder or edition())


@functools.cache
def _language(folder: Path) -> Language:
    table = need(read(INTERFACE, folder), _ABOUT, dict, INTERFACE)
    return find_language(need(table, "language", str, f"{INTERFACE}, [{_ABOUT}]"))


@functools.cache
def _texts(file: str, folder: Path, *, is_web: bool) -> Texts:
    by_key = _by_key(file, read(file, folder), lambda: _language(folder))
    return Texts(file, _language(folder), {**by_key, **(_web_texts(folder, by_key) if is_web else {})})


def _web_texts(folder: Path, by_key: Mapping[str, str | PluralText]) -> dict[str, str | PluralText]:
    """Return the texts of the web edition by key; none where those that there are, are in another language."""
    tables = read(WEB, folder)
    language = find_language(need(need(tables, _ABOUT, dict, WEB), "language", str, f"{WEB}, [{_ABOUT}]"))
    if language.tag != _language(folder).tag:
        return {}  # a translation without them has its own words of the interface throughout
    texts = _by_key(WEB, tables, lambda: language)
    if unknown := texts.keys() - by_key.keys():
        raise BadContent(f"{WEB}: {INTERFACE} has no “{min(unknown)}”.", "Only texts of that file can be others here.")
    return texts


def _by_key(file: str, tables: Mapping[str, object], language: Callable[[], Language]) -> dict[str, str | PluralText]:
    by_key: dict[str, str | PluralText] = {}
    for name in (name for name in tables if name != _ABOUT):
        table = need(tables, name, dict, file)
        for key, entry in table.items():
            where = f"{file}, [{name}]"
            by_key[f"{name}.{key}"] = (
                plural_text(entry, f"{where}, “{key}”", language())
                if isinstance(entry, dict)
                else str(need(table, key, str, where))
            )
    return by_key


def plural_text(table: Mapping[str, object], where: str, language: Language) -> PluralText:
    """Return a text with exactly the forms that the language has; BadContent says what is wrong `where`."""
    by = need(table, _BY, str, where) if _BY in table else _COUNT
    forms = {form: str(need(table, form, str, where)) for form in language.forms}
    if unknown := table.keys() - {_BY, *forms}:
        raise BadContent(
            f"{where}: {language.tag} has no plural form “{min(unknown)}”.", f"Its forms are: {', '.join(forms)}."
        )
    return PluralText(by, forms)
