"""A hand-in is marked by the keys of the version that was answered, or set aside by name."""

from __future__ import annotations

from course.content.lessons import exercise_version
from course.trainer.exercise_version import why_set_aside

TODAY = exercise_version("repair")


def test_only_a_hand_in_of_todays_version_is_marked() -> None:
    assert why_set_aside("repair", TODAY, "synthetic-001") == ""
    assert why_set_aside("repair", None, "synthetic-001") == ""
    assert "have changed since" in why_set_aside("repair", TODAY - 1, "synthetic-001")
    newer = why_set_aside("repair", TODAY + 1, "synthetic-001")
    assert "Update the course" in newer
    assert "synthetic-001" in newer
