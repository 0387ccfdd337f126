"""What getting feedback ready shares: where its files are made, what lies beside a hand-in, and zips that are kept."""

from __future__ import annotations

import contextlib
import io
import json
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, TypeAlias

from course.core import moments, names, storage
from course.trainer.course_directory import Coursework

FOLDER: Final = "feedback-files"
"""Beside `feedback/`, where `nbgrader release_feedback` looks for folders of learners."""
NOTE: Final = "feedback.json"
_FORMAT: Final = 1
_LARGEST: Final = 20_000_000

PageKey: TypeAlias = tuple[str, str]
"""An exercise and a learner, with a page that is up to date."""


def page_of(coursework: Coursework, page: PageKey) -> bytes:
    """Return the page of feedback on a learner's exercise; nothing where there is none."""
    return beside(coursework, page, names.FEEDBACK, names.feedback_page_name(page[0]))


def beside(coursework: Coursework, page: PageKey, step: str, name: str) -> bytes:
    """Return what a file beside a page or a hand-in holds; nothing where it is no plain file."""
    slug, learner = page
    with contextlib.suppress(storage.Unusable, OSError):
        return storage.read_whole(coursework.folder(step, learner, slug) / name, largest=_LARGEST)
    return b""


def came_by_exchange(coursework: Coursework, page: PageKey) -> bool:
    """Say whether a hand-in came through the exchange, so that its feedback goes back through it."""
    return bool(beside(coursework, page, names.FEEDBACK, names.SECRET))


def feedback_file(coursework: Coursework, learner: str, slugs: Iterable[str]) -> dict[str, bytes]:
    """Return what goes into a zip that the learner's start page reads; nothing where no page can go that way."""
    pages, times = {}, {}
    for slug in slugs:
        key = (slug, learner)
        page, time = page_of(coursework, key), beside(coursework, key, names.FEEDBACK, names.TIMESTAMP)
        stamp = time.decode("ascii", "replace").strip()
        if page and moments.is_nbgrader_stamp(stamp) and not came_by_exchange(coursework, key):
            pages[names.feedback_page_name(slug)], times[slug] = page, {"handed-in": stamp}
    note = json.dumps({"format": _FORMAT, "feedback": times}, indent=1).encode()
    return {NOTE: note, **pages} if pages else {}


def packed(contents: Mapping[str, bytes]) -> bytes:
    """Return a zip of these files, the same for the same files."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in contents.items():
            file.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return archive.getvalue()


def put_zip(path: Path, contents: Mapping[str, bytes]) -> None:
    """Put a zip into place, whole or not at all; one that holds the same is kept."""
    if _checksums(path) != {name: zlib.crc32(data) for name, data in contents.items()}:
        storage.put(path, packed(contents))


def _checksums(path: Path) -> dict[str, int]:
    try:
        with zipfile.ZipFile(path) as file:
            return {info.filename: info.CRC for info in file.infolist()}
    except (OSError, zipfile.BadZipFile):
        return {}
