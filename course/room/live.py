"""The rules of one room: what is open, shown, approved and parked. No input or output, no clock.

It learns of an answer when the answer is on disk, and is asked before one is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from course.groups.live import LiveQuestion, by_fives
from course.groups.wall import Wall
from course.room.answering import Answer, check, refused, revision
from course.room.counting import counted, new_count, plain
from course.room.lines import LONGEST, SETTLED, Line, Lines
from course.room.script import Question, Script

LONGEST_TIMER: Final = 180


@dataclass
class Standing:
    """Where one question stands."""

    taking: str = "new"
    """“new”, “open” or “closed”."""
    is_shown: bool = False


@dataclass
class State:
    """What the facilitator has done, as it is kept."""

    step: str
    questions: dict[str, Standing] = field(default_factory=dict)
    boundaries: dict[str, dict[str, str]] = field(default_factory=dict)
    timer_ends: float = 0.0
    timer_of: int = 0
    is_closed: bool = False
    let_in: str = ""
    """The address at which phones were last let in."""
    paper: dict[str, dict[str, int]] = field(default_factory=dict)

    @classmethod
    def recalled(cls, kept: Mapping[str, Any]) -> State:
        """Return what was kept."""
        questions = {slug: Standing(**standing) for slug, standing in kept["questions"].items()}
        return cls(**{**kept, "questions": questions})


Reply = tuple[int, Answer | None]
"""A phone's latest revision of one part, and its answer."""


