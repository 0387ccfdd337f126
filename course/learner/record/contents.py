"""What stands in a record: its sections, from what was done and from what the learner chose and filled in.

Their own words can go into it, each piece only if they choose it. Which cards these come from, `lessons.toml` says:
`learned` and `changed` of each lesson, and its plans.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from course.charts.chart import Chart
from course.content import all_of, read_day, say_day, words
from course.content.lessons import Lesson, follow_up, lessons
from course.core import moments
from course.learner.journal.entries import JournalEntry, journal_page
from course.learner.record.completion import Completion, read_hours
from course.records.journal import Journal

CHARTS: Final = "charts"
"""The name of the piece that has what the charts say."""
_LONGEST_BEGINNING: Final = 160
"""The most characters by which a piece is known where it is chosen."""

Part = Literal["learned", "changed"]
"""The part of a record that a piece belongs to."""


@dataclass(frozen=True)
class RecordPiece:
    """What a learner wrote on one card, or what the charts say."""

    name: str
    """Where it is from, such as `trust-plan/one-sentence`."""
    part: Part
    label: str
    """What was asked, and in which lesson."""
    text: str = field(repr=False)

    @property
    def beginning(self) -> str:
        """The first words of its text, on one line."""
        return textwrap.shorten(self.text, _LONGEST_BEGINNING, placeholder=f" {words('card.gap')}")


def record_pieces(journal: Journal) -> list[RecordPiece]:
    """Return what there is to choose from, in the order of the course. What the charts say is the last, without text.

    It is there once anything was rated. `chart_text` gives its text, which takes longer to make.
    """
    pieces = [piece for lesson in (*lessons(), follow_up()) for piece in _pieces_of(lesson, journal)]
    if any(rating.habits or rating.pulse for rating in journal.ratings()):
        pieces.append(RecordPiece(CHARTS, "changed", words("record.charts"), ""))
    return pieces


def chart_text(charts: Sequence[Chart]) -> str:
    """Return what charts say that have something to show, a line for each."""
    return "\n".join(f"{chart.title} {chart.alt}" for chart in charts if chart.table is not None)


def _pieces_of(lesson: Lesson, journal: Journal) -> Iterator[RecordPiece]:
    entries = {entry.key: entry for entry in journal_page(journal, lesson.key).entries}
    parts: dict[Part, tuple[str, ...]] = {"learned": lesson.learned, "changed": (*lesson.plans, *lesson.changed)}
    for part, keys in parts.items():
        for entry in (entries[key] for key in keys if key in entries):
            question, text = _as_text(entry)
            label = words("record.piece", lesson=lesson.title, question=question)
            yield RecordPiece(f"{lesson.key}/{entry.key}", part, label, text)


def _as_text(entry: JournalEntry) -> tuple[str, str]:
    """Return what was asked, and what was answered as one text."""
    if len(entry.lines) == 1 and not entry.question:
        return entry.lines[0]
    return entry.question, "\n".join(f"{asked}: {answer}" for asked, answer in entry.lines)


CODE: Final = ("people", "practise", "safety", "trust")
"""The four parts of the Code of the Nursing and Midwifery Council, as `record.code-…` names them."""
_TEXTS: Final = ("name", "first", "last", "hours", "with-others", "learned", "changed", "practice")


@dataclass(frozen=True)
class RecordChoices:
    """What a learner chose and filled in. Nothing of it is stored."""

    texts: Mapping[str, str] = field(default_factory=dict, repr=False)
    """By field: `name`, the days `first` and `last`, `hours`, `with-others`, and own words on `learned`, `changed` and
    `practice`."""
    code: tuple[str, ...] = ()
    """Which parts of the Code it fits."""
    pieces: frozenset[str] = frozenset()
    """The names of the chosen pieces."""

    def text(self, name: str) -> str:
        """Return what stands in a field, or an empty text."""
        return self.texts.get(name, "").strip()

    @property
    def problem(self) -> tuple[str, str]:
        """The field that cannot be used, and what to do about it in words; two empty texts where there is none."""
        hours, shared = (read_hours(self.text(name)) for name in ("hours", "with-others"))
        for name, number in (("hours", hours), ("with-others", shared)):
            if self.text(name) and number is None:
                return name, words("record.bad-hours")
        if shared is not None and hours is not None and shared > hours:
            return "with-others", words("record.too-many-hours")
        first, last = (read_day(self.text(name)) for name in ("first", "last"))
        return ("last", words("record.bad-days")) if first and last and first > last else ("", "")


def read_choices(sent: object) -> RecordChoices:
    """Return the choices in what a browser sent; what is no choice is left out."""
    sent = sent if isinstance(sent, dict) else {}
    texts = {name: sent[name] for name in _TEXTS if isinstance(sent.get(name), str)}
    code, pieces = (_names(sent.get(name)) for name in ("code", "pieces"))
    return RecordChoices(texts, tuple(name for name in CODE if name in code), frozenset(pieces))


def _names(sent: object) -> list[str]:
    return [name for name in sent if isinstance(name, str)] if isinstance(sent, list) else []


@dataclass(frozen=True)
class RecordSection:
    """A part of a record under a heading."""

    heading: str
    facts: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """Pairs of a label and what is said of it; an empty text is a place to fill in."""
    rows: tuple[tuple[str, ...], ...] = ()
    """The rows of a table, that of its headings first; empty where there is none."""


def record_sections(
    done: Completion,
    pieces: Sequence[RecordPiece],
    choices: RecordChoices,
    text_of: Callable[[RecordPiece], str] = lambda piece: piece.text,
) -> list[RecordSection]:
    """Return the sections of a record. `text_of` gives the text of a chosen piece."""
    chosen = [piece for piece in pieces if piece.name in choices.pieces]
    return [
        RecordSection(words("record.what"), _what(done, choices)),
        RecordSection(words("record.lessons"), _unread(done), _table(done)),
        *(
            RecordSection(words(f"record.{part}"), _own_words(part, chosen, choices, text_of))
            for part in ("learned", "changed")
        ),
        RecordSection(
            words("record.practice"),
            (
                (words("record.fits-work"), choices.text("practice")),
                (words("record.code"), all_of(words(f"record.code-{name}") for name in choices.code)),
                (words("record.evidence"), ""),
            ),
        ),
    ]


def _what(done: Completion, choices: RecordChoices) -> tuple[tuple[str, str], ...]:
    hours, shared = choices.text("hours"), choices.text("with-others")
    reckoned = words("record.reckoned", minutes=done.minutes, hours=done.hours)
    is_own = read_hours(hours) != read_hours(done.hours)
    days = [read_day(choices.text(name)) for name in ("first", "last")]
    first, last = (say_day(day) if day else "" for day in days)
    between = words("record.between", first=first, last=last) if first and last and first != last else first or last
    return (
        (words("record.name"), choices.text("name")),
        (words("record.topic"), words("record.topic-said")),
        (words("record.method"), words("record.method-said")),
        (words("record.days"), between),
        (words("record.hours"), hours),
        (words("record.with-others"), shared),
        (words("record.how-reckoned"), f"{reckoned} {words('record.own-hours')}" if hours and is_own else reckoned),
        (words("record.made"), say_day(moments.today())),
    )


def _unread(done: Completion) -> tuple[tuple[str, str], ...]:
    return tuple((work.lesson.title, f"{words('record.unread')} {work.problem}") for work in done.works if work.problem)


def _table(done: Completion) -> tuple[tuple[str, ...], ...]:
    head = tuple(words(f"record.column-{name}") for name in ("lesson", "activities", "minutes"))
    rows = [
        (work.lesson.title, words("record.of", answered=work.answered, total=work.total), str(work.minutes))
        for work in done.works
        if not work.problem
    ]
    total = (words("record.all"), str(done.answered), str(done.minutes))
    return (head, *rows, total)


def _own_words(
    part: Part, chosen: Sequence[RecordPiece], choices: RecordChoices, text_of: Callable[[RecordPiece], str]
) -> tuple[tuple[str, str], ...]:
    """Return the chosen pieces of a part and what was written for it, or one place to fill in."""
    facts = [(piece.label, text_of(piece)) for piece in chosen if piece.part == part]
    own = choices.text(part)
    return (*facts, (words(f"record.own-{part}"), own)) if own or not facts else tuple(facts)
