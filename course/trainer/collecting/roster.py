"""Who is in the cohort: nbgrader's students, and which of them a platform or a receipt means."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from course.trainer.collecting.submission_store import is_folder_name
from course.trainer.platforms import Sender

ADDED: Final = "added by course collect"
"""Stands in the gradebook's `lms_user_id` of who is on no roster, so that a roster is told from people who came."""
HOW: Final = "Put them on the roster: nbgrader db student add ID --first-name=… --last-name=…, and collect again."


@dataclass(frozen=True)
class Person:
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


class NotKnown(Exception):
    """Nobody, or more than one, is meant: a sentence that says so and what to do."""


class Roster:
    """The students, and those who came without being on a roster."""

    def __init__(self, people: Iterable[Person]) -> None:
        self.people: dict[str, Person] = {}
        self.came: dict[str, Person] = {}
        """Those to be added to the gradebook."""
        self._by_id: dict[str, set[str]] = {}
        self._by_name: dict[str, set[str]] = {}
        self._by_number: dict[str, set[str]] = {}
        for person in people:
            self._add(person)
        self.is_given: Final = any(person.number != ADDED for person in self.people.values())
        """Whether a trainer put people on it; without, everyone may hand in."""

    @classmethod
    def read(cls, gradebook: Any) -> Roster:
        """Return nbgrader's students."""
        return cls(
            Person(one.id, one.first_name or "", one.last_name or "", one.email or "", one.lms_user_id or "")
            for one in gradebook.students
        )

    def save(self, gradebook: Any) -> None:
        """Add those who came to the gradebook."""
        for person in self.came.values():
            gradebook.update_or_create_student(
                person.id, first_name=person.first or None, last_name=person.last or None, lms_user_id=person.number
            )
        self.came.clear()

    def find_sender(self, sender: Sender, receipt_learner: str) -> str:
        """Return the id of whom a platform names; raises NotKnown.

        Where two people have that name, the receipt says which of the two it is.
        """
        found = self._named(sender)
        if len(found) > 1 and receipt_learner in found:
            return receipt_learner
        called = sender.account or sender.name
        if len(found) > 1:
            raise NotKnown(f"The roster has more than one person for “{called}”: {', '.join(sorted(found))}.")
        if found:
            return next(iter(found))
        if self.is_given:
            raise NotKnown(f"“{called}” is not on the roster. {self._closest(called)}{HOW}")
        return self.come(_new_id(sender), sender)

    def find_learner(self, learner: str) -> str:
        """Return the id that a receipt gives; raises NotKnown where a roster does not have it."""
        same = {learner} if learner in self.people else self._by_id.get(learner.casefold(), set())
        if len(same) == 1:
            return next(iter(same))
        if self.is_given:
            raise NotKnown(f"The id “{learner}” is not on the roster. {self._closest(learner)}{HOW}")
        return self.come(learner, None)

    def find_folder(self, names: Iterable[str]) -> str | None:
        """Return the id of the one person after whom a trainer named a folder; the outermost such folder counts."""
        found = (self._called(name) for name in names) if self.is_given else ()
        return next((next(iter(ids)) for ids in found if len(ids) == 1), None)

    def means(self, text: str, learner: str) -> bool:
        """Say whether an id as it was typed is that of a learner."""
        return text == learner or learner in self._by_id.get(text.casefold(), ())

    def come(self, id: str, sender: Sender | None) -> str:
        """Count someone in who is on no roster, and return the id."""
        first, _, last = (sender.name if sender and not sender.keeps_number else "").rpartition(" ")
        if id not in self.people:
            self.came[id] = Person(id, first, last, number=ADDED)
            self._add(self.came[id])
        return id

    def _add(self, person: Person) -> None:
        self.people[person.id] = person
        for way in filter(None, (person.id, person.email)):
            self._by_id.setdefault(way.casefold(), set()).add(person.id)
        for name in person.names:
            self._by_name.setdefault(name, set()).add(person.id)
        if person.number not in ("", ADDED):
            self._by_number.setdefault(person.number, set()).add(person.id)

    def _called(self, name: str) -> set[str]:
        return self._by_id.get(name.casefold()) or self._by_name.get(_letters(name)) or set()

    def _named(self, sender: Sender) -> set[str]:
        if sender.keeps_number and sender.number in self._by_number:
            return self._by_number[sender.number]
        if sender.account:
            return self._by_id.get(sender.account.casefold(), set())
        return next(filter(None, map(self._called, _without_group(sender.name))), set())

    def _closest(self, text: str) -> str:
        """Say who on the roster is called nearly so."""
        ways = {way.casefold(): p.id for p in self.people.values() for way in (p.id, p.email, f"{p.first} {p.last}")}
        near = difflib.get_close_matches(text.casefold(), [way for way in ways if way.strip()], n=1, cutoff=0.7)
        return f"The closest is {ways[near[0]]}. " if near else ""


def _new_id(sender: Sender) -> str:
    """Return an id for someone on no roster, made of what the platform calls them.

    Moodle's number is another one in each exercise, so the name alone has to do.

    >>> _new_id(Sender("Ada Lovelace_1234567_assignsubmission_file_", name="Ada Lovelace", number="1234567"))
    'ada-lovelace'
    """
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", sender.name) if not unicodedata.combining(sign))
    parts = re.findall(r"[^\W_]+", plain.casefold())
    if sender.keeps_number and sender.number:
        parts.append(sender.number)
    made = sender.account or "-".join(parts)[:100]
    if not is_folder_name(made):
        raise NotKnown(f"No id can be made of “{sender.account or sender.name}”. {HOW}")
    return made


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
