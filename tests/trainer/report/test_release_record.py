"""The record of what was released is beside the gradebook, and is missed where it is not what it was."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.core import storage
from course.core.errors import ReportNotMade
from course.core.settings import settings
from course.trainer.report.release_log import ReleaseLog, ReleaseUnit, UnitContent
from course.trainer.report.release_record import NAME, RecordUnusable, ReleaseRecord
from tests.trainer.cohorts import ids


def unit(people: list[str]) -> ReleaseUnit:
    return ReleaseUnit("handed in", UnitContent(((str(len(people)),),)), {"stands": dict.fromkeys(people, "in")})


def release(root: Path, place: Path, people: int) -> str:
    """Release a number of people as a report does, and return what it says."""
    record = ReleaseRecord(root, place)
    log = record.read(10, "today")
    released = log.release(unit(ids(people)))
    record.write(log)
    return released.content.rows[0][0]


def test_the_first_report_has_nothing_to_be_compared_with(tmp_path: Path) -> None:
    assert release(tmp_path, tmp_path / "reports", 20) == "20"


def test_the_folder_of_a_report_changes_nothing(tmp_path: Path) -> None:
    release(tmp_path, tmp_path / "a", 20)
    assert release(tmp_path, tmp_path / "b", 21) == "20"
    assert release(tmp_path, tmp_path / "a", 30) == "30"


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_the_record_and_the_note_are_for_the_trainer_alone(tmp_path: Path) -> None:
    release(tmp_path, tmp_path / "a", 20)
    files = [tmp_path / NAME, settings().data / "released-reports.json"]
    assert [file.stat().st_mode & 0o077 for file in files] == [0, 0]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 2, "units": {}}', '{"format": 1, "units": []}'])
@pytest.mark.parametrize("place", ["", "reports/trainer"])
def test_a_damaged_record_is_told_and_kept_aside(tmp_path: Path, text: str, place: str) -> None:
    folder = tmp_path / place
    folder.mkdir(parents=True, exist_ok=True)
    (folder / NAME).write_text(text, encoding="utf-8")
    record = ReleaseRecord(tmp_path, tmp_path / "reports")
    with pytest.raises(RecordUnusable, match="two reports could show one person") as told:
        record.read(10, "today")
    assert told.value.fault == "damaged"
    assert "--new-record" in told.value.hint
    record.write(record.begin_anew(10, "today"))
    assert [path.read_text(encoding="utf-8") for path in folder.glob("*.damaged.json")] == [text]
    assert record.read(10, "today").reports == 1


def test_a_record_that_is_gone_is_missed(tmp_path: Path) -> None:
    release(tmp_path, tmp_path / "a", 20)
    (tmp_path / NAME).unlink()
    with pytest.raises(RecordUnusable) as told:
        release(tmp_path, tmp_path / "a", 21)
    assert told.value.fault == "missing"


def test_a_record_from_an_old_copy_is_noticed_and_one_that_is_up_to_date_is_not(tmp_path: Path) -> None:
    release(tmp_path, tmp_path / "a", 20)
    copy = (tmp_path / NAME).read_bytes()
    (tmp_path / NAME).write_bytes(copy)
    release(tmp_path, tmp_path / "a", 30)
    (tmp_path / NAME).write_bytes(copy)
    with pytest.raises(RecordUnusable) as told:
        release(tmp_path, tmp_path / "a", 31)
    assert told.value.fault == "older"
    record = ReleaseRecord(tmp_path, tmp_path / "a")
    log = record.begin_anew(10, "today")
    assert log.release(unit(ids(31))).content.rows == (("31",),)  # eleven more than the twenty of the old copy


def test_a_record_of_another_cohort_is_noticed(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        release(tmp_path / name, tmp_path / name, 20)
    shutil.copy(tmp_path / "other" / NAME, tmp_path / "one" / NAME)
    with pytest.raises(RecordUnusable):
        ReleaseRecord(tmp_path / "one", tmp_path / "one").read(10, "today")


def test_the_log_that_version_0_1_0_left_in_the_reports_goes_on_beside_the_gradebook(tmp_path: Path) -> None:
    log = ReleaseLog({}, 10, "first")
    log.release(unit(ids(20)))
    before = tmp_path / "reports" / "trainer" / NAME
    before.parent.mkdir(parents=True)
    before.write_bytes(log.as_bytes().replace(b'"reports": 0', b'"other": 0'))
    assert release(tmp_path, tmp_path / "reports", 21) == "20"
    assert not before.exists()
    assert release(tmp_path, tmp_path / "elsewhere", 22) == "20"


def test_the_first_report_to_another_folder_knows_what_version_0_1_0_released(tmp_path: Path) -> None:
    log = ReleaseLog({}, 10, "first")
    log.release(unit(ids(20)))
    before = tmp_path / "reports" / "trainer" / NAME
    before.parent.mkdir(parents=True)
    before.write_bytes(log.as_bytes())
    assert release(tmp_path, tmp_path / "elsewhere", 21) == "20"


def test_the_log_of_another_course_in_the_folder_of_a_report_stays(tmp_path: Path) -> None:
    release(tmp_path, tmp_path / "reports", 20)
    log = ReleaseLog({}, 10, "first")
    log.release(unit(ids(20)))
    others = tmp_path / "other" / "trainer" / NAME
    others.parent.mkdir(parents=True)
    others.write_bytes(log.as_bytes())
    release(tmp_path, tmp_path / "other", 30)
    assert others.read_bytes() == log.as_bytes()


def test_a_course_directory_that_came_without_its_record_is_noticed_by_its_report(tmp_path: Path) -> None:
    page = tmp_path / "reports" / "shareable" / "report.html"
    page.parent.mkdir(parents=True)
    page.write_text("a report", encoding="utf-8")
    with pytest.raises(RecordUnusable) as told:
        release(tmp_path, tmp_path / "elsewhere", 20)
    assert told.value.fault == "missing"


def test_a_copy_of_the_course_directory_does_not_show_what_the_other_would_not(tmp_path: Path) -> None:
    one, copy = tmp_path / "one", tmp_path / "copy"
    one.mkdir()
    release(one, one / "reports", 20)
    shutil.copytree(one, copy)
    assert release(one, one / "reports", 30) == "30"
    with pytest.raises(RecordUnusable) as told:
        release(copy, copy / "reports", 31)
    assert told.value.fault == "older"
    record = ReleaseRecord(copy, copy / "reports")
    record.write(record.begin_anew(10, "today"))
    assert release(copy, copy / "reports", 32) == "32"  # the trainer's word holds
    with pytest.raises(RecordUnusable):
        release(one, one / "reports", 33)


def test_after_the_trainers_word_the_record_before_it_does_not_pass_for_the_newest(tmp_path: Path) -> None:
    release(tmp_path, tmp_path / "a", 20)
    old = (tmp_path / NAME).read_bytes()
    release(tmp_path, tmp_path / "a", 30)
    release(tmp_path, tmp_path / "a", 40)
    other_branch = (tmp_path / NAME).read_bytes()
    (tmp_path / NAME).write_bytes(old)
    record = ReleaseRecord(tmp_path, tmp_path / "a")
    log = record.begin_anew(10, "today")
    assert log.release(unit(ids(35))).content.rows == (("35",),)
    record.write(log)
    (tmp_path / NAME).write_bytes(other_branch)
    with pytest.raises(RecordUnusable):
        release(tmp_path, tmp_path / "a", 50)


def test_a_record_that_may_not_be_read_counts_as_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    release(tmp_path, tmp_path / "a", 20)

    def refuse(path: Path, **_limits: int) -> bytes:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(storage, "read_whole", refuse)
    with pytest.raises(RecordUnusable) as told:
        ReleaseRecord(tmp_path, tmp_path / "a").read(10, "today")
    assert told.value.fault == "damaged"


@pytest.mark.parametrize("fault, says", [("note", "30"), ("folder", "31")])
def test_where_the_note_cannot_be_written_its_folder_is_named_and_the_next_report_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str, says: str
) -> None:
    """What the failed report would have shown may be in the log already: the next is compared with that too."""
    root, data = tmp_path / "course", tmp_path / "data"
    root.mkdir()
    monkeypatch.setenv("BUILDING_TRUST_DATA", str(data))
    release(root, root / "reports", 20)
    taken = data / "released-reports.json" if fault == "note" else data
    aside = taken.rename(tmp_path / "aside")
    if fault == "note":
        taken.mkdir()
    else:
        taken.write_text("a file where the folder would be", encoding="utf-8")
    with pytest.raises(ReportNotMade, match="could not be written") as told:
        release(root, root / "reports", 30)
    assert f"allow writing in {data}," in told.value.hint
    taken.rename(tmp_path / "away")
    aside.rename(taken)
    assert release(root, root / "reports", 31) == says
    assert release(root, root / "reports", 41) == "41"


def test_reports_of_several_courses_at_once_are_all_noted(tmp_path: Path) -> None:
    roots = [tmp_path / str(number) for number in range(12)]
    for root in roots:
        root.mkdir()
    with ThreadPoolExecutor(len(roots)) as pool:
        list(pool.map(lambda root: release(root, root / "reports", 20), roots))
    for root in roots:
        (root / NAME).unlink()
        with pytest.raises(RecordUnusable):
            release(root, root / "reports", 21)


def test_the_record_and_the_note_are_on_the_disk_before_a_report_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed, flush = set[int](), os.fsync

    def remember(handle: int) -> None:
        flushed.add(os.fstat(handle).st_ino)
        flush(handle)

    monkeypatch.setattr(os, "fsync", remember)
    release(tmp_path, tmp_path / "a", 20)
    files = [tmp_path / NAME, settings().data / "released-reports.json"]
    assert {file.stat().st_ino for file in files} <= flushed


_ACTIONS = st.one_of(
    st.tuples(st.just("report"), st.sampled_from("abc")),
    st.tuples(st.just("hand in"), st.integers(1, 12)),
    st.tuples(st.sampled_from(["copy", "put back", "delete"]), st.none()),
    st.tuples(st.just("rename"), st.sampled_from("abc")),
)


@given(st.lists(_ACTIONS, max_size=25))
def test_whatever_a_trainer_does_with_folders_and_copies_no_two_reports_show_a_few_people(
    actions: list[tuple[str, str | int | None]],
) -> None:
    """Without the trainer's word: folders are chosen and renamed, copies of the record are put back, it is deleted."""
    with tempfile.TemporaryDirectory() as folder:
        root, people, released = Path(folder), 10, list[tuple[int, str]]()
        for what, detail in actions:
            match what, detail:
                case "hand in", int(more):
                    people += more
                case "report", str(name):
                    try:
                        released.append((people, release(root, root / name, people)))
                    except RecordUnusable:
                        continue
                    (root / name / "trainer").mkdir(parents=True, exist_ok=True)
                case "copy", _ if (root / NAME).exists():
                    shutil.copy(root / NAME, root / "copy")
                case "put back", _ if (root / "copy").exists():
                    shutil.copy(root / "copy", root / NAME)
                case "delete", _:
                    (root / NAME).unlink(missing_ok=True)
                case "rename", str(name) if (root / name).exists():
                    shutil.rmtree(root / "old", ignore_errors=True)
                    (root / name).rename(root / "old")
        for (_, one), (_, other) in combinations(released, 2):
            assert one == other or abs(int(one) - int(other)) >= 10
