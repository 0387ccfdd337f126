"""One person's ratings of the twelve habits at each moment: which can be compared, and the sign of each moment.

Only ratings of one version of the questions are: a chart takes those of the latest one, and says of the others that
they stand by themselves. A moment has the same shape, colour and name on every chart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from course.charts.chart import quoted_list
from course.charts.kit.palette import BLUE, INK, PAPER, PLUM, QUIET, RUST, TEAL
from course.charts.kit.shapes import Dash, MarkStyle
from course.content import all_of, words
from course.content.lessons import find_lesson, occasions
from course.content.scales import NO_CHANCE, Scale, find_scale, read_ratings
from course.records.journal import Journal, rating_places

LOOKING_BACK: Final = "looking-back"
"""The moment of the ratings of the time before the course, given at its end."""
_SIGNS: Final[Mapping[str, MarkStyle]] = {
    "start": MarkStyle("circle", 14, BLUE, PAPER, 2.2),
    LOOKING_BACK: MarkStyle("diamond", 17, PLUM, "none", 2),
    "now": MarkStyle("square", 8, RUST),
    "day-30": MarkStyle("triangle", 21, INK, "none", 2),
    "self": MarkStyle("circle", 9, BLUE),
    "others": MarkStyle("square", 15, TEAL, "none", 2.2),
    "guess": MarkStyle("cross", 13, QUIET, width=2.4),
    "group": MarkStyle("plus", 16, QUIET, width=2.4),
}
"""By moment. “self” is the latest of them beside others' view; the last two are guesses for oneself and for what one's
group would say. Where several are at one place, each is still seen."""
_OTHER: Final = MarkStyle("stroke", 20, INK, width=3)
"""Of a moment that only another edition of the course has."""
LINES: Final[Mapping[str, tuple[str, Dash | None]]] = {"competence": (INK, None), "caring": (TEAL, (2.2, 1))}
"""The colour and dashes of each side's line from lesson to lesson: no moment has these colours to itself."""


def sign(moment: str) -> MarkStyle:
    """Return the mark that stands for a moment.

    >>> sign("now").shape, sign("looking-back").shape
    ('square', 'diamond')
    """
    return _SIGNS.get(moment, _OTHER)


def sign_name(moment: str) -> str:
    """Return how charts call a moment.

    >>> sign_name("day-30"), sign_name("looking-back")
    ('Day 30', 'Looking back')
    """
    labels = {occasion.name: occasion.label for occasion in occasions()}
    return labels.get(moment) or words(f"chart.{moment}")


def sign_order(moment: str) -> int:
    """Return what puts moments into the order in which charts list them: looking back comes right after the start."""
    order = [occasion.name for occasion in occasions()]
    return 2 * order.index(moment) if moment in order else 1 + 2 * len(order) * (moment != LOOKING_BACK)


@dataclass(frozen=True)
class Series:
    """The twelve habits as rated at one moment, and for which there was “No chance to”."""

    moment: str
    ratings: Mapping[str, int] = field(repr=False)
    no_chance: frozenset[str] = field(default=frozenset(), repr=False)
    scale: Scale = field(default_factory=lambda: find_scale("habits"), repr=False)
    """The statements of the version in which they were rated."""

    @property
    def label(self) -> str:
        """How charts call the moment."""
        return sign_name(self.moment)

    @classmethod
    def read(cls, moment: str, saved: object, scale: Scale | None = None) -> Series:
        """Return the series in what was saved; what does not fit the scale is left out."""
        scale = scale or find_scale("habits")
        answers = saved if isinstance(saved, Mapping) else {}
        no_chance = frozenset(item.code for item in scale.items if answers.get(item.code) == NO_CHANCE)
        return cls(moment, read_ratings(scale, saved), no_chance, scale)


@dataclass(frozen=True)
class Comparable:
    """The ratings of one version of the questions, by moment, and those of others, which stand by themselves."""

    scale: Scale
    series: tuple[Series, ...]
    """In the order of the course; looking back comes right after the start."""
    others: tuple[Series, ...] = ()

    def at(self, moment: str) -> Series | None:
        """Return the ratings of a moment, or None where nothing was rated then."""
        return next((series for series in self.series if series.moment == moment), None)

    @property
    def over_time(self) -> list[Series]:
        """The ratings without those looking back."""
        return [series for series in self.series if series.moment != LOOKING_BACK]

    @property
    def sentences(self) -> list[str]:
        """What is said of versions: nothing where all ratings are of the one that is asked today."""
        is_former = self.scale.since < find_scale("habits").since
        if self.others:
            said = [words("chart.other-version", moments=all_of(_labels(self.others)))]
            has_begun = any(self.at(moment) for moment in ("start", LOOKING_BACK))
            return said if has_begun or is_former else [*said, _offer()]
        return [words("chart.former-version"), _offer()] if is_former and self.series else []


def comparable(series: Iterable[Series]) -> Comparable:
    """Return the ratings of the latest version of the questions in which anything was rated at its own time.

    Looking back alone decides only where nothing else was rated.
    """
    rated = sorted((each for each in series if each.ratings), key=lambda each: sign_order(each.moment))
    deciding = [each for each in rated if each.moment != LOOKING_BACK] or rated
    scale = max((each.scale for each in deciding), key=lambda scale: scale.since, default=find_scale("habits"))
    same = tuple(each for each in rated if each.scale.since == scale.since)
    return Comparable(scale, same, tuple(each for each in rated if each.scale.since != scale.since))


def journal_series(journal: Journal) -> list[Series]:
    """Return all ratings of the habits in a journal, of every version of the questions."""
    saved = {moment: journal.page(page).get(key) for moment, (page, key) in rating_places().items()}
    versions = find_scale("habits").versions
    return [Series.read(moment, answer, scale) for moment, answer in saved.items() for scale in versions]


def _labels(series: Sequence[Series]) -> list[str]:
    return list(dict.fromkeys(each.label for each in series))


def _offer() -> str:
    """Say where the questions of today can be answered."""
    first = find_lesson(rating_places()["start"][0]).title if "start" in rating_places() else ""
    later = find_lesson(rating_places()[LOOKING_BACK][0]).title
    return words("chart.version-offer", first=quoted_list([first]), later=quoted_list([later]))
