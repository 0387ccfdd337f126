"""The card in a real browser, answered by the real Python; only Jupyter is left out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from course.activities import controls
from course.activities.card import Card
from course.activities.controls import Control
from course.activities.kinds.arrange import Rank, Sort
from course.activities.kinds.branch import Branch
from course.activities.kinds.choose import Choose, Tick
from course.activities.kinds.form import Form, IfThen
from course.activities.kinds.log import Log
from course.activities.kinds.number import Number
from course.activities.kinds.rate import LessonRating, Rate
from course.activities.kinds.recall import Recall
from course.activities.kinds.remind import Remind
from course.activities.kinds.write import Write
from course.activities.notebook_cards import PastAnswers
from course.records.answers.answers import Answers
from course.records.journal import Journal

pytestmark = pytest.mark.browser

OPTIONS = """Which sentence is *sound*?

A. Trust can be demanded.
-> It can only be given.
B. Trust is given.
-> Yes, by other people.
"""
TICKS = """Tick what is sound.

A. Help is a choice. -> Yes.
B. Trust can be demanded. -> No.
C. Small acts count. -> Yes.
~> This one is sound.
"""
CARDS = """Which side does it feed?

- You send papers early. [Competence] -> People can plan.
- You wait for an answer. [Caring] -> Waiting is noticed.
"""
GROUPS = ["Competence", "Caring", "Both"]
ITEMS = """Put these in your order.
-> There is no right order.

- Greet people.
- Check the room.
- Read the notes.
"""
STEPS = """## Wednesday
The story is out.

What do you do?

A. Email everyone. -> No one answers.
B. Meet soon. -> Uncomfortable, and shared.
## Thursday
A partner asks whether you knew.

A. Yes. -> Silence, then a practical question.
B. No comment. -> The meeting goes on without you.
---
Both ways cost something.
"""
BLANKS = """Say what your group is for.

- I bring together ___ to ___.
- It is not for ___.
"""
QUESTIONS = """Before you go on.

What are the four parts of a clear promise?
-> What, by when, what it depends on, and how they will know.

Someone asks you to keep a secret. What do you say?
-> “I will keep it to myself unless someone could come to harm.”
"""
ENTRIES = """Keep a line a day.

- What I did:
- What I saw:
"""

RIGHT_OPTION = OPTIONS.replace("Trust is given.", "Trust is given. [x]").replace("Yes, by", "By")
RIGHT_TICKS = TICKS.replace("choice.", "choice. [x]").replace("count.", "count. [x]")
RIGHT_CARDS = CARDS.replace("[", "[x ") + "- You read back who does what. [x Competence] -> It can be seen.\n"
RIGHT_ORDER = """From less to more.

1. I tell you.
2. I ask you.
3. We decide.
"""

MAKE: dict[str, Callable[[Answers], Card]] = {
    "branch": lambda answers: Branch("q", answers, STEPS),
    "choose": lambda answers: Choose("q", answers, OPTIONS),
    "form": lambda answers: Form("q", answers, BLANKS),
    "if-then": lambda answers: IfThen("q", answers, "Make one plan.", obstacle=True),
    "log": lambda answers: Log("q", answers, ENTRIES, {"K": "Kept", "P": "Partly"}),
    "number": lambda answers: Number("q", answers, "How many are you?", 2, 40),
    "rank": lambda answers: Rank("q", answers, ITEMS),
    "rate": lambda answers: Rate("q", answers, "habits"),
    "right-choice": lambda answers: Choose("q", answers, RIGHT_OPTION),
    "right-order": lambda answers: Rank("q", answers, RIGHT_ORDER),
    "right-sort": lambda answers: Sort("q", answers, RIGHT_CARDS, GROUPS),
    "right-ticks": lambda answers: Tick("q", answers, RIGHT_TICKS),
    "recall": lambda answers: Recall("q", answers, QUESTIONS),
    "slider": lambda answers: Number("q", answers, "How sure are you?", 0, 10, slider=True),
    "sort": lambda answers: Sort("q", answers, CARDS, GROUPS),
    "taps": lambda answers: LessonRating("q", answers),
    "tick": lambda answers: Tick("q", answers, TICKS),
    "write": lambda answers: Write("q", answers, "What should change?", (150, 250)),
}


def press(page: Page, label: str) -> None:
    page.get_by_role("button", name=label, exact=True).click()


def tick_clock(page: Page, milliseconds: int) -> None:
    """Let the page's own clock run on; nobody waits for it."""
    page.clock.run_for(milliseconds)


