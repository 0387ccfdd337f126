"""What people wrote: lines that the facilitator looks at before anyone else, and which of them say the same."""

from __future__ import annotations

import secrets
import unicodedata
from collections import defaultdict
from collections.abc import Container, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from course.workshop.access.tokens import seal
from course.workshop.wire import Answer

SETTLED: Final = ("", "ours", "park", "now")
LONGEST_FIELD: Final = 120
"""The longest owner, place or date, in letters."""
_NAME_LENGTH: Final = 16


StoredLine = dict[str, Any]
"""A line as the store has it, in JSON: its `line` (name), `standing` (status) and the other fields of `Line`, and its
`words` where its writer's answer is another one by now."""
LineKey = tuple[str, ...]
"""What is left of a line's words, by field: the same for lines that say the same."""
APOSTROPHES: Final = "'\N{RIGHT SINGLE QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}\N{MODIFIER LETTER APOSTROPHE}"
MEANT: Final = "%&#@"
"""Punctuation by Unicode, and words by their meaning."""


@dataclass
class Line:
    """One written line. Its name changes with its words, so that what is approved is what was read."""

    question: str
    person: str
    revision: int
    name: str
    status: str = "waiting"
    """“waiting”, “approved”, “hidden”, or “aside” until the facilitator has copied it."""
    head: str = ""
    """The line that stands for this one among similar lines, if it is not itself."""
    is_apart: bool = False
    """Whether the facilitator showed it apart: then it is merged with equal lines no more."""
    settled: str = ""
    owner: str = ""
    place: str = ""
    date: str = ""
    group: int = 0
    """The group of people with whose lines its wall may show it; 0 while it waits for one."""
    is_seen: bool = False
    """Whether it was on the screen: then it stays there when its writer writes anew."""
    batch: int = 0
    """With which batch of its question it came to the console; 0 while it waits for one."""
    came: float = 0.0
    """When that was, in seconds since 1970, to the minute."""
    is_replaced: bool = False
    """Whether its writer has written anew or taken it back, and the console does not show that yet."""

    @property
    def stays(self) -> bool:
        """Whether it is left as it is when its writer writes anew."""
        return self.is_seen or self.status == "aside"

    def to_store(self) -> StoredLine:
        """Return all that is stored of it besides its words, which are in its answer."""
        stored = asdict(self)
        stored["line"], stored["standing"] = stored.pop("name"), stored.pop("status")
        return stored

    @classmethod
    def from_store(cls, stored: Mapping[str, Any]) -> Line:
        """Return a line as it was stored; raises TypeError or KeyError where it cannot be read."""
        about = {key: value for key, value in stored.items() if key not in ("line", "standing", "words")}
        about.setdefault("batch", 1)  # before there were batches, the console had every line
        return cls(**about, name=stored["line"], status=stored["standing"])


