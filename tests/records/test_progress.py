"""Progress is read from what was answered: an exercise counts once it is answered or skipped."""

from __future__ import annotations

from pathlib import Path

import pytest

from course.activities.notebook_cards import make_card
from course.content.lessons import Lesson, follow_up, lessons
from course.core.notebooks import ask_calls, ask_keys, material, read_notebook
from course.records.journal import Journal
from course.records.progress import Progress, next_step, progress
from tests.cases import every

SLUG = "starting-point"


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal")


@pytest.fixture
def keys() -> list[str]:
    return ask_keys(read_notebook(material() / "notebooks" / f"{SLUG}.ipynb"))


def first(journal: Journal) -> Progress:
    return progress(journal)[0]


def test_there_is_progress_in_each_lesson_in_order(journal: Journal) -> None:
    assert [step.lesson for step in progress(journal)] == list(lessons())
    assert {step.finished for step in progress(journal)} == {0}
    assert not journal.folder.exists()


@pytest.mark.parametrize("page", ['{"format": 99}', "{"])
def test_of_a_page_that_cannot_be_read_nothing_is_claimed(journal: Journal, page: str) -> None:
    journal.folder.mkdir()
    (journal.folder / f"{SLUG}.json").write_text(page)
    (journal.folder / f"{follow_up().key}.json").write_text(page)
    assert first(journal).state == "unknown"
    assert first(journal).problem
    assert progress(journal)[-1].lesson == follow_up()
    step = next_step(progress(journal))
    assert step
    assert step.lesson == lessons()[1]


@every("lesson", [*lessons(), follow_up()])
def test_a_lessons_own_page_counts_the_activities_that_the_start_page_counts(lesson: Lesson, journal: Journal) -> None:
    notebook = read_notebook(material() / "notebooks" / f"{lesson.key}.ipynb")
    cards = [make_card(call, journal.page(lesson.key)) for call in ask_calls(notebook)]
    assert [card.key for card in cards if card.done is not None] == ask_keys(notebook)


def test_nothing_answered_is_not_started(journal: Journal, keys: list[str]) -> None:
    assert (first(journal).state, first(journal).total) == ("not-started", len(keys))


def test_one_answer_is_a_start_and_a_skip_counts_too(journal: Journal, keys: list[str]) -> None:
    journal.page(SLUG).save(keys[0], "an answer")
    journal.page(SLUG).save(keys[1], state="skipped")
    assert (first(journal).state, first(journal).finished) == ("started", 2)


def test_an_answer_taken_away_counts_no_more(journal: Journal, keys: list[str]) -> None:
    journal.page(SLUG).save(keys[0], "an answer")
    journal.page(SLUG).save(keys[0], None)
    assert first(journal).state == "not-started"


def test_all_answered_is_done(journal: Journal, keys: list[str]) -> None:
    for key in keys:
        journal.page(SLUG).save(key, "an answer")
    assert (first(journal).state, first(journal).finished) == ("done", len(keys))


def test_answers_to_what_is_asked_no_more_do_not_count(journal: Journal) -> None:
    journal.page(SLUG).save("asked in an older edition", "an answer")
    assert first(journal).finished == 0


def test_a_lesson_that_is_not_written_yet_is_in_preparation() -> None:
    assert Progress(lessons()[0], 0, None).state == "in-preparation"


def done(journal: Journal, slug: str) -> None:
    for key in ask_keys(read_notebook(material() / "notebooks" / f"{slug}.ipynb")):
        journal.page(slug).save(key, state="skipped")


@every("finished,total,minutes", [(0, 9, 30), (1, 9, 30), (3, 9, 20), (4, 9, 20), (8, 9, 5), (9, 9, 0), (0, None, 30)])
def test_minutes_left_are_in_proportion_to_the_exercises_left(finished: int, total: int | None, minutes: int) -> None:
    assert Progress(lessons()[0], finished, total).minutes_left == minutes


def test_the_next_thing_is_the_first_lesson_then_the_one_that_was_begun(journal: Journal, keys: list[str]) -> None:
    step = next_step(progress(journal))
    assert step
    assert (step.lesson.key, step.state) == (SLUG, "not-started")
    journal.page(SLUG).save(keys[0], "an answer")
    step = next_step(progress(journal))
    assert step
    assert (step.lesson.key, step.state) == (SLUG, "started")


def test_who_went_on_is_not_sent_back_until_the_end(journal: Journal, keys: list[str]) -> None:
    journal.page(SLUG).save(keys[0], "an answer")
    done(journal, lessons()[1].key)
    step = next_step(progress(journal))
    assert step
    assert step.lesson == lessons()[2]
    for lesson in lessons()[2:]:
        done(journal, lesson.key)
    step = next_step(progress(journal))
    assert step
    assert step.lesson.key == SLUG


def test_day_30_comes_when_the_last_lesson_is_done(journal: Journal) -> None:
    for lesson in lessons()[:-1]:
        done(journal, lesson.key)
    assert follow_up() not in [step.lesson for step in progress(journal)]
    done(journal, lessons()[-1].key)
    step = next_step(progress(journal))
    assert step
    assert step.lesson == progress(journal)[-1].lesson == follow_up()
    done(journal, follow_up().key)
    assert next_step(progress(journal)) is None
