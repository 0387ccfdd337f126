"""The folder of a marked hand-in: made as a draft, put into its place whole, and what it says of itself."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any, Final

from course.trainer.marking.read_submission import Taken

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


def new_draft(place: Path) -> Path:
    """Return an empty folder for what will come into a place."""
    draft, _ = _aside(place)
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    return draft


def put_in_place(place: Path) -> None:
    """Put the draft of a place there; what was there goes."""
    draft, old = _aside(place)
    if place.exists():
        place.rename(old)
    draft.rename(place)
    shutil.rmtree(old, ignore_errors=True)


def tidy_up(folder: Path) -> None:
    """Put back what a killed run had moved aside and nothing had come in the place of, and take drafts away."""
    for old in folder.glob("*/.*.old"):
        place = old.with_name(old.name[1 : -len(".old")])
        shutil.rmtree(old) if place.exists() else old.rename(place)
    for draft in folder.glob("*/.*.marking"):
        shutil.rmtree(draft)


def _aside(place: Path) -> tuple[Path, Path]:
    """Return where a draft is made, and where the older one is moved."""
    return place.with_name(f".{place.name}.marking"), place.with_name(f".{place.name}.old")


def set_permissions(folder: Path, permissions: int) -> None:
    """Give the files of a folder the permissions that nbgrader has for them, such as 444."""
    for path in folder.iterdir():
        os.chmod(path, int(str(permissions), 8))
