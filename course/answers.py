"""The answers of one notebook, kept in one readable JSON file.

A save is written beside the file, flushed and renamed over it, so that a stopped
computer leaves the old file or the new one. A lock keeps two windows from losing
each other's keys. A file that cannot be used is never overwritten.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import json
import os
import stat
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import filelock

from course.content import words
from course.errors import AnswersDamaged, AnswersNotKept, AnswersTooNew
from course.settings import settings

FORMAT: Final = 1
LARGEST: Final = 1_000_000
"""The size in bytes of the largest file of answers that is read or written."""
DEEPEST: Final = 6
_WAIT_SECONDS: Final = 10

Json = Any
_UNSET: Final = object()


class Answers:
    """One notebook's answers by key, and what became of each card (its state: checked, skipped…).

    `Answers(None, "exercise", slug)` keeps them in memory only.
    """

    def __init__(self, path: Path | None, kind: str, slug: str) -> None:
        self.path, self.kind, self.slug = path, kind, slug
        self.problem: AnswersNotKept | None = None
        self._pages: dict[str, dict[str, Json]] = {"answers": {}, "states": {}}
        self._listeners: list[Callable[[str], None]] = []
        if path is not None:
            try:
                with _locked(path) if path.exists() else contextlib.nullcontext():
                    self._pages = self._read()
            except AnswersNotKept as error:
                self.problem = error

    @classmethod
    def look(cls, path: Path, kind: str, slug: str) -> Answers:
        """Return what a file holds, in memory only: nothing is locked, moved or written, whatever the file is."""
        answers = cls(None, kind, slug)
        try:
            answers._pages = read_pages(path, kind, slug) if path.is_symlink() or path.exists() else answers._pages
        except AnswersNotKept as error:
            answers.problem = error
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
        The answer is still known to this window, so that nothing typed is lost.
        """
        try:
            self._change(key, value, state)
        finally:
            for tell in list(self._listeners):
                tell(key)

    def listen(self, tell: Callable[[str], None]) -> None:
        """Call `tell(key)` after each change of an answer."""
        self._listeners.append(tell)

    def forget(self) -> None:
        """Erase the file and everything known of it."""
        self._pages = {"answers": {}, "states": {}}
        if self.path is not None and self.path.exists():
            with _locked(self.path):
                self.path.unlink(missing_ok=True)

    def _change(self, key: str, value: Json, state: str | None) -> None:
        _put(self._pages, key, value, state)
        if self.path is None:
            return
        if isinstance(self.problem, AnswersTooNew):
            raise self.problem
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with _locked(self.path):
                pages = self._read()
                _put(pages, key, value, state)
                self._write(pages)
            self._pages, self.problem = pages, None
        except AnswersNotKept:
            raise
        except OSError as error:
            raise AnswersNotKept(
                words("answers.not-saved", reason=error.strerror or type(error).__name__),
                words("answers.not-saved-hint", folder=self.path.parent),
            ) from error

    def _read(self) -> dict[str, dict[str, Json]]:
        assert self.path is not None
        if not self.path.exists():
            return {"answers": {}, "states": {}}
        try:
            return read_pages(self.path, self.kind, self.slug)
        except AnswersDamaged as damaged:
            aside = _keep_aside(self.path)
            self.problem = AnswersDamaged(damaged.message, words("answers.kept-aside", name=aside.name))
            return {"answers": {}, "states": {}}

    def _write(self, pages: Mapping[str, Mapping[str, Json]]) -> None:
        assert self.path is not None
        whole: dict[str, Json] = {"format": FORMAT, self.kind: self.slug, "answers": pages["answers"]}
        if self.kind == "lesson":
            whole["states"] = pages["states"]
        data = (json.dumps(whole, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()
        if len(data) > LARGEST:
            raise AnswersNotKept(words("answers.too-long"), words("answers.too-long-hint"))
        write_whole(self.path, data)


def read_pages(path: Path, kind: str, slug: str) -> dict[str, dict[str, Json]]:
    """Return the answers and states in a file that may come from a stranger.

    Raises AnswersDamaged for anything the course would not have written (a link, a large or
    deep file, the wrong shape, another lesson's), AnswersTooNew for a newer format, AnswersNotKept if it cannot be read.
    """
    data = _bytes(path)
    try:
        whole = json.loads(data.decode("utf-8"), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise AnswersDamaged(words("answers.damaged", name=path.name)) from error
    if not isinstance(whole, dict) or _depth(whole) > DEEPEST or not _is_plain_text(whole):
        raise AnswersDamaged(words("answers.damaged", name=path.name))
    version = whole.get("format")
    if isinstance(version, int) and not isinstance(version, bool) and version > FORMAT:
        raise AnswersTooNew(words("answers.too-new", name=path.name), words("answers.too-new-hint"))
    pages = {part: whole.get(part, {}) for part in ("answers", "states")}
    if version != FORMAT or whole.get(kind) != slug or not all(isinstance(page, dict) for page in pages.values()):
        raise AnswersDamaged(words("answers.damaged", name=path.name))
    return pages


def write_whole(path: Path, data: bytes) -> None:
    """Replace a file so that whoever looks finds the old one or the new one, readable by its owner alone."""
    for left_over in path.parent.glob(f".{path.name}.*.tmp"):
        left_over.unlink(missing_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _put(pages: dict[str, dict[str, Json]], key: str, value: Json, state: str | None) -> None:
    for page, new in (("answers", value), ("states", _UNSET if state is None else state or None)):
        if new is None:
            pages[page].pop(key, None)
        elif new is not _UNSET:
            pages[page][key] = new


def _bytes(path: Path) -> bytes:
    try:
        about = path.lstat()
        if not stat.S_ISREG(about.st_mode) or about.st_size > LARGEST:
            raise AnswersDamaged(words("answers.damaged", name=path.name))
        return path.read_bytes()
    except AnswersDamaged:
        raise
    except OSError as error:
        raise AnswersNotKept(
            words("answers.not-read", reason=error.strerror or type(error).__name__),
            words("answers.not-read-hint", folder=path.parent),
        ) from error


def _keep_aside(path: Path) -> Path:
    now = datetime.datetime.now().strftime("%Y%m%d-%H%M%S-%f")
    aside = path.with_name(f"{path.stem}.damaged-{now}{path.suffix}")
    try:
        path.rename(aside)
    except OSError as error:
        raise AnswersNotKept(
            words("answers.damaged", name=path.name), words("answers.not-saved-hint", folder=path.parent)
        ) from error
    return aside


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the lock of a file. Locks live with the person's data, so that none is handed in."""
    name = hashlib.sha256(str(path.absolute()).encode()).hexdigest()[:24]
    lock = settings().data / "locks" / f"{name}.lock"
    try:
        lock.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with filelock.FileLock(lock, timeout=_WAIT_SECONDS):
            yield
    except filelock.Timeout as error:
        raise AnswersNotKept(words("answers.locked"), words("answers.locked-hint")) from error


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _depth(value: Json) -> int:
    if isinstance(value, dict):
        return 1 + max(map(_depth, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(_depth, value), default=0)
    return 0


def _is_plain_text(value: Json) -> bool:
    """Say whether all text can be written again: half of a character (a lone surrogate) cannot."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except ValueError:
        return False
    return True
