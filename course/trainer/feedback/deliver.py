"""Get feedback pages ready to go back the way the exercises came: the exchange, one zip a learner, one for Moodle."""

from __future__ import annotations

import contextlib
import glob
import io
import json
import re
import zipfile
import zlib
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeAlias

from course.content import trainer_words
from course.core import moments, names, storage
from course.trainer.course_directory import Coursework
from course.trainer.summary import Refusal, Summary

FOLDER: Final = "feedback-files"
"""Beside `feedback/`, where `nbgrader release_feedback` looks for folders of learners."""
NOTE: Final = "feedback.json"
_FORMAT: Final = 1
_MOODLE: Final = re.compile(r"([^_/\\\x00-\x1f]{1,200}_\d{1,12}_assignsubmission_[a-z]{1,20})(_.*)?")
_LARGEST: Final = 20_000_000

PageKey: TypeAlias = tuple[str, str]
"""An exercise and a learner, with a page that is up to date."""


def deliver(coursework: Coursework, pages: Sequence[PageKey], held: Collection[PageKey], summary: Summary) -> None:
    """Send what can be sent, make files of the rest, and say in the summary what a trainer does next.

    `held` are pages that wait to be read: an older page of one, which may be there, goes into no new zip.
    """
    by_exchange = [page for page in pages if _came_by_exchange(coursework, page)]
    in_files = [page for page in pages if page not in set(by_exchange)]
    if by_exchange:
        _release(coursework, by_exchange, summary)
    _write_learner_zips(coursework, in_files, held, summary)
    _write_moodle_zips(coursework, in_files, held, summary)


def _came_by_exchange(coursework: Coursework, page: PageKey) -> bool:
    return bool(_file(coursework, page, names.FEEDBACK, names.SECRET))


def _release(coursework: Coursework, pages: Sequence[PageKey], summary: Summary) -> None:
    """Release pages as `nbgrader release_feedback` does, one learner at a time, so that none stops the others."""
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.exchange import ExchangeError, ExchangeFactory

    if not coursework.exchange.is_dir():
        note = trainer_words("feedback.no-exchange", n=len(pages), folder=coursework.exchange)
        summary.notes.append(note)
        return
    directory, factory = CourseDirectory(config=coursework.config), ExchangeFactory(config=coursework.config)
    released = 0
    for slug, learner in pages:
        directory.assignment_id, directory.student_id = slug, glob.escape(learner)
        try:
            factory.ReleaseFeedback(coursedir=directory, config=coursework.config).start()
            released += 1
        except (ExchangeError, OSError) as error:
            why = trainer_words("feedback.exchange-refused", reason=error)
            summary.refused.append(Refusal(learner, slug, why))
    summary.notes.append(trainer_words("feedback.by-exchange", n=released))


def _write_learner_zips(
    coursework: Coursework, pages: Sequence[PageKey], held: Collection[PageKey], summary: Summary
) -> None:
    """Make one zip a learner, with all of that learner's feedback on exercises that came as files."""
    folder = coursework.root / FOLDER / "for-learners"
    learners = list(dict.fromkeys(learner for _, learner in pages))
    written = 0
    for learner in learners:
        if contents := _learner_zip(coursework, learner, held):
            _put_zip(folder / f"feedback-{learner}.zip", contents)
            written += 1
    if written:
        summary.notes.append(trainer_words("feedback.learner-zips", folder=f"{FOLDER}/{folder.name}", n=written))
    if written < len(learners):
        note = trainer_words("feedback.no-time", n=len(learners) - written, folder=names.FEEDBACK)
        summary.notes.append(note)


def _learner_zip(coursework: Coursework, learner: str, held: Collection[PageKey]) -> dict[str, bytes]:
    """Return what goes into a learner's zip; nothing where no page can go that way."""
    pages, times = {}, {}
    for slug in coursework.assignments.values():
        key, name = (slug, learner), names.feedback_page_name(slug)
        if key in held:
            continue
        page, time = (_file(coursework, key, names.FEEDBACK, file) for file in (name, names.TIMESTAMP))
        stamp = time.decode("ascii", "replace").strip()
        if page and moments.is_nbgrader_stamp(stamp) and not _came_by_exchange(coursework, key):
            pages[name], times[slug] = page, {"handed-in": stamp}
    note = json.dumps({"format": _FORMAT, "feedback": times}, indent=1).encode()
    return {NOTE: note, **pages} if pages else {}


def _write_moodle_zips(
    coursework: Coursework, pages: Sequence[PageKey], held: Collection[PageKey], summary: Summary
) -> None:
    """Make one zip an exercise, with a folder for each learner whose hand-in Moodle gave out.

    Moodle's action is “Upload multiple feedback files in a zip”. Its importer takes a folder's name apart at each
    underscore, as `Full name_number_assignsubmission_file_`, and looks for the participant by the number: see
    mod/assign/feedback/file/importziplib.php in github.com/moodle/moodle, and docs.moodle.org, “Using Assignment”.
    Older names without a folder begin alike, and the learner's own file name follows.
    """
    left_out = {*held, *((refusal.exercise, refusal.name) for refusal in summary.refused)}
    for slug in dict.fromkeys(slug for slug, _ in pages):
        learners = [
            learner for learner in coursework.learners_at(names.FEEDBACK, slug) if (slug, learner) not in left_out
        ]
        folders = {learner: _moodle_folder(coursework, (slug, learner)) for learner in learners}
        contents = {
            f"{folder}/feedback-{slug}.html": page
            for learner, folder in folders.items()
            if folder and (page := _file(coursework, (slug, learner), names.FEEDBACK, names.feedback_page_name(slug)))
        }
        if contents:
            path = coursework.root / FOLDER / f"for-moodle-{slug}.zip"
            _put_zip(path, contents)
            note = trainer_words("feedback.moodle-zip", file=f"{FOLDER}/{path.name}", n=len(contents))
            summary.notes.append(note)


def _moodle_folder(coursework: Coursework, page: PageKey) -> str:
    """Return the folder in which Moodle looks for a learner's feedback, or an empty text for any other platform."""
    try:
        receipt = json.loads(_file(coursework, page, names.SUBMITTED, names.RECEIPT))
    except ValueError:
        return ""
    name = receipt.get("platform") if isinstance(receipt, dict) else None
    matches = _MOODLE.fullmatch(name) if isinstance(name, str) else None
    return f"{matches[1]}_" if matches else ""


def _file(coursework: Coursework, page: PageKey, step: str, name: str) -> bytes:
    """Return what a file beside a page or a hand-in holds; nothing where it is no plain file."""
    slug, learner = page
    with contextlib.suppress(storage.Unusable, OSError):
        return storage.read_whole(coursework.folder(step, learner, slug) / name, largest=_LARGEST)
    return b""


def _put_zip(path: Path, contents: Mapping[str, bytes]) -> None:
    """Put a zip into place, whole or not at all; one that holds the same is kept."""
    if _checksums(path) == {name: zlib.crc32(data) for name, data in contents.items()}:
        return
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in contents.items():
            file.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    storage.put(path, archive.getvalue())


def _checksums(path: Path) -> dict[str, int]:
    try:
        with zipfile.ZipFile(path) as file:
            return {info.filename: info.CRC for info in file.infolist()}
    except (OSError, zipfile.BadZipFile):
        return {}
