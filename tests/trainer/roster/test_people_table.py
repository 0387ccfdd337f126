"""A table of people is read whatever spreadsheet or platform wrote it, whole or not at all."""

from __future__ import annotations

import pytest

from course.trainer.collecting.roster import RosterEntry
from course.trainer.roster.people_table import UnreadablePeople, read_people
from tests.cases import every

ADA = RosterEntry("0012", "Ada", "Lovelace", "ada@example.org")
JOSE = RosterEntry("0013", "José", "Núñez", "jose@example.org")
DAYS = (
    *("Jan-23", "Mrz 23", "Feb. 26", "Sept-26", "janv-23", "août-24", "Mai 2026", "March 2026", "1-Feb-26"),
    *("01.02.2026", "1.2.2026", "01.02.26", "01/02/2026", "1/2/26", "13/02/2026", "2/13/2026", "01-02-2026"),
    *("2026-02-01", "2026/02/01", "2026.02.01", "2026-02-01 00:00:00", "01.02.2026 00:00"),
)
NO_DAYS = (
    "jan-23",
    "may-12",
    "mar-02",
    "Jan-K",
    "Maria-23",
    "10-11-12",
    "1.2.26",
    "99.99.2026",
    "2026-0201",
    "2026-99-01",
)
PLAIN = "id,first_name,last_name,email\n0012,Ada,Lovelace,ada@example.org\n0013,José,Núñez,jose@example.org\n"


def people(data: bytes, id_column: str = "") -> list[RosterEntry]:
    return list(read_people(data, id_column).people)


def problems(text: str) -> str:
    with pytest.raises(UnreadablePeople) as error:
        read_people(text.encode())
    return "\n".join(error.value.problems)


@every(
    "data",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("cp1252"),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace(",", ";").encode("utf-8-sig"),
        PLAIN.replace(",", "\t").encode("utf-16"),
        b"sep=;\r\n" + PLAIN.replace(",", ";").encode("cp1252"),
        PLAIN.replace(",", ", ").encode(),
        PLAIN.replace("id,first_name,last_name,email", '"ID", "First name", "Surname", "E-mail address"').encode(),
        PLAIN.replace("\n", ",,\n").replace("0013", ",,,,\n\n0013").encode(),
        PLAIN.replace("0013", "\u200b0013\xa0").replace("José", " José  ").encode(),
        PLAIN.replace("José", "Jose\u0301").encode(),
        (PLAIN + "0013,José,Núñez,jose@example.org\n").encode(),
    ],
)
def test_a_table_says_the_same_however_a_spreadsheet_saved_it(data: bytes) -> None:
    assert people(data) == [ADA, JOSE]


def test_moodles_list_of_participants_is_read() -> None:
    text = '"First name","Last name","ID number","Email address",Groups\nAda,Lovelace,0012,ada@example.org,"A, B"\n'
    assert people(text.encode("utf-8-sig")) == [RosterEntry("0012", "Ada", "Lovelace", "ada@example.org", "0012")]


@every(
    "headings",
    [
        "Vorname;Nachname;ID-Nummer;E-Mail-Adresse;Gruppen",
        "Prénom;Nom de famille;Numéro d’identification;Adresse de courriel;Groupes",  # codespell:ignore
        "Prénom;Nom;Matricule;Adresse de courriel;Groupes",  # codespell:ignore
    ],
)
def test_moodles_list_is_read_in_german_and_in_french_as_its_worksheets_are(headings: str) -> None:
    text = f"{headings}\nAda;Lovelace;0012;ada@example.org;A\n"
    assert people(text.encode("utf-8-sig")) == [RosterEntry("0012", "Ada", "Lovelace", "ada@example.org", "0012")]


def test_in_german_too_the_user_name_is_a_better_id_than_a_number_and_a_number_than_an_address() -> None:
    both = people(b"Vorname;Benutzername;ID-Nummer;E-Mail-Adresse\nAda;ada;12;ada@example.org\n")
    assert [person.id for person in both] == ["ada"]
    address = people(b"Vorname;Nachname;ID-Nummer;E-Mail-Adresse\nAda;Lovelace;;ada@example.org\n")
    assert [person.id for person in address] == ["ada@example.org"]


def test_moodles_list_without_id_numbers_goes_by_the_address() -> None:
    text = '"First name",Surname,"ID number","Email address"\nAda,Lovelace,,ada@example.org\n'
    table = read_people(text.encode())
    assert (table.id_column, table.people[0].id) == ("email address", "ada@example.org")


def test_canvas_numbers_are_kept_beside_the_login_and_its_own_lines_are_no_people() -> None:
    text = (
        "Student,ID,SIS User ID,SIS Login ID,Section,Exercise 1 (4314282)\n"
        "    Points Possible,,,,,20\n"
        '"Lovelace, Ada",4242,S1,ada,Section 1,9\n'
        '"Student, Test",99,,bbbc6740,Section 1,\n'
    )
    assert people(text.encode()) == [RosterEntry("ada", "Ada", "Lovelace", "", "4242")]


