"""Collect what a trainer dropped into `inbox/`: who it is from, which exercise, when, and whether it is the latest.

The inbox is only read. Collecting again changes nothing.
"""

from __future__ import annotations

import dataclasses
import datetime
import io
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, cast

from course.content import trainer_words
from course.core import moments, names, storage
from course.core.errors import BadHandIn
from course.records.submission_file import SubmissionFile
from course.records.submission_file import read as read_submission_file
from course.trainer.collecting.decisions import NOBODY, item_id, read_decisions
from course.trainer.collecting.inbox_scan import InboxFile, Trail, UnusableFile, scan_inbox
from course.trainer.collecting.roster import NotIdentified, Roster, same_name, undecided
from course.trainer.collecting.submission_store import (
    Arrival,
    SubmissionStore,
    UnsafePath,
    finish_all,
    read_receipt,
    submission_fingerprint,
)
from course.trainer.course_directory import PLATFORM_CLOCK, Coursework
from course.trainer.due_moments import DueMoments, came_after
from course.trainer.exercise_version import why_set_aside
from course.trainer.platforms import find_sender_place, read_platform
from course.trainer.summary import Candidate, CollectedFile, Refusal, SetAside, UndecidedHandIn

EARLIEST: Final = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
"""A clock that says less is not set."""
CLOCK_TOLERANCE: Final = datetime.timedelta(minutes=5)
"""How far a learner's clock may be ahead."""


@dataclass(frozen=True)
class IdentifiedSubmission:
    """One submission file of the course in the inbox, and whose it is."""

    source: InboxFile
    file: SubmissionFile
    assignment: str
    """nbgrader's name of the exercise here."""
    learner: str
    platform: str
    """The name that says who it is from, or an empty text where only the receipt does."""
    is_decided: bool = False
    """Whether a trainer decided on it in the queue, also where a folder says otherwise since."""
    is_by_decision: bool = False
    """Whether it is this learner's by that decision."""


@dataclass
class InboxResults:
    """What became of each file in the inbox, in the order of their names."""

    due: DueMoments = field(default_factory=DueMoments)
    collected: list[CollectedFile] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    _rows: dict[tuple[str, str], dict[str, int]] = field(default_factory=dict)
    """For each learner's exercise, the row of each submission by its fingerprint."""
    _fingerprints: list[str] = field(default_factory=list)
    """That of the submission in each row."""

    def add(self, row: CollectedFile, fingerprint: str) -> None:
        """Add a submission; a copy of one that was added before is called so."""
        rows = self._rows.setdefault((row.learner, row.exercise), {})
        if fingerprint in rows:
            row = dataclasses.replace(row, became="duplicate")
        rows.setdefault(fingerprint, len(self.collected))
        self.collected.append(row)
        self._fingerprints.append(fingerprint)

    def say_how_each_counts(self, coursework: Coursework) -> None:
        """Say of each submission, now that all are stored, whether it is the latest and whether it is late."""
        for number, row in enumerate(self.collected):
            due = self.due.for_learner(row.learner, row.exercise)
            if row.late and due:
                store = SubmissionStore(coursework, row.learner, row.exercise)
                late = came_after(due, store.counting_folder(self._fingerprints[number]))
                self.collected[number] = dataclasses.replace(row, late=late)
        for (learner, slug), rows in self._rows.items():
            latest = read_receipt(SubmissionStore(coursework, learner, slug).latest)
            for own, number in rows.items():
                became = "latest" if own == latest.fingerprint else "earlier"
                self.collected[number] = dataclasses.replace(self.collected[number], became=became)


def identify_submissions(
    coursework: Coursework, roster: Roster, companions: list[Trail] | None = None
) -> Iterator[IdentifiedSubmission | Refusal]:
    """Yield every submission in the inbox with its learner, and what is refused; nothing is written.

    What a platform itself put beside hand-ins is added to `companions`.
    """
    decisions = read_decisions(coursework.root)
    for item in scan_inbox(coursework.inbox, coursework.cohort.zone, companions):
        if isinstance(item, UnusableFile):
            yield Refusal("/".join(item.trail), _assignment(coursework, item.trail[-1]), item.why)
            continue
        try:
            file = read_submission_file(io.BytesIO(item.data))
        except BadHandIn as error:
            yield Refusal(
                item.name, _assignment(coursework, item.name), " ".join(filter(None, (error.message, error.hint)))
            )
            continue
        assignment = coursework.assignment(file.exercise)
        try:
            yield _identified(item, file, roster, coursework, decisions)
        except NotIdentified as why:
            yield UndecidedHandIn(item.name, assignment, str(why), _item(item, file), why.candidates, why.doubt)


