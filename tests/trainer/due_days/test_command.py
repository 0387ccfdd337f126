"""`course due`: shows the days, and writes nothing that was not confirmed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from course.trainer.course_directory import Coursework
from course.trainer.due_days import command


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course directory from which the commands run."""
    (tmp_path / "nbgrader_config.py").write_text(
        "from pathlib import Path\n"
        "from course.trainer.configuration import configure\n"
        f"configure(get_config(), Path({str(tmp_path)!r}))\n",
        encoding="utf-8",
    )
    (tmp_path / "cohort.toml").write_text(
        'timezone = "Europe/London"\n[due]\nrepair = 2076-07-01T17:00:00\n', encoding="utf-8"
    )
    monkeypatch.setattr(Coursework, "here", lambda: Coursework(tmp_path))
    monkeypatch.setenv("COLUMNS", "120")
    return tmp_path


@pytest.fixture
def due(here: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    def given(*exercises: str, day: str | None = None, yes: bool = False, **other: str) -> tuple[int, str]:
        code = command.run(exercises, day=day, yes=yes, as_json=other.pop("json", "") == "yes", **other)
        said = capsys.readouterr()
        return code, said.out + said.err

    return given


def test_the_days_are_shown_in_the_cohorts_zone(due: Callable[..., tuple[int, str]]) -> None:
    code, said = due()
    assert code == 0
    assert "Due (Europe/London)" in said
    assert "1 July 2076, 17:00:00" in said
    assert "two-questions" in said


def test_nothing_is_written_before_it_is_confirmed(here: Path, due: Callable[..., tuple[int, str]]) -> None:
    before = (here / "cohort.toml").read_bytes()
    code, said = due("04", day="+7", learner="s01")
    assert (code, (here / "cohort.toml").read_bytes()) == (1, before)
    assert "8 July 2076, 17:00:00" in said
    assert "Nothing was written." in said
    code, said = due("04", day="+7", learner="s01", yes=True)
    assert (code, "Written to cohort.toml" in said) == (0, True)
    assert "Who has more time" in due()[1]
    assert due("04", day="+7", learner="s01")[0] == 0, "it is so already"


def test_for_programs_moments_are_in_utc(due: Callable[..., tuple[int, str]]) -> None:
    code, said = due("04", day="+7", learner="s01", yes=True, json="yes")
    told = json.loads(said)
    assert (code, told["written"], told["timezone"]) == (0, True, "Europe/London")
    assert told["due"] == {"repair": "2076-07-01T16:00:00+00:00"}
    assert told["extensions"] == {"s01": {"repair": "2076-07-08T16:00:00+00:00"}}
    assert [(change["learner"], change["exercise"]) for change in told["changes"]] == [("s01", "repair")]
