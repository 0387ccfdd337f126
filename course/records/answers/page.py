"""The file of answers of one notebook: what it holds, how it is read, and the changes that are made to it.

Format 2 keeps an answer of several units as a table by unit (`units.py`). Format 1, of
version 0.1.0, kept it as a list; it is read as it is, and an answer becomes a table when a unit
of it is changed. A format that is newer than both is left alone.

The answers of an exercise carry its version (1 where the file has none). Answers to the marked questions of an
earlier version are kept in the file and are not read as answers any more; whatever else was written stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, TypeAlias

from course.content import words
from course.content.lessons import exercise_version, lesson_names
from course.core import storage
from course.core.errors import AnswersDamaged, AnswersNotKept, AnswersTooNew
from course.records.answers.units import LISTED, Json, Layout, answer_of, plain_value, units_of

FORMAT: Final = 2
_FORMATS: Final = (1, FORMAT)
LARGEST: Final = 1_000_000
"""The size in bytes of the largest file of answers that is read or written."""
DEEPEST: Final = 6
"""How many lists and tables may stand inside each other in a file of answers."""
_MARKED_QUESTION: Final = re.compile(r"q\d+[a-z]?")
"""The keys of the questions that the course marks."""

PageKind: TypeAlias = Literal["lesson", "exercise"]


@dataclass
class AnswerPage:
    """The answers of one notebook and the states of its cards, each by key, as they are in a file."""

    answers: dict[str, Json] = field(default_factory=dict, repr=False)
    states: dict[str, str] = field(default_factory=dict, repr=False)
    version: int = 1
    """The version of the exercise that was answered."""
    earlier: dict[str, dict[str, Json]] = field(default_factory=dict, repr=False)
    """Answers to marked questions of earlier versions of the exercise, by version and key; they count no more."""

    def values(self) -> dict[str, Json]:
        """Return the answers by key as readers know them, whichever the file's format."""
        return {key: plain_value(answer) for key, answer in self.answers.items()}


Edit: TypeAlias = Callable[[AnswerPage], None]
"""A change to a page, which can be made again on a newer one."""


def read_page(path: Path, kind: PageKind, name: str, *, version: int | None = None) -> AnswerPage:
    """Return the answers and states in a file that may come from a stranger; none where there is no file.

    Raises AnswersDamaged for anything the course would not have written (a link, a large or deep file,
    the wrong shape, another lesson's), AnswersTooNew for a newer format or a newer version of the exercise
    than `version`, by default today's, and AnswersNotKept if it cannot be read.
    """
    damaged = AnswersDamaged(words("answers.damaged", name=path.name), words("answers.damaged-hint"))
    try:
        data = storage.read_whole(path, largest=LARGEST)
    except FileNotFoundError:
        return AnswerPage(version=version or exercise_version(name))
    except storage.Unusable:
        raise damaged from None
    except OSError as error:
        raise not_kept("answers.not-read", path, error) from error
    return parse_page(data, path, kind, name, version=version)


def parse_page(data: bytes, path: Path, kind: PageKind, name: str, *, version: int | None = None) -> AnswerPage:
    """Return the answers and states in the bytes of a file; raises AnswersDamaged or AnswersTooNew as `read_page`."""
    damaged = AnswersDamaged(words("answers.damaged", name=path.name), words("answers.damaged-hint"))
    try:
        record = storage.parse_json(data, deepest=DEEPEST)
    except storage.Unusable:
        raise damaged from None
    if not isinstance(record, dict) or type(record.get("format")) is not int:
        raise damaged
    known = version or exercise_version(name)
    answered = record.get("version", 1) if kind == "exercise" else 1
    if record["format"] > FORMAT or (type(answered) is int and kind == "exercise" and answered > known):
        raise AnswersTooNew(words("answers.too-new", name=path.name), words("answers.too-new-hint"))
    answers, states = record.get("answers"), record.get("states", {}) if kind == "lesson" else {}
    is_ours = record["format"] in _FORMATS and record.get(kind) in lesson_names(name)
    is_ours = is_ours and type(answered) is int and answered >= 1
    if not is_ours or not isinstance(answers, dict) or not isinstance(states, dict):
        raise damaged
    if kind == "lesson":
        return AnswerPage(answers, states)
    return _page_of_exercise(answers, record.get("earlier"), answered, known)


def _page_of_exercise(answers: dict[str, Json], earlier: object, answered: int, known: int) -> AnswerPage:
    """Return the answers to one version of an exercise as the page of another has them."""
    tables = earlier.items() if isinstance(earlier, dict) else ()
    page = AnswerPage(version=answered, earlier={str(number): table for number, table in tables if _is_table(table)})
    for key, answer in answers.items():
        if answered < known and _MARKED_QUESTION.fullmatch(key):
            page.earlier.setdefault(str(answered), {})[key] = answer
        else:
            page.answers[key] = answer
    return page


def _is_table(value: object) -> bool:
    return isinstance(value, dict)


def put_answer(key: str, value: Json) -> Edit:
    """Return the change that puts an answer under a key; None takes it away."""

    def edit(page: AnswerPage) -> None:
        if value is None:
            page.answers.pop(key, None)
        else:
            page.answers[key] = value

    return edit


def put_state(key: str, state: str) -> Edit:
    """Return the change that says what became of a card."""

    def edit(page: AnswerPage) -> None:
        if state:
            page.states[key] = state
        else:
            page.states.pop(key, None)

    return edit


def put_unit(key: str, unit: str, value: Json, layout: Layout) -> Edit:
    """Return the change that puts one unit of an answer; None empties it."""

    def edit(page: AnswerPage) -> None:
        units = units_of(page.answers.get(key), layout)
        if value is None and layout.kind not in LISTED:
            units.pop(unit, None)
        else:
            units[unit] = value
        put_answer(key, answer_of(units, layout))(page)

    return edit


def remove_unit(key: str, unit: str, expected: Json, layout: Layout) -> Edit:
    """Return the change that takes a unit away, if it still holds what is expected."""

    def edit(page: AnswerPage) -> None:
        units = units_of(page.answers.get(key), layout)
        if unit in units and units[unit] == expected:
            put_unit(key, unit, None, layout)(page)

    return edit


def complete(key: str, layout: Layout) -> Edit:
    """Return the change that saves an answer though none of its units was changed: no tick at all is an answer too."""

    def edit(page: AnswerPage) -> None:
        put_answer(key, answer_of(units_of(page.answers.get(key), layout), layout))(page)

    return edit


def not_kept(key: str, path: Path, error: OSError) -> AnswersNotKept:
    """Return the error that says what the system did not let happen to the answers."""
    at = Path(error.filename) if isinstance(error.filename, str) else path
    return AnswersNotKept(
        words(key, reason=error.strerror or type(error).__name__), words(f"{key}-hint", folder=at.parent)
    )
