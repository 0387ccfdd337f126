"""Where the browser keeps drafts of a page: what was typed or chosen there and is not saved yet.

The browser keeps drafts by these names, so that none of another journal, such as the demo's, is shown or sent. The ids
change when a page or the whole journal is erased: the browser then drops the drafts at the next opening.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
from pathlib import Path
from typing import Final, TypedDict

from course.core import storage
from course.records.answers.answers import Answers
from course.records.answers.file import lock_of

IDS: Final = "draft-ids.txt"
"""The file in a journal with its id, and one for each page that was erased alone; nothing that anybody wrote."""
_LARGEST: Final = 100_000
_WAIT: Final = 1
_LINE: Final = re.compile(r"([a-z0-9-]+) ([0-9a-f]{16})")
_WHOLE: Final = "journal"


class DraftPlace(TypedDict):
    """The names under which a browser keeps the drafts of a page."""

    place: str
    """Which folder it is, without its name."""
    journal: str
    """An id that changes when the journal is erased."""
    page: str
    """The page's name, and behind @ an id that changes when the page is erased alone."""


def draft_place(answers: Answers) -> DraftPlace | None:
    """Return where drafts of these answers are kept, or None where none may be: nothing tells when to drop them."""
    if answers.path is None:
        return None
    folder = answers.path.parent
    place = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:16]
    if answers.kind == "exercise":
        return {"place": place, "journal": answers.kind, "page": f"{answers.name}@"}
    try:
        ids = _read(folder) or _add(folder, _WHOLE)
    except OSError:
        return None
    return {"place": place, "journal": ids[_WHOLE], "page": f"{answers.name}@{ids.get(answers.name, '')}"}


def drop_drafts(folder: Path, page: str | None = None) -> None:
    """Have browsers drop the drafts of one page of a journal, or of all, at the next opening."""
    with contextlib.suppress(OSError):  # without an id there are no drafts
        if page is None:
            (folder / IDS).unlink(missing_ok=True)
        elif _read(folder):
            _add(folder, page)


def _read(folder: Path) -> dict[str, str]:
    """Return the ids by page, with that of the whole journal; nothing where there is none. Raises OSError."""
    try:
        text = storage.read_whole(folder / IDS, largest=_LARGEST).decode("ascii", "replace")
    except (FileNotFoundError, storage.Unusable):
        return {}
    ids = {match[1]: match[2] for line in text.splitlines() if (match := _LINE.fullmatch(line))}
    return ids if _WHOLE in ids else {}


def _add(folder: Path, name: str) -> dict[str, str]:
    """Give one page, or the whole journal, a new id, and return all; raises OSError."""
    path = folder / IDS
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with storage.locked(lock_of(path), _WAIT):
        ids = _read(folder)
        if name != _WHOLE or not ids:  # two windows may begin at once
            ids[name] = secrets.token_hex(8)
            storage.write_whole(path, "".join(f"{key} {id}\n" for key, id in ids.items()).encode())
    return ids
