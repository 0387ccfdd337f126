"""The folder of a marked hand-in: made as a draft, put into its place whole, and what it says of itself."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from course.grading.marking.taking import Taken

RECORD: Final = "marking.json"
"""Beside a marked notebook: from what it was made."""


def read_record(place: Path) -> dict[str, Any]:
    """Return what a marked hand-in says of itself; nothing where nbgrader's own command marked it."""
    try:
        record = json.loads((place / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def is_same_hand_in(place: Path, record: dict[str, Any], digest: str, taken: Taken) -> bool:
    """Say whether this hand-in is the one that was marked last, here or by nbgrader's own command."""
    if record:
        return record.get("hand-in") == digest
    try:
        return (place / "timestamp.txt").read_bytes() == taken.files.get("timestamp.txt")
    except OSError:
        return False


def digest_of(taken: Taken) -> str:
    """Return a digest of all that was taken from a hand-in."""
    parts = [json.dumps(taken.notebook, sort_keys=True)]
    parts += [f"{name} {hashlib.sha256(taken.files[name]).hexdigest()}" for name in sorted(taken.files)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def put_back(place: Path) -> None:
    """Put back what a killed run had moved aside and nothing had come in the place of."""
    _, old = _aside(place)
    if old.is_dir() and not place.exists():
        old.rename(place)


@contextlib.contextmanager
def draft_of(place: Path) -> Iterator[Path]:
    """Give an empty folder, and put it in the place of another when all went well."""
    place.parent.mkdir(parents=True, exist_ok=True)
    draft, old = _aside(place)
    for left_over in (draft, old):
        shutil.rmtree(left_over, ignore_errors=True)
    draft.mkdir()
    try:
        yield draft
        if place.exists():
            place.rename(old)
        draft.rename(place)
    finally:
        for left_over in (draft, old):
            shutil.rmtree(left_over, ignore_errors=True)


def _aside(place: Path) -> tuple[Path, Path]:
    """Return where a draft is made, and where the older one is moved."""
    return place.with_name(f".{place.name}.marking"), place.with_name(f".{place.name}.old")


def set_permissions(folder: Path, permissions: int) -> None:
    """Give the files of a folder the permissions that nbgrader has for them, such as 444."""
    for path in folder.iterdir():
        os.chmod(path, int(str(permissions), 8))
