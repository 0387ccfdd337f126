"""Read people from a table: a spreadsheet's, or the list that a learning platform exports.

Columns are known by their names, in any case and with any signs between the words. These lists were looked at:

- Moodle's participants (First name, Last name or Surname, ID number, Email address, Groups; in German and French too):
  https://docs.moodle.org/en/Participants
- Canvas's gradebook (Student, ID, SIS User ID, SIS Login ID, Section, and a line “Points Possible” below):
  lib/gradebook_exporter.rb in https://github.com/instructure/canvas-lms
- Blackboard's grade centre (Last Name, First Name, Username, Student ID; in UTF-16, with tabs):
  “Work offline with grade data” on https://help.blackboard.com
- Brightspace's grades (OrgDefinedId, Username, Last Name, First Name, Email, End-of-Line Indicator, and a # before
  each id): https://kb.wisc.edu/page.php?id=4330
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from course.content import trainer_words
from course.core import names
from course.core.tables import BadTable, TableRow, read_table
from course.trainer.collecting.roster import RosterEntry

_ADDRESSES: Final = ("email", "emailaddress", "emailadresse", "adressedecourriel")
_IDS: Final = (
    *("id", "learnerid", "learner", "username", "loginid", "login", "sisloginid", "userid", "account"),
    *("benutzername", "anmeldename", "nomdutilisateur"),
    *("idnumber", "studentid", "studentnumber", "sisuserid", "orgdefinedid"),
    *("idnummer", "numérodidentification", "matricule"),
    *_ADDRESSES,
)
"""The columns that an id may come from, the best first, by the letters of their names."""
_FIRST: Final = (
    "firstname",
    "firstnames",
    "givenname",
    "givennames",
    "forename",
    "forenames",
    "first",
    "vorname",
    "prénom",
)
_LAST: Final = ("lastname", "lastnames", "surname", "surnames", "familyname", "last", "nachname", "nomdefamille", "nom")
_WHOLE: Final = ("student", "name", "fullname", "learnername", "studentname", "participant")
_EMAIL: Final = (*_ADDRESSES, "mail", "mailaddress")
_NUMBER: Final = ("lmsuserid", "idnumber", "idnummer", "numérodidentification", "matricule")
_CANVAS: Final = {"student", "id", "section"}
"""In Canvas's list the column “ID” is the number that Canvas gives to a person."""
_BRIGHTSPACE: Final = "endoflineindicator"
_NOBODY: Final = ("points possible", "student, test", "test student")
"""What stands in Canvas's list where the name of a person would."""
_SHORTENED: Final = re.compile(r"\d([.,]\d+)?E\+\d+", re.IGNORECASE)
_DAY_OF_MONTH: Final = re.compile(
    r"\d{1,2}[-. ]{1,2}"
    r"(jan|feb|fév|mar|mär|mrz|apr|avr|may|mai|jun|juin|jul|juil|aug|aoû|sep|oct|okt|nov|dec|déc|dez)"
    r"\w?\.?([- ]\d{2,4})?",
    re.IGNORECASE,
)
"""What spreadsheets make of “1-2”, which they take for a day."""
_MONTH_OF_YEAR: Final = re.compile(
    r"(Jan(uary|uar)?|Feb(ruary|ruar)?|Mar(ch)?|März?|Mrz|Apr(il)?|May|Mai|Jun[ei]?|Jul[iy]?|Aug(ust)?|"
    r"Sept?(ember)?|O[ck]t(ober)?|Nov(ember)?|De[cz](ember)?|janv|févr|avr|juin|juil|août|sept|déc)"
    r"\.?[- ](\d{2}|(19|20)\d{2})"
)
"""What they make of “JAN23”. In small letters, what could be somebody's name is left to them: “mar-02” is an id."""
_NUMBERS_OF_DAY: Final = re.compile(
    r"(?P<first>\d{1,2})(?P<sign>[-./])(?P<second>\d{1,2})(?P=sign)(19|20)\d{2}"
    r"|(19|20)\d{2}(?P<iso>[-./])(?P<month>\d{1,2})(?P=iso)(?P<day>\d{1,2})\.?"
    r"|(?P<short_first>\d\d?)/(?P<short_second>\d\d?)/\d\d"
    r"|(?P<dotted_first>\d\d)\.(?P<dotted_second>\d\d)\.\d\d"
)
"""A day in numbers, as spreadsheets write it in one country or another; with two signs of a year, only in some."""
_TIME: Final = re.compile(r"[ T]\d{1,2}:\d{2}(:\d{2})?")
_AS_TEXT: Final = re.compile(r'="([^"]*)"')
"""How some programs write a number so that a spreadsheet keeps its zeros."""
_LONGEST: Final = 128
"""The longest id or name that a gradebook keeps."""


