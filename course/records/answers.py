"""The answers of one notebook, kept in one readable JSON file.

A save is written beside the file, flushed and renamed over it, so that a stopped
computer leaves the old file or the new one. A lock keeps two windows from losing
each other's keys. Reading changes nothing; a file that cannot be used is never overwritten.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from course.content import words
from course.core import storage
from course.core.errors import AnswersDamaged, AnswersNotKept, AnswersTooNew
from course.core.settings import settings

FORMAT: Final = 1
LARGEST: Final = 1_000_000
"""The size in bytes of the largest file of answers that is read or written."""
DEEPEST: Final = 6
"""How many lists and tables may stand inside each other in a file of answers."""

Json = Any
Pages = dict[str, dict[str, Json]]
"""`answers` and `states`, each by key."""
_UNSET: Final = object()


class Answers:
    """One notebook's answers by key, and what became of each card (its state: checked, skipped…).

    `Answers(None, "exercise", slug)` keeps them in memory only. States are kept for a lesson, and for
    an exercise only in this window. `problem` says what is wrong with the file, if anything is;
    `wait` is for how many seconds a save waits for another window.
    """

    def __init__(self, path: Path | None, kind: str, slug: str, *, wait: float = 10) -> None:
        self.path, self.kind, self.slug, self.wait = path, kind, slug, wait
        self.problem: AnswersNotKept | None = None
        self._kept_aside: AnswersDamaged | None = None
        self._pages = _empty()
        self._unsaved: dict[str, tuple[Json, str | None]] = {}
        self._listeners: list[Callable[[str], None]] = []
        if path is not None:
            try:
                self._pages = read_pages(path, kind, slug)
            except AnswersNotKept as error:
                self.problem = error

    @classmethod
    def look(cls, path: Path, kind: str, slug: str) -> Answers:
        """Return what a file holds, to be looked at: whatever is saved here stays in memory."""
        answers = cls(path, kind, slug)
        answers.path = None
        return answers

    def __repr__(self) -> str:
        """Name the page and nothing that is on it."""
        return f"<Answers of {self.kind} {self.slug}>"

    def keys(self) -> list[str]:
        """Return the keys that have an answer."""
        return list(self._pages["answers"])

    def get(self, key: str, default: Json = None) -> Json:
        """Return the answer kept under a key."""
        return self._pages["answers"].get(key, default)

    def state(self, key: str) -> str:
        """Return what became of a card: an empty text, `checked`, `all` or `skipped`."""
        return str(self._pages["states"].get(key, ""))

    def save(self, key: str, value: Json = _UNSET, *, state: str | None = None) -> None:
        """Keep a value, a state or both under a key, and tell who listens. None takes the answer away.

        Raises AnswersNotKept, and leaves the file as it was, when it cannot be saved.
        The answer is still known to this window, and goes into the file with its next save.
        """
        value = value if value is _UNSET else _plain(value)
        old_value, old_state = self._unsaved.get(key, (_UNSET, None))
        self._unsaved[key] = (old_value if value is _UNSET else value, old_state if state is None else state)
        _put(self._pages, key, value, state)
        try:
            if self.path is not None:
                self._save_to(self.path)
            self._unsaved.clear()
        finally:
            for tell in list(self._listeners):
                tell(key)

    def listen(self, tell: Callable[[str], None]) -> None:
        """Call `tell(key)` after each change of an answer."""
        self._listeners.append(tell)

    def files(self) -> list[Path]:
        """Return the files of this page: the answers, what was kept aside as damaged, what a stopped save left."""
        if self.path is None:
            return []
        patterns = (self.path.name, f"{self.path.stem}.damaged-*{self.path.suffix}", f".{self.path.name}.*.tmp")
        found = {file for pattern in patterns for file in self.path.parent.glob(pattern)}
        return sorted(file for file in found if file.is_symlink() or not file.is_dir())

    def forget(self) -> list[str]:
        """Erase the files of this page, its lock and everything known of it; return the files' names."""
        self._pages, self._unsaved = _empty(), {}
        self.problem = self._kept_aside = None
        if self.path is None:
            return []
        with _in_plain_words("answers.not-erased", self.path), storage.locked(_lock_of(self.path), self.wait):
            erased = self.files()
            for file in erased:
                file.unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # it is empty, and another window may hold it
            _lock_of(self.path).unlink()
        return [file.name for file in erased]

    def _save_to(self, path: Path) -> None:
        with _in_plain_words("answers.not-saved", path):
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with storage.locked(_lock_of(path), self.wait):
                pages = self._latest(path)
                for key, (value, state) in self._unsaved.items():
                    _put(pages, key, value, state)
                storage.write_whole(path, self._as_bytes(pages))
        self._pages, self.problem = pages, self._kept_aside

    def _latest(self, path: Path) -> Pages:
        """Return what the file holds now; a damaged one is kept aside, and what this window knows takes its place."""
        try:
            pages = read_pages(path, self.kind, self.slug)
        except AnswersDamaged as damaged:
            hint = words("answers.kept-aside", name=_keep_aside(path).name)
            self.problem = self._kept_aside = AnswersDamaged(damaged.message, hint)
            return self._pages
        return pages if self.kind == "lesson" else {**pages, "states": self._pages["states"]}

    def _as_bytes(self, pages: Pages) -> bytes:
        states = {"states": pages["states"]} if self.kind == "lesson" else {}
        data = storage.as_json({"format": FORMAT, self.kind: self.slug, "answers": pages["answers"], **states})
        if len(data) > LARGEST:
            raise AnswersNotKept(words("answers.too-long"), words("answers.too-long-hint"))
        return data