# Every kind


@pytest.mark.parametrize("kind", MAKE)
def test_no_kind_has_an_accessibility_fault_in_light_or_dark_wide_or_narrow(
    kind: str, page: Page, bench: Any, answers: Answers, violations: Any
) -> None:
    card = MAKE[kind](answers)
    if kind not in ("number", "slider", "write", "form", "if-then", "taps", "rate"):
        _answer(card)
    bench.show(card)
    page.clock.resume()  # axe waits for time to pass
    for width, dark in ((980, False), (320, True)):
        page.set_viewport_size({"width": width, "height": 700})
        bench.set_dark(dark)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"


def _answer(card: Card) -> None:
    """Bring a card to where it says the most."""
    for control in ("pick", "pick-0"):
        card.set(control, "B")
    card.set("ticks", {"A": True, "B": True})
    card.set("card-0", "B")
    card.set("field-0", "Rang back.")
    card.set("line-0", "What, and by when.")
    for button in ("next-0", "check", "look", "all", "add"):
        card.press(button)


@pytest.mark.parametrize("kind", MAKE)
def test_every_kind_has_high_targets_keeps_its_keys_and_can_be_skipped_and_taken_up_again_by_keyboard(
    kind: str, page: Page, bench: Any, answers: Answers
) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    bench.show(MAKE[kind](answers))
    low = page.evaluate(
        """() => [...document.querySelectorAll("input, select, textarea, button")]
             .map((control) => control.closest(".bt-option label") ?? control)
             .filter((target) => target.getBoundingClientRect().height < 43.5)
             .map((target) => target.outerHTML)"""
    )
    open_to_shortcuts = page.evaluate(
        """() => [...document.querySelectorAll("input, select, textarea, button, a, summary, [tabindex]")]
             .filter((control) => control.dataset.lmSuppressShortcuts !== "true")
             .map((control) => control.outerHTML)"""
    )
    assert low == []
    assert open_to_shortcuts == []

    page.get_by_role("button", name="Skip").focus()
    page.keyboard.press("Enter")
    bench.settle()
    assert bench.focused() == "Answer it now"
    expect(bench.live).to_contain_text("You skipped this.")

    page.keyboard.press("Enter")
    bench.settle()
    expect(page.get_by_role("button", name="Skip")).to_be_visible()
    assert bench.focused() not in ("page", "Skip")


# Choosing and feedback


def test_feedback_comes_under_the_chosen_option_and_is_read_out(page: Page, bench: Any, answers: Answers) -> None:
    bench.show(MAKE["choose"](answers))
    page.get_by_label("Trust is given.").check()
    press(page, "Check")
    bench.settle()
    expect(bench.live).to_have_text("Yes, by other people.")
    expect(page.get_by_label("Trust is given.")).to_have_accessible_description("Yes, by other people.")
    expect(page.get_by_label("Trust can be demanded.")).to_have_accessible_description("")
    assert bench.focused() == "Check"
    assert bench.sent() == [("pick", "B"), ("press", "check")]


def test_nothing_is_read_out_when_a_page_opens(bench: Any, answers: Answers) -> None:
    card = MAKE["tick"](answers)
    card.set("ticks", {"A": True, "B": True})
    card.press("check")
    bench.show(card)
    expect(bench.live).to_be_attached()
    expect(bench.live).to_have_text("")


def test_several_notes_are_read_out_with_the_options_they_belong_to(page: Page, bench: Any, answers: Answers) -> None:
    bench.show(MAKE["tick"](answers))
    page.get_by_label("Help is a choice.").check()
    page.get_by_label("Trust can be demanded.").check()
    press(page, "Check")
    bench.settle()
    expect(bench.live.locator("p")).to_contain_text(
        ["Help is a choice. – Yes.", "Trust can be demanded. – No.", "Small acts count. – This one is sound."]
    )
    assert bench.sent()[:2] == [("ticks", {"A": True}), ("ticks", {"B": True})]


def test_radios_are_chosen_with_the_arrow_keys_and_keep_the_focus(page: Page, bench: Any, answers: Answers) -> None:
    bench.show(MAKE["branch"](answers))
    page.get_by_label("Email everyone.").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    bench.settle()
    assert bench.focused() == "Meet soon."
    expect(page.get_by_text("Uncomfortable, and shared.").first).to_be_visible()