def collect_inbox(
    coursework: Coursework, slugs: Sequence[str], roster: Roster, results: InboxResults, step: Callable[[str], None]
) -> None:
    """Store the submissions of the chosen exercises, and add to `results` what became of each."""
    companions: list[Trail] = []
    set_aside = 0
    try:
        for item in identify_submissions(coursework, roster, companions):
            step(item.name if isinstance(item, Refusal) else item.source.name)
            if isinstance(item, SetAside):
                set_aside += item.exercise in slugs
            elif isinstance(item, Refusal):
                if not item.exercise or item.exercise in slugs:
                    results.refused.append(item)
            elif item.assignment in slugs:
                _store_or_refuse(coursework, roster, item, results)
    finally:
        finish_all(coursework)
        results.say_how_each_counts(coursework)
        if companions:
            results.notes.append(trainer_words("collect.companions", n=len(companions)))
        if set_aside:
            results.notes.append(trainer_words("needs-you.set-aside", n=set_aside))


def _store_or_refuse(
    coursework: Coursework, roster: Roster, submission: IdentifiedSubmission, results: InboxResults
) -> None:
    try:
        _store(coursework, roster, submission, results)
    except UnsafePath as error:
        results.refused.append(Refusal(submission.source.name, submission.assignment, str(error)))
    except OSError as error:
        why = trainer_words("collect.not-stored", reason=error.strerror)
        results.refused.append(Refusal(submission.source.name, submission.assignment, why))


def _store(coursework: Coursework, roster: Roster, submission: IdentifiedSubmission, results: InboxResults) -> None:
    """Store one submission, and note what became of it; how it counts is added after all are stored."""
    slug, learner = submission.assignment, submission.learner
    arrival, clock = _arrival(submission)
    store = SubmissionStore(coursework, learner, slug)
    why = why_set_aside(slug, submission.file.exercise_version, learner)
    if why and not store.has(arrival):  # one that was stored before the exercise changed is left as it is
        results.refused.append(Refusal(submission.source.name, slug, why))
        return
    results.notes += _receipt_note(roster, submission)
    changed = store.put(arrival)
    if submission.is_decided:
        results.refused += _stored_for_others(coursework, submission, arrival)
    due = results.due.for_learner(learner, slug)
    time = arrival.time.isoformat(timespec="seconds")
    late = due is not None and clock == PLATFORM_CLOCK and arrival.time > due
    row = CollectedFile(submission.source.name, learner, slug, time, clock, late=late, changed=changed)
    results.add(row, arrival.fingerprint)


def _stored_for_others(coursework: Coursework, submission: IdentifiedSubmission, arrival: Arrival) -> Iterator[Refusal]:
    """Yield where the same hand-in was stored as somebody else's, before a trainer decided otherwise."""
    slug, platform = arrival.slug, _platform(submission.source)
    for path in sorted((coursework.root / names.SUBMITTED).glob(f"*/{slug}")):
        other, receipt = path.parent.name, read_receipt(path)
        if other != arrival.learner and (receipt.fingerprint, receipt.platform) == (arrival.fingerprint, platform):
            folder = path.relative_to(coursework.root).as_posix()
            why = trainer_words("needs-you.stored-before", learner=arrival.learner, other=other, exercise=slug)
            yield Refusal(folder, slug, why)


def _receipt_note(roster: Roster, submission: IdentifiedSubmission) -> list[str]:
    """Return what a trainer should know: the receipt gives another id than the platform or the trainer's folder."""
    learner, claimed = submission.learner, submission.file.learner
    if not submission.platform or not roster.is_closed or roster.means(claimed, learner):
        return []
    key = "decided-receipt" if submission.is_by_decision else "other-receipt"
    return [trainer_words(f"collect.{key}", name=submission.source.name, learner=learner, claimed=claimed)]


def _identified(
    source: InboxFile, file: SubmissionFile, roster: Roster, coursework: Coursework, decisions: Mapping[str, str]
) -> IdentifiedSubmission | SetAside:
    """Return whose a submission is: first by what a trainer decided on it, as long as that person is there.

    A folder that names somebody counts before: what lies in one never waits, so it was put there after a decision.
    """
    assignment = coursework.assignment(file.exercise)
    item = _item(source, file)
    learner = None if _trainers_decision(source, roster) else decisions.get(item)
    if learner == NOBODY:
        return SetAside(source.name, assignment, "")
    known = (learner, _platform(source)) if learner in roster.people else _owner(source, file, roster, coursework)
    is_followed = learner in roster.people
    return IdentifiedSubmission(
        source, file, assignment, *known, is_decided=item in decisions, is_by_decision=is_followed
    )


