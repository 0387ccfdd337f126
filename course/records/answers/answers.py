"""The answers of one notebook, saved in one readable JSON file.

A save is written beside the file, flushed and renamed over it, so that a stopped
computer leaves the old file or the new one. Under a lock the file is read anew and only
what a person changed is put into it, unit by unit, so that no window takes away what another
one wrote. Reading changes nothing; a file that cannot be used is never overwritten.
`page.py` has the formats of the file.
"""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final, Literal, TypeAlias

from course.content import words
from course.content.lessons import exercise_version
from course.core import storage
from course.core.errors import AnswersDamaged, AnswersNotKept
from course.records.answers.file import explain_system_errors, lock_of, make_folder, move_aside
from course.records.answers.page import (
    FORMAT,
    LARGEST,
    AnswerPage,
    Edit,
    PageKind,
    complete,
    put_answer,
    put_state,
    put_unit,
    read_page,
    remove_unit,
)
from course.records.answers.units import Json, Layout, Units, plain_value, storable, units_of

ASIDE: Final = ("damaged", "earlier")
"""Why a file was set aside: it could not be read, or another one of the same page was written later."""


class _Unset:
    """No value was given: the saved one stays."""


_UNSET: Final = _Unset()
WAIT: Final = 3
"""For how many seconds a save waits for another window; a card says within six that nobody answers."""
_Place: TypeAlias = tuple[str, Literal["answer", "state"], str]
"""A key, what of it, and the name of a unit or an empty text."""


