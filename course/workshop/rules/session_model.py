"""The rules of one session: what phones may answer, and what becomes of it. No input or output, no clock.

It learns of an answer when the answer is on disk, and is asked before one is accepted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from course.privacy.admissions import Admissions
from course.workshop.errors import refused
from course.workshop.rules.answers import LatestAnswers, check_answer, check_revision
from course.workshop.rules.counts import SessionCounts, former_wordings
from course.workshop.rules.line_release import LineDelivery, Walls
from course.workshop.rules.lines import Line, Lines, StoredLine
from course.workshop.script.script import Script, ScriptQuestion
from course.workshop.view_parts import Shown
from course.workshop.wire import MOST_DAYS, Answer

PaperTally = Mapping[str, Mapping[str, int]]
"""How many paper cards have each answer, by part."""
StoredAnswer = tuple[str, str, int, Answer | None]
"""Part, pseudonym, revision and answer."""


@dataclass(frozen=True)
class StoredWayIn:
    """Where phones come in, as a session keeps it for a restart: the fields of `SessionState` of these names."""

    let_in: str
    port: int
    console_port: int
    reached: str
    shown_anyway: str


@dataclass
class QuestionState:
    """Where one question stands."""

    phase: str = "new"
    """“new”, “open” or “closed”."""
    is_shown: bool = False


@dataclass
class SessionState:
    """What the facilitator has done: step, questions, wording of boundaries, timer, and cards that were counted."""

    step: str
    questions: dict[str, QuestionState] = field(default_factory=dict)
    boundaries: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: dict[str, dict[str, str]] = field(default_factory=dict)
    """The wording of boundaries when their question was opened last: what votes are about."""
    wordings: dict[str, dict[str, int]] = field(default_factory=dict)
    """How often each boundary was put to the vote in other words than before: votes for former ones count apart."""
    refused: list[str] = field(default_factory=list)
    """The parts that may not be shown beside the first time they were asked."""
    timer_ends: float = 0.0
    timer_of: int = 0
    is_closed: bool = False
    made: float = 0.0
    """When the session was made, in seconds since 1970; a server that starts goes on with the latest."""
    joined: int = 0
    """How many had joined when the session closed, in steps of five."""
    is_shut: bool = False
    """Whether the facilitator lets no more phones join; those inside go on."""
    has_removed: bool = False
    """Whether the phones that joined last were removed, and none were let in since."""
    admissions: dict[str, list[str]] = field(default_factory=dict)
    """What `Admissions` stores: who was there before the door was last opened, and who was removed."""
    let_in: str = ""
    """The address at which phones were last let in."""
    port: int = 0
    """The port at which phones, or the proxy that they come through, look for the session."""
    console_port: int = 0
    """The port at which the facilitator's browser does."""
    reached: str = ""
    """The start of the addresses there, if a phone is known to have reached it."""
    shown_anyway: str = ""
    """The same, if the screen shows the way in before that."""
    keep_days: int = MOST_DAYS
    """For how many days what was shown is kept after the close, as it is read aloud; 0 for not at all."""
    group_size: int = 0
    """How many people are there, as the facilitator counts them; 0 while that is not known. No threshold uses it."""
    paper: dict[str, dict[str, int]] = field(default_factory=dict)
    earlier_paper: dict[str, list[dict[str, int]]] = field(default_factory=dict)
    """By part, the tallies that another one has replaced, in their order: those cards count as changed."""
    co_hosts: list[str] = field(default_factory=list)
    """The random names of the co-hosts whose phones are paired."""
    chosen: dict[str, list[str]] = field(default_factory=dict)
    """The lines that each `sort` question asks about, by name."""
    page: int = 0
    """The page of the screen that the console turned to, from 1; 0 for the first one of what came last."""
    page_of: str = ""
    """What came last: a question, “boundaries” or “parked”; empty for the first page of the step."""
    facilitators: str = ""
    """The Hub's group whose members run the session; empty where the facilitator is whoever started the server."""

    @classmethod
    def from_store(cls, stored: Mapping[str, Any]) -> SessionState:
        """Return a state as it was stored; raises TypeError or KeyError where it cannot be read."""
        questions = {
            slug: QuestionState(phase=question["taking"], is_shown=question["is_shown"])
            for slug, question in stored["questions"].items()
        }
        return cls(**{**stored, "questions": questions})

    def to_store(self) -> dict[str, object]:
        """Return it as plain data, in the names that version 0.1.0 gave it."""
        questions = {
            slug: {"taking": state.phase, "is_shown": state.is_shown} for slug, state in self.questions.items()
        }
        return {**asdict(self), "questions": questions}

    def turn_to(self, about: str) -> None:
        """Have the screen show the first page of a question, of “boundaries” or “parked”; "" is the step's first."""
        self.page, self.page_of = 0, about

    def question(self, slug: str) -> QuestionState:
        """Return where a question stands."""
        return self.questions.setdefault(slug, QuestionState())


