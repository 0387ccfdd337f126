"""How others see a learner, as their journal keeps it: the results that were released, and rounds that are still open.

A result is what `course.privacy.rater_release` lets through, and nothing of what it was made from. Several are kept
apart, each under the moment at which it was released, so that two windows can each add one. All of it is on the page
of the last lesson and goes when that is erased; a journal's file takes it along. An open round has the owner's secret:
no page, table or document shows it (`is_secret`), and answers of lessons are in no hand-in.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Literal, Protocol, TypeAlias, get_args

from course.content import words
from course.content.scales import VERSION, find_scale, instrument_version
from course.core.moments import iso_stamp, now, read_iso_stamp
from course.records.answers.answers import Answers
from course.records.answers.page import AnswerPage, put_answer
from course.records.answers.units import Json
from course.records.journal import Journal

OTHERS: Final = ("trust-plan", "others")
"""The page and key of the results."""
OPEN_ROUNDS: Final = ("trust-plan", "others-rounds")
"""The page and key of the rounds on a server that are not over."""
SCALE: Final = "others"
"""The scale on which raters answer, whose codes are those of the learner's own habits."""

Place: TypeAlias = "Journal | Answers"
"""A journal, or the page of it that has what this module is about."""
RatersText: TypeAlias = Literal["five-to-seven", "eight-or-more"]
"""As much as a result says of the number of raters: the values of `RaterCount` in `course.privacy`."""


class OthersWay(StrEnum):
    """How others were asked."""

    HOSTED = "hosted"
    """By a link to a server."""
    PRINTED = "printed"
    """On printed forms that a third person counted."""


class StatementFigures(Protocol):
    """What is released of one statement."""

    @property
    def average(self) -> float:
        """A multiple of a half."""

    @property
    def middle_half(self) -> tuple[int, int] | None:
        """Two points, or None where fewer than eight people judged the statement."""


@dataclass(frozen=True)
class StatementByOthers:
    """What others answered to one statement, as far as it was released."""

    average: float
    middle_half: tuple[int, int] | None


@dataclass(frozen=True)
class OthersResult:
    """What others answered once, as far as it was released."""

    moment: datetime.datetime
    """When it was released, in UTC."""
    way: OthersWay
    raters: RatersText
    statements: Mapping[str, StatementByOthers] = field(repr=False)
    """By code, in the order in which they are asked; those that too few people judged are absent."""
    version: int
    """Of the questions: it is that of the ratings with which it can be compared."""


@dataclass(frozen=True)
class OpenRound:
    """A round on a server that is not over, as its owner's journal keeps it."""

    secret: str = field(repr=False)
    """What makes the owner the owner: whoever has it can open the result."""
    server: str
    """Where the owner's notebook asks for the round, such as https://trust.example.org."""
    address: str = field(repr=False)
    """What raters open."""
    last_answers: datetime.date
    """The last day on which raters can answer."""
    last_opening: datetime.date
    """The last day on which the owner can open the result."""
    is_saved: bool = False
    """Whether its result is in the journal, so that nothing is lost when the server has the round no more."""


def new_result(
    way: OthersWay,
    raters: RatersText,
    statements: Mapping[str, StatementFigures],
    *,
    version: int | None = None,
) -> OthersResult:
    """Return a result that was released now, about the questions of today or of another `version`."""
    own = {code: StatementByOthers(figures.average, figures.middle_half) for code, figures in statements.items()}
    return OthersResult(now(), way, raters, own, version or instrument_version())


def save_result(place: Place, result: OthersResult) -> None:
    """Add a result to those that are there.

    A result of the same moment is replaced, so that a save can be made twice. Raises AnswersNotKept, and changes
    nothing, where it cannot be saved.
    """
    key = OTHERS[1]

    def edit(written: AnswerPage) -> None:
        results = {**_table(written.answers.get(key)), iso_stamp(result.moment): _as_json(result)}
        put_answer(key, results)(written)

    _page(place).change(edit)


def others_results(place: Place) -> tuple[OthersResult, ...]:
    """Return all results, the oldest first; what the course would not have written is left out."""
    table = _table(_page(place).get(OTHERS[1]))
    results = (_read_result(stamp, saved) for stamp, saved in table.items())
    return tuple(sorted((result for result in results if result), key=lambda result: result.moment))


def latest_result(place: Place) -> OthersResult | None:
    """Return the newest result, or None where there is none."""
    return next(reversed(others_results(place)), None)


def remove_result(place: Place, result: OthersResult) -> None:
    """Take away one result, such as that of a table with a mistake in it. Raises AnswersNotKept."""
    key = OTHERS[1]

    def edit(written: AnswerPage) -> None:
        results = _table(written.answers.get(key))
        results.pop(iso_stamp(result.moment), None)
        put_answer(key, results or None)(written)

    _page(place).change(edit)


def save_open_round(place: Place, opened: OpenRound) -> None:
    """Keep a round beside those that are open; one with the same secret is replaced. Raises AnswersNotKept."""
    key = OPEN_ROUNDS[1]

    def edit(written: AnswerPage) -> None:
        rounds = _table(written.answers.get(key))
        put_answer(key, {**rounds, _name(opened.secret): _round_as_json(opened)})(written)

    _page(place).change(edit)


