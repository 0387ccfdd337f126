"""The exchange in which each learner has folders of their own: the folder says whose a hand-in is, and no name does."""

from __future__ import annotations

import copy
import logging
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course.core import names
from course.core.errors import BadSetting
from course.trainer.collecting import exchange
from course.trainer.collecting.command import collect
from course.trainer.collecting.exchange_folders import count_unproven
from course.trainer.collecting.roster import Roster, RosterEntry
from course.trainer.course_directory import Coursework
from course.trainer.erasing import find_traces
from course.trainer.exchange_layout import ExchangeLayout, exchange_layout
from course.trainer.feedback.deliver import deliver
from course.trainer.summary import Summary
from tests.trainer.collecting.exchange_course import SECRET, TIMES, Course
from tests.trainer.submissions import SLUG, course_directory

pytestmark = pytest.mark.slow

OTHER_SECRET = "1b" * 64


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Any:
    course = Coursework(course_directory(tmp_path_factory.mktemp("settings") / "course"))
    with course.gradebook():
        return course.config


@pytest.fixture
def course(tmp_path: Path, config: Any, monkeypatch: pytest.MonkeyPatch) -> Course:
    monkeypatch.setenv("BUILDING_TRUST_EXCHANGE_LAYOUT", "by-learner")
    return Course(tmp_path, config, monkeypatch)


def coursework_of(course: Course) -> Coursework:
    """Return the course directory as the course's own commands have it."""
    coursework = Coursework(course.root)
    config = copy.deepcopy(course.desk.config)
    config.Exchange.root = str(course.root / "exchange")
    config.CourseDirectory.root = str(course.root)
    coursework.__dict__["config"] = config
    return coursework


def hand_in(course: Course, folder: str, named: str = "jovyan", day: int = 1, **other: bytes | None) -> Path:
    """Hand in as nbgrader does from a pod in which `inbound` is a learner's own folder."""
    return course.put(course.inbound / folder / f"{named}+{SLUG}+{TIMES[day - 1]}+abcdefgh", day, **other)


def refusals(collecting: exchange.Collect) -> dict[str, str]:
    return {refusal.name: refusal.why for refusal in collecting.refused}


def test_the_folder_says_whose_a_hand_in_is_and_proves_it(course: Course) -> None:
    hand_in(course, "ann")
    hand_in(course, "bob", "bob")
    hand_in(course, "c+d@example.org")
    collecting = course.collect(check_owner=True)
    assert collecting.collected == ["ann", "bob", "c+d@example.org"]
    assert (collecting.refused, collecting.unproven) == ([], set())


def test_a_name_of_somebody_else_takes_nothing_from_them_and_gives_them_nothing(course: Course) -> None:
    hand_in(course, "ann", "ann", 1, **{"answers.json": b'{"by": "ann"}'})
    hand_in(course, "eve", "ann", 2, **{"answers.json": b'{"by": "eve"}'})
    assert course.collect(check_owner=True).collected == ["ann", "eve"]
    assert (course.kept("ann") / "answers.json").read_bytes() == b'{"by": "ann"}'
    assert (course.kept("eve") / "answers.json").read_bytes() == b'{"by": "eve"}'


def test_the_latest_of_a_learner_counts_whatever_their_hand_ins_are_called(course: Course) -> None:
    hand_in(course, "ann", "jovyan", 3)
    hand_in(course, "ann", "ann", 2)
    course.collect()
    assert (course.kept("ann") / "timestamp.txt").read_text() == TIMES[2]


def test_one_learner_alone_can_be_collected_by_their_folder(course: Course) -> None:
    hand_in(course, "ann", "bob")
    hand_in(course, "bob", "ann")
    course.desk.student_id = "ann"
    assert course.collect().collected == ["ann"]
    course.desk.student_id = "*"


def outside(course: Course) -> Path:
    folder = course.outside / "elsewhere"
    return folder if folder.is_dir() else course.put(folder)


def link_in_own_folder(course: Course) -> None:
    (course.inbound / "eve").mkdir()
    (course.inbound / "eve" / f"eve+{SLUG}+{TIMES[0]}+x").symlink_to(outside(course))


def link_to_anothers_hand_in(course: Course) -> None:
    (course.inbound / "eve").mkdir()
    target = next((course.inbound / "ann").iterdir())
    (course.inbound / "eve" / f"eve+{SLUG}+{TIMES[0]}+x").symlink_to(target)


