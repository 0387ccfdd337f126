"""The marks of all exercises in the shape that Moodle's grade import takes, and how a mark is written anywhere.

Its columns are named as Moodle's own export names them, and its import asks which of them says who it is: “ID number”
or “Email address” (https://docs.moodle.org/en/Grade_import). The ID number is the learner's `lms_user_id` in the
gradebook, or else their id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from course.content.lessons import lessons
from course.core.tables import csv_bytes
from course.trainer.collecting.roster import RosterEntry

_COLUMNS: Final = ("First name", "Last name", "ID number", "Email address")


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
