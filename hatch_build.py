"""Write what the course needs to know of languages, each time that it is built or installed.

Plural forms, lists and dates differ between languages. The Unicode CLDR describes them, and Babel carries it. What
the course uses of it goes into `course/content/languages.json`, so that a translation needs no Python and a lesson
imports no Babel. hatchling calls `LanguageRules` for a wheel and for an editable install; `python hatch_build.py`
writes the file by hand.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from babel import Locale
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

TARGET: Final = Path("course", "content", "languages.json")
LANGUAGES: Final = (
    "en", "en-GB", "cy", "gd", "ga",  # of these islands
    "ar", "bn", "cs", "da", "de", "el", "es", "fa", "fi", "fr", "gu", "hi", "it", "lt", "nb", "nl", "pa", "pl", "pt",
    "ro", "ru", "so", "sv", "ta", "tr", "uk", "ur", "zh",
)  # fmt: skip
"""The languages that an edition can be in, as tags of BCP 47. To have another, add its tag and install again."""

_FIELD: Final = re.compile(r"'([^']*)'|([A-Za-z])\2*|[^A-Za-z']+")
"""One piece of a CLDR pattern: text in quotation marks, a field such as MMMM, or signs."""
_BLANKS: Final = {
    "d": "{day}", "M": "{number}", "MMMM": "{month}", "y": "{year}",
    "H": "{hour}", "HH": "{hour:02}", "h": "{half}", "hh": "{half:02}", "mm": "{minute:02}", "a": "{name}",
}  # fmt: skip
_NUMBERS: Final = [*range(2000), *(Decimal(tenths) / 10 for tenths in range(1000) if tenths % 10)]
"""Numbers such as the course shows: a plural form that none of them takes is left out."""


class LanguageRules(BuildHookInterface):
    """Writes the file of rules before a wheel is packed or an editable install is linked."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the file and have it packed, although it is not in the repository."""
        write_rules(Path(self.root) / TARGET)
        build_data["artifacts"].append(f"/{TARGET.as_posix()}")


def write_rules(path: Path) -> None:
    """Write the rules of all languages into a file."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    draft.write_text(as_json(make_rules()), encoding="utf-8")
    draft.replace(path)


def as_json(rules: dict[str, Any]) -> str:
    """Return the rules as JSON with a line for each language."""
    lines = (f"{json.dumps(tag)}: {json.dumps(language, ensure_ascii=False)}" for tag, language in rules.items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


def make_rules() -> dict[str, Any]:
    """Return the rules of each language by its tag."""
    return {tag: _language(tag) for tag in LANGUAGES}


def _language(tag: str) -> dict[str, Any]:
    locale = Locale.parse(tag, sep="-")
    months = locale.months["format"]
    periods = locale.day_periods["format"]["abbreviated"]
    return {
        "direction": locale.text_direction,
        "plural": _plural(locale),
        "and": _list(locale, "standard"),
        "or": _list(locale, "or"),
        "day": _pattern(locale.date_formats["long"].pattern),
        "months": [months["wide"][number] for number in range(1, 13)],
        "short_months": [months["abbreviated"][number] for number in range(1, 13)],
        "time": _pattern(locale.time_formats["short"].pattern),
        "halves": [periods["am"], periods["pm"]],
    }


def _list(locale: Locale, kind: str) -> dict[str, str]:
    patterns = locale.list_patterns[kind]
    return {"pair": patterns["2"], **{name: patterns[name] for name in ("start", "middle", "end")}}


def _pattern(pattern: str) -> str:
    """Return a CLDR pattern of a day or a time as a text with blanks.

    >>> _pattern("d 'de' MMMM 'de' y"), _pattern("HH:mm")
    ('{day} de {month} de {year}', '{hour:02}:{minute:02}')
    """
    return "".join(_piece(found) for found in _FIELD.finditer(pattern))


def _piece(found: re.Match[str]) -> str:
    if found[1] is not None:
        return found[1]
    return _BLANKS[found[0]] if found[2] else found[0]


def _plural(locale: Locale) -> dict[str, list[list[dict[str, Any]]]]:
    """Return the conditions of each plural form but “other”: a list of alternatives, each a list of what must hold."""
    used = {locale.plural_form(number) for number in _NUMBERS}
    return {
        form: [list(map(_condition, _split(alternative, "and"))) for alternative in _split(rule, "or")]
        for form, rule in locale.plural_form.abstract
        if form in used
    }


def _split(node: tuple[str, Any], joint: str) -> Iterator[tuple[str, Any]]:
    """Yield what is joined by “and” or “or” in a rule that Babel has read."""
    kind, inside = node
    if kind != joint:
        yield node
        return
    for part in inside:
        yield from _split(part, joint)


def _condition(node: tuple[str, Any]) -> dict[str, Any]:
    """Return one condition, such as `i % 100 is none of 12 to 14`, as plain data.

    Its operand is one of the CLDR's, https://unicode.org/reports/tr35/tr35-numbers.html#Operands.
    """
    kind, inside = node
    is_within = kind != "not"
    _, (_, operand, ranges) = node if is_within else inside[0]
    name, arguments = operand
    modulus = 0
    if name == "mod":
        (name, _), (_, (modulus,)) = arguments
    bounds = [[low[1][0], high[1][0]] for low, high in ranges[1]]
    return {"operand": name, "modulus": modulus, "ranges": bounds, "is_within": is_within}


if __name__ == "__main__":
    write_rules(Path(__file__).parent / TARGET)
