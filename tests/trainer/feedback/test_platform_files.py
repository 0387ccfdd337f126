"""Each platform takes the feedback of an exercise back in one zip, with the names that it gave to the hand-ins."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from course.records.feedback_file import read_feedback
from course.trainer.collecting.roster import Roster, RosterEntry
from course.trainer.course_directory import Coursework
from course.trainer.feedback.platform_files import write_platform_zips
from course.trainer.summary import Summary
from tests.paths import ROOT

SLUG = "two-questions"
TIME = "2026-11-22 12:01:02.345678 UTC"
ADA, BEN, CAT = "synthetic-001", "synthetic-002", "synthetic-003"


def written(
    root: Path, came_as: Mapping[str, str], *held: str, people: Sequence[RosterEntry] = ()
) -> tuple[dict[str, dict[str, bytes]], Summary]:
    """Return what is in each zip, for learners whose hand-ins came under these names; `held` are those held back."""
    root.mkdir(exist_ok=True)
    for name in ("nbgrader_config.py", "pyproject.toml"):
        shutil.copy(ROOT / name, root)
    for learner, platform in came_as.items():
        page, receipt = root / "feedback" / learner / SLUG, root / "submitted" / learner / SLUG
        page.mkdir(parents=True, exist_ok=True)
        (page / f"{SLUG}.html").write_text(f"for {learner}", encoding="utf-8")
        (page / "timestamp.txt").write_text(TIME, encoding="utf-8")
        receipt.mkdir(parents=True, exist_ok=True)
        told = {"exercise": SLUG, "learner": learner, "platform": platform}
        (receipt / "receipt.json").write_text(json.dumps(told), encoding="utf-8")
    summary, roster = Summary("feedback"), Roster(people or [RosterEntry(learner) for learner in came_as])
    pages, waiting = [(SLUG, learner) for learner in came_as], {(SLUG, learner) for learner in held}
    write_platform_zips(Coursework(root), pages, waiting, roster, summary)
    zips = {}
    for path in (root / "feedback-files").glob("*.zip"):
        with zipfile.ZipFile(path) as file:
            zips[path.name] = {name: file.read(name) for name in file.namelist()}
    return zips, summary


@pytest.mark.parametrize(
    ("platform", "came_as", "name"),
    [
        (
            "moodle",
            "Ada Lovelace_71_assignsubmission_file_",
            f"Ada Lovelace_71_assignsubmission_file_/feedback-{SLUG}.html",
        ),
        ("moodle", "Ada_71_assignsubmission_file_hand-in.zip", f"Ada_71_assignsubmission_file_/feedback-{SLUG}.html"),
        (
            "brightspace",
            "12345-67890 - Ada Lovelace - Nov 22, 2026 1201 PM",
            f"12345-67890 - Ada Lovelace - Nov 22, 2026 1201 PM/feedback-{SLUG}.html",
        ),
        ("ilias", "Lovelace_Ada_ada_4321", f"multi_feedback_{SLUG}/Lovelace_Ada_ada_4321/feedback-{SLUG}.html"),
        ("blackboard", f"Week 1_{ADA}_attempt_2026-11-22-12-01-02_hand-in.zip", f"feedback_{ADA}.html"),
    ],
)
def test_a_page_has_the_name_that_the_platform_goes_by(tmp_path: Path, platform: str, came_as: str, name: str) -> None:
    zips, summary = written(tmp_path, {ADA: came_as, BEN: ""})
    assert zips == {f"for-{platform}-{SLUG}.zip": {name: f"for {ADA}".encode()}}
    (note,) = summary.notes
    assert note.startswith(f"feedback-files/for-{platform}-{SLUG}.zip holds 1 page.")


@pytest.mark.parametrize("late", ["lovelaceada_12345_67890_", "lovelaceada_LATE_12345_67890_", "anon_K2x9Q_67890_"])
def test_canvas_gets_a_zip_under_the_name_of_the_file_as_it_gave_it_out(tmp_path: Path, late: str) -> None:
    name = f"{late}hand-in-{SLUG}.zip"
    zips, _ = written(tmp_path, {ADA: name})
    ((found, data),) = zips[f"for-canvas-{SLUG}.zip"].items()
    assert found == name
    file = tmp_path / f"hand-in-{SLUG}.zip"
    file.write_bytes(data)
    assert read_feedback(file) == {(SLUG, TIME): f"for {ADA}".encode()}
    assert zipfile.is_zipfile(io.BytesIO(data))


def test_a_name_that_two_learners_would_have_is_neithers_and_both_are_named(tmp_path: Path) -> None:
    name = f"lovelaceada_12345_67890_hand-in-{SLUG}.zip"
    zips, summary = written(tmp_path, {ADA: name, BEN: name, CAT: f"catc_3_4_hand-in-{SLUG}.zip"})
    assert list(zips[f"for-canvas-{SLUG}.zip"]) == [f"catc_3_4_hand-in-{SLUG}.zip"]
    assert [refusal.name for refusal in summary.refused] == [ADA, BEN]


def test_what_is_held_back_and_what_names_no_one_safely_is_in_no_zip(tmp_path: Path) -> None:
    zips, summary = written(
        tmp_path,
        {
            ADA: f"lovelaceada_1_2_hand-in-{SLUG}.zip",
            BEN: "../../Ben_1_assignsubmission_file_",
            CAT: "Week 1_somebody_attempt_2026-11-22-12-01-02_hand-in.zip",
        },
        ADA,
    )
    assert (zips, summary.notes, summary.refused) == ({}, [], [])


@pytest.mark.parametrize(
    "came_as",
    [
        "Ben Byron_71_assignsubmission_file_",
        f"benbyron_4242_67890_hand-in-{SLUG}.zip",
        "12345-67890 - Ben Byron - Nov 22, 2026 1201 PM",
        "Byron_Ben_ben_4321",
    ],
)
def test_what_a_trainer_gave_to_one_learner_goes_back_to_no_other_whose_name_it_came_under(
    tmp_path: Path, came_as: str
) -> None:
    people = [RosterEntry(ADA, "Ada", "Lovelace"), RosterEntry(BEN, "Ben", "Byron", number="4242")]
    assert len(written(tmp_path / "ada", {ADA: came_as})[0]) == 1
    zips, summary = written(tmp_path / "ada", {ADA: came_as}, people=people)
    assert zips == {}, "nor does the zip of an earlier time stay"
    [refusal] = summary.refused
    assert (refusal.name, came_as in refusal.why) == (ADA, True)
    zips, summary = written(tmp_path / "ben", {BEN: came_as}, people=people)
    assert (len(zips), summary.refused) == (1, [])
