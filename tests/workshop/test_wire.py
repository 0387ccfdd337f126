"""The whole wire of the running server: it tells no more than the rules of `course.privacy` publish.

Reveals, undos, reopened questions, late joiners, leavers, changed answers, repeated votes and restarts, in any order.
"""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from course.privacy import MIN_CELL, admissions
from course.privacy.live_release import LiveQuestion
from course.workshop.rules.session_model import SessionModel
from course.workshop.views import phone_view, result_views
from course.workshop.web import context
from tests.workshop.twins import COUNTED, FAMILIES, Twins, twins

pytestmark = pytest.mark.slow

PARTS = {part: list("ABC") if part == "leak" else list(range(1, 8)) for family in FAMILIES for part in family}
MOST = 36


class Release(RuleBasedStateMachine):
    """Two sessions in step, watched after each."""

    both: Twins

    def __init__(self) -> None:
        super().__init__()
        self._open = ExitStack()
        self._revision = itertools.count(1)
        self._latest: dict[str, dict[int, Any]] = {}

    @initialize(people=st.integers(4, 24))
    def begin(self, people: int) -> None:
        folder = self._open.enter_context(tempfile.TemporaryDirectory())
        self.both = self._open.enter_context(twins(Path(folder)))
        self.both.join(people)
        for to in ("shut", "open"):  # so that those who follow the session stay in it
            self.both.act("door", to=to)
        for question in COUNTED:
            self.both.act("open", question=question)

    @property
    def people(self) -> int:
        return len(self.both.sides[0].phones)

    @precondition(lambda self: self.people < MOST)
    @rule(people=st.integers(1, 6))
    def come_late(self, people: int) -> None:
        self.both.act("door", to="open")
        self.both.join(people)

    @rule(is_open=st.booleans())
    def turn_the_door(self, is_open: bool) -> None:
        for to in ("shut", "open") if is_open else ("shut",):
            self.both.act("door", to=to)

    @rule()
    def remove_phones(self) -> None:
        self.both.act("remove-phones", sure="yes")

    @rule(first=st.integers(0, MOST), many=st.integers(1, 6))
    def come_again(self, first: int, many: int) -> None:
        self.both.act("door", to="open")
        self.both.come_again(range(self.people)[first : first + many])

    @rule(part=st.sampled_from(sorted(PARTS)), share=st.floats(0.1, 1.0), dice=st.randoms(), is_swapped=st.booleans())
    def answer(self, part: str, share: float, dice: Any, is_swapped: bool) -> None:
        who = dice.sample(range(self.people), max(1, round(share * self.people)))
        answers = [dice.choice(PARTS[part]) for _ in who]
        other = dice.sample(answers, len(answers)) if is_swapped else [dice.choice(PARTS[part]) for _ in who]
        self._say(part, dict(zip(who, zip(answers, other, strict=True), strict=True)))

    @rule(part=st.sampled_from(sorted(PARTS)), dice=st.randoms())
    def leave_or_come_back(self, part: str, dice: Any) -> None:
        who = dice.sample(range(self.people), dice.randint(1, min(6, self.people)))
        self._say(part, {phone: (None, None) for phone in who})

    @precondition(lambda self: self._latest.get("group.G2"))
    @rule(dice=st.randoms())
    def say_almost_the_same_again(self, dice: Any) -> None:
        answers = dict(self._latest["group.G2"])
        for phone in dice.sample(sorted(answers), min(len(answers), dice.randint(0, 6))):
            answers[phone] = (dice.randint(1, 7), dice.randint(1, 7))
        self._say("group-again.G2", answers)

    def _say(self, part: str, answers: dict[int, Any]) -> None:
        self.both.say(part, answers, next(self._revision))
        self._latest.setdefault(part, {}).update(answers)

    @rule(question=st.sampled_from(COUNTED), act=st.sampled_from(["reveal", "close", "reveal", "undo", "open"]))
    def lead(self, question: str, act: str) -> None:
        self.both.act(act, question=question)

    @rule(question=st.sampled_from(COUNTED))
    def close_and_reveal(self, question: str) -> None:
        self.both.act("close", question=question)
        self.both.act("reveal", question=question)

    @rule(step=st.sampled_from(["check-in", "agree", "close"]))
    def go(self, step: str) -> None:
        self.both.act("step", step=step)

    @rule()
    def restart(self) -> None:
        self.both.restart()

    @invariant()
    def the_wire_tells_no_more_than_is_published(self) -> None:
        self.both.watch()

    def teardown(self) -> None:
        self._open.close()


@pytest.mark.slow
def test_the_wire_tells_no_more_than_is_published(edition: Path, json_pages: None) -> None:
    run_state_machine_as_test(Release, settings=settings(max_examples=8, stateful_step_count=12, deadline=None))


# What would leak is found


