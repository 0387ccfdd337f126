"""What a trainer changes of the days in `cohort.toml`: shown first, written in one step, and nothing else touched."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from course.core import moments
from course.core.errors import BadContent
from course.records.cohort_file import read_cohort_file
from course.trainer.course_directory import Coursework
from course.trainer.due_days.changes import EVERYBODY, DueDaysChanged, DueWish, apply_due_days, plan_due_days

TODAY = datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)
EDITED = """\
# Our cohort
marks = true   # with marks

timezone = "Europe/London"
[due]
# the first weeks
04-repair = 2026-12-01   # a Tuesday
thanks    = 2026-12-08T17:00:00

[extensions.s01]  # asked on Monday
repair = 2026-12-08
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "nbgrader_config.py").write_text(
        "from pathlib import Path\n"
        "from course.trainer.configuration import configure\n"
        f"configure(get_config(), Path({str(tmp_path)!r}))\n",
        encoding="utf-8",
    )
    return tmp_path


def changed(root: Path, days: dict[tuple[str, str], str], zone: str = "") -> list[tuple[str, str, str, str]]:
    """Plan and write a wish; return what was shown of it."""
    with moments.clock_at(TODAY):
        plan = plan_due_days(Coursework(root), DueWish(days, zone))
    apply_due_days(Coursework(root), plan)
    return [(change.learner, change.exercise, change.before, change.after) for change in plan.changes]


def written(root: Path, text: str = EDITED) -> Path:
    path = root / "cohort.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_day_changes_and_all_else_in_the_file_stays(root: Path) -> None:
    path = written(root)
    said = changed(root, {(EVERYBODY, "repair"): "2026-12-02 17:00", ("a.b", "thanks"): "+7"})
    assert said == [
        ("", "repair", "1 December 2026, 23:59:59", "2 December 2026, 17:00:00"),
        ("a.b", "thanks", "", "15 December 2026, 17:00:00"),
    ]
    text = path.read_text(encoding="utf-8")
    new = '\n[extensions."a.b"]\nthanks = 2026-12-15T17:00:00\n'
    assert text == EDITED.replace("2026-12-01 ", "2026-12-02T17:00:00 ") + new
    assert "a.b" not in repr(DueWish({("a.b", "thanks"): "+7"}))


def test_days_and_more_time_are_taken_away(root: Path) -> None:
    path = written(root)
    assert changed(root, {(EVERYBODY, "thanks"): "", ("s01", "repair"): ""}) == [
        ("", "thanks", "8 December 2026, 17:00:00", ""),
        ("s01", "repair", "8 December 2026, 23:59:59", ""),
    ]
    cohort = read_cohort_file(root)
    assert (list(cohort.due), cohort.extensions) == (["repair"], {})
    assert "# a Tuesday" in path.read_text(encoding="utf-8")
    before = path.read_bytes()
    assert changed(root, {(EVERYBODY, "thanks"): "", ("s02", "repair"): ""}) == []
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "text",
    [
        EDITED.replace("[due]", "[extensions.s02]\nthanks = 2027-01-01\n[due]"),
        'due = {repair = 2026-12-01}\ntimezone = "Europe/London"\nextensions = {s01 = {repair = 2026-12-08}}',
        'due.repair = 2026-12-01\nextensions.s01.repair = 2026-12-08\ntimezone = "Europe/London"\n',
        'timezone = "Europe/London"\n[due]\nrepair = 2026-12-01T23:59:59Z\n[extensions]\ns01.repair = 2026-12-08\n',
    ],
    ids=["apart", "inline", "dotted", "both"],
)
def test_the_file_may_be_written_in_any_way_that_toml_has(root: Path, text: str) -> None:
    written(root, text)
    changed(root, {(EVERYBODY, "repair"): "2026-12-03", ("s01", "repair"): "+14", ("s03", "repair"): "+1"})
    cohort = read_cohort_file(root)
    days = [cohort.due["repair"], cohort.extensions["s01"]["repair"], cohort.extensions["s03"]["repair"]]
    assert [day.date().isoformat() for day in days] == ["2026-12-03", "2026-12-17", "2026-12-04"]


def test_days_in_dotted_lines_take_no_comment_from_the_tables_beside_them(root: Path) -> None:
    path = written(
        root, "due.repair = 2026-12-01\n[extensions.s01]\n# ill until Friday\nrepair = 2026-12-08 # agreed\n"
    )
    changed(root, {("s02", "repair"): "2026-12-09"})
    assert "# ill until Friday\nrepair = 2026-12-08 # agreed\n" in path.read_text(encoding="utf-8")
    assert read_cohort_file(root).extensions.keys() == {"s01", "s02"}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_a_file_that_windows_saved_keeps_its_lines_and_letters(root: Path, encoding: str) -> None:
    path = root / "cohort.toml"
    path.write_bytes(f"# für Zoë\n{EDITED}".replace("\n", "\r\n").encode(encoding))
    changed(root, {(EVERYBODY, "thanks"): "2026-12-09"})
    text = path.read_bytes().decode("utf-8")
    assert text.startswith("# für Zoë\r\n")
    assert text.count("\n") == text.count("\r\n") == EDITED.count("\n") + 1


