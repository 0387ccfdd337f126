"""The report on disk: what each copy holds, what the one that leaves the room does not, and that it is whole."""

from __future__ import annotations

import errno
import io
import json
import os
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner

from course.cli import main
from course.content import words
from course.core import moments
from course.core.errors import ReportNotMade
from course.core.settings import settings
from course.core.tables import harmless
from course.records.cohort_file import CohortFile
from course.trainer.command_support import REFUSED
from course.trainer.report import command as report
from course.trainer.report.cohort_data import CohortData
from course.trainer.report.command import ReportSummary
from course.trainer.report.release_record import ReleaseRecord
from course.trainer.report.sections import limits
from course.trainer.report.synthetic_cohort import synthetic_cohort
from tests.exercise_keys import TRIES
from tests.trainer.cohorts import BEST, QUESTIONS, ROOT, SLUG, a_cohort, ids, read_csv

pytestmark = pytest.mark.slow


NAMES = {
    "synthetic-001": ('=HYPERLINK("x")', "<script>alert(1)</script>", "+44@synthetic.test", "-12"),
    "synthetic-002": ("Synthetic", "O’Name", "two@synthetic.test", "000123"),
    "synthetic-003": ("@SUM(1)", "\tTab", "three@synthetic.test", "@cmd"),
}


WRONG = {key: [answer for answer, marks in tries if marks < tries[0][1]][:2] for key, tries in TRIES[SLUG].items()}
"""Two wrong answers to each question."""


def some(place: int, key: str) -> object:
    """Answer as a cohort does of which two thirds know it: who is wrong is wrong in two ways."""
    return BEST[key] if place % 3 else WRONG[key][place % 2]


def cohort(people: int = 30, **given: object) -> CohortData:
    return a_cohort(ids(people), answers=some, level=lambda place: 1 + place % 4, names=NAMES, **given)  # type: ignore[arg-type]


def make_report(data: CohortData, cohort: CohortFile, place: Path) -> ReportSummary:
    """Make a report in a course directory that is its folder."""
    return report.make_report(data, cohort, place, ReleaseRecord(place, place))


def every_byte(folder: Path) -> bytes:
    return b"\n".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def table(folder: Path, name: str) -> list[dict[str, str]]:
    return read_csv((folder / name).read_bytes())


def test_the_copy_to_pass_on_names_nobody(tmp_path: Path) -> None:
    make_report(cohort(), CohortFile(), tmp_path)
    seen = every_byte(tmp_path / "shareable").decode()
    secrets = [*ids(30), *(part for person in NAMES.values() for part in person if len(part) > 3), "synthetic.test"]
    assert [secret for secret in secrets if secret in seen] == []
    trainer_files = every_byte(tmp_path / "trainer").decode()
    assert [one for one in ids(30) if one not in trainer_files] == []


def test_the_copy_to_pass_on_does_not_know_of_more_time(tmp_path: Path) -> None:
    """Neither of who still has it, nor of who has it in the settings."""
    make_report(cohort(handed_in=ids(20)), CohortFile(), tmp_path / "without")
    day = moments.now()
    some_have_time = replace(cohort(handed_in=ids(20)), has_time=frozenset({("synthetic-021", SLUG)}))
    make_report(some_have_time, CohortFile(extensions={"synthetic-021": {SLUG: day}}), tmp_path / "with")
    shared, trainers = (
        [every_byte(tmp_path / kind / copy) for kind in ("without", "with")] for copy in ("shareable", "trainer")
    )
    assert shared[0] == shared[1]
    assert trainers[0] != trainers[1]


def test_the_copy_to_pass_on_holds_no_ones_marks(tmp_path: Path) -> None:
    make_report(cohort(), CohortFile(), tmp_path)
    names = {path.name for path in (tmp_path / "shareable").iterdir()}
    assert names.isdisjoint({"people.csv", "missing.csv", "marks-for-moodle.csv", "given-out.json"})
    assert {"report.html", "LIMITS.txt", "completion.csv", "questions.csv", "levels.csv"} <= names


