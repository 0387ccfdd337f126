"""How a language puts numbers, lists, days and times: its rules, as the Unicode CLDR describes them.

The rules are in `languages.json`, which is made from Babel's data when the course is installed (`hatch_build.py`).
"""

from __future__ import annotations

import datetime
import functools
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypedDict

from course.core.errors import BadContent

_RULES: Final = Path(__file__).with_name("languages.json")
_TAG: Final = re.compile("[A-Za-z0-9]+(-[A-Za-z0-9]+)*")
_WITH_SECONDS: Final = re.compile(r"(?<=\})([^{}]+)(\{minute[^}]*\})")
OTHER: Final = "other"
"""The plural form that every language has."""


class ConditionRule(TypedDict):
    """A condition as `languages.json` has it; see Condition."""

    operand: str
    modulus: int
    ranges: list[tuple[int, int]]
    is_within: bool


class ListRule(TypedDict):
    """A list pattern as `languages.json` has it; see ListPattern."""

    pair: str
    start: str
    middle: str
    end: str


LanguageRules = TypedDict(
    "LanguageRules",
    {
        "direction": str,
        "plural": dict[str, list[list[ConditionRule]]],
        "and": ListRule,
        "or": ListRule,
        "day": str,
        "months": list[str],
        "short_months": list[str],
        "time": str,
        "halves": list[str],
    },
)
"""One language as `languages.json` has it; see Language."""


@dataclass(frozen=True)
class Condition:
    """One condition of a plural form, such as: the last two digits are none of 12 to 14."""

    operand: str
    """What of the number is looked at, https://unicode.org/reports/tr35/tr35-numbers.html#Operands."""
    modulus: int
    """What the operand is divided by first, for the remainder; 0 for the operand itself."""
    ranges: tuple[tuple[int, int], ...]
    is_within: bool
    """Whether the value has to be within the ranges, or outside them."""

    def holds(self, operands: Mapping[str, float]) -> bool:
        """Say whether a number's operands fit."""
        value = operands[self.operand]
        value = value % self.modulus if self.modulus else value
        return self.is_within == any(low <= value <= high and value == int(value) for low, high in self.ranges)


@dataclass(frozen=True)
class ListPattern:
    """How the items of a list are joined: two of them, and the start, the middle and the end of a longer list."""

    pair: str
    start: str
    middle: str
    end: str

    def join(self, items: Sequence[str]) -> str:
        """Return the items as one text."""
        if len(items) < 3:
            return self.pair.format(*items) if len(items) == 2 else "".join(items)
        *others, before, last = items
        joined = self.end.format(before, last)
        for place, item in reversed(list(enumerate(others))):
            joined = (self.middle if place else self.start).format(item, joined)
        return joined

    def row(self, items: Sequence[str]) -> str:
        """Return the items side by side, all joined like those in the middle of a list."""
        return ListPattern(self.middle, self.middle, self.middle, self.middle).join(items)