def test_the_next_step_of_a_branch_gets_the_focus(page: Page, bench: Any, answers: Answers) -> None:
    bench.show(MAKE["branch"](answers))
    page.get_by_label("Meet soon.").check()
    page.get_by_role("button", name="Continue").press("Enter")
    bench.settle()
    assert bench.focused().startswith("Step 2 of 2: Thursday")

    page.get_by_role("button", name="Go back and try another way").press("Enter")
    bench.settle()
    assert bench.focused() != "page"
    expect(page.get_by_text("Thursday")).to_have_count(0)


def test_the_focus_goes_to_the_feedback_when_the_pressed_button_is_gone(
    page: Page, bench: Any, answers: Answers
) -> None:
    bench.show(MAKE["rank"](answers))
    page.get_by_role("button", name="Show our order").press("Enter")
    bench.settle()
    assert bench.focused().startswith("Our order:")


# Right and wrong


def test_another_try_at_a_sort_by_keyboard_alone_says_the_tally_once_and_leads_to_what_was_wrong(
    page: Page, bench: Any, answers: Answers
) -> None:
    bench.show(MAKE["right-sort"](answers))
    for name, group in (("papers early", "Competence"), ("wait", "Competence"), ("read back", "Competence")):
        page.get_by_role("group", name=name).get_by_label(group).press("Space")
    page.get_by_role("button", name="Check").press("Enter")
    bench.settle()
    expect(bench.live.locator("p")).to_have_text(["2 of 3 right. Try the others again, or see the answers."])
    right, wrong = (
        page.get_by_role("group", name=name, exact=True)
        for name in ("You send papers early.", "You wait for an answer.")
    )
    expect(right).to_have_accessible_description("Right. People can plan.")
    expect(wrong).to_have_accessible_description("Not right.")
    assert bench.focused() == "Try again"

    page.keyboard.press("Enter")
    bench.settle()
    assert bench.focused() == "Competence"
    expect(wrong.get_by_role("radio", checked=True)).to_have_count(0)
    expect(wrong).to_have_accessible_description("")
    expect(right.get_by_label("Competence")).to_be_checked()
    page.keyboard.press("ArrowDown")
    bench.settle()
    page.get_by_role("button", name="Check").press("Enter")
    bench.settle()
    expect(bench.live).to_have_text("3 of 3 right.")
    assert bench.focused() != "page"
    assert answers.get("q") == ["A", "B", "A"]


def test_a_wrong_choice_is_told_in_words_and_a_sign_and_the_next_try_begins_at_the_options(
    page: Page, bench: Any, answers: Answers
) -> None:
    bench.show(MAKE["right-choice"](answers))
    wrong = page.get_by_label("Trust can be demanded.")
    wrong.check()
    press(page, "Check")
    bench.settle()
    expect(bench.live).to_have_text("Not right. It can only be given.")
    expect(wrong).to_have_accessible_description("Not right. It can only be given.")
    cross = page.locator(".bt-wrong .bt-icon path").get_attribute("d")
    page.get_by_role("button", name="Try again").press("Enter")
    bench.settle()
    assert bench.focused() == "Trust can be demanded."
    expect(wrong).not_to_be_checked()
    page.get_by_label("Trust is given.").check()
    press(page, "Check")
    bench.settle()
    expect(bench.live).to_have_text("Right. By other people.")
    assert page.locator(".bt-right .bt-icon path").get_attribute("d") != cross


def test_ticks_are_counted_before_they_are_gone_through(page: Page, bench: Any, answers: Answers) -> None:
    bench.show(MAKE["right-ticks"](answers))
    page.get_by_label("Help is a choice.").check()
    page.get_by_label("Trust can be demanded.").check()
    press(page, "Check")
    bench.settle()
    expect(bench.live.locator("p")).to_have_text(
        [
            "You found 1 of the 2 right ones. One tick is not right.",
            "Help is a choice. – Right. Yes.",
            "Trust can be demanded. – Not right. No.",
        ]
    )


