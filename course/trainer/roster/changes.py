"""What a new list of people changes in the cohort, and the change itself: in one go, or not at all.

The people are nbgrader's students and stay so; every command of nbgrader's sees them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from course.content import trainer_words
from course.core import names
from course.trainer.collecting.roster import ADDED, Roster, RosterEntry
from course.trainer.course_directory import Coursework
from course.trainer.gradebook_reader import GradebookReader
from course.trainer.roster.people_table import read_people


@dataclass(frozen=True)
class ChangedPerson:
    """Somebody who is on the roster, and of whom a table says something else."""

    before: RosterEntry
    after: RosterEntry

    @property
    def parts(self) -> list[tuple[str, str]]:
        """What changes: the value before and after, of each part that differs; ADDED counts as none."""
        pairs = zip(dataclasses.astuple(self.before), dataclasses.astuple(self.after), strict=True)
        return [("" if old == ADDED else old, new) for old, new in pairs if old != new]


@dataclass(frozen=True)
class RosterPlan:
    """What would change; nothing is written yet."""

    id_column: str
    """The column of the table that the ids come from."""
    added: Sequence[RosterEntry] = ()
    changed: Sequence[ChangedPerson] = ()
    gone: Sequence[RosterEntry] = ()
    """People on the roster who are not in the table. They stay, except where `removed` has them too."""
    removed: Sequence[RosterEntry] = ()
    same: int = 0
    """How many people stay as they are."""
    notes: Sequence[str] = ()
    """Sentences for the trainer, such as what spreadsheets do to ids."""
    before: frozenset[RosterEntry] = field(default=frozenset(), repr=False)
    """The roster that this was worked out for."""

    @property
    def writes(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.added or self.changed or self.removed)


class RosterChanged(Exception):
    """The roster is no longer the one that a plan was worked out for; nothing was written."""


def plan_roster(coursework: Coursework, data: bytes, *, id_column: str = "", remove: bool = False) -> RosterPlan:
    """Return what the people in a table change; raises UnreadablePeople. Nothing is written.

    What the table has no column for, or an empty cell, stays as it is. With `remove`, people who are not in the
    table are taken off the roster unless they have handed something in.
    """
    table = read_people(data, id_column)
    with coursework.read_gradebook() as gradebook:
        present = Roster.read(gradebook).people
        handed_in = _have_handed_in(coursework, gradebook)
    ids = _known_ids([person.id for person in table.people], present)
    people = [dataclasses.replace(person, id=ids[person.id]) for person in table.people]
    added = [person for person in people if person.id not in present]
    changed = [ChangedPerson(present[one.id], _merged(present[one.id], one)) for one in people if one.id in present]
    here = set(ids.values())
    gone = [person for person in present.values() if person.id not in here and person.number != ADDED]
    removed = [person for person in gone if remove and person.id not in handed_in]
    different = [change for change in changed if change.before != change.after]
    stay = [person.id for person in gone if remove and person.id in handed_in]
    return RosterPlan(
        table.id_column,
        added,
        different,
        gone,
        removed,
        len(changed) - len(different),
        _notes(ids, present.keys(), added, stay),
        frozenset(present.values()),
    )


def apply_roster(coursework: Coursework, plan: RosterPlan) -> None:
    """Write a plan into the gradebook, in one transaction; raises RosterChanged where the roster is another by now."""
    from nbgrader.api import Student

    with coursework.gradebook() as gradebook:
        students = {student.id: student for student in gradebook.students}
        if frozenset(Roster.read(gradebook).people.values()) != plan.before:
            raise RosterChanged
        try:
            for person in [*plan.added, *(change.after for change in plan.changed)]:
                student = students.get(person.id) or Student(id=person.id)
                student.first_name, student.last_name = person.first or None, person.last or None
                student.email, student.lms_user_id = person.email or None, person.number or None
                gradebook.db.add(student)
            for person in plan.removed:
                gradebook.db.delete(students[person.id])
            gradebook.db.commit()
        except BaseException:
            gradebook.db.rollback()
            raise


def _known_ids(ids: Iterable[str], present: Collection[str]) -> dict[str, str]:
    """Return the id under which each is on the roster: platforms and people write one and the same in other capitals.

    Two ids that differ by nothing else would be one folder on many disks.
    """
    spelled: dict[str, list[str]] = {}
    for id in present:
        spelled.setdefault(id.casefold(), []).append(id)
    alike = {id: spelled.get(id.casefold(), []) for id in ids}
    return {id: others[0] if id not in present and len(others) == 1 else id for id, others in alike.items()}


def _merged(before: RosterEntry, after: RosterEntry) -> RosterEntry:
    """Return what is known of a person: what the table says, and else what was known before."""
    return RosterEntry(
        before.id,
        after.first or before.first,
        after.last or before.last,
        after.email or before.email,
        after.number or ("" if before.number == ADDED else before.number),
    )


def _have_handed_in(coursework: Coursework, gradebook: GradebookReader) -> set[str]:
    ids = {submission.student_id for submission in gradebook.submissions()}
    for step in (names.SUBMITTED, names.EARLIER, names.AUTOGRADED):
        folder = coursework.root / step
        ids |= {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    return ids


def _notes(
    ids: Mapping[str, str], present: Iterable[str], added: Sequence[RosterEntry], stay: Sequence[str]
) -> list[str]:
    """Return what a trainer should know; `ids` are those in the table, with those on the roster."""
    known = {id.lstrip("0"): id for id in present if id != id.lstrip("0")}
    shortened = [(known[one.id], one.id) for one in added if one.id in known]
    notes = [trainer_words("roster.zeros", old=old, new=new) for old, new in shortened[:3]]
    respelled = [(new, id) for new, id in ids.items() if new != id]
    if respelled:
        notes.append(trainer_words("roster.capitals", n=len(respelled), new=respelled[0][0], old=respelled[0][1]))
    untypable = [id for id in ids.values() if not names.is_learner_id(id)]
    if untypable:
        notes.append(trainer_words("roster.not-typed", n=len(untypable), id=untypable[0]))
    if stay:
        notes.append(trainer_words("roster.handed-in", ids=", ".join(stay)))
    return notes
