"""A cohort from release to collecting, with nbgrader's own gradebook and exchange; and a learner who leaves it."""

from __future__ import annotations

import datetime
import json
import os
import re
import shutil
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from course.authoring.review import review
from course.content.lessons import lessons
from course.core.errors import BadLearnerId, BadNotebook
from course.trainer.collecting.command import collect
from course.trainer.collecting.submission_store import SubmissionStore
from course.trainer.course_directory import Coursework
from course.trainer.erasing import erase, mentions
from course.trainer.release import release_all
from course.trainer.summary import Summary
from tests.trainer.submissions import SLUG, hand_in, hours, packed, timed, tree

pytestmark = pytest.mark.nbgrader

NEXT = "repair"
ADA = "Ada Lovelace_1234567_assignsubmission_file_"
BOB = "Bob O’Neill_2345678_assignsubmission_file_"
ROSTER = """id,first_name,last_name,email,lms_user_id
s01,Ada,Lovelace,ada@example.org,
s02,Bob,O’Neill,bob@example.org,4242
s03,Zoë,d’Arc,zoe@example.org,
"""
SECRET = "b7" * 64


def drop(root: Path, name: str, data: bytes) -> None:
    path = root / "inbox" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def submit(root: Path, learner: str, slug: str = SLUG) -> Path:
    """Hand in through the exchange, as nbgrader writes it."""
    time = "2026-03-01 12:00:00.000000 UTC"
    folder: Path = root / "exchange" / "building-trust" / "inbound" / f"{learner}+{slug}+{time}+abc"
    shutil.copytree(root / "exercises" / slug, folder)
    (folder / "timestamp.txt").write_text(time)
    (folder / "submission_secret.txt").write_text(SECRET)
    return folder


def due(checkout: Any) -> dict[str, datetime.datetime | None]:
    with checkout.gradebook() as gradebook:
        return {assignment.name: assignment.duedate for assignment in gradebook.assignments}


def collected(checkout: Any, *slugs: str) -> Summary:
    """Collect as `course collect` does, without starting anew."""
    return collect(Coursework(checkout.root), slugs or [lesson.key for lesson in lessons()], quiet=True)


@pytest.fixture(scope="module")
def cohort(checkouts: Any) -> Any:
    """A cohort of three on a roster, whose two exercises are released and handed in, in several ways."""
    checkout = checkouts()
    root = checkout.root
    (root / "exchange").mkdir()
    (root / "cohort.toml").write_text(f"[due]\n{SLUG} = 2026-03-02T13:00:00Z\n{NEXT} = 2026-03-09\n")
    checkout.run(f"course release {SLUG} {NEXT}")
    (root / "roster.csv").write_text(ROSTER)
    checkout.run("course roster roster.csv --yes")
    submit(root, "s01")
    submit(root, "s03")
    shutil.move(submit(root, "eve"), root / "elsewhere")
    (root / "exchange" / "building-trust" / "inbound" / f"eve+{SLUG}+2026-03-01 12:00:00.000000 UTC+x").symlink_to(
        root / "elsewhere"
    )
    files = {
        f"{ADA}/hand-in-{SLUG}.zip": (hand_in("s01", time=hours(1)), hours(0.5)),
        f"{BOB}/hand-in-{SLUG}.zip": (hand_in("bob@example.org"), hours(3)),
        f"{ADA.replace('file', 'onlinetext')}/onlinetext.html": (b"<p>Hello, Ada", hours(2)),
    }
    drop(root, "moodle.zip", timed(files))
    drop(root, f"hand-in-{NEXT}.zip", hand_in("s02", NEXT))
    drop(root, "mine.zip", hand_in("s01", NEXT))
    checkout.said = json.loads(checkout.run("course collect --json", fails=True))
    return checkout


def test_release_makes_what_is_committed_and_puts_it_into_the_exchange(cohort: Any) -> None:
    from tests.conftest import ROOT

    for slug in (SLUG, NEXT):
        for place in (cohort.root / "exercises", cohort.root / "exchange" / "building-trust" / "outbound"):
            released = {path.name: path.read_bytes() for path in (place / slug).iterdir()}
            assert released == {path.name: path.read_bytes() for path in (ROOT / "exercises" / slug).iterdir()}
    assert not (cohort.root / ".releasing").exists()
    assert (cohort.root / "exchange").stat().st_mode & 0o1777 == 0o1777