class SessionModel:
    """One session: its people, their answers, the counts of these, and the lines and walls."""

    def __init__(self, script: Script, wall_key: bytes, state: SessionState | None = None) -> None:
        self.script = script
        self.state = state or SessionState(script.steps[0].slug)
        self.people: set[str] = set()
        """The pseudonyms of all phones that ever joined."""
        self.admissions = Admissions(self.state.admissions)
        self.taken_back: dict[tuple[str, str], int] = {}
        """By part and pseudonym, the revision of what was taken back with a removed phone and is to be stored."""
        self.answers = LatestAnswers()
        self.lines = Lines(wall_key)
        self.walls = Walls(self.lines, wall_key, self.state.question)
        self.delivery = LineDelivery(self.lines, wall_key, self.state)
        self.counts = SessionCounts(script, self.state, self.answers, self.parts)

    # Questions

    def question_of(self, part: str) -> ScriptQuestion | None:
        """Return the question that a part belongs to or once did, or None."""
        return self.script.question(part.partition(".")[0])

    def find(self, part: object) -> ScriptQuestion | None:
        """Return the question that a part belongs to, or None where the session has no such part."""
        question = self.script.question(part.partition(".")[0]) if isinstance(part, str) else None
        return question if question and part in self.parts(question) else None

    def parts(self, question: ScriptQuestion) -> tuple[str, ...]:
        """Return the parts of a question, those of `sort` as the session has them, and boundaries as they read now."""
        if question.kind == "sort":
            return tuple(self.sorted_lines(question))
        if question.lines:
            return tuple(self.part_of_line(question, line.slug) for line in question.lines if not line.fixed)
        return question.parts()

    def part_of_line(self, question: ScriptQuestion, line: str) -> str:
        """Return the part by which phones answer to a boundary in the words that were put to the vote last."""
        number = self.state.wordings.get(question.slug, {}).get(line, 0)
        return f"{question.slug}.{line}.{number}" if number else f"{question.slug}.{line}"

    def former_parts(self, question: ScriptQuestion) -> list[str]:
        """Return the parts of boundaries that were put to the vote in other words since."""
        parts = [self.part_of_line(question, line.slug) for line in question.lines]
        return [former for part in parts for former in former_wordings(part)]

    def sorted_lines(self, question: ScriptQuestion) -> dict[str, Line]:
        """Return the lines that a question sorts, by part: those chosen for it that may be on the wall."""
        source, chosen = self.script.question(question.source), self.state.chosen.get(question.slug, [])
        lines = {line.name: line for line in self.walls.shown(source)} if source else {}
        return {f"{question.slug}.{name}": lines[name] for name in chosen if name in lines}

    def wording(self, question: ScriptQuestion) -> dict[str, str]:
        """Return the boundaries of a question as they read now, by line."""
        reworded = self.state.boundaries.get(question.slug, {})
        return {draft.slug: reworded.get(draft.slug, draft.text) for draft in question.lines}

    def reworded(self, question: ScriptQuestion) -> list[str]:
        """Return the boundaries of a question that read in another way than people voted on."""
        wording, asked = self.wording(question), self.state.asked.get(question.slug, {})
        return [line for line in asked if asked[line] != wording[line]]

    def ask_wording(self, question: ScriptQuestion) -> None:
        """Have people vote on the boundaries of a question as they read now, and anew on those that are reworded."""
        for line in self.reworded(question):
            numbers = self.state.wordings.setdefault(question.slug, {})
            numbers[line] = numbers.get(line, 0) + 1
        self.state.asked[question.slug] = self.wording(question)

    def _is_former(self, part: object) -> bool:
        question = self.question_of(part) if isinstance(part, str) else None
        return question is not None and part in self.former_parts(question)

    def choose_lines(self, question: ScriptQuestion) -> None:
        """Choose the lines that a question sorts; those once chosen stay while they are on the wall."""
        self.state.chosen[question.slug] = self.lines_to_sort(question)

    def lines_to_sort(self, question: ScriptQuestion) -> list[str]:
        """Return the lines that a question sorts, by name: what most people wrote, of what is not settled yet.

        Lines once chosen come first, so that nobody's answer is about a line that is gone.
        """
        source = self.script.question(question.source)
        if source is None:
            return []
        chosen = [line.name for line in self.sorted_lines(question).values()]
        unsettled = [line for line in self.walls.shown(source) if not line.settled and line.name not in chosen]
        unsettled.sort(key=lambda line: -self.walls.writers(line))
        return [*chosen, *(line.name for line in unsettled)][: question.most]

    def check_nothing_aside(self) -> None:
        """Refuse to let everything go while a line is kept aside that the facilitator has not copied."""
        if any(line.status == "aside" for line in self.lines.every()):
            raise refused("kept-aside", 409)

    def merge_equal_lines(self) -> list[Line]:
        """Show approved lines that say the same as one; return those that changed. Lines that are sorted stay."""
        return self.lines.merge_equal({name for chosen in self.state.chosen.values() for name in chosen})

    @property
    def joined(self) -> int:
        """How many phones have joined and were not removed by five or more, in steps of five."""
        return self.state.joined or self.admissions.rounded_number(self.people)

    def answered_count(self, question: ScriptQuestion) -> int:
        """Return how many phones have answered or passed some part of a question, in steps of five."""
        return self.answers.people(self.parts(question))

    # Answers

    def checked_answer(
        self, part: object, revision: object, value: object
    ) -> tuple[ScriptQuestion, str, int, Answer | None]:
        """Return question, part, revision and answer as they are stored, or raise SessionRefused."""
        question = self.find(part)
        if not isinstance(part, str) or question is None:
            raise refused("reworded", 409) if self._is_former(part) else refused("no-question", 404)
        if self.state.is_closed:
            raise refused("closed", 410)
        if self.state.question(question.slug).phase != "open":
            raise refused("not-open", 409)
        return question, part, check_revision(revision), check_answer(question, value)

    def record_answer(self, part: str, person: str, revision: int, answer: Answer | None) -> int:
        """Take in an answer that is on disk; return the revision that counts."""
        question = self.question_of(part)
        if question and self.answers.put(part, person, revision, answer):
            self.people.add(person)
            if question.is_written:
                self._record_line(part, person, revision, answer)
            else:
                self.counts.count(part, question, person, revision, answer)
        return self.answers.revision(part, person)

    def take_back(self, part: str, person: str, revision: int) -> None:
        """Take back an answer that leaves with a removed phone; of an answer that is counted, its count knows that."""
        question = self.question_of(part)
        if question and self.answers.put(part, person, revision, None):
            self.taken_back[part, person] = revision
            if question.is_written:
                self._record_line(part, person, revision, None)

    def admit_again(self, person: str) -> None:
        """Let a removed phone in again, as the same one as before."""
        self.admissions.admit_again(person)
        self.state.admissions = self.admissions.to_store()

    def open_door(self) -> None:
        """Let phones join again; those that do are a group of their own."""
        if self.state.is_shut:
            self.admissions.open(self.people)
            self.state.admissions = self.admissions.to_store()
            self.state.is_shut = self.state.has_removed = False

    def _record_line(self, part: str, person: str, revision: int, answer: Answer | None) -> None:
        before = self.lines.by(part, person)
        if before and not before.is_seen:
            self.walls.take_down(before)
        self.lines.put(part, person, revision, answer)

    def put_paper(self, tally: PaperTally) -> None:
        """Count the cards of those who took part on paper, in place of earlier tallies of the same parts."""
        if self.state.is_closed:
            raise refused("closed", 410)
        questions = {part: self.question_of(part) for part in tally}
        changed = {part for part in tally if _without_zeros(tally[part]) != _without_zeros(self._paper(part))}
        for part, question in questions.items():
            if question and part in changed and self._is_former(part):
                raise refused("cards-reworded", 409, part=part)
            if question and part in changed and self.state.question(question.slug).phase == "closed":
                raise refused("cards-closed", 409, question=question.prompt)
        for part, question in questions.items():
            if question and part in changed:
                self.counts.put_paper(question, part, tally[part])

    def _paper(self, part: str) -> Mapping[str, int]:
        return self.state.paper.get(part, {})

    # Restart and end

    def restore(
        self,
        people: set[str],
        answers: Sequence[StoredAnswer],
        lines: Sequence[StoredLine],
        totals: Mapping[str, Any],
    ) -> None:
        """Take back in what the store has of people, answers, lines, and pictures or what is left of them."""
        self.people = people
        for part, person, revision, answer in answers:
            question = self.question_of(part)
            if question:
                self.answers.put(part, person, revision, answer)
                if question.is_written:
                    self.lines.put(part, person, revision, answer)
        for line in lines:
            self.lines.restore(line, *self.answers.of(line["question"]).get(line["person"], (None, None)))
        self.walls.rebuild()
        if self.state.is_closed:
            self.counts.restore_closed(totals)
        else:
            self.counts.recount(totals)

    def forget_people(self) -> tuple[dict[str, StoredLine], dict[str, Shown]]:
        """Forget who answered, and all that was not shown.

        Returns what stays of what was on the screen: the approved lines by their names, and the pictures by part.
        """
        totals = self.counts.forget_people()
        self.answers.forget()
        self.state.joined = self.joined
        self.state.paper, self.state.earlier_paper = {}, {}
        self.state.group_size = 0
        self.state.admissions, self.admissions = {}, Admissions()
        self.people = set()
        published = self.walls.published()
        lines = self.lines.forget_people({line.name for line in self.lines.every() if line.is_seen} & published)
        self.walls.rebuild()
        return lines, totals


def _without_zeros(tally: Mapping[str, int]) -> dict[str, int]:
    """Return the answers of a tally that anyone gave."""
    return {answer: count for answer, count in tally.items() if count}
