"""Fill a platform's grade file: only people whose hand-in is wholly marked, each found by an id and never by a name.

Nobody else's line goes back, and no column but that of the exercise, so that nothing on the platform is emptied.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from course.content import trainer_words
from course.core.errors import CannotMark
from course.core.tables import csv_bytes, harmless
from course.trainer.collecting.roster import ADDED, RosterEntry
from course.trainer.marks_back.grade_import import mark_text
from course.trainer.marks_back.sheets import GradeSheet, SheetLine
from course.trainer.platforms import BLACKBOARD, CANVAS, MOODLE, Sender

_NEVER: Final = "-"
"""Moodle's word for a time that has not been; to its import, an empty cell says the same."""


@dataclass(frozen=True)
class LearnerMarks:
    """What goes back of one learner."""

    learner: str
    marks: float
    most: float
    """The most marks of the exercise."""
    comment: str = ""


@dataclass(frozen=True)
class FilledSheet:
    """A grade file to upload, who is in it, and who is marked and not in it."""

    data: bytes = field(repr=False)
    learners: tuple[str, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)
    """Why, by learner."""


def fill(
    sheet: GradeSheet, marked: Iterable[LearnerMarks], people: Iterable[RosterEntry], senders: Mapping[str, Sender]
) -> FilledSheet:
    """Return the file to upload; raises CannotMark where the platform gives an exercise other marks than the course.

    `senders` says by learner what the platform called who handed the exercise in.
    """
    by_learner = {marks.learner: marks for marks in marked}
    left_out: dict[str, str] = {}
    rows, learners = [], []
    for learner, lines in _found(sheet, by_learner, people, senders).items():
        marks = by_learner[learner]
        if len(lines) != 1:
            left_out[learner] = trainer_words("marks-back.several" if lines else "marks-back.not-found")
        elif why := _problem(sheet, lines[0], marks):
            left_out[learner] = why
        else:
            _check_most(sheet, lines[0], marks.most)
            rows.append(_row(sheet, lines[0], marks))
            learners.append(learner)
    first = [_points(sheet)] if sheet.points else []
    data = csv_bytes([sheet.headings, *first, *rows], bom=False, quote_all=sheet.platform == BLACKBOARD)
    return FilledSheet(data, tuple(learners), left_out)


def _found(
    sheet: GradeSheet, marked: Mapping[str, LearnerMarks], people: Iterable[RosterEntry], senders: Mapping[str, Sender]
) -> dict[str, list[SheetLine]]:
    """Return the lines that an id gives to each learner; a line that two learners would have belongs to neither."""
    roster = {person.id: person for person in people}
    owners = {
        learner: [
            line for line in sheet.lines if _is_of(sheet, line, roster.get(learner), learner, senders.get(learner))
        ]
        for learner in sorted(marked)
    }
    taken = [id(line) for lines in owners.values() for line in lines]
    return {learner: [line for line in lines if taken.count(id(line)) == 1] for learner, lines in owners.items()}


def _is_of(sheet: GradeSheet, line: SheetLine, person: RosterEntry | None, learner: str, sender: Sender | None) -> bool:
    """Say whether a line is a learner's: by what the platform called the hand-in, or else by an id on the roster."""
    if sheet.platform in (MOODLE, CANVAS) and sender and sender.service == sheet.platform and sender.number:
        return line.number == sender.number
    if sheet.platform == BLACKBOARD and sender and sender.service == BLACKBOARD:
        return line.key.casefold() in _accounts(sender, person, learner)
    known = {learner} if person is None else {person.id, person.email, person.number} - {"", ADDED}
    return not {text.casefold() for text in known}.isdisjoint(text.casefold() for text in line.ids)


def _accounts(sender: Sender, person: RosterEntry | None, learner: str) -> set[str]:
    """Return what may be the account of who sent something, in small letters: that on the roster, or else all of them.

    Blackboard puts the exercise and "_" in front of it, and both may hold that sign.
    """
    accounts = {account.casefold() for account in sender.accounts}
    ids = {id.casefold() for id in (learner, person.email if person else "", person.number if person else "") if id}
    return accounts & ids or accounts


def _problem(sheet: GradeSheet, line: SheetLine, marks: LearnerMarks) -> str:
    """Return why a line cannot go back: what has to stay as it came would have to be changed to be safe to open."""
    kept = [sheet.key]
    if sheet.platform == CANVAS:  # it may go by the ids of the institution too
        kept = [heading for heading in sheet.headings if heading not in (sheet.name, sheet.marks)]
    if sheet.comment and not marks.comment.strip():
        kept.append(sheet.comment)
    cells = [line.row.cells.get(heading.lower(), "") for heading in kept]
    return "" if all(harmless(cell) == cell for cell in cells) else trainer_words("marks-back.formula-id")


def _check_most(sheet: GradeSheet, line: SheetLine, most: float) -> None:
    """Raise CannotMark where the platform's exercise has another number of marks than the course's."""
    said = (line.most or sheet.most).replace(",", ".")
    try:
        number = float(said) if said else most
    except ValueError:
        return
    if number != most:
        raise CannotMark(
            trainer_words("marks-back.other-most", here=f"{most:g}", there=f"{number:g}"),
            trainer_words("marks-back.other-most-hint", here=f"{most:g}"),
        )


def _row(sheet: GradeSheet, line: SheetLine, marks: LearnerMarks) -> list[str]:
    cells = {heading: line.row.cells.get(heading.lower(), "") for heading in sheet.headings}
    cells[sheet.marks] = mark_text(marks.marks, has_decimal_comma=sheet.decimal_sign == ",")
    if sheet.comment and marks.comment.strip():
        cells[sheet.comment] = _as_html(marks.comment)
    return ["" if cells[heading] == _NEVER else cells[heading] for heading in sheet.headings]


def _points(sheet: GradeSheet) -> list[str]:
    return [sheet.points.cells.get(heading.lower(), "") for heading in sheet.headings] if sheet.points else []


def _as_html(comment: str) -> str:
    r"""Return a comment as Moodle keeps it; so no comment can begin as a formula does, and none is changed.

    >>> _as_html("- Well seen.\n\nWho < whom?")
    '<p>- Well seen.</p><p>Who &lt; whom?</p>'
    """
    parts = [part.strip() for part in comment.split("\n\n") if part.strip()]
    return "".join(f"<p>{html.escape(part, quote=False).replace(chr(10), '<br>')}</p>" for part in parts)