def test_releasing_again_is_safe(cohort: Any) -> None:
    before = (cohort.root / "exercises" / SLUG / f"{SLUG}.ipynb").stat()
    release_all(Coursework(cohort.root), [SLUG], review=review, quiet=True)
    after = (cohort.root / "exercises" / SLUG / f"{SLUG}.ipynb").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_both_ways_are_collected_and_the_latest_counts(cohort: Any) -> None:
    said = cohort.said
    assert [(row["learner"], row["exercise"], row["clock"], row["late"]) for row in said["taken"]] == [
        ("s02", NEXT, "learner", False),
        ("s01", NEXT, "learner", False),
        ("s01", SLUG, "learner", False),
        ("s02", SLUG, "learner", False),
    ]
    assert [(one["name"], one["exercise"]) for one in said["refused"]] == [("eve", SLUG)]
    assert "1 file that the platform itself wrote" in str(said["notes"])
    assert [(one["exercise"], one["handed_in"]) for one in said["standings"] if one["handed_in"]] == [
        (SLUG, 3),
        (NEXT, 2),
    ]
    (before,) = (cohort.root / "earlier" / "s01" / SLUG).iterdir()
    assert (before / "submission_secret.txt").read_text() == SECRET, "what came through the exchange was earlier"


def test_collecting_again_changes_nothing(cohort: Any) -> None:
    once = tree(cohort.root)
    assert not any(row.changed for row in collected(cohort).collected)
    assert tree(cohort.root) == once


