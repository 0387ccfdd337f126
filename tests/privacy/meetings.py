"""A small meeting with a door: who comes, answers, is removed and comes again, and all that a facilitator then sees.

Nothing here knows how phones are removed: a meeting asks the rules that it was made with, so that lesser rules can be
tried as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product

from course.privacy import TwoSourceQuestion
from course.privacy.admissions import Admissions
from tests.privacy.asking import VOTE

ACTS = {"shut", "open", "remove", "close", "reveal", "undo", "reopen", "again"}
Event = tuple[str, str]
"""What happens, and to whom: ("come", "a"), ("card", "1"), or an act with an empty text."""


def read_events(text: str) -> list[Event]:
    """Read `abc 12 shut remove`: three people come and answer, two cards are counted, then the facilitator acts.

    A person comes in where the door lets them, and answers the latest question while it is open.
    """
    happened: list[Event] = []
    for word in text.split():
        if word in ACTS:
            happened.append((word, ""))
        else:
            happened += [("card" if one.isdigit() else "come", one) for one in word]
    return happened


@dataclass
class Meeting:
    """One course of events. What is not known to it is how answers leave, which `rules` decide."""

    rules: type[Rules]
    people: set[str] = field(default_factory=set)
    """The pseudonyms of all phones that ever joined."""
    questions: list[TwoSourceQuestion] = field(default_factory=lambda: [TwoSourceQuestion(VOTE)])
    admissions: Admissions = field(default_factory=Admissions)
    is_shut: bool = False
    revision: int = 0

    def happen(self, event: Event, answer: str) -> None:
        """Let something happen; `answer` is what a person says or a card has."""
        what, who = event
        self.revision += 1
        latest = self.questions[-1]
        if what == "come":
            name = self.rules.come(self, who)
            if name and latest.is_open:
                latest.phones.take(name, answer, self.revision)
        elif what == "card":
            if latest.is_open:
                latest.cards.take(f"card {who}", answer, self.revision)
        elif what == "again":
            self.questions.append(TwoSourceQuestion(VOTE, latest))
        elif what in ("shut", "open"):
            if what == "open" and self.is_shut:
                self.admissions.open(self.people)
            self.is_shut = what == "shut"
        elif what == "remove":
            self.is_shut = True
            self.rules.remove(self)
        else:
            getattr(latest, what)()
        for question in self.questions:
            question.update()

    @property
    def seen(self) -> Hashable:
        """All that anybody sees at this moment."""
        return repr([question.published for question in self.questions]), self.admissions.rounded_number(self.people)


class Rules:
    """How people come in and are removed, as the rules of the course have it."""

    @classmethod
    def come(cls, meeting: Meeting, person: str) -> str:
        """Return the pseudonym by which somebody answers, or nothing where they are not let in."""
        is_inside = person in meeting.people and not meeting.admissions.is_removed(person)
        if not is_inside and meeting.is_shut:
            return ""
        if person in meeting.people and not is_inside:
            meeting.admissions.admit_again(person)
        meeting.people.add(person)
        return person

    @classmethod
    def remove(cls, meeting: Meeting) -> None:
        """Remove who came in last."""
        group = meeting.admissions.remove_latest(meeting.people)
        for question in meeting.questions:
            question.phones.remove(dict.fromkeys(group, meeting.revision))


class ByAnotherName(Rules):
    """Lesser rules: who is admitted again is somebody new."""

    @classmethod
    def come(cls, meeting: Meeting, person: str) -> str:
        names = [name for name in meeting.people if name[0] == person]
        inside = [name for name in names if not meeting.admissions.is_removed(name)]
        if inside:
            return inside[0]
        if meeting.is_shut:
            return ""
        name = person + "'" * len(names)
        meeting.people.add(name)
        return name


class CountedAnew(Rules):
    """Lesser rules: who is removed is taken out of what was released, too."""

    @classmethod
    def remove(cls, meeting: Meeting) -> None:
        group = meeting.admissions.remove_latest(meeting.people)
        for number, question in enumerate(meeting.questions):
            former, anew = question.phones, TwoSourceQuestion(VOTE)
            for person, answer in former._answers.items():
                if person not in group:
                    anew.phones.take(person, answer)
            anew.phones.is_open, anew.phones.is_revealed = former.is_open, former.is_revealed
            meeting.questions[number] = anew


def worked_out(
    rules: type[Rules], happened: Sequence[Event], *, is_of_one_mind: bool
) -> Iterator[tuple[str, str, frozenset[str]]]:
    """Yield each reader, an answer, and of whom that reader works out that they gave it.

    The reader knows the rules, who comes and answers when, every card, and their own answers; "" is a facilitator who
    is not among those who answer. They try every meeting that would look the same. Where people are of one mind, the
    reader knows too that everybody says the same each time they are asked.
    """
    places = [number for number, (what, _) in enumerate(happened) if what in ("come", "card")]
    who = [happened[place][1] for place in places]
    unknown = sorted(set(who)) if is_of_one_mind else [str(place) for place in places]
    index = [unknown.index(one if is_of_one_mind else str(place)) for one, place in zip(who, places, strict=True)]
    cards = [number for number, one in enumerate(who) if one.isdigit()]
    alike: dict[Hashable, list[tuple[str, ...]]] = defaultdict(list)
    for minds in product("AB", repeat=len(unknown)):
        said = tuple(minds[number] for number in index)
        meeting, seen, answers = Meeting(rules), [], iter(said)
        for event in happened:
            has_answer = event[0] in ("come", "card")
            meeting.happen(event, next(answers) if has_answer else "")
            if not has_answer:
                seen.append(meeting.seen)
        alike[tuple(seen), tuple(said[card] for card in cards)].append(said)
    for possible in alike.values():
        for reader in ["", *sorted({one for one in who if not one.isdigit()})]:
            own = [number for number, one in enumerate(who) if one == reader]
            yield from _fixed(possible, who, own, reader)


def _fixed(
    possible: Sequence[tuple[str, ...]], who: Sequence[str], own: Sequence[int], reader: str
) -> Iterator[tuple[str, str, frozenset[str]]]:
    by_own: dict[tuple[str, ...], list[tuple[str, ...]]] = defaultdict(list)
    for said in possible:
        by_own[tuple(said[number] for number in own)].append(said)
    for left in by_own.values():
        fixed: dict[str, set[str]] = defaultdict(set)
        for number, one in enumerate(who):
            if one != reader and not one.isdigit() and len({said[number] for said in left}) == 1:
                fixed[left[0][number]].add(one)
        yield from ((reader, answer, frozenset(people)) for answer, people in fixed.items())


def few(rules: type[Rules], text: str, smallest: int, *, is_of_one_mind: bool) -> list[tuple[str, str, str]]:
    """Return what a reader works out of fewer than so many people, in a course of events.

    Others are counted alone. Where people are of one mind the reader may be among them: who comes later than the rest,
    with four others of the same mind, knows theirs by what was added, whatever the door does.
    """
    found = worked_out(rules, read_events(text), is_of_one_mind=is_of_one_mind)
    return sorted(
        {
            (reader, answer, "".join(sorted(people)))
            for reader, answer, people in found
            if len(people | ({reader} if is_of_one_mind and reader else set())) < smallest
        }
    )
