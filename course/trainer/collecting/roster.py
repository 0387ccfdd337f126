"""Who is in the cohort: nbgrader's students, and which of them a platform or a receipt means."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from course.content import all_of, any_of, trainer_words
from course.core.names import is_folder_name
from course.trainer.platforms import Sender
from course.trainer.summary import Candidate

if TYPE_CHECKING:
    from nbgrader.api import Gradebook

    from course.trainer.gradebook_reader import GradebookReader

ADDED: Final = "added by course collect"
"""The gradebook's `lms_user_id` of people on no roster, so that they can be told apart from those on one."""


@dataclass(frozen=True)
class RosterEntry:
    """One student of nbgrader's."""

    id: str
    first: str = ""
    last: str = ""
    email: str = ""
    number: str = ""
    """The id on the learning platform, or ADDED."""

    @property
    def names(self) -> set[str]:
        """The ways in which a platform may write the name, as letters alone."""
        return {_letters(self.first + self.last), _letters(self.last + self.first)} - {""}


class NotIdentified(Exception):
    """A platform or a receipt means nobody, or more than one person: a sentence that says so and what to do."""

    def __init__(self, doubt: str, candidates: Iterable[Candidate] = (), *, remedy: str = "") -> None:
        super().__init__(f"{doubt} {remedy}".rstrip())
        self.doubt = doubt
        """What is in doubt, without the remedy that stands apart from it."""
        self.candidates = tuple(candidates)
        """Whom it could mean."""