@pytest.mark.parametrize("people, says", [(9, "not shown"), (10, "50")])
def test_nothing_is_passed_on_of_nine_people(tmp_path: Path, people: int, says: str) -> None:
    half = a_cohort(
        ids(people),
        answers=lambda place, key: BEST[key] if place % 2 else WRONG[key][0],
        level=lambda place: place % 2 + 2,
    )
    make_report(half, CohortFile(), tmp_path)
    assert table(tmp_path / "shareable", "questions.csv")[0]["Right (full marks), %"] == says
    assert table(tmp_path / "shareable", "levels.csv")[0]["Level 3 or 4, %"] == says
    some_of_them = a_cohort(ids(people), handed_in=ids(5))
    make_report(some_of_them, CohortFile(), tmp_path / "again")
    assert table(tmp_path / "again" / "shareable", "completion.csv")[0]["Handed in, %"] == says


@pytest.mark.parametrize("wrong, says", [(4, "not shown"), (5, "83")])
def test_a_few_wrong_answers_hide_the_right_ones_too(tmp_path: Path, wrong: int, says: str) -> None:
    data = a_cohort(ids(30), answers=lambda place, key: BEST[key] if place >= wrong else WRONG[key][0])
    make_report(data, CohortFile(), tmp_path)
    row = table(tmp_path / "shareable", "questions.csv")[0]
    assert row["Right (full marks), %"] == says
    assert row["Most popular wrong answer"] == "not shown"  # the rest would be nobody


CHOICE = "q1"


@pytest.mark.parametrize("copy", ["trainer", "shareable"])
def test_wrong_answers_that_were_chosen_equally_often_are_all_named(tmp_path: Path, copy: str) -> None:
    """Ten people chose each of two wrong answers, and six the third; or one more chose the first of the two."""
    choices = next(question.words for question in QUESTIONS if (question.exercise, question.key) == (SLUG, CHOICE))
    one, two, three = (option for option in choices if option != BEST[CHOICE])

    def answer(place: int, key: str) -> object:
        return BEST[key] if key != CHOICE or place >= 26 else one if place < 10 else two if place < 20 else three

    make_report(a_cohort(ids(40), answers=answer), CohortFile(), tmp_path / "equal")
    make_report(
        a_cohort(ids(40), answers=lambda place, key: one if (place, key) == (26, CHOICE) else answer(place, key)),
        CohortFile(),
        tmp_path / "more",
    )
    equal, more = (table(tmp_path / name / copy, "questions.csv")[0] for name in ("equal", "more"))
    both = " and ".join(f"“{choices[option]}”" for option in sorted([one, two]))
    assert (equal["Most popular wrong answer"], equal["Chosen by, %"]) == (f"{both}, equally often", "25")
    assert (more["Most popular wrong answer"], more["Chosen by, %"]) == (choices[one], "28")


def test_an_attacker_finds_no_part_of_fewer_than_five(tmp_path: Path) -> None:
    """Every share that is shown, and all that is left of its whole, is five people or more."""
    looked_at = 0
    for people in (12, 17, 24, 31):
        place = tmp_path / str(people)
        make_report(cohort(people), CohortFile(), place)
        for row in table(place / "shareable", "questions.csv") + table(place / "shareable", "levels.csv"):
            shares = [int(cell) for name, cell in row.items() if name.endswith("%") and cell.isdigit()]
            counts = [round(share * people / 100) for share in shares]
            whole = "Level 3 or 4, %" in row and len(counts) == 5
            rests = [people - count for count in counts] + ([people - sum(counts)] if "Question" in row else [])
            looked_at += len(counts)
            assert all(part >= 5 for part in (*counts, *rests)), (people, row)
            assert not whole or counts[0] == counts[1] + counts[2]
    assert looked_at > 20


def test_two_reports_before_and_after_one_more_hand_in_show_nobody(tmp_path: Path) -> None:
    everyone = ids(30)
    make_report(a_cohort(everyone, handed_in=everyone[:20], answers=some), CohortFile(), tmp_path)
    first = {path.name: path.read_bytes() for path in (tmp_path / "shareable").iterdir()}
    made = make_report(a_cohort(everyone, handed_in=everyone[:21], answers=some), CohortFile(), tmp_path)
    assert {path.name: path.read_bytes() for path in (tmp_path / "shareable").iterdir()} == first
    assert made.stays == [f"handed in {SLUG}", f"questions {SLUG}"]
    assert any("two reports together" in note for note in made.notes)
    assert table(tmp_path / "trainer", "completion.csv")[0]["Handed in"] == "21"
    make_report(a_cohort(everyone, handed_in=everyone[4:24], answers=some), CohortFile(), tmp_path)
    again = {path.name: path.read_bytes() for path in (tmp_path / "shareable").iterdir()}
    assert again["completion.csv"] == first["completion.csv"]  # four more handed in, and four were taken away


