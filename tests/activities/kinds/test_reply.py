"""A learner may write back once there is feedback; it goes with the answers, and nothing is asked for."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from course.activities.kinds.hand_in import HandInCard
from course.activities.kinds.reply import ReplyCard, may_reply
from course.content import words
from course.core import names
from course.core.errors import TextTooLong
from course.core.pages.web_edition import as_web_edition
from course.records import submission_file
from course.records.answers.answers import Answers
from course.records.submissions import submission_statuses
from tests.packing import SLUG, exercise

Find = Callable[[Any, str], dict[str, Any]]
TIME = "2026-11-22 12:01:02.345678 UTC"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return exercise(tmp_path / "exercises", q2="D", reflection="I listened.")


@pytest.fixture
def with_feedback(folder: Path) -> Path:
    """An exercise that was handed in with a file, and on which there is feedback."""
    submission_file.make(folder, SLUG, "synthetic-017")
    place = folder / names.FEEDBACK / TIME
    place.mkdir(parents=True)
    (place / names.feedback_page_name(SLUG)).write_text("<p>Well done.</p>", encoding="utf-8")
    return folder


@pytest.fixture
def web_edition() -> Iterator[None]:
    with as_web_edition():
        yield


def answers(folder: Path) -> Answers:
    """Return the answers as a new window has them."""
    return Answers(folder / names.ANSWERS, "exercise", SLUG)


def test_nothing_is_offered_before_there_is_feedback(folder: Path, with_feedback: Path, tmp_path: Path) -> None:
    assert may_reply(answers(with_feedback))
    (folder / names.FEEDBACK / TIME / names.feedback_page_name(SLUG)).unlink()
    assert not may_reply(answers(folder)), "it is handed in, and nobody has said anything yet"
    assert not may_reply(Answers(None, "exercise", SLUG)), "an author's own page keeps nothing"
    assert not may_reply(Answers(with_feedback / names.ANSWERS, "lesson", SLUG))


def test_what_was_written_can_be_read_and_taken_back_wherever_the_feedback_is(folder: Path, control: Find) -> None:
    answers(folder).save("reply", "Thank you.")
    assert may_reply(answers(folder))
    card = ReplyCard(answers(folder))
    assert control(card, "text")["value"] == "Thank you."
    card.set("text", "  ")
    assert "reply" not in json.loads((folder / names.ANSWERS).read_text(encoding="utf-8"))["answers"]


@pytest.mark.usefixtures("web_edition")
def test_in_the_web_edition_it_is_offered_once_a_file_was_made(folder: Path) -> None:
    assert not may_reply(answers(folder))
    submission_file.make(folder, SLUG, "synthetic-017")
    assert may_reply(answers(folder))
    assert "Once your feedback has come" in str(ReplyCard(answers(folder)).controls())


def test_the_card_says_who_reads_it_and_asks_for_nothing(with_feedback: Path, control: Find) -> None:
    card = ReplyCard(answers(with_feedback))
    shown = str(card.controls())
    for said in ("Only your trainer is shown it.", "it changes no marks", "also when the day it was due is over"):
        assert said in shown
    assert "skip" not in shown.lower()
    assert card.done is None
    with pytest.raises(TextTooLong):
        card.set("text", "x" * 20_001)
    card.set("text", ["no text"])
    assert card.text == ""


def test_it_goes_with_the_next_file_beside_the_same_answers(with_feedback: Path, control: Find) -> None:
    kept = answers(with_feedback)
    before = json.loads((with_feedback / names.ANSWERS).read_text(encoding="utf-8"))
    ReplyCard(kept).set("text", "Thank you. One question.")
    hand_in = HandInCard("hand-in", kept)
    assert "What you wrote to your trainer is not in this file" in control(hand_in, "made")["text"]
    [status] = [one for one in submission_statuses(with_feedback.parent, None) if one.exercise == SLUG]
    assert (status.is_reply_new, status.is_changed) == (True, False)
    hand_in.set("learner", "synthetic-017")
    hand_in.press("make")
    data = (with_feedback / submission_file.file_name(SLUG)).read_bytes()
    packed = json.loads(submission_file.read(io.BytesIO(data)).contents[names.ANSWERS])
    assert packed == {**before, "answers": {**before["answers"], "reply": "Thank you. One question."}}
    assert "ready" in control(hand_in, "made")["text"]
    [status] = [one for one in submission_statuses(with_feedback.parent, None) if one.exercise == SLUG]
    assert (status.is_reply_new, status.is_changed) == (False, False)


def test_another_answer_is_said_to_be_one_with_a_reply_beside_it_or_not(with_feedback: Path, control: Find) -> None:
    kept = answers(with_feedback)
    kept.save("reply", "Thank you.")
    kept.save("q2", "A")
    assert words("hand-in.changed", day="x", time="y")[:20] in control(HandInCard("hand-in", kept), "made")["text"]
    [status] = [one for one in submission_statuses(with_feedback.parent, None) if one.exercise == SLUG]
    assert (status.is_reply_new, status.is_changed) == (False, True)
