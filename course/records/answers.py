"""The answers of one notebook, saved in one readable JSON file.

A save is written beside the file, flushed and renamed over it, so that a stopped
computer leaves the old file or the new one. Under a lock the file is read anew and only
what a person changed is put into it, unit by unit, so that no window takes away what another
one wrote. Reading changes nothing; a file that cannot be used is never overwritten.

Format 2 keeps an answer of several units as a table by unit (`answer_units.py`). Format 1, of
version 0.1.0, kept it as a list; it is read as it is, and an answer becomes a table when a unit
of it is changed. A format that is newer than both is left alone.

The answers of an exercise carry its version (1 where the file has none). Answers to the marked questions of an
earlier version are kept in the file and are not read as answers any more; whatever else was written stays.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, TypeAlias

from course.content import words
from course.content.lessons import exercise_version, lesson_names
from course.core import storage
from course.core.errors import AnswersDamaged, AnswersNotKept, AnswersTooNew
from course.core.moments import folder_stamp, local, now
from course.core.settings import settings
from course.records.answer_units import LISTED, Json, Layout, Units, answer_of, plain_value, storable, units_of

FORMAT: Final = 2
_FORMATS: Final = (1, FORMAT)
LARGEST: Final = 1_000_000
"""The size in bytes of the largest file of answers that is read or written."""
DEEPEST: Final = 6
"""How many lists and tables may stand inside each other in a file of answers."""
ASIDE: Final = ("damaged", "earlier")
"""Why a file was set aside: it could not be read, or another one of the same page was written later."""


_MARKED_QUESTION: Final = re.compile(r"q\d+[a-z]?")
"""The keys of the questions that the course marks."""


class _Unset:
    """No value was given: the saved one stays."""


_UNSET: Final = _Unset()


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


_Place: TypeAlias = tuple[str, Literal["answer", "state"], str]
"""A key, what of it, and the name of a unit or an empty text."""
_Edit: TypeAlias = Callable[[AnswerPage], None]
PageKind: TypeAlias = Literal["lesson", "exercise"]


class Answers:
    """One notebook's answers by key, and what became of each card (its state: checked, skipped…).

    `Answers(None, "exercise", name)` keeps them in memory only. States are kept for a lesson, and for
    an exercise only in this window. `version` is that of the exercise on the page, by default today's.
    `problem` says what is wrong with the file, if anything is; `wait` is for how many seconds a save
    waits for another window.
    """

    def __init__(
        self, path: Path | None, kind: PageKind, name: str, *, version: int | None = None, wait: float = 10
    ) -> None:
        self.path, self.kind, self.name, self.wait = path, kind, name, wait
        self.version = version or exercise_version(name)
        self.problem: AnswersNotKept | None = None
        self._set_aside: AnswersDamaged | None = None
        self._page = AnswerPage()
        self._version_read: tuple[int, ...] = ()
        self._unsaved: dict[_Place, _Edit] = {}
        self._listeners: list[Callable[[str], None]] = []
        if path is not None:
            try:
                self._page = read_page(path, kind, name, version=self.version)
            except AnswersNotKept as error:
                self.problem = error

    @classmethod
    def read_only(cls, path: Path, kind: PageKind, name: str, *, version: int | None = None) -> Answers:
        """Return the answers in a file; what is saved here stays in memory and never changes the file."""
        answers = cls(path, kind, name, version=version)
        answers.path = None
        return answers

    def __repr__(self) -> str:
        """Name the page and nothing that is on it."""
        return f"<Answers of {self.kind} {self.name}>"

    def keys(self) -> list[str]:
        """Return the keys that have an answer."""
        return list(self._page.answers)

    def get(self, key: str, default: Json = None) -> Json:
        """Return the answer under a key as readers know it: a letter, a text, a list or a table."""
        return plain_value(self._page.answers[key]) if key in self._page.answers else default

    def has_earlier(self, key: str) -> bool:
        """Say whether a question was answered in an earlier version of the exercise."""
        return any(key in answers for answers in self._page.earlier.values())

    def units(self, key: str, layout: Layout) -> Units:
        """Return the units of the answer under a key, by name; none where there is no answer."""
        return units_of(self._page.answers.get(key), layout)

    def state(self, key: str) -> str:
        """Return what became of a card: an empty text, `checked`, `all` or `skipped`."""
        return str(self._page.states.get(key, ""))

    def save(self, key: str, value: Json | _Unset = _UNSET, *, state: str | None = None) -> None:
        """Save a value, a state or both under a key, and call the listeners. None removes the answer.

        Raises AnswersNotKept, and leaves the file as it was, when it cannot be saved.
        The answer is still known to this window, and goes into the file with its next save.
        """
        if not isinstance(value, _Unset):
            for place in [place for place in self._unsaved if place[:2] == (key, "answer")]:
                del self._unsaved[place]  # the new value is all there is to save
            self._edit((key, "answer", ""), _put_answer(key, storable(value)))
        self._save(key, state)

    def save_units(
        self,
        key: str,
        changes: Mapping[str, Json],
        layout: Layout,
        *,
        remove: Mapping[str, Json] | None = None,
        state: str | None = None,
    ) -> None:
        """Save the units of an answer that were changed, and leave the others as they are in the file now.

        None empties a unit. Units named in `remove` are removed if they still hold the value given there.
        Raises AnswersNotKept as `save` does.
        """
        for unit, expected in (remove or {}).items():
            self._edit((key, "answer", unit), _remove_unit(key, unit, storable(expected), layout))
        for unit, value in changes.items():
            self._edit((key, "answer", unit), _put_unit(key, unit, storable(value), layout))
        if not changes and not remove:
            self._edit((key, "answer", ""), _complete(key, layout))
        self._save(key, state)

    def refresh(self) -> None:
        """Read what another window has written meanwhile; changes that this one could not save yet are made on it."""
        if self.path is None or self.problem or self._version_read == storage.version_of(self.path):
            return
        with contextlib.suppress(AnswersNotKept):  # the next save says what is wrong
            self._page = self._with_unsaved(self._in_file(self.path))

    def listen(self, callback: Callable[[str], None]) -> None:
        """Call `callback(key)` after each change of an answer."""
        self._listeners.append(callback)

    def files(self) -> list[Path]:
        """Return the files of this page: the answers, what was set aside (see ASIDE), what a stopped save left."""
        if self.path is None:
            return []
        patterns = (self.path.name, *(f"{self.path.stem}.{kind}-*.json" for kind in ASIDE), f".{self.path.name}.*.tmp")
        paths = {file for pattern in patterns for file in self.path.parent.glob(pattern)}
        return sorted(file for file in paths if file.is_symlink() or not file.is_dir())

    def forget(self) -> list[str]:
        """Erase the files of this page, its lock and everything known of it; return the files' names."""
        self._page, self._unsaved = AnswerPage(), {}
        self.problem = self._set_aside = None
        if self.path is None:
            return []
        with _explain_system_errors("answers.not-erased", self.path), storage.locked(lock_of(self.path), self.wait):
            erased = self.files()
            for file in erased:
                file.unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # it is empty, and another window may hold it
            lock_of(self.path).unlink()
        return [file.name for file in erased]

    def _edit(self, place: _Place, edit: _Edit) -> None:
        """Make a change here, to be made in the file with the next save; a later change of one unit takes its place."""
        edit(self._page)
        self._unsaved.pop(place, None)
        self._unsaved[place] = edit

    def _save(self, key: str, state: str | None) -> None:
        if state is not None:
            self._edit((key, "state", ""), _put_state(key, state))
        try:
            if self.path is not None:
                self._save_to(self.path)
            self._unsaved.clear()
        finally:
            for callback in list(self._listeners):
                callback(key)

    def _save_to(self, path: Path) -> None:
        with _explain_system_errors("answers.not-saved", path):
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with storage.locked(lock_of(path), self.wait):
                page = self._with_unsaved(self._latest(path))
                storage.write_whole(path, self._as_bytes(page))
                self._version_read = storage.version_of(path)
        self._page, self.problem = page, self._set_aside

    def _with_unsaved(self, page: AnswerPage) -> AnswerPage:
        for edit in self._unsaved.values():
            edit(page)
        return page

    def _latest(self, path: Path) -> AnswerPage:
        """Return what the file holds now; a damaged one is set aside, and what this window knows takes its place."""
        try:
            return self._in_file(path)
        except AnswersDamaged as damaged:
            hint = words("answers.kept-aside", name=_move_aside(path).name)
            self.problem = self._set_aside = AnswersDamaged(damaged.message, hint)
            return self._page

    def _in_file(self, path: Path) -> AnswerPage:
        """Return what the file holds now, with the states that only this window knows."""
        page = read_page(path, self.kind, self.name, version=self.version)
        if self.kind == "exercise":
            page.states = self._page.states
        return page

    def _as_bytes(self, page: AnswerPage) -> bytes:
        head: dict[str, Json] = {"format": FORMAT, self.kind: self.name}
        if self.kind == "lesson":
            record = {**head, "answers": page.answers, "states": page.states}
        else:
            earlier = {"earlier": page.earlier} if page.earlier else {}
            record = {**head, "version": self.version, "answers": page.answers, **earlier}
        data = storage.as_json(record)
        if len(data) > LARGEST:
            raise AnswersNotKept(words("answers.too-long"), words("answers.too-long-hint"))
        return data


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
        raise _not_kept("answers.not-read", path, error) from error
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


