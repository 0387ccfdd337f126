"""Take what a trainer dropped into `inbox/`: who it is from, which exercise, when, and whether it is the latest.

The inbox is only read. Collecting again changes nothing.
"""

from __future__ import annotations

import dataclasses
import datetime
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from course.core import storage
from course.core.errors import BadHandIn
from course.records.submission_file import HandInFile
from course.records.submission_file import read as read_hand_in
from course.trainer.collecting.inbox_scan import Parcel, find_parcels
from course.trainer.collecting.roster import NotKnown, Roster
from course.trainer.collecting.submission_store import (
    RECEIPT,
    Arrival,
    BadPlace,
    Places,
    finish_all,
    is_folder_name,
    mark_of,
    read_receipt,
)
from course.trainer.collecting.zips import Refusal
from course.trainer.course_directory import Coursework
from course.trainer.platforms import Sender, read_name
from course.trainer.summary import Refused, Taken

EARLIEST: Final = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
"""A clock that says less is not set."""
SLACK: Final = datetime.timedelta(minutes=5)
"""How far a learner's clock may be ahead."""


@dataclass(frozen=True)
class HandIn:
    """One hand-in file that is ours, and whose it is."""

    parcel: Parcel
    file: HandInFile
    learner: str
    platform: str
    """The name that says who it is from, or an empty text where only the receipt does."""


@dataclass
class Inbox:
    """What was found, in the order in which it was found."""

    due: Mapping[str, datetime.datetime] = field(default_factory=dict)
    """When exercises are due, in UTC."""
    taken: list[Taken] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    _marks: dict[tuple[str, str], dict[str, int]] = field(default_factory=dict)
    """For each learner's exercise, which row has which hand-in."""

    def add(self, row: Taken, mark: str) -> None:
        """Add a hand-in; a copy of one that was found before is called so."""
        rows = self._marks.setdefault((row.learner, row.exercise), {})
        if mark in rows:
            row = dataclasses.replace(row, became="duplicate")
        rows.setdefault(mark, len(self.taken))
        self.taken.append(row)

    def say_which_is_latest(self, coursework: Coursework) -> None:
        """Say of each hand-in whether it is the latest now."""
        for (learner, slug), rows in self._marks.items():
            latest = mark_of(read_receipt(Places(coursework, learner, slug).now))
            for mark, number in rows.items():
                became = "latest" if mark == latest else "earlier"
                self.taken[number] = dataclasses.replace(self.taken[number], became=became)


def look(coursework: Coursework, roster: Roster) -> Iterator[HandIn | Refused]:
    """Yield every hand-in in the inbox with its learner, and what is refused; nothing is written."""
    for found in find_parcels(coursework.inbox, coursework.cohort.zone):
        if isinstance(found, Refusal):
            yield Refused("/".join(found.trail), _exercise(found.trail[-1]), found.why)
            continue
        try:
            file = read_hand_in(io.BytesIO(found.data))
        except BadHandIn as error:
            yield Refused(found.name, _exercise(found.name), " ".join(filter(None, (error.message, error.hint))))
            continue
        try:
            yield HandIn(found, file, *_whose(found, file, roster, coursework))
        except NotKnown as why:
            yield Refused(found.name, file.slug, str(why))


def take(
    coursework: Coursework, slugs: Sequence[str], roster: Roster, inbox: Inbox, step: Callable[[str], None]
) -> None:
    """Put the hand-ins of the chosen exercises into their places, and add to `inbox` what became of each."""
    try:
        for found in look(coursework, roster):
            step(found.name if isinstance(found, Refused) else found.parcel.name)
            if isinstance(found, Refused):
                if not found.exercise or found.exercise in slugs:
                    inbox.refused.append(found)
            elif found.file.slug in slugs:
                try:
                    _take_one(coursework, roster, found, inbox)
                except BadPlace as why:
                    inbox.refused.append(Refused(found.parcel.name, found.file.slug, str(why)))
                except OSError as error:
                    why_not = f"It could not be kept: {error.strerror}."
                    inbox.refused.append(Refused(found.parcel.name, found.file.slug, why_not))
    finally:
        finish_all(coursework)
        inbox.say_which_is_latest(coursework)


