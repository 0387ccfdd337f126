"""What a page's template is given follows what the trainer set, as it is now."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat.v4 as new
import pytest
from jinja2 import Environment, FileSystemLoader

from course.core.errors import BadContent
from course.trainer.configuration import TEMPLATES
from course.trainer.pages.exercise_page import ExercisePage, MarkingPage
from tests import pseudo

FOR_TRAINER = {"submission_id": "1", "assignment_id": "listening"}
FOR_LEARNER = {"nbgrader": {"assignment": "listening"}}


def given(root: Path, about: dict[str, Any]) -> MarkingPage:
    _, resources = ExercisePage(root=str(root)).preprocess(new.new_notebook(), dict(about))
    page = resources["course"]
    assert isinstance(page, MarkingPage)
    return page


def test_a_page_has_the_comments_of_its_exercise_and_a_nonce_of_its_own(tmp_path: Path) -> None:
    first, second = given(tmp_path, FOR_TRAINER), given(tmp_path, FOR_LEARNER)
    assert "when you stop listening" in first.comments[4][1]
    assert first.comments == second.comments
    assert first.nonce != second.nonce


def test_what_a_trainer_sets_counts_from_the_next_page_on(tmp_path: Path) -> None:
    page = ExercisePage(root=str(tmp_path))
    assert page.preprocess(new.new_notebook(), dict(FOR_TRAINER))[1]["course"].marks
    (tmp_path / "cohort.toml").write_text("marks = false\n", encoding="utf-8")
    assert not page.preprocess(new.new_notebook(), dict(FOR_TRAINER))[1]["course"].marks


def test_a_mistake_in_the_settings_is_shown_to_the_trainer_and_stops_a_learners_page(tmp_path: Path) -> None:
    (tmp_path / "cohort.toml").write_text("marks = 0\n", encoding="utf-8")
    (tmp_path / "comments.toml").write_text("[none]\n", encoding="utf-8")
    mistakes = given(tmp_path, FOR_TRAINER).mistakes
    assert [mistake.message.partition(":")[0] for mistake in mistakes] == ["cohort.toml", "comments.toml"]
    with pytest.raises(BadContent, match="neither true nor false"):
        given(tmp_path, FOR_LEARNER)


@pytest.mark.parametrize("words, language", [("left out", "en-GB"), ("translated", pseudo.LANGUAGE)])
def test_a_translations_exercise_stands_on_a_page_that_declares_its_own_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str, language: str
) -> None:
    folder = pseudo.write_edition(tmp_path / "words")
    if words == "left out":
        (folder / "trainer.toml").unlink()
    monkeypatch.setenv("BUILDING_TRUST_WORDS", str(folder))
    notebook = new.new_notebook(metadata={"course": {}})
    _, resources = ExercisePage(root=str(tmp_path)).preprocess(notebook, dict(FOR_TRAINER))
    template = Environment(loader=FileSystemLoader(TEMPLATES / "formgrade")).get_template("index.html.j2")
    page = template.render(resources={**resources, "base_url": "", "notebook_id": "Дд", "total": 1, "index": 0})
    assert f'<html lang="{language}" dir="ltr">' in page
    assert f'<h1 lang="{pseudo.LANGUAGE}" dir="ltr">Дд</h1>' in page
    assert ("Show the name" in page) is (words == "left out")
