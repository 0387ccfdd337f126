"""A step of the desk says what went wrong and what to do, and is stopped as a command is; a panel never runs two."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.synthetic_submissions import write_submissions
from course.authoring.review import review
from course.core.errors import AlreadyRunning
from course.trainer.collecting.command import collect
from course.trainer.course_directory import Coursework
from course.trainer.desk import steps, worker
from course.trainer.desk.panel import StepPanel
from course.trainer.desk.shown import Shown, button, shown_summary
from course.trainer.desk.worker import RunningStep
from course.trainer.summary import Candidate, Refusal, Summary, UndecidedHandIn, summary_notes
from tests.conftest import Checkout
from tests.trainer.submissions import course_directory, drop, hand_in

SLUG = "two-questions"
PEOPLE = 80
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


@pytest.mark.nbgrader
def test_what_is_asked_about_is_counted_with_what_was_refused(tmp_path: Path) -> None:
    root = course_directory(tmp_path / "course")
    drop(root, "empty.zip", b"")
    drop(root, f"hand-in-{SLUG}.zip", b"synthetic, and no zip")
    drop(root, f"Ada Synthetic_1234567_assignsubmission_file_/hand-in-{SLUG}.zip", hand_in("s02"))
    with Coursework(root).gradebook() as gradebook:
        gradebook.add_student("s01", first_name="Ada", last_name="Synthetic")
        gradebook.add_student("s02", first_name="Ben", last_name="Synthetic")
    summary = collect(Coursework(root), [SLUG], quiet=True)
    assert [standing.refused for standing in summary.standings] == [2], (
        "which exercise the empty one is for is not known"
    )
    table = shown_summary(summary)[-1 - len(summary_notes(summary))]
    assert table["kind"] == "table"
    assert (table["columns"][-1], table["rows"][0][-1]) == ("Refused", "2")
    assert table["rows"][1:] == [["Not known", "", "", "", "", "1"]]


def grade(told_progress: list[tuple[int, int]], *, stops: bool) -> list[Shown]:
    ended: list[list[Shown]] = []

    def progress(_label: str, done: int, total: int) -> None:
        told_progress.append((done, total))
        if stops and done == 2:
            step.stop()

    step = RunningStep("grade", {"exercises": [SLUG]}, progress, ended.append)
    step.wait()
    (shown,) = ended
    return shown


@pytest.mark.nbgrader
def test_a_step_that_is_stopped_keeps_what_is_done_and_goes_on_from_there(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(checkout.root))
    write_submissions(checkout.root, SLUG, PEOPLE)
    checkout.run(f"course release {SLUG}")
    told: list[tuple[int, int]] = []
    first = grade(told, stops=True)[0]
    assert first["kind"] == "text"
    assert first["text"].startswith("Stopped.")
    done = len(list((checkout.root / "autograded").glob(f"*/{SLUG}")))
    assert 2 <= done < PEOPLE
    again: list[tuple[int, int]] = []
    second = grade(again, stops=False)
    assert second[0] == {"kind": "text", "text": "Marked.", "tone": "done"}
    assert len(list((checkout.root / "autograded").glob(f"*/{SLUG}"))) == PEOPLE
    assert told[0] == (0, PEOPLE)
    assert again[-1] == (PEOPLE - done, PEOPLE - done)


@pytest.mark.nbgrader
def test_a_step_that_is_stopped_at_once_is_called_stopped() -> None:
    ended: list[list[Shown]] = []
    step = RunningStep("forget", {"choice": "leave"}, lambda *_: None, ended.append)
    step.stop()
    step.wait()
    [[shown]] = ended
    assert shown["kind"] == "text"
    assert shown["text"].startswith("Stopped.")


@pytest.mark.nbgrader
def test_what_a_package_says_beside_the_lines_keeps_no_step_from_ending(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text("print('Warning: synthetic'); print(3)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    ended: list[list[Shown]] = []
    RunningStep("forget", {"choice": "leave"}, lambda *_: None, ended.append).wait()
    assert [shown["kind"] for [shown] in ended] == ["text"]
    assert "ended before" not in str(ended)