def test_each_card_of_an_order_is_described_by_whether_it_is_in_its_place(
    page: Page, bench: Any, answers: Answers
) -> None:
    card = MAKE["right-order"](answers)
    card.set("order", ["A", "C", "B"])
    bench.show(card)
    press(page, "Check")
    bench.settle()
    first, other = (page.get_by_role("button", name=f"Move down: {name}") for name in ("I tell you.", "We decide."))
    expect(first).to_have_accessible_description("In the right place.")
    expect(other).to_have_accessible_description("Not in the right place.")
    other.press("Enter")
    bench.settle()
    expect(other).to_have_accessible_description("")
    press(page, "Check")
    bench.settle()
    expect(page.get_by_text("All 3 are in the right place.", exact=True).first).to_be_visible()


# Free text


@pytest.mark.parametrize("kind", ["write", "form"])
def test_text_that_is_written_from_right_to_left_stands_at_the_right(
    kind: str, page: Page, bench: Any, answers: Answers
) -> None:
    bench.show(MAKE[kind](answers))
    box = page.get_by_role("textbox").first
    for words, direction in (("I asked them", "ltr"), ("سألتهم", "rtl")):
        box.fill(words)
        assert box.evaluate("box => getComputedStyle(box).direction") == direction


# From memory


def test_what_check_shows_is_read_out_and_stands_beside_ones_own_words_where_there_is_room(
    page: Page, bench: Any, answers: Answers
) -> None:
    bench.show(MAKE["recall"](answers))
    own = page.get_by_role("group", name="What are the four parts of a clear promise?").get_by_label("Your line")
    own.fill("What, and by when")
    page.get_by_role("button", name="Check").press("Enter")
    bench.settle()
    expect(bench.live).to_contain_text("One question has no line from you yet.")
    assert bench.focused() == "Check"
    page.get_by_role("button", name="Look anyway").press("Enter")
    bench.settle()
    expect(bench.live).to_contain_text("From the course What, by when, what it depends on, and how they will know.")
    assert bench.focused() == "Hide it again"

    shown = page.get_by_text("What, by when, what it depends on, and how they will know.", exact=True)
    for width, is_beside in ((980, True), (390, False)):
        page.set_viewport_size({"width": width, "height": 700})
        left, right = own.bounding_box(), shown.bounding_box()
        assert (left["x"] + left["width"] <= right["x"]) == is_beside
        assert (left["y"] + left["height"] <= right["y"]) != is_beside

    page.get_by_role("button", name="Hide it again").press("Enter")
    bench.settle()
    expect(shown).to_have_count(0)
    assert bench.focused() == "Check"
    expect(own).to_have_value("What, and by when")


# Copied from a lesson


def test_words_of_a_lesson_are_copied_by_keyboard_and_other_words_are_asked_about(
    page: Page, bench: Any, answers: Answers, tmp_path: Path
) -> None:
    journal = Journal(tmp_path / "lessons")
    journal.page("repair").save("at-next-meeting", "Ask for one line on each.")
    bench.show(Write("q", answers, "What next?", copy="repair/at-next-meeting", past=PastAnswers(journal.folder)))
    box = page.get_by_label("What next?")
    page.get_by_role("button", name="Copy from my lesson").press("Enter")
    bench.settle()
    expect(box).to_have_value("Ask for one line on each.")
    expect(bench.live).to_contain_text("Copied from your lesson.")
    assert bench.focused() == "Copy from my lesson"

    box.fill("My own.")
    page.get_by_role("button", name="Copy from my lesson").press("Enter")
    bench.settle()
    expect(bench.live).to_contain_text("What should happen to your words?")
    assert bench.focused() == "Add the lesson’s words below mine"
    expect(box).to_have_value("My own.")
    page.keyboard.press("Enter")
    bench.settle()
    expect(box).to_have_value("My own.\n\nAsk for one line on each.")
    assert bench.focused() == "Copy from my lesson"


# Order


def test_an_item_is_moved_by_keyboard_and_its_button_keeps_the_focus(page: Page, bench: Any, answers: Answers) -> None:
    bench.show(MAKE["rank"](answers))
    items = page.get_by_role("listitem")
    last = items.nth(2).locator(".bt-item-words").inner_text()
    page.get_by_role("button", name=f"Move up: {last}").focus()
    page.keyboard.press("Enter")
    bench.settle()
    expect(items.nth(1)).to_contain_text(last)
    assert bench.focused() == f"Move up: {last}"
    expect(bench.live).to_have_text(f"{last} is now in place 2 of 3.")

    page.keyboard.press("Enter")
    bench.settle()
    expect(items.nth(0)).to_contain_text(last)
    assert bench.focused() == f"Move down: {last}"
    expect(page.get_by_role("button", name=f"Move up: {last}")).to_have_attribute("aria-disabled", "true")
    assert [control for control, _ in bench.sent()] == ["order", "order"]
    assert answers.get("q") == bench.sent()[-1][1]["order"]