def read_pages(path: Path, kind: str, slug: str) -> Pages:
    """Return the answers and states in a file that may come from a stranger; none where there is no file.

    Raises AnswersDamaged for anything the course would not have written (a link, a large or deep file,
    the wrong shape, another lesson's), AnswersTooNew for a newer format, AnswersNotKept if it cannot be read.
    """
    damaged = AnswersDamaged(words("answers.damaged", name=path.name), words("answers.damaged-hint"))
    try:
        data = storage.read_whole(path, largest=LARGEST)
    except FileNotFoundError:
        return _empty()
    except storage.Unusable:
        raise damaged from None
    except OSError as error:
        raise _plainly("answers.not-read", path, error) from error
    return parse_pages(data, path, kind, slug)


def parse_pages(data: bytes, path: Path, kind: str, slug: str) -> Pages:
    """Return the answers and states in the bytes of a file; raises AnswersDamaged or AnswersTooNew as `read_pages`."""
    damaged = AnswersDamaged(words("answers.damaged", name=path.name), words("answers.damaged-hint"))
    try:
        whole = storage.parse_json(data, deepest=DEEPEST)
    except storage.Unusable:
        raise damaged from None
    if not isinstance(whole, dict) or type(whole.get("format")) is not int:
        raise damaged
    if whole["format"] > FORMAT:
        raise AnswersTooNew(words("answers.too-new", name=path.name), words("answers.too-new-hint"))
    answers, states = whole.get("answers"), whole.get("states", {}) if kind == "lesson" else {}
    is_ours = whole["format"] == FORMAT and whole.get(kind) == slug
    if not is_ours or not isinstance(answers, dict) or not isinstance(states, dict):
        raise damaged
    return {"answers": answers, "states": states}


def _empty() -> Pages:
    return {"answers": {}, "states": {}}


def _put(pages: Pages, key: str, value: Json, state: str | None) -> None:
    for page, new in (("answers", value), ("states", _UNSET if state is None else state or None)):
        if new is None:
            pages[page].pop(key, None)
        elif new is not _UNSET:
            pages[page][key] = new


def _plain(value: Json) -> Json:
    """Return a copy of a value as a file holds it; half of a character, which no file can hold, becomes “?”."""
    return json.loads(json.dumps(value, ensure_ascii=False, allow_nan=False).encode(errors="replace"))


def _keep_aside(path: Path) -> Path:
    now = datetime.datetime.now().strftime("%Y%m%d-%H%M%S-%f")
    return path.rename(path.with_name(f"{path.stem}.damaged-{now}{path.suffix}"))


@contextlib.contextmanager
def _in_plain_words(key: str, path: Path) -> Iterator[None]:
    """Turn an error of the system into one that says what did not happen to the answers."""
    try:
        yield
    except AnswersNotKept:
        raise
    except TimeoutError as error:
        raise AnswersNotKept(words("answers.locked"), words("answers.locked-hint")) from error
    except OSError as error:
        raise _plainly(key, path, error) from error


def _plainly(key: str, path: Path, error: OSError) -> AnswersNotKept:
    at = Path(error.filename) if isinstance(error.filename, str) else path
    return AnswersNotKept(
        words(key, reason=error.strerror or type(error).__name__), words(f"{key}-hint", folder=at.parent)
    )


def _lock_of(path: Path) -> Path:
    """Return where the lock of a file is: with the person's own data, so that none is handed in."""
    name = hashlib.sha256(os.fsencode(path.parent.resolve() / path.name)).hexdigest()[:24]
    return settings().data / "locks" / f"{name}.lock"
