"""The course's replacements for nbgrader's exchange: untrusted folders are collected with care.

Learners write into the exchange themselves, so a folder there may hold anything. Only the plain files of a
submission are copied, each opened without following a link, and one bad folder never stops the others.
"""

from __future__ import annotations

import contextlib
import glob
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nbgrader.exchange.default import ExchangeCollect, ExchangeReleaseAssignment, ExchangeReleaseFeedback

from course.content import trainer_words
from course.content.lessons import lesson_names
from course.core import moments, names, storage
from course.records.answers.page import LARGEST as LARGEST_ANSWERS
from course.records.submission_file import LARGEST_NOTEBOOK
from course.trainer.collecting.exchange_folders import (
    InboundFolder,
    OddFolder,
    inbound_folders,
    proven_learner,
)
from course.trainer.collecting.roster import Roster
from course.trainer.collecting.submission_store import Arrival, SubmissionStore, UnsafePath, finish_all
from course.trainer.course_directory import Coursework, submission_time
from course.trainer.due_moments import DueMoments, read_due_moments
from course.trainer.exchange_layout import ExchangeLayout, exchange_layout, feedback_folder
from course.trainer.exercise_version import answered_version, why_set_aside
from course.trainer.gradebook_errors import explained_gradebook
from course.trainer.gradebook_reader import GradebookReader
from course.trainer.summary import Refusal

if TYPE_CHECKING:
    from nbgrader.api import Gradebook
    from nbgrader.coursedir import CourseDirectory

LARGEST: Final = {names.ANSWERS: LARGEST_ANSWERS, names.TIMESTAMP: moments.LARGEST_STAMP, names.SECRET: 1_000}
"""The sizes in bytes of the largest files that are copied beside a notebook."""


class UnusableFolder(Exception):
    """A folder in the exchange cannot be collected: a sentence that says why."""


@dataclass(frozen=True)
class _NbgraderFolders:
    """The course directory that nbgrader's command was started for, whatever its settings are."""

    coursedir: CourseDirectory

    @property
    def root(self) -> Path:
        return Path(self.coursedir.root)

    def folder(self, step: str, learner: str, slug: str) -> Path:
        return Path(self.coursedir.format_path(getattr(self.coursedir, f"{step}_directory"), learner, slug))


