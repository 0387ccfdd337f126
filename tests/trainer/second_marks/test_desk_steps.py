"""The buttons for a second marker do what the command does, and say what is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from course.authoring.review import review
from course.trainer.course_directory import Coursework
from course.trainer.desk import worker
from course.trainer.desk.shown import Shown
from course.trainer.second_marks.store import FOLDER, SHEET, read_second_marks

pytestmark = pytest.mark.nbgrader


@pytest.fixture
def root(coursework: Coursework, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The course directory of the desk."""
    monkeypatch.setenv("BUILDING_TRUST_COURSEWORK", str(coursework.root))
    (coursework.root / "brought").mkdir()
    return coursework.root


def take(step: str, **told: object) -> list[Shown]:
    return worker.run(step, told, review)


def first_line(shown: list[Shown]) -> tuple[str, str]:
    assert shown[0]["kind"] == "text"
    return shown[0]["tone"], shown[0]["text"]


def test_the_page_is_made_offered_and_read_back(root: Path) -> None:
    made = take("second-marks")
    assert first_line(made) == ("done", "The page is made. Download it, and send it to your colleague.")
    assert made[1]["kind"] == "links"
    assert [link["label"] for link in made[1]["links"]] == ["to-mark.csv", "to-mark.html"]
    assert made[2]["kind"] == "table"
    assert made[2]["rows"] == [["two-questions", "12", "3", "0"]]

    number, *_ = [line.split(",")[1] for line in (root / FOLDER / SHEET).read_text("utf-8-sig").splitlines()[1:]]
    file = root / "brought" / "kd.csv"
    file.write_text(f"Number;Level\n{number};9\n", encoding="utf-8")
    refused = take("read-second-marks", list=["kd.csv"], by="KD")
    assert first_line(refused) == ("attention", "1 thing needs you: see below.")
    assert read_second_marks(root) == []
    assert not file.exists()

    file.write_text(f"Number;Level\n{number};3\n", encoding="utf-8")
    assert first_line(take("read-second-marks", list=["kd.csv"], by="KD")) == ("done", "It is read.")
    assert [mark.by for mark in read_second_marks(root)] == ["KD"]
    assert not file.exists()


def test_what_is_missing_is_said(root: Path) -> None:
    assert first_line(take("read-second-marks", by="KD"))[1].startswith("Nothing has arrived yet.")
    (root / "brought" / "kd.csv").write_text("Number;Level\n", encoding="utf-8")
    assert first_line(take("read-second-marks", list=["kd.csv"]))[1] == "It is not said who marked."
    assert first_line(take("second-marks", exercises=["repair"])) == (
        "attention",
        "There is no marked hand-in yet whose reflection has words.",
    )
