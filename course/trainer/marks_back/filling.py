"""Fill a platform's grade file: only people whose hand-in is wholly marked, each found by an id and never by a name.

Nobody else's line goes back, and no column but that of the exercise, so that nothing on the platform is emptied.

`moodle_marks` has the marks of all exercises in the shape that Moodle's grade import takes. Its columns are named as
Moodle's own export names them, and the import asks which of them says who it is: “ID number” or “Email address”
(https://docs.moodle.org/en/Grade_import). The ID number is the learner's `lms_user_id` in the gradebook, or their id.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from course.content import trainer_words
from course.content.lessons import lessons
from course.core.errors import CannotMark
from course.core.tables import csv_bytes, harmless
from course.trainer.collecting.roster import ADDED, RosterEntry
from course.trainer.marks_back.sheets import GradeSheet, SheetLine
from course.trainer.platforms import BLACKBOARD, CANVAS, MOODLE, Sender

_COLUMNS: Final = ("First name", "Last name", "ID number", "Email address")
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


def moodle_marks(
    people: Iterable[RosterEntry],
    marks: Mapping[tuple[str, str], float],
    *,
    has_decimal_comma: bool = False,
    before: Sequence[tuple[str, str]] = (),
) -> bytes:
    """Return a table with a line for each person and a column an exercise, by the exercise's key.

    `marks` has those of whom all of an exercise is marked, by learner and exercise; others have none. `before` are
    columns in front, each with what it says in every line.
    """
    rows = [
        [person.first, person.last, person.number or person.id, person.email]
        + [
            mark_text(marks[person.id, lesson.key], has_decimal_comma=has_decimal_comma)
            if (person.id, lesson.key) in marks
            else ""
            for lesson in lessons()
        ]
        for person in people
    ]
    said = [text for _, text in before]
    headings = [*(name for name, _ in before), *_COLUMNS, *(lesson.key for lesson in lessons())]
    return csv_bytes([headings, *([*said, *row] for row in rows)])


def mark_text(marks: float, *, has_decimal_comma: bool) -> str:
    """Return a number of marks as a platform reads it, with two decimals at most.

    >>> mark_text(17.125, has_decimal_comma=True), mark_text(18.0, has_decimal_comma=True)
    ('17,12', '18')
    """
    text = f"{round(marks, 2):g}"
    return text.replace(".", ",") if has_decimal_comma else text
