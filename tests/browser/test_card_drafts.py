"""What the browser keeps until it is saved: put back, sent, and never in the place of a later save unseen."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from course.activities.card import Card
from course.records.answers.answers import Answers
from course.records.journal import Journal
from tests.browser.test_card import MAKE, press, tick_clock
from tests.browser.test_card_saving import page_again, type_into

pytestmark = pytest.mark.browser

Reopen = Callable[..., None]


@pytest.fixture
def reopen(page: Page, bench: Any) -> Reopen:
    """Return a function that closes the page, as a crash or a closed lid does, and opens it with this card."""

    def open_again(card: Card, days: float = 0) -> None:
        bench.reopen(card, datetime.timedelta(days=days))

    return open_again


def drafts(page: Page) -> list[str]:
    return [key for key in page.evaluate("Object.keys(localStorage)") if key.startswith("building-trust:draft:")]


def test_typed_text_is_kept_until_it_is_saved(page: Page, bench: Any, answers: Answers) -> None:
    bench.show(MAKE["write"](answers))
    page.get_by_role("textbox").press_sequentially("Begin")
    assert len(drafts(page)) == 1
    tick_clock(page, 600)
    bench.settle()
    assert drafts(page) == []


def test_what_a_dead_python_never_saved_is_put_back_and_saved_at_the_next_opening(
    page: Page, bench: Any, answers: Answers, reopen: Reopen
) -> None:
    bench.show(MAKE["write"](answers))
    bench.kill()
    type_into(page, "Still to be saved")
    tick_clock(page, 6100)
    expect(page.get_by_role("alert")).to_contain_text("Your browser keeps it for up to seven days")

    reopen(MAKE["write"](page_again(answers)))
    expect(page.get_by_role("textbox")).to_have_value("Still to be saved")
    bench.settle()
    assert page_again(answers).get("q") == "Still to be saved"
    expect(page.locator(".bt-status")).to_contain_text("Saved now: what you gave here last time")
    assert drafts(page) == []


@pytest.mark.parametrize(
    "kind, act, answer",
    [
        ("choose", lambda page: page.get_by_label("Trust is given.").check(), "B"),
        ("tick", lambda page: page.get_by_label("Small acts count.").check(), ["C"]),
        ("rate", lambda page: page.get_by_role("radio").first.check(), None),
        ("number", lambda page: page.get_by_role("textbox").fill("12"), 12),
        ("slider", lambda page: page.get_by_role("slider").press("ArrowRight"), 6),
        ("sort", lambda page: page.get_by_role("radio").nth(1).check(), ["B", None]),
        ("rank", lambda page: page.get_by_role("button", name="Move down").first.press("Enter"), None),
        ("form", lambda page: page.get_by_role("textbox").nth(1).fill("share"), ["", "share", ""]),
    ],
)
def test_every_kind_of_control_is_put_back(
    kind: str, act: Callable[[Page], None], answer: Any, page: Page, bench: Any, answers: Answers, reopen: Reopen
) -> None:
    bench.show(MAKE[kind](answers))
    before = MAKE[kind](page_again(answers)).controls()
    bench.kill()
    act(page)
    reopen(MAKE[kind](page_again(answers)))
    bench.settle()
    saved = page_again(answers).get("q")
    assert saved == answer or (answer is None and saved)
    assert MAKE[kind](page_again(answers)).controls() != before
    assert drafts(page) == []


@pytest.mark.parametrize("kind, own, other", [("write", "Mine", "Theirs"), ("choose", "B", "A")])
def test_a_draft_that_is_older_than_a_save_elsewhere_waits_for_the_person_to_decide(
    kind: str, own: str, other: str, page: Page, bench: Any, answers: Answers, reopen: Reopen
) -> None:
    bench.show(MAKE[kind](answers))
    bench.kill()
    if kind == "write":
        page.get_by_role("textbox").fill(own)
    else:
        page.get_by_label("Trust is given.").check()
    page_again(answers).save("q", other)
    reopen(MAKE[kind](page_again(answers)))
    bench.settle()
    conflict = page.locator(".bt-conflict")
    expect(conflict).to_contain_text("Theirs" if kind == "write" else "Trust can be demanded.")
    assert page_again(answers).get("q") == other
    assert len(drafts(page)) == 1
    press(page, "Save what is here")
    bench.settle()
    assert page_again(answers).get("q") == own
    assert drafts(page) == []


def test_a_tick_is_put_back_beside_those_of_another_window(
    page: Page, bench: Any, answers: Answers, reopen: Reopen
) -> None:
    bench.show(MAKE["tick"](answers))
    bench.kill()
    page.get_by_label("Small acts count.").check()
    MAKE["tick"](page_again(answers)).set("ticks", {"A": True})
    reopen(MAKE["tick"](page_again(answers)))
    bench.settle()
    assert page_again(answers).get("q") == ["A", "C"]


def test_a_draft_goes_when_the_other_words_are_taken(page: Page, bench: Any, answers: Answers, reopen: Reopen) -> None:
    bench.show(MAKE["write"](answers))
    bench.kill()
    page.get_by_role("textbox").fill("Mine")
    page_again(answers).save("q", "Theirs")
    reopen(MAKE["write"](page_again(answers)))
    bench.settle()
    press(page, "Take the other one")
    assert drafts(page) == []
    expect(page.get_by_role("textbox")).to_have_value("Theirs")


@pytest.mark.parametrize("days, is_there", [(6.9, True), (7.1, False)])
def test_a_draft_is_dropped_after_seven_days(
    days: float, is_there: bool, page: Page, bench: Any, answers: Answers, reopen: Reopen
) -> None:
    bench.show(MAKE["write"](answers))
    bench.kill()
    page.get_by_role("textbox").fill("Half a thought")
    reopen(MAKE["write"](page_again(answers)), days=days)
    bench.settle()
    assert (page_again(answers).get("q") == "Half a thought") == is_there
    assert drafts(page) == []


def test_drafts_of_an_erased_journal_are_dropped_at_the_next_opening_of_any_page(
    page: Page, bench: Any, answers: Answers, reopen: Reopen
) -> None:
    bench.show(MAKE["write"](answers))
    bench.kill()
    page.get_by_role("textbox").fill("Half a thought")
    assert answers.path
    journal = Journal(answers.path.parent)
    journal.forget()
    reopen(MAKE["choose"](journal.page("repair")))
    assert drafts(page) == []


def test_what_is_typed_on_an_open_page_after_the_journal_was_erased_is_kept_too(
    page: Page, bench: Any, answers: Answers, reopen: Reopen
) -> None:
    bench.show(MAKE["write"](answers))
    assert answers.path
    Journal(answers.path.parent).forget()
    type_into(page, "Begun anew")
    bench.settle()
    bench.kill()
    type_into(page, "Still to be saved: ")
    reopen(MAKE["write"](page_again(answers)))
    expect(page.get_by_role("textbox")).to_have_value("Begun anewStill to be saved: ")


def test_drafts_of_another_journal_are_neither_shown_nor_sent_nor_dropped(
    page: Page, bench: Any, answers: Answers, reopen: Reopen, tmp_path: Any
) -> None:
    bench.show(MAKE["write"](answers))
    bench.kill()
    page.get_by_role("textbox").fill("Half a thought")
    demo = Answers(tmp_path / "demo" / "page.json", answers.kind, answers.name)
    reopen(MAKE["write"](demo))
    bench.settle()
    expect(page.get_by_role("textbox")).to_have_value("")
    assert demo.get("q") is None
    assert len(drafts(page)) == 1


@pytest.mark.parametrize("what", ["full", "forbidden"])
def test_where_the_browser_keeps_nothing_all_goes_on_and_nothing_is_claimed(
    what: str, page: Page, bench: Any, answers: Answers
) -> None:
    page.add_init_script(
        "Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError') }"
        if what == "full"
        else "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('', 'SecurityError') } })"
    )
    bench.show(MAKE["write"](answers))
    type_into(page, "Begin")
    bench.settle()
    assert page_again(answers).get("q") == "Begin"
    bench.kill()
    type_into(page, " again")
    tick_clock(page, 6100)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("What you wrote is still here.")
    expect(alert).not_to_contain_text("Your browser keeps it")


def test_a_hundred_thousand_characters_are_counted_refused_kept_in_the_box_and_put_back(
    page: Page, bench: Any, answers: Answers, reopen: Reopen
) -> None:
    bench.show(MAKE["form"](answers))
    box = page.get_by_role("textbox").first
    box.fill("x" * 100_000)
    expect(box).to_have_accessible_description(
        "100000 characters. This box is meant for about 600. A longer text is saved too, up to 20000."
    )
    box.blur()
    bench.settle()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Not saved. The text in one of the boxes has 100000 characters.")
    expect(page.locator(".bt-status")).to_have_text("")
    assert box.evaluate("box => box.value.length") == 100_000
    assert page_again(answers).get("q") is None

    reopen(MAKE["form"](page_again(answers)))
    bench.settle()
    assert box.evaluate("box => box.value.length") == 100_000
    expect(alert).to_contain_text("Not saved.")
    page.get_by_role("textbox").nth(1).fill("share practice")
    page.get_by_role("textbox").nth(1).blur()
    bench.settle()
    assert page_again(answers).get("q")[1] == "share practice", "the long text is in the way of another field"
    box.fill("x" * 601)
    box.blur()
    bench.settle()
    expect(alert).to_have_text("")
    assert page_again(answers).get("q")[0] == "x" * 601
    assert drafts(page) == []


def test_a_card_drawn_before_its_python_is_there_waits_for_it_and_says_so(
    page: Page, bench: Any, answers: Answers
) -> None:
    bench.show(MAKE["write"](answers))
    bench.reopen_recorded(MAKE["write"](answers))
    type_into(page, "Given at once")
    tick_clock(page, 60_000)
    expect(page.locator(".bt-status")).to_have_text("Not saved yet")
    expect(page.get_by_role("alert")).to_be_empty()
    assert bench.events("saving")[-1] == "saving"
    bench.again(MAKE["write"](answers))
    bench.settle()
    assert page_again(answers).get("q") == "Given at once"
    expect(page.locator(".bt-status")).to_contain_text("Saved")


def test_a_card_that_learns_late_where_drafts_are_puts_them_back_and_saves_them(
    page: Page, bench: Any, answers: Answers
) -> None:
    bench.show(MAKE["write"](answers))
    bench.kill()
    type_into(page, "From the last visit")
    assert len(drafts(page)) == 1
    bench.reopen_recorded(MAKE["write"](page_again(answers)))
    expect(page.get_by_role("textbox")).to_have_value("")
    bench.again(MAKE["write"](page_again(answers)))
    expect(page.get_by_role("textbox")).to_have_value("From the last visit")
    bench.settle()
    assert page_again(answers).get("q") == "From the last visit"
    assert drafts(page) == []
