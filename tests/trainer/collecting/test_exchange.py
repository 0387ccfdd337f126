"""The exchange: nbgrader's own folders, where every learner can write, collected with care."""

from __future__ import annotations

import logging
import os
import pwd
import shutil
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course.core import moments
from course.trainer.collecting import exchange
from course.trainer.collecting.roster import ADDED, Roster
from course.trainer.course_directory import Coursework
from course.trainer.due_moments import DueMoments
from tests.trainer.collecting.exchange_course import TIMES, Course
from tests.trainer.submissions import SLUG, course_directory, tree

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Any:
    course = Coursework(course_directory(tmp_path_factory.mktemp("settings") / "course"))
    with course.gradebook():  # nbgrader takes seconds to make one: each test has a copy
        return course.config


@pytest.fixture
def course(tmp_path: Path, config: Any, monkeypatch: pytest.MonkeyPatch) -> Course:
    return Course(tmp_path, config, monkeypatch)


def test_only_the_files_of_a_hand_in_are_taken(course: Course) -> None:
    folder = course.submit("ann")
    (folder / "ipywidgets.py").write_text("raise SystemExit")
    (folder / "more").mkdir()
    (folder / "gradebook.db").symlink_to(course.root / "gradebook.db")
    assert course.collect().collected == ["ann"]
    assert sorted(path.name for path in course.kept("ann").iterdir()) == sorted(
        [f"{SLUG}.ipynb", "answers.json", "submission_secret.txt", "timestamp.txt"]
    )
    assert (course.kept("ann") / "timestamp.txt").read_bytes() == TIMES[0].encode()


def test_the_latest_counts_and_the_one_before_it_is_kept(course: Course) -> None:
    course.submit("ann", 2)
    course.submit("ann", 1)
    course.collect()
    assert (course.kept("ann") / "timestamp.txt").read_text() == TIMES[1]
    course.submit("ann", 3)
    assert course.collect(update=False).collected == []
    assert course.collect().collected == ["ann"]
    assert (course.kept("ann") / "timestamp.txt").read_text() == TIMES[2]
    (before,) = (course.root / "earlier" / "ann" / SLUG).iterdir()
    assert (before / "timestamp.txt").read_text() == TIMES[1]
    once = tree(course.root)
    assert course.collect().collected == []
    assert tree(course.root) == once


def test_before_the_due_date_means_the_latest_in_time(course: Course) -> None:
    for day in (1, 2, 4):
        course.submit("ann", day)
    course.submit("bob", 5)
    for day in (2, 4, 5):
        course.submit("cid", day)
    third, fourth = (moments.read_nbgrader_stamp(time) for time in TIMES[2:4])
    assert third
    assert fourth
    course.due = DueMoments({SLUG: third}, {"cid": {SLUG: fourth}})
    course.collect(before_duedate=True)
    assert (course.kept("cid") / "timestamp.txt").read_text() == TIMES[3], "with more time, by the learner's own day"
    assert (course.kept("ann") / "timestamp.txt").read_text() == TIMES[1]
    assert (course.kept("bob") / "timestamp.txt").read_text() == TIMES[4]


def test_a_name_with_a_plus_is_one_name(course: Course) -> None:
    course.submit("a+b@example.org")
    assert course.collect().collected == ["a+b@example.org"]


def test_without_a_roster_whoever_is_collected_is_added_and_it_stays_open(course: Course) -> None:
    course.submit("ann")
    course.collect()
    course.submit("bob")
    course.submit("eve", submission_secret_txt=None)
    for _ in range(2):
        course.collect()
        with course.gradebook() as gradebook:
            roster = Roster.read(gradebook)
        assert {person.id: person.number for person in roster.people.values()} == {"ann": ADDED, "bob": ADDED}
        assert not roster.is_closed


def test_with_a_roster_collecting_puts_nobody_on_it(course: Course) -> None:
    with course.gradebook() as gradebook:
        gradebook.add_student("ann", first_name="Ann", lms_user_id="4242")
    course.submit("ann")
    course.submit("bob")
    assert course.collect().collected == ["ann", "bob"]
    with course.gradebook() as gradebook:
        (person,) = Roster.read(gradebook).people.values()
    assert (person.id, person.first, person.number) == ("ann", "Ann", "4242")