def _take_one(coursework: Coursework, roster: Roster, found: HandIn, inbox: Inbox) -> None:
    """Keep one hand-in, and note what became of it; whether it is the latest is told when all are through."""
    slug, learner = found.file.slug, found.learner
    inbox.notes += _conflicts(coursework, roster, found)
    arrival, clock = _arrival(found)
    changed = Places(coursework, learner, slug).put(arrival)
    due = inbox.due.get(slug)
    time, late = arrival.time.isoformat(timespec="seconds"), due is not None and arrival.time > due
    row = Taken(found.parcel.name, learner, slug, time, clock, late=late, changed=changed)
    inbox.add(row, arrival.mark)


def _conflicts(coursework: Coursework, roster: Roster, found: HandIn) -> Iterator[str]:
    """Yield what a trainer should look at: two different people claim to have sent this, or the one before it."""
    name, learner, sender = found.parcel.name, found.learner, found.parcel.sender
    claimed = found.file.learner
    if found.platform and roster.is_given and not roster.means(claimed, learner):
        yield f"Conflict: {name} is kept as {learner}’s, as it was sent, but its receipt says {claimed}."
    before = _sender_of(Places(coursework, learner, found.file.slug))
    if sender and before and before.person != sender.person:
        yield f"Conflict: {name} and {before.platform} were sent by two different people, and both stand for {learner}."


def _whose(parcel: Parcel, file: HandInFile, roster: Roster, coursework: Coursework) -> tuple[str, str]:
    """Return whose a hand-in is and the name that says so: a platform's, that of a folder, or none but the receipt."""
    folder = None if parcel.sender else roster.find_folder(parcel.trail[:-1])
    if parcel.sender:
        learner = roster.find_sender(parcel.sender, file.learner)
    else:
        learner = folder or roster.find_learner(file.learner)
    if not is_folder_name(learner):
        raise NotKnown(f"The id “{learner}” cannot name a folder. Change it on the roster.")
    if parcel.sender and not roster.is_given:
        _check_alone(Places(coursework, learner, file.slug), parcel.sender)
    return learner, parcel.sender.platform if parcel.sender else folder or ""


def _check_alone(places: Places, sender: Sender) -> None:
    """Raise NotKnown where somebody else of that name has handed in: only a roster can tell them apart."""
    before = _sender_of(places)
    if before and before.person != sender.person:
        raise NotKnown(
            f"Two people are called “{sender.name}”. Put both on a roster with the ids in their receipts "
            "(nbgrader db student import), and collect again."
        )


def _sender_of(places: Places) -> Sender | None:
    """Return whom the platform named with what is kept."""
    return next(filter(None, (read_name(str(receipt.get("platform", ""))) for _, receipt in places.receipts())), None)


def _arrival(found: HandIn) -> tuple[Arrival, str]:
    """Return a hand-in as it is kept, and whose clock its time is from."""
    time, clock = _time(found)
    receipt = storage.parse_json(found.file.contents[RECEIPT], deepest=2)
    kept = storage.as_json({**receipt, "platform": found.platform, "time-from": clock})
    contents = {**found.file.contents, RECEIPT: kept}
    return Arrival(found.learner, found.file.slug, time, mark_of(receipt), contents), clock


def _time(found: HandIn) -> tuple[datetime.datetime, str]:
    """Return when a hand-in was handed in, by the best clock that says something possible, and which that is."""
    latest = datetime.datetime.now(datetime.UTC) + SLACK
    for time, clock in ((found.parcel.time, "platform"), (found.file.time, "learner")):
        if time is not None and EARLIEST <= time <= latest:
            return time, clock
    return found.parcel.file_time, "file"


def _exercise(name: str) -> str:
    """Return which exercise a file that could not be used was for, by its name."""
    from course.content.lessons import lessons

    return next((lesson.key for lesson in lessons() if lesson.key in name), "")
