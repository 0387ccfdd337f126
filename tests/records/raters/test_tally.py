"""The table of who counts the forms, however a spreadsheet wrote it; what does not add up is said, and not taken."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.content.scales import find_scale
from course.core.errors import BadTally
from course.records.raters.tally import LARGEST, RaterTally, empty_tally, read_rater_tally
from tests.cases import every

SCALE = find_scale("others")
ROW = (0, 1, 0, 2, 2, 1, 0, 1)
"""Seven forms: how many chose each point, and how many cannot judge."""
HEADINGS = ["Statement", "1", "2", "3", "4", "5", "6", "7", "Cannot judge"]
EXPECTED = RaterTally(7, {item.code: ROW[:7] for item in SCALE.items})


def table(rows: Sequence[Sequence[object]], headings: Sequence[str] = HEADINGS, separator: str = ",") -> str:
    return "\n".join(separator.join(map(str, row)) for row in [headings, *rows] if row)


def numbered(row: Sequence[object] = ROW) -> list[list[object]]:
    return [[number, *row] for number in range(1, 13)]


LONG = ["Statement", "In short", *(f"{number} {label}" for number, label in SCALE.shown), "Cannot judge"]
WAYS = {
    "as an editor writes it": table(numbered()),
    "with semicolons": table(numbered(), separator=";"),
    "copied from a spreadsheet": table(numbered(), separator="\t"),
    "with a mark in front, and the line ends of Windows": "\ufeff" + table(numbered()).replace("\n", "\r\n"),
    "with a line of Excel's": "sep=;\n" + table(numbered(), separator=";"),
    "with the empty table's headings": table([[row[0], "short", *row[1:]] for row in numbered()], LONG),
    "with the words of the points": table(numbered(), ["No.", *SCALE.points, "can’t judge"]),
    "without a name for the first column": table(numbered(), ["", *SCALE.points, "n"]),
    "numbers alone": table(numbered(), []),
    "numbers alone, with a mark in front": "\ufeff" + table(numbered(), []),
    "numbers alone, without those of the statements": table([ROW] * 12, [], "\t"),
    "with codes": table([[item.code, *ROW] for item in SCALE.items][::-1]),
    "with words": table([[f'"{item.text}"', *ROW] for item in SCALE.items]),
    "with numbers and words": table([[f"{place}. {item.short}", *ROW] for place, item in enumerate(SCALE.items, 1)]),
    "with empty cells for none": table(numbered(["", 1, "", 2, 2, 1, "", 1])),
    "with decimals": table(numbered([f"{count}.0" for count in ROW])),
    "in another order, without a name for the column that says which": table(numbered()[::-1], ["", *HEADINGS[1:]]),
    "with the statements at the end": table(
        [[*row[1:], SCALE.items[int(str(row[0])) - 1].short] for row in numbered()[::-1]], [*HEADINGS[1:], "Which"]
    ),
    "with the words before the numbers": table([["short", *row] for row in numbered()], ["In short", *HEADINGS]),
    "with the sums of the tally sheet": table([[*row, 7] for row in numbered()], [*HEADINGS, "Sum"]),
    "with sums under another name": table([[*row, 7] for row in numbered()], [*HEADINGS, "Together"]),
    "with sums before an empty column": table([[*row, 7, ""] for row in numbered()], [*HEADINGS, "Sum", "Notes"]),
    "with some sums": table([[*row, 7 if row[0] == 3 else ""] for row in numbered()], [*HEADINGS, "SUM"]),
    "numbers alone, with the sums": table([[*row, 7] for row in numbered()], []),
    "with empty lines": "\n\n" + table(numbered()) + "\n\n,,,,\n",
}


JUDGED = (0, 0, 1, 2, 2, 1, 1)
"""Seven forms on which all can judge."""
SUMS = {
    "a column called Sum": table(numbered([*JUDGED, 7]), [*HEADINGS[:8], "Sum"]),
    "a column called otherwise": table(numbered([*JUDGED, 7]), [*HEADINGS[:8], "Total"]),
    "a sum before those who cannot judge": table(numbered([*JUDGED, 7, 0]), [*HEADINGS[:8], "Total", "No answer"]),
    "numbers alone": table([[*JUDGED, 7]] * 12, [], "\t"),
    "numbers alone, with those of the statements": table(numbered([*JUDGED, 7]), [], ";"),
}


@every("way", SUMS)
def test_a_column_of_sums_is_not_taken_for_people_who_cannot_judge(way: str) -> None:
    """It would double the number of forms: of five, the result would say that there were eight or more."""
    assert read_rater_tally(SUMS[way]) == RaterTally(7, {item.code: JUDGED for item in SCALE.items})


@every("way", WAYS)
def test_it_is_read_however_it_was_written(way: str) -> None:
    assert read_rater_tally(WAYS[way]) == EXPECTED
    for encoding in ("utf-8", "utf-16", "cp1252"):
        if encoding != "cp1252" or "\ufeff" not in WAYS[way]:
            assert read_rater_tally(WAYS[way].encode(encoding)) == EXPECTED


def test_the_empty_table_can_be_filled_in() -> None:
    lines = empty_tally().decode("utf-8-sig").splitlines()
    assert len(lines) == 13
    filled = "\n".join([lines[0], *(line[: -len(ROW)] + "," + ",".join(map(str, ROW)) for line in lines[1:])])
    assert read_rater_tally(filled) == EXPECTED


def test_an_empty_table_is_of_no_forms() -> None:
    assert read_rater_tally(empty_tally()).forms == 0


WRONG = {
    "": "no table",
    "\n\n": "no table",
    "Dear Kim,\nhere are the numbers": "no column for the point 1",
    table([row[:7] for row in numbered()], HEADINGS[:7]): "no column for the point 7",
    table(numbered()[:11]): "Statement 12 is missing",
    table(numbered()[:10]): "2 statements are missing, the first of them statement 11",
    table([*numbered(), numbered()[2]]): "Line 14: statement 3 is counted twice",
    table([*numbered(), ["Total", *ROW]]): "Line 14: “Total” is not the number of a statement",
    table([*numbered()[:11], [13, *ROW]]): "Line 13: “13” is not the number of a statement",
    table(numbered((0, "two", *ROW[2:]))): "Line 2: “two” is not a number of people",
    table(numbered((0, -1, *ROW[2:]))): "“-1” is not a number of people",
    table(numbered((0, "2.5", *ROW[2:]))): "“2.5” is not a number of people",
    table(numbered((501, *ROW[1:]))): "from 0 to 500",
    table([*numbered()[:11], [12, *ROW[:7], 2]]): "Statement 12 adds up to 8, and most others to 7",
    table(
        [[*row, 7 + (row[0] == 4)] for row in numbered()], [*HEADINGS, "Sum"]
    ): "Line 5: the sum is “8”, and the counts",
    table([[*row, "seven"] for row in numbered()], [*HEADINGS, "Sum"]): "Line 2: the sum is “seven”",
    table([*numbered()[:11], ["Kim", *ROW]], ["", *HEADINGS[1:]]): "“Kim” is not the number of a statement",
    table([ROW] * 13, []): "more rows than the 12 statements",
    "1,2,3\n4,5,6": "no table",
    "x" * (LARGEST + 1): "too large",
}


@every("text, reason", WRONG.items())
def test_what_cannot_be_counted_is_said(text: str, reason: str) -> None:
    with pytest.raises(BadTally) as error:
        read_rater_tally(text)
    assert reason in error.value.message
    assert "Nothing was kept." in error.value.hint


def test_no_text_of_a_program_tells_the_counts() -> None:
    assert repr(EXPECTED) == "RaterTally(forms=7)"


@given(st.text(max_size=300) | st.binary(max_size=300))
def test_whatever_is_pasted_is_read_or_refused_in_words(pasted: str | bytes) -> None:
    with contextlib.suppress(BadTally):
        assert read_rater_tally(pasted).counts


@given(st.data())
def test_no_table_whose_rows_differ_is_taken(data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.lists(st.integers(0, 4), min_size=8, max_size=8), min_size=12, max_size=12))
    text = table([[number, *row] for number, row in enumerate(rows, start=1)])
    if len({sum(row) for row in rows}) == 1:
        assert read_rater_tally(text).forms == sum(rows[0])
    else:
        with pytest.raises(BadTally, match="adds up to"):
            read_rater_tally(text)


@given(st.randoms(use_true_random=False), st.sampled_from(",;\t"))
def test_in_whatever_order_rows_and_columns_are_each_statement_has_its_own_counts(
    random: Random, separator: str
) -> None:
    counted = {item: [0] * 8 for item in SCALE.items}
    for cells in counted.values():
        for _ in range(7):
            cells[random.randrange(8)] += 1
    columns = [
        (random.choice(["Statement", "No.", "Which"]), lambda item: SCALE.items.index(item) + 1),
        (random.choice(["Sum", "Total"]), lambda item: 7),
        *((name, lambda item, place=place: counted[item][place] or "") for place, name in enumerate(HEADINGS[1:])),
    ]
    items = [*SCALE.items]
    random.shuffle(columns)
    random.shuffle(items)
    lines = [[name for name, _ in columns], *([cell(item) for _, cell in columns] for item in items)]
    text = "\n".join(separator.join(map(str, line)) for line in lines)
    assert read_rater_tally(text) == RaterTally(7, {item.code: tuple(counted[item][:7]) for item in SCALE.items})
