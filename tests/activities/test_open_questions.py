"""What is missing in an exercise: each question is named, and nobody is told that an answer is right."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from course.activities.open_questions import missing_sentences, unanswered
from course.content import words as say
from course.content.lessons import find_lesson, lessons
from course.core.errors import AnswersNotKept
from tests.activities.test_marks import NEAR_MISSES
from tests.paths import ROOT

SLUGS = [lesson.key for lesson in lessons() if lesson.key in NEAR_MISSES]
WRONG = {slug: {key: tries[-1][0] for key, tries in NEAR_MISSES[slug].items()} for slug in SLUGS}
"""An answer to each question of each exercise that gets few marks or none."""
PASSED = {"success": True, "value": {}}


def exercise(tmp_path: Path, slug: str, answers: dict[str, Any] | None = None) -> Path:
    """Return a learner's folder of an exercise, with these answers in it."""
    folder = tmp_path / slug
    shutil.copytree(ROOT / "exercises" / slug, folder)
    if answers is not None:
        record = {"format": 2, "exercise": slug, "version": find_lesson(slug).version, "answers": answers}
        (folder / "answers.json").write_text(json.dumps(record))
    return folder


def titles(slug: str) -> list[str]:
    return [*(f"Question {key[1:]}" for key in NEAR_MISSES[slug]), "The reflection"]


def test_there_are_eight_exercises() -> None:
    assert len(SLUGS) == 8


@pytest.mark.parametrize("slug", SLUGS)
def test_every_question_of_an_exercise_is_missing_at_first_in_reading_order(slug: str, tmp_path: Path) -> None:
    folder = exercise(tmp_path, slug)
    assert unanswered(folder) == titles(slug)
    assert missing_sentences(folder) == [f"{title} has no answer yet." for title in titles(slug)]


@pytest.mark.parametrize("slug", SLUGS)
def test_wrong_answers_are_answers_and_nobody_is_told_that_they_are_right(slug: str, tmp_path: Path) -> None:
    folder = exercise(tmp_path, slug, {**WRONG[slug], "reflection": "I listened."})
    assert unanswered(folder) == []
    assert missing_sentences(folder, PASSED) == [
        "Every question has an answer. Whether they are right is for your trainer to say."
    ]


@pytest.mark.parametrize("slug", SLUGS)
def test_one_question_without_an_answer_is_named_alone(slug: str, tmp_path: Path) -> None:
    answers = {**WRONG[slug], "reflection": "  "}
    del answers["q2"]
    failed = {"success": True, "value": {"failed": [{"source": 'mark.answered("q2")', "error": "…"}]}}
    expected = ["Question 2 has no answer yet.", "The reflection has no answer yet."]
    assert missing_sentences(exercise(tmp_path, slug, answers), failed) == expected


def test_a_sorting_with_a_card_that_was_not_placed_is_not_finished(tmp_path: Path) -> None:
    kept = WRONG["two-questions"]["q1"]
    units = {card: None if place == 1 else group for place, (card, group) in enumerate(kept["units"].items())}
    answers = {**WRONG["two-questions"], "q1": {**kept, "units": units}, "reflection": "I listened."}
    folder = exercise(tmp_path, "two-questions", answers)
    assert unanswered(folder) == ["Question 1"]
    assert missing_sentences(folder) == ["Question 1 is not finished: at least one part of it is still open."]


def test_answers_to_an_earlier_version_of_the_exercise_do_not_count(tmp_path: Path) -> None:
    folder = exercise(tmp_path, "repair", {**WRONG["repair"], "reflection": "I listened."})
    record = json.loads((folder / "answers.json").read_text())
    (folder / "answers.json").write_text(json.dumps({**record, "version": 1}))
    assert unanswered(folder) == titles("repair")[:-1]


def test_answers_that_cannot_be_read_are_not_called_missing(tmp_path: Path) -> None:
    folder = exercise(tmp_path, "repair")
    (folder / "answers.json").write_text("{")
    with pytest.raises(AnswersNotKept):
        unanswered(folder)
    [sentence] = missing_sentences(folder, PASSED)
    assert "answers.json is damaged" in sentence


@pytest.mark.parametrize(
    "reply, key",
    [
        ({"success": True, "value": {"changed": [{"source": "x"}]}}, "missing.other-page"),
        ({"success": True, "value": {"type_changed": [{"source": "x"}]}}, "missing.other-page"),
        ({"success": True, "value": {"failed": [{"source": "x", "error": "MemoryError"}]}}, "missing.not-checked"),
        ({"success": False, "value": "Traceback (most recent call last)"}, "missing.not-checked"),
        ({}, "missing.not-checked"),
    ],
)
def test_what_nbgrader_found_besides_is_said_in_our_words(reply: dict[str, Any], key: str, tmp_path: Path) -> None:
    folder = exercise(tmp_path, "repair", {**WRONG["repair"], "reflection": "I listened."})
    assert missing_sentences(folder, reply) == [say(key)]


@pytest.mark.parametrize("name", ["repair", "no-lesson"])
def test_a_folder_without_an_exercise_is_answered_with_what_to_do(name: str, tmp_path: Path) -> None:
    assert missing_sentences(tmp_path / name, PASSED) == [say("missing.not-checked")]