def test_ctrl_c_leaves_whole_exercises_and_the_next_release_makes_the_rest(
    cohort: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, released = Coursework(cohort.root), []
    before = {path: path.read_bytes() for path in (cohort.root / "exercises").rglob("*.ipynb")}
    (cohort.root / "exercises" / NEXT / f"{NEXT}.ipynb").unlink()

    def interrupted(_: Coursework, slug: str) -> None:
        released.append(slug)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("course.trainer.release.release", interrupted)
        stopped = release_all(desk, [SLUG, NEXT], review=review)
    assert (stopped.stopped, released) == (True, [SLUG])
    assert not (cohort.root / ".releasing").exists()
    assert not release_all(desk, [SLUG, NEXT], review=review).stopped
    assert {path: path.read_bytes() for path in (cohort.root / "exercises").rglob("*.ipynb")} == before


def test_after_ctrl_c_the_next_collect_goes_on(cohort: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    once = tree(cohort.root)
    shutil.rmtree(cohort.root / "submitted")
    shutil.rmtree(cohort.root / "earlier")
    put, done = SubmissionStore.put, []

    def interrupted(places: SubmissionStore, arrival: Any) -> bool:
        done.append(arrival.learner)
        if len(done) == 4:
            raise KeyboardInterrupt
        return put(places, arrival)

    with monkeypatch.context() as patched:
        patched.setattr(SubmissionStore, "put", interrupted)
        stopped = collected(cohort)
    assert stopped.stopped
    assert 0 < len(tree(cohort.root)) < len(once)
    assert not collected(cohort).stopped
    assert tree(cohort.root) == once


def test_the_days_of_the_cohort_are_in_the_gradebook_and_go_with_their_line(cohort: Any) -> None:
    assert due(cohort) == {
        SLUG: datetime.datetime(2026, 3, 2, 13, 0, 0, 999_999),
        NEXT: datetime.datetime(2026, 3, 9, 23, 59, 59, 999_999),
    }
    whole = (cohort.root / "cohort.toml").read_text()
    (cohort.root / "cohort.toml").write_text(whole.replace(f"{NEXT} = 2026-03-09\n", ""))
    collected(cohort, NEXT)
    assert due(cohort)[NEXT] is None
    (cohort.root / "cohort.toml").rename(cohort.root / "cohort.away")
    collected(cohort, NEXT)
    assert due(cohort)[SLUG] is not None, "without the file the days are the trainer's own"
    with cohort.gradebook() as gradebook:
        gradebook.update_or_create_assignment(NEXT, duedate=datetime.datetime(2026, 3, 1))
    attempt = f"Ex_s02_attempt_2026-03-02-14-00-00_hand-in-{NEXT}.zip"
    drop(cohort.root, attempt, hand_in("s02", NEXT, text="Again."))
    late = {row.name: row.late for row in collected(cohort, NEXT).collected}
    assert late == {attempt: True, "mine.zip": False, f"hand-in-{NEXT}.zip": False}, "and they count for each file"
    (cohort.root / "inbox" / attempt).unlink()
    (cohort.root / "cohort.toml").write_text(whole)


def test_plain_nbgrader_and_the_formgrader_collect_with_the_same_care(cohort: Any) -> None:
    from nbgrader.apps.api import NbGraderAPI

    shutil.rmtree(cohort.root / "submitted" / "s03")
    said = cohort.run(f"nbgrader collect {SLUG}")
    assert "Not collected: 'eve'" in said
    assert (cohort.root / "submitted" / "s03" / SLUG / "timestamp.txt").is_file()
    shutil.rmtree(cohort.root / "submitted" / "s03")
    desk = Coursework(cohort.root)
    assert NbGraderAPI(config=desk.config, coursedir=desk.coursedir).collect(SLUG)["success"]
    assert (cohort.root / "submitted" / "s03" / SLUG / "timestamp.txt").is_file()
    assert not (cohort.root / "submitted" / "eve").exists()


def test_a_source_with_answers_or_a_fault_is_not_released(cohort: Any) -> None:
    desk, page = Coursework(cohort.root), cohort.root / "source" / SLUG / f"{SLUG}.ipynb"
    answers = page.with_name("answers.json")
    answers.write_text("{}")
    with pytest.raises(BadNotebook, match="would overwrite every learner’s answers"):
        release_all(desk, [SLUG], review=review)
    answers.unlink()
    good = page.read_text()
    page.write_text(good.replace("mark.answered", "mark.answering", 1))
    with pytest.raises(BadNotebook, match=f"(?s)source/{SLUG}/{SLUG}.ipynb.*Nothing was released"):
        release_all(desk, [NEXT, SLUG], review=review)
    page.write_text(good)


def everywhere(root: Path) -> dict[str, bytes]:
    """Return every file of a course directory but the course itself, and what is packed in zips."""
    found = {}
    for path in root.rglob("*"):
        name = path.relative_to(root).as_posix()
        if path.is_file() and name.split("/")[0] not in ("course", "notebooks", "source", "exercises"):
            found[name] = path.read_bytes()
            if path.suffix == ".zip" and zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as zipped:
                    found |= {f"{name}/{one}": zipped.read(one) for one in zipped.namelist()}
    return found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_learner_is_found_in_a_list_whichever_spreadsheet_saved_it(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes("id,name\ns01,Zoë Müller\n".encode(encoding))
    zipped = tmp_path / "lists.zip"
    zipped.write_bytes(packed({"people.csv": path.read_bytes()}))
    for pattern, is_named in (("Zoë Müller", True), ("s01", True), ("Zoe", False)):
        assert [mentions(file, re.compile(pattern.encode())) for file in (path, zipped)] == [is_named] * 2


@pytest.mark.filterwarnings("ignore:Object of type <Submitted")  # nbgrader adds a submission so
def test_a_learner_is_forgotten_everywhere_and_the_others_stay(cohort: Any, capsys: Any) -> None:
    from nbgrader.utils import notebook_hash

    root = cohort.root
    feedback = root / "exchange" / "building-trust" / "feedback"
    feedback.mkdir()
    page = feedback / f"{notebook_hash(secret=SECRET, notebook_id=SLUG)}.html"
    others_page = feedback / "0123.html"
    for path in (
        page,
        others_page,
        root / "feedback" / "s01" / SLUG / f"{SLUG}.html",
        root / "reports" / "given-out.json",
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("Synthetic.")
    (root / "reports" / "names.html").write_text("<td>Lovelace, Ada</td>")
    (root / "reports" / "shareable.html").write_text("<td>s012: Adam Lovelaces</td>")
    (root / "feedback-files" / "for-learners").mkdir(parents=True)
    for name in ("s01", "s012"):
        (root / "feedback-files" / "for-learners" / f"feedback-{name}.zip").write_bytes(packed({f"{SLUG}.html": b"x"}))
    (root / "feedback-files" / "for-moodle.zip").write_bytes(packed({f"{ADA}/x.html": b"x"}))
    (root / "reports" / "grades.zip").write_bytes(packed({"x.csv": b"id\ns01\n"}))
    (root / ".nbgrader.log").write_text("collecting s01\ncollecting s02\n")
    with cohort.gradebook() as gradebook:
        gradebook.add_submission(SLUG, "s01")
        gradebook.add_submission(SLUG, "s02")
    roster = root / "roster.csv"
    others = {name: data for name, data in tree(root).items() if "/s01/" not in name}

    settings = root / "cohort.toml"
    settings.write_text(f"{settings.read_text()}[extensions.s01]  # asked\n{SLUG} = 2026-03-09\n[extensions.s02]\n")
    asked = cohort.run("course forget-learner s01 < /dev/null", fails=True)
    assert "This will be removed of s01" in asked
    assert "roster.csv" in asked
    assert "Not reached from here: backups" in asked
    assert (root / "submitted" / "s01").exists()

    assert erase(Coursework(root), "s01", yes=True) == 0
    said = capsys.readouterr().out
    roster.write_text("".join(line for line in ROSTER.splitlines(keepends=True) if "s01" not in line))
    for line in (
        "the folder submitted/s01",
        "the folder earlier/s01",
        "the folder feedback/s01",
        f"in inbox/moodle.zip: {ADA}",
        "inbox/mine.zip",
        f"in the exchange: s01+{SLUG}",
        f"in the exchange: feedback on {SLUG}",
        "reports/names.html",
        "reports/grades.zip",
        "feedback-files/for-moodle.zip",
        "feedback-files/for-learners/feedback-s01.zip",
        "lines in .nbgrader.log",
        "the more time that they have, in cohort.toml",
        "the name, the marks and the comments in the gradebook",
    ):
        assert f"Removed: {line}" in said
    left = everywhere(root)
    for word in (rb"(?<!\w)s01(?!\w)", rb"Ada", rb"Lovelace(?!s)", rb"ada@example"):
        named = [name for name, data in left.items() if re.search(word, data) or re.search(word, name.encode())]
        assert named == (["reports/shareable.html"] if word == b"Ada" else [])
    assert {name: data for name, data in tree(root).items()} == others
    assert others_page.exists()
    assert (root / "feedback-files" / "for-learners" / "feedback-s012.zip").exists()
    assert not page.exists()
    assert (root / "reports" / "given-out.json").exists()
    assert f"inbox/moodle.zip/{BOB}/hand-in-{SLUG}.zip" in left
    with cohort.gradebook() as gradebook:
        assert [student.id for student in gradebook.students] == ["s02", "s03"]
        assert [one.student_id for one in gradebook.assignment_submissions(SLUG)] == ["s02"]
    assert not any(row.changed for row in collected(cohort).collected), "the others' files in the zip were not touched"
    assert erase(Coursework(root), "s01", yes=True) == 0
    assert "There is nothing of s01 here." in capsys.readouterr().out
    with pytest.raises(BadLearnerId, match="not a learner’s id"):
        erase(Coursework(root), "../s02", yes=True)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no names that are no text")
def test_a_learner_is_removed_beside_names_that_are_no_text_or_would_steer_the_terminal(
    checkouts: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    root = checkouts().root
    with Coursework(root).gradebook() as gradebook:
        gradebook.add_student("s01")
    bad = os.fsdecode(b"Ad\xff \x1b[2J_1234567_assignsubmission_file_")
    drop(root, f"{bad}/x.zip", hand_in("s01"))
    (root / os.fsdecode(b"li\xffst.csv")).write_text("id\ns01\n")
    assert erase(Coursework(root), "s01", yes=True) == 0
    said = capsys.readouterr().out
    assert r"Ad\udcff \x1b[2J_1234567" in said
    assert r"li\udcffst.csv" in said
    assert not (root / "inbox" / bad).exists()