class Collect(ExchangeCollect):
    """Collect as nbgrader does, and copy nothing but the plain files of a submission."""

    def __init__(self, **settings: object) -> None:
        super().__init__(**settings)
        self.refused: list[Refusal] = []
        self.collected: list[str] = []
        """The learners whose submission was collected."""
        self.unproven: set[str] = set()
        """The learners with a folder of which only its name says whose it is."""

    def init_src(self) -> None:
        """Find whose folders are there, and the one of each learner that counts."""
        self.course_path = str(Path(self.root) / self.coursedir.course_id)
        self.inbound_path = str(Path(self.course_path) / "inbound")
        if not self.coursedir.course_id or not Path(self.inbound_path).is_dir():
            self.fail(f"Course not found: {self.inbound_path}")
        if not os.access(self.inbound_path, os.R_OK | os.X_OK):
            self.fail(f"You cannot read this folder: {self.inbound_path}")
        due = self._due()
        learners: dict[str, list[InboundFolder]] = {}
        for folder in filter(self._is_by_its_learner, self._inbound_folders()):
            learners.setdefault(folder.learner, []).append(folder)
        self.src_records = [self._counting(learner, folders, due) for learner, folders in sorted(learners.items())]

    def copy_files(self) -> None:
        """Collect each learner's folder; one that cannot be is named with a reason."""
        folders = _NbgraderFolders(self.coursedir)
        finish_all(folders)
        for inbound in self.src_records:
            try:
                self._collect(folders, inbound)
            except (UnusableFolder, UnsafePath) as why:
                self._refuse(inbound.learner, str(why))
            except OSError as error:
                self._refuse(inbound.learner, trainer_words("collect.not-stored", reason=error.strerror))
        self._add_newcomers(folders)

    def _add_newcomers(self, folders: _NbgraderFolders) -> None:
        """Where there is no roster, add everyone whose work is stored to the gradebook, as on none.

        nbgrader's own marking would add them as if a trainer had: then there would be a roster, closed to others.
        """
        slug, learners = self.coursedir.assignment_id, [inbound.learner for inbound in self.src_records]
        stored = [learner for learner in learners if folders.folder(names.SUBMITTED, learner, slug).is_dir()]
        if stored:
            with self._gradebook() as gradebook:
                roster = Roster.read(gradebook)
                for learner in () if roster.is_closed else stored:
                    roster.add_newcomer(learner, None)
                roster.save(gradebook)

    @contextlib.contextmanager
    def _gradebook(self) -> Iterator[Gradebook]:
        """Open the gradebook of the course directory that nbgrader's command was started for."""
        from nbgrader.api import Gradebook

        with explained_gradebook(), Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
            yield gradebook

    def _collect(self, folders: _NbgraderFolders, inbound: InboundFolder) -> None:
        slug, learner = self.coursedir.assignment_id, inbound.learner
        store = SubmissionStore(folders, learner, slug)
        if store.latest.is_dir() and not self._replaces(store.latest, inbound):
            self.log.info("No newer submission to collect: %s %s", learner, slug)
            return
        contents = read_folder(inbound.path, inbound.exercise)
        if why := why_set_aside(slug, answered_version(contents, slug), learner):
            raise UnusableFolder(why)
        contents[names.notebook_name(slug)] = contents.pop(names.notebook_name(inbound.exercise))
        store.put(Arrival(learner, slug, inbound.time, "", contents))
        self.collected.append(learner)
        self.log.info("Collected submission: %s %s", learner, slug)

    def _replaces(self, latest: Path, inbound: InboundFolder) -> bool:
        """Say whether a folder is to take the place of what was collected, by nbgrader's own rules."""
        before = submission_time(latest)
        newer = before is None or inbound.time > before
        return (self.update and newer) or (self.before_duedate and inbound.time != before)

    def _inbound_folders(self) -> Iterator[InboundFolder]:
        slug, wanted = self.coursedir.assignment_id, self.coursedir.student_id
        for folder in inbound_folders(Path(self.inbound_path), slug, exchange_layout(), wanted):
            if isinstance(folder, OddFolder):
                self._refuse(folder.name, trainer_words(f"collect.{folder.why}"))
            else:
                yield folder

    def _counting(self, learner: str, folders: list[InboundFolder], due: DueMoments) -> InboundFolder:
        """Return a learner's latest folder, or with `before_duedate` the latest in time, if one is."""
        moment = due.for_learner(learner, self.coursedir.assignment_id)
        in_time = [folder for folder in folders if moment and self.before_duedate and folder.time <= moment]
        return max(in_time or folders, key=lambda folder: (folder.time, folder.path.name))

    def _due(self) -> DueMoments:
        with self._gradebook() as gradebook:
            return read_due_moments(Coursework(Path(self.coursedir.root)), GradebookReader.of(gradebook))

    def _is_by_its_learner(self, inbound: InboundFolder) -> bool:
        """Say whether a folder can be by whom its name says: its owner is who handed it in, and is refused as another.

        Nothing is proven where nbgrader is set not to look at owners (`ExchangeCollect.check_owner`).
        """
        proven = proven_learner(inbound) if self.check_owner else None
        if proven is None:
            self.unproven.add(inbound.learner)
        elif proven != inbound.learner:
            why = trainer_words("collect.other-owner", owner=proven, learner=inbound.learner)
            self._refuse(inbound.path.name, why)
        return proven in (None, inbound.learner)

    def _refuse(self, name: str, why: str) -> None:
        self.refused.append(Refusal(name, self.coursedir.assignment_id, why))
        self.log.error("Not collected: %r: %s", name, why)


class Release(ExchangeReleaseAssignment):
    """Release as nbgrader does, and keep people from taking away or renaming what is not theirs.

    nbgrader wants everyone to be able to write to the exchange folder itself, and sets it so.
    The sticky bit, as /tmp has it, lets only an owner rename or remove what lies in it. Where each learner has
    folders, others cannot reach these, and drives that pods share often say nothing of owners.
    """

    def ensure_root(self) -> None:
        """Make the exchange folder one that everyone can use, and where everyone's things are safe."""
        if exchange_layout() is ExchangeLayout.BY_LEARNER:
            Path(self.root).mkdir(parents=True, exist_ok=True)
            return
        super().ensure_root()
        status = os.stat(self.root)
        if status.st_uid == os.getuid() and not status.st_mode & stat.S_ISVTX:
            os.chmod(self.root, stat.S_IMODE(status.st_mode) | stat.S_ISVTX)

    def ensure_directory(self, path: str, mode: int) -> None:
        """Make a folder of the exchange where it is not there yet."""
        if exchange_layout() is ExchangeLayout.BY_LEARNER:
            Path(path).mkdir(parents=True, exist_ok=True)
        else:
            super().ensure_directory(path, mode)


