"""Which lines say the same: near misses on both sides."""

from __future__ import annotations

from course.workshop.rules.equal_lines import line_key
from tests.cases import every


@every(
    "first,second",
    [
        ("Hope", "hope"),
        ("  hope , mostly", "Hope mostly."),
        ("don’t rush", "Don't rush"),
        ("dont rush", "don't rush"),
        ("re-do", "re do"),
        ("\u00e9t\u00e9", "e\u0301te\u0301"),
        ("\uff46\uff55\uff4c\uff4c", "full"),
        ("STRASSE", "straße"),
        ("hope\u200d", "hope"),
        ({"if": "Monday", "then": "ask"}, {"then": "Ask!", "if": "monday", "show": True}),
    ],
)
def test_these_say_the_same(first: object, second: object) -> None:
    assert line_key(first) == line_key(second)  # type: ignore[arg-type]


@every(
    "first,second",
    [
        ("hope", "hopes"),
        ("👍", "👎"),
        ("?", "!"),
        ("5 %", "5"),
        ("C+", "C"),
        ("hometime", "home time"),
        ("میخواهم", "میخواهد"),
        ({"if": "a", "then": "b"}, {"if": "b", "then": "a"}),
    ],
)
def test_these_do_not(first: object, second: object) -> None:
    assert line_key(first) != line_key(second)  # type: ignore[arg-type]
