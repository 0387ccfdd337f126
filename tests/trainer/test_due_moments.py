"""When exercises are due, for everybody and for a learner with more time; nbgrader's gradebook says the same."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from course.trainer.course_directory import Coursework
from course.trainer.due_moments import DueMoments, is_late, read_due_moments, write_due_moments
from course.trainer.gradebook_reader import GradebookReader

if TYPE_CHECKING:
    from nbgrader.api import Gradebook

GRADEBOOK = pytest.mark.filterwarnings("ignore:Object of type .* not in session")  # nbgrader's own
SLUG = "two-questions"
DUE = datetime.datetime(2026, 3, 2, 12, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
LAST = datetime.timedelta(microseconds=999_999)
FILE = f"[due]\n{SLUG} = 2026-03-02T12:00:00\n"
MORE = FILE + f"[extensions.s01]\n{SLUG} = 2026-03-09T12:00:00\n"


@pytest.fixture
def coursework(tmp_path: Path) -> Coursework:
    (tmp_path / "nbgrader_config.py").write_text(
        "from pathlib import Path\n"
        "from course.trainer.configuration import configure\n"
        f"configure(get_config(), Path({str(tmp_path)!r}))\n",
        encoding="utf-8",
    )
    return Coursework(tmp_path)


@pytest.fixture
def gradebook(coursework: Coursework) -> Iterator[Gradebook]:
    """An exercise that two people handed in."""
    with coursework.gradebook() as gradebook:
        gradebook.add_assignment(SLUG)
        for learner in ("s01", "s02"):
            gradebook.add_student(learner)
            gradebook.add_submission(SLUG, learner, timestamp=(DUE + DAY).replace(tzinfo=None))
        yield gradebook


def written(root: Path, text: str) -> list[str]:
    """Write settings, and the days into the gradebook as each command does; return what is said."""
    (root / "cohort.toml").write_text(text, encoding="utf-8")
    return write_due_moments(Coursework(root))


def seconds_late(gradebook: Gradebook) -> list[float]:
    """Return how late nbgrader finds the two people."""
    gradebook.db.rollback()  # to see what was written beside it
    return [gradebook.find_submission(SLUG, learner).total_seconds_late for learner in ("s01", "s02")]


def hand_in(root: Path, learner: str, time: bytes) -> None:
    folder = root / "submitted" / learner / SLUG
    folder.mkdir(parents=True)
    (folder / "timestamp.txt").write_bytes(time)


def test_more_time_is_for_one_learner_and_one_exercise_and_never_less_than_everybody_has() -> None:
    due = DueMoments({SLUG: DUE}, {"s01": {SLUG: DUE + DAY, "repair": DUE}, "s02": {SLUG: DUE - DAY}})
    assert [due.for_learner(learner, SLUG) for learner in ("s01", "s02", "s03")] == [DUE + DAY, DUE, DUE]
    assert [due.extension(learner, SLUG) for learner in ("s01", "s02", "s03")] == [DAY, None, None]
    assert due.for_learner("s01", "repair") is None, "what is never due needs no more time"
    assert due.for_learner("s01", "01-two-questions") == DUE + DAY, "a former name is the same exercise"
    assert "s01" not in repr(due)


@GRADEBOOK
@pytest.mark.nbgrader
def test_the_gradebook_has_the_days_and_the_more_time_of_the_file(coursework: Coursework, gradebook: Gradebook) -> None:
    assert written(coursework.root, FILE) == []
    assert seconds_late(gradebook) == [pytest.approx(86_400, abs=1)] * 2
    assert written(coursework.root, MORE) == []
    assert seconds_late(gradebook) == [0, pytest.approx(86_400, abs=1)]
    assert gradebook.find_submission(SLUG, "s01").extension == 7 * DAY
    assert written(coursework.root, MORE.replace("[due]\ntwo", "[due]\n#")) == []
    gradebook.db.rollback()
    assert gradebook.find_submission(SLUG, "s01").duedate is None, "nbgrader cannot add more time to no day"
    written(coursework.root, MORE)
    said = written(coursework.root, FILE)
    assert said == [
        f"s01 had more time for {SLUG} in the gradebook. cohort.toml does not say so, so it was taken back."
    ]
    assert seconds_late(gradebook) == [pytest.approx(86_400, abs=1)] * 2
    assert written(coursework.root, FILE) == []


@GRADEBOOK
@pytest.mark.nbgrader
def test_without_the_file_the_gradebook_says_it_all(coursework: Coursework, gradebook: Gradebook) -> None:
    gradebook.update_or_create_assignment(SLUG, duedate=DUE.replace(tzinfo=None))
    gradebook.grant_extension(SLUG, "s01", days=1)
    assert write_due_moments(coursework) == []
    due = read_due_moments(coursework, GradebookReader.of(gradebook))
    assert [due.for_learner(learner, SLUG) for learner in ("s01", "s02")] == [DUE + DAY, DUE]
    assert seconds_late(gradebook) == [0, 86_400]


@pytest.mark.parametrize(
    ("time", "late"),
    [
        (b"2026-03-02 12:00:00.000000 UTC", False),
        (b"2026-03-02 12:00:00.999999 UTC", False),
        (b"2026-03-02 12:00:01.000000 UTC\n", True),
        (b"", False),
        (b"tomorrow", False),
        (b"\xff\xfe", False),
        (b"9" * 10_000, False),
    ],
)
def test_late_is_who_came_after_the_due_second_marked_or_not(coursework: Coursework, time: bytes, late: bool) -> None:
    hand_in(coursework.root, "s01", time)
    due = DueMoments({SLUG: DUE + LAST})
    assert is_late(coursework, due, "s01", SLUG) is late
    assert not is_late(coursework, DueMoments(), "s01", SLUG)
    assert not is_late(coursework, due, "s02", SLUG)
    more = DueMoments({SLUG: DUE + LAST}, {"s01": {SLUG: DUE + DAY}})
    assert not is_late(coursework, more, "s01", SLUG)


@GRADEBOOK
def test_an_exercise_of_the_trainers_own_keeps_its_day_and_the_more_time_that_somebody_has(
    coursework: Coursework, gradebook: Gradebook
) -> None:
    gradebook.add_assignment("own-project", duedate=DUE.replace(tzinfo=None))
    gradebook.add_submission("own-project", "s01").extension = DAY
    gradebook.db.commit()
    assert written(coursework.root, FILE) == []
    gradebook.db.rollback()
    kept = gradebook.find_submission("own-project", "s01")
    assert (kept.extension, kept.duedate) == (DAY, (DUE + DAY).replace(tzinfo=None))
