"""Paper cards to print, for people who take part without a phone, and the tally of what they say.

It is counted by hand, and typed beside its question or pasted from a spreadsheet.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypedDict

from course.content import words
from course.content.scales import find_scale
from course.core.errors import SessionRefused
from course.core.tables import BadTable, TableRow, read_table
from course.workshop.errors import refused
from course.workshop.rules.session_model import SessionModel
from course.workshop.script.script import Script, ScriptQuestion
from course.workshop.view_parts import PartView
from course.workshop.views.page_parts import former_parts_view, option_labels, parts_view
from course.workshop.views.page_views import PageView

Tally = dict[str, dict[str, int]]
"""How many cards have each answer, by part."""
MOST_CARDS: Final = 500
"""The largest count of one answer that a tally of paper cards may have."""
COLUMNS: Final = ("part", "answer", "count")
LONGEST_QUOTE: Final = 40
"""How much of what was typed a refusal repeats, in letters."""


class CardLine(TypedDict):
    """A boundary on a paper card."""

    text: str
    fixed: bool


class PaperCard(TypedDict):
    """One question on paper."""

    question: str
    kind: str
    prompt: str
    stem: str
    points: list[str]
    items: list[str]
    lines: list[CardLine]
    options: dict[str, str]
    fields: list[str]


class TallyRow(TypedDict):
    """One line of the printed tally."""

    part: str
    answer: str


class TallyPart(TypedDict):
    """What a part in the printed tally stands for."""

    part: str
    text: str


class CardsPage(PageView):
    """Paper cards to print, and their tally."""

    cards: list[PaperCard]
    parts: list[TallyPart]
    tally: list[TallyRow]


def cards(script: Script, page: PageView) -> CardsPage:
    """Return paper cards for all questions of a script, and the tally to count them by."""
    tally: list[TallyRow] = [
        {"part": part, "answer": answer}
        for question in script.questions()
        for part in question.parts()
        for answer in option_labels(question)
    ]
    parts = [part for question in script.questions() for part in _tally_parts(question)]
    return {**page, "cards": [_card(question) for question in script.questions()], "parts": parts, "tally": tally}


def _tally_parts(question: ScriptQuestion) -> list[TallyPart]:
    """Return in words what the parts of a question are: whoever counts knows the cards by their words alone."""
    items = {item.code: item.text for item in find_scale(question.scale).items} if question.scale else {}
    texts = {line.slug: line.text for line in question.lines} | items
    return [
        {"part": part, "text": texts.get(part.rpartition(".")[2], question.prompt)}
        for part in question.parts()
        if option_labels(question)
    ]


def _card(question: ScriptQuestion) -> PaperCard:
    scale = find_scale(question.scale) if question.scale else None
    return {
        "question": question.slug,
        "kind": question.kind,
        "prompt": question.prompt,
        "stem": scale.stem if scale else "",
        "points": [*scale.points, scale.missing] if scale else [],
        "items": [item.text for item in scale.items if item.code in question.items] if scale else [],
        "lines": [{"text": line.text, "fixed": line.fixed} for line in question.lines],
        "options": dict(question.options),
        "fields": list(question.fields.values()),
    }


def read_typed_tally(counts: object, question_slug: str, model: SessionModel) -> Tally:
    """Return the counts that were typed beside a question, by part and answer; an empty field is none.

    `counts` has a text under the name of each field, the part and the answer with a space between them. Raises
    SessionRefused, with what is wrong under the name of each field that cannot be counted.
    """
    question = model.script.question(question_slug)
    parts = [part for part in parts_view(model, question) if part["options"]] if question else []
    fields = {f"{part['part']} {answer}": (part, answer) for part in parts for answer in part["options"]}
    if not fields or not isinstance(counts, Mapping) or not counts.keys() <= fields.keys():
        raise refused("not-a-message")
    wrong = {name: words("session.no-count", most=MOST_CARDS) for name in counts if _count(counts[name]) is None}
    if wrong:
        part, answer = fields[next(iter(wrong))]
        raise SessionRefused(
            words("session.bad-count", part=part["text"], answer=part["options"][answer]),
            words("session.no-count", most=MOST_CARDS),
            fields=wrong,
        )
    tally: Tally = {part["part"]: {} for part in parts}
    for name, (part, answer) in fields.items():
        tally[part["part"]][answer] = _count(counts.get(name, "")) or 0
    return tally


def read_pasted_tally(text: str, model: SessionModel) -> Tally:
    """Return the counts of paper cards by part and answer, from a table with the columns part, answer and count.

    It may be separated by tabs, semicolons or commas, and name answers by their words. Raises SessionRefused with
    the line that cannot be counted, or with both lines that count the same answer.
    """
    try:
        rows = read_table(text, COLUMNS)
    except BadTable as error:
        raise _bad_line(error.line, "columns") from None
    parts = {
        view["part"].casefold(): view
        for question in model.script.questions()
        for view in (*parts_view(model, question), *former_parts_view(model, question))
        if view["options"]
    }
    tally: Tally = {}
    lines: dict[tuple[str, str], int] = {}
    for row in rows:
        part, answer, count = _cells(row, parts)
        if (part, answer) in lines:
            first = lines[part, answer]
            raise refused("tally-twice", line=row.line, first=first, part=_quote(part), answer=_quote(answer))
        lines[part, answer] = row.line
        tally.setdefault(part, {})[answer] = count
    if not tally:
        raise _bad_line(1, "columns")
    return tally


def _cells(row: TableRow, parts: Mapping[str, PartView]) -> tuple[str, str, int]:
    typed_part, typed_answer, typed_count = (row.cells[name] for name in COLUMNS)
    part = parts.get(typed_part.casefold())
    if part is None:
        raise _bad_line(row.line, "part", typed=_quote(typed_part))
    answer = _answer(part["options"], typed_answer)
    if answer is None:
        raise _bad_line(row.line, "answer", typed=_quote(typed_answer), part=part["part"])
    count = _count(typed_count)
    if count is None:
        raise _bad_line(row.line, "count", typed=_quote(typed_count), most=MOST_CARDS)
    return part["part"], answer, count


def _answer(options: Mapping[str, str], typed: str) -> str | None:
    """Return the option that was meant: by its key, or by its words, in capitals or not."""
    by_words = {label.casefold(): key for key, label in options.items()}
    by_key = {key.casefold(): key for key in options}
    return (by_words | by_key).get(typed.casefold())


def _count(typed: object) -> int | None:
    """Return a count as it was typed; None where it is none, and 0 where nothing was."""
    text = typed.strip() if isinstance(typed, str) else "?"
    if not text:
        return 0
    is_number = text.isascii() and text.isdecimal() and len(text) < 10
    return int(text) if is_number and int(text) <= MOST_CARDS else None


def _bad_line(line: int, kind: str, **blanks: object) -> SessionRefused:
    why = words(f"session.tally-{kind}", **blanks)
    return SessionRefused(words("session.bad-tally", line=line), f"{why} {words('session.bad-tally-hint')}")


def _quote(typed: str) -> str:
    return typed if len(typed) <= LONGEST_QUOTE else f"{typed[:LONGEST_QUOTE]}…"
