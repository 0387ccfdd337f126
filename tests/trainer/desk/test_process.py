"""A step runs beside the kernel, tells how far it is, and is stopped as a command is: what is done stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.synthetic_submissions import write_submissions
from course.trainer.desk.process import RunningStep
from course.trainer.desk.shown import Shown
from tests.conftest import Checkout

pytestmark = pytest.mark.nbgrader
SLUG = "two-questions"
PEOPLE = 80


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


def test_a_step_that_is_stopped_at_once_is_called_stopped() -> None:
    ended: list[list[Shown]] = []
    step = RunningStep("forget", {"choice": "leave"}, lambda *_: None, ended.append)
    step.stop()
    step.wait()
    [[shown]] = ended
    assert shown["kind"] == "text"
    assert shown["text"].startswith("Stopped.")


def test_what_a_package_says_beside_the_lines_keeps_no_step_from_ending(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text("print('Warning: synthetic'); print(3)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    ended: list[list[Shown]] = []
    RunningStep("forget", {"choice": "leave"}, lambda *_: None, ended.append).wait()
    assert [shown["kind"] for [shown] in ended] == ["text"]
    assert "ended before" not in str(ended)