@dataclass(frozen=True)
class Language:
    """The rules of one language."""

    tag: str
    """The language as it was asked for, a tag of BCP 47 such as `en-GB`: what a page declares as its `lang`."""
    direction: str
    """`ltr` or `rtl`: what a page declares as its `dir`."""
    plural: Mapping[str, tuple[tuple[Condition, ...], ...]]
    """The alternatives of each plural form but `other`."""
    conjunction: ListPattern
    disjunction: ListPattern
    day: str
    months: tuple[str, ...]
    short_months: tuple[str, ...]
    time: str
    halves: tuple[str, str]
    """What the hours before noon and after it are called, where a time says so."""

    @property
    def declared(self) -> dict[str, str]:
        """What a browser has to know of an element whose words are in this language.

        >>> find_language("ur").declared
        {'lang': 'ur', 'dir': 'rtl'}
        """
        return {"lang": self.tag, "dir": self.direction}

    @property
    def attributes(self) -> str:
        """The same as attributes of an HTML element.

        >>> find_language("ur").attributes
        'lang="ur" dir="rtl"'
        """
        return " ".join(f'{name}="{value}"' for name, value in self.declared.items())

    @property
    def forms(self) -> tuple[str, ...]:
        """The plural forms that a translation needs.

        >>> find_language("pl").forms
        ('few', 'many', 'one', 'other')
        """
        return (*self.plural, OTHER)

    def form(self, number: float) -> str:
        """Return the plural form that goes with a number.

        >>> [find_language("pl").form(number) for number in (1, 3, 5, 22, 2.5)]
        ['one', 'few', 'many', 'few', 'other']
        """
        operands = _operands(number)
        for form, alternatives in self.plural.items():
            if any(all(condition.holds(operands) for condition in every) for every in alternatives):
                return form
        return OTHER

    def say_day(self, day: datetime.date) -> str:
        """Return a day with its month by name.

        >>> find_language("es").say_day(datetime.date(2026, 2, 3))
        '3 de febrero de 2026'
        """
        month = self.months[day.month - 1]
        return self.day.format(day=day.day, month=month, number=day.month, year=day.year)

    def say_time(self, time: datetime.time, *, seconds: bool = False) -> str:
        """Return a time of day, if asked with its seconds: they stand behind the minutes as these behind the hours.

        >>> find_language("en-GB").say_time(datetime.time(9, 5)), find_language("fi").say_time(datetime.time(9, 5))
        ('09:05', '9.05')
        >>> find_language("fi").say_time(datetime.time(17, 0, 3), seconds=True)
        '17.00.03'
        """
        half, name = time.hour % 12 or 12, self.halves[time.hour // 12]
        pattern = _WITH_SECONDS.sub(r"\1\2\1{second:02}", self.time) if seconds else self.time
        return pattern.format(hour=time.hour, half=half, minute=time.minute, second=time.second, name=name)


def find_language(tag: str) -> Language:
    """Return the rules of a language, or of the one that it is a kind of: `cy-GB` has those of `cy`.

    Raises BadContent for a language without rules, with a list of those that have them.
    """
    return _find_language(tag)


@functools.cache
def _find_language(tag: str) -> Language:
    rules = find_rules(tag)[1]
    try:
        return _language(tag, rules)
    except (KeyError, TypeError, ValueError) as error:
        raise _not_installed() from error


def find_rules(tag: str) -> tuple[str, LanguageRules]:
    """Return the tag under which `languages.json` has the rules of a language, and the rules as they stand there.

    Raises BadContent as `find_language` does.
    """
    rules = _read()
    nearest = tag
    while nearest not in rules and "-" in nearest:
        nearest = nearest.rpartition("-")[0]
    if nearest not in rules or not _TAG.fullmatch(tag):
        raise BadContent(
            f"There are no rules for the language “{tag}”.",
            f"Use one of: {', '.join(rules)}. To have another, see hatch_build.py.",
        )
    return nearest, rules[nearest]


def _language(tag: str, rules: LanguageRules) -> Language:
    return Language(
        tag=tag,
        direction=rules["direction"],
        plural={form: _alternatives(rule) for form, rule in rules["plural"].items()},
        conjunction=ListPattern(**rules["and"]),
        disjunction=ListPattern(**rules["or"]),
        day=rules["day"],
        months=tuple(rules["months"]),
        short_months=tuple(rules["short_months"]),
        time=rules["time"],
        halves=(rules["halves"][0], rules["halves"][1]),
    )


@functools.cache
def _read() -> dict[str, LanguageRules]:
    try:
        languages: dict[str, LanguageRules] = json.loads(_RULES.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _not_installed() from error
    return languages


def _not_installed() -> BadContent:
    return BadContent(
        f"{_RULES.name} is missing or from another version: it is made when the course is installed.",
        "Install the course once more: make learn does it, and so does pip install -e .",
    )


def _alternatives(rule: Sequence[Sequence[ConditionRule]]) -> tuple[tuple[Condition, ...], ...]:
    return tuple(tuple(map(_condition, every)) for every in rule)


def _condition(rule: ConditionRule) -> Condition:
    ranges = tuple((low, high) for low, high in rule["ranges"])
    return Condition(rule["operand"], rule["modulus"], ranges, rule["is_within"])


def _operands(number: float) -> dict[str, float]:
    """Return what the CLDR's rules look at in a number that is written without zeros at its end.

    >>> _operands(2.5)
    {'n': 2.5, 'i': 2, 'v': 1, 'w': 1, 'f': 5, 't': 5, 'e': 0, 'c': 0}
    """
    whole, _, fraction = f"{abs(number):.6f}".rstrip("0").partition(".")
    digits, value = len(fraction), int(fraction or 0)
    return {"n": abs(number), "i": int(whole), "v": digits, "w": digits, "f": value, "t": value, "e": 0, "c": 0}