class UnreadablePeople(Exception):
    """A table of people cannot be used: a sentence for each problem, with its line where it has one."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class PeopleTable:
    """The people in a table, in its order."""

    people: Sequence[RosterEntry] = field(repr=False)
    id_column: str
    """The column that the ids come from, by its name in small letters."""


def read_people(data: bytes, id_column: str = "") -> PeopleTable:
    """Return the people in a table; raises UnreadablePeople with all that is wrong in it.

    The ids come from the column of that name, or else from the best that has one for everybody.
    """
    if data.startswith(b"PK\x03\x04"):
        raise UnreadablePeople([trainer_words("roster.workbook")])
    try:
        rows = read_table(data)
    except BadTable as error:
        raise UnreadablePeople([trainer_words("roster.no-table", line=error.line, why=error)]) from None
    columns = _columns(rows)
    found = _find_columns(columns, set().union(*(row.cells for row in rows)))
    people = [row for row in rows if _is_person(row, found)]
    if not people:
        raise UnreadablePeople([trainer_words("roster.nobody")])
    source = _id_source(columns, people, id_column)
    entries = [(row.line, _entry(row, found, source, has_hash=_BRIGHTSPACE in columns)) for row in people]
    problems = list(_problems(entries, source, next(iter(found["number"]), "")))
    if problems:
        raise UnreadablePeople(problems)
    return PeopleTable(tuple({person.id: person for _, person in entries}.values()), source)


def _columns(rows: Sequence[TableRow]) -> dict[str, str]:
    """Return the names of columns in which anything stands, by their letters."""
    filled = [name for name in (rows[0].cells if rows else ()) if any(row.cells[name] for row in rows)]
    return {_letters(name): name for name in reversed(filled)}


def _find_columns(columns: Mapping[str, str], all_names: Iterable[str]) -> dict[str, list[str]]:
    """Return the columns that each part of a person may stand in."""
    is_canvas = {_letters(name) for name in all_names} >= _CANVAS
    wanted = {"first": _FIRST, "last": _LAST, "whole": _WHOLE, "email": _EMAIL}
    found = {part: [columns[name] for name in known if name in columns] for part, known in wanted.items()}
    if found["first"] or found["last"]:
        found["whole"] = []
    found["number"] = [columns[name] for name in (("id",) if is_canvas else _NUMBER) if name in columns]
    return found


def _is_person(row: TableRow, found: Mapping[str, Sequence[str]]) -> bool:
    return not any(_clean(row.cells[name]).casefold() in _NOBODY for name in found["whole"])


def _id_source(columns: Mapping[str, str], people: Sequence[TableRow], wanted: str) -> str:
    """Return the column that ids come from; raises UnreadablePeople where there is none."""
    there = trainer_words("roster.columns", names=", ".join(f"“{name}”" for name in reversed([*columns.values()])))
    if wanted:
        if _letters(wanted) not in columns:
            raise UnreadablePeople([trainer_words("roster.no-such-column", name=wanted, there=there)])
        return columns[_letters(wanted)]
    is_canvas = columns.keys() >= {"student", "section"} and "sisloginid" in columns
    known = [columns[name] for name in _IDS if name in columns and not (is_canvas and name == "id")]
    if not known:
        raise UnreadablePeople([trainer_words("roster.no-id-column", there=there)])
    return next((name for name in known if all(row.cells[name] for row in people)), known[0])


def _entry(row: TableRow, found: Mapping[str, Sequence[str]], source: str, *, has_hash: bool) -> RosterEntry:
    cells = {part: next((_clean(row.cells[name]) for name in columns), "") for part, columns in found.items()}
    id = _clean(row.cells[source])
    if found["whole"]:
        cells["first"], cells["last"] = _parted(cells["whole"])
    return RosterEntry(
        id.removeprefix("#") if has_hash else id,
        cells["first"],
        cells["last"],
        cells["email"],
        cells["number"].removeprefix("#"),
    )


def _parted(name: str) -> tuple[str, str]:
    """Return the first and the last name in a whole one.

    >>> _parted("Lovelace, Ada"), _parted("Ada King Lovelace")
    (('Ada', 'Lovelace'), ('Ada King', 'Lovelace'))
    """
    if "," in name:
        last, _, first = name.partition(",")
    else:
        first, _, last = name.rpartition(" ")
    return first.strip(), last.strip()


def _is_day(text: str) -> bool:
    """Say whether a spreadsheet has made a day or a month of what stood there.

    >>> [_is_day(text) for text in ("01-Feb", "Jan-23", "01.02.2026", "mar-02", "99.99.2026")]
    [True, True, True, False, False]
    """
    if _DAY_OF_MONTH.fullmatch(text) or _MONTH_OF_YEAR.fullmatch(text):
        return True
    time = _TIME.search(text)
    found = _NUMBERS_OF_DAY.fullmatch(text[: time.start()] if time and time.end() == len(text) else text)
    numbers = [int(number) for number in found.groupdict().values() if number and number.isdecimal()] if found else []
    return bool(numbers) and 1 <= min(numbers) <= 12 and max(numbers) <= 31


def _spoiled(person: RosterEntry, id_column: str, number_column: str) -> Iterator[tuple[str, str, str]]:
    """Yield what a spreadsheet has done to the id or the platform's number, what stands there now, and its column."""
    for text, column in ((person.id, id_column), (person.number, number_column)):
        if _SHORTENED.fullmatch(text):
            yield "shortened", text, column
        elif _is_day(text):
            yield "dated", text, column


