"""One sentence a line, and nothing broken by it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from course.authoring.sentences import one_a_line
from tests.cases import every

UNTOUCHED = [
    "# A title. With two sentences",
    "A title. Underlined\n===================",
    "- A card. With two sentences.\n  And a third. Here.",
    "1. First. Then more.",
    "| a | b |\n| --- | --- |\n| One. Two. | Three. |",
    "a | b\n--- | ---\nOne. Two | Three",
    "[^1]: A note. With two sentences.",
    "[words]: file.md 'A title. Here'",
    "```python\nprint('One. Two.')\n```",
    "$$\na. B\n$$",
    "<p>One. Two.</p>",
    "    indented. Code",
    "***",
]
KEPT_TOGETHER = [
    "Trust grows, e.g. Here is why.",
    "Ask Dr. Okoro first.",
    "It is in Fig. 3 of the paper, on p. 7.",
    "J. H. Davis wrote it.",
    "It costs 2.50 a day, or No. 5 if you wait.",
    "See [One. Two](file.md) and **Three. Four** and *Five. Six* and `Seven. Eight`.",
    "Use it. - it is no list.",
    "wait … and see",
]
PARTED = [
    ("She said no. Then she left.", ["She said no.", "Then she left."]),
    ("**About 30 minutes.** For everyone.", ["**About 30 minutes.**", "For everyone."]),
    ("Is it so? Yes! Good.", ["Is it so?", "Yes!", "Good."]),
    ("He said “I will.” She waited.", ["He said “I will.”", "She waited."]),
    ("One of them is I. Then you.", ["One of them is I.", "Then you."]),
    ("The words\ngo on. And end.", ["The words go on.", "And end."]),
    ("First line\\\nsecond line. Third.", ["First line\\", "second line.", "Third."]),
    ("First line  \nsecond line.", ["First line\\", "second line."]),
    ("> A quotation. Of two.", ["> A quotation.", "> Of two."]),
]


@every("markdown", UNTOUCHED)
def test_what_has_its_own_shape_stays(markdown: str) -> None:
    assert one_a_line(markdown) == markdown


@every("markdown", KEPT_TOGETHER)
def test_what_ends_no_sentence_breaks_no_line(markdown: str) -> None:
    assert one_a_line(markdown) == markdown


@every("markdown, lines", PARTED)
def test_each_sentence_has_its_line(markdown: str, lines: list[str]) -> None:
    assert one_a_line(markdown).split("\n") == lines


TEXT = ["One", "two.", "Three!", "e.g.", "“Four.”", "**Five.", "six**", "`", "[a. B](c)", "Dr.", "I.", "…", "7."]
SHAPES = [
    "- ",
    "1. ",
    "# ",
    "> ",
    "|",
    "---",
    "===",
    "```",
    "$$",
    "<p>",
    "    ",
    "[^1]: ",
    "  \n",
    "\n",
    "\n\n",
    "\\\n",
]
PIECES = st.sampled_from([*TEXT, *SHAPES])


@given(st.lists(PIECES, max_size=14).map(" ".join))
def test_what_is_tidy_stays(markdown: str) -> None:
    once = one_a_line(markdown)
    assert one_a_line(once) == once


@given(st.lists(PIECES, max_size=14).map(" ".join))
def test_no_word_is_lost(markdown: str) -> None:
    def letters(text: str) -> str:
        return "".join(letter for letter in text if letter not in " \n\\>")

    assert letters(one_a_line(markdown)) == letters(markdown)
