"""Two windows on one page: neither takes away what was changed in the other, whatever kind of card it is."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import filelock
import pytest

from course.activities.card import Card, attempt
from course.activities.kinds.arrange import Sort
from course.activities.kinds.before_after import BeforeAfter
from course.activities.kinds.branch import Branch
from course.activities.kinds.choose import Tick
from course.activities.kinds.form import Form, IfThen
from course.activities.kinds.log import Log
from course.activities.kinds.number import Number
from course.activities.kinds.rate import LessonRating, Rate
from course.activities.kinds.recall import Recall
from course.activities.kinds.write import Write
from course.core.settings import settings
from course.records.answers.answers import Answers

Act = Callable[[Any], None]

OPTIONS = "What?\n\nA. One\nB. Two\nC. Three"
CARDS = "Sort.\n\n- One.\n- Two.\n- Three."
BLANKS = "Say.\n\n- I ___ to ___.\n- And ___{so on}"
STEPS = "## One\nWhat?\nA. Go on. -> Fine.\nB. Stop.\n## Two\nAnd?\nA. Stop."


@dataclass(frozen=True)
class Scene:
    """What happens to one card in two windows that were opened before either changed anything."""

    make: Callable[[Answers], Card]
    first: Act
    second: Act
    both: Any
    """The answer that both together make."""
    old: Any
    """An answer as version 0.1.0 kept it."""
    old_and_both: Any
    """What both windows make of that."""


def give(control: str, value: Any) -> Act:
    return lambda card: card.set(control, value)


def go_on(card: Any) -> None:
    card.set("pick-0", "A")
    card.press("next-0")


SCENES: Mapping[str, Scene] = {
    "rate": Scene(
        lambda answers: Rate("q", answers, "habits", "pulse"),
        give("COMP7", "3"),
        give("P1", "4"),
        {"COMP7": 3, "P1": 4, "version": 2},
        {"COMP1": 7, "CARE1": "n"},
        {"COMP1": 7, "CARE1": "n", "COMP7": 3, "P1": 4, "version": 2},
    ),
    "taps": Scene(
        lambda answers: LessonRating("q", answers),
        give("useful", "yes"),
        give("clear", "no"),
        {"useful": "yes", "clear": "no"},
        {"useful": "no"},
        {"useful": "yes", "clear": "no"},
    ),
    "tick": Scene(
        lambda answers: Tick("q", answers, OPTIONS),
        give("ticks", {"C": True}),
        give("ticks", {"A": True}),
        ["A", "C"],
        ["B"],
        ["A", "B", "C"],
    ),
    "tick-of-a-scale": Scene(
        lambda answers: Tick("q", answers, "Which?", "habits"),
        give("ticks", {"CARE7": True}),
        give("ticks", {"COMP7": True, "COMP8": False}),
        ["COMP7", "CARE7"],
        ["COMP8", "COMP10"],
        ["COMP7", "CARE7", "COMP10"],
    ),
    "sort": Scene(
        lambda answers: Sort("q", answers, CARDS, ["X", "Y"]),
        give("card-2", "A"),
        give("card-0", "B"),
        ["B", None, "A"],
        ["A", "A", None],
        ["B", "A", "A"],
    ),
    "shift": Scene(
        lambda answers: BeforeAfter("q", answers, OPTIONS),
        give("could", "C"),
        give("now", "A"),
        ["A", "C"],
        ["B", None],
        ["A", "C"],
    ),
    "numbers": Scene(
        lambda answers: Number("q", answers, "How many?\n\n- You\n- They", 0, 10),
        give("number-1", 4),
        give("number-0", 0),
        [0, 4],
        [9, None],
        [0, 4],
    ),
    "form": Scene(
        lambda answers: Form("q", answers, BLANKS),
        give("blank-1", "rest"),
        give("blank-0", "work"),
        ["work", "rest", "so on"],
        ["", "sleep", "more", "a blank that is no longer asked for"],
        ["work", "rest", "more", "a blank that is no longer asked for"],
    ),
    "if-then": Scene(
        lambda answers: IfThen("q", answers, "Plan."),
        give("blank-1", "greet people"),
        give("blank-0", "it is Tuesday"),
        ["it is Tuesday", "greet people"],
        ["", "", "a late bus", ""],
        ["it is Tuesday", "greet people", "a late bus", ""],
    ),
    "recall": Scene(
        lambda answers: Recall("q", answers, "One?\n-> First.\n\nTwo?\n-> Second."),
        give("line-1", "second"),
        give("line-0", "first"),
        ["first", "second"],
        ["", "as a list", "a question that is no longer asked"],
        ["first", "second", "a question that is no longer asked"],
    ),
    "branch": Scene(
        lambda answers: Branch("q", answers, STEPS),
        go_on,
        give("pick-0", "B"),  # that step is behind by now
        ["A", None],
        ["A"],
        ["A", None],
    ),
}
SCENE = pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES)


@SCENE
def test_neither_window_takes_away_what_the_other_changed(open_page: Callable[[], Answers], scene: Scene) -> None:
    one, two = scene.make(open_page()), scene.make(open_page())
    scene.first(one)
    scene.second(two)
    assert open_page().get("q") == scene.both
    assert two.value == scene.both, "the second window does not know what it saved"


@SCENE
def test_answers_of_version_0_1_0_lose_nothing_to_two_windows(
    open_page: Callable[[], Answers], tmp_path: Path, scene: Scene
) -> None:
    (tmp_path / "journal").mkdir()
    whole = {"format": 1, "lesson": "page", "answers": {"q": scene.old, "other": [1, None]}, "states": {}}
    (tmp_path / "journal" / "page.json").write_text(json.dumps(whole))
    assert open_page().get("q") == scene.old
    one, two = scene.make(open_page()), scene.make(open_page())
    scene.first(one)
    scene.second(two)
    assert (open_page().get("q"), open_page().get("other")) == (scene.old_and_both, [1, None])
    assert json.loads((tmp_path / "journal" / "page.json").read_text())["format"] == 2


@SCENE
def test_what_could_not_be_saved_goes_in_later_beside_what_the_other_window_wrote(
    open_page: Callable[[], Answers], scene: Scene
) -> None:
    open_page().save("other", 1)
    (lock,) = (settings().data / "locks").iterdir()
    one, two = scene.make(open_page()), scene.make(open_page())
    with filelock.FileLock(lock):
        assert attempt(lambda: scene.first(one)), "it was saved in spite of the lock"
    if isinstance(one, Branch):
        return  # a way is one unit, and the step of the other window comes first
    scene.second(two)
    one.answers.save("other", 2)
    assert (open_page().get("q"), open_page().get("other")) == (scene.both, 2)


SET = """
import sys, json
from pathlib import Path
from course.activities.kinds.rate import Rate
from course.activities.kinds.arrange import Sort
from course.content.scales import find_scale
from course.records.answers.answers import Answers
answers = Answers(Path(sys.argv[1]), "lesson", "page")
rate, sort = Rate("rate", answers, "habits"), Sort("sort", answers, sys.argv[2], ["X", "Y"])
codes = [item.code for item in find_scale("habits").items]
for place in range(int(sys.argv[3]), 12, 2):
    rate.set(codes[place], "5")
    sort.set(f"card-{place}", "B")
