"""The next-action button walks the whole script: what it leads to, what it passes over, and the way back."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from course.core.errors import SessionRefused
from course.workshop.rules.actions import perform
from course.workshop.rules.script_walk import back_action, next_action, skip_action
from course.workshop.rules.session_model import SessionModel
from course.workshop.script.script import find_script


class Walker:
    """A facilitator who presses what the console offers, in a room of so many phones."""

    def __init__(self, people: int = 0, *, is_long: bool = True) -> None:
        self.model = SessionModel(find_script(is_long=is_long), b"key of the walls")
        self.people = [f"person {number:03}" for number in range(people)]
        self.model.people = set(self.people)

    def act(self, name: str, **fields: object) -> None:
        perform(self.model, name, fields, 0.0)

    @property
    def next(self) -> str:
        action = next_action(self.model)
        return action.name if action else ""

    @property
    def skip(self) -> str:
        action = skip_action(self.model)
        return action.name if action else ""

    @property
    def back(self) -> str:
        action = back_action(self.model)
        return action.name if action else ""

    def press(self, name: str) -> None:
        """Press the button that shows this."""
        self.act("next", shown=name)

    def answer(self, slug: str) -> None:
        """Let all phones answer a question."""
        question = self.model.script.question(slug)
        assert question
        for part in self.model.parts(question):
            for number, person in enumerate(self.people):
                self.model.record_answer(part, person, 1, self._answer(part, number))

    def _answer(self, part: str, number: int) -> int | str | Mapping[str, str | bool]:
        question = self.model.find(part)
        assert question
        if question.kind == "rate":
            return 1 + number % 7
        if question.options:
            return list(question.options)[number % len(question.options)]
        if question.fields:
            return {**{field: f"{field} {number}" for field in question.fields}, "show": True}
        return f"line {number}"

    def read(self, slug: str) -> None:
        """Approve all lines of a question."""
        for line in self.model.lines.of(slug):
            self.act("approve", line=line.name)

    @property
    def stands(self) -> tuple[str, dict[str, tuple[str, bool]]]:
        """Where the session stands: its step, and of each question that was opened its phase and if it is shown."""
        states = self.model.state.questions.items()
        return self.model.state.step, {slug: (at.phase, at.is_shown) for slug, at in states if at.phase != "new"}

    def walk(self) -> list[str]:
        """Press what is next until the script is over, and answer and read whatever opens; return what was pressed."""
        pressed: list[str] = []
        while self.next != "finish":
            assert len(pressed) < 200, pressed
            pressed.append(self.next)
            kind, _, slug = self.next.partition(" ")
            if kind == "read":
                self.read(slug)
                continue
            self.press(self.next)
            if kind == "open":
                self.answer(slug)
        return pressed


def asked(slug: str, *, is_written: bool = False) -> list[str]:
    return [f"open {slug}", f"close {slug}", *([f"read {slug}"] if is_written else []), f"reveal {slug}"]


def test_it_leads_through_the_whole_script() -> None:
    walker = Walker(30)
    assert walker.walk() == [
        *["step check-in", *asked("attention", is_written=True)],
        *["step our-group", *asked("group")],
        *["step boundaries", *asked("drafts"), *asked("missing", is_written=True)],
        *["step break", "step leak", *asked("first-act"), *asked("weight")],
        *["step differences", *asked("different", is_written=True), *asked("sorted")],
        *["step thanks", *asked("thank-you", is_written=True)],
        *["step commitment", *asked("commitment", is_written=True)],
        *["step rate-again", *asked("group-again")],
        *["step close", *asked("taking-away", is_written=True)],
    ]
    assert walker.skip == ""
    shown = {slug for slug, state in walker.model.state.questions.items() if state.is_shown}
    assert shown == {question.slug for question in walker.model.script.questions()} - {"first-act-again"}
    assert {state.phase for slug, state in walker.model.state.questions.items() if slug in shown} == {"closed"}


def test_what_too_few_answered_is_not_shown_and_nothing_is_sorted_that_nobody_wrote() -> None:
    pressed = Walker(4).walk()
    assert [name for name in pressed if name.startswith("reveal")] == []
    assert [name for name in pressed if name.endswith(" sorted")] == []
    assert "read attention" in pressed  # a line is read by somebody, whether it can be shown or not
    assert "reveal group" in Walker(5).walk()


def test_cards_count_as_answers_do() -> None:
    walker = Walker()
    walker.act("step", step="our-group")
    walker.press("open group")
    walker.model.put_paper({"group.G1": {"4": 3, "5": 1}})
    walker.press("close group")
    assert walker.next == "step boundaries"
    walker.act("open", question="group")
    walker.model.put_paper({"group.G1": {"4": 3, "5": 2}})
    walker.press("close group")
    assert walker.next == "reveal group"


def test_lines_are_read_before_they_are_shown_and_only_what_was_approved_is_shown() -> None:
    walker = Walker(30)
    walker.press("step check-in")
    walker.press("open attention")
    walker.answer("attention")
    assert walker.next == "close attention"  # the last lines come when it closes
    walker.press("close attention")
    for _ in range(3):
        assert walker.next == "read attention"
        with pytest.raises(SessionRefused):
            walker.press("reveal attention")
        with pytest.raises(SessionRefused):
            walker.press("read attention")  # it leads to the lines, and judges none of them
        assert not walker.model.state.question("attention").is_shown
    lines = walker.model.lines.of("attention")
    for line in lines[:6]:
        walker.act("approve", line=line.name)
    assert walker.next == "read attention"
    for line in lines[6:]:
        walker.act("hide", line=line.name)
    walker.press("reveal attention")
    question = walker.model.script.question("attention")
    assert question
    assert {line.name for line in walker.model.walls.shown(question)} == {line.name for line in lines[:6]}


def test_a_wall_of_which_too_little_was_approved_is_passed_over() -> None:
    walker = Walker(30)
    walker.press("step check-in")
    walker.press("open attention")
    walker.answer("attention")
    walker.press("close attention")
    lines = walker.model.lines.of("attention")
    for line in lines:
        walker.act("hide" if line in lines[4:] else "approve", line=line.name)
    assert walker.next == "step our-group"
    walker.act("approve", line=lines[4].name)
    assert walker.next == "reveal attention"


def test_what_was_skipped_is_not_led_to_again() -> None:
    walker = Walker(30)
    walker.act("step", step="leak")
    assert (walker.next, walker.skip) == ("open first-act", "open weight")
    walker.press("open weight")
    assert (walker.next, walker.skip) == ("close weight", "")
    walker.answer("weight")
    walker.press("close weight")
    assert (walker.next, walker.skip) == ("reveal weight", "step differences")
    walker.press("step differences")
    assert walker.next == "open different"
    walker.act("step", step="leak")
    assert walker.next == "reveal weight"


def test_two_questions_that_are_open_together_are_both_closed_and_both_shown() -> None:
    walker = Walker(30)
    walker.act("step", step="boundaries")
    for slug in ("drafts", "missing"):
        walker.act("open", question=slug)
        walker.answer(slug)
    pressed = []
    while not walker.next.startswith("step"):
        pressed.append(walker.next)
        walker.read("missing") if walker.next == "read missing" else walker.press(walker.next)
    assert pressed == ["close drafts", "close missing", "reveal drafts", "read missing", "reveal missing"]


def test_a_result_that_was_left_is_led_to_again_after_the_question_in_its_place() -> None:
    walker = Walker(30)
    walker.act("step", step="leak")
    walker.press("open first-act")
    walker.answer("first-act")
    walker.press("close first-act")
    assert (walker.next, walker.skip) == ("reveal first-act", "open weight")
    walker.press("open weight")
    assert walker.next == "close weight"
    walker.answer("weight")
    walker.press("close weight")
    assert (walker.next, walker.skip) == ("reveal first-act", "reveal weight")
    walker.press("reveal weight")
    assert (walker.next, walker.skip) == ("reveal first-act", "step differences")


def test_reading_can_be_left_for_later() -> None:
    walker = Walker(30)
    walker.press("step check-in")
    walker.press("open attention")
    walker.answer("attention")
    walker.press("close attention")
    assert (walker.next, walker.skip) == ("read attention", "step our-group")


def test_a_question_that_is_passed_over_can_be_opened_and_is_then_led_through() -> None:
    walker = Walker(30)
    walker.act("step", step="leak")
    for slug in ("first-act", "weight"):
        walker.press(f"open {slug}")
        walker.answer(slug)
        walker.press(f"close {slug}")
        walker.press(f"reveal {slug}")
    assert walker.next == "step differences"
    walker.act("open", question="first-act-again")
    assert walker.next == "close first-act-again"
    walker.answer("first-act-again")
    walker.press("close first-act-again")
    assert walker.next == "reveal first-act-again"


def test_what_is_taken_off_the_screen_or_opened_again_is_led_to_again() -> None:
    walker = Walker(30)
    walker.act("step", step="our-group")
    walker.press("open group")
    walker.answer("group")
    walker.press("close group")
    walker.press("reveal group")
    assert (walker.next, walker.back) == ("step boundaries", "undo group")
    walker.press("undo group")
    assert (walker.next, walker.skip, walker.back) == ("reveal group", "step boundaries", "step check-in")
    walker.press("reveal group")
    walker.act("open", question="group")
    assert (walker.next, walker.back) == ("close group", "step check-in")
    walker.press("close group")
    assert walker.next == "step boundaries"


def test_the_way_back_leads_from_step_to_step_and_opens_no_question() -> None:
    walker = Walker(30)
    walker.walk()
    seen = [walker.back]
    while walker.back:
        walker.press(walker.back)
        seen.append(walker.back)
    steps = [step.slug for step in walker.model.script.steps]
    assert [name for name in seen if name.startswith("step")] == [f"step {slug}" for slug in steps[-2::-1]]
    assert {name.partition(" ")[0] for name in seen} == {"step", "undo", ""}
    assert all(state.phase in ("new", "closed") for state in walker.model.state.questions.values())


def test_a_key_that_is_pressed_twice_does_one_thing() -> None:
    """Wherever the session stands, the name of what was just done is not on offer any more."""
    walker, done = Walker(30), 0
    while walker.next != "finish":
        name = walker.next
        kind, _, slug = name.partition(" ")
        if kind == "read":
            walker.read(slug)
            continue
        walker.press(name)
        before = walker.stands
        with pytest.raises(SessionRefused):
            walker.press(name)
        assert walker.stands == before
        done += 1
        if kind == "open":
            walker.answer(slug)
    assert done > 30


@pytest.mark.parametrize(
    "name", ["", "next", "close", "close group", "finish", "step nowhere", "close-session", "undo group"]
)
def test_nothing_is_done_that_is_not_offered(name: str) -> None:
    walker = Walker(30)
    walker.act("step", step="check-in")
    with pytest.raises(SessionRefused):
        walker.press(name)
    assert walker.next == "open attention"


def test_a_step_without_questions_leads_to_the_next_and_the_last_one_to_the_end() -> None:
    walker = Walker(30)
    walker.act("step", step="break")
    assert (walker.next, walker.back) == ("step leak", "step boundaries")
    walker.act("step", step="close")
    assert (walker.next, walker.skip) == ("open taking-away", "finish")


def test_the_end_leads_to_lines_that_nobody_has_read_and_to_questions_left_open() -> None:
    walker = Walker(30)
    walker.press("step check-in")
    walker.press("open attention")
    walker.answer("attention")
    walker.act("step", step="differences")
    walker.press("open different")
    walker.answer("different")
    walker.press("close different")
    walker.act("step", step="close")
    walker.press("open taking-away")
    walker.press("close taking-away")
    assert (walker.next, walker.skip) == ("close attention", "")
    walker.press("close attention")
    assert (walker.next, walker.skip) == ("read attention", "finish")
    walker.read("attention")
    assert (walker.next, walker.skip) == ("read different", "finish")
    walker.read("different")
    assert (walker.next, walker.skip) == ("finish", "")


def test_a_group_of_five_or_fewer_is_led_to_no_question() -> None:
    walker = Walker(5)
    walker.act("group-size", people="5")
    assert [name.partition(" ")[0] for name in walker.walk()] == ["step"] * 10
    walker.act("open", question="taking-away")
    assert walker.next == "close taking-away"  # what the facilitator opens all the same is led to its end
    walker.act("group-size", people="6")
    walker.act("step", step="our-group")
    assert walker.next == "open group"


def test_a_closed_session_has_nothing_next() -> None:
    walker = Walker(30)
    walker.model.state.is_closed = True
    assert (walker.next, walker.skip, walker.back) == ("", "", "")