def test_two_reports_in_two_folders_show_nobody_either(tmp_path: Path) -> None:
    everyone = ids(30)
    for number, folder in enumerate(("a", "b")):
        data = a_cohort(everyone, handed_in=everyone[: 20 + number], answers=some)
        place = tmp_path / folder
        assert report.make_report(data, CohortFile(), place, ReleaseRecord(tmp_path, place)).show(as_json=True) == 0
    first, second = (every_byte(tmp_path / folder / "shareable") for folder in ("a", "b"))
    assert first == second
    (tmp_path / "b").rename(tmp_path / "elsewhere")
    place = tmp_path / "b"
    report.make_report(data, CohortFile(), place, ReleaseRecord(tmp_path, place))
    assert every_byte(place / "shareable") == first


def test_without_the_record_only_the_trainers_copy_is_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    everyone = ids(30)
    make_report(a_cohort(everyone, handed_in=everyone[:20], answers=some), CohortFile(), tmp_path)
    first = every_byte(tmp_path / "shareable")
    (tmp_path / "given-out.json").unlink()
    one_more = a_cohort(everyone, handed_in=everyone[:21], answers=some)
    made = make_report(one_more, CohortFile(), tmp_path)
    assert (made.withheld, made.show(as_json=False)) == (True, REFUSED)
    told = capsys.readouterr().out
    assert "is not there" in told
    assert "--new-record" in told
    assert "shareable/report.html" not in told
    assert every_byte(tmp_path / "shareable") == first
    assert table(tmp_path / "trainer", "completion.csv")[0]["Handed in"] == "21"
    confirmed = report.make_report(one_more, CohortFile(), tmp_path, ReleaseRecord(tmp_path, tmp_path), new_record=True)
    assert confirmed.show(as_json=True) == 0
    assert every_byte(tmp_path / "shareable") != first


def test_the_limits_stand_on_every_copy(tmp_path: Path) -> None:
    make_report(cohort(), CohortFile(), tmp_path)
    for copy in ("trainer", "shareable"):
        for name in ("report.html", "LIMITS.txt"):
            seen = (tmp_path / copy / name).read_text(encoding="utf-8")
            assert [limit for limit in limits() if limit not in seen] == []
    assert any("rank, select, appraise" in limit for limit in limits())


def test_made_up_people_are_said_to_be_in_every_file(tmp_path: Path) -> None:
    make_report(synthetic_cohort("A", ROOT), CohortFile(), tmp_path)
    label = words("synthetic.label")
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) > 20
    for path in files:
        seen = path.read_text(encoding="utf-8")
        assert label in seen, path.name
        if path.suffix == ".csv":
            assert {row["label"] for row in read_csv(seen.encode())} == {label}
    page = (tmp_path / "shareable" / "report.html").read_text(encoding="utf-8")
    assert page.count("<caption>") == page.count(f"<caption>{label}") > 5
    assert page.count('<figure lang="en-GB"') == page.count(f'<span class="heading">{label}') == 5
    assert not (tmp_path / "trainer" / "given-out.json").exists()