# Text


def test_typed_text_is_sent_after_a_pause(page: Page, bench: Any, answers: Answers) -> None:
    bench.show(MAKE["write"](answers))
    page.get_by_role("textbox").press_sequentially("Begin on time")
    tick_clock(page, 400)
    assert bench.sent() == []
    tick_clock(page, 200)
    bench.settle()
    assert bench.sent() == [("text", "Begin on time")]
    expect(page.locator(".bt-status")).to_have_text("Saved")
    assert answers.get("q") == "Begin on time"


def test_text_is_sent_at_once_when_its_field_is_left(page: Page, bench: Any, answers: Answers) -> None:
    bench.show(MAKE["if-then"](answers))
    page.get_by_role("textbox").first.press_sequentially("it is Tuesday")
    page.keyboard.press("Tab")
    bench.settle()
    assert bench.sent() == [("blank-0", "it is Tuesday")]
    expect(page.get_by_text("If it is Tuesday, then I will …")).to_be_visible()


def test_a_press_comes_after_the_text_typed_before_it(page: Page, bench: Any, answers: Answers) -> None:
    bench.show(MAKE["log"](answers))
    page.get_by_label("What I did").press_sequentially("Rang back.")
    page.get_by_role("button", name="Add this entry").dispatch_event("click")  # the field is not left
    bench.settle()
    assert bench.sent() == [("field-0", "Rang back."), ("press", "add")]
    expect(page.get_by_text("Entry 1")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_label("What I did")).to_have_value("")


def test_text_being_typed_is_not_overwritten_by_an_older_value(page: Page, bench: Any, answers: Answers) -> None:
    bench.show(MAKE["write"](answers))
    bench.hold()
    box = page.get_by_role("textbox")
    box.press_sequentially("Begin")
    tick_clock(page, 600)
    box.press_sequentially(" on time")
    bench.let_go()
    expect(box).to_have_value("Begin on time")
    tick_clock(page, 600)
    bench.settle()
    expect(box).to_have_value("Begin on time")
    assert answers.get("q") == "Begin on time"


def test_a_press_waits_for_the_answer_before_it(page: Page, bench: Any, answers: Answers) -> None:
    bench.show(MAKE["choose"](answers))
    bench.hold()
    page.get_by_role("radio").nth(1).check()
    page.get_by_role("button", name="Check").click()
    assert bench.sent() == [("pick", "B")]
    bench.let_go()
    bench.settle()
    assert bench.sent() == [("pick", "B"), ("press", "check")]
    assert answers.state("q") == "checked"


def test_an_answer_that_never_came_does_not_stop_the_next(page: Page, bench: Any, answers: Answers) -> None:
    bench.show(MAKE["choose"](answers))
    bench.hold()
    page.get_by_role("radio").nth(1).check()
    tick_clock(page, 6100)
    page.get_by_role("radio").nth(0).check()
    assert bench.sent() == [("pick", "B"), ("pick", "A")]


def test_a_page_that_is_left_sends_all_it_has(page: Page, bench: Any, answers: Answers) -> None:
    bench.show(MAKE["choose"](answers))
    bench.hold()
    page.get_by_role("radio").nth(1).check()
    page.get_by_role("button", name="Check").click()
    page.evaluate("window.dispatchEvent(new Event('pagehide'))")
    assert bench.sent() == [("pick", "B"), ("press", "check")]


def test_words_are_counted_as_they_are_typed(page: Page, bench: Any, answers: Answers) -> None:
    bench.show(MAKE["write"](answers))
    box = page.get_by_role("textbox")
    box.press_sequentially("one two")
    expect(box).to_have_accessible_description("2 words. Aim for 150 to 250.")
    expect(bench.live).to_have_text("")


def test_text_is_sent_when_the_page_is_left(page: Page, bench: Any, answers: Answers) -> None:
    bench.show(MAKE["write"](answers))
    page.get_by_role("textbox").press_sequentially("Half a thought")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
    bench.settle()
    assert answers.get("q") == "Half a thought"