class Answers:
    """One notebook's answers by key, and what became of each card (its state: checked, skipped…).

    `Answers(None, "exercise", name)` keeps them in memory only. States are kept for a lesson, and for
    an exercise only in this window. `version` is that of the exercise on the page, by default today's.
    `problem` says what is wrong with the file, if anything is; `wait` is for how many seconds a save
    waits for another window; `saves` counts what was saved here.
    """

    def __init__(
        self, path: Path | None, kind: PageKind, name: str, *, version: int | None = None, wait: float = WAIT
    ) -> None:
        self.path, self.kind, self.name, self.wait = path, kind, name, wait
        self.version = version or exercise_version(name)
        self.problem: AnswersNotKept | None = None
        self._set_aside: AnswersDamaged | None = None
        self._page = AnswerPage()
        self._signature_read: tuple[int, ...] | None = ()
        """Of the file that is known here; None where the one that is there cannot be used."""
        self._unsaved: dict[_Place, Edit] = {}
        self._saved_last: dict[_Place, Edit] = {}
        """What was saved since the page was last held."""
        self.saves = 0
        self._holds_lock = False
        self._lock_error: OSError | None = None
        self._listeners: list[Callable[[str], None]] = []
        if path is not None:
            try:
                self._page = read_page(path, kind, name, version=self.version)
            except AnswersNotKept as error:
                self.problem, self._signature_read = error, None

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
            self._edit((key, "answer", ""), put_answer(key, storable(value)))
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
            self._edit((key, "answer", unit), remove_unit(key, unit, storable(expected), layout))
        for unit, value in changes.items():
            self._edit((key, "answer", unit), put_unit(key, unit, storable(value), layout))
        if not changes and not remove:
            self._edit((key, "answer", ""), complete(key, layout))
        self._save(key, state)

    def change(self, edit: Edit) -> None:
        """Make a change to the page as the file has it now, save it, and call the listeners for each key it changed.

        Raises AnswersNotKept as `save` does; nothing is then changed here either.
        """
        place: _Place = ("", "answer", "")
        self._unsaved[place] = edit
        try:
            self._save("", None)
        except AnswersNotKept:
            del self._unsaved[place]
            raise

    def copy_of_page(self) -> AnswerPage:
        """Return a copy of all that is known here, as a file keeps it."""
        return copy.deepcopy(self._page)

    def refresh(self) -> None:
        """Read what another window has written meanwhile, and call the listeners for each key that it changed.

        Changes that this window could not save yet are made on it. Where the file cannot be used any more, or can be
        again, `problem` says so, and the listeners are called with an empty key.
        """
        if self.path is None or self._signature_read == storage.file_signature(self.path):
            return
        signature = storage.file_signature(self.path)
        try:
            page = self._with_unsaved(self._in_file(self.path))
        except AnswersNotKept as error:
            self._signature_read = None
            self._meet(error)
            return
        self._signature_read = signature
        changed = self._take(page)
        self._meet(self._set_aside)
        self._tell(changed)

    @contextlib.contextmanager
    def newest(self) -> Iterator[None]:
        """Hold the page, as it is on disk now: what is decided inside rests on it, whatever other windows do.

        Where it cannot be held, what is inside is done all the same, and what it saves is not saved and says so.
        """
        if self.path is None or self._holds_lock or self._lock_error:
            yield
            return
        self._saved_last = {}
        with contextlib.ExitStack() as stack:
            try:
                stack.enter_context(storage.locked(lock_of(self.path), self.wait))
            except OSError as error:  # also of time
                self._lock_error = error
            else:
                self._holds_lock = True
            try:
                self.refresh()
                yield
            finally:
                self._holds_lock, self._lock_error = False, None

    @contextlib.contextmanager
    def as_saved(self) -> Iterator[None]:
        """Read the answers as they are on disk, without what this window could not save yet."""
        page = self._page
        if self.path is not None and self._unsaved:
            with contextlib.suppress(AnswersNotKept):
                self._page = self._in_file(self.path)
        try:
            yield
        finally:
            self._page = page

    @property
    def is_all_saved(self) -> bool:
        """Whether nothing waits here because it could not be saved."""
        return not self._unsaved

    def save_again(self) -> None:
        """Save what could not be saved before; raises AnswersNotKept as `save` does."""
        self._save("", None)

    def save_later(self) -> None:
        """Have what was saved last wait to be saved again: its disk refused it after all, as a browser's may."""
        self._unsaved = {**self._saved_last, **self._unsaved}
        self._saved_last = {}

    def drop_unsaved(self, key: str) -> None:
        """Take back what could not be saved of an answer, so that it never takes the place of a later one."""
        for place in [place for place in self._unsaved if place[0] == key]:
            del self._unsaved[place]
        if self.path is not None:
            with contextlib.suppress(AnswersNotKept):
                self._tell(self._take(self._with_unsaved(self._in_file(self.path))))

    def listen(self, callback: Callable[[str], None]) -> None:
        """Call `callback(key)` after each change of an answer; the key is empty where `problem` changed."""
        self._listeners.append(callback)

    def unlisten(self, callback: Callable[[str], None]) -> None:
        """Call `callback` no more."""
        with contextlib.suppress(ValueError):
            self._listeners.remove(callback)

    def files(self) -> list[Path]:
        """Return the files of this page: the answers, what was set aside (see ASIDE), what a stopped save left."""
        if self.path is None:
            return []
        patterns = (self.path.name, *(f"{self.path.stem}.{kind}-*.json" for kind in ASIDE), f".{self.path.name}.*.tmp")
        paths = {file for pattern in patterns for file in self.path.parent.glob(pattern)}
        return sorted(file for file in paths if file.is_symlink() or not file.is_dir())

    def forget(self) -> list[str]:
        """Erase the files of this page, its lock and everything known of it; return the files' names.

        Raises AnswersNotKept where that cannot be done. What is still there then is still known here too.
        """
        erased = []
        with self.held_to_erase():
            for file in self.files():
                file.unlink(missing_ok=True)
                erased.append(file.name)
        self._page, self._unsaved = AnswerPage(), {}
        self.problem = self._set_aside = None
        return erased

    @contextlib.contextmanager
    def held_to_erase(self) -> Iterator[None]:
        """Hold the page while it is erased, and take its lock away; raises AnswersNotKept where it cannot be held."""
        if self.path is None or self._holds_lock:
            yield
            return
        with explain_system_errors("answers.not-erased", self.path), storage.locked(lock_of(self.path), self.wait):
            self._holds_lock = True
            try:
                yield
            finally:
                self._holds_lock = False
        with contextlib.suppress(OSError):  # it is empty, and another window may hold it
            lock_of(self.path).unlink()

    def _edit(self, place: _Place, edit: Edit) -> None:
        """Make a change here, to be made in the file with the next save; a later change of one unit takes its place."""
        edit(self._page)
        self._unsaved.pop(place, None)
        self._unsaved[place] = edit

    def _save(self, key: str, state: str | None) -> None:
        if state is not None:
            self._edit((key, "state", ""), put_state(key, state))
        changed: set[str] = set()
        try:
            if self.path is not None:
                changed = self._save_to(self.path)
            self._saved_last.update(self._unsaved)
            self._unsaved = {}
            self.saves += 1
        finally:
            self._tell({key, *changed} - {""})

    def _save_to(self, path: Path) -> set[str]:
        """Save the page, and return the keys that another window changed meanwhile."""
        with explain_system_errors("answers.not-saved", path):
            make_folder(path.parent)
            with self._held(path):
                page = self._with_unsaved(self._latest(path))
                storage.write_whole(path, self._as_bytes(page))
                self._signature_read = storage.file_signature(path)
        self.problem = self._set_aside
        return self._take(page)

    def _held(self, path: Path) -> contextlib.AbstractContextManager[None]:
        """Return what holds the page while it is saved; raises OSError where `newest` could not hold it."""
        if self._lock_error:
            raise self._lock_error
        return contextlib.nullcontext() if self._holds_lock else storage.locked(lock_of(path), self.wait)

    def _take(self, page: AnswerPage) -> set[str]:
        """Know this page from now on; return the keys of what differs from the one before."""
        old, self._page = self._page, page
        tables = ((old.answers, page.answers), (old.states, page.states))
        return {
            key
            for before, after in tables
            for key in {*before, *after}
            if before.get(key) != after.get(key) or (key in before) != (key in after)
        }

    def _meet(self, problem: AnswersNotKept | None) -> None:
        """Know what is wrong with the file from now on, and tell it where it is news."""
        before, self.problem = self.problem, problem
        if str(before) != str(problem):
            self._tell({""})

    def _tell(self, keys: set[str]) -> None:
        for key in sorted(keys):
            for callback in list(self._listeners):
                callback(key)

    def _with_unsaved(self, page: AnswerPage) -> AnswerPage:
        for edit in self._unsaved.values():
            edit(page)
        return page

    def _latest(self, path: Path) -> AnswerPage:
        """Return what the file holds now; a damaged one is set aside, and what this window knows takes its place."""
        try:
            return self._in_file(path)
        except AnswersDamaged as damaged:
            hint = words("answers.kept-aside", name=move_aside(path).name)
            self.problem = self._set_aside = AnswersDamaged(damaged.message, hint)
            return self.copy_of_page()

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
