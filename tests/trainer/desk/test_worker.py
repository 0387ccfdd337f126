"""A step of the desk says what a person can do about what went wrong, and a panel never runs two at once."""

from __future__ import annotations

import pytest

from course.authoring.review import review
from course.core.errors import AlreadyRunning
from course.trainer.desk import steps, worker
from course.trainer.desk.panel import StepPanel
from course.trainer.desk.shown import button, shown_summary
from course.trainer.summary import Candidate, Refusal, Summary, UndecidedHandIn

STOPPED = "Stopped. Nothing is lost: press the button again, and it goes on from there."


def said(shown: object) -> list[tuple[str, str]]:
    assert isinstance(shown, list)
    return [(block["text"], block["tone"]) for block in shown if block["kind"] == "text"]


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (AlreadyRunning("It is busy.", "Wait."), [("It is busy.", "attention"), ("Wait.", "plain")]),
        (
            KeyboardInterrupt(),
            [("Stopped. Nothing is lost: press the button again, and it goes on from there.", "attention")],
        ),
    ],
)
def test_what_went_wrong_is_said_with_what_to_do_next(
    error: BaseException, expected: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_told: steps.Told) -> list[worker.Shown]:
        raise error

    monkeypatch.setitem(steps._STEPS, "collect", fail)  # type: ignore[arg-type]  # it is a dict
    assert said(worker.run("collect", {}, review)) == expected


def test_what_nobody_expected_is_told_by_its_kind_and_quotes_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_told: steps.Told) -> list[worker.Shown]:
        raise ZeroDivisionError("synthetic-017 wrote this")

    monkeypatch.setitem(steps._STEPS, "collect", fail)  # type: ignore[arg-type]  # it is a dict
    ((text, tone),) = said(worker.run("collect", {}, review))
    assert tone == "attention"
    assert "ZeroDivisionError" in text
    assert "synthetic-017" not in text


def test_a_panel_takes_a_step_in_a_process_and_shows_what_came_of_it() -> None:
    refreshed: list[bool] = []
    panel = StepPanel("Synthetic", [button("look-at-roster", "Look")], on_change=lambda: refreshed.append(True))
    panel._take(None, {"step": "look-at-roster", "told": {}}, None)
    assert panel.running == {"step": "look-at-roster"}
    first = panel._step
    panel._take(None, {"step": "look-at-roster", "told": {}}, None)
    assert panel._step is first
    panel.wait()
    assert said(panel.shown) == [("No list has arrived yet. Drop one above, then press the button again.", "attention")]
    assert panel.running == {}
    assert refreshed == [True]


def test_a_panel_heeds_no_message_of_another_shape() -> None:
    panel = StepPanel("Synthetic", [])
    for content in (None, [], {"step": 3}, {"stop": "yes"}, {"told": {}}):
        panel._take(None, content, None)
    assert panel.running == {}
    assert panel.shown == []


def test_what_cannot_be_begun_is_said_and_the_next_step_can_be_taken() -> None:
    panel = StepPanel("synthetic", [])
    panel._take(panel, {"step": "no\0step"}, [])
    assert said(panel.shown)[0][0].startswith("It could not be begun.")
    assert panel.running == {}
    panel._take(panel, {"step": "forget", "told": {"choice": "leave"}}, [])
    panel.wait()
    assert said(panel.shown)[0][0].startswith("Nothing")


def test_what_waits_is_asked_about_and_is_not_in_the_table_of_what_was_refused() -> None:
    waiting = UndecidedHandIn("a.zip", "repair", "Two ids.", "0123456789ab", (Candidate("s01", "its receipt"),))
    shown = shown_summary(Summary("collect", refused=[waiting, Refusal("b.zip", "repair", "It is empty.")]))
    assert [block["kind"] for block in shown] == ["text", "decision", "table"]
    assert shown[1]["kind"] == "decision"
    assert [choice["value"] for choice in shown[1]["choices"]] == ["s01", ""]
    assert shown[2]["kind"] == "table"
    assert [row[0] for row in shown[2]["rows"]] == ["b.zip"]