def _counted_one_by_one(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(admissions, "rounded_down", lambda people: people)


def _shown_at_once(patch: pytest.MonkeyPatch) -> None:
    """A picture follows each answer."""

    def update(asked: LiveQuestion) -> None:
        if len(asked._answers) >= MIN_CELL:
            asked._released.clear()
            asked._extend(asked._answers)

    patch.setattr(LiveQuestion, "update", update)


def _name_of_what_is_hidden(patch: pytest.MonkeyPatch) -> None:
    """A chart's name is made from the answers, not from what is shown of them."""
    whole, given = result_views.chart_spec, {}

    def spec(model: SessionModel, question: Any) -> Any:
        given[question.slug] = sorted(str(answer) for _, answer in model.answers.of(question.slug).values())
        return whole(model, question)

    patch.setattr(result_views, "chart_spec", spec)
    patch.setattr(result_views, "chart_name", lambda question, spec: f"{question.slug}-{given[question.slug]}")


def _said_by_its_length(patch: pytest.MonkeyPatch) -> None:
    """What is sent grows with what is chosen."""
    whole = context.phone_view

    def phone(session: Any) -> Any:
        chosen = [answered for _, answered in session.model.answers.of("leak").values()]
        return {**whole(session), "padding": " " * chosen.count("A")}

    patch.setattr(context, "phone_view", phone)


def _more_than_is_shown(patch: pytest.MonkeyPatch) -> None:
    """A count is on the wire that the rules hold back."""
    whole = result_views._chart_part

    def chart_part(model: SessionModel, question: Any, part: Any) -> Any:
        view = whole(model, question, part)
        shown = view["shown"] and {**view["shown"], "people": len(model.answers.of(part["part"]))}
        return {**view, "shown": shown}

    patch.setattr(result_views, "_chart_part", chart_part)


def _told_to_phones(patch: pytest.MonkeyPatch) -> None:
    """A chart's sentence on phones is made from the answers, not from what is shown of them."""
    whole = phone_view._chart_result

    def result(session: Any, shown: Any) -> Any:
        chosen = [answered for _, answered in session.model.answers.of(shown["question"]).values()]
        texts = whole(session, shown)["chart_texts"]
        told = [{**text, "sentence": f"{text['sentence']} {sorted(map(str, chosen))}"} for text in texts]
        return {**whole(session, shown), "chart_texts": told}

    patch.setattr(phone_view, "_chart_result", result)


LEAKS = [
    _counted_one_by_one, _shown_at_once, _name_of_what_is_hidden, _said_by_its_length, _more_than_is_shown,
    _told_to_phones,
]  # fmt: skip


def play(both: Twins) -> None:
    """A short workshop in which much happens."""
    both.join(7)
    for question in COUNTED:
        both.act("open", question=question)
    both.act("reveal", question="leak")
    both.watch()
    both.say("leak", {phone: ("AB"[phone % 2], "ABBAABB"[phone]) for phone in range(6)}, 1)
    both.watch()
    both.act("close", question="leak")
    both.watch()
    both.act("open", question="leak")
    both.say("leak", {6: ("A", "B")}, 2)
    both.act("close", question="leak")
    both.watch()


@pytest.mark.parametrize("leak", LEAKS)
def test_what_would_tell_more_is_found(
    edition: Path, json_pages: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, leak: Callable[..., None]
) -> None:
    leak(monkeypatch)
    with twins(tmp_path) as both, pytest.raises(AssertionError, match="leak: "):
        play(both)


def test_the_same_workshop_without_a_leak_tells_nothing(edition: Path, json_pages: None, tmp_path: Path) -> None:
    with twins(tmp_path) as both:
        play(both)
        both.restart()
        both.watch()
    assert both.compared["whole"] >= 5


def test_frames_are_numbered_by_what_is_shown_not_by_what_happens(
    edition: Path, json_pages: None, tmp_path: Path
) -> None:
    with twins(tmp_path) as both:
        both.join(3)
        both.act("open", question="leak")
        side = both.sides[0]
        before = side.wire()["phone events"][-1]["at"]
        for phone in range(3):
            both.say("leak", {phone: ("A", "B")}, 1)
            assert side.wire()["phone events"] == []
        both.act("close", question="leak")
        assert [event["at"] for event in side.wire()["phone events"]] == [before + 1]


def test_many_who_answer_a_question_that_is_shown_are_on_the_wire_as_published(
    edition: Path, json_pages: None, tmp_path: Path
) -> None:
    with twins(tmp_path) as both:
        both.join(22)
        both.act("open", question="leak")
        both.act("reveal", question="leak")
        both.watch()
        both.say("leak", {phone: ("ABC"[phone % 3], "ABC"[phone % 3]) for phone in range(22)}, 1)
        both.watch()
        assert both.compared["whole"] == 2


@pytest.mark.parametrize("late", [4, 6])
def test_phones_that_are_removed_leave_the_same_wire_whatever_they_said(
    edition: Path, json_pages: None, tmp_path: Path, late: int
) -> None:
    with twins(tmp_path) as both:
        both.join(9)
        for question in ("leak", "group"):
            both.act("open", question=question)
        for to in ("shut", "open"):
            both.act("door", to=to)
        both.join(late)
        both.say("leak", {phone: "AA" if phone < 9 else ("ABC"[phone % 3], "CBA"[phone % 2]) for phone in range(9)}, 1)
        both.say("leak", {phone: ("ABC"[phone % 3], "CBA"[phone % 2]) for phone in range(9, 9 + late)}, 1)
        both.say("group.G1", {phone: (1 + phone % 7, 7 - phone % 7) for phone in range(9 + late)}, 1)
        both.watch()
        both.act("close", question="leak")
        both.act("remove-phones", sure="yes")
        both.watch()
        both.say("leak", {phone: "AB" for phone in range(9, 9 + late)}, 2)
        both.act("reveal", question="leak")
        both.watch()
        assert both.compared["whole"] == (3 if late == 6 else 2)
        both.act("remove-phones", sure="yes")
        both.act("close", question="group")
        both.act("reveal", question="group")
        both.watch()
        both.restart()
        both.watch()