class Live:
    """One room's rules and counts."""

    def __init__(self, script: Script, wall_key: bytes, state: State | None = None) -> None:
        self.script = script
        self._wall_key = wall_key
        self._walls: dict[str, Wall] = {}
        self.state = state or State(script.steps[0].slug)
        self.people: set[str] = set()
        self.lines = Lines()
        self.counts: dict[str, LiveQuestion] = {}
        self._replies: dict[str, dict[str, Reply]] = {}
        self._last: dict[str, dict[str, Any]] = {}
        self._pictured: dict[str, dict[str, Any]] = {}
        self._acts: dict[str, Callable[[Mapping[str, Any], float], list[Line]]] = {
            "step": self._go, "open": self._open, "close": self._close, "reveal": self._reveal, "undo": self._undo,
            "approve": self._judge, "hide": self._judge, "wait": self._judge, "group": self._group,
            "ungroup": self._ungroup, "settle": self._settle, "park": self._park, "boundary": self._boundary,
            "timer": self._timer,
        }  # fmt: skip

    # What phones do

    def expect(self, part: object, number: object, given: object) -> tuple[Question, str, int, Answer | None]:
        """Return what to write for a phone's answer, or raise RoomRefused."""
        question = self.find(part)
        if not isinstance(part, str) or question is None:
            raise refused("no-question", 404)
        if self.state.is_closed:
            raise refused("room-closed", 410)
        if self.standing(question.slug).taking != "open":
            raise refused("not-open", 409)
        return question, part, revision(number), check(question, given)

    def answered(self, part: str, person: str, number: int, answer: Answer | None) -> int:
        """Take in an answer that is on disk; return the revision that counts."""
        question, replies = self.find(part), self._replies.setdefault(part, {})
        known = replies.get(person, (0, None))[0]
        if question is None or number <= known:
            return known
        replies[person] = (number, answer)
        self.people.add(person)
        if question.is_written:
            before = self.lines.by(part, person)
            if before:
                self._wall(question).undo(before.line)
            self.lines.put(part, person, number, answer)
        else:
            self.count(part, question).take(person, counted(answer))
        return number

    def mine(self, person: str) -> dict[str, dict[str, Any]]:
        """Return one phone's own answers by part."""
        return {
            part: {"revision": replies[person][0], "answer": replies[person][1]}
            for part, replies in self._replies.items()
            if person in replies
        }

    def revision(self, part: str, person: str) -> int:
        """Return the latest revision that a phone has given of one part."""
        return self._replies.get(part, {}).get(person, (0, None))[0]

    def answered_by(self, question: Question) -> int:
        """Return how many phones have answered or passed some part of a question, in steps of five."""
        given = [self._replies.get(part, {}) for part in self.parts(question)]
        return by_fives(len({person for replies in given for person in replies}))

    # What there is

    def standing(self, slug: str) -> Standing:
        """Return where a question stands."""
        return self.state.questions.setdefault(slug, Standing())

    def find(self, part: object) -> Question | None:
        """Return the question that a part belongs to, or None where the room has no such part."""
        question = self.script.question(part.partition(".")[0]) if isinstance(part, str) else None
        return question if question and part in self.parts(question) else None

    def parts(self, question: Question) -> tuple[str, ...]:
        """Return the parts of a question, those of `sort` as the room has them."""
        if question.kind != "sort":
            return question.parts()
        return tuple(f"{question.slug}.{line.line}" for line in self.lines.heads(question.source))

    def count(self, part: str, question: Question) -> LiveQuestion:
        """Return the count of one part; of a question asked again, it goes on from the first time."""
        if part not in self.counts:
            earlier = self.script.question(question.same_as)
            before = part.replace(question.slug, question.same_as, 1) if earlier else ""
            after = self.count(before, earlier) if earlier and before in self.parts(earlier) else None
            self.counts[part] = new_count(question, after)
            if self.standing(question.slug).taking == "closed":
                self.counts[part].close()
        return self.counts[part]

    def on_the_wire(self, part: str, question: Question) -> dict[str, Any] | None:
        """Return what may be sent of one part's count, as plain data."""
        return self._last[part] if part in self._last else plain(self.count(part, question).on_the_wire)

    def kept_state(self) -> dict[str, Any]:
        """Return what the facilitator has done, as plain data."""
        return asdict(self.state)

    def recall(
        self,
        people: set[str],
        answers: Sequence[tuple[str, str, int, Answer | None]],
        about: Sequence[Mapping[str, Any]],
    ) -> None:
        """Take back in what the store has of people, answers and lines."""
        self.people = people
        for part, person, number, answer in answers:
            question = self.script.question(part.partition(".")[0])
            if question:
                self._replies.setdefault(part, {})[person] = (number, answer)
                if question.is_written:
                    self.lines.put(part, person, number, answer)
        for line in about:
            self.lines.recall(line, *self._replies.get(line["question"], {}).get(line["person"], (None, None)))

    def forget_people(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Forget who answered; return what is kept: the approved lines by their names, and what was shown by part."""
        wires = {part: plain(count.on_the_wire) for part, count in self.counts.items()}
        self._last |= {part: wire for part, wire in wires.items() if wire}
        self._replies.clear()
        self.counts.clear()
        self._pictured.clear()
        self.people = {str(number) for number in range(by_fives(len(self.people)))}
        kept = self.lines.forget_people()
        self._walls.clear()
        self.hang_again()
        return kept, self._last

    def new_pictures(self) -> dict[str, dict[str, Any]]:
        """Return whose answers are in each picture that has grown, to be kept before the picture is sent.

        They are kept until the room closes, so that after a restart no later picture differs from an earlier one
        by fewer people than the rules allow.
        """
        for question in self.script.questions():
            if self.standing(question.slug).is_shown and not question.is_written:
                for part in self.parts(question):
                    self.count(part, question).update()
        shown = {part: dict(count.shown) for part, count in self.counts.items() if count.shown}
        new = {part: answers for part, answers in shown.items() if self._pictured.get(part) != answers}
        return new

    def pictures_kept(self, new: Mapping[str, dict[str, Any]]) -> None:
        """Note that these pictures are on disk."""
        self._pictured |= new

    def count_again(self, kept: Mapping[str, Any]) -> None:
        """Count what the store had, going on from the pictures that were seen."""
        if self.state.is_closed:
            self._last = dict(kept)
            return
        for question in self.script.questions():
            known = sorted({*self._replies, *kept, *self.state.paper}) if not question.is_written else []
            for part in (part for part in known if part.partition(".")[0] == question.slug):
                count, standing = self.count(part, question), self.standing(question.slug)
                count.reopen()
                for person, answer in self._answers(part).items():
                    count.take(person, answer)
                is_open = standing.taking != "closed"
                ever = self._replies.get(part, {})
                count.resume(kept.get(part, {}), ever, is_open=is_open, is_revealed=standing.is_shown)
        self._pictured = dict(kept)

    def _answers(self, part: str) -> dict[str, Any]:
        """Return what is counted of one part: phones and cards."""
        given = {person: counted(answer) for person, (_, answer) in self._replies.get(part, {}).items()}
        return {person: answer for person, answer in {**given, **self._cards(part)}.items() if answer is not None}

    def put_paper(self, tally: Mapping[str, Mapping[str, int]]) -> None:
        """Count the cards of those who took part on paper, in place of earlier tallies of the same parts."""
        if self.state.is_closed:
            raise refused("room-closed", 410)
        for part in tally:
            question = self.find(part)
            if question is None or self.standing(question.slug).taking == "closed":
                raise refused("not-open", 409)
        for part, counts in tally.items():
            question = self.find(part)
            if question:
                count = self.count(part, question)
                for card in self._cards(part):
                    count.take(card, None)
                self.state.paper[part] = dict(counts)
                for card, answer in self._cards(part).items():
                    count.take(card, counted(answer))

    def _cards(self, part: str) -> dict[str, Answer]:
        """Return each card of a part by a name of its own."""
        tally = self.state.paper.get(part, {})
        answers = [int(one) if one.isdecimal() else one for one, number in sorted(tally.items()) for _ in range(number)]
        return {f"paper {number}": answer for number, answer in enumerate(answers)}

    def wall(self, question: Question) -> list[Line]:
        """Return the approved lines that may be shown, in their shuffled order."""
        heads = {line.line: line for line in self.lines.heads(question.slug)}
        return [heads[name] for name in self._wall(question).on_the_wire if name in heads]

    def alike(self, head: Line) -> list[Line]:
        """Return the approved lines that one stands for, as far as they may be shown."""
        return [line for line in self.lines.like(head) if line.standing == "approved" and line.is_seen]

    def newly_seen(self) -> list[Line]:
        """Return the lines that are on a wall now and were not before; it is kept that they were."""
        shown = {name for wall in self._walls.values() for name in wall.on_the_wire}
        lines = [line for line in self.lines.every() if line.line in shown and not line.is_seen]
        for line in lines:
            line.is_seen = True
        return lines

    def hang_again(self) -> None:
        """Hang up what the store had: what was on the wall together, then what waited."""
        for is_seen in (True, False):
            for line in self.lines.every():
                question = self.script.question(line.question)
                if question and line.standing == "approved" and line.is_seen is is_seen:
                    self._wall(question).approve(line.line, line.person)
            for wall in self._walls.values() if is_seen else ():
                wall.close()

    def _wall(self, question: Question) -> Wall:
        if question.slug not in self._walls:
            self._walls[question.slug] = Wall(self._wall_key)
        return self._walls[question.slug]

    # What the facilitator does

    def act(self, name: str, given: Mapping[str, Any], now: float) -> list[Line]:
        """Do one thing on the console; return the lines that changed, or raise RoomRefused."""
        if self.state.is_closed:
            raise refused("room-closed", 410)
        try:
            return self._acts[name](given, now)
        except KeyError:
            raise refused("no-act") from None

    def knows(self, name: object) -> bool:
        """Say whether there is such an act."""
        return name in self._acts

    def _go(self, given: Mapping[str, Any], now: float) -> list[Line]:
        step = self.script.step(str(given["step"]))
        if step is None:
            raise refused("no-act")
        self.state.step = step.slug
        self.state.timer_ends, self.state.timer_of = 0.0, 0
        return []

    def _open(self, given: Mapping[str, Any], now: float) -> list[Line]:
        question, standing = self._asked(given)
        if standing.taking == "closed":
            for part in () if question.is_written else self.parts(question):
                self.count(part, question).reopen()
        standing.taking = "open"
        return []

    def _close(self, given: Mapping[str, Any], now: float) -> list[Line]:
        question, standing = self._asked(given)
        if standing.taking != "new":
            standing.taking = "closed"
            self._wall(question).close()
            for part in () if question.is_written else self.parts(question):
                self.count(part, question).close()
        return []

    def _reveal(self, given: Mapping[str, Any], now: float) -> list[Line]:
        question, standing = self._asked(given)
        standing.is_shown = True
        if standing.taking == "closed":
            self._wall(question).close()
        for part in () if question.is_written else self.parts(question):
            self.count(part, question).reveal()
        return []

    def _undo(self, given: Mapping[str, Any], now: float) -> list[Line]:
        question, standing = self._asked(given)
        standing.is_shown = False
        for part in () if question.is_written else self.parts(question):
            self.count(part, question).undo()
        return []

    def _judge(self, given: Mapping[str, Any], now: float) -> list[Line]:
        line = self._line(given)
        line.standing = {"approve": "approved", "hide": "hidden", "wait": "waiting"}[given["act"]]
        question = self.script.question(line.question)
        if question and line.standing == "approved":
            self._wall(question).approve(line.line, line.person)
        elif question:
            self._wall(question).undo(line.line)
        return [line]

    def _group(self, given: Mapping[str, Any], now: float) -> list[Line]:
        return self.lines.group(_names(given))

    def _ungroup(self, given: Mapping[str, Any], now: float) -> list[Line]:
        return self.lines.ungroup(_names(given))

    def _settle(self, given: Mapping[str, Any], now: float) -> list[Line]:
        line = self._line(given)
        if given["to"] not in SETTLED:
            raise refused("no-act")
        line.settled = given["to"]
        return [line]

    def _park(self, given: Mapping[str, Any], now: float) -> list[Line]:
        line = self._line(given)
        for name in ("owner", "place", "date"):
            setattr(line, name, _typed(given.get(name, getattr(line, name))))
        line.settled = "park"
        return [line]

    def _boundary(self, given: Mapping[str, Any], now: float) -> list[Line]:
        question, _ = self._asked(given)
        drafts = {draft.slug: draft for draft in question.lines}
        if drafts[str(given["line"])].fixed:
            raise refused("fixed-line")
        self.state.boundaries.setdefault(question.slug, {})[str(given["line"])] = _typed(given["text"], 300)
        return []

    def _timer(self, given: Mapping[str, Any], now: float) -> list[Line]:
        minutes = int(given["minutes"]) if str(given["minutes"]).isdecimal() else -1
        if not 0 <= minutes <= LONGEST_TIMER:
            raise refused("no-act")
        self.state.timer_ends, self.state.timer_of = (now + 60 * minutes, 60 * minutes) if minutes else (0.0, 0)
        return []

    def _asked(self, given: Mapping[str, Any]) -> tuple[Question, Standing]:
        question = self.script.question(str(given["question"]))
        if question is None:
            raise refused("no-question", 404)
        return question, self.standing(question.slug)

    def _line(self, given: Mapping[str, Any]) -> Line:
        line = self.lines.find(str(given["line"]))
        if line is None:
            raise refused("line-changed", 409)
        return line


def _names(given: Mapping[str, Any]) -> list[str]:
    names = given["lines"]
    if not isinstance(names, list) or not 0 < len(names) <= 1000 or not all(isinstance(name, str) for name in names):
        raise refused("no-act")
    return names


def _typed(given: object, most: int = LONGEST) -> str:
    """Return what the facilitator typed, in one line."""
    text = " ".join(str(given).split()) if isinstance(given, str) else ""
    if len(text) > most:
        raise refused("too-long", most=most)
    return text