def _item(source: InboxFile, file: SubmissionFile) -> str:
    receipt = cast(dict[str, object], storage.parse_json(file.contents[names.RECEIPT], deepest=2))
    return item_id(submission_fingerprint(receipt), _platform(source))


def _platform(source: InboxFile) -> str:
    return source.sender.platform if source.sender else ""


def _owner(source: InboxFile, file: SubmissionFile, roster: Roster, coursework: Coursework) -> tuple[str, str]:
    """Return whose a submission is, and the name that says so: a platform's, that of a folder, or an empty text."""
    decided = _trainers_decision(source, roster)
    if decided:
        learner, platform = decided
    elif source.sender:
        learner, platform = roster.find_sender(source.sender, file.learner), source.sender.platform
    else:
        folders = source.trail[len(_on_disk(source.trail[:-1])) : -1]
        learner, platform = roster.find_learner(file.learner, folders), ""
    if not names.is_folder_name(learner):
        raise NotIdentified(trainer_words("collect.unusable-id", learner=learner))
    if not decided:
        _check_stored(SubmissionStore(coursework, learner, coursework.assignment(file.exercise)), source, file, roster)
    return learner, platform


def _trainers_decision(source: InboxFile, roster: Roster) -> tuple[str, str] | None:
    """Return whose a folder around it is that a trainer made, and what says so."""
    if source.sender:
        return roster.find_decision(_folders_around_sender(source))
    folder = roster.find_folder(_on_disk(source.trail[:-1]))
    return (folder, folder) if folder else None


def _folders_around_sender(source: InboxFile) -> Sequence[str]:
    """Return the folders of the inbox in which a trainer put what a platform names."""
    found = find_sender_place(source.trail)
    return _on_disk(source.trail[: found[0]] if found else ())


def _on_disk(names: Sequence[str]) -> Sequence[str]:
    """Return the first of these names, up to a zip: what is in one was named by whoever made it, often a learner."""
    return tuple(itertools.takewhile(lambda name: not name.lower().endswith(".zip"), names))


def _check_stored(store: SubmissionStore, source: InboxFile, file: SubmissionFile, roster: Roster) -> None:
    """Raise NotIdentified where somebody else handed in for a learner: neither's work takes the other's place.

    What came through the account of another person on the roster is theirs by a decision, and says nothing of them.
    """
    receipts, learner = [receipt for _, receipt in store.receipts()], store.latest.parent.name
    senders = filter(None, (read_platform(receipt.platform) for receipt in receipts))
    sender, before = source.sender, next((one for one in senders if not roster.is_anothers(one, learner)), None)
    if sender and before:
        if before.person == sender.person:
            return
        if roster.is_closed:
            candidates = [Candidate(learner, trainer_words("needs-you.by-id", name=learner))]
            raise undecided("two-senders", candidates, other=before.platform, learner=learner)
        raise same_name(sender.account or sender.name)
    if roster.is_closed or not (receipts or store.latest.is_dir()):
        return
    # Without a roster, the id in the receipt has to tell people apart; what came through the exchange has none.
    known = {receipt.learner.casefold() for receipt in receipts} or {learner.casefold()}
    if file.learner.casefold() not in known:
        raise same_name((sender.account or sender.name) if sender else file.learner)


def _arrival(submission: IdentifiedSubmission) -> tuple[Arrival, str]:
    """Return a submission as it is stored, and whose clock its time is from."""
    time, clock = _time(submission)
    receipt = cast(dict[str, object], storage.parse_json(submission.file.contents[names.RECEIPT], deepest=2))
    stored = storage.as_json({**receipt, "platform": submission.platform, "time-from": clock})
    notebook = names.notebook_name(submission.assignment)  # whatever it was called in the learner's version
    answers = submission.file.contents[names.ANSWERS]
    files = {notebook: submission.file.notebook, names.ANSWERS: answers, names.RECEIPT: stored}
    return Arrival(submission.learner, submission.assignment, time, submission_fingerprint(receipt), files), clock


def _time(submission: IdentifiedSubmission) -> tuple[datetime.datetime, str]:
    """Return when it was handed in, by the best clock that says something possible, and which that is."""
    latest = moments.now() + CLOCK_TOLERANCE
    for time, clock in ((submission.source.time, PLATFORM_CLOCK), (submission.file.time, "learner")):
        if time is not None and EARLIEST <= time <= latest:
            return time, clock
    return submission.source.file_time, "file"


def _assignment(coursework: Coursework, name: str) -> str:
    """Return which exercise a file that could not be used was for, by its name."""
    return next((assignment for key, assignment in coursework.assignments.items() if key in name), "")
