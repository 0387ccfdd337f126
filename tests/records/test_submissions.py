"""What became of a hand-in, as nbgrader itself leaves it at each step of a real round trip."""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from course.core import moments, names
from course.records.answers.answers import Answers
from course.records.submission_file import make
from course.records.submissions import SubmissionStatus, submission_statuses
from tests.packing import exercise

SLUG = "starting-point"
LOOK = """
import json, sys
from pathlib import Path
from course.records.submissions import submission_statuses
found = next(e for e in submission_statuses(Path(sys.argv[1]), Path(sys.argv[2])) if e.exercise == sys.argv[3])
print(json.dumps([found.state, found.is_changed, str(found.day), str(found.page)]))
"""
RATED = {"COMP7": 5, "CARE7": 4, "version": 2}


def look(checkout: Any) -> list[Any]:
    """Return what the start page of the learner's working copy would know."""
    line = [sys.executable, "-c", LOOK, str(checkout.work / "exercises"), str(checkout.root / "exchange"), SLUG]
    done = subprocess.run(line, env=checkout.environment, capture_output=True, text=True, check=True, timeout=60)
    return list(json.loads(done.stdout))


def answer(checkout: Any, key: str, value: Any) -> None:
    """Put an answer beside the exercise in the working copy."""
    file = checkout.work / "exercises" / SLUG / "answers.json"
    kept = json.loads(file.read_text())["answers"] if file.exists() else {}
    whole = {"format": 2, "exercise": SLUG, "version": 2, "answers": {**kept, key: value}}
    file.write_text(json.dumps(whole))


