"""What people write is kept as their script needs it, and what shows nothing is no line."""

from __future__ import annotations

import pytest

from course.core.errors import SessionRefused
from course.workshop.plain_text import plain_line
from course.workshop.rules.answers import check_answer
from course.workshop.script.script import ScriptQuestion
from tests.cases import every

LINES = ScriptQuestion("differences", "lines", "What do we see differently?")
THANKS = ScriptQuestion("thanks", "thanks", "Thank you", fields={"to": "To", "for": "for"})


@every(
    "line",
    [
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian: without the joiner it is misspelt
        "क्\u200dष",  # Hindi: the same letters in another shape
        "👩\u200d👩\u200d👧",
        "❤\ufe0f",
        "\U0001f3f4\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f",  # the flag of Wales
        "שלום C++\u200e (הצוות)",
        "مرحبا (فريق) 123.\u200f",
        "\u06dd",
        "\U0001fae8 and \U0001fae9",  # emoji that are newer than some Pythons
        "naïve — “yes”",
        "⠓⠊⠀⠁",  # Braille with its own space
    ],
)
def test_what_a_script_needs_is_kept(line: str) -> None:
    assert plain_line(f" {line}\n") == line


@every(
    "typed, line",
    [
        ("one\u202etwo\u202c", "onetwo"), ("\u2066one\u2069", "one"), ("soft\u00adhyphen", "softhyphen"),
        ("\ufeffone", "one"), ("one\u200b two", "one two"), ("one\u200e", "one"), ("\u200cone", "one"),
        ("one\u200d", "one"), ("one \u200d two", "one two"), ("one\u200d\u200c\u200dtwo", "onetwo"),
        ("in\u200cvisible", "invisible"),
        ("one\U000e0041\U000e0042", "one"), ("\U0001f3f4\U000e0067", "\U0001f3f4"), ("one\ufdd0\uffff", "one"),
        ("one\r\n\u2028two", "one two"), ("e\u0301", "é"), ("one\ue000", "one"),
    ],
)  # fmt: skip
def test_what_hides_or_turns_words_is_left_out(typed: str, line: str) -> None:
    assert plain_line(typed) == line


@every("blank", ["\u3164\u3164", "\u2800\u2800", "\u115f", "\uffa0", "\u1160", "\u0301", "\u200f", "\u200d", " \n", "",
                 "\ufe0f", "\u034f", "\U000e0041", "\u200f\u200e \u3164\u0301", "\u17b4", "\U0001d159"])  # fmt: skip
def test_a_line_that_shows_nothing_is_refused_as_empty(blank: str) -> None:
    assert plain_line(blank) == ""
    for question, value in ((LINES, blank), (THANKS, {"to": blank, "for": ""})):
        with pytest.raises(SessionRefused, match="nothing in it to read"):
            check_answer(question, value)


def test_a_field_may_stay_empty_beside_one_that_is_not() -> None:
    assert check_answer(THANKS, {"to": "the porters", "for": "\u3164"}) == {"to": "the porters", "for": ""}
    assert check_answer(LINES, None) is None
