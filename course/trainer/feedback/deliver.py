"""Get feedback pages ready to go back the way the exercises came: the exchange, one zip a learner, one for Moodle."""

from __future__ import annotations

import contextlib
import glob
import io
import json
import re
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from course.core import storage
from course.trainer.course_directory import Coursework
from course.trainer.summary import Refusal, Summary

FOLDER: Final = "feedback-files"
"""Beside `feedback/`, where `nbgrader release_feedback` looks for folders of learners."""
NOTE: Final = "feedback.json"
_FORMAT: Final = 1
_SECRET: Final = "submission_secret.txt"
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6} UTC", re.ASCII)
_MOODLE: Final = re.compile(r"([^_/\\\x00-\x1f]{1,200}_\d{1,12}_assignsubmission_[a-z]{1,20})(_.*)?")
_LARGEST: Final = 20_000_000

Sent = tuple[str, str]
"""An exercise and a learner, with a page that is up to date."""
Contents = Mapping[str, bytes]


def give_back(coursework: Coursework, pages: Sequence[Sent], summary: Summary) -> None:
    """Send what can be sent, make files of the rest, and say in the summary what a trainer does next."""
    ways: dict[bool, list[Sent]] = {True: [], False: []}
    for page in pages:
        ways[bool(_file(coursework, page, "feedback", _SECRET))].append(page)
    through, in_files = ways[True], ways[False]
    if through:
        _through_exchange(coursework, through, summary)
    _for_learners(coursework, in_files, summary)
    _for_moodle(coursework, in_files, summary)


def _through_exchange(coursework: Coursework, pages: Sequence[Sent], summary: Summary) -> None:
    """Release pages as `nbgrader release_feedback` does, one learner at a time, so that none stops the others."""
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.exchange import ExchangeError, ExchangeFactory

    if not coursework.exchange.is_dir():
        where = coursework.exchange
        summary.notes.append(f"{len(pages)} came through the exchange, and its folder is not here: {where}.")
        return
    desk, factory, sent = CourseDirectory(config=coursework.config), ExchangeFactory(config=coursework.config), 0
    for slug, learner in pages:
        desk.assignment_id, desk.student_id = slug, glob.escape(learner)
        try:
            factory.ReleaseFeedback(coursedir=desk, config=coursework.config).start()
            sent += 1
        except (ExchangeError, OSError) as error:
            summary.refused.append(Refusal(learner, slug, f"The exchange did not take the page: {error}"))
    summary.notes.append(f"Through the exchange: {_count(sent, 'page')}. Learners fetch them.")


def _for_learners(coursework: Coursework, pages: Sequence[Sent], summary: Summary) -> None:
    """Make one zip a learner, with all of that learner's feedback on exercises that came as files."""
    folder = coursework.root / FOLDER / "for-learners"
    learners = list(dict.fromkeys(learner for _, learner in pages))
    made = 0
    for learner in learners:
        if contents := _of_learner(coursework, learner):
            _put_zip(folder / f"feedback-{learner}.zip", contents)
            made += 1
    if made:
        summary.notes.append(f"In {FOLDER}/for-learners/: {_count(made, 'file')}, one a learner, to send to them.")
    if made < len(learners):
        left = _count(len(learners) - made, "learner")
        summary.notes.append(f"For {left} there is no time of handing in, so no file: send the page in feedback/.")


def _count(number: int, thing: str) -> str:
    """Return a number of things.

    >>> _count(1, "file"), _count(2, "file")
    ('1 file', '2 files')
    """
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _of_learner(coursework: Coursework, learner: str) -> dict[str, bytes]:
    """Return what goes into a learner's zip; nothing where no page can go that way."""
    pages, times = {}, {}
    for slug in coursework.assignments.values():
        page, time = (
            _file(coursework, (slug, learner), "feedback", name) for name in (f"{slug}.html", "timestamp.txt")
        )
        if page and _TIME.fullmatch(when := time.decode("ascii", "replace").strip()):
            if not _file(coursework, (slug, learner), "feedback", _SECRET):
                pages[f"{slug}.html"], times[slug] = page, {"handed-in": when}
    note = json.dumps({"format": _FORMAT, "feedback": times}, indent=1).encode()
    return {NOTE: note, **pages} if pages else {}


def _for_moodle(coursework: Coursework, pages: Sequence[Sent], summary: Summary) -> None:
    """Make one zip an exercise, with a folder for each learner whose hand-in Moodle gave out.

    Moodle's action is “Upload multiple feedback files in a zip”. Its importer takes a folder's name apart at each
    underscore, as `Full name_number_assignsubmission_file_`, and looks for the participant by the number: see
    mod/assign/feedback/file/importziplib.php in github.com/moodle/moodle, and docs.moodle.org, “Using Assignment”.
    Older names without a folder begin alike, and the learner's own file name follows.
    """
    refused = {(one.exercise, one.name) for one in summary.refused}
    for slug in dict.fromkeys(slug for slug, _ in pages):
        people = [one for one in coursework.learners_at("feedback", slug) if (slug, one) not in refused]
        folders = {one: _moodle_folder(coursework, (slug, one)) for one in people}
        contents = {
            f"{folder}/feedback-{slug}.html": page
            for one, folder in folders.items()
            if folder and (page := _file(coursework, (slug, one), "feedback", f"{slug}.html"))
        }
        if contents:
            path = coursework.root / FOLDER / f"for-moodle-{slug}.zip"
            _put_zip(path, contents)
            summary.notes.append(
                f"{FOLDER}/{path.name} holds {_count(len(contents), 'page')}. In Moodle's assignment, "
                "choose “Upload multiple feedback files in a zip”."
            )


def _moodle_folder(coursework: Coursework, page: Sent) -> str:
    """Return the folder in which Moodle looks for a learner's feedback, or an empty text for any other platform."""
    try:
        receipt = json.loads(_file(coursework, page, "submitted", "receipt.json"))
    except ValueError:
        return ""
    name = receipt.get("platform") if isinstance(receipt, dict) else None
    found = _MOODLE.fullmatch(name) if isinstance(name, str) else None
    return f"{found[1]}_" if found else ""


def _file(coursework: Coursework, page: Sent, step: str, name: str) -> bytes:
    """Return what a file beside a page or a hand-in holds; nothing where it is no plain file."""
    slug, learner = page
    with contextlib.suppress(storage.Unusable, OSError):
        return storage.read_whole(coursework.folder(step, learner, slug) / name, largest=_LARGEST)
    return b""


def _put_zip(path: Path, contents: Contents) -> None:
    """Put a zip into place, whole or not at all; one that holds the same is kept."""
    if _sums(path) == {name: zlib.crc32(data) for name, data in contents.items()}:
        return
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in contents.items():
            file.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    storage.put(path, packed.getvalue())


def _sums(path: Path) -> dict[str, int]:
    try:
        with zipfile.ZipFile(path) as file:
            return {info.filename: info.CRC for info in file.infolist()}
    except (OSError, zipfile.BadZipFile):
        return {}