@pytest.mark.nbgrader
def test_each_step_of_a_round_trip_is_seen(checkout: Any) -> None:
    (checkout.root / "exchange").mkdir()
    released = ("generate_assignment --force", "release_assignment")
    checkout.nbgrader([(checkout.root, f"{step} {SLUG}") for step in released])
    checkout.run('python -c "from course.learner.working_copy import fill; fill()"')
    assert look(checkout) == ["not-handed-in", False, "None", "None"]

    answer(checkout, "shared-start", [5, 4, *[None] * 10])
    make(checkout.work / "exercises" / SLUG, SLUG, "synthetic-017")
    checkout.nbgrader([(checkout.work / "exercises", f"submit {SLUG}")])
    (inbound,) = (checkout.root / "exchange" / "building-trust" / "inbound").iterdir()
    about = names.read_submission_folder(inbound.name, SLUG)
    handed_in = moments.read_nbgrader_stamp(about.time) if about else None
    assert handed_in is not None
    assert not list(inbound.glob("*.zip")), "the hand-in file is for the other way"
    state, is_changed, day, _ = look(checkout)
    assert (state, is_changed) == ("handed-in", False)
    assert day == handed_in.astimezone().date().isoformat()
    answer(checkout, "q1", "B")
    assert look(checkout)[:2] == ["handed-in", True]
    checkout.nbgrader([(checkout.work / "exercises", f"submit {SLUG}")])
    assert look(checkout)[:2] == ["handed-in", False]

    marked = ("collect", "autograde", "generate_feedback", "release_feedback")
    checkout.nbgrader([(checkout.root, f"{step} {SLUG}") for step in marked])
    assert look(checkout)[0] == "feedback-waiting"
    checkout.nbgrader([(checkout.work / "exercises", f"fetch_feedback {SLUG}")])
    state, _, _, page = look(checkout)
    assert state == "feedback-here"
    told = Path(page).read_text(encoding="utf-8")
    assert "Ratings shared" in told
    assert '<dt>My ratings at the start</dt><dd><p dir="auto">Yes</p></dd>' in told

    answer(checkout, "shared-start", None)
    checkout.nbgrader([(checkout.work / "exercises", f"submit {SLUG}")])
    assert look(checkout) == ["feedback-here", False, day, page], "feedback on an earlier hand-in stays to be read"


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return what nbgrader keeps of one hand-in, made by hand."""
    monkeypatch.setenv("BUILDING_TRUST_DATA", str(tmp_path / "data"))
    folder = tmp_path / "data" / "handed-in" / "building-trust" / f"kim+{SLUG}+2026-02-03 12:00:00.000001 UTC"
    folder.mkdir(parents=True)
    return folder


def test_nothing_handed_in_is_said_of_each_exercise(tmp_path: Path) -> None:
    (tmp_path / "exchange").mkdir()
    found = submission_statuses(tmp_path / "exercises", tmp_path / "exchange")
    assert len(found) == 8
    assert {exercise.state for exercise in found} == {"not-handed-in"}


def test_a_hand_in_without_a_secret_or_with_another_time_stops_nothing(copy: Path, tmp_path: Path) -> None:
    assert submission_statuses(tmp_path / "exercises", tmp_path)[0] == SubmissionStatus(SLUG, datetime.date(2026, 2, 3))
    copy.rename(copy.with_name(f"kim+{SLUG}+some day"))
    assert submission_statuses(tmp_path / "exercises", tmp_path)[0] == SubmissionStatus(SLUG, None)


TIME = "2026-02-03 12:00:00.000001 UTC"
NOON = datetime.datetime(2026, 2, 3, 12, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)


def first(tmp_path: Path, exchange: Path | None = None) -> SubmissionStatus:
    return submission_statuses(tmp_path / "exercises", exchange)[0]


def feedback(tmp_path: Path, time: str = TIME) -> Path:
    page = tmp_path / "exercises" / SLUG / "feedback" / time / f"{SLUG}.html"
    page.parent.mkdir(parents=True)
    page.write_text("feedback")
    return page


@pytest.mark.parametrize("exchange", [None, "no-such-folder"])
def test_without_an_exchange_nothing_is_said_until_a_file_is_made(tmp_path: Path, exchange: str | None) -> None:
    folder = exercise(tmp_path / "exercises", SLUG, q1="B")
    place = tmp_path / exchange if exchange else None
    assert submission_statuses(tmp_path / "exercises", place) == []
    make(folder, SLUG, "synthetic-017", now=NOON)
    made = NOON.astimezone().date()
    assert first(tmp_path, place) == SubmissionStatus(SLUG, made=made)
    assert first(tmp_path, place).state == "file-made"
    assert [one.state for one in submission_statuses(tmp_path / "exercises", place)[1:]] == ["not-handed-in"] * 7


def test_answers_that_changed_after_the_file_was_made_are_seen(tmp_path: Path) -> None:
    folder = exercise(tmp_path / "exercises", SLUG, q1="B")
    make(folder, SLUG, "synthetic-017")
    assert not first(tmp_path).is_changed
    Answers(folder / "answers.json", "exercise", SLUG).save("q1", "A")
    assert first(tmp_path).is_changed
    make(folder, SLUG, "synthetic-017")
    assert not first(tmp_path).is_changed


def test_a_file_that_is_not_ours_is_no_hand_in(tmp_path: Path) -> None:
    (exercise(tmp_path / "exercises", SLUG, q1="B") / f"hand-in-{SLUG}.zip").write_bytes(b"something")
    assert submission_statuses(tmp_path / "exercises", None) == []


def test_feedback_that_came_as_a_file_is_there_to_be_read_the_latest_first(tmp_path: Path) -> None:
    feedback(tmp_path)
    feedback(tmp_path, "some day")
    latest = feedback(tmp_path, "2026-02-04 09:00:00.000000 UTC")
    assert first(tmp_path) == SubmissionStatus(SLUG, page=latest)
    assert first(tmp_path).state == "feedback-here"


def test_feedback_lies_under_a_time_with_dashes_where_no_colon_can_be(tmp_path: Path) -> None:
    page = feedback(tmp_path, TIME.replace(":", "-"))
    assert first(tmp_path).page == page


@pytest.mark.parametrize("made,changed", [(NOON - DAY, True), (NOON + DAY, False)], ids=["before", "after"])
def test_of_both_ways_of_handing_in_the_later_one_counts(
    copy: Path, tmp_path: Path, made: datetime.datetime, changed: bool
) -> None:
    (copy / "answers.json").write_text("what was handed in by nbgrader")
    folder = exercise(tmp_path / "exercises", SLUG, q1="B")
    make(folder, SLUG, "synthetic-017", now=made)
    found = first(tmp_path, tmp_path)
    assert (found.day, found.made, found.is_changed) == (datetime.date(2026, 2, 3), made.astimezone().date(), changed)