def _problems(entries: Sequence[tuple[int, RosterEntry]], source: str, number_column: str) -> Iterator[str]:
    """Yield what is wrong with a line, for each that has something."""
    before: dict[str, tuple[int, RosterEntry]] = {}
    for line, person in entries:
        key, blanks = person.id.casefold(), {"line": line, "id": person.id, "column": source}
        if not person.id:
            yield trainer_words("roster.no-id", **blanks)
        elif spoiled := next(_spoiled(person, source, number_column), None):
            problem, text, column = spoiled
            yield trainer_words(f"roster.{problem}", line=line, id=text, column=column)
        elif not names.is_folder_name(person.id):
            yield trainer_words("roster.unusable-id", **blanks)
        elif max(map(len, (person.id, person.first, person.last, person.email, person.number))) > _LONGEST:
            yield trainer_words("roster.too-long", most=_LONGEST, **blanks)
        elif key in before and before[key][1] != person:
            yield trainer_words("roster.twice", other=before[key][0], **blanks)
        before.setdefault(key, (line, person))


def _letters(text: str) -> str:
    """Return a column's name without what stands between its words.

    >>> _letters("E-mail address"), _letters("first_name")
    ('emailaddress', 'firstname')
    """
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def _clean(cell: str) -> str:
    r"""Return a cell without signs that are not seen, with single spaces, in the composed form of its letters.

    >>> _clean('="0012"'), _clean(" Ada\u00a0 Lovelace ")
    ('0012', 'Ada Lovelace')
    """
    if as_text := _AS_TEXT.fullmatch(cell.strip()):
        cell = as_text[1]
    seen = "".join(sign for sign in cell if unicodedata.category(sign) != "Cf")
    return unicodedata.normalize("NFC", " ".join(seen.split()))