def link(name: str) -> Callable[[Course], None]:
    def made(course: Course) -> None:
        folder = course.submit("eve")
        (course.outside / "x").write_bytes(b"{}")
        (folder / name).unlink()
        (folder / name).symlink_to(course.outside / "x")

    return made


def folder_link(course: Course) -> None:
    shutil.move(course.submit("eve"), course.outside / "folder")
    (course.inbound / f"eve+{SLUG}+{TIMES[0]}+x").symlink_to(course.outside / "folder")


def hard_link(course: Course) -> None:
    folder = course.submit("eve")
    (folder / "answers.json").unlink()
    (course.outside / "x").write_bytes(b"{}")
    os.link(course.outside / "x", folder / "answers.json")


def pipe(course: Course) -> None:
    folder = course.submit("eve")
    (folder / "answers.json").unlink()
    os.mkfifo(folder / "answers.json")


def folder_for_file(course: Course) -> None:
    folder = course.submit("eve")
    (folder / "answers.json").unlink()
    (folder / "answers.json").mkdir()


def submitted_is_a_link(course: Course) -> None:
    course.submit("eve")
    (course.root / "submitted").mkdir()
    (course.root / "submitted" / "eve").symlink_to(course.outside)


def given_to(folder: Path, account: str) -> Path:
    user = pwd.getpwnam(account).pw_uid
    for path in (folder, *folder.iterdir()):
        os.chown(path, user, -1)
    return folder


@pytest.mark.skipif(sys.platform == "win32" or os.getuid() != 0, reason="only root can make files of several people")
def test_what_another_account_hands_in_under_a_learners_name_is_refused_and_their_own_stays(course: Course) -> None:
    own = given_to(course.submit("daemon", 1), "daemon")
    forged = given_to(course.submit("daemon", 2), "nobody")
    given_to(course.submit("nobody", 1), "nobody")
    collecting = course.collect(check_owner=True)
    assert collecting.collected == ["daemon", "nobody"]
    assert (course.kept("daemon") / "timestamp.txt").read_text() == TIMES[0]
    ((refused, why),) = [(refusal.name, refusal.why) for refusal in collecting.refused]
    assert refused == forged.name
    assert "the account nobody put it there" in why
    assert own.is_dir()
    assert collecting.unproven == set()


def test_an_owner_who_is_the_one_that_collects_proves_nothing_and_it_is_said(course: Course) -> None:
    course.submit("ann")
    collecting = course.collect(check_owner=True)
    assert collecting.collected == ["ann"]
    assert collecting.unproven == {"ann"}


@pytest.mark.skipif(sys.platform == "win32" or os.getuid() != 0, reason="only root can make files of several people")
@pytest.mark.parametrize(("folder_owner", "file_owner", "taken"), [(1001, 1001, ["eve"]), (1001, 1002, [])])
def test_a_link_that_somebody_else_made_to_a_learners_file_takes_nothing_from_the_learner(
    course: Course, folder_owner: int, file_owner: int, taken: list[str]
) -> None:
    folder = course.submit("eve")
    for path in (folder, *folder.iterdir()):
        os.chown(path, folder_owner, -1)
    os.chown(folder / "answers.json", file_owner, -1)
    os.link(folder / "answers.json", course.outside / "made by mallory")
    assert course.collect().collected == taken


