"""The grade files of learning platforms: which one a file is, whose its lines are, and where its marks stand.

Each is told by its headings, in the words of a public source.

- Moodle's offline grading worksheet (mod/assign/feedback/offline/importgradeslib.php and locallib.php in
  https://github.com/moodle/moodle): “Identifier”, “Grade” and “Last modified (grade)” have to be there, each in the
  language of whoever uploads it; the number at the end of the identifier says who it is, and names are not read.
  An empty mark changes nothing, but an empty comment replaces the one that is there.
- Canvas's gradebook (lib/gradebook_importer.rb in https://github.com/instructure/canvas-lms): “Student”, “ID”, some
  ids of the institution, “Section”, then a column for each assignment, with its number in brackets; a line has
  “Points Possible” in the place of the name. The ID says who it is. An empty mark takes away the one that is there.
- Blackboard's grade file (http://library.blackboard.com, “Uploading or Downloading Grade Center Items”): “Username”
  says who it is, and the number behind the bar in a column's name says which column it is, as real downloads have it:
  `Exercise [Total Pts: 20 Score] |123`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from course.content import trainer_words
from course.core.errors import CannotMark
from course.core.tables import BadTable, TableRow, harmless, read_headings, read_table
from course.trainer.platforms import BLACKBOARD, CANVAS, MOODLE

_NUMBER_AT_END: Final = re.compile(r"(\d{1,12})$")
_POINTS: Final = re.compile(r"\[[^\[\]]*?(\d+(?:[.,]\d+)?)[^\[\]]*\]\s*\|\s*\d+$")
_BLACKBOARD_COLUMN: Final = re.compile(r"\|\s*\d+$")
_CANVAS_COLUMN: Final = re.compile(r"\(\d+\)$")
_DECIMALS: Final = re.compile(r"\d+([.,])\d{1,5}")
_POINTS_POSSIBLE: Final = "points possible"


@dataclass(frozen=True)
class _MoodleWords:
    """What Moodle calls the columns of its worksheet in one language."""

    identifier: str
    marks: str
    most: str
    modified: str
    comment: str


_MOODLE_LANGUAGES: Final = (
    _MoodleWords("Identifier", "Grade", "Maximum grade", "Last modified (grade)", "Feedback comments"),
    _MoodleWords(
        "ID",
        "Bewertung",
        "Bestwertung",
        "Zuletzt geändert (Bewertung)",
        "Feedback als Kommentar",  # codespell:ignore als
    ),
    _MoodleWords("Identifiant", "Note", "Note maximale", "Dernière modification (note)", "Feedback par commentaires"),
)
_PERSON_NUMBERS: Final = ("id number", "id-nummer", "matricule", "numéro d'identification")
_PERSON_ADDRESSES: Final = ("email address", "e-mail-adresse", "adresse de courriel")  # codespell:ignore adresse
_BLACKBOARD_ACCOUNTS: Final = ("username", "benutzername", "nom d'utilisateur", "nombre de usuario")
_BLACKBOARD_NUMBERS: Final = ("student id", "teilnehmer-id")


@dataclass(frozen=True)
class SheetLine:
    """One person's line in a grade file."""

    row: TableRow = field(repr=False)
    key: str
    """What the platform finds the person by."""
    number: str = ""
    """The number that the platform has in the names of what this person handed in."""
    ids: tuple[str, ...] = ()
    """What may be an id, an address or a number on the roster."""
    most: str = ""
    """The most marks that the platform takes, where the line says so."""


@dataclass(frozen=True)
class GradeSheet:
    """A platform's grade file, as far as one exercise goes."""

    platform: str
    headings: tuple[str, ...]
    """The columns that go back, as the platform wrote them."""
    key: str
    """The column by which the platform finds a person."""
    marks: str
    comment: str = ""
    """The column of comments, or an empty text where there is none."""
    name: str = ""
    """The column of names, which the platform does not go by."""
    lines: tuple[SheetLine, ...] = field(default=(), repr=False)
    points: TableRow | None = None
    """Canvas's line that says how many points there are."""
    most: str = ""
    """The most marks that the platform takes, where the column says so."""
    decimal_sign: str = ""
    """A comma or a point, as the file has it; an empty text where it shows neither."""


def read_sheet(data: bytes, words: tuple[str, ...], column: str = "") -> GradeSheet:
    """Return a platform's grade file with the column of one exercise.

    `words` are what the exercise may be called; `column` is the heading of its column, where that is none of them.
    Raises CannotMark where the file is none of the three, or its column is not found.
    """
    try:
        headings, rows = read_headings(data), read_table(data)
    except BadTable as error:
        raise _unusable("no-table", why=str(error)) from None
    for read in (_moodle, _canvas, _blackboard):
        if sheet := read(headings, rows, words, column):
            for heading in sheet.headings:
                if harmless(heading) != heading:
                    raise _unusable("formula-heading", column=heading)
            return sheet
    raise _unusable("unknown-sheet")


