"""The desk's steps for due days: what was looked at is what is written, and only what the trainer changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from course.records.cohort_file import read_cohort_file
from course.trainer.course_directory import Coursework
from course.trainer.desk.due_steps import change_due, due_fields, look_at_due, more_time_fields

FILE = '# ours\ntimezone = "Europe/London"\n[due]\nrepair = 2076-07-01T17:00:00\nthanks = 2076-07-08\n'
NAMES = [("repair", "4. Repair"), ("thanks", "6. Thanks"), ("listening", "3. Listening")]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course directory with one person on its roster, from which the steps run."""
    (tmp_path / "nbgrader_config.py").write_text(
        "from pathlib import Path\n"
        "from course.trainer.configuration import configure\n"
        f"configure(get_config(), Path({str(tmp_path)!r}))\n",
        encoding="utf-8",
    )
    (tmp_path / "cohort.toml").write_text(FILE, encoding="utf-8")
    monkeypatch.setattr(Coursework, "here", lambda: Coursework(tmp_path))
    return tmp_path


def decision_of(shown: list[Any]) -> Any:
    (question,) = [one for one in shown if one["kind"] == "decision"]
    return question


def test_each_day_is_offered_as_it_stands_by_the_cohorts_clocks(here: Path) -> None:
    *days, zone = due_fields(NAMES)
    assert [day["value"] for day in days] == ["2076-07-01 17:00", "2076-07-08", ""]
    assert zone["value"] == "Europe/London"
    assert {"UTC", "Asia/Kathmandu"} <= {choice["value"] for choice in zone["choices"]}


def test_what_was_looked_at_is_written_and_nothing_else(here: Path) -> None:
    told = {"due-repair": "2076-07-02"}
    question = decision_of(look_at_due(told))
    assert (here / "cohort.toml").read_text(encoding="utf-8") == FILE
    change_due({**told, "item": question["item"], "choice": "leave"})
    assert (here / "cohort.toml").read_text(encoding="utf-8") == FILE
    shown: list[Any] = change_due({**told, "item": question["item"], "choice": "write"})
    assert shown[0]["text"].startswith("Written")
    text = FILE.replace("2076-07-01T17:00:00", "2076-07-02")
    assert (here / "cohort.toml").read_text(encoding="utf-8") == text


def test_a_file_that_changed_since_is_shown_anew(here: Path) -> None:
    told = {"due-repair": "2076-07-02"}
    question = decision_of(look_at_due(told))
    (here / "cohort.toml").write_text(FILE.replace("ours", "theirs"), encoding="utf-8")
    shown: list[Any] = change_due({**told, "item": question["item"], "choice": "write"})
    assert shown[0]["tone"] == "attention"
    assert decision_of(shown)["item"] != question["item"]
    assert (here / "cohort.toml").read_text(encoding="utf-8") == FILE.replace("ours", "theirs")


@pytest.mark.nbgrader
def test_one_person_gets_more_time_and_it_is_taken_back(here: Path) -> None:
    assert "Nobody is on the roster" in more_time_fields(NAMES)[0]["hint"]
    shown: list[Any] = look_at_due({"learner": "", "exercise": "repair"})
    assert "Nobody" in shown[0]["text"]
    with Coursework(here).gradebook() as gradebook:
        gradebook.add_student("s01", first_name="Ada", last_name="Synthetic")
    who = more_time_fields(NAMES)[0]
    assert who["choices"] == [{"value": "s01", "label": "Ada Synthetic (s01)"}]
    for until, days in (("2076-07-09 12:00", ["2076-07-09T11:00:00.999999+00:00"]), ("", [])):
        told = {"learner": "s01", "exercise": "repair", **({"until": until} if until else {})}
        change_due({**told, "item": decision_of(look_at_due(told))["item"], "choice": "write"})
        own = read_cohort_file(here).extensions.get("s01", {})
        assert [moment.isoformat() for moment in own.values()] == days
