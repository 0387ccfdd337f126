"""Pages of the journal that an earlier version wrote under a lesson's former name, moved to the lesson's key.

All files of such a page move: the answers, what was set aside, what a stopped save left. Nothing is lost where there
are pages under both names, as when two versions are used by turns: the page then has the answers of both (of a key
in both, the one in the file that was written later), and the other file stays beside it as `earlier`.
"""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path
from typing import Final, TypedDict, cast

from course.content.lessons import lesson_names
from course.core import storage
from course.core.errors import AnswersNotKept
from course.core.moments import folder_stamp, local, now
from course.records.answers import DEEPEST, LARGEST, lock_of, parse_page

_WAIT: Final = 10
"""For how many seconds another window may hold a page."""


def page_path(folder: Path, key: str) -> Path:
    """Return the file of a page, after moving what is there under a former name to it.

    Where that cannot be done now, it is the file of the former name, which can be read and written as it is.
    """
    path = folder / f"{key}.json"
    for former in lesson_names(key)[1:]:
        old = folder / f"{former}.json"
        if _files(old):
            try:
                with storage.locked(lock_of(path), _WAIT), storage.locked(lock_of(old), _WAIT):
                    _move(old, path)
            except (OSError, TimeoutError):
                return old if os.path.lexists(old) and not os.path.lexists(path) else path
            with contextlib.suppress(OSError):  # it is empty, and a window of the earlier version may hold it
                lock_of(old).unlink()
    return path


def _files(page: Path) -> list[Path]:
    """Return the files of a page: its answers, what was set aside, what a stopped save left."""
    pattern = re.compile(rf"\.?{re.escape(page.stem)}\.(json|[a-z]+-[0-9-]+\.json|json\.\w+\.tmp)")
    return [path for path in page.parent.glob(f"*{page.stem}.*") if pattern.fullmatch(path.name)]


def _move(old: Path, path: Path) -> None:
    """Move all files of a page; both locks are held."""
    if os.path.lexists(old) and os.path.lexists(path):
        _merge(old, path)
    for file in _files(old):
        new = file.with_name(file.name.replace(old.stem, path.stem, 1))
        if not os.path.lexists(new):
            file.rename(new)


def _merge(old: Path, path: Path) -> None:
    """Put the answers of two files of one page into one, unless either cannot be read; set the earlier one aside."""
    earlier, later = sorted((old, path), key=lambda file: file.lstat().st_mtime_ns)
    aside = path.with_name(f"{path.stem}.earlier-{folder_stamp(local(now()))}.json")
    try:
        pages = [_read(file, path.stem) for file in (earlier, later)]
    except (AnswersNotKept, storage.Unusable):  # the page that is at its place stays there
        old.rename(aside)
        return
    answers = {**pages[0]["answers"], **pages[1]["answers"]}
    states = {**pages[0].get("states", {}), **pages[1].get("states", {})}
    form = max(page["format"] for page in pages)
    merged = {"format": form, "lesson": path.stem, "answers": answers, "states": states}
    first, second = (earlier.read_bytes(), storage.as_json(merged))
    storage.write_whole(aside, first)
    storage.write_whole(path, second)
    old.unlink()


class _Page(TypedDict, total=False):
    format: int
    answers: dict[str, object]
    states: dict[str, str]


def _read(file: Path, key: str) -> _Page:
    """Return what a page holds; raises AnswersNotKept or Unusable where it is none."""
    data = storage.read_whole(file, largest=LARGEST)
    parse_page(data, file, "lesson", key)
    return cast(_Page, storage.parse_json(data, deepest=DEEPEST))  # parse_page has checked its shape