def moodle_sheet(lines: Mapping[str, str]) -> GradeSheet:
    """Return a worksheet in English for the numbers that Moodle gave to people, by learner's id."""
    words = _MOODLE_LANGUAGES[0]
    made = [
        SheetLine(TableRow(0, {words.identifier.lower(): f"Participant {number}"}), f"Participant {number}", number)
        for _, number in sorted(lines.items())
    ]
    headings = (words.identifier, words.marks, words.modified)
    return GradeSheet(MOODLE, headings, words.identifier, words.marks, lines=tuple(made))


def _moodle(headings: list[str], rows: list[TableRow], _words: tuple[str, ...], column: str) -> GradeSheet | None:
    known = {heading.lower(): heading for heading in headings}
    for words in _MOODLE_LANGUAGES:
        marks = column or words.marks
        if not all(name.lower() in known for name in (words.identifier, words.modified, marks)):
            continue
        most = known.get(words.most.lower(), "")
        key, comment = known[words.identifier.lower()], known.get(words.comment.lower(), "")
        wanted = (key, known[marks.lower()], most, known[words.modified.lower()], comment)
        if len({heading.lower() for heading in wanted if heading}) < len(list(filter(None, wanted))):
            raise _unusable("which-column", columns=known.get(words.marks.lower(), "–"))
        lines = []
        for row in rows:
            number = _NUMBER_AT_END.search(row.cells[key.lower()])
            if number:
                ids = _cells(row, (*_PERSON_NUMBERS, *_PERSON_ADDRESSES))
                said = row.cells[most.lower()] if most else ""
                lines.append(SheetLine(row, row.cells[key.lower()], number[1], ids, said))
        return GradeSheet(
            MOODLE,
            tuple(filter(None, wanted)),
            key,
            known[marks.lower()],
            comment,
            lines=tuple(lines),
            decimal_sign=_decimal_sign(rows, most, known[marks.lower()]),
        )
    return None


def _canvas(headings: list[str], rows: list[TableRow], words: tuple[str, ...], column: str) -> GradeSheet | None:
    if len(headings) < 4 or headings[0] != "Student" or headings[1] != "ID" or "Section" not in headings:
        return None
    own = headings[: headings.index("Section") + 1]
    marks = _chosen([heading for heading in headings if _CANVAS_COLUMN.search(heading)], words, column)
    people = [row for row in rows if row.cells["id"]]  # anybody may be called as the line of points is
    nobodys = [row for row in rows if not row.cells["id"]]
    points = next((row for row in nobodys if _POINTS_POSSIBLE in row.cells["student"].lower()), None)
    lines = [
        SheetLine(row, row.cells["id"], row.cells["id"], _cells(row, ("id", "sis user id", "sis login id")))
        for row in people
    ]
    return GradeSheet(
        CANVAS,
        (*own, marks),
        "ID",
        marks,
        name="Student",
        lines=tuple(lines),
        points=points,
        most=points.cells[marks.lower()] if points else "",
        decimal_sign=_decimal_sign(rows, marks),
    )


def _blackboard(headings: list[str], rows: list[TableRow], words: tuple[str, ...], column: str) -> GradeSheet | None:
    known = {heading.lower(): heading for heading in headings}
    key = next((known[name] for name in _BLACKBOARD_ACCOUNTS if name in known), "")
    columns = [heading for heading in headings if _BLACKBOARD_COLUMN.search(heading)]
    if not key or not columns:
        return None
    marks = _chosen(columns, words, column)
    points = _POINTS.search(marks)
    lines = [
        SheetLine(row, account, ids=(account, *_cells(row, _BLACKBOARD_NUMBERS)))
        for row in rows
        if (account := row.cells[key.lower()])
    ]
    return GradeSheet(
        BLACKBOARD,
        (key, marks),
        key,
        marks,
        lines=tuple(lines),
        most=points[1] if points else "",
        decimal_sign=_decimal_sign(rows, marks),
    )


def _chosen(columns: list[str], words: tuple[str, ...], column: str) -> str:
    """Return the one column of an exercise; raises CannotMark where there is none, or more than one."""
    if column:
        fitting = [heading for heading in columns if heading.casefold() == column.strip().casefold()]
    else:
        fitting = [heading for heading in columns if any(word.casefold() in heading.casefold() for word in words)]
    if len(fitting) != 1:
        raise _unusable("which-column", columns="; ".join(columns) or "–")
    return fitting[0]


def _cells(row: TableRow, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(filter(None, (row.cells.get(name, "") for name in names)))


def _decimal_sign(rows: list[TableRow], *columns: str) -> str:
    signs = {match[1] for cell in _column_cells(rows, columns) if (match := _DECIMALS.fullmatch(cell))}
    return "," if "," in signs else "".join(signs)


def _column_cells(rows: list[TableRow], columns: tuple[str, ...]) -> Iterator[str]:
    for row in rows:
        yield from (row.cells[column.lower()] for column in columns if column)


def _unusable(key: str, **given: str) -> CannotMark:
    return CannotMark(trainer_words(f"marks-back.{key}", **given), trainer_words(f"marks-back.{key}-hint"))