def open_rounds(place: Place) -> tuple[OpenRound, ...]:
    """Return the rounds that are not over, by their last day for opening; also those of which it has gone by."""
    rounds = filter(None, map(_read_round, _table(_page(place).get(OPEN_ROUNDS[1])).values()))
    return tuple(sorted(rounds, key=lambda opened: (opened.last_opening, opened.address)))


def drop_open_round(place: Place, secret: str) -> None:
    """Forget a round that is over, and its secret. Raises AnswersNotKept."""
    key = OPEN_ROUNDS[1]

    def edit(written: AnswerPage) -> None:
        rounds = _table(written.answers.get(key))
        if rounds.pop(_name(secret), None) is not None:
            put_answer(key, rounds or None)(written)

    _page(place).change(edit)


def average_in_words(average: float, stands_for: tuple[float, float]) -> str:
    """Return an average as people read it, where it stands for all from one to another.

    >>> average_in_words(5.5, (5.5, 5.5)), average_in_words(6.0, (6.0, 7.0)), average_in_words(2.0, (1.0, 2.0))
    ('5.5', '6 or more', '2 or less')
    """
    low, high = stands_for
    if low == high:
        return f"{average:.1f}"
    return words(f"others-result.or-{'more' if low == average else 'less'}", n=f"{average:g}")


def read_statement(average: object, half: object) -> StatementByOthers | None:
    """Return what was released of one statement, as a file or a server has it; None for what no release has.

    >>> read_statement(5.5, [4, 6]), read_statement(5.4, None)
    (StatementByOthers(average=5.5, middle_half=(4, 6)), None)
    """
    points = range(1, len(find_scale(SCALE).points) + 1)
    if type(average) not in (int, float) or not isinstance(average, int | float):
        return None
    if not points[0] <= average <= points[-1] or not (2 * average) == int(2 * average):
        return None
    if half is None:
        return StatementByOthers(float(average), None)
    if not isinstance(half, list) or len(half) != 2 or not all(type(end) is int and end in points for end in half):
        return None
    low, high = half
    return StatementByOthers(float(average), (low, high)) if low <= high else None


def is_secret(page: str, key: str) -> bool:
    """Say whether what a journal keeps there is for the course alone, so that nothing shows, prints or lists it.

    >>> is_secret("trust-plan", "others-rounds"), is_secret("trust-plan", "others")
    (True, False)
    """
    return (page, key) == OPEN_ROUNDS


def _page(place: Place) -> Answers:
    return place.page(OTHERS[0]) if isinstance(place, Journal) else place


def _name(secret: str) -> str:
    """Return the name under which a round is kept: nobody finds the secret from it."""
    return hashlib.sha256(secret.encode()).hexdigest()[:16]


def _table(saved: Json) -> dict[str, Json]:
    return dict(saved) if isinstance(saved, Mapping) else {}


def _as_json(result: OthersResult) -> Json:
    """Return a result as a file keeps it: averages and middle halves each in a table by code."""
    halves = {code: figures.middle_half for code, figures in result.statements.items() if figures.middle_half}
    return {
        "way": result.way.value,
        "raters": result.raters,
        VERSION: result.version,
        "average": {code: figures.average for code, figures in result.statements.items()},
        "middle-half": {code: list(half) for code, half in halves.items()},
    }


def _read_result(stamp: str, saved: Json) -> OthersResult | None:
    """Return the result that is saved under a moment, or None for what is none."""
    moment, record = read_iso_stamp(stamp), _table(saved)
    way = next((way for way in OthersWay if way == record.get("way")), None)
    raters: RatersText | None = next((text for text in get_args(RatersText) if text == record.get("raters")), None)
    version = record.get(VERSION)
    if not moment or not way or not raters or type(version) is not int or not 1 <= version <= instrument_version():
        return None
    averages, halves = _table(record.get("average")), _table(record.get("middle-half"))
    codes = [item.code for item in find_scale("habits").in_version(version).items]
    statements = {code: read_statement(averages[code], halves.get(code)) for code in codes if code in averages}
    read = {code: statement for code, statement in statements.items() if statement}
    return OthersResult(moment, way, raters, read, version)


def _round_as_json(opened: OpenRound) -> Json:
    return {
        "secret": opened.secret,
        "server": opened.server,
        "address": opened.address,
        "last-answers": opened.last_answers.isoformat(),
        "last-opening": opened.last_opening.isoformat(),
        **({"saved": True} if opened.is_saved else {}),
    }


def _read_round(saved: Json) -> OpenRound | None:
    record = _table(saved)
    texts = [record.get(name) for name in ("secret", "server", "address", "last-answers", "last-opening")]
    secret, server, address, *days = (text if isinstance(text, str) else "" for text in texts)
    if not (secret and server and address):
        return None
    try:
        last_answers, last_opening = map(datetime.date.fromisoformat, days)
    except ValueError:
        return None
    return OpenRound(secret, server, address, last_answers, last_opening, record.get("saved") is True)
