"""What a page's template is given follows what the trainer set, as it is now."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat.v4 as new
import pytest

from course.core.errors import BadContent
from course.trainer.pages.exercise_page import ExercisePage

FOR_TRAINER = {"submission_id": "1", "assignment_id": "listening"}
FOR_LEARNER = {"nbgrader": {"assignment": "listening"}}


def given(root: Path, about: dict[str, Any]) -> dict[str, Any]:
    _, resources = ExercisePage(root=str(root)).preprocess(new.new_notebook(), dict(about))
    return dict(resources["course"])


def test_a_page_has_the_comments_of_its_exercise_and_a_nonce_of_its_own(tmp_path: Path) -> None:
    first, second = given(tmp_path, FOR_TRAINER), given(tmp_path, FOR_LEARNER)
    assert "when you stop listening" in first["comments"][4][1]
    assert first["comments"] == second["comments"]
    assert first["nonce"] != second["nonce"]


def test_what_a_trainer_sets_counts_from_the_next_page_on(tmp_path: Path) -> None:
    page = ExercisePage(root=str(tmp_path))
    assert page.preprocess(new.new_notebook(), dict(FOR_TRAINER))[1]["course"]["marks"]
    (tmp_path / "cohort.toml").write_text("marks = false\n", encoding="utf-8")
    assert not page.preprocess(new.new_notebook(), dict(FOR_TRAINER))[1]["course"]["marks"]


def test_a_mistake_in_the_settings_is_shown_to_the_trainer_and_stops_a_learners_page(tmp_path: Path) -> None:
    (tmp_path / "cohort.toml").write_text("marks = 0\n", encoding="utf-8")
    (tmp_path / "comments.toml").write_text("[none]\n", encoding="utf-8")
    mistakes = given(tmp_path, FOR_TRAINER)["mistakes"]
    assert [mistake.message.partition(":")[0] for mistake in mistakes] == ["cohort.toml", "comments.toml"]
    with pytest.raises(BadContent, match="neither true nor false"):
        given(tmp_path, FOR_LEARNER)
