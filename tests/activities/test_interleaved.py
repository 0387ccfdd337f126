"""Two windows and two processes on one card, interleaved in any way: what was said to be saved is never lost.

Each window acts on what it showed last, which may be stale. After each act, whatever was acknowledged before and was
not changed since is on disk, and at the end all windows show the same.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course.records.answers.answers import Answers
from tests.activities.second_process import RemoteWindow, Window, second_process
from tests.activities.test_every_kind import KINDS, every, make

TEXTS: Final = ["one", "two words", ""]
MOVES_ON: Final = ("next", "back", "add", "delete", "retry")
"""Buttons after which other fields are shown, or the same with something else in them or nothing."""
TYPED: Final = ("line", "area")


@pytest.fixture(scope="module")
def other_process() -> Iterator[RemoteWindow]:
    with second_process() as window:
        yield window


def new_value(data: st.DataObject, control: Mapping[str, Any]) -> Any:
    """Return something that a person might give in a control, as the browser sends it."""
    match control["kind"]:
        case "radios":
            return data.draw(st.sampled_from([option["value"] for option in control["options"]]))
        case "checks":
            option = data.draw(st.sampled_from([option["value"] for option in control["options"]]))
            return {option: option not in control["value"]}
        case "order":
            order = [item["value"] for item in control["items"]]
            place = data.draw(st.integers(0, len(order) - 2))
            order[place], order[place + 1] = order[place + 1], order[place]
            return {"order": order, "moved": [order[place]]}
        case "date":
            return data.draw(st.sampled_from(["2026-01-02", "2026-03-04"]))
        case "number":
            return data.draw(st.sampled_from([3, 7]))
    return data.draw(st.sampled_from(TEXTS))


def an_act(data: st.DataObject, shown: list[Any], turn: int) -> dict[str, Any]:
    """Return a message about something that a window shows."""
    usable = [one for one in every(shown) if one.get("kind") not in ("text", "group", "buttons", "download")]
    control = data.draw(st.sampled_from(usable))
    if "kind" not in control:
        return {"event": "press", "control": control["id"], "turn": turn}
    seen = [control["value"]] if control["kind"] in TYPED else None
    return {"event": "set", "control": control["id"], "value": new_value(data, control), "seen": seen, "turn": turn}


class Acknowledged:
    """What windows were told is saved, as far as it can be looked up on a card."""

    def __init__(self) -> None:
        self._values: dict[str, Any] = {}

    def note(self, message: Mapping[str, Any], reply: Mapping[str, Any]) -> None:
        if message["event"] == "press":
            if message["control"].startswith(MOVES_ON):
                self._values.clear()
        elif reply["outcome"] == "saved":
            old = self._values.get(message["control"])
            is_table = isinstance(message["value"], dict) and isinstance(old, dict)
            self._values[message["control"]] = {**old, **message["value"]} if is_table else message["value"]

    def look_for(self, path: Path, kind: str, page_kind: Literal["lesson", "exercise"]) -> None:
        answers = Answers.read_only(path, page_kind, "two-questions")
        assert answers.problem is None
        answers._page.states.clear()  # so that a skipped card shows its fields
        on_disk = {control["id"]: control for control in every(make(kind, answers).controls())}
        for id, value in self._values.items():
            if id not in on_disk:
                continue  # a step that is behind
            if on_disk[id]["kind"] == "checks":
                assert {option: option in on_disk[id]["value"] for option in value} == value
            elif on_disk[id]["kind"] == "order":
                order = [item["value"] for item in on_disk[id]["items"]]
                (moved,) = value["moved"][-1:]
                place = value["order"].index(moved)
                before = value["order"][place - 1] if place else None
                assert (order[order.index(moved) - 1] if order.index(moved) else None) == before
            else:
                assert on_disk[id]["value"] == value, f"what was saved in {id} is lost"


QUICK = ("choose", "form", "log", "rate", "sort", "ticks")
"""One kind of card for each unit that is saved; the others are saved by the same code."""


@pytest.mark.parametrize("page_kind", ["lesson", pytest.param("exercise", marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    "kind", [kind if kind in QUICK else pytest.param(kind, marks=pytest.mark.slow) for kind in KINDS]
)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_what_was_said_to_be_saved_stays_whatever_windows_and_processes_do(
    kind: str, page_kind: Literal["lesson", "exercise"], other_process: RemoteWindow, data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.json"
        other_process.open(kind, path, page_kind)
        windows: list[Window | RemoteWindow] = [
            Window(kind, path, page_kind),
            Window(kind, path, page_kind),
            other_process,
        ]
        acknowledged = Acknowledged()
        for turn in range(data.draw(st.integers(2, 8))):
            window = windows[data.draw(st.integers(0, 2))]
            message = an_act(data, window.shown(), turn)
            before = path.read_bytes() if path.exists() else b""
            (reply,) = window.take([message])
            assert reply["outcome"] in ("saved", "nothing", "elsewhere"), reply
            if reply["outcome"] != "saved":
                assert (path.read_bytes() if path.exists() else b"") == before
            acknowledged.note(message, reply)
            acknowledged.look_for(path, kind, page_kind)
        views = [window.look() for window in windows]
        if page_kind == "exercise":  # what was checked or skipped there is known to its window alone
            assert len({json.dumps(Answers(path, page_kind, "two-questions").get("q")) for _ in views}) == 1
        else:
            assert views[0] == views[1] == views[2] == Window(kind, path, page_kind).look()


def fields_of(kind: str) -> list[dict[str, Any]]:
    """Return the fields of an empty card."""
    controls = every(make(kind, Answers(None, "lesson", "two-questions")).controls())
    return [control for control in controls if control.get("kind") in ("radios", "line", "area", "number", "checks")]


def first_value(control: Mapping[str, Any]) -> list[Any]:
    match control["kind"]:
        case "radios":
            return [control["options"][0]["value"]]
        case "checks":
            return [{option["value"]: True} for option in control["options"]]
        case "number":
            return [4]
    return ["some words"]


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if kind not in ("branch", "rank", "right-order", "date", "write")]
)
def test_two_processes_that_write_at_once_lose_nothing(kind: str, other_process: RemoteWindow, tmp_path: Path) -> None:
    path = tmp_path / "page.json"
    changes = [(field["id"], value) for field in fields_of(kind) for value in first_value(field)]
    messages = [
        {"event": "set", "control": id, "value": value, "turn": turn} for turn, (id, value) in enumerate(changes)
    ]
    other_process.open(kind, path, "lesson")
    window = Window(kind, path, "lesson")
    other_process.begin(messages[1::2])
    replies = window.take(messages[::2]) + other_process.end()
    assert {reply["outcome"] for reply in replies} == {"saved"}
    acknowledged = Acknowledged()
    for message in messages:
        acknowledged.note(message, {"outcome": "saved"})
    acknowledged.look_for(path, kind, "lesson")


def test_entries_that_two_processes_add_at_once_are_all_kept(other_process: RemoteWindow, tmp_path: Path) -> None:
    """The draft is one for both: a window that would overwrite it is refused, and either may add what it holds."""
    path = tmp_path / "page.json"
    other_process.open("log", path, "lesson")
    window = Window("log", path, "lesson")

    def adding(first_turn: int) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = []
        for turn in range(first_turn, first_turn + 40, 2):
            text = {"event": "set", "control": "field-0", "value": f"entry {turn}", "seen": [""], "turn": turn}
            messages += [text, {"event": "press", "control": "add", "turn": turn + 1}]
        return messages

    other_process.begin(adding(100))
    replies = window.take(adding(200)) + other_process.end()
    written = json.dumps(Answers(path, "lesson", "two-questions").get("q"))
    saved = [reply["turn"] for reply in replies if reply["outcome"] == "saved" and reply["turn"] % 2 == 0]
    assert {turn // 100 for turn in saved} == {1, 2}, "one of the two saved nothing"
    assert [turn for turn in saved if f'"entry {turn}"' not in written] == []
