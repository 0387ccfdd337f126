"""The submission file of one exercise: a zip with the notebook, the answers, a receipt and nothing else.

Learners without a shared folder hand this file in by whatever way their trainer uses.
A file that comes in is from a stranger: it is read with limits, and nothing of it is written to disk here.
"""

from __future__ import annotations

import datetime
import hashlib
import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from course.content import words
from course.content.lessons import exercise_version, find_lesson, lesson_key, lessons
from course.core import __version__, archive, moments, names, storage
from course.core.errors import AnswersNotKept, AnswersTooNew, BadHandIn, BadLearnerId, BadNotebook
from course.core.notebooks import read_notebook
from course.records.answers.page import LARGEST, parse_page
from course.records.learner_id import check_learner_id

FORMAT: Final = 2
"""The receipt's format. Format 1, of version 0.1.0, does not say which version of the exercise it is of: it is 1."""
ANSWERS: Final = names.ANSWERS
RECEIPT: Final = names.RECEIPT
LARGEST_NOTEBOOK: Final = 15_000_000
"""The size in bytes of the largest notebook that can be handed in."""
_LARGEST_RECEIPT: Final = 10_000
_MEGABYTE: Final = 1_000_000
_VERSION_FIELD: Final = "exercise-version"
_FIELDS: Final = {
    1: {"format", "exercise", "learner", "time", "version", "sha256"},
    FORMAT: {"format", "exercise", _VERSION_FIELD, "learner", "time", "version", "sha256"},
}


@dataclass(frozen=True)
class SubmissionFile:
    """What a submission file holds, and what its receipt says."""

    exercise: str
    """The exercise's key, whatever it was called in the version that made the file."""
    learner: str
    time: datetime.datetime
    """When it was made, in UTC, by the learner's own clock."""
    version: str
    """The version of the course that made it."""
    exercise_version: int
    """The version of the exercise that was answered."""
    contents: Mapping[str, bytes]
    """The three files by name; the notebook has the name that the exercise had in that version."""

    @property
    def notebook(self) -> bytes:
        """The notebook."""
        return next(data for name, data in self.contents.items() if name.endswith(".ipynb"))


def file_name(exercise: str) -> str:
    """Return how the submission file of an exercise is called.

    >>> file_name("repair")
    'hand-in-repair.zip'
    """
    return f"hand-in-{exercise}.zip"


def make(exercise_folder: Path, exercise: str, learner: str, *, now: datetime.datetime | None = None) -> Path:
    """Write the submission file into the exercise's own folder, whole or not at all, and return its path.

    Raises UnknownLesson, BadLearnerId, or BadHandIn where there is nothing to hand in or it cannot be read or written.
    """
    exercise = find_lesson(exercise).key  # a former name does as well
    learner = check_learner_id(learner)
    contents = _contents(exercise_folder, exercise)
    contents[RECEIPT] = _receipt(exercise, learner, now or moments.now(), contents, exercise_version(exercise))
    path = exercise_folder / file_name(exercise)
    try:
        storage.write_whole(path, _packed(contents))
    except OSError as error:
        raise _not_made("not-made", reason=error.strerror or type(error).__name__, folder=exercise_folder) from error
    return path


def read(file: Path | BinaryIO) -> SubmissionFile:
    """Return what a stranger's submission file holds; raises BadHandIn with the reason for one that is not ours.

    It may be of an earlier version of the exercise; one of a later version is refused.
    """
    notebooks = {names.notebook_name(name) for lesson in lessons() for name in lesson.names}
    known = dict.fromkeys(notebooks, LARGEST_NOTEBOOK) | {ANSWERS: LARGEST, RECEIPT: _LARGEST_RECEIPT}
    contents = unpack(file, known)
    for name in (RECEIPT, ANSWERS):
        if name not in contents:
            raise refused("missing", name=name)
    pages = sorted(name for name in contents if name in notebooks)
    if len(pages) != 1:
        raise refused("two-notebooks") if pages else refused("missing", name="*.ipynb")
    receipt = _read_receipt(contents[RECEIPT])
    exercise, learner = _exercise(receipt, pages[0]), _learner(receipt)
    time, version = _time(receipt), _version(receipt)
    _check_unchanged(receipt, contents)
    try:
        answered = parse_page(contents[ANSWERS], Path(ANSWERS), "exercise", exercise).version
    except AnswersTooNew as error:
        raise refused("newer") from error
    except AnswersNotKept as error:
        raise refused("bad-answers") from error
    if receipt.get(_VERSION_FIELD, 1) != answered:
        raise refused("bad-receipt")
    return SubmissionFile(exercise, learner, time, version, answered, contents)


def unpack(file: Path | BinaryIO, known: Mapping[str, int]) -> dict[str, bytes]:
    """Return the files in a zip by their names: only those in `known`, which gives the largest size of each in bytes.

    They lie at the top or in one folder. Raises BadHandIn with the reason for anything else.
    """
    try:
        return archive.unpack(file, known)
    except archive.ArchiveRefused as error:
        raise refused(error.reason, **_details_in_words(error)) from error


