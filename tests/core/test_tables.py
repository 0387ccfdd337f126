"""A table runs nothing in a spreadsheet, and is read from whichever spreadsheet saved it."""

from __future__ import annotations

import ast
import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.core.tables import BadTable, csv_bytes, harmless, read_headings, read_table
from tests.cases import every
from tests.paths import ROOT
from tests.syntax_trees import course_files, nodes


@every(
    "cell",
    [
        *["=1+1", "+1+1", "-1+1", "@SUM(A1)", " =1+1", "\ufeff=1+1", "\u200b=1", "\xa0=1"],
        *[
            "\u2003 -a",
            "\x00=1",
            "\x0b@a",
            "\uff1d1+1",
            "\uff20a",
            "  \uff0b1",
            "\uff0d1",
            "-",
            "+44 20 7946",
            " -0.5",
            "-0.5\n",
            "- a list",
        ],
        *["\ttab in front", "-٣"],
    ],
)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@every("cell", ["", "0", "-0.5", "+3", "12.50", "Kim", "a=b", "1-2", " words", "’=1", "\u200bKim", "'=1"])
def test_numbers_and_words_stay_as_they_are(cell: str) -> None:
    assert harmless(cell) == cell


@given(st.lists(st.lists(st.text(), min_size=1, max_size=3), min_size=1))
def test_whatever_is_written_no_cell_begins_a_formula(rows: list[list[str]]) -> None:
    text = csv_bytes(rows).decode("utf-8-sig")
    for row in csv.reader(io.StringIO(text, newline="")):
        for cell in row:
            assert harmless(cell) == cell


@every("cell", ["a;=1+1", "a\t@a", "a\n-1", "a\r\n+1", 'a;"=1+1', "a; \u200b=1", "a;\uff1d1"])
def test_no_cell_has_a_formula_where_a_spreadsheet_may_part_it(cell: str) -> None:
    [sign] = [sign for sign in cell if sign in "=@-+\uff1d"][:1]
    assert harmless(cell) == cell.replace(sign, f"'{sign}", 1)


@every("cell", ["a;b", "a\nb", "a,=1", "a; 1", "one\n\ntwo = 2"])
def test_words_on_several_lines_stay_as_they_are(cell: str) -> None:
    assert harmless(cell) == cell


@given(st.lists(st.lists(st.text(alphabet=';,\t\n\r"=- a\u200b'), min_size=1, max_size=3), min_size=1), st.booleans())
def test_also_where_a_spreadsheet_looks_for_another_separator_no_cell_begins_a_formula(
    rows: list[list[str]], quote_all: bool
) -> None:
    text = csv_bytes(rows, quote_all=quote_all).decode("utf-8-sig")
    for separator in ",;\t":
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            assert not any(cell.lstrip(" \t\r\n\u200b").startswith(("=", "-")) for cell in row)


def test_every_table_is_read_and_written_here() -> None:
    using = [
        path.relative_to(ROOT).as_posix()
        for path in course_files()
        for node in nodes(path)
        if isinstance(node, ast.Import) and "csv" in [name.name for name in node.names]
    ]
    assert using == ["course/core/tables.py"]


def test_the_line_with_which_excel_names_a_separator_is_no_row() -> None:
    (row,) = read_table('"sep=;"\r\na;b,c\r\n1;2\r\n'.encode("utf-8-sig"))
    assert row.cells == {"a": "1", "b,c": "2"}
    assert row.line == 3


def test_a_column_without_a_name_is_left_out_and_of_two_with_one_the_first_that_says_something_counts() -> None:
    assert [row.cells for row in read_table("a,,a\n1,x,2\n,y,3\n")] == [{"a": "1"}, {"a": "3"}]


def test_a_table_is_utf_8_with_a_mark_for_excel_or_without_one() -> None:
    rows = [["name", "mark"], ["Zoë", "-0.5"], ["=1", 'a "b", c']]
    assert csv_bytes(rows) == b'\xef\xbb\xbfname,mark\r\nZo\xc3\xab,-0.5\r\n\'=1,"a ""b"", c"\r\n'
    assert csv_bytes([["a"]], bom=False) == b"a\r\n"
    assert csv_bytes([["a", "1"]], bom=False, quote_all=True) == b'"a","1"\r\n'


def test_what_utf_8_cannot_hold_becomes_a_question_mark() -> None:
    assert csv_bytes([["\ud800"]], bom=False) == b"?\r\n"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_table_is_read_from_any_spreadsheet(separator: str, encoding: str, end: str) -> None:
    lines = [["Part", "Answer", "Count"], ["Zoë", '"a, b; c"', "3"]]
    text = "".join(separator.join(line) + end for line in lines)
    (row,) = read_table(text.encode(encoding), ("part", "answer", "count"))
    assert (row.line, row.cells) == (2, {"part": "Zoë", "answer": "a, b; c", "count": "3"})
    assert read_table(text) == [row]


def test_a_row_is_named_by_the_line_in_which_it_begins() -> None:
    rows = read_table('\na,b\n"one\ntwo",1\n\n ,\nthree,3\n')
    assert [(row.line, row.cells["a"]) for row in rows] == [(3, "one\ntwo"), (7, "three")]


def test_a_short_row_has_empty_cells_and_a_cell_too_many_is_left_out() -> None:
    assert [row.cells for row in read_table("a,b\n1\n1,2,3\n")] == [{"a": "1", "b": ""}, {"a": "1", "b": "2"}]


def test_a_separator_inside_of_quotes_does_not_count() -> None:
    (row,) = read_table('"a, the first, of all";b\n1;2\n')
    assert row.cells == {"a, the first, of all": "1", "b": "2"}


@pytest.mark.parametrize("table, line", [("", 1), ("\n \n", 1), (b"a\0b", 1), ("\nb,c\n", 2)])
def test_what_is_no_table_or_lacks_a_column_is_refused_with_its_line(table: bytes | str, line: int) -> None:
    with pytest.raises(BadTable) as caught:
        read_table(table, ["a"])
    assert caught.value.line == line


def test_a_cell_beyond_belief_is_refused_with_its_line() -> None:
    with pytest.raises(BadTable) as caught:
        read_table("a\nb\n" + "x" * 200_000)
    assert caught.value.line == 3


def test_a_row_shows_nothing_that_was_written() -> None:
    (row,) = read_table("a\nsecret\n")
    assert "secret" not in repr(row)


@every(
    "table, names",
    [
        ("Identifier,Grade\n7,1\n", ["Identifier", "Grade"]),
        ("sep=;\nIdentifier;Grade, of 20\n7;1\n", ["Identifier", "Grade, of 20"]),
        ("\n , \n Identifier , Grade \nsep=;\n", ["Identifier", "Grade"]),
        ("Name\nsep=;\n", ["Name"]),
        ('Identifier, "Grade, of 20"\n7, 1\n', ["Identifier", "Grade, of 20"]),
        ("", []),
    ],
)
def test_the_headings_are_the_first_line_with_anything_but_what_names_the_separator(
    table: str, names: list[str]
) -> None:
    assert read_headings(table) == names
    assert read_headings(table.encode("utf-16")) == names
    assert not names or all([*row.cells] == [name.lower() for name in names] for row in read_table(table))