class Roster:
    """The students, and those who handed in without being on a roster."""

    def __init__(self, people: Iterable[RosterEntry]) -> None:
        self.people: dict[str, RosterEntry] = {}
        self.newcomers: dict[str, RosterEntry] = {}
        """Those to be added to the gradebook."""
        self._by_id: dict[str, set[str]] = {}
        self._by_name: dict[str, set[str]] = {}
        self._by_number: dict[str, set[str]] = {}
        for person in people:
            self._add(person)
        self.is_closed: Final = any(person.number != ADDED for person in self.people.values())
        """Whether a trainer put people on it; else everyone may hand in."""

    @classmethod
    def read(cls, gradebook: Gradebook | GradebookReader) -> Roster:
        """Return nbgrader's students."""
        return cls(
            RosterEntry(
                student.id,
                student.first_name or "",
                student.last_name or "",
                student.email or "",
                student.lms_user_id or "",
            )
            for student in gradebook.students
        )

    def save(self, gradebook: Gradebook) -> None:
        """Add the newcomers to the gradebook."""
        for person in self.newcomers.values():
            add_unless_there(gradebook, person)
        self.newcomers.clear()

    def find_sender(self, sender: Sender, receipt_learner: str) -> str:
        """Return whose it is that a platform hands out with a receipt; raises NotIdentified.

        The platform's own id of a person decides, and an id in the receipt that is on the roster. A name alone only
        proposes: it can be chosen to look like another's. Where two of them disagree, a person has to decide; so they
        do where the platform's number is nobody's on the roster, and another one is there for whom the receipt names.
        """
        ids, is_certain = self._named(sender)
        claimed = self._on_roster(receipt_learner)
        if not self.is_closed:
            return self._find_newcomer(sender, receipt_learner, ids)
        name = sender.account or sender.name
        if claimed and ids and claimed not in ids:
            others = any_of(sorted(ids))
            candidates = [*_candidates("platform", ids, name), *_candidates("receipt", [claimed], claimed)]
            raise undecided("disagree", candidates, name=name, ids=others, claimed=claimed)
        if claimed and (known := self._other_number(sender, claimed)):
            candidates = _candidates("receipt", [claimed], claimed)
            raise undecided("other-number", candidates, name=name, number=sender.number, claimed=claimed, known=known)
        if claimed:
            return claimed
        if len(ids) == 1 and is_certain:
            return next(iter(ids))
        if ids:
            candidates = _candidates("name", ids, name)
            raise undecided("name-alone", candidates, name=name, ids=all_of(sorted(ids)), claimed=receipt_learner)
        raise self._not_on_roster("not-on-roster", name)

    def is_sender(self, sender: Sender, learner: str) -> bool:
        """Say whether what a platform hands out under this name can be a learner's and nobody else's."""
        ids, _ = self._named(sender)
        try:
            return ids == {learner} or (not ids and not self.is_closed and _new_id(sender) == learner)
        except NotIdentified:
            return False

    def is_anothers(self, sender: Sender, learner: str) -> bool:
        """Say whether what a platform calls a sender is on the roster, and not as this learner.

        Then a person decided that it is theirs, or it was handed in through another's account. What goes back to that
        sender would come to the other.
        """
        ids, _ = self._named(sender)
        if not ids and sender.account and sender.name:
            ids = self._called(sender.name)
        return bool(ids) and learner not in ids

    def find_learner(self, learner: str, folders: Iterable[str] = ()) -> str:
        """Return the id that a receipt gives; raises NotIdentified where a roster does not have it.

        `folders` lie around it in a zip. Whoever made the zip named them, so one that names somebody else says nothing
        for certain, and a person has to decide.
        """
        known, named = self._on_roster(learner), self._find_folder(folders)
        if named and named[0] != known:
            candidates = _candidates("folder", [named[0]], named[1])
            candidates += _candidates("receipt", [known], learner) if known else []
            raise undecided("folder-in-zip", candidates, name=named[1], id=named[0], claimed=learner)
        if known:
            return known
        if self.is_closed:
            raise self._not_on_roster("id-not-on-roster", learner)
        return self.add_newcomer(learner, None)

    def find_folder(self, names: Iterable[str]) -> str | None:
        """Return the id of the one person after whom a trainer named a folder; the outermost such folder counts."""
        found = self._find_folder(names)
        return found[0] if found else None

    def find_decision(self, names: Iterable[str]) -> tuple[str, str] | None:
        """Return the id that a trainer decided on by a folder called so, and its name; the outermost counts."""
        decided = ((self._on_roster(name), name) for name in names) if self.is_closed else ()
        return next((decision for decision in decided if decision[0]), None)

    def means(self, text: str, learner: str) -> bool:
        """Say whether an id as it was typed is that of a learner."""
        return text == learner or learner in self._by_id.get(text.casefold(), ())

    def has_namesake(self, learner: str) -> bool:
        """Say whether somebody else is called as a learner is, so that the name alone says nothing of whose it is."""
        person = self.people.get(learner)
        return person is not None and any(len(self._by_name[name]) > 1 for name in person.names)

    def add_newcomer(self, id: str, sender: Sender | None) -> str:
        """Add someone who is on no roster, and return the id."""
        is_written = sender and not (sender.keeps_number and sender.number)  # Canvas leaves out spaces and signs
        first, _, last = (sender.name if sender and is_written else "").rpartition(" ")
        if id not in self.people:
            self.newcomers[id] = RosterEntry(id, first, last, number=ADDED)
            self._add(self.newcomers[id])
        return id

    def _find_folder(self, names: Iterable[str]) -> tuple[str, str] | None:
        """Return whose id or name a folder has that only one person can have, and what it is called."""
        matches = ((self._called(name), name) for name in names) if self.is_closed else ()
        return next(((next(iter(ids)), name) for ids, name in matches if len(ids) == 1), None)

    def _add(self, person: RosterEntry) -> None:
        self.people[person.id] = person
        for identifier in filter(None, (person.id, person.email)):
            self._by_id.setdefault(identifier.casefold(), set()).add(person.id)
        for name in person.names:
            self._by_name.setdefault(name, set()).add(person.id)
        if person.number not in ("", ADDED):
            self._by_number.setdefault(person.number, set()).add(person.id)

    def _called(self, name: str) -> set[str]:
        return self._by_id.get(name.casefold()) or self._by_name.get(_letters(name)) or set()

    def _find_newcomer(self, sender: Sender, receipt_learner: str, ids: set[str]) -> str:
        """Return whose it is where there is no roster: the platform's name makes the id, also in the next exercise."""
        if len(ids) > 1 and receipt_learner not in ids:
            name = sender.account or sender.name
            raise NotIdentified(trainer_words("collect.several", name=name, ids=", ".join(sorted(ids))))
        if len(ids) > 1:
            return receipt_learner
        is_account = not ids and receipt_learner in sender.other_accounts and is_folder_name(receipt_learner)
        if sender.is_anonymous or is_account:
            return self.find_learner(receipt_learner)
        learner = next(iter(ids), "") or _new_id(sender)
        is_certain = sender.account or (sender.keeps_number and sender.number and not ids)  # the new id has the number
        if not is_certain and self._is_lookalike(sender.name, learner) and not self.means(receipt_learner, learner):
            raise same_name(sender.name)
        return self.add_newcomer(learner, sender)

    def _is_lookalike(self, name: str, learner: str) -> bool:
        """Say whether a name leads to somebody's id but is not how they are called."""
        person = self.people.get(learner)
        return person is not None and _letters(name) not in person.names

    def _on_roster(self, learner: str) -> str:
        """Return the id of the one person whose id or address this is; an empty text where there is none."""
        ids = {learner} if learner in self.people else self._by_id.get(learner.casefold(), set())
        return next(iter(ids)) if len(ids) == 1 else ""

    def _named(self, sender: Sender) -> tuple[set[str], bool]:
        """Return whom a platform can mean, and whether it says so by an id of its own and not by a name."""
        if sender.keeps_number and sender.number in self._by_number:
            return self._by_number[sender.number], True
        if sender.account:
            accounts = (sender.account, *sender.other_accounts)
            ids = set().union(*(self._by_id.get(account.casefold(), set()) for account in accounts))
            return ids, len(ids) == 1
        if sender.is_anonymous:
            return set(), False
        readings = (*_without_group(sender.name), *sender.other_names)
        return next(filter(None, map(self._called, readings)), set()), False

    def _not_on_roster(self, key: str, name: str) -> NotIdentified:
        remedy, near = trainer_words("collect.add-to-roster"), self._closest(name)
        closest = trainer_words("collect.closest", id=near) if near else ""
        candidates = _candidates("closest", [near] if near else [], name)
        return NotIdentified(trainer_words(f"collect.{key}", name=name, closest=closest, remedy=remedy), candidates)

    def _other_number(self, sender: Sender, learner: str) -> str:
        """Return the number that the roster has for a learner where the platform's own says another; else nothing.

        Canvas gives nothing but digits: a number with other signs is from elsewhere, and contradicts none.
        """
        number = self.people[learner].number
        is_known = sender.keeps_number and sender.number.isdecimal() and number.isdecimal()
        return number if is_known and number != sender.number else ""

    def _closest(self, text: str) -> str:
        """Return the id of who on the roster is called nearly so; an empty text for nobody."""
        ids = {
            name.casefold(): person.id
            for person in self.people.values()
            for name in (person.id, person.email, f"{person.first} {person.last}")
        }
        near = difflib.get_close_matches(text.casefold(), [name for name in ids if name.strip()], n=1, cutoff=0.7)
        return ids[near[0]] if near else ""