@pytest.mark.parametrize(
    "words, shown",
    [
        ("a *soft* and a **strong** word", "a <em>soft</em> and a <strong>strong</strong> word"),
        ("2 * 3 * 4 and 2*3*4", "2 * 3 * 4 and 2*3*4"),
        ("<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)&gt;"),
    ],
)
def test_words_are_text_and_never_markup(words: str, shown: str, page: Page, bench: Any, answers: Answers) -> None:
    bench.show(Choose("q", answers, f"{words}\n\nA. {words}\nB. Another"))
    assert page.locator("legend").inner_html() == shown
    assert page.locator(".bt-option span").first.inner_html() == shown


# Numbers


def test_a_slider_is_unset_until_it_is_used_and_can_be_cleared(page: Page, bench: Any, answers: Answers) -> None:
    bench.show(MAKE["slider"](answers))
    slider, box = page.get_by_role("slider"), page.get_by_role("textbox")
    expect(slider).to_have_attribute("aria-valuetext", "Not set")
    slider.focus()
    assert bench.sent() == []
    page.keyboard.press("ArrowRight")
    bench.settle()
    expect(box).to_have_value("6")
    assert slider.get_attribute("aria-valuetext") is None
    assert answers.get("q") == 6

    page.get_by_role("button", name="Clear: How sure are you?").press("Enter")
    bench.settle()
    expect(slider).to_have_attribute("aria-valuetext", "Not set")
    assert bench.sent()[-1] == ("number-0", None)
    assert answers.get("q") is None
    assert bench.focused().startswith("Clear")


def test_the_middle_of_a_slider_can_be_chosen_by_a_click(page: Page, bench: Any, answers: Answers) -> None:
    bench.show(MAKE["slider"](answers))
    page.get_by_role("slider").click()
    bench.settle()
    assert answers.get("q") == 5


@pytest.mark.parametrize("typed, sent", [("7", 7), ("3,5", 3.5), ("99", 99), ("many", "many"), ("", None)])
def test_a_number_is_sent_as_a_number(typed: str, sent: object, page: Page, bench: Any, answers: Answers) -> None:
    card = MAKE["number"](answers)
    card.set("number-0", 12)
    bench.show(card)
    box = page.get_by_role("textbox")
    box.fill(typed)
    page.keyboard.press("Tab")
    bench.settle()
    assert bench.sent() == [("number-0", sent)]
    expect(box).to_have_value(typed)
    is_wrong = sent in (99, "many")
    assert box.get_attribute("aria-invalid") == ("true" if is_wrong else None)
    expect(page.get_by_text("Please give a number from 2 to 40.").first).to_be_visible(visible=is_wrong)


DESCRIPTION = """(box) => box.getAttribute("aria-describedby").split(" ")
  .map((id) => document.getElementById(id).innerText).join(" ")"""


def test_a_number_that_the_course_refuses_is_marked_and_says_why(page: Page, bench: Any, tmp_path: Path) -> None:
    bench.show(Remind("reminder", Journal(tmp_path).page("repair")))
    box = page.get_by_role("textbox")
    for typed, is_wrong in (("1.5", True), ("7", False), ("", True), ("365", False)):
        box.fill(typed)
        page.keyboard.press("Tab")
        bench.settle()
        expect(box).to_have_value(typed)
        assert box.get_attribute("aria-invalid") == ("true" if is_wrong else None), typed
        assert ("from 1 to 365" in box.evaluate(DESCRIPTION)) == is_wrong, typed


# What became of an answer


class Refusing(Card):
    """A card whose answers cannot be saved while the folder is in the way."""

    kind = "refusing"

    def body(self) -> list[Control]:
        return [controls.line("line", "Your words", self.value or "")]

    def change(self, control: str, value: Any) -> None:
        self.save(value)

    def answer_lines(self) -> list[tuple[str, str]]:
        return [("Your words", self.value or "")]


def test_a_failed_save_says_so_keeps_the_text_and_is_made_good(
    page: Page, bench: Any, answers: Answers, tmp_path: Path
) -> None:
    assert answers.path is not None
    answers.path.parent.write_text("a file where the folder should be")
    bench.show(Refusing("q", answers))
    box = page.get_by_role("textbox")
    box.fill("Keep me")
    page.keyboard.press("Tab")
    bench.settle()
    expect(page.get_by_role("alert")).to_contain_text("Not saved.")
    expect(page.locator(".bt-status")).to_have_text("")
    expect(box).to_have_value("Keep me")

    answers.path.parent.unlink()
    press(page, "Skip")
    bench.settle()
    expect(page.get_by_role("alert")).to_have_text("")
    assert answers.get("q") == "Keep me"
    assert answers.state("q") == "skipped"


