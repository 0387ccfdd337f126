"""A course directory apart from the code: filled from a clone of the course, and brought up to date from a newer one.

An installed course has no exercises with their answers. Where many people share one installation, as behind a Hub,
trainers' files are in a folder that learners cannot read, and `BUILDING_TRUST_COURSEWORK` names it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import click

from course.content import trainer_words
from course.core import names, storage
from course.core.errors import FolderUnusable, NotACourseDirectory

MANIFEST: Final = ".coursework.json"
_COPIED: Final = (names.SOURCE, names.RELEASE, "notebooks")
_SETTINGS: Final = "nbgrader_config.py"
_LARGEST: Final = 8 * 1024 * 1024


def fill(folder: Path, clone: Path) -> list[str]:
    """Copy what trainers need from a clone of the course into a folder, or bring the folder up to date.

    Files of the folder that somebody changed there stay as they are. Returns their names, with those that a newer
    clone no longer has. Raises NotACourseDirectory where the clone is none, and FolderUnusable for a folder that
    cannot be written or is in the clone.
    """
    folder, clone = folder.expanduser().resolve(), clone.expanduser().resolve()
    if not (clone / names.SOURCE).is_dir() or not (clone / _SETTINGS).is_file():
        raise NotACourseDirectory(
            f"The folder {clone} is no clone of the course: it has no exercises with their answers.",
            "Name the folder that you cloned the course’s repository into.",
        )
    if folder == clone or clone in folder.parents or folder in clone.parents:
        raise FolderUnusable(
            f"The folder {folder} is the clone itself, or has to do with it.",
            "Choose a folder apart from the clone.",
        )
    try:
        if not folder.exists():
            storage.make_private(folder)  # one that is there keeps the permissions that an administrator gave it
        return _copy(folder, dict(_files(clone)))
    except OSError as error:
        raise FolderUnusable(
            f"The folder {folder} cannot be used: {error.strerror or error}.",
            "Make room or allow writing there, or choose another.",
        ) from error


def _files(clone: Path) -> Iterator[tuple[str, bytes]]:
    """Return the files to copy by their names; no links, and nothing that people made while they used the clone."""
    yield _SETTINGS, (clone / _SETTINGS).read_bytes()
    for kind in _COPIED:
        for path in sorted((clone / kind).rglob("*")):
            name = path.relative_to(clone)
            is_hidden = any(part.startswith((".", "__")) for part in name.parts)
            if path.is_file() and not path.is_symlink() and not is_hidden and path.name != names.ANSWERS:
                yield name.as_posix(), path.read_bytes()


def _copy(folder: Path, wanted: Mapping[str, bytes]) -> list[str]:
    copied, kept = _read_manifest(folder), []
    for name in sorted({*copied, *wanted}):
        here = _digest_of_file(folder / name)
        if here not in (None, copied.get(name), _digest(wanted.get(name))):
            kept.append(name)
        elif name in wanted:
            storage.put(folder / name, wanted[name])
        else:
            (folder / name).unlink(missing_ok=True)
    storage.put(folder / MANIFEST, storage.as_json({name: _digest(content) for name, content in wanted.items()}))
    return kept


def _read_manifest(folder: Path) -> dict[str, str]:
    """Return the digests of what was copied, by name; of a manifest that cannot be read, none: then all stays."""
    try:
        content = json.loads(storage.read_whole(folder / MANIFEST, largest=_LARGEST))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _digest(content: bytes | None) -> str | None:
    return None if content is None else hashlib.sha256(content).hexdigest()


def _digest_of_file(path: Path) -> str | None:
    return _digest(path.read_bytes()) if path.is_file() else None


def run(folder: Path, clone: Path) -> None:
    """Fill a folder, and say what was done and how to use it."""
    kept = fill(folder, clone)
    click.echo(trainer_words("coursework.filled", folder=folder.expanduser().resolve()))
    if kept:
        click.echo(trainer_words("coursework.kept", files=", ".join(kept)))