def test_another_zone_moves_what_has_no_zone_of_its_own(root: Path) -> None:
    written(root)
    said = changed(root, {}, "Asia/Tokyo")
    assert read_cohort_file(root).due["thanks"].isoformat() == "2026-12-08T08:00:00.999999+00:00"
    assert [(exercise, before, after) for _, exercise, before, after in said][1:2] == [
        ("thanks", "8 December 2026, 17:00:00", "8 December 2026, 17:00:00")
    ]


@pytest.mark.nbgrader
def test_a_file_begins_with_the_days_of_the_gradebook_and_both_agree_from_then_on(root: Path) -> None:
    coursework = Coursework(root)
    with coursework.gradebook() as gradebook:
        gradebook.add_assignment("repair", duedate=datetime.datetime(2026, 12, 1, 12))
        gradebook.add_assignment("thanks")
    nothing = plan_due_days(coursework, DueWish({(EVERYBODY, "thanks"): ""}))
    assert not nothing.writes
    assert changed(root, {(EVERYBODY, "thanks"): "2026-12-08"}, "Europe/Berlin")[0][1:] == (
        *("thanks", "", "8 December 2026, 23:59:59"),
    )
    with coursework.gradebook() as gradebook:
        assert {one.name: one.duedate for one in gradebook.assignments} == {
            "repair": datetime.datetime(2026, 12, 1, 12, 0, 0, 999_999),
            "thanks": datetime.datetime(2026, 12, 8, 22, 59, 59, 999_999),
        }


@pytest.mark.parametrize(
    ("learner", "day", "words"),
    [
        (EVERYBODY, "tomorrow", "“tomorrow” is no day"),
        (EVERYBODY, "2026-02-30", "is no day"),
        (EVERYBODY, "2026-12-01 25:00", "is no day"),
        (EVERYBODY, "01.12.2026", "is no day"),
        (EVERYBODY, "20261201", "is no day"),
        (EVERYBODY, "17:00", "thanks: “17:00” is no day"),
        (EVERYBODY, "?", "not filled in wholly"),
        (EVERYBODY, "0206-12-01", "thanks: the year 206 cannot be meant"),
        (EVERYBODY, "2102-12-01", "the year 2102"),
        ("s02", "2026-12-08 17:00", "no more time for thanks than"),
        ("s02", "2026-12-07", "no more time"),
    ],
)
def test_a_wrong_day_is_said_plainly_and_nothing_is_written(root: Path, learner: str, day: str, words: str) -> None:
    written(root)
    with pytest.raises(BadContent, match=words) as slip:
        plan_due_days(Coursework(root), DueWish({(learner, "thanks"): day}))
    assert slip.value.hint


@pytest.mark.parametrize(
    ("days", "zone", "words"),
    [
        ({("s02", "any"): "2026-12-08"}, "", "no day on which it is due"),
        ({("s02", "any"): "+7"}, "", "no day to which"),
        ({}, "Europe/Lundon", "“Europe/Lundon” is not known"),
        ({}, "../etc/passwd", "is not known"),
    ],
)
def test_what_cannot_be_is_said_plainly_too(
    root: Path, days: dict[tuple[str, str], str], zone: str, words: str
) -> None:
    written(root)
    days = {(learner, "starting-point"): day for (learner, _), day in days.items()}
    with pytest.raises(BadContent, match=words):
        plan_due_days(Coursework(root), DueWish(days, zone))


@pytest.mark.nbgrader
def test_what_is_odd_is_noted(root: Path) -> None:
    written(root)
    coursework = Coursework(root)
    with coursework.gradebook() as gradebook:
        gradebook.add_student("s02")
    with moments.clock_at(TODAY):
        plan = plan_due_days(coursework, DueWish({(EVERYBODY, "repair"): "2026-12-24"}))
        assert plan.notes == (
            "s01 has more time, and is not on the roster. Look at the id.",
            "s01 has no more time for repair than everybody has.",
        )
        past = plan_due_days(coursework, DueWish({(EVERYBODY, "thanks"): "2026-10-25 01:30"}))
    assert past.notes[0] == "thanks: that day is over already."
    assert past.changes[0].after == "25 October 2026, 01:30:00"


def test_nothing_is_written_over_what_somebody_wrote_meanwhile(root: Path) -> None:
    path = written(root)
    plan = plan_due_days(Coursework(root), DueWish({(EVERYBODY, "repair"): "2026-12-24"}))
    other = EDITED.replace("marks = true", "marks = false")
    path.write_text(other, encoding="utf-8")
    with pytest.raises(DueDaysChanged):
        apply_due_days(Coursework(root), plan)
    assert path.read_text(encoding="utf-8") == other
