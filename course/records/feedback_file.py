"""Feedback that comes back as a file: a zip with one page an exercise, put into the learner's copy of the course.

Its pages are put into the folders where nbgrader's own fetching of feedback would put the pages. Some browsers unpack
a zip by themselves, so its folder, or the files that were in it, do as well.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from course.content import words
from course.content.lessons import lesson_key, lessons
from course.core import archive, moments, names, storage
from course.core.errors import BadHandIn
from course.records.submission_file import refused, unpack

FORMAT: Final = 1
NOTE: Final = "feedback.json"
LARGEST_PAGE: Final = 5_000_000
"""The size in bytes of the largest page of feedback."""
_LARGEST_NOTE: Final = 20_000
_PLACES: Final = (".", "exercises", "notebooks")
"""The folders of a working copy in which a learner may put the file."""
_MOST: Final = 20
"""How many files are looked at, the latest of them."""
_FOLDERS: Final = "feedback-*"
"""How a browser names the folder into which it unpacked the file."""

Pages = dict[tuple[str, str], bytes]
"""Each page by its exercise and the time of the submission, as nbgrader writes it."""


def put_feedback_into_place(copy: Path) -> list[str]:
    """Put the pages of all feedback files in a working copy into its exercises; return a sentence for each problem.

    A file may have been unpacked: then its folder is read, or its note and pages where they lie. Of two files with a
    page on the same submission, the one that came later counts. The files stay where they are.
    """
    pages: Pages = {}
    problems = []
    for file in _feedback_files(copy):
        try:
            pages |= read_feedback(file)
        except BadHandIn as error:
            problems.append(words("start.feedback-refused", name=_name(file, copy), reason=error.message))
    problems += _pages_without_note(copy)
    for (exercise, time), page in pages.items():
        try:
            _put(copy / names.RELEASE / exercise, time, page)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            problems.append(words("start.feedback-not-placed", exercise=exercise, reason=reason))
    return problems


def read_feedback(file: Path) -> Pages:
    """Return the pages in a feedback file, by the keys of their exercises; it may have former names for them.

    `file` is the zip, or the note of one that was unpacked. Raises BadHandIn with the reason for one that is not ours.
    """
    contents = _unpacked(file) if file.name == NOTE else unpack(file, _page_sizes() | {NOTE: _LARGEST_NOTE})
    if NOTE not in contents:
        raise refused("missing", name=NOTE)
    times = _times(contents.pop(NOTE))
    for name in sorted({names.feedback_page_name(exercise) for exercise in times} ^ set(contents)):
        raise refused("missing", name=name) if name not in contents else refused("unknown", name=name)
    return {(lesson_key(name), times[name]): contents[names.feedback_page_name(name)] for name in times}


def _page_sizes() -> dict[str, int]:
    return {names.feedback_page_name(name): LARGEST_PAGE for lesson in lessons() for name in lesson.names}


def _unpacked(note: Path) -> dict[str, bytes]:
    """Return a note and the pages that it names; they lie beside it, perhaps among files of other kinds."""
    sizes = _page_sizes()
    try:
        contents = {NOTE: storage.read_whole(note, largest=_LARGEST_NOTE)}
        for exercise in _times(contents[NOTE]):
            name = names.feedback_page_name(exercise)
            if name in sizes:
                contents[name] = storage.read_whole(note.with_name(name), largest=sizes[name])
    except FileNotFoundError as error:
        raise refused("unpacked-missing", name=Path(error.filename).name) from None
    except (OSError, storage.Unusable):
        raise refused("unpacked-unreadable") from None
    return contents


def _times(data: bytes) -> dict[str, str]:
    """Return of each exercise in the note when it was handed in."""
    try:
        note = storage.parse_json(data, deepest=3)
    except storage.Unusable:
        raise refused("bad-note") from None
    if not isinstance(note, dict) or type(note.get("format")) is not int:
        raise refused("bad-note")
    if note["format"] > FORMAT:
        raise refused("newer")
    entries = note.get("feedback")
    if note["format"] != FORMAT or not isinstance(entries, dict):
        raise refused("bad-note")
    return {exercise: _time(entry) for exercise, entry in entries.items()}


def _time(entry: object) -> str:
    time = entry.get("handed-in") if isinstance(entry, Mapping) else None
    if not isinstance(time, str) or not moments.is_nbgrader_stamp(time):
        raise refused("bad-time")
    return time


def _feedback_files(copy: Path) -> list[Path]:
    """Return the latest feedback files in a working copy, the oldest first; of unpacked ones, the notes."""
    places = [copy / place for place in _PLACES]
    files = [file for place in places for file in place.glob("feedback-*.zip") if not file.is_dir()]
    files += [file for place in places for file in place.glob("hand-in-*.zip") if _is_feedback(file)]
    notes = [folder / NOTE for folder in [*places, *_unpacked_folders(copy)]]
    files += [note for note in notes if note.is_file() and not note.is_symlink()]
    return sorted(files, key=lambda file: (_arrival(file), file.name))[-_MOST:]


def _is_feedback(file: Path) -> bool:
    """Say whether a file that is called like a hand-in is feedback: Canvas gives it the name of what it is on."""
    try:
        with zipfile.ZipFile(file) as zipped:
            return NOTE in zipped.namelist()
    except archive.BROKEN:
        return False


def _unpacked_folders(copy: Path) -> list[Path]:
    """Return the folders into which feedback was unpacked; some programs make a folder within a folder."""
    outer = [folder for place in _PLACES for folder in (copy / place).glob(_FOLDERS)]
    folders = [folder for outside in outer for folder in (outside, *outside.glob(_FOLDERS))]
    return [folder for folder in folders if folder.is_dir() and not folder.is_symlink()]


def _arrival(file: Path) -> int:
    """Return when a file came: one that was unpacked has the time at which it was packed, so its own change counts."""
    status = file.lstat()
    return status.st_ctime_ns if file.name == NOTE else status.st_mtime_ns


def _pages_without_note(copy: Path) -> list[str]:
    """Return a sentence for each folder with pages of feedback that lack their note, so that nobody waits for them."""
    pages = _page_sizes()
    return [
        words("start.feedback-without-note", name=_name(folder, copy), note=NOTE)
        for folder in _unpacked_folders(copy)
        if not (folder / NOTE).exists() and any((folder / name).is_file() for name in pages)
    ]


def _name(path: Path, copy: Path) -> str:
    """Return how a feedback file is named to its learner: a zip by its name, what was unpacked by its place."""
    return path.name if path.suffix == ".zip" else path.relative_to(copy).as_posix()


def _put(exercise: Path, time: str, page: bytes) -> None:
    """Put a page where nbgrader puts it; where a folder's name can have no colon, a dash stands for it."""
    folder = exercise / names.FEEDBACK / (moments.without_colons(time) if os.name == "nt" else time)
    for place in (exercise, exercise / names.FEEDBACK, folder):
        if place.is_symlink():
            raise NotADirectoryError(None, words("start.feedback-link-in-the-way"))
    path = folder / names.feedback_page_name(exercise.name)
    if not path.is_symlink() and path.is_file() and path.read_bytes() == page:
        return
    folder.mkdir(parents=True, exist_ok=True)
    storage.write_whole(path, page)