class Lines:
    """The written lines of one session, at most one a question and person.

    `key` is the session's own: the names of lines are made with it, so that a line has the same one after a restart.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._lines: dict[str, Line] = {}
        self._names: dict[tuple[str, str], str] = {}
        self._words: dict[str, Answer] = {}
        self._keys: dict[str, LineKey] = {}
        self._in_order: list[Line] = []
        """All lines by their names, and `_in_order_of` those of each question, until one comes or goes."""
        self._in_order_of: dict[str, list[Line]] = {}
        self._under: dict[str, list[Line]] | None = None
        """By the name of a line, those that it stands for; None until it is asked for again after a change."""

    def put(self, question: str, person: str, revision: int, words: Answer | None) -> Line | None:
        """Take in what a person wrote, or that they took it back; the line before it is gone, if nobody has seen it."""
        self._drop(question, person)
        if words is None or words == {"show": False}:
            return None
        line = Line(question, person, revision, self._name(question, person, revision))
        self._add(line, words)
        return line

    def restore(self, stored: StoredLine, revision: int | None, words: Answer | None) -> None:
        """Take back in what was stored about a line, unless its words have changed since."""
        line, own_words = Line.from_store(stored), stored.get("words")
        if own_words is not None:
            self._keep(line, own_words)
        elif words is not None and line.revision == revision:
            self._drop(line.question, line.person)
            self._add(line, words)

    def forget_people(self, shown: Container[str]) -> dict[str, StoredLine]:
        """Forget who wrote what, and all that is not shown; return the rest as it is stored, words and all."""
        shown_lines = [line for line in self.every() if line.name in shown]
        words = {line.name: self._words[line.name] for line in shown_lines}
        for former in (self._lines, self._names, self._words, self._keys):
            former.clear()
        self._forget_order()
        writers: dict[tuple[str, str], str] = defaultdict(lambda: secrets.token_hex(8))
        for line in shown_lines:  # who is twice among lines that say the same is still counted once
            line.person, line.revision = writers[line.head or line.name, line.person], 0
            self._add(line, words[line.name])
        return {line.name: self.with_words(line) for line in shown_lines}

    def by(self, question: str, person: str) -> Line | None:
        """Return what someone wrote, or None."""
        return self._lines.get(self._names.get((question, person), ""))

    def find(self, name: str) -> Line | None:
        """Return the line of that name, or None if it has changed or never was."""
        return self._lines.get(name)

    def words(self, line: Line) -> Answer:
        """Return the words of a line, by field where its question has fields."""
        return self._words[line.name]

    def to_store(self, line: Line) -> StoredLine:
        """Return a line as it is stored: with its words once its writer's answer is another one."""
        is_left = self._names.get((line.question, line.person)) != line.name
        return self.with_words(line) if is_left and line.name in self._words else line.to_store()

    def with_words(self, line: Line) -> StoredLine:
        """Return a line as it is stored when its writer's answer is another one."""
        return {**line.to_store(), "words": self._words[line.name]}

    def once_replaced(self, line: Line) -> StoredLine:
        """Return a line as it is stored when its writer's answer becomes another one."""
        return {**self.with_words(line), "is_replaced": not line.stays}

    def of(self, question: str) -> list[Line]:
        """Return the lines of a question in an order that says nothing of when they came."""
        return [line for line in self._ordered(question) if not line.is_replaced]

    def every(self) -> list[Line]:
        """Return all lines as they are now, in an order that says nothing of when they came."""
        return [line for line in self._all_ordered() if not line.is_replaced]

    def delivered(self, question: str) -> list[Line]:
        """Return the lines of a question that the console has, as its latest batch left them: in order of batches."""
        lines = [line for line in self._lines.values() if line.question == question and line.batch]
        return sorted(lines, key=lambda line: (line.batch, line.name))

    def undelivered(self) -> dict[str, set[str]]:
        """Return for each question who has written anew or taken a line back since their latest batch."""
        writers: dict[str, set[str]] = defaultdict(set)
        for line in self._lines.values():
            if line.is_replaced or not line.batch:
                writers[line.question].add(line.person)
        return writers

    def deliver(self, question: str, writers: Container[str], came: float) -> list[Line]:
        """Bring the lines of these people to the console as one batch; return the lines that changed or are gone."""
        lines = [line for line in self._lines.values() if line.question == question]
        batch = 1 + max((line.batch for line in lines), default=0)
        changed = [line for line in lines if line.person in writers and (line.is_replaced or not line.batch)]
        for line in changed:
            if line.is_replaced:
                self._delete(line.name)
            else:
                line.batch, line.came = batch, came - came % 60
        return changed

    def heads(self, question: str) -> list[Line]:
        """Return the approved lines that stand for themselves and those like them."""
        return [line for line in self.of(question) if line.status == "approved" and not self._is_under(line)]

    def like(self, head: Line) -> list[Line]:
        """Return the lines that another stands for."""
        if self._under is None:
            under: defaultdict[str, list[Line]] = defaultdict(list)
            for line in self._all_ordered():
                if line.head:
                    under[line.head].append(line)
            self._under = dict(under)
        under_head = self._under.get(head.name, ())
        return [line for line in under_head if line.question == head.question and not line.is_replaced]

    def key(self, line: Line) -> LineKey:
        """Return what is the same for lines that say the same."""
        return self._keys[line.name]

    def is_under(self, line: Line) -> bool:
        """Say whether an approved line stands for this one."""
        head = self._lines.get(line.head)
        return head is not None and head.status == "approved"

    def merge_equal(self, staying: Container[str]) -> list[Line]:
        """Let one approved line stand for all that say the same; return those that changed.

        Groups that the facilitator made stay, and so do lines that they showed apart. Of equal lines, one of `staying`
        stands for the others, else one that is settled or was seen.
        """
        heads = {line.head for line in self._lines.values() if line.head}
        equal: dict[tuple[str, LineKey], list[Line]] = defaultdict(list)
        for line in self.every():
            if line.status == "approved" and not line.is_apart:
                equal[line.question, self.key(line)].append(line)
        changed = []
        for same in equal.values():
            free = [line for line in same if line.name not in heads and self._lines.get(line.head) is None]
            grouped = [line for line in same if line not in free]
            if free and len(same) > 1:
                first = min(grouped or free, key=lambda line: _rank(line, staying))
                head = (grouped and first.head) or first.name
                changed += [line for line in free if line.name != head and line.head != head]
                for line in free:
                    line.head = head if line.name != head else ""
        self._under = None
        return changed

    def group(self, names: list[str]) -> list[Line]:
        """Let the first of similar lines stand for all; return those that changed."""
        lines = [self._lines[name] for name in dict.fromkeys(names) if name in self._lines]
        lines = [line for line in lines if line.question == lines[0].question]
        if len(lines) < 2:
            return []
        head, *similar = lines
        similar += [other for line in similar for other in self.like(line)]
        head.head, head.is_apart = "", False
        for line in similar:
            line.head, line.is_apart = head.name if line is not head else "", False
        self._under = None
        return [head, *similar]

    def ungroup(self, names: list[str]) -> list[Line]:
        """Let lines stand for themselves again; return those that changed."""
        lines = [self._lines[name] for name in names if name in self._lines]
        lines += [other for line in lines for other in self.like(line)]
        for line in lines:
            line.head, line.is_apart = "", True
        self._under = None
        return lines

    def _name(self, question: str, person: str, revision: int) -> str:
        """Return the name of a line, which tells nothing of who wrote it."""
        return seal(self._key, "line", f"{question} {person} {revision}")[:_NAME_LENGTH]

    def _is_under(self, line: Line) -> bool:
        return self.is_under(line) and self._lines[line.head].group > 0

    def _add(self, line: Line, words: Answer) -> None:
        self._keep(line, words)
        self._names[line.question, line.person] = line.name

    def _keep(self, line: Line, words: Answer) -> None:
        self._lines[line.name], self._words[line.name] = line, words
        self._keys[line.name] = line_key(words)
        self._forget_order()

    def _drop(self, question: str, person: str) -> None:
        """Let go of what someone wrote before, unless it stays; what the console has is there until the next batch."""
        line = self._lines.get(self._names.pop((question, person), ""))
        if line and not line.stays:
            line.is_replaced = line.batch > 0
            if not line.batch:
                self._delete(line.name)

    def _delete(self, name: str) -> None:
        del self._lines[name], self._words[name], self._keys[name]
        self._forget_order()

    def _forget_order(self) -> None:
        self._in_order, self._in_order_of, self._under = [], {}, None

    def _all_ordered(self) -> list[Line]:
        if not self._in_order:
            self._in_order = sorted(self._lines.values(), key=lambda line: line.name)
        return self._in_order

    def _ordered(self, question: str) -> list[Line]:
        """Return the lines of a question, also replaced ones: put in order once, however often each is looked at."""
        if not self._in_order_of:
            in_order_of: defaultdict[str, list[Line]] = defaultdict(list)
            for line in self._all_ordered():
                in_order_of[line.question].append(line)
            self._in_order_of = dict(in_order_of)
        return self._in_order_of.get(question, [])


def _rank(line: Line, staying: Container[str]) -> tuple[bool, bool, bool, bool, str]:
    """Return by what lines that say the same are ordered: the first stands for them."""
    return line.name not in staying, not line.settled, not line.is_seen, not line.group, line.name


# Lines that say the same: equal but for capitals, spaces, punctuation and the form that Unicode gives a letter


def line_key(words: Answer) -> LineKey:
    """Return what is the same for lines that say the same.

    >>> line_key("Don’t  RUSH us!") == line_key("don't rush us")
    True
    >>> line_key("👍") == line_key("👎")
    False
    """
    if isinstance(words, dict):
        return tuple(_text_key(text) for _, text in sorted(words.items()) if isinstance(text, str))
    return (_text_key(str(words)),)


def _text_key(text: str) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    plain = "".join(_plain(letter) for letter in folded if letter not in APOSTROPHES)
    return " ".join(plain.split()) or folded


def _plain(letter: str) -> str:
    """Return a letter, a space in place of punctuation, and nothing for what cannot be seen."""
    category = unicodedata.category(letter)
    if category == "Cf":
        return ""
    return " " if (category[0] in "PZ" or category == "Cc") and letter not in MEANT else letter
