"""Tables in a terminal: each fits it, and in one that is too narrow for its columns each row is written as lines."""

from __future__ import annotations

import io

from rich.cells import cell_len
from rich.console import Console

from course.trainer.terminal_tables import SummaryTable, fold, print_tables
from tests.cases import every

SLUG = "two-questions"
MOODLE = "Synthetic Learner_1234567_assignsubmission_file_"
WAITING = SummaryTable(
    "These wait for you: whose are they?",
    ("Item", "File", "Exercise", "Why", "Who it could be"),
    (
        ("bd254a8d82dd", f"{MOODLE}/hand-in.zip", SLUG, "The receipt says synthetic-learner-2026.", "s01: the name"),
        ("c322eb1a4404", "b.zip", "keeping-your-word", "Two people are called so.", ""),
    ),
)
COUNTS = SummaryTable(
    "How the exercises stand",
    ("Exercise", "Handed in", "Waiting to be read", "Refused"),
    ((SLUG, "31", "4", "0"), ("Not known", "", "", "1")),
)


def printed(table: SummaryTable, width: int) -> list[str]:
    """Return the lines of a table in a terminal of a width."""
    console = Console(file=io.StringIO(), width=width, highlight=False)
    print_tables(console, [table])
    assert isinstance(console.file, io.StringIO)
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


@every(
    "text, width, lines",
    [
        ("", 5, [""]),
        ("one two", 7, ["one two"]),
        ("one two", 6, ["one", "two"]),
        ("it is a_long-name.zip here", 12, ["it is a_", "long-name.", "zip here"]),
        ("two  spaces", 20, ["two  spaces"]),
        ("xxxxxxxx", 3, ["xxx", "xxx", "xx"]),
        ("名名名", 4, ["名名", "名"]),
        ("a" * 5 + "_" + "b" * 4, 6, ["aaaaa_", "bbbb"]),
    ],
)
def test_a_text_is_folded_at_spaces_then_after_signs_then_anywhere(text: str, width: int, lines: list[str]) -> None:
    assert fold(text, width) == lines


def test_nothing_is_lost_at_any_width() -> None:
    text = f"Zoë 名 (1)/{MOODLE}/hand-in-{SLUG}.zip, and more"
    for width in range(2, 90):
        lines = fold(text, width)
        assert "".join("".join(lines).split()) == "".join(text.split())
        assert max(map(cell_len, lines)) <= width


@every("table", [WAITING, COUNTS])
def test_no_line_is_wider_than_the_terminal(table: SummaryTable) -> None:
    for width in range(20, 160):
        assert max(map(cell_len, printed(table, width))) <= width


@every("width", [40, 50, 60])
def test_where_the_columns_have_no_room_each_row_is_written_in_lines(width: int) -> None:
    lines = printed(WAITING, width)
    assert lines[0] == WAITING.caption
    assert "Item: bd254a8d82dd" in lines, "it is typed into the next command"
    assert f"Exercise: {SLUG}" in lines
    second = lines[lines.index("Item: c322eb1a4404") :]
    assert second == [
        "Item: c322eb1a4404",
        "File: b.zip",
        "Exercise: keeping-your-word",
        "Why: Two people are called so.",
        "",
    ]


def test_counts_stand_in_a_table_where_there_is_room_and_nothing_stands_for_no_count() -> None:
    assert [line.split() for line in printed(COUNTS, 80)[4:6]] == [[SLUG, "31", "4", "0"], ["Not", "known", "1"]]
    assert printed(COUNTS, 30) == [
        *("How the exercises stand", ""),
        *(f"Exercise: {SLUG}", "Handed in: 31", "Waiting to be read: 4", "Refused: 0", ""),
        *("Exercise: Not known", "Refused: 1", ""),
    ]


def test_a_strangers_name_is_no_style_in_lines_either() -> None:
    table = SummaryTable("Refused", ("Refused", "Exercise", "Why"), (("[red]\x1b[2J.zip", "x" * 30, "It is damaged."),))
    assert printed(table, 40)[:3] == ["Refused", "", r"[red]\x1b[2J.zip"]


def test_in_lines_too_a_table_whose_first_column_is_its_name_says_that_once() -> None:
    name = f"Collected: {SLUG}"
    table = SummaryTable(name, (name, "Learner", "Time"), (("b.zip", "s01", "20 November 2026, 09:12:41"),))
    assert printed(table, 40) == [name, "", "b.zip", "Learner: s01", "Time: 20 November 2026, 09:12:41", ""]