def _put_answer(key: str, value: Json) -> _Edit:
    def edit(page: AnswerPage) -> None:
        if value is None:
            page.answers.pop(key, None)
        else:
            page.answers[key] = value

    return edit


def _put_state(key: str, state: str) -> _Edit:
    def edit(page: AnswerPage) -> None:
        if state:
            page.states[key] = state
        else:
            page.states.pop(key, None)

    return edit


def _put_unit(key: str, unit: str, value: Json, layout: Layout) -> _Edit:
    def edit(page: AnswerPage) -> None:
        units = units_of(page.answers.get(key), layout)
        if value is None and layout.kind not in LISTED:
            units.pop(unit, None)
        else:
            units[unit] = value
        _put_answer(key, answer_of(units, layout))(page)

    return edit


def _remove_unit(key: str, unit: str, expected: Json, layout: Layout) -> _Edit:
    def edit(page: AnswerPage) -> None:
        units = units_of(page.answers.get(key), layout)
        if unit in units and units[unit] == expected:
            _put_unit(key, unit, None, layout)(page)

    return edit


def _complete(key: str, layout: Layout) -> _Edit:
    """Save an answer though none of its units was changed: no tick at all is an answer too."""

    def edit(page: AnswerPage) -> None:
        _put_answer(key, answer_of(units_of(page.answers.get(key), layout), layout))(page)

    return edit


def _move_aside(path: Path) -> Path:
    stamp = folder_stamp(local(now()))
    return path.rename(path.with_name(f"{path.stem}.damaged-{stamp}{path.suffix}"))


@contextlib.contextmanager
def _explain_system_errors(key: str, path: Path) -> Iterator[None]:
    """Turn an error of the system into one that says what did not happen to the answers."""
    try:
        yield
    except AnswersNotKept:
        raise
    except TimeoutError as error:
        raise AnswersNotKept(words("answers.locked"), words("answers.locked-hint")) from error
    except OSError as error:
        raise _not_kept(key, path, error) from error


def _not_kept(key: str, path: Path, error: OSError) -> AnswersNotKept:
    at = Path(error.filename) if isinstance(error.filename, str) else path
    return AnswersNotKept(
        words(key, reason=error.strerror or type(error).__name__), words(f"{key}-hint", folder=at.parent)
    )


def lock_of(path: Path) -> Path:
    """Return where the lock of a file is: with the person's own data, so that none is handed in."""
    name = hashlib.sha256(os.fsencode(path.parent.resolve() / path.name)).hexdigest()[:24]
    return settings().data / "locks" / f"{name}.lock"