def refused(reason: str, /, **details: object) -> BadHandIn:
    """Return the error for a submission or feedback file, with the words for that reason."""
    return BadHandIn(words(f"packed.{reason}", **details), words("packed.hint"))


def _details_in_words(error: archive.ArchiveRefused) -> dict[str, object]:
    """Return the details of a refusal as people read them: a zip's size in megabytes, a file's with commas."""
    details: dict[str, object] = dict(error.details)
    most = error.details.get("most")
    if error.reason == "too-large" and isinstance(most, int):
        details["most"] = most // _MEGABYTE
    elif error.reason == "too-large-inside":
        details["most"] = f"{most:,}"
    return details


def _contents(folder: Path, exercise: str) -> dict[str, bytes]:
    """Return the notebook and the answers by name, after a check: nobody should hand in what cannot be marked."""
    notebook, answers = folder / f"{exercise}.ipynb", folder / ANSWERS
    answers_data = _answers(answers, exercise)
    try:
        read_notebook(notebook)
        return {notebook.name: storage.read_whole(notebook, largest=LARGEST_NOTEBOOK), ANSWERS: answers_data}
    except (OSError, BadNotebook, storage.Unusable) as error:
        raise _not_made("no-notebook", name=notebook.name) from error


def _answers(path: Path, exercise: str) -> bytes:
    try:
        data = storage.read_whole(path, largest=LARGEST)
        page = parse_page(data, path, "exercise", exercise)
        if page.version != exercise_version(exercise) and (page.answers or page.earlier):
            raise _not_made("earlier")
        if not page.answers:
            raise _not_made("no-answers")
    except FileNotFoundError as error:
        raise _not_made("no-answers") from error
    except AnswersNotKept as error:
        raise BadHandIn(error.message, error.hint) from error
    except (OSError, storage.Unusable) as error:
        raise _not_made("bad-answers", name=path.name) from error
    return data


def _receipt(
    exercise: str, learner: str, now: datetime.datetime, contents: Mapping[str, bytes], answered: int
) -> bytes:
    receipt = {
        "format": FORMAT,
        "exercise": exercise,
        _VERSION_FIELD: answered,
        "learner": learner,
        "time": moments.iso_stamp(now),
        "version": __version__,
        "sha256": _hashes(contents),
    }
    return storage.as_json(receipt)


def _hashes(contents: Mapping[str, bytes]) -> dict[str, str]:
    return {name: hashlib.sha256(data).hexdigest() for name, data in contents.items() if name != RECEIPT}


def _packed(contents: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as zip_file:
        for name, data in contents.items():
            zip_file.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _not_made(key: str, **parts: object) -> BadHandIn:
    return BadHandIn(words(f"hand-in.{key}", **parts), words(f"hand-in.{key}-hint", **parts))


def _read_receipt(data: bytes) -> dict[str, object]:
    try:
        receipt = storage.parse_json(data, deepest=2)
    except storage.Unusable:
        raise refused("bad-receipt") from None
    if not isinstance(receipt, dict) or type(receipt.get("format")) is not int:
        raise refused("bad-receipt")
    if receipt["format"] > FORMAT:
        raise refused("newer")
    if set(receipt) != _FIELDS.get(receipt["format"]):
        raise refused("bad-receipt")
    return receipt


def _exercise(receipt: Mapping[str, object], page: str) -> str:
    """Return the key of the exercise; the receipt and the notebook have the same name for it, perhaps a former one."""
    name = receipt["exercise"]
    if name not in [name for lesson in lessons() for name in lesson.names]:
        raise refused("unknown-exercise")
    if page != names.notebook_name(name):
        raise refused("other-exercise")
    return lesson_key(name)


def _learner(receipt: Mapping[str, object]) -> str:
    try:
        learner = check_learner_id(receipt["learner"])
    except BadLearnerId:
        learner = ""
    if not learner or learner != receipt["learner"]:
        raise refused("bad-learner")
    return learner


def _time(receipt: Mapping[str, object]) -> datetime.datetime:
    moment = moments.read_iso_stamp(receipt["time"])
    if moment is None:
        raise refused("bad-time")
    return moment


def _version(receipt: Mapping[str, object]) -> str:
    version = receipt["version"]
    if not isinstance(version, str) or not re.fullmatch(r"[0-9A-Za-z.+-]{1,32}", version):
        raise refused("bad-receipt")
    return version


def _check_unchanged(receipt: Mapping[str, object], contents: Mapping[str, bytes]) -> None:
    claimed, actual = receipt["sha256"], _hashes(contents)
    if not isinstance(claimed, dict) or set(claimed) != set(actual):
        raise refused("bad-receipt")
    for name, digest in actual.items():
        if claimed[name] != digest:
            raise refused("changed", name=name)
