"""What a second marker filled in is read however it was saved, and one line that cannot be taken stops all of it."""

from __future__ import annotations

import json

import pytest

from course.content.rubric import Rubric, read_rubric
from course.core.errors import CannotMark
from course.trainer.second_marks.booklet import booklet_sheet
from course.trainer.second_marks.filled import LONGEST_COMMENT, CheckedMarks, check, read_filled
from course.trainer.second_marks.store import SecondMark
from tests.trainer.second_marks.written import SLUG, people, reflection

RUBRIC = read_rubric("| 4 Questioning | 12 | |\n| 3 Reflecting | 9 | |\n| Nothing written | 0 | |")
ADA, BEN, EVE = (reflection(learner, f"Words of {learner}.") for learner in people(3))
RUBRICS = {SLUG: RUBRIC}


def checked(table: str | bytes, by: str = "KD", kept: tuple[SecondMark, ...] = ()) -> CheckedMarks:
    data = table.encode() if isinstance(table, str) else table
    return check(read_filled(data), by, [ADA, BEN, EVE], RUBRICS, kept)


def table(*lines: str, separator: str = ",") -> str:
    return "\n".join([separator.join(["Exercise", "Number", "Level", "Comment"]), *lines])


def why(found: CheckedMarks) -> str:
    ((problem),) = found.problems
    assert found.marks == ()
    return problem.why


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_is_read_however_a_spreadsheet_saved_it(encoding: str, separator: str) -> None:
    lines = [separator.join([SLUG, ADA.number, "4", "Naïve."]), separator.join([SLUG, BEN.number, "", ""]), ""]
    found = checked(table(*lines, separator=separator).encode(encoding))
    assert found == CheckedMarks((SecondMark(SLUG, ADA.learner, 4, "KD", ADA.digest, "Naïve."),), (), 1)


def test_the_table_that_the_course_makes_is_taken_back_as_it_is() -> None:
    found = checked(booklet_sheet([ADA, BEN, EVE]))
    assert found == CheckedMarks((), (), 3)


@pytest.mark.parametrize("level", ["3", " 3 ", "3.0", "3,0", "3 Reflecting", "reflecting", "REFLECTING"])
@pytest.mark.parametrize("number", [ADA.number, ADA.number.lower(), ADA.number.replace(" ", "-"), f" {ADA.number}  "])
def test_a_level_and_a_number_are_taken_as_people_write_them(level: str, number: str) -> None:
    (mark,) = checked(table(f'{SLUG},"{number}","{level}",')).marks
    assert (mark.learner, mark.level) == (ADA.learner, 3)


def test_nothing_written_is_a_level_too() -> None:
    assert [mark.level for mark in checked(table(f",{ADA.number},0,", f",{BEN.number},nothing written,")).marks] == [
        0,
        0,
    ]


@pytest.mark.parametrize(
    "level", ["2", "5", "9", "12", "33", "3.5", "-3", "3/4", "x", "Reflectings", "\uff13\uff13", "=3", "–"]
)
def test_a_level_that_the_exercise_has_not_is_named_with_those_that_it_has(level: str) -> None:
    said = why(checked(table(f',{ADA.number},"{level}",')))
    assert said == f"“{level}” is none of the levels of this exercise: 4 Questioning; 3 Reflecting; Nothing written."


@pytest.mark.parametrize("number", ["", "KTDWPX LRZB", "1", ADA.number[:-1], ADA.number + "B", "synthetic-0001"])
def test_a_number_that_nothing_has_is_named(number: str) -> None:
    assert why(checked(table(f',"{number}",3,'))).startswith("No reflection here has this number.")


def test_words_that_were_handed_in_since_are_not_marked_by_what_was_read_before() -> None:
    earlier = reflection(ADA.learner, "Earlier words.")
    assert why(checked(table(f",{earlier.number},3,"))).startswith("The person has handed in other words")


def test_a_number_that_stands_twice_is_no_mark_also_with_one_level() -> None:
    found = checked(table(f",{ADA.number},3,", f",{ADA.number.lower()},3,"))
    assert [problem.name for problem in found.problems] == [
        f"line 2: {ADA.number}",
        f"line 3: {ADA.number.lower()}",
    ]


def test_an_empty_line_for_a_number_that_is_filled_in_elsewhere_is_no_second_one() -> None:
    assert len(checked(table(f",{ADA.number},3,", f",{ADA.number},,")).marks) == 1


def test_a_comment_without_a_level_and_one_without_end_are_named() -> None:
    assert why(checked(table(f",{ADA.number},,Why?"))).startswith("It has a comment and no level.")
    assert why(checked(table(f",{ADA.number},3,{'x' * (LONGEST_COMMENT + 1)}"))).startswith("The comment has more than")


def test_one_line_that_cannot_be_taken_stops_all_of_them() -> None:
    found = checked(table(f",{ADA.number},3,", f",{BEN.number},7,", f",{EVE.number},4,"))
    assert [problem.name for problem in found.problems] == [f"line 3: {BEN.number}"]
    assert len(found.marks) == 2


def test_nobody_else_s_mark_is_replaced_but_one_s_own_is_and_one_of_earlier_words() -> None:
    kept = SecondMark(SLUG, ADA.learner, 4, "AB", ADA.digest)
    line = table(f",{ADA.number},3,")
    assert "by AB already" in why(checked(line, "KD", (kept,)))
    assert [mark.level for mark in checked(line, "ab", (kept,)).marks] == [3]
    stale = SecondMark(SLUG, ADA.learner, 4, "AB", "other")
    assert [mark.by for mark in checked(line, "KD", (stale,)).marks] == ["KD"]


def test_an_exercise_without_levels_takes_no_mark() -> None:
    found = check(read_filled(table(f",{ADA.number},3,").encode()), "KD", [ADA], {SLUG: Rubric()}, ())
    assert why(found).endswith("this exercise: –.")


def page(*marks: object, **other: object) -> bytes:
    return json.dumps({"format": 1, "second-marks": list(marks), **other}).encode("utf-8-sig")


def test_what_the_page_saves_is_taken_like_a_table() -> None:
    found = checked(page({"number": ADA.number, "level": "3", "comment": " Why? "}, {"number": BEN.number, "level": 4}))
    assert [(mark.learner, mark.level, mark.comment) for mark in found.marks] == [
        (ADA.learner, 3, "Why?"),
        (BEN.learner, 4, ""),
    ]
    assert checked(page(3, {"number": 7, "level": None})).problems[0].name == "reflection 2: 7"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04\x00",
        b"\xff\xfe\x00",
        b"Number\nX\n",
        b"Level,Comment\n3,\n",
        b"{",
        b'{"format": 2, "second-marks": []}',
        b'{"format": 1, "second-marks": {}}',
        b'{"format": 1}',
        b'{"format": 1, "second-marks": [[[[[]]]]]}',
        b'{"format": 1, "second-marks": ["\\ud800"]}',
        b"{" * 100_000,
    ],
)
def test_what_is_no_such_file_is_refused_in_two_plain_lines(data: bytes) -> None:
    with pytest.raises(CannotMark, match="cannot be read as second marks") as refused:
        read_filled(data)
    assert refused.value.hint


def test_what_a_stranger_wrote_steers_no_terminal_and_is_cut() -> None:
    found = checked(page({"number": f"\x1b[31m{'x' * 100}", "level": "\x1b]8;;x" + "y" * 100}))
    (problem,) = found.problems
    assert "\x1b" not in problem.name + problem.why
    assert len(problem.name) < 80