def link_for_a_folder(course: Course) -> None:
    (course.inbound / "eve").symlink_to(course.inbound / "ann")


def linked_answers(course: Course) -> None:
    folder = hand_in(course, "eve")
    (folder / "answers.json").unlink()
    (folder / "answers.json").symlink_to(outside(course) / "answers.json")


def hard_link_to_anothers_answers(course: Course) -> None:
    folder = hand_in(course, "eve")
    (folder / "answers.json").unlink()
    os.link(outside(course) / "answers.json", folder / "answers.json")


def no_folder(course: Course) -> None:
    course.submit("eve")


def no_time(course: Course) -> None:
    (course.inbound / "eve" / f"eve+{SLUG}+now+x").mkdir(parents=True)


HOSTILE: dict[str, tuple[Callable[[Course], Any], str]] = {
    "a hand-in that is a link": (link_in_own_folder, "link"),
    "a link to another's hand-in": (link_to_anothers_hand_in, "link"),
    "a folder that is a link": (link_for_a_folder, "in no learner’s folder"),
    "answers that are a link": (linked_answers, "link"),
    "answers that are somebody's too": (hard_link_to_anothers_answers, "not an ordinary file"),
    "a hand-in beside the folders": (no_folder, "in no learner’s folder"),
    "a name without a time": (no_time, "not one that nbgrader gives"),
    "a folder of no learner": (lambda course: hand_in(course, "a\x1b[2Jb"), "no folder of a learner"),
    "a folder that is a device": (lambda course: hand_in(course, "con"), "no folder of a learner"),
    "no secret": (lambda course: hand_in(course, "eve", submission_secret_txt=None), "missing"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_one_bad_folder_is_refused_and_stops_nobody(course: Course, what: str) -> None:
    hand_in(course, "ann")
    make, said = HOSTILE[what]
    make(course)
    hand_in(course, "zoe")
    collecting = course.collect(check_owner=True)
    assert collecting.collected == ["ann", "zoe"]
    ((_, why),) = refusals(collecting).items()
    assert said in why
    assert {path.parts[-3] for path in (course.root / "submitted").glob("*/*/*")} == {"ann", "zoe"}


def test_what_a_drive_keeps_for_itself_is_left_alone(course: Course) -> None:
    hand_in(course, ".snapshot")
    hand_in(course, "ann")
    (course.inbound / "notes.txt").write_text("Synthetic.")
    collecting = course.collect()
    assert (collecting.collected, collecting.refused) == (["ann"], [])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.text(st.characters(exclude_characters="/\x00", exclude_categories=["Cs"]), max_size=40))
def test_no_name_stops_collecting(course: Course, text: str) -> None:
    shutil.rmtree(course.inbound)
    (course.inbound / "ann").mkdir(parents=True)
    for name in (text[:40], f"{text}+{SLUG}+{TIMES[0]}", f"ann+{SLUG}+{text}"):
        for place in (course.inbound, course.inbound / "ann"):
            if name not in ("", ".", "..") and len(name.encode()) < 250:
                (place / name).mkdir(exist_ok=True)
    assert course.collect().collected == []


def test_folders_of_learners_in_a_shared_exchange_are_named_and_not_guessed_about(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BUILDING_TRUST_EXCHANGE_LAYOUT")
    folder = hand_in(course, "ann", "ann")
    collecting = course.collect(check_owner=True)
    assert collecting.collected == []
    assert "BUILDING_TRUST_EXCHANGE_LAYOUT" in refusals(collecting)[f"ann/{folder.name}"]


def test_what_is_collected_already_needs_no_nbgrader(course: Course) -> None:
    coursework = coursework_of(course)
    hand_in(course, "ann", "bob")
    people = Roster([RosterEntry("ann")])
    assert count_unproven(coursework, [SLUG], people) is None
    course.collect()
    assert count_unproven(coursework, [SLUG], people) == 0
    no_folder(course)
    assert count_unproven(coursework, [SLUG], people) is None


def test_folders_of_nobody_on_the_roster_are_named(course: Course) -> None:
    with course.gradebook() as gradebook:
        gradebook.add_student("ann", first_name="Ann", lms_user_id="4242")
    coursework = coursework_of(course)
    hand_in(course, "ann")
    (course.inbound / "who-only-looked").mkdir()
    assert not [note for note in collect(coursework, [SLUG], quiet=True).notes if "roster" in note]
    hand_in(course, "ann.smith")
    (note,) = [note for note in collect(coursework, [SLUG], quiet=True).notes if "roster" in note]
    assert note == (
        "One folder with hand-ins is that of nobody on the roster: ann.smith. "
        "The ids on the roster have to be people’s names at the Hub."
    )


def feedback_of(course: Course, learner: str, secret: str) -> None:
    folder = course.root / "feedback" / learner / SLUG
    folder.mkdir(parents=True)
    (folder / f"{SLUG}.html").write_text(learner)
    (folder / "timestamp.txt").write_text(TIMES[0])
    (folder / names.SECRET).write_text(secret)


@pytest.mark.filterwarnings("ignore:unclosed file")  # nbgrader opens timestamp.txt and leaves it open
def test_each_page_of_feedback_goes_into_the_folder_of_its_learner_alone(course: Course) -> None:
    for learner, secret in (("ann", SECRET), ("b[o]b", OTHER_SECRET)):
        feedback_of(course, learner, secret)
    config = copy.deepcopy(course.desk.config)
    config.Exchange.root = str(course.root / "exchange")
    exchange.ReleaseFeedback(coursedir=course.desk, config=config).start()
    place = course.inbound.parent / "feedback"
    found = {page.relative_to(place).as_posix(): page.read_text() for page in place.rglob("*") if page.is_file()}
    assert found[f"ann/{names.feedback_exchange_name(SECRET.encode(), SLUG)}"] == "ann"
    assert found[f"b[o]b/{names.feedback_exchange_name(OTHER_SECRET.encode(), SLUG)}"] == "b[o]b"
    assert {(name.split("/")[0], text) for name, text in found.items()} == {("ann", "ann"), ("b[o]b", "b[o]b")}


@pytest.mark.filterwarnings("ignore:unclosed file")
def test_course_feedback_releases_a_page_once_and_again_where_it_changed(course: Course) -> None:
    coursework = coursework_of(course)
    feedback_of(course, "ann", SECRET)
    page = course.inbound.parent / "feedback" / "ann" / names.feedback_exchange_name(SECRET.encode(), SLUG)
    deliver(coursework, [(SLUG, "ann")], (), Roster([]), Summary("feedback"))
    released = page.stat().st_mtime_ns, page.stat().st_ino
    deliver(coursework, [(SLUG, "ann")], (), Roster([]), Summary("feedback"))
    assert (page.stat().st_mtime_ns, page.stat().st_ino) == released
    (course.root / "feedback" / "ann" / SLUG / f"{SLUG}.html").write_text("anew")
    deliver(coursework, [(SLUG, "ann")], (), Roster([]), Summary("feedback"))
    assert page.read_text() == "anew"


def test_releasing_needs_no_folder_that_everybody_can_write_to(course: Course) -> None:
    root = course.root / "exchange"
    root.chmod(0o755)
    releasing = exchange.Release(coursedir=course.desk)
    releasing.root, releasing.log = str(root), logging.getLogger("quiet")
    releasing.ensure_root()
    releasing.init_dest()
    assert root.stat().st_mode & 0o777 == 0o755
    assert (root / "building-trust" / "outbound").is_dir()


def test_whoever_leaves_leaves_no_folder_and_others_keep_theirs(course: Course) -> None:
    with course.gradebook() as gradebook:
        gradebook.add_student("ann")
    hand_in(course, "ann", "bob")
    hand_in(course, "bob", "ann")
    feedback = course.inbound.parent / "feedback"
    (feedback / "ann").mkdir(parents=True)
    (feedback / "ann" / "x.html").write_text("Synthetic.")
    coursework = coursework_of(course)
    for trace in find_traces(coursework, "ann", Roster([RosterEntry("ann")]), re.compile(b"ann")):
        trace.remove()
    assert [path.name for path in course.inbound.iterdir()] == ["bob"]
    assert list((course.inbound / "bob").iterdir())
    assert list(feedback.iterdir()) == []


def test_a_layout_that_there_is_not_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUILDING_TRUST_EXCHANGE_LAYOUT", "by_learner")
    with pytest.raises(BadSetting, match="by_learner") as told:
        exchange_layout()
    assert "shared, by-learner" in told.value.hint
    monkeypatch.setenv("BUILDING_TRUST_EXCHANGE_LAYOUT", "by-learner")
    assert exchange_layout() is ExchangeLayout.BY_LEARNER
