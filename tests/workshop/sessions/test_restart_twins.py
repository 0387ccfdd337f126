"""A session that is restarted after every single event shows what one shows that never was: nothing is lost with it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from course.workshop.rules.session_model import StoredWayIn
from course.workshop.views.page_parts import line_text
from tests.workshop.restart_twins import TODAY, RestartTwins, Side

pytestmark = pytest.mark.slow


@pytest.fixture
def twins(tmp_path: Path) -> Iterator[RestartTwins]:
    both = RestartTwins(tmp_path)
    yield both
    both.close()


Event = Callable[[Side], object]


def joins(phones: int) -> Iterator[Event]:
    yield from [Side.join] * phones


def press(action: str, **fields: Any) -> Event:
    return lambda side: side.press(action, **fields)


def on_line(action: str, text: str, **fields: Any) -> Event:
    return lambda side: side.press(action, line=side.line(text), **fields)


def answers(part: str, values: Any, first: int = 0, revision: int = 1) -> Iterator[Event]:
    """Yield the answers of phones, one event each."""
    for phone, value in enumerate(values, start=first):
        yield lambda side, phone=phone, value=value: side.answer(phone, part, value, revision)


def cards(**tally: dict[str, int]) -> Event:
    by_part = {part.replace("__", ".").replace("_", "-"): counts for part, counts in tally.items()}
    return lambda side: side.attempt(side.session.count_paper(by_part))


def words_on_the_wall() -> Iterator[Event]:
    yield press("open", question="attention")
    yield from answers("attention", [f"word {number}" for number in range(12)])
    yield from (on_line("approve", f"word {number}") for number in range(8))
    yield press("reveal", question="attention")
    yield lambda side: side.press("group", lines=[side.line("word 1"), side.line("word 2")])
    yield from answers("attention", ["another", None, "word 2"], revision=2)
    yield press("close", question="attention")
    yield from (on_line("approve", f"word {number}") for number in range(8, 12))
    yield on_line("hide", "word 9")
    yield on_line("approve", "another")
    yield press("open", question="attention")
    yield from answers("attention", ["late", "later"], first=12)
    yield press("close", question="attention")
    yield on_line("approve", "late")
    yield lambda side: side.press("ungroup", lines=[side.line("word 1")])


def first_rating() -> Iterator[Event]:
    yield press("open", question="group")
    for item in ("G1", "G2"):
        yield from answers(f"group.{item}", [1, 7] * 10 + ["n", None])
    yield press("reveal", question="group")
    yield from answers("group.G1", [4, 4, None], revision=2)
    yield from answers("group.G1", [5] * 2, first=22)
    yield cards(group__G1={"1": 3, "7": 4})
    yield cards(group__G1={"1": 6, "7": 6})
    yield press("close", question="group")


def vote_and_boundaries() -> Iterator[Event]:
    yield press("open", question="leak")
    yield from answers("leak", "ABCABCABCAB")
    yield press("close", question="leak")
    yield press("reveal", question="leak")
    yield press("undo", question="leak")
    yield press("open", question="leak")
    yield from answers("leak", "ABC", first=11)
    yield press("close", question="leak")
    yield press("reveal", question="leak")
    yield press("step", step="agree")
    yield press("open", question="boundaries")
    yield from answers("boundaries.sources", ["keep", "change"] * 3)
    yield press("close", question="boundaries")
    yield press("reveal", question="boundaries")
    yield press("boundary", question="boundaries", line="sources", text="We keep names out of it.")
    yield press("open", question="boundaries")
    yield from answers("boundaries.sources.1", ["keep"] * 9)
    yield press("close", question="boundaries")
    yield press("reveal", question="boundaries")


def differences_sorted() -> Iterator[Event]:
    yield press("open", question="differences")
    yield from answers("differences", [f"difference {number}" for number in range(10)])
    yield press("close", question="differences")
    yield from (on_line("approve", f"difference {number}") for number in range(10))
    yield press("reveal", question="differences")
    yield press("open", question="sorted")
    for number in (3, 5):

        def sort(side: Side, number: int = number) -> None:
            for phone in range(11):
                side.answer(phone, f"sorted.{side.line(f'difference {number}')}", ["ours", "park"][phone % 2], 1)

        yield sort
    yield press("close", question="sorted")
    yield press("reveal", question="sorted")
    yield on_line("settle", "difference 3", to="ours")
    yield on_line("park", "difference 5", owner="Ann", place="Board", date="May")
    yield press("door", to="shut")


def phones_removed() -> Iterator[Event]:
    yield press("door", to="open")
    yield from joins(7)
    yield press("step", step="check-in")
    for question in ("leak", "attention", "group"):
        yield press("open", question=question)
    yield from answers("leak", "ABCABCA", first=24, revision=2)
    yield from answers("attention", [f"late word {number}" for number in range(6)], first=25, revision=3)
    yield from answers("attention", [f"new word {number}" for number in range(6)], first=14, revision=3)
    yield from answers("group.G1", [7] * 4, first=24, revision=2)
    yield press("remove-phones", sure="yes")
    yield from answers("leak", "BB", first=23, revision=9)
    yield press("door", to="open")
    yield lambda side: side.come_again(25)
    yield from answers("leak", "C", first=25, revision=9)
    yield press("remove-phones", sure="yes")
    for question in ("leak", "attention", "group"):
        yield press("close", question=question)
    yield press("reveal", question="leak")


def thanks_and_promises() -> Iterator[Event]:
    yield press("step", step="close")
    yield press("open", question="thanks")
    yield from answers("thanks", [{"to": f"person {number}", "for": "help", "meant": "much"} for number in range(6)])
    yield press("open", question="promise")
    yield from answers("promise", [{"show": False}, {"if": "I wait", "then": "call", "show": True}])
    yield press("timer", minutes="5")


def second_rating() -> Iterator[Event]:
    yield press("open", question="group-again")
    yield from answers("group-again.G2", [7, 7, 7, 4] * 5 + [None, "n"])
    yield from answers("group-again.G2", [6, 6, "n"], revision=2)
    yield cards(group_again__G2={"5": 2})
    yield press("close", question="group-again")
    yield press("reveal", question="group-again")


def ends() -> Iterator[Event]:
    way_in = StoredWayIn("192.0.2.1", 8890, 8891, "http://192.0.2.1:8890", "")
    yield lambda side: side.run(side.session.note_way_in(way_in))
    yield lambda side: side.run(side.session.close(3, TODAY))
    yield press("step", step="agree")


def test_a_whole_session_shows_the_same_with_a_restart_after_each_event(twins: RestartTwins) -> None:
    parts = (
        words_on_the_wall, first_rating, vote_and_boundaries, differences_sorted, phones_removed, thanks_and_promises,
        second_rating,
    )  # fmt: skip
    for event in (press("keep-days", days="3"), *joins(24)):
        twins.do(event)
    for part in parts:
        for event in part():
            twins.do(event)
    again = twins.sides[1].seen()["export"]["charts"][-1]["spec"]["parts"][0]
    assert (again["part"], again["shown"]["people"]) == ("group-again.G2", 19)
    for event in ends():
        twins.do(event)


# Any course of events

QUESTIONS = ("attention", "group", "leak", "group-again")
ACTS = ("open", "close", "reveal", "undo")


class AnyCourse(RuleBasedStateMachine):
    """Whatever happens: rounds of answers, cards, and the buttons of the console."""

    @initialize(phones=st.integers(5, 26))
    def begin(self, phones: int) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.twins = RestartTwins(Path(self.folder.name))
        self.revision = 0
        for event in joins(phones):
            for side in self.twins.sides[::-1]:
                event(side)

    @rule(question=st.sampled_from(QUESTIONS), act=st.sampled_from(ACTS))
    def lead(self, question: str, act: str) -> None:
        for side in self.twins.sides:
            side.press(act, question=question)

    @rule(part=st.sampled_from(["group.G2", "group-again.G2", "leak"]), seed=st.randoms(use_true_random=False))
    def round_of_answers(self, part: str, seed: Any) -> None:
        values: list[Any] = [*"ABC", None] if part == "leak" else [1, 2, 6, 7, "n", None]
        likely = seed.choice(values[:-1])
        self.revision += 1
        for phone in range(len(self.twins.sides[0].tokens)):
            value = seed.choice([likely, likely, *values])
            if seed.random() < 0.8:
                for side in self.twins.sides:
                    side.answer(phone, part, value, self.revision)

    @rule(high=st.integers(0, 26))
    def ask_the_group_again(self, high: int) -> None:
        """Show a rating, and ask for it again where so many think otherwise by now."""
        self.revision += 1
        phones = range(len(self.twins.sides[0].tokens))
        for side in self.twins.sides:
            for part, values in (("group.G2", [1, 7] * 24), ("group-again.G2", [7] * high + [1, 4] * 24)):
                question = part.partition(".")[0]
                side.press("open", question=question)
                for phone in phones:
                    side.answer(phone, part, values[phone], self.revision)
                if question == "group":
                    side.press("close", question=question)
                    side.press("reveal", question=question)

    @rule(seed=st.randoms(use_true_random=False))
    def round_of_lines(self, seed: Any) -> None:
        self.revision += 1
        for phone in range(len(self.twins.sides[0].tokens)):
            text = seed.choice([None, f"word {phone} {self.revision}"])
            if seed.random() < 0.5:
                for side in self.twins.sides:
                    side.answer(phone, "attention", text, self.revision)

    @rule(seed=st.randoms(use_true_random=False), act=st.sampled_from(["approve", "approve", "hide", "wait"]))
    def judge(self, seed: Any, act: str) -> None:
        model = self.twins.sides[0].session.model
        texts = sorted(line_text(model, line) for line in model.lines.of("attention"))
        for text in texts:
            if seed.random() < 0.7:
                for side in self.twins.sides:
                    side.press(act, line=side.line(text))

    @rule(part=st.sampled_from(["group.G2", "group-again.G2"]), low=st.integers(0, 12), high=st.integers(0, 12))
    def count_cards(self, part: str, low: int, high: int) -> None:
        for side in self.twins.sides:
            side.attempt(side.session.count_paper({part: {"1": low, "7": high}}))

    @rule(to=st.sampled_from(["shut", "open", "open"]), many=st.integers(0, 7))
    def turn_the_door(self, to: str, many: int) -> None:
        for side in self.twins.sides:
            side.press("door", to=to)
        for _ in range(many if to == "open" and len(self.twins.sides[0].tokens) < 40 else 0):
            for side in self.twins.sides[::-1]:
                side.join()

    @rule()
    def remove(self) -> None:
        for side in self.twins.sides:
            side.press("remove-phones", sure="yes")

    @rule(first=st.integers(0, 30), many=st.integers(1, 6))
    def come_again(self, first: int, many: int) -> None:
        for side in self.twins.sides:
            side.press("door", to="open")
            for phone in range(first, min(first + many, len(side.tokens))):
                side.come_again(phone)

    @invariant()
    def shows_the_same(self) -> None:
        self.twins.do(lambda side: None)

    def teardown(self) -> None:
        if hasattr(self, "twins"):
            self.twins.close()
            self.folder.cleanup()


AnyCourse.TestCase.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
TestAnyCourse = pytest.mark.slow(AnyCourse.TestCase)
