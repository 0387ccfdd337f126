"""The looking-back scale asks the habits once more, with a stem of its own and no second copy of their words."""

from __future__ import annotations

from pathlib import Path

import pytest

from course.activities.kinds.rate import Rate
from course.content.scales import find_scale
from course.core.errors import BadContent
from course.records.answers.answers import Answers

TWO = """
[scale.one]
stem = "Now?"
points = ["No", "Yes"]
least = 1
item = [{ code = "A", side = "caring", text = "I asked.", short = "Asked" }]

[scale.two]
stem = "Before?"
like = "one"

[scale.three]
stem = "Before?"
like = "none"
"""


@pytest.fixture
def two_scales(tmp_path: Path) -> Path:
    (tmp_path / "scales.toml").write_text(TWO)
    return tmp_path


def test_a_scale_like_another_has_its_items_and_points_and_its_own_stem(two_scales: Path) -> None:
    one, two = find_scale("one", two_scales), find_scale("two", two_scales)
    assert (two.items, two.points, two.least) == (one.items, one.points, one.least)
    assert (two.name, two.stem) == ("two", "Before?")


def test_a_scale_like_none_that_is_there_is_refused_by_name(two_scales: Path) -> None:
    with pytest.raises(BadContent, match="“none”"):
        find_scale("three", two_scales)


def test_looking_back_asks_the_same_habits_about_another_time() -> None:
    habits, back = find_scale("habits"), find_scale("looking-back")
    assert back.items == habits.items
    assert back.points == habits.points
    assert "before you began the course" in back.stem
    assert back.stem != habits.stem


def test_looking_back_is_kept_apart_from_the_first_rating() -> None:
    answers = Answers(None, "lesson", "trust-plan")
    Rate("now", answers, "habits", "pulse").set("COMP7", "5")
    Rate("looking-back", answers, "looking-back").set("COMP7", "3")
    assert answers.get("now") == {"COMP7": 5, "version": 2}
    assert answers.get("looking-back") == {"COMP7": 3, "version": 2}
