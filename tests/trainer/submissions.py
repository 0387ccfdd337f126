"""Hand-in files of made-up learners, good and bad, for the tests of collecting."""

from __future__ import annotations

import datetime
import hashlib
import io
import json
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from course.content.lessons import exercise_version
from tests.paths import ROOT

SLUG = "two-questions"
DAY = datetime.datetime(2026, 3, 2, 12, tzinfo=datetime.UTC)


def hours(number: float) -> datetime.datetime:
    """Return a moment, in hours from the first."""
    return DAY + datetime.timedelta(hours=number)


def contents(
    learner: str = "synthetic-001",
    slug: str = SLUG,
    time: datetime.datetime = DAY,
    text: str = "Synthetic.",
    reply: str = "",
    **other: Any,
) -> dict[str, bytes]:
    """Return the three files of a hand-in; `other` takes the place of fields in its receipt."""
    answered = exercise_version(slug)
    given = {"reflection": text, **({"reply": reply} if reply else {})}
    answers = {"format": 2, "exercise": slug, "version": answered, "answers": given}
    files = {
        f"{slug}.ipynb": (ROOT / "exercises" / slug / f"{slug}.ipynb").read_bytes(),
        "answers.json": json.dumps(answers).encode(),
    }
    receipt = {
        "format": 2,
        "exercise": slug,
        "exercise-version": answered,
        "learner": learner,
        "time": time.isoformat(timespec="microseconds"),
        "version": "0.1.0",
        "sha256": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
        **other,
    }
    return {**files, "receipt.json": json.dumps(receipt).encode()}


def packed(files: Mapping[str, bytes], *, time: datetime.datetime | None = None) -> bytes:
    """Return a zip of files; `time` is when the platform took them all."""
    return timed({name: (data, time or DAY) for name, data in files.items()})


def timed(files: Mapping[str, tuple[bytes, datetime.datetime]]) -> bytes:
    """Return a zip of files, each with its time."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, (data, time) in files.items():
            zipped.writestr(zipfile.ZipInfo(name, time.timetuple()[:6]), data, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def hand_in(*given: Any, **other: Any) -> bytes:
    """Return a hand-in file; takes what `contents` takes."""
    return packed(contents(*given, **other))


def drop(root: Path, name: str, data: bytes) -> Path:
    """Put a file into the inbox."""
    path = root / "inbox" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def course_directory(folder: Path, *, due: str = "") -> Path:
    """Make a trainer's course directory: this checkout's exercises, and nothing handed in."""
    folder.mkdir(parents=True)
    for name in ("nbgrader_config.py", "pyproject.toml"):
        shutil.copy(ROOT / name, folder / name)
    for name in ("source", "exercises"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / "cohort.toml").write_text(f"[due]\n{due}\n", encoding="utf-8")
    return folder


def tree(root: Path) -> dict[str, bytes]:
    """Return every file below the folders that hold what was collected."""
    found = {}
    for name in ("submitted", "earlier"):
        for path in sorted((root / name).rglob("*")):
            if path.is_file():
                found[path.relative_to(root).as_posix()] = path.read_bytes()
    return found
