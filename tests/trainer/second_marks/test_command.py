"""From the sample to kept marks: what a colleague gets, what comes back, and what is left where it cannot be taken."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from course.cli import main
from course.content.lessons import lessons
from course.content.rubric import Rubric, RubricLevel
from course.core.errors import CannotMark
from course.trainer.command_support import REFUSED
from course.trainer.course_directory import Coursework
from course.trainer.erasing import erase
from course.trainer.second_marks.booklet import booklet_page
from course.trainer.second_marks.command import FOLDER, PAGE, SHEET, make_booklet, reflection_questions, take_filled
from course.trainer.second_marks.sample import reflection_name
from course.trainer.second_marks.store import FILE, read_second_marks
from tests.paths import ROOT
from tests.trainer.second_marks.written import SLUG, WORDS, a_cohort, reflection, write

pytestmark = pytest.mark.nbgrader


def sheet(coursework: Coursework) -> list[dict[str, str]]:
    data = (coursework.root / FOLDER / SHEET).read_bytes()
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def fill(coursework: Coursework, *levels: str) -> bytes:
    """Return the table with these levels, from the top."""
    rows = sheet(coursework)
    lines = [f"{row['Number']};{level}" for row, level in zip(rows, levels, strict=False)]
    return "\n".join(["Number;Level", *lines]).encode()


def test_a_colleague_gets_the_words_and_neither_names_nor_marks(coursework: Coursework) -> None:
    summary = make_booklet(coursework)
    assert summary.written == {SLUG: 12}
    assert summary.files == [f"{FOLDER}/{PAGE}", f"{FOLDER}/{SHEET}"]
    chosen = [one.learner for one in summary.sample]
    assert len(chosen) == 3
    page = (coursework.root / FOLDER / PAGE).read_text(encoding="utf-8")
    for learner, words in WORDS.items():
        escaped = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        assert (escaped in page) == (learner in chosen)
    rows = sheet(coursework)
    assert [row["Number"] for row in rows] == [one.number for one in summary.sample]
    assert {row["Level"] + row["Comment"] for row in rows} == {""}
    for text in (page, str(rows)):
        assert "synthetic-" not in text
    assert "Words of nobody" not in page
    if os.name == "posix":
        assert stat.S_IMODE((coursework.root / FOLDER).stat().st_mode) == 0o700
        assert stat.S_IMODE((coursework.root / FOLDER / PAGE).stat().st_mode) == 0o600


def test_the_page_has_what_is_asked_the_levels_and_the_guide_of_every_exercise(coursework: Coursework) -> None:
    for lesson in lessons():
        write(coursework, {"synthetic-0001": "Synthetic."}, lesson.key)
    make_booklet(coursework)
    page = (coursework.root / FOLDER / PAGE).read_text(encoding="utf-8")
    asked = reflection_questions(coursework.root)
    assert set(asked) == {lesson.key for lesson in lessons()}
    for lesson in lessons():
        assert f"{lesson.number}. " in page
        assert asked[lesson.key].rubric.levels[0].looks_like.split(". ")[0].replace("'", "&#39;") in page
    assert page.count("A sample answer at level") == 2 * len(lessons())
    assert "What might your group say differently, and why?" in page
    assert "MARK SCHEME" not in page


def test_marks_come_back_and_the_next_page_has_only_what_waits(coursework: Coursework) -> None:
    make_booklet(coursework)
    summary = take_filled(coursework, fill(coursework, "3", "", "1"), " K  D ")
    assert summary.refused == []
    assert summary.notes[0].startswith("2 second marks by K D are kept")
    assert [mark.level for mark in sorted(read_second_marks(coursework.root), key=lambda one: one.level)] == [1, 3]
    assert take_filled(coursework, fill(coursework, "3", "", "1"), "K D").refused == []
    waiting = make_booklet(coursework)
    assert [one.marked for one in waiting.sample] == [True, False, True]
    assert len(sheet(coursework)) == 1
    take_filled(coursework, fill(coursework, "4"), "K D")
    assert make_booklet(coursework).files == []


def test_words_that_are_handed_in_anew_wait_anew(coursework: Coursework) -> None:
    first = make_booklet(coursework).sample[0]
    filled = fill(coursework, "3", "3", "3")
    take_filled(coursework, filled, "KD")
    write(coursework, {first.learner: "Other words."})
    assert [one.marked for one in make_booklet(coursework).sample] == [False, True, True]
    refused = take_filled(coursework, filled, "KD").refused
    assert [one.exercise for one in refused] == [SLUG]


def test_whoever_was_chosen_and_is_not_any_more_is_taken_back_all_the_same(coursework: Coursework) -> None:
    made = {one.learner for one in make_booklet(coursework).sample}
    filled = fill(coursework, "3", "3", "3")
    late = {f"late-{number}": "Late." for number in range(30)}
    with coursework.gradebook() as gradebook:
        for learner in late:
            gradebook.add_student(learner)
    write(coursework, late)
    assert made - {one.learner for one in make_booklet(coursework).sample}
    assert take_filled(coursework, filled, "KD").refused == []


def test_nothing_is_kept_of_a_file_with_one_wrong_line(coursework: Coursework) -> None:
    make_booklet(coursework)
    summary = take_filled(coursework, fill(coursework, "3", "12", "3"), "KD")
    assert [one.exercise for one in summary.refused] == [SLUG]
    assert summary.show(as_json=True) == REFUSED
    assert not (coursework.root / FILE).exists()
    assert not (coursework.root / "gradebook.db-journal").exists()


def test_a_table_that_was_filled_in_is_not_replaced_before_it_is_read(coursework: Coursework) -> None:
    make_booklet(coursework)
    filled = fill(coursework, "3", "2", "")
    place = coursework.root / FOLDER / SHEET
    place.write_bytes(filled)
    with pytest.raises(CannotMark, match="not all of it was read"):
        make_booklet(coursework)
    assert place.read_bytes() == filled
    take_filled(coursework, filled, "KD")
    make_booklet(coursework)
    assert len(sheet(coursework)) == 1
    place.write_bytes(b"PK\x03\x04\x00 saved as a workbook")
    with pytest.raises(CannotMark, match="not all of it was read"):
        make_booklet(coursework)


@pytest.mark.parametrize("by", ["", "  ", "x" * 21, "K\x1b[0m"])
def test_nothing_is_read_before_it_is_said_who_marked(by: str, coursework: Coursework) -> None:
    make_booklet(coursework)
    with pytest.raises(CannotMark, match="not said who marked"):
        take_filled(coursework, fill(coursework, "3", "3", "3"), by)


def test_before_anything_is_marked_there_is_nothing_to_give(tmp_path: Path) -> None:
    empty = a_cohort(tmp_path / "course", ())
    with pytest.raises(CannotMark, match="no marked hand-in"):
        make_booklet(empty)
    assert not (empty.root / FOLDER).exists()


def test_only_the_exercises_that_are_named_are_made(coursework: Coursework) -> None:
    write(coursework, {"synthetic-0001": "Synthetic."}, "repair")
    assert set(make_booklet(coursework, ["repair"]).written) == {"repair"}
    assert {row["Exercise"] for row in sheet(coursework)} == {"repair"}


def test_whoever_is_forgotten_has_no_second_mark_and_is_on_no_page(
    coursework: Coursework, capsys: pytest.CaptureFixture[str]
) -> None:
    gone, *others = [one.learner for one in make_booklet(coursework).sample]
    filled = fill(coursework, "3", "3", "3")
    take_filled(coursework, filled, "KD")
    (coursework.root / FOLDER / "from-kd.csv").write_bytes(filled)
    assert erase(coursework, gone, yes=True) == 0
    said = capsys.readouterr().out
    assert "Removed: their second marks in second-marks.json" in said
    assert f"Removed: {FOLDER}/{PAGE}, which can be made again without them" in said
    assert f"named in it: {FOLDER}/from-kd.csv" in said
    assert f"named in it: {FILE}" not in said
    assert sorted(mark.learner for mark in read_second_marks(coursework.root)) == sorted(others)
    number = reflection_name(SLUG, gone).encode()
    assert not [path for path in coursework.root.rglob("*.html") if number in path.read_bytes()]


def test_a_comment_that_names_whoever_is_forgotten_is_to_be_looked_at(
    coursework: Coursework, capsys: pytest.CaptureFixture[str]
) -> None:
    one, other, _ = make_booklet(coursework).sample
    entry = {"number": one.number, "level": "3", "comment": f"Much like {other.learner}."}
    take_filled(coursework, json.dumps({"format": 1, "second-marks": [entry]}).encode(), "KD")
    erase(coursework, other.learner, yes=True)
    assert f"named in it: {FILE}" in capsys.readouterr().out


def test_sample_answers_are_shown_beside_the_levels_that_they_speak_of_alone() -> None:
    asked = reflection_questions(ROOT)
    own = Rubric((RubricLevel(2, "Convincing", 12, "It convinces."), RubricLevel(1, "Begun", 4, "")))
    for question, shown in ((asked[SLUG], True), (replace(asked[SLUG], rubric=own), False)):
        page = booklet_page([reflection("synthetic-0001")], {SLUG: question})
        assert ("A sample answer at level" in page) == shown
        assert ("It convinces." in page) != shown


def test_the_command_makes_the_page_lists_who_was_chosen_and_reads_what_came_back(
    coursework: Coursework, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BUILDING_TRUST_COURSEWORK", str(coursework.root))

    def run(*typed: str) -> Result:
        return CliRunner().invoke(main, ["second-marks", *typed])

    made = run(SLUG)
    assert made.exit_code == 0
    assert f"{FOLDER}/{PAGE} has the words of 3 reflections" in made.output
    listed = json.loads(run("--json").output)
    assert {one["exercise"] for one in listed["sample"]} == {SLUG}
    assert [one["marked"] for one in listed["sample"]] == [False] * 3
    filled = tmp_path / "kd.csv"
    filled.write_bytes(fill(coursework, "3", "9"))
    refused = run("--read", str(filled), "--by", "KD")
    assert refused.exit_code == REFUSED
    assert "Nothing of this file was kept." in refused.output
    filled.write_bytes(fill(coursework, "3", "2"))
    read = run("--read", str(filled), "--by", "KD")
    assert read.exit_code == 0
    assert "2 second marks by KD are kept in second-marks.json." in read.output
    assert run("--by", "KD").exit_code == run(SLUG, "--read", str(filled), "--by", "KD").exit_code == 2
    missing = run("--read", str(tmp_path / "none.csv"), "--by", "KD")
    assert (missing.exit_code, missing.output.count("\n")) == (1, 2)


def test_a_cohort_with_levels_of_its_own_is_marked_by_them_and_a_mark_from_before_waits_anew(
    coursework: Coursework,
) -> None:
    make_booklet(coursework)
    before = fill(coursework, "3", "3", "3")
    take_filled(coursework, before, "KD")
    own = "".join(
        f'[[reflection.levels]]\nname = "{name}"\nshare = {share}\n'
        for name, share in (("Convincing", 100), ("Half way", 50), ("Blank", 0))
    )
    (coursework.root / "cohort.toml").write_text(own, encoding="utf-8")
    changed = Coursework(coursework.root)
    assert [one.marked for one in make_booklet(changed).sample] == [False] * 3
    assert "Half way" in (coursework.root / FOLDER / PAGE).read_text(encoding="utf-8")
    assert len(take_filled(changed, before, "KD").refused) == 3
    assert take_filled(changed, fill(changed, "half way", "Convincing", "0"), "AB").refused == []
    assert sorted((mark.level, mark.by) for mark in read_second_marks(coursework.root)) == [
        (0, "AB"),
        (1, "AB"),
        (2, "AB"),
    ]