"""


@pytest.mark.slow
def test_two_processes_that_change_one_card_lose_no_unit(tmp_path: Path, open_page: Callable[[], Answers]) -> None:
    cards = "Sort.\n\n" + "\n".join(f"- Card {number}." for number in range(12))
    line = [sys.executable, "-c", SET, str(tmp_path / "journal" / "page.json"), cards]
    processes = [subprocess.Popen([*line, which]) for which in "01"]
    assert [process.wait(timeout=120) for process in processes] == [0, 0]
    ratings = open_page().get("rate")
    assert isinstance(ratings, dict)
    assert sorted(ratings.values()) == [2, *[5] * 12]  # with the version of the questions
    assert open_page().get("sort") == ["B"] * 12


# A log: entries that are added, written and deleted at once


def log(answers: Answers) -> Log:
    return Log("q", answers, "Note.\n\n- What:\n- Who:", {"K": "Kept"})


def add(card: Log, day: str, text: str) -> None:
    card.set("date", day)
    card.set("field-0", text)
    card.press("add")


def texts(card: Log) -> list[str]:
    return [entry["words"][0] for entry in card.entries]


def delete(card: Log, text: str) -> str:
    """Return the button that deletes the entry with this text."""
    (entries,) = (control for control in card.controls() if control["id"] == "entries")
    groups: list[Any] = [control for control in entries["controls"] if "controls" in control]
    (wanted,) = (group for group in groups if text in json.dumps(group))
    return str(wanted["controls"][1]["buttons"][0]["id"])


def test_entries_of_both_windows_are_kept(open_page: Callable[[], Answers]) -> None:
    one, two = log(open_page()), log(open_page())
    add(one, "2026-01-02", "first")
    add(two, "2026-01-05", "second")
    add(one, "2026-01-09", "third")
    assert texts(log(open_page())) == ["first", "second", "third"]


def test_a_window_deletes_the_entry_that_it_shows_and_no_other(open_page: Callable[[], Answers]) -> None:
    add(log(open_page()), "2026-01-05", "second")
    one, two = log(open_page()), log(open_page())
    button = delete(two, "second")
    add(one, "2026-01-02", "first")
    two.press(button)
    assert texts(log(open_page())) == ["first"]
    one.press(button)
    assert texts(log(open_page())) == ["first"], "an entry was deleted twice"


def test_fields_of_one_draft_can_be_written_in_two_windows(open_page: Callable[[], Answers]) -> None:
    one, two = log(open_page()), log(open_page())
    one.set("field-0", "what")
    two.set("field-1", "who")
    two.set("mark", "K")
    draft = log(open_page()).draft
    assert (draft["words"], draft["mark"]) == (["what", "who"], "K")


def test_an_entry_of_version_0_1_0_can_be_deleted_while_another_is_added(
    open_page: Callable[[], Answers], tmp_path: Path
) -> None:
    (tmp_path / "journal").mkdir()
    entries = [{"date": f"2026-01-0{day}", "words": [f"old {day}", ""], "mark": "K"} for day in (1, 2, 3)]
    old = {"entries": entries, "draft": {"date": "2026-01-04", "words": ["a draft", ""], "mark": ""}}
    whole = {"format": 1, "lesson": "page", "answers": {"q": old}, "states": {}}
    (tmp_path / "journal" / "page.json").write_text(json.dumps(whole))
    one, two = log(open_page()), log(open_page())
    button = delete(two, "old 2")
    one.press(delete(one, "old 1"))
    two.press(button)
    assert texts(log(open_page())) == ["old 3"]
    assert log(open_page()).draft["words"] == ["a draft", ""]


def test_a_text_of_one_unit_is_the_one_that_was_typed_last(open_page: Callable[[], Answers]) -> None:
    one, two = Write("q", open_page(), "What?"), Write("q", open_page(), "What?")
    one.set("text", "first")
    two.set("text", "second")
    assert open_page().get("q") == "second"
