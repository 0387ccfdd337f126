"""Progress is read from what was answered: an exercise counts once it is answered or skipped."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from course.activities.lesson_progress import progress
from course.activities.notebook_cards import lesson_cards, make_card
from course.content.lessons import Lesson, follow_up, lessons
from course.core.notebooks import ask_calls, ask_keys, material, read_notebook
from course.learner.made_up_answers import MadeUpAnswers
from course.records.journal import Journal
from course.records.progress import Progress, next_step
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
    journal.page(SLUG).save("how-long", "A")
    journal.page(SLUG).save(keys[0], state="skipped")
    assert (first(journal).state, first(journal).finished) == ("started", 2)


def test_an_answer_in_part_is_a_start_and_nothing_finished(journal: Journal) -> None:
    journal.page(SLUG).save("group", ["nurses", ""])
    assert (first(journal).state, first(journal).finished) == ("started", 0)
    assert first(journal).minutes_left == first(journal).lesson.minutes
    journal.page(SLUG).save("group", ["nurses", "plan visits"])
    assert (first(journal).state, first(journal).finished) == ("started", 1)


def test_a_last_part_that_is_begun_is_shown_before_the_last_lesson_is_done(journal: Journal) -> None:
    journal.page(follow_up().key).save("before-you-go-on", ["When it is Wednesday", "", ""])
    later = progress(journal)[-1]
    assert (later.lesson, later.state, later.finished) == (follow_up(), "started", 0)


def test_an_answer_taken_away_counts_no_more(journal: Journal) -> None:
    journal.page(SLUG).save("how-long", "A")
    journal.page(SLUG).save("how-long", None)
    assert first(journal).state == "not-started"


def test_all_answered_is_done(journal: Journal, keys: list[str]) -> None:
    made_up = MadeUpAnswers(datetime.date(2026, 2, 3))
    for place, card in enumerate(lesson_cards(SLUG, journal.page(SLUG))):
        assert first(journal).finished == min(place, len(keys))
        if card.asks:
            made_up.give(card)
    assert (first(journal).state, first(journal).finished) == ("done", len(keys))


def test_answers_to_what_is_asked_no_more_do_not_count(journal: Journal) -> None:
    journal.page(SLUG).save("asked in an older edition", "an answer")
    assert first(journal).finished == 0


def done(journal: Journal, slug: str) -> None:
    for key in ask_keys(read_notebook(material() / "notebooks" / f"{slug}.ipynb")):
        journal.page(slug).save(key, state="skipped")


def test_the_next_thing_is_the_first_lesson_then_the_one_that_was_begun(journal: Journal, keys: list[str]) -> None:
    step = next_step(progress(journal))
    assert step
    assert (step.lesson.key, step.state) == (SLUG, "not-started")
    journal.page(SLUG).save("how-long", "A")
    step = next_step(progress(journal))
    assert step
    assert (step.lesson.key, step.state) == (SLUG, "started")


def test_who_went_on_is_not_sent_back_until_the_end(journal: Journal) -> None:
    journal.page(SLUG).save("how-long", "A")
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