def test_moodle_reads_the_marks(tmp_path: Path) -> None:
    data = cohort(12, handed_in=ids(11))
    first, second, *others = data.submissions
    data = replace(data, submissions=(first, replace(second, is_marked=False, is_waiting=True), *others))
    make_report(data, CohortFile(), tmp_path)
    rows = table(tmp_path / "trainer", "marks-for-moodle.csv")
    assert list(rows[0])[:5] == ["First name", "Last name", "ID number", "Email address", SLUG]
    assert [row["ID number"] for row in rows][1:4] == ["000123", "'@cmd", "synthetic-004"]
    marks = [row[SLUG] for row in rows]
    assert marks[2:5] == ["17", "12", "11"]  # 8 or nothing for the questions, and 9, 12 or 3 for the reflection
    assert (marks[1], marks[11]) == ("", "")  # waits for a person; not handed in
    assert {row["trust-plan"] for row in rows} == {""}


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    make_report(cohort(), CohortFile(), tmp_path)
    dangerous = []
    for path in tmp_path.rglob("*.csv"):
        for row in read_csv(path.read_bytes()):
            dangerous += [cell for cell in row.values() if re.match(r"\s*[=+@\t\r-](?!\d+(\.\d+)?$)", cell)]
    assert dangerous == []
    assert table(tmp_path / "trainer", "people.csv")[0]["Person"].startswith("'=HYPERLINK")
    assert [harmless(text) for text in ("-1", "+2.5", "-1+1", " =1", "a=1")] == ["-1", "+2.5", "'-1+1", "' =1", "a=1"]


def test_a_name_is_text_on_the_page(tmp_path: Path) -> None:
    make_report(cohort(), CohortFile(), tmp_path)
    page = (tmp_path / "trainer" / "report.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_page_needs_nothing_else(tmp_path: Path) -> None:
    make_report(synthetic_cohort("A", ROOT), CohortFile(), tmp_path)
    for copy in ("trainer", "shareable"):
        page = (tmp_path / copy / "report.html").read_text(encoding="utf-8")
        assert "default-src 'none'" in page
        assert re.search(r'<html lang="en-GB" dir="ltr">', page)
        assert re.findall(r'(?:src|srcset|href|action)="(?!data:image/svg|#)[^"]*"|https?://|url\(|@import', page) == []
        levels = [int(level) for level in re.findall(r"<h(\d)", page)]
        assert levels[0] == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))
        assert page.count("<img") == len(re.findall(r'<img [^>]*alt="[^"]{20}', page)) >= 3


def test_a_course_without_marks_has_none_in_its_report(tmp_path: Path) -> None:
    make_report(cohort(), CohortFile(), tmp_path)
    assert (tmp_path / "trainer" / "marks-for-moodle.csv").is_file()
    for name in ("levels-7.csv", "own.csv"):  # of a cohort that had levels of its own in seven exercises; the trainer's
        (tmp_path / "trainer" / name).touch()
    make_report(cohort(), CohortFile(marks=False), tmp_path)
    names = {path.name for path in tmp_path.rglob("*.csv")}
    assert names.isdisjoint({"marks-for-moodle.csv", "levels.csv", "levels-7.csv"})
    assert "own.csv" in names
    people = table(tmp_path / "trainer", "people.csv")
    assert {row["0"] for row in people} == {"read"}
    assert "All" not in people[0]


def test_an_empty_course_has_an_empty_report(tmp_path: Path) -> None:
    made = make_report(a_cohort([]), CohortFile(), tmp_path)
    assert made.people == 0
    assert "Nobody is on the roster yet, so the report is empty." in made.notes
    assert "Nobody is on the roster yet" in (tmp_path / "trainer" / "report.html").read_text(encoding="utf-8")


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_only_the_trainer_can_open_the_trainers_copy(tmp_path: Path) -> None:
    make_report(cohort(), CohortFile(), tmp_path)
    assert (tmp_path / "trainer").stat().st_mode & 0o077 == 0
    assert {path.stat().st_mode & 0o077 for path in (tmp_path / "trainer").iterdir()} == {0}


def test_a_stopped_or_failed_report_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "synthetic-A"
    report.make_report(cohort(), CohortFile(), place, ReleaseRecord(tmp_path, place))
    before, write = every_byte(tmp_path), report.storage.write_whole
    errors: list[BaseException] = [KeyboardInterrupt(), OSError(errno.ENOSPC, "No space left on device")]

    def stop(path: Path, data: bytes) -> None:
        if path.parent.name == "shareable":
            raise errors.pop(0)
        write(path, data)

    monkeypatch.setattr(report.storage, "write_whole", stop)
    made = report.run(tmp_path, synthetic="A", quiet=True)
    assert (made.stopped, made.show(as_json=True)) == (True, 130)
    with pytest.raises(ReportNotMade, match="No space left"):
        report.run(tmp_path, synthetic="A", quiet=True)
    assert every_byte(tmp_path) == before
    assert sorted(path.name for path in (tmp_path / "synthetic-A").iterdir()) == ["shareable", "trainer"]