class ReleaseFeedback(ExchangeReleaseFeedback):
    """Release feedback as nbgrader does, and leave out what did not come through the exchange.

    Where each learner has folders, each page goes into that of its learner: no other learner can open it there.
    """

    def init_dest(self) -> None:
        """Find the folder of feedback, and make it where it is not there yet."""
        if exchange_layout() is ExchangeLayout.SHARED:
            super().init_dest()

    def copy_files(self) -> None:
        """Copy the pages that a learner can find by a secret; warn of those without one, and copy the others."""
        excluded = self.coursedir.student_id_exclude
        folders = sorted(Path(folder) for folder in glob.glob(self.src_path))
        others = [folder.parent.name for folder in folders if not (folder / names.SECRET).is_file()]
        if others:
            self.log.warning("Handed in as files, so give these with `course feedback`: %s", ", ".join(others))
        self.coursedir.student_id_exclude = ",".join(filter(None, [excluded, *others]))
        by_learner = exchange_layout() is ExchangeLayout.BY_LEARNER
        released = [folder for folder in folders if folder.parent.name not in others]
        try:
            for folder in released if by_learner else ():
                place = feedback_folder(Path(self.root), folder.parent.name)
                place.mkdir(parents=True, exist_ok=True)
                self.src_path: str = glob.escape(str(folder))
                self.dest_path: str = str(place)
                super().copy_files()
                self._copy_under_other_names(folder)
            if not by_learner:
                super().copy_files()
                for folder in released:
                    self._copy_under_other_names(folder)
        finally:
            self.coursedir.student_id_exclude = excluded

    def _copy_under_other_names(self, folder: Path) -> None:
        """Have a page found also by a learner whose version of the course has another name for the exercise."""
        assignment = self.coursedir.assignment_id
        secret = (folder / names.SECRET).read_bytes()
        page = Path(self.dest_path) / names.feedback_exchange_name(secret, assignment)
        for name in lesson_names(assignment):
            if name != assignment and page.is_file():
                storage.put(Path(self.dest_path) / names.feedback_exchange_name(secret, name), page.read_bytes())


def read_folder(path: Path, slug: str) -> dict[str, bytes]:
    """Return the bytes of each file of a submission by name; raises UnusableFolder."""
    try:
        folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError as error:
        raise _unusable("folder-link") from error
    try:
        limits = {names.notebook_name(slug): LARGEST_NOTEBOOK, **LARGEST}
        present = sorted(set(os.listdir(folder)) & set(limits))
        contents = {name: _read(folder, name, limits[name]) for name in present}
    except OSError as error:
        raise _unusable("folder-unreadable") from error
    finally:
        os.close(folder)
    return _checked(contents, slug)


def _read(folder: int, name: str, largest: int) -> bytes:
    try:
        handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    except OSError as error:
        raise _unusable("file-link", name=name) from error
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode) or (status.st_nlink > 1 and not _is_learners_own(folder, status)):
        os.close(handle)
        raise _unusable("file-not-plain", name=name)
    with os.fdopen(handle, "rb") as file:
        data = file.read(largest + 1)
    if len(data) > largest:
        raise _unusable("file-too-large", name=name, size=largest // 1000)
    return data


def _is_learners_own(folder: int, status: os.stat_result) -> bool:
    """Say whether a file belongs to whom its folder belongs to: then a link to it that others made changes nothing.

    Where all files belong to the account that collects, the owner says nothing.
    """
    return status.st_uid == os.fstat(folder).st_uid != os.getuid()


def _checked(contents: dict[str, bytes], slug: str) -> dict[str, bytes]:
    """Return the files, or raise UnusableFolder where nbgrader's later steps would fail on one."""
    if names.notebook_name(slug) not in contents:
        raise _unusable("no-notebook", name=names.notebook_name(slug))
    secret = contents.get(names.SECRET, b"")
    if not secret.isalnum() or not secret.isascii():
        raise _unusable("bad-secret", name=names.SECRET)
    stamp = contents.get(names.TIMESTAMP)
    if stamp is not None and moments.read_nbgrader_stamp(stamp.decode("utf-8", "replace")) is None:
        raise _unusable("no-time", name=names.TIMESTAMP)
    return contents


def _unusable(key: str, **blanks: object) -> UnusableFolder:
    return UnusableFolder(trainer_words(f"collect.{key}", **blanks))
