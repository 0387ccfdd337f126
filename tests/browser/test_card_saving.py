"""What a card says of saving, to people and to the page around it, and what it does when saving fails.

As in test_card.py the browser and Python are real, and only Jupyter is left out.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import filelock
import pytest
from playwright.sync_api import Page, expect

from course.activities.card import Card
from course.records.answers.answers import Answers
from course.records.answers.file import lock_of
from tests.browser.test_card import MAKE, press, tick_clock

pytestmark = pytest.mark.browser


def page_again(answers: Answers) -> Answers:
    """Open the same page of answers as another window does."""
    return Answers(answers.path, answers.kind, answers.name, wait=0)


def type_into(page: Page, words: str) -> None:
    """Type, and pause until it is sent."""
    page.get_by_role("textbox").first.press_sequentially(words)
    tick_clock(page, 600)


@pytest.fixture
def hold_lock(answers: Answers) -> Callable[[], filelock.FileLock]:
    """Return a function that holds the file of answers, as another program does, until it is let go."""

    def hold() -> filelock.FileLock:
        assert answers.path
        lock = filelock.FileLock(lock_of(answers.path))
        lock_of(answers.path).parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
        return lock

    return hold


# What the page around the card hears


def test_the_page_hears_what_becomes_of_what_is_typed(page: Page, bench: Any, answers: Answers) -> None:
    bench.show(MAKE["write"](answers))
    assert bench.events("saving") == [], "something was said before anything was given"
    type_into(page, "Begin on time")
    bench.settle()
    assert bench.events("saving") == ["typing", "saving", "saved"]


def test_the_page_hears_when_nobody_answers_and_when_somebody_does_again(
    page: Page, bench: Any, answers: Answers
) -> None:
    bench.show(MAKE["write"](answers))
    bench.hold()
    type_into(page, "Begin")
    tick_clock(page, 6000)
    assert bench.events("saving")[-1] == "waiting"
    bench.let_go()
    assert bench.events("saving")[-1] == "saved"


def test_what_to_do_while_nobody_answers_is_not_said_on_cards_where_the_page_says_it(
    page: Page, bench: Any, answers: Answers
) -> None:
    bench.show(MAKE["write"](answers))
    bench.prevent("saving")
    bench.hold()
    type_into(page, "Begin")
    tick_clock(page, 6000)
    expect(page.locator(".bt-status")).to_have_text("Not saved yet")
    expect(page.get_by_role("alert")).to_be_empty()
    bench.let_go()
    expect(page.locator(".bt-status")).to_have_text("Saved")


def test_the_page_hears_how_far_a_card_is(page: Page, bench: Any, answers: Answers) -> None:
    bench.show(MAKE["choose"](answers))
    page.get_by_label("Trust is given.").check()
    bench.settle()
    press(page, "Skip")
    bench.settle()
    assert bench.events("progress") == ["", "answered", "skipped"]


def test_a_problem_is_said_on_the_card_unless_the_page_takes_it_on(page: Page, bench: Any, answers: Answers) -> None:
    assert answers.path is not None
    answers.path.parent.mkdir()
    answers.path.write_text("{", encoding="utf-8")
    bench.show(MAKE["choose"](page_again(answers)))
    note = page.locator(".bt-problem")
    expect(note).to_contain_text("damaged")
    (first,) = bench.events("problem")
    assert "damaged" in first

    bench.prevent("problem")
    page.get_by_label("Trust is given.").check()
    bench.settle()
    assert "kept under the name" in bench.events("problem")[-1]
    expect(note).to_be_hidden()


# What is said of a press that saves nothing


def test_a_check_without_a_choice_warns_and_never_says_saved(page: Page, bench: Any, answers: Answers) -> None:
    bench.show(MAKE["choose"](answers))
    press(page, "Check")
    bench.settle()
    expect(page.get_by_text("Choose one option first.").first).to_be_visible()
    expect(page.locator(".bt-status")).to_have_text("")
    assert bench.events("saving") == []
    assert answers.path is not None
    assert not answers.path.exists()


# A file that cannot be written for a while


def test_what_a_held_file_refused_is_saved_by_itself_when_it_is_free(
    page: Page, bench: Any, answers: Answers, hold_lock: Callable[[], filelock.FileLock]
) -> None:
    answers.wait = 0
    bench.show(MAKE["write"](answers))
    type_into(page, "Begin")
    bench.settle()
    lock = hold_lock()
    type_into(page, " on time")
    bench.settle()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Not saved. Another window or program still holds the file")
    assert bench.events("saving")[-1] == "failed"
    expect(page.locator(".bt-status")).to_have_text("")
    for pause in (2000, 4000):
        tick_clock(page, pause)
        bench.settle()
        expect(alert).to_contain_text("Not saved.")
    lock.release()
    tick_clock(page, 8000)
    bench.settle()
    expect(alert).to_have_text("")
    expect(page.locator(".bt-status")).to_have_text("Saved")
    assert bench.events("saving")[-1] == "saved"
    assert page_again(answers).get("q") == "Begin on time"
    assert bench.focused().startswith("What should change?")


def test_a_press_that_a_full_disk_refused_is_made_good_when_there_is_room(
    page: Page, bench: Any, answers: Answers
) -> None:
    assert answers.path is not None
    bench.show(MAKE["log"](answers))
    shutil.rmtree(answers.path.parent)
    answers.path.parent.write_text("a file where the folder should be")
    page.get_by_label("What I did").fill("Rang back.")
    press(page, "Add this entry")
    bench.settle()
    expect(page.get_by_role("alert")).to_contain_text("Not saved.")
    answers.path.parent.unlink()
    tick_clock(page, 2000)
    bench.settle()
    expect(page.get_by_role("alert")).to_have_text("")
    (entry,) = page_again(answers).get("q")["entries"]
    assert entry["words"][0] == "Rang back."


# A Python that is gone, and started anew


def test_what_a_dead_python_never_answered_is_sent_to_the_new_one_without_losing_the_caret(
    page: Page, bench: Any, answers: Answers
) -> None:
    bench.show(MAKE["write"](answers))
    type_into(page, "Begin on time")
    bench.settle()
    bench.kill()
    box = page.get_by_role("textbox")
    box.press("Home")
    box.press_sequentially("Please ")
    tick_clock(page, 7000)
    expect(page.get_by_role("alert")).to_contain_text("What you wrote is still here.")
    box.press_sequentially("do ")
    bench.again(MAKE["write"](page_again(answers)))
    bench.settle()
    expect(page.get_by_role("alert")).to_have_text("")
    expect(page.locator(".bt-status")).to_have_text("Saved")
    expect(box).to_have_value("Please do Begin on time")
    expect(box).to_be_focused()
    assert box.evaluate("box => box.selectionStart") == len("Please do ")
    assert page_again(answers).get("q") == "Please do Begin on time"


def test_what_is_typed_while_something_is_sent_again_is_not_called_given_last_time(
    page: Page, bench: Any, answers: Answers
) -> None:
    bench.show(MAKE["write"](answers))
    bench.kill()
    type_into(page, "Begin on time")
    bench.again(MAKE["write"](page_again(answers)), hold=True)
    page.get_by_role("textbox").press_sequentially("!")
    bench.let_go()
    tick_clock(page, 600)
    bench.settle()
    expect(page.locator(".bt-status")).to_have_text("Saved")
    assert page_again(answers).get("q") == "Begin on time!"


@pytest.mark.parametrize("is_answered", [True, False])
def test_an_entry_that_is_sent_again_is_added_once(is_answered: bool, page: Page, bench: Any, answers: Answers) -> None:
    bench.show(MAKE["log"](answers))
    if is_answered:
        bench.hold()  # Python does it, and its answer is lost
    else:
        bench.kill()
    page.get_by_label("What I did").fill("Rang back.")
    press(page, "Add this entry")
    tick_clock(page, 7000)
    if is_answered:
        bench.kill()
    bench.again(MAKE["log"](page_again(answers)))
    bench.settle()
    (entry,) = page_again(answers).get("q")["entries"]
    assert entry["words"][0] == "Rang back."
    expect(page.get_by_label("What I did")).to_have_value("")


def test_choices_moves_and_checks_are_sent_again_in_order(page: Page, bench: Any, answers: Answers) -> None:
    bench.show(MAKE["choose"](answers))
    bench.kill()
    page.get_by_label("Trust is given.").check()
    press(page, "Check")
    bench.again(MAKE["choose"](page_again(answers)))
    bench.settle()
    assert (page_again(answers).get("q"), page_again(answers).state("q")) == ("B", "checked")
    expect(bench.live).to_have_text("Yes, by other people.")


# Two windows


def test_words_that_another_window_saved_are_not_overwritten_until_the_person_decides(
    page: Page, bench: Any, answers: Answers
) -> None:
    bench.show(MAKE["write"](answers))
    box = page.get_by_role("textbox")
    box.press_sequentially("Mine")
    page_again(answers).save("q", "Theirs")
    tick_clock(page, 600)
    bench.settle()
    assert page_again(answers).get("q") == "Theirs"
    expect(box).to_have_value("Mine")
    expect(box).to_be_focused()
    expect(page.locator(".bt-conflict")).to_contain_text("Theirs")
    expect(page.locator(".bt-status")).to_have_text("")
    assert bench.events("saving")[-1] == "failed"

    box.press_sequentially(" too")
    tick_clock(page, 600)
    bench.settle()
    assert page_again(answers).get("q") == "Theirs"
    press(page, "Save what is here")
    bench.settle()
    assert page_again(answers).get("q") == "Mine too"
    expect(page.locator(".bt-conflict")).to_have_count(0)
    expect(box).to_be_focused()
    assert bench.events("saving")[-1] == "saved"


def test_the_other_windows_words_can_be_taken(page: Page, bench: Any, answers: Answers, violations: Any) -> None:
    bench.show(MAKE["write"](answers))
    box = page.get_by_role("textbox")
    box.press_sequentially("Mine")
    page_again(answers).save("q", "Theirs")
    tick_clock(page, 600)
    bench.settle()
    page.clock.resume()
    assert violations(page) == []
    press(page, "Take the other one")
    expect(box).to_have_value("Theirs")
    expect(box).to_be_focused()
    expect(page.locator(".bt-conflict")).to_have_count(0)
    bench.settle()
    assert page_again(answers).get("q") == "Theirs"


def test_what_another_window_saved_is_shown_and_no_typing_is_disturbed(
    page: Page, bench: Any, answers: Answers
) -> None:
    bench.show(MAKE["form"](answers))
    first, second = page.get_by_role("textbox").nth(0), page.get_by_role("textbox").nth(1)
    first.press_sequentially("nurses")
    other = MAKE["form"](page_again(answers))
    other.set("blank-1", "share practice")
    bench.look_again()
    expect(second).to_have_value("share practice")
    expect(first).to_have_value("nurses")
    expect(first).to_be_focused()
    assert first.evaluate("box => box.selectionStart") == len("nurses")


def test_a_field_in_which_somebody_types_is_not_taken_away_by_another_window(
    page: Page, bench: Any, answers: Answers
) -> None:
    bench.show(MAKE["write"](answers))
    box = page.get_by_role("textbox")
    box.press_sequentially("Half a thought")
    other: Card = MAKE["write"](page_again(answers))
    other.press("skip")
    bench.look_again()
    bench.settle()
    expect(box).to_have_value("Half a thought")
    expect(box).to_be_focused()
    assert page_again(answers).get("q") == "Half a thought"
    assert page_again(answers).state("q") == ""


# Leaving


def asks_before_leaving(page: Page) -> bool:
    return bool(page.evaluate("!dispatchEvent(new Event('beforeunload', { cancelable: true }))"))


def test_leaving_asks_while_something_is_unsaved_and_only_then(page: Page, bench: Any, answers: Answers) -> None:
    bench.show(MAKE["write"](answers))
    assert not asks_before_leaving(page)
    page.get_by_role("textbox").press_sequentially("Half")
    assert asks_before_leaving(page)
    tick_clock(page, 600)
    bench.settle()
    assert not asks_before_leaving(page)
    bench.kill()
    page.get_by_role("textbox").press_sequentially(" a thought")
    tick_clock(page, 7000)
    assert asks_before_leaving(page)


def test_a_folder_in_the_way_is_no_reason_to_send_it_for_ever(
    page: Page, bench: Any, answers: Answers, tmp_path: Path
) -> None:
    """The pauses grow to half a minute, and a card that is gone tries no more."""
    assert answers.path is not None
    answers.path.parent.write_text("a file where the folder should be")
    bench.show(MAKE["write"](answers))
    type_into(page, "Begin")
    bench.settle()
    for _ in range(60):
        tick_clock(page, 2000)
        bench.settle()
    assert 5 <= len(bench.sent()) <= 9
    count = len(bench.sent())
    bench.close_view(0)
    tick_clock(page, 60_000)
    assert len(bench.sent()) <= count + 1