def test_in_a_terminal_with_a_code_page_no_letter_of_the_json_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(written, "cp437", errors="replace", write_through=True))
    assert report.ReportSummary(folder="Zoë’s 報告").show(as_json=True) == 0
    assert json.loads(written.getvalue())["folder"] == "Zoë’s 報告"


@pytest.mark.parametrize(
    "file, shown, next_shows",
    [
        ("given-out.json", "38", "65"),
        ("released-reports.json", "38", "63"),
        ("trainer/completion.csv", "38", "63"),
        ("shareable/completion.csv", "38", "63"),
        ("shareable/report.html", "63", "63"),
    ],
)
def test_wherever_a_report_is_ended_no_two_that_anyone_saw_show_one_person(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, shown: str, next_shows: str
) -> None:
    """Of 15 people, then of 25, ended before this file is put into place, then of 26."""
    everyone, replace_file = ids(40), os.replace

    def handed_in(people: int) -> CohortData:
        return a_cohort(everyone, handed_in=everyone[:people], answers=some)

    def share() -> str:
        return table(tmp_path / "shareable", "completion.csv")[0]["Handed in, %"]

    def end(source: Path, place: Path) -> None:
        if Path(place) in (tmp_path / file, settings().data / file):
            raise KeyboardInterrupt
        replace_file(source, place)

    make_report(handed_in(15), CohortFile(), tmp_path)
    with monkeypatch.context() as ended:
        ended.setattr(os, "replace", end)
        with pytest.raises(KeyboardInterrupt):
            make_report(handed_in(25), CohortFile(), tmp_path)
    assert share() == shown
    assert not make_report(handed_in(26), CohortFile(), tmp_path).withheld
    assert share() == next_shows


def test_where_the_course_directory_cannot_be_written_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unusable = tmp_path / "coursework"
    (unusable / "source").mkdir(parents=True)
    (unusable / "nbgrader_config.py").touch()
    (unusable / ".locks").write_text("a file where the folder would be", encoding="utf-8")
    monkeypatch.setenv("BUILDING_TRUST_COURSEWORK", str(unusable))
    with pytest.raises(ReportNotMade, match="could not be written") as told:
        report.run(tmp_path / "reports", synthetic="A", quiet=True)
    assert f"allow writing in {unusable}," in told.value.hint


def test_a_folder_that_cannot_be_is_told_in_two_lines(tmp_path: Path) -> None:
    (tmp_path / "reports").write_text("a file where the folder would be", encoding="utf-8")
    with pytest.raises(ReportNotMade, match="could not be written") as told:
        report.run(tmp_path / "reports", synthetic="A", quiet=True)
    assert "try once more" in told.value.hint


def test_a_folder_name_cannot_steer_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = replace(cohort(12), strangers=("\x1b[2Jgone",))
    assert make_report(data, CohortFile(), tmp_path).show(as_json=False) == 0
    said = capsys.readouterr().out
    assert "\x1b" not in said
    assert "\\x1b[2Jgone" in said


def test_the_command_says_where_each_copy_is(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["report", "--synthetic", "B", "--folder", str(tmp_path), "--json"])
    said = json.loads(done.stdout)
    assert (done.exit_code, said["people"], said["notes"]) == (0, 24, [words("synthetic.label")])
    assert "shareable/report.html" in said["files"]
    first = said["standings"][0]
    assert (first["exercise"], first["handed_in"], first["marked"]) == (SLUG, 24, 24)
    shown = CliRunner().invoke(main, ["report", "--synthetic", "B", "--folder", str(tmp_path)]).stdout
    assert [line.split() for line in shown.splitlines() if SLUG in line] == [list(map(str, first.values()))[:-1]]
    assert (Path(said["folder"]) / "trainer" / "report.html").is_file()
    assert CliRunner().invoke(main, ["report", "--synthetic", "E", "--folder", str(tmp_path)]).exit_code == 2