def test_blackboards_grade_centre_is_read() -> None:
    text = (
        '"Last Name"\t"First Name"\t"Username"\t"Student ID"\t"Last Access"\t"Availability"\n'
        '"Lovelace"\t"Ada"\t"ada"\t"0012"\t"2026-11-01 12:00:00"\t"Yes"\n'
    )
    assert people(text.encode("utf-16")) == [RosterEntry("ada", "Ada", "Lovelace")]


def test_brightspaces_signs_before_ids_are_left_out() -> None:
    text = "OrgDefinedId,Username,Last Name,First Name,Email,End-of-Line Indicator\n#12,#ada,Lovelace,Ada,a@b.org,#\n"
    assert people(text.encode()) == [RosterEntry("ada", "Ada", "Lovelace", "a@b.org")]


def test_another_column_can_give_the_ids() -> None:
    assert people(PLAIN.encode(), "E-mail")[0].id == "ada@example.org"
    with pytest.raises(UnreadablePeople, match=r"no column “phone”.*“id”, “first_name”, “last_name”, “email”"):
        read_people(PLAIN.encode(), "phone")


@every(
    "text, says",
    [
        ("id,name\nkim,Kim\n,Lee\n", "Line 3: nothing stands in the column “id”"),
        ("id,name\nkim,Kim\n\nkim,Lee\n", "Line 4: the id “kim” is in line 2 too"),
        ("id,name\nkim,Kim\nKIM,Kim\n", "Line 3: the id “KIM” is in line 2 too"),
        ("id,name\n1.23E+11,Kim\n", "Line 2: the spreadsheet has shortened the id to 1.23E+11"),
        ("id,name\n01-Feb,Kim\n", "Line 2: the spreadsheet took this id for a date and turned it into 01-Feb"),
        ("id;name\n1. Mrz;Kim\n", "Line 2: the spreadsheet took this id for a date and turned it into 1. Mrz"),
        ("id,name\nJan-23,Kim\n", "format the column “id” as text, and type the id in again"),
        ("id,lms_user_id,name\nkim,4.2E+11,Kim\n", "has shortened the id to 4.2E+11. Format the column “lms_user_id”"),
        ("id,lms_user_id,name\nkim,2026-02-01,Kim\n", "into 2026-02-01, so what it was is lost"),
        ("Cohort A,\nid,name\nkim,Kim\n", "The first line has to name the columns"),
        ("id,name\n../kim,Kim\n", "Line 2: the id “../kim” cannot name a folder"),
        ("id,name\naux.txt,Kim\n", "Line 2: the id “aux.txt” cannot name a folder"),
        ("id,name\nkim," + "k" * 129 + "\n", "Line 2: something here is longer than the 128"),
        ("first name,town\nKim,Bath\n", "No column says what each person’s id is"),
        ("id,name\n", "There is nobody in this table"),
        ("", "it is empty"),
        ("\x00\x01", "it is no text"),
        ("PK\x03\x04…", "save it as CSV"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text: str, says: str) -> None:
    assert says in problems(text)


def test_an_id_keeps_its_zeros_where_a_program_wrote_it_as_a_formula_and_may_look_like_a_month() -> None:
    people = read_people(b'id,name\n"=""0012""",Kim\nmar-02,Mar\n2-marie,Marie\n').people
    assert [person.id for person in people] == ["0012", "mar-02", "2-marie"]


@every("day", DAYS)
def test_a_day_is_no_id_however_a_spreadsheet_writes_it(day: str) -> None:
    assert f"turned it into {day}," in problems(f"id;name\n{day};Kim\n")


@every("id", NO_DAYS)
def test_what_only_looks_like_a_day_is_an_id(id: str) -> None:
    assert [person.id for person in people(f"id;name\n{id};Kim\n".encode())] == [id]


def test_every_line_that_is_wrong_is_named_at_once() -> None:
    found = problems("id,name\nCON,A\nnul,B\nkim,C\n..,D\n")
    assert [line.partition(":")[0] for line in found.splitlines()] == ["Line 2", "Line 3", "Line 5"]


@every("header", ["id", "ID number"])
def test_who_was_given_an_id_like_a_date_is_told_what_helps_and_it_does(header: str) -> None:
    table = f"{header},email\nApril-22,kim@example.org\n"
    said = problems(table)
    assert "If April-22 is the id that this person was given" in said
    assert "take the column out of the table, so that the ids come from another one, such as the addresses" in said
    assert people(table.replace(f"{header},", "").replace("April-22,", "").encode()) == [
        RosterEntry("kim@example.org", email="kim@example.org")
    ]
