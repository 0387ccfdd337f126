"""The files that the browser keeps for a learner: handed over from its database, and those that changed given back.

Python works on them as on any disk. A change counts as kept once the database says so, and is taken back where it
refuses it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, TypeAlias

from course.core.storage import file_signature

Change: TypeAlias = tuple[str, bytes | None]
"""The name of a file from the folder that is kept, and what it holds; None where it is gone."""
_NOT_KEPT: Final = ("locks", "logs")
"""Folders whose files mean nothing to another page."""
_ENDINGS: Final = (".tmp", ".lock")


class KeptFiles:
    """A folder whose files the browser keeps. What is in it at first belongs to the course and is not kept."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: dict[str, bytes] = {}
        """What the database holds, by name."""
        self._signatures = {name: file_signature(path) for name, path in self._files()}

    def load(self, changes: Iterable[Change]) -> None:
        """Take files as the database has them by now."""
        for name, data in changes:
            self._put(name, data)
            self._know(name, data)

    def changed(self) -> list[Change]:
        """Return what Python has changed since it was last kept."""
        files = dict(self._files())
        changed = [name for name, path in files.items() if self._signatures.get(name) != file_signature(path)]
        contents: list[Change] = [(name, files[name].read_bytes()) for name in changed]
        same = [name for name, data in contents if self._kept.get(name) == data]
        for name in same:
            self._signatures[name] = file_signature(files[name])
        return [*((name, data) for name, data in contents if name not in same), *self._gone(files)]

    def confirm(self, changes: Iterable[Change]) -> None:
        """Take note that the database has these changes."""
        for name, data in changes:
            self._know(name, data)

    def take_back(self, changes: Iterable[Change], own: Iterable[Path]) -> None:
        """Put the files of these changes back as the database has them.

        A new file stays, to be kept with the next change, unless it is one of `own`, whose writers write it again.
        """
        written_again = set(own)
        for name, _ in changes:
            if name in self._kept or self._folder / name in written_again:
                self._put(name, self._kept.get(name))
                self._know(name, self._kept.get(name))

    def path(self, name: str) -> Path:
        """Return where the file of this name is."""
        return self._folder / name

    def _gone(self, files: Mapping[str, Path]) -> list[Change]:
        return [(name, None) for name in self._kept if name not in files]

    def _know(self, name: str, data: bytes | None) -> None:
        if data is None:
            self._kept.pop(name, None)
            self._signatures.pop(name, None)
        else:
            self._kept[name] = data
            self._signatures[name] = file_signature(self._folder / name)

    def _put(self, name: str, data: bytes | None) -> None:
        path = self._folder / name
        if data is None:
            path.unlink(missing_ok=True)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.tmp")
        draft.write_bytes(data)
        draft.replace(path)  # another file, so that whoever knows the one before sees that it changed

    def _files(self) -> Iterator[tuple[str, Path]]:
        for path in sorted(self._folder.rglob("*")):
            place = path.relative_to(self._folder)
            if path.is_file() and path.suffix not in _ENDINGS and not set(place.parts) & set(_NOT_KEPT):
                yield place.as_posix(), path
