"""The card in a real Firefox, answered with the mouse and by keys alone; the other tests in a browser use Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from course.activities.card import Card
from course.activities.kinds.date import Date
from course.records.answers.answers import Answers
from tests.browser import get_firefox
from tests.browser.bidi import Firefox
from tests.browser.firefox import firefox_path
from tests.browser.firefox_bench import FirefoxBench
from tests.browser.test_card import MAKE

pytestmark = pytest.mark.browser

KINDS: dict[str, Callable[[Answers], Card]] = {**MAKE, "date": lambda answers: Date("q", answers, "When?")}


@pytest.fixture(scope="module")
def shared_bench(firefox: Firefox) -> Iterator[FirefoxBench]:
    page = firefox.new_page()
    with FirefoxBench(page) as bench:
        yield bench
    page.forget()


@pytest.fixture
def bench(shared_bench: FirefoxBench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[FirefoxBench]:
    """Return a page that can show a card, the same for all tests here; the test fails if one of its scripts throws."""
    monkeypatch.setenv("BUILDING_TRUST_DATA", str(tmp_path / "data"))
    before = len(shared_bench.page.thrown())
    yield shared_bench
    assert shared_bench.page.thrown()[before:] == []


@pytest.fixture
def answers(bench: FirefoxBench, tmp_path: Path) -> Answers:
    """Return a page of answers in a file of its own."""
    return Answers(tmp_path / "journal" / "page.json", "lesson", "starting-point")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_drawn_and_can_be_skipped_and_taken_up_again_by_keyboard(
    kind: str, bench: FirefoxBench, answers: Answers
) -> None:
    bench.show(KINDS[kind](answers))
    drawn = bench.page.evaluate("[...document.querySelectorAll('input, textarea, button')].length")
    assert drawn > 1
    bench.page.focus("button", text="Skip")
    bench.page.press("Enter")
    bench.settle()
    assert bench.focused() == "Answer it now"
    bench.page.press("Enter")
    bench.settle()
    bench.page.find("button", text="Skip")
    assert bench.focused() not in ("page", "Skip")


def option(name: str) -> str:
    """Return the selector of an option, or of a field, by the end of its id."""
    return f"[id$='-{name}']"


def write(bench: FirefoxBench, field: str, text: str) -> None:
    """Click into a field, type, and go on to the next."""
    bench.page.click(option(field))
    bench.page.type(text)
    bench.page.press("Tab")
    bench.settle()


def click(*names: str) -> Callable[[FirefoxBench], None]:
    """Return what clicks these options, one after the other."""

    def act(bench: FirefoxBench) -> None:
        for name in names:
            bench.page.click(option(name))
            bench.settle()

    return act


def fill(**texts: str) -> Callable[[FirefoxBench], None]:
    """Return what writes these texts into fields."""

    def act(bench: FirefoxBench) -> None:
        for name, text in texts.items():
            write(bench, name.replace("_", "-"), text)

    return act


def press(*labels: str) -> Callable[[FirefoxBench], None]:
    """Return what presses these buttons, one after the other."""

    def act(bench: FirefoxBench) -> None:
        for label in labels:
            bench.press(label)

    return act


def keys(first: str, *pressed: str) -> Callable[[FirefoxBench], None]:
    """Return what goes to an option or a field and presses these keys one by one, and then Tab."""

    def act(bench: FirefoxBench) -> None:
        bench.page.focus(option(first))
        for key in (*pressed, "Tab"):
            bench.page.press(key)
        bench.settle()

    return act


def to_button(label: str) -> Callable[[FirefoxBench], None]:
    """Return what goes to a button with Tab alone, and presses it."""

    def act(bench: FirefoxBench) -> None:
        for _ in range(40):
            if bench.focused() == label:
                break
            bench.page.press("Tab")
        assert bench.focused() == label
        bench.page.press("Enter")
        bench.settle()

    return act


Acts = tuple[Callable[[FirefoxBench], None], ...]
LOGGED = {"words": ["Rang back.", "Relief."], "mark": "K"}
MOUSE: dict[str, tuple[Acts, object]] = {
    "choose": ((click("pick-A", "pick-B"), press("Check")), "B"),
    "tick": ((click("ticks-A", "ticks-B", "ticks-C", "ticks-B"), press("Check")), ["A", "C"]),
    "sort": ((click("card-0-A", "card-1-B"), press("Check")), ["A", "B"]),
    "rank": ((press("Move down: Greet people."),), ["C", "A", "B"]),
    "branch": ((click("pick-0-B"), press("Continue"), click("pick-1-A")), ["B", "A"]),
    "rate": ((click("COMP7-5", "CARE7-n"),), {"COMP7": 5, "CARE7": "n", "version": 2}),
    "taps": ((click("useful-yes", "clear-partly"),), {"useful": "yes", "clear": "partly"}),
    "form": ((fill(blank_0="carers", blank_1="talk 🙂", blank_2="sales"),), ["carers", "talk 🙂", "sales"]),
    "if-then": ((fill(blank_0="Monday", blank_1="I ring Zoë"),), ["Monday", "I ring Zoë", "", ""]),
    "write": ((fill(text="Say “yes”\nand do it."),), "Say “yes”\nand do it."),
    "recall": ((fill(line_0="What.", line_1="Why?"), press("Check")), ["What.", "Why?"]),
    "number": ((fill(number_0="17"),), 17),
    "log": ((fill(field_0="Rang back.", field_1="Relief."), click("mark-K"), press("Add this entry")), LOGGED),
}
KEYS: dict[str, tuple[Acts, object]] = {
    "choose": ((keys("pick-A", "Space", "ArrowDown"), to_button("Check")), "B"),
    "tick": ((keys("ticks-A", "Space"), keys("ticks-C", "Space"), to_button("Check")), ["A", "C"]),
    "sort": ((keys("card-0-A", "Space"), keys("card-1-A", "Space", "ArrowDown"), to_button("Check")), ["A", "B"]),
    "rank": ((to_button("Move down: Greet people."),), ["C", "A", "B"]),
    "rate": ((keys("COMP7-4", "Space", "ArrowRight"),), {"COMP7": 5, "version": 2}),
    "slider": ((keys("number-0", "7", "Enter"), keys("number-0", "Shift+Tab", "ArrowRight")), 8),
    "date": ((keys("date", *"11112026"),), "2026-11-11"),
    "write": ((keys("text", *"Two words"),), "Two words"),
}


def given(answers: Answers) -> object:
    """Return the answer that is on disk; of a log, its entry without the day, which is today."""
    assert answers.path
    answer = Answers(answers.path, "lesson", "starting-point").get("q")
    if isinstance(answer, dict) and "entries" in answer:
        [entry] = answer["entries"]
        return {name: value for name, value in entry.items() if name != "date"}
    return answer


def do(acts: Acts, kind: str, bench: FirefoxBench, answers: Answers) -> object:
    """Do something on a card of that kind, and return the answer that is then on disk."""
    bench.show(KINDS[kind](answers))
    for act in acts:
        act(bench)
    return given(answers)


@pytest.mark.parametrize("kind", MOUSE)
def test_what_is_given_with_the_mouse_is_saved(kind: str, bench: FirefoxBench, answers: Answers) -> None:
    acts, expected = MOUSE[kind]
    assert do(acts, kind, bench, answers) == expected


@pytest.mark.parametrize("kind", KEYS)
def test_what_is_given_by_keys_alone_is_saved(kind: str, bench: FirefoxBench, answers: Answers) -> None:
    acts, expected = KEYS[kind]
    assert do(acts, kind, bench, answers) == expected


def test_feedback_is_read_out_and_the_focus_stays(bench: FirefoxBench, answers: Answers) -> None:
    bench.show(KINDS["choose"](answers))
    assert bench.live() == ""
    keys("pick-A", "Space")(bench)
    to_button("Check")(bench)
    bench.page.wait_for("document.querySelector('[role=status]').innerText === 'It can only be given.'")
    assert bench.focused() == "Check"


def test_a_page_of_another_person_knows_nothing_of_the_first_and_a_second_window_knows_all(
    firefox: Firefox, bench: FirefoxBench, answers: Answers, tmp_path: Path
) -> None:
    bench.show(KINDS["write"](answers))
    address = bench.page.evaluate("location.href")
    bench.page.evaluate("localStorage.setItem('mine', 'yes')")
    second, stranger = bench.page.second_window(), firefox.new_page(390, 800)
    for page, known in ((second, "yes"), (stranger, None)):
        page.goto(address)
        assert page.evaluate("localStorage.getItem('mine')") == known
    assert stranger.evaluate("[innerWidth, innerHeight]") == [390, 800]
    stranger.screenshot(tmp_path / "page.png")
    assert (tmp_path / "page.png").read_bytes().startswith(b"\x89PNG")
    bench.page.evaluate("localStorage.clear()")
    second.close()
    stranger.forget()


@pytest.mark.parametrize("ci, code", [("", 0), ("false", 0), ("true", 1)])
def test_without_a_firefox_that_is_said_loudly_and_fails_in_continuous_integration(
    ci: str, code: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("BUILDING_TRUST_FIREFOX", raising=False)
    monkeypatch.setenv("CI", ci)
    if firefox_path():
        pytest.skip("this system has a Firefox in its usual place")
    assert get_firefox.main() == code
    assert "NOTHING IS TESTED IN FIREFOX" in capsys.readouterr().err
