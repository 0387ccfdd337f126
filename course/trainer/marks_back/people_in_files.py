"""Whose marks are in each file of marks that was made: a platform's file may have a number of its own alone for them.

Moodle's worksheet, for one, finds somebody by the mail address, and goes back with “Participant 71” and no address.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final

from course.core import storage

FILE: Final = "people.json"
"""Beside the files of marks: the ids of the learners in each, by the file's name."""
_FORMAT: Final = 1
_LARGEST: Final = 10_000_000


def read_people(folder: Path) -> dict[str, frozenset[str]]:
    """Return the learners in each file of marks, by its name; none where that is not known, as of a damaged record."""
    try:
        kept = storage.read_json(folder / FILE, largest=_LARGEST, deepest=3)
    except (OSError, ValueError):
        return {}
    people = kept.get("people") if isinstance(kept, dict) and kept.get("format") == _FORMAT else None
    lists = people.items() if isinstance(people, dict) else ()
    return {name: frozenset(map(str, learners)) for name, learners in lists if isinstance(learners, list)}


def note_people(folder: Path, name: str, learners: Collection[str]) -> None:
    """Note whose marks are about to be in a file; whoever was in one of that name may still be, if this is stopped."""
    known = _of_files_there(folder)
    _write(folder, {**known, name: known.get(name, frozenset()) | frozenset(learners)})


def forget_person(folder: Path, learner: str) -> None:
    """Remove a learner from what is noted of every file."""
    _write(folder, {name: people - {learner} for name, people in _of_files_there(folder).items()})


def forget_file(folder: Path, name: str) -> None:
    """Remove a file of marks, and what is noted of it."""
    (folder / name).unlink(missing_ok=True)
    _write(folder, _of_files_there(folder))


def _of_files_there(folder: Path) -> dict[str, frozenset[str]]:
    return {name: people for name, people in read_people(folder).items() if (folder / name).is_file()}


def _write(folder: Path, people: Mapping[str, Collection[str]]) -> None:
    """Keep whose marks are in which file; without any there is no record either."""
    noted = {name: sorted(learners) for name, learners in people.items() if learners}
    if noted:
        storage.put(folder / FILE, storage.as_json({"format": _FORMAT, "people": noted}))
    else:
        (folder / FILE).unlink(missing_ok=True)