def test_a_course_that_does_not_answer_is_told_of_until_it_does(page: Page, bench: Any, answers: Answers) -> None:
    bench.show(MAKE["write"](answers))
    bench.hold()
    box, alert, status = page.get_by_role("textbox"), page.get_by_role("alert"), page.locator(".bt-status")
    box.fill("Still here")
    tick_clock(page, 600)
    expect(status).to_have_text("")
    tick_clock(page, 400)
    expect(status).to_have_text("Saving…")
    tick_clock(page, 6000)
    expect(alert).to_contain_text("What you wrote is still here.")
    expect(box).to_have_value("Still here")

    bench.let_go()
    expect(alert).to_have_text("")
    expect(status).to_have_text("Saved")


def test_a_button_is_pressed_once_until_python_has_answered(page: Page, bench: Any, answers: Answers) -> None:
    bench.show(MAKE["log"](answers))
    page.get_by_label("What I did").fill("Rang back.")
    bench.hold()
    add = page.get_by_role("button", name="Add this entry")
    add.click()
    add.dispatch_event("click")  # Playwright's own click waits for an enabled button
    expect(add).to_have_attribute("aria-disabled", "true")
    assert bench.focused() == "Add this entry"
    bench.let_go()
    expect(add).not_to_have_attribute("aria-disabled", "true")
    assert bench.sent().count(("press", "add")) == 1


def test_a_key_held_down_does_not_press_the_button_that_comes_next(page: Page, bench: Any, answers: Answers) -> None:
    bench.show(MAKE["choose"](answers))
    page.get_by_role("button", name="Skip").focus()
    page.keyboard.down("Enter")
    bench.settle()
    page.keyboard.down("Enter")
    page.keyboard.down("Enter")
    page.keyboard.up("Enter")
    bench.settle()
    assert bench.sent() == [("press", "skip")]


def test_a_page_of_answers_that_cannot_be_used_is_told_of_on_the_card(page: Page, bench: Any, answers: Answers) -> None:
    assert answers.path is not None
    answers.path.parent.mkdir()
    answers.path.write_text('{"format": 99}', encoding="utf-8")
    bench.show(MAKE["choose"](Answers(answers.path, answers.kind, answers.name)))
    expect(page.get_by_role("note")).to_contain_text("newer version")


def test_a_line_shows_all_its_words_on_a_phone_and_stays_one_line(page: Page, bench: Any, answers: Answers) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    bench.show(MAKE["form"](answers))
    line = page.get_by_label("I bring together")
    line.fill("x")
    height = line.evaluate("box => box.clientHeight")
    line.fill("eleven community nurses,\n four healthcare assistants\r\nand two nurses from an agency")
    line.press("Enter")
    line.blur()
    bench.settle()
    assert answers.get("q") == [
        "eleven community nurses, four healthcare assistants and two nurses from an agency",
        "",
        "",
    ]
    assert line.evaluate("box => box.clientHeight") > height
    assert line.evaluate("box => [box.scrollHeight - box.clientHeight, box.scrollWidth - box.clientWidth]") == [0, 0]


# Several views, and none


def test_two_views_of_one_card_show_the_same(page: Page, bench: Any, answers: Answers) -> None:
    bench.show(MAKE["write"](answers), views=2)
    boxes = page.get_by_role("textbox")
    boxes.nth(0).fill("From the first")
    boxes.nth(0).blur()
    bench.settle()
    expect(boxes.nth(1)).to_have_value("From the first")
    boxes.nth(1).fill("From the second")
    boxes.nth(1).blur()
    bench.settle()
    expect(boxes.nth(0)).to_have_value("From the second")


def test_a_closed_view_sends_its_text_and_listens_no_more(page: Page, bench: Any, answers: Answers) -> None:
    bench.show(MAKE["write"](answers))
    page.get_by_role("textbox").press_sequentially("Last words")
    bench.close_view(0)
    bench.settle()
    assert answers.get("q") == "Last words"
    assert page.evaluate("bench.listeners()") == 0