BAD: dict[str, Callable[[Course], Any]] = {
    "a notebook that is a link": link(f"{SLUG}.ipynb"),
    "answers that are a link": link("answers.json"),
    "a time that is a link": link("timestamp.txt"),
    "a secret that is a link": link("submission_secret.txt"),
    "a folder that is a link": folder_link,
    "answers that are somebody's too": hard_link,
    "answers that never end": pipe,
    "answers that are a folder": folder_for_file,
    "a link where it belongs": submitted_is_a_link,
    "a file for a folder": lambda course: (course.inbound / f"eve+{SLUG}+{TIMES[0]}+x").write_bytes(b""),
    "no notebook": lambda course: course.submit("eve", **{f"{SLUG}.ipynb": None}),
    "no secret": lambda course: course.submit("eve", submission_secret_txt=None),
    "a secret that leads out": lambda course: course.submit("eve", submission_secret_txt=b"../../x"),
    "a time that is none": lambda course: course.submit("eve", timestamp_txt=b"soon"),
    "a time of bytes": lambda course: course.submit("eve", timestamp_txt=b"\xff\xfe"),
    "a time without end": lambda course: course.submit("eve", timestamp_txt=b"9" * 300),
    "answers of two megabytes": lambda course: course.submit("eve", **{"answers.json": bytes(2_000_000)}),
    "a name that leads out": lambda course: course.submit(".."),
    "a name of nothing": lambda course: course.submit(""),
    "a name with a star": lambda course: course.submit("*"),
    "a name that steers a terminal": lambda course: course.submit("a\x1b[2Jb"),
    "a name without a time": lambda course: (course.inbound / f"eve+{SLUG}+now+x").mkdir(),
}


@pytest.mark.parametrize("what", BAD)
def test_one_bad_folder_is_refused_by_name_and_stops_nobody(course: Course, what: str) -> None:
    course.submit("ann")
    BAD[what](course)
    course.submit("zoe")
    before = {path: path.read_bytes() for path in course.outside.rglob("*") if path.is_file()}
    collecting = course.collect()
    assert collecting.collected == ["ann", "zoe"]
    (refused,) = collecting.refused
    assert refused.exercise == SLUG
    assert refused.why.endswith(".")
    assert {path: path.read_bytes() for path in course.outside.rglob("*") if path.is_file()} == before
    assert {path.parts[-3] for path in (course.root / "submitted").glob("*/*/*")} == {"ann", "zoe"}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_characters="/\x00", exclude_categories=["Cs"]), max_size=40))
def test_no_name_in_the_exchange_stops_collecting(course: Course, text: str) -> None:
    for old in course.inbound.iterdir():
        old.rmdir()
    for name in (text[:40], f"{text}+{SLUG}+{TIMES[0]}", f"ann+{SLUG}+{text}"):
        if name not in ("", ".", "..") and len(name.encode()) < 250:
            (course.inbound / name).mkdir(exist_ok=True)
    assert course.collect().collected == []


@pytest.mark.parametrize("mode", [0o755, 0o777, 0o1777])
def test_everyone_can_use_the_exchange_and_nobody_can_take_away_what_is_anothers(course: Course, mode: int) -> None:
    root = course.root / "exchange"
    root.chmod(mode)
    releasing = exchange.Release(coursedir=course.desk)
    releasing.root, releasing.log = str(root), logging.getLogger("quiet")
    releasing.ensure_root()
    assert stat.S_IMODE(root.stat().st_mode) == 0o1777


@pytest.mark.filterwarnings("ignore:unclosed file")  # nbgrader opens timestamp.txt and leaves it open
def test_feedback_on_hand_in_files_stops_no_feedback_through_the_exchange(course: Course) -> None:
    for learner in ("synthetic-001", "synthetic-002", "synthetic-003"):
        folder = course.root / "feedback" / learner / SLUG
        folder.mkdir(parents=True)
        (folder / f"{SLUG}.html").write_text(learner)
        (folder / "timestamp.txt").write_text(TIMES[0])
        if learner != "synthetic-002":
            (folder / "submission_secret.txt").write_text(f"{learner[-1]}a" * 64)
    config = course.desk.config.copy()
    config.Exchange.root = str(course.root / "exchange")
    exchange.ReleaseFeedback(coursedir=course.desk, config=config).start()
    pages = (course.root / "exchange" / "building-trust" / "feedback").glob("*.html")
    assert {page.read_text() for page in pages} == {"synthetic-001", "synthetic-003"}
    assert course.desk.student_id_exclude == ""