def add_unless_there(gradebook: Gradebook, newcomer: RosterEntry) -> None:
    """Add someone who is on no roster to the gradebook; whoever is there already stays as they are.

    nbgrader adds people without a word on where they come from, and such a person counts as put on a roster.
    """
    from nbgrader.api import MissingEntry

    try:
        gradebook.find_student(newcomer.id)
    except MissingEntry:
        first, last = newcomer.first or None, newcomer.last or None
        gradebook.add_student(newcomer.id, first_name=first, last_name=last, lms_user_id=ADDED)


def undecided(key: str, candidates: Iterable[Candidate], **given: str) -> NotIdentified:
    """Return what a trainer has to decide, and how."""
    doubt = trainer_words(f"collect.{key}", **given)
    remedies = [*(["correct-number"] if key == "other-number" else []), "decide"]
    return NotIdentified(doubt, candidates, remedy=" ".join(trainer_words(f"collect.{one}") for one in remedies))


def _candidates(reason: str, learners: Iterable[str], name: str) -> list[Candidate]:
    words = trainer_words(f"needs-you.by-{reason}", name=name)
    return [Candidate(learner, words) for learner in sorted(learners)]


def same_name(name: str) -> NotIdentified:
    """Return what to do where two people cannot be told apart without a roster."""
    return NotIdentified(trainer_words("collect.same-name", name=name))


def _new_id(sender: Sender) -> str:
    """Return an id for someone on no roster, made of what the platform calls them.

    Moodle's number is another one in each exercise, so the name alone has to do.

    >>> _new_id(Sender("Ada Lovelace_1234567_assignsubmission_file_", "moodle", name="Ada Lovelace", number="1234567"))
    'ada-lovelace'
    """
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", sender.name) if not unicodedata.combining(sign))
    parts = re.findall(r"[^\W_]+", plain.casefold())
    if sender.keeps_number and sender.number:
        parts.append(sender.number)
    new_id = sender.account or "-".join(parts)[:100]
    if not is_folder_name(new_id):
        remedy = trainer_words("collect.add-to-roster")
        raise NotIdentified(trainer_words("collect.no-id", name=sender.account or sender.name, remedy=remedy))
    return new_id


def _without_group(name: str) -> Iterable[str]:
    """Yield a name as it is, then without what may be the name of a group in front.

    >>> list(_without_group("Group A-Jean-Luc"))
    ['Group A-Jean-Luc', 'Jean-Luc', 'Luc']
    """
    while name:
        yield name
        name = name.partition("-")[2]


def _letters(text: str) -> str:
    """Return what is left of a name when platforms are done with it: letters and digits, all small.

    >>> _letters("O’Neill, Zoë")
    'oneillzoë'
    """
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum())
