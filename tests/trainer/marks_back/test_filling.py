"""Grade files in the shapes that Moodle, Canvas and Blackboard give out come back with marks, and with nothing else."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

import pytest

from course.core.errors import CannotMark
from course.trainer.collecting.roster import RosterEntry
from course.trainer.marks_back.filling import FilledSheet, LearnerMarks, fill
from course.trainer.marks_back.sheets import moodle_sheet, read_sheet
from course.trainer.platforms import Sender, read_name

WORDS = ("two-questions", "The two questions")
PEOPLE = (
    RosterEntry("synthetic-001", "Ada", "Synthetic", "ada@example.org", "101"),
    RosterEntry("synthetic-002", "Ben", "Synthetic", "ben@example.org", "102"),
)
MOODLE = (
    "Identifier,Full name,Email address,Status,Grade,Maximum grade,Grade can be changed,"
    "Last modified (submission),Last modified (grade),Feedback comments\n"
    'Participant 71,=1+1,ada@example.org,Submitted,,20.00,Yes,"Monday, 2 March 2026, 12:01 PM",-,<p>Old</p>\n'
    "Participant 72,Ben,ben@example.org,Submitted,3.00,20.00,Yes,-,-,<p>Stays</p>\n"
)
CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,The two questions (9),Other (10),Current Score\n"
    "    Points Possible,,,,,20.00,5.00,(read only)\n"
    '"Synthetic, Ada",101,u1,ada,Group A,,4.00,80\n'
    '"=Synthetic, Ben",102,u2,ben,Group A,2.00,,10\n'
)
BLACKBOARD = (
    '"Last Name"\t"First Name"\t"Username"\t"Student ID"\t"Total [Total Pts: up to 20 Score] |1"\t'
    '"two-questions [Total Pts: 20 Score] |123"\n'
    '"Synthetic"\t"Ada"\t"synthetic-001"\t""\t"0,5"\t""\n'
    '"Synthetic"\t"Ben"\t"synthetic-002"\t""\t""\t"3,5"\n'
).encode("utf-16")


def marks(learner: str = "synthetic-001", number: float = 17.5, comment: str = "") -> LearnerMarks:
    return LearnerMarks(learner, number, 20, comment)


def filled(
    sheet: str | bytes, *marked: LearnerMarks, people: Iterable[RosterEntry] = PEOPLE, **senders: str
) -> FilledSheet:
    """Return a sheet filled; `senders` has the platform's names by the last figure of a learner's id."""
    data = sheet if isinstance(sheet, bytes) else sheet.encode()
    called: dict[str, Sender] = {}
    for figure, name in senders.items():
        sender = read_name(name)
        assert sender is not None
        called[f"synthetic-00{figure[-1]}"] = sender
    return fill(read_sheet(data, WORDS), marked, people, called)


def table(made: FilledSheet) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(made.data.decode())))


def test_moodles_worksheet_has_the_marked_alone_and_what_moodle_does_not_need_is_left_out() -> None:
    (row,) = table(filled(MOODLE, marks(comment="- Well < seen")))
    assert row == {
        "Identifier": "Participant 71",
        "Grade": "17.5",
        "Maximum grade": "20.00",
        "Last modified (grade)": "",
        "Feedback comments": "<p>- Well &lt; seen</p>",
    }


def test_an_empty_comment_never_replaces_one_on_the_platform() -> None:
    (row,) = table(filled(MOODLE, marks("synthetic-002")))
    assert row["Feedback comments"] == "<p>Stays</p>"


def test_a_comment_on_the_platform_that_would_have_to_change_keeps_its_line_back() -> None:
    made = filled(MOODLE.replace("<p>Stays</p>", "=stays"), marks("synthetic-002"), marks())
    assert made.learners == ("synthetic-001",)
    assert list(made.left_out) == ["synthetic-002"]
    assert "Participant 72" not in made.data.decode()


def test_what_moodle_called_a_hand_in_goes_before_the_address() -> None:
    made = filled(MOODLE, marks(), s1="Participant_72_assignsubmission_file_")
    assert table(made)[0]["Identifier"] == "Participant 72"


def test_blackboards_account_with_a_sign_that_parts_it_is_never_taken_for_its_end() -> None:
    """“x_ada” handed in as “Week 1_x_ada”: that is no reason to give the marks to “ada”."""
    sheet = "Username,two-questions [Total Pts: 20 Score] |123\nada,\nx_ada,\n"
    name = "Week 1_x_ada_attempt_2026-11-22-12-01-02_hand-in.zip"
    known = filled(sheet, LearnerMarks("x_ada", 17.5, 20), people=(RosterEntry("x_ada"),))
    assert table(known)[0]["Username"] == "x_ada"
    made = fill(read_sheet(sheet.encode(), WORDS), [LearnerMarks("x_ada", 5, 20)], (), {"x_ada": sender(name)})
    assert table(made)[0]["Username"] == "x_ada"
    unknown = fill(read_sheet(sheet.encode(), WORDS), [LearnerMarks("kim", 5, 20)], (), {"kim": sender(name)})
    assert (unknown.learners, list(unknown.left_out)) == ((), ["kim"])


def sender(name: str) -> Sender:
    found = read_name(name)
    assert found is not None
    return found


def test_a_line_that_two_learners_would_have_belongs_to_neither() -> None:
    made = filled(MOODLE, marks(), marks("synthetic-002"), s1="Participant_72_assignsubmission_file_")
    assert made.learners == ()
    assert list(made.left_out) == ["synthetic-001", "synthetic-002"]


def test_a_name_alone_finds_nobody() -> None:
    stranger = RosterEntry("x-1", "Ben", "", "other@example.org")
    made = filled(MOODLE, marks("x-1"), people=(stranger,))
    assert list(made.left_out) == ["x-1"]


@pytest.mark.parametrize(
    ("headings", "participant", "marks_column"),
    [
        (
            "ID,Vollständiger Name,E-Mail-Adresse,Status,Bewertung,Bestwertung,Bewertung kann geändert werden,"
            "Zuletzt geändert (Bewertung),Feedback als Kommentar",  # codespell:ignore als
            "Teilnehmer/in71",
            "Bewertung",
        ),
        (
            "Identifiant,Nom complet,Adresse de courriel,"  # codespell:ignore complet,adresse
            "Statut,Note,Note maximale,La note peut être modifiée,"
            "Dernière modification (note),Feedback par commentaires",
            "Participant71",
            "Note",
        ),
    ],
)
def test_moodle_in_german_and_french_keeps_its_own_words_and_its_decimal_comma(
    headings: str, participant: str, marks_column: str
) -> None:
    sheet = f'{headings}\n{participant},Ada,ada@example.org,-,,"20,00",Ja,-,\n'
    (row,) = table(filled(sheet, marks()))
    assert row[marks_column] == "17,5"
    assert participant in row.values()
    assert list(row) == [heading for heading in headings.split(",") if heading in row]


def test_without_a_sheet_moodles_is_made_of_its_own_numbers() -> None:
    sender = read_name("Participant_71_assignsubmission_file_")
    assert sender is not None
    made = fill(
        moodle_sheet({"synthetic-001": "71"}), [marks(), marks("synthetic-002")], PEOPLE, {"synthetic-001": sender}
    )
    assert made.data.decode() == "Identifier,Grade,Last modified (grade)\r\nParticipant 71,17.5,\r\n"
    assert list(made.left_out) == ["synthetic-002"]


def test_canvas_gets_its_columns_of_people_the_points_and_one_assignment() -> None:
    made = filled(CANVAS, marks("synthetic-002"))
    points, row = table(made)
    assert list(row) == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "The two questions (9)"]
    assert points["Student"] == "Points Possible"
    assert points["The two questions (9)"] == "20.00"
    assert row["ID"] == "102"
    assert row["The two questions (9)"] == "17.5"
    assert row["Student"] == "'=Synthetic, Ben"  # Canvas goes by the ID


def test_an_id_that_a_spreadsheet_could_run_is_left_to_be_entered_by_hand() -> None:
    made = filled(CANVAS.replace("u2", "=u2"), marks("synthetic-002"), marks())
    assert made.learners == ("synthetic-001",)
    assert list(made.left_out) == ["synthetic-002"]


def test_blackboards_tabs_in_utf_16_come_back_as_quoted_csv_with_the_columns_number() -> None:
    made = filled(BLACKBOARD, marks())
    assert made.data.decode() == ('"Username","two-questions [Total Pts: 20 Score] |123"\r\n"synthetic-001","17,5"\r\n')


def test_other_marks_on_the_platform_stop_the_file() -> None:
    with pytest.raises(CannotMark, match="20 marks here and 100"):
        filled(MOODLE.replace("20.00", "100.00"), marks())
    with pytest.raises(CannotMark, match="20 marks here and 10"):
        filled(BLACKBOARD.decode("utf-16").replace("Pts: 20", "Pts: 10"), marks())


def test_somebody_called_as_canvas_calls_its_line_of_points_takes_no_marks_from_the_others() -> None:
    rows = CANVAS.splitlines(keepends=True)
    made = filled("".join([rows[0], "Points Possible,103,u3,eve,Group A,3.00,,\n", *rows[1:]]), marks())
    points, row = table(made)
    assert points["The two questions (9)"] == "20.00"
    assert row["ID"] == "101"


@pytest.mark.parametrize("column", ["Identifier", "maximum grade", "Feedback comments"])
def test_marks_never_take_the_place_of_what_moodle_goes_by(column: str) -> None:
    with pytest.raises(CannotMark, match="There are: Grade"):
        read_sheet(MOODLE.encode(), WORDS, column)


def test_a_column_that_is_not_clear_is_asked_for() -> None:
    with pytest.raises(CannotMark, match=r"Other \(10\)"):
        read_sheet(CANVAS.replace("The two questions", "Homework").encode(), WORDS)
    assert read_sheet(CANVAS.encode(), WORDS, "other (10)").marks == "Other (10)"


def test_what_is_no_grade_file_is_refused() -> None:
    for data in (b"id,first_name\n1,Ada\n", b"", b"\x00\xff\x00\x01"):
        with pytest.raises(CannotMark):
            read_sheet(data, WORDS)
