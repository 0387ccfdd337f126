"""What version 0.1.0 wrote is read: journals, hand-ins, working copies, exchange folders and gradebooks; none is lost.

That version named lessons by their place: `01-two-questions` is now `two-questions`.
"""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from pathlib import Path

import pytest

import course
from course import content
from course.activities.marks import Mark
from course.activities.notebook_cards import make_card
from course.content.lessons import find_lesson, lesson_key, lessons
from course.core import moments, names
from course.core.errors import ReleaseFailed
from course.core.notebooks import ask_calls, first_text, material, read_notebook
from course.core.settings import settings
from course.learner import working_copy
from course.learner.journal.commands import export_pages
from course.records import submission_file
from course.records.answers.answers import Answers
from course.records.answers.page import parse_page
from course.records.cohort_file import read_cohort_file
from course.records.feedback_file import put_feedback_into_place
from course.records.journal import Journal
from course.records.submissions import SubmissionStatus, submission_statuses
from course.trainer.collecting.command import collect
from course.trainer.course_directory import Coursework
from course.trainer.feedback import command as feedback
from course.trainer.feedback.marks import read_marks
from course.trainer.marking.command import grade
from course.trainer.reflections.comments import comments
from course.trainer.release import generate, release
from course.trainer.report.cohort_data import read_cohort
from course.trainer.report.release_log import ReleaseLog
from tests import version_0_1_0 as old
from tests.exercise_keys import right
from tests.paths import ROOT
from tests.version_0_1_0 import FORMER, KEY

GROUPS_OF_WHO_WHERE = ["Needed in the room", "Needed in another forum", "Kept informed", "Not needed"]

posix = pytest.mark.skipif(os.name != "posix", reason="nbgrader's exchange needs POSIX")


def written(folder: Path) -> dict[str, dict[str, object]]:
    """Return the answers in the files of a journal, by the keys of their pages, as the files have them."""
    pages = [json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.json")]
    return {lesson_key(page["lesson"]): page["answers"] for page in pages}


class TestJournal:
    """A learner's journal."""

    def test_every_answer_is_there_under_the_lessons_key(self, tmp_path: Path) -> None:
        folder = old.journal(tmp_path / "journal")
        before, journal = written(folder), Journal(folder)
        assert len(before) == 9
        assert journal.written() == [*(lesson.key for lesson in lessons()), "day-30"]
        for key, answers in before.items():
            assert {name: journal.page(key).get(name) for name in answers} == answers
        assert [rating.occasion.name for rating in journal.ratings()] == [
            "start",
            *(f"pulse-{number}" for number in range(1, 7)),
            "now",
            "day-30",
        ]

    def test_a_page_moves_to_the_key_with_all_that_belongs_to_it(self, tmp_path: Path) -> None:
        folder = old.journal(tmp_path / "journal")
        (folder / f"{FORMER}.damaged-20260102-030405-678.json").write_text("{")
        (folder / f".{FORMER}.json.x1_y.tmp").write_text("half")
        Journal(folder).page(KEY)
        names_now = {path.name for path in folder.iterdir() if KEY in path.name}
        assert names_now == {f"{KEY}.json", f"{KEY}.damaged-20260102-030405-678.json", f".{KEY}.json.x1_y.tmp"}
        Journal(folder).page(KEY).save("new", "B")
        assert json.loads((folder / f"{KEY}.json").read_text())["lesson"] == KEY
        assert Journal(folder).page(FORMER).get("new") == "B"

    def test_a_lesson_is_opened_by_its_former_name(self) -> None:
        ask, _ = course.lesson(FORMER)
        Journal().page(KEY).save("q", "B")
        assert course.lesson("00-starting-point")[0] is not ask
        assert Journal().page(FORMER).get("q") == "B"

    def test_of_two_pages_of_a_lesson_nothing_is_lost(self, tmp_path: Path) -> None:
        folder = old.journal(tmp_path / "journal")
        earlier = json.loads((folder / f"{FORMER}.json").read_text())["answers"]
        key = next(iter(earlier))
        aside = tmp_path / "aside"
        Journal(aside).page(KEY).save(key, "later")
        Journal(aside).page(KEY).save("only-here", "C")
        shutil.copy(aside / f"{KEY}.json", folder)
        os.utime(folder / f"{FORMER}.json", (1, 1))
        page = Journal(folder).page(KEY)
        assert {name: page.get(name) for name in [*earlier, "only-here"]} == {**earlier, key: "later", "only-here": "C"}
        (kept,) = folder.glob(f"{KEY}.earlier-*.json")
        assert json.loads(kept.read_text())["answers"] == earlier
        assert kept in Journal(folder).files(FORMER)

    def test_a_damaged_page_beside_one_that_is_whole_is_set_aside(self, tmp_path: Path) -> None:
        folder = old.journal(tmp_path / "journal")
        shutil.copy(folder / f"{FORMER}.json", folder / f"{KEY}.json")
        whole = (folder / f"{KEY}.json").read_bytes()
        (folder / f"{FORMER}.json").write_text("{")
        Journal(folder).page(KEY)
        assert (folder / f"{KEY}.json").read_bytes() == whole
        assert [path.read_text() for path in folder.glob(f"{KEY}.earlier-*.json")] == ["{"]

    @pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root can write everywhere")
    def test_a_journal_that_cannot_be_written_is_read_all_the_same(self, tmp_path: Path) -> None:
        folder = old.journal(tmp_path / "journal")
        before = written(folder)[KEY]
        folder.chmod(0o500)
        page = Journal(folder).page(KEY)
        folder.chmod(0o700)
        assert {name: page.get(name) for name in before} == before

    def test_a_sort_is_asked_again_where_its_groups_changed_and_kept_where_they_did_not(self, tmp_path: Path) -> None:
        placed = {
            "what-goes-where": ("repair", ["A", "B", "C", "C", "D", "C", "D", "A"], [""] * 8),
            "who-where": ("sharing-power", ["A", "B", "C", "D", *[None] * 5], [*GROUPS_OF_WHO_WHERE, *[""] * 5]),
        }
        for key, (lesson, letters, said) in placed.items():
            path = tmp_path / f"{lesson}.json"
            path.write_text(json.dumps({"format": 1, "lesson": lesson, "answers": {key: letters}, "states": {}}))
            notebook = read_notebook(material() / "notebooks" / f"{lesson}.ipynb")
            (call,) = [call for call in ask_calls(notebook) if first_text(call) == key]
            card = make_card(call, Answers(path, "lesson", lesson))
            assert [group for _, group in card.answer_lines()] == said

    def test_it_is_exported_and_forgotten(self, tmp_path: Path) -> None:
        folder = old.journal(tmp_path / "journal")
        files = export_pages(Journal(folder), tmp_path / "mine")
        assert files == [*(f"{lesson.key}.json" for lesson in lessons()), "day-30.json", "journal.csv", "journal.docx"]
        assert Journal(folder).forget(FORMER) == [f"{KEY}.json"]
        Journal(folder).forget()
        assert [path.name for path in folder.iterdir()] == ["synthetic.txt"]


class TestLearner:
    """A learner's own copy of the course, and what they handed in and got back."""

    @pytest.fixture
    def copy(self, tmp_path: Path) -> Path:
        return old.working_copy(tmp_path / "copy")

    def test_answers_files_and_feedback_move_to_the_new_folder(self, copy: Path) -> None:
        folder = copy / "exercises" / FORMER
        before = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        del before[Path(f"{FORMER}.ipynb")]  # it is the course's own, and comes under the key
        assert len(before) == 3
        working_copy.fill(copy)
        assert not folder.exists()
        for name, data in before.items():
            assert (copy / "exercises" / KEY / name).read_bytes() == data

    def test_pages_that_nobody_changed_go_and_a_changed_one_is_kept_aside(self, copy: Path) -> None:
        working_copy.fill(copy)
        pages = {path.stem for path in (copy / "notebooks").glob("*.ipynb")}
        assert pages >= {"start", KEY, "repair"}
        assert [page for page in pages if page[0].isdigit()] == []
        assert [path.name for path in (copy / "kept").glob("*/*/*")] == ["04-repair.ipynb"]

    def test_of_answers_under_both_names_the_later_count_and_the_others_are_kept_aside(self, copy: Path) -> None:
        new = copy / "exercises" / KEY
        new.mkdir()
        Answers(new / "answers.json", "exercise", KEY).save("q1", "Z")
        os.utime(new / "answers.json", (1, 1))
        later = (copy / "exercises" / FORMER / "answers.json").read_bytes()
        working_copy.fill(copy)
        assert (new / "answers.json").read_bytes() == later
        (kept,) = (copy / "kept").glob(f"*/exercises/{KEY}/answers.json")
        assert json.loads(kept.read_text())["answers"] == {"q1": "Z"}

    def test_answers_are_read_and_handed_in_under_the_key(self, copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        working_copy.fill(copy)
        folder = copy / "exercises" / KEY
        monkeypatch.chdir(folder)
        ask, mark = course.exercise(FORMER, version=find_lesson(KEY).version)
        assert isinstance(mark, Mark)
        assert ask is not None
        answers = Answers(folder / "answers.json", "exercise", KEY)
        assert answers.problem is None
        assert answers.get("reflection").startswith("Synthetic data.")
        with pytest.raises(submission_file.BadHandIn, match="earlier version of this exercise"):
            submission_file.make(folder, FORMER, "synthetic-002")
        answers.save("q2", right(KEY, "q2"))
        file = submission_file.read(submission_file.make(folder, FORMER, "synthetic-002"))
        assert file.exercise == KEY
        assert json.loads(file.contents[names.RECEIPT])["exercise"] == KEY

    def test_questions_of_an_exercise_are_asked_again_and_its_reflection_stays(self, copy: Path) -> None:
        working_copy.fill(copy)
        path = copy / "exercises" / KEY / "answers.json"
        written = json.loads(path.read_text())["answers"]
        answers = Answers(path, "exercise", KEY)
        cards = {
            first_text(call): make_card(call, answers)
            for call in ask_calls(read_notebook(copy / "exercises" / KEY / f"{KEY}.ipynb"))
        }
        asked = [key for key in written if key.startswith("q")]
        assert len(asked) == 3
        for key in asked:
            card = cards[key]
            assert card.value is None
            assert card.is_asked_again
            (said,) = [control for control in card.controls() if control["id"] == "again"]
            assert "This question is new since you answered." in said["text"]
            assert {answer for _, answer in card.answer_lines()} == {""}
        assert cards["reflection"].value == written["reflection"]
        assert not cards["reflection"].is_asked_again

    @pytest.mark.parametrize("name", ["01-two-questions", "04-repair"])
    def test_a_hand_in_file_is_read(self, name: str) -> None:
        file = submission_file.read(old.FILES / f"hand-in-{name}.zip")
        assert (file.exercise, file.learner, file.version) == (lesson_key(name), "synthetic-002", "0.1.0")
        assert file.exercise_version == 1
        page = parse_page(file.contents[names.ANSWERS], Path(names.ANSWERS), "exercise", file.exercise)
        assert str(page.answers["reflection"]).startswith("Synthetic data.")
        assert sorted(page.earlier["1"]) == ["q1", "q2", "q3"]
        assert file.notebook == file.contents[f"{name}.ipynb"]

    def test_a_hand_in_file_whose_notebook_has_another_name_is_refused(self, tmp_path: Path) -> None:
        contents = dict(submission_file.read(old.FILES / f"hand-in-{FORMER}.zip").contents)
        contents[f"{KEY}.ipynb"] = contents.pop(f"{FORMER}.ipynb")
        with zipfile.ZipFile(tmp_path / "mixed.zip", "w") as packed:
            for name, data in contents.items():
                packed.writestr(name, data)
        with pytest.raises(submission_file.BadHandIn, match="another exercise"):
            submission_file.read(tmp_path / "mixed.zip")

    def status(self, copy: Path, exchange: Path | None) -> SubmissionStatus:
        return next(status for status in submission_statuses(copy / "exercises", exchange) if status.exercise == KEY)

    def test_the_start_page_knows_what_was_handed_in_and_its_feedback(self, copy: Path, tmp_path: Path) -> None:
        old.handed_in(settings().data)
        exchange = old.course_directory(tmp_path / "teach") / "exchange"
        for step in ("before", "after"):
            status = self.status(copy, exchange)
            assert (status.day is not None, status.assignment) == (True, FORMER)
            assert status.page is not None
            assert not status.is_waiting
            if step == "before":
                working_copy.fill(copy)
        assert status.state == "feedback-here"
        assert not status.is_changed
        for page in (copy / "exercises").rglob("*.html"):
            page.unlink()
        assert self.status(copy, exchange).is_waiting

    def test_a_feedback_file_is_put_into_the_new_folder(self, copy: Path, tmp_path: Path) -> None:
        root = old.course_directory(tmp_path / "teach")
        working_copy.fill(copy)
        shutil.copy(root / "feedback-files" / "for-learners" / "feedback-synthetic-002.zip", copy)
        assert put_feedback_into_place(copy) == []
        pages = {path.name for path in (copy / "exercises").rglob("*.html")}
        assert {f"{KEY}.html", "repair.html"} <= pages


@pytest.fixture
def cohort(tmp_path: Path) -> Coursework:
    """Return a course directory in which a cohort of version 0.1.0 is under way."""
    return Coursework(old.course_directory(tmp_path / "teach"))


def marks(coursework: Coursework, assignment: str = FORMER) -> dict[str, dict[str, tuple[float, str]]]:
    """Return marks and comments of an assignment, by learner and cell."""
    with coursework.read_gradebook() as gradebook:
        return {
            learner: {name: (mark.score, mark.comment) for name, mark in given.by_cell.items()}
            for learner, given in read_marks(gradebook, assignment).items()
        }


def assignments_in_gradebook(coursework: Coursework) -> list[str]:
    with coursework.gradebook() as gradebook:
        return sorted(assignment.name for assignment in gradebook.assignments)


@pytest.mark.slow
class TestCohort:
    """A cohort that began under version 0.1.0 goes on under its nbgrader names."""

    def test_an_exercise_has_the_name_that_the_cohort_has_for_it(self, cohort: Coursework, tmp_path: Path) -> None:
        for name in (KEY, FORMER):
            assert cohort.assignment(name) == FORMER
            assert cohort.chosen([name]) == [FORMER]
        assert cohort.assignment("listening") == "listening"  # it was not released to this cohort
        new = Coursework(tmp_path / "new")
        assert [new.assignment(lesson.key) for lesson in lessons()] == [lesson.key for lesson in lessons()]

    def test_without_a_gradebook_the_folders_say_it(self, cohort: Coursework) -> None:
        (cohort.root / "gradebook.db").unlink()
        shutil.rmtree(cohort.root / "exchange")
        assert Coursework(cohort.root).assignment(KEY) == FORMER
        assert not (cohort.root / "gradebook.db").exists()

    def test_marking_again_keeps_every_mark_and_renames_nothing(self, cohort: Coursework) -> None:
        before, known = marks(cohort), assignments_in_gradebook(cohort)
        assert before["synthetic-001"]["reflection-marks"] == (9, "Synthetic comment: say what you will do next.")
        summary = grade(cohort, cohort.chosen([KEY]), again=True, quiet=True)
        assert [(refusal.name, refusal.exercise) for refusal in summary.refused] == [
            ("synthetic-001", FORMER),
            ("synthetic-002", FORMER),
        ]
        for refusal in summary.refused:
            assert f"{refusal.name} answered version 1 of {KEY}" in refusal.why
            assert "nothing was marked; marks given before stay" in refusal.why
        assert summary.left_out == []
        assert marks(cohort) == before
        assert assignments_in_gradebook(cohort) == known == [FORMER, "04-repair"]
        assert [standing.exercise for standing in summary.standings] == [FORMER]
        notebook = cohort.folder("autograded", "synthetic-001", FORMER) / f"{FORMER}.ipynb"
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        assert [cell["id"] for cell in cells if str(cell["id"]).startswith("course-added")] == []

    def test_what_is_marked_is_not_marked_again(self, cohort: Coursework) -> None:
        grade(cohort, cohort.chosen([]), quiet=True)
        place = cohort.folder("autograded", "synthetic-001", FORMER) / f"{FORMER}.ipynb"
        before = place.stat().st_mtime_ns
        grade(cohort, cohort.chosen([]), quiet=True)
        assert place.stat().st_mtime_ns == before

    @pytest.mark.parametrize("name", [KEY, FORMER])
    def test_a_hand_in_file_of_todays_version_comes_under_the_cohorts_name_and_one_that_was_stored_stays(
        self, cohort: Coursework, tmp_path: Path, name: str
    ) -> None:
        (cohort.root / "inbox").mkdir()
        folder = cohort.root / "inbox"
        if name == FORMER:
            shutil.copy(old.FILES / f"hand-in-{FORMER}.zip", folder)
        else:
            copy = old.working_copy(tmp_path / "copy")
            working_copy.fill(copy)
            Answers(copy / "exercises" / KEY / "answers.json", "exercise", KEY).save("q2", right(KEY, "q2"))
            now = moments.now()
            shutil.copy(submission_file.make(copy / "exercises" / KEY, KEY, "synthetic-002", now=now), folder)
        summary = collect(cohort, cohort.chosen([]), quiet=True)
        assert summary.refused == []
        assert [file.exercise for file in summary.collected] == [FORMER]
        place = cohort.folder("submitted", "synthetic-002", FORMER)
        assert (place / f"{FORMER}.ipynb").is_file()
        assert not (place / f"{KEY}.ipynb").exists()
        assert summary.collected[0].changed is (name == KEY)
        refused = grade(cohort, cohort.chosen([FORMER]), quiet=True).refused
        if name == FORMER:
            assert refused == []
        else:  # the keys in this cohort's gradebook are version 1's until it is released again
            assert ["Release it again" in refusal.why for refusal in refused] == [True]

    @pytest.mark.parametrize("packing", ["alone", "in a zip of a platform"])
    def test_a_hand_in_file_of_the_earlier_version_is_set_aside_by_name(self, tmp_path: Path, packing: str) -> None:
        root = tmp_path / "teach"
        old.course_directory(root)
        for name in ("submitted", "autograded", "feedback", "exchange"):
            shutil.rmtree(root / name)
        (root / "gradebook.db").unlink()
        (root / "inbox").mkdir()
        file = old.FILES / f"hand-in-{FORMER}.zip"
        if packing == "alone":
            shutil.copy(file, root / "inbox")
        else:
            with zipfile.ZipFile(root / "inbox" / "all.zip", "w") as packed:
                packed.write(file, f"Synthetic Two_12345_assignsubmission_file_/{file.name}")
        coursework = Coursework(root)
        summary = collect(coursework, coursework.chosen([]), quiet=True)
        assert summary.collected == []
        (refused,) = summary.refused
        assert refused.name.endswith(file.name)
        assert refused.exercise == KEY
        assert f"answered version 1 of {KEY}" in refused.why
        assert "Ask synthetic-002 to open the exercise as it is now" in refused.why or packing != "alone"
        assert "the reflection is kept" in refused.why
        assert "mark this one with the release of the course that made it" in refused.why
        assert not list((root / "submitted").rglob("*.ipynb"))
        assert list((root / "inbox").iterdir()), "the inbox is only read"

    @posix
    def test_a_folder_in_the_exchange_comes_under_the_cohorts_name(self, cohort: Coursework) -> None:
        inbound = cohort.exchange / "building-trust" / "inbound"
        (sent,) = inbound.iterdir()
        other = inbound / f"synthetic-003+{KEY}+2026-11-28 13:00:00.000000 UTC+x"
        shutil.copytree(sent, other)
        (other / f"{FORMER}.ipynb").rename(other / f"{KEY}.ipynb")
        answers = json.loads((other / "answers.json").read_text())
        todays = {**answers, "exercise": KEY, "version": find_lesson(KEY).version}
        (other / "answers.json").write_text(json.dumps(todays))
        summary = collect(cohort, cohort.chosen([KEY]), quiet=True)
        assert summary.refused == []
        assert cohort.learners_at("submitted", FORMER) == ["synthetic-001", "synthetic-002", "synthetic-003"]
        (refused,) = grade(cohort, cohort.chosen([KEY]), quiet=True).refused
        assert (refused.name, "Release it again" in refused.why) == ("synthetic-003", True)

    @posix
    def test_a_folder_in_the_exchange_of_the_earlier_version_is_set_aside_by_name(self, cohort: Coursework) -> None:
        inbound = cohort.exchange / "building-trust" / "inbound"
        (sent,) = inbound.iterdir()
        other = inbound / f"synthetic-003+{FORMER}+2026-11-28 13:00:00.000000 UTC+x"
        shutil.copytree(sent, other)
        summary = collect(cohort, cohort.chosen([KEY]), quiet=True)
        (refused,) = summary.refused
        assert refused.name == "synthetic-003"
        assert "Ask synthetic-003 to open the exercise as it is now" in refused.why
        assert cohort.learners_at("submitted", FORMER) == ["synthetic-001", "synthetic-002"]
        assert other.is_dir()

    def test_a_submission_of_the_earlier_version_that_was_never_marked_is_set_aside(self, cohort: Coursework) -> None:
        shutil.copytree(
            cohort.folder("submitted", "synthetic-001", FORMER), cohort.folder("submitted", "synthetic-003", FORMER)
        )
        before = marks(cohort)
        (refused,) = grade(cohort, cohort.chosen([KEY]), quiet=True).refused
        assert refused.name == "synthetic-003"
        assert "synthetic-003 answered version 1" in refused.why
        assert marks(cohort) == before

    @posix
    @pytest.mark.filterwarnings("ignore:unclosed file")  # nbgrader opens timestamp.txt and leaves it open
    def test_feedback_is_found_by_learners_of_either_version(
        self, cohort: Coursework, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Coursework, "here", classmethod(lambda cls: cohort))
        pages = cohort.exchange / "building-trust" / "feedback"
        shutil.rmtree(pages)
        summary = feedback.run([KEY], quiet=True)
        assert summary.refused == []
        secret = (cohort.folder("submitted", "synthetic-001", FORMER) / names.SECRET).read_bytes()
        assert {path.name for path in pages.iterdir()} == {
            names.feedback_exchange_name(secret, name) for name in (KEY, FORMER)
        }

    def test_what_a_trainer_wrote_under_former_names_counts(self, cohort: Coursework) -> None:
        (cohort.root / "cohort.toml").write_text("[due]\n01-two-questions = 2026-12-01\n", encoding="utf-8")
        assert list(read_cohort_file(cohort.root).due) == [KEY]
        (cohort.root / "comments.toml").write_text('[01-two-questions]\n4 = ["Mine."]\n', encoding="utf-8")
        for name in (KEY, FORMER):
            assert comments(cohort.root, name)[4][0] == "Mine."

    def test_the_report_has_people_hand_ins_and_marks_under_the_keys(self, cohort: Coursework) -> None:
        data = read_cohort(cohort)
        assert {(row.learner, row.exercise) for row in data.submissions} == {
            ("synthetic-001", KEY),
            ("synthetic-002", KEY),
            ("synthetic-002", "repair"),
        }
        found = {(row.learner, row.question): row.marks for row in data.marks if row.exercise == KEY}
        assert found["synthetic-001", "reflection"] == 9

    def test_what_an_earlier_report_showed_still_counts(self) -> None:
        unit = {"content": ["10"], "day": "2026-01-01", "of": {}}
        record = {"format": 1, "secret": "s", "units": {f"handed in {FORMER}": unit}}
        written = json.loads(ReleaseLog(record, 10, "2026-02-01").as_bytes())["units"]
        assert written == {f"handed in {KEY}": {**unit, "content": {"rows": [["10"]], "charts": []}}}

    def test_a_learner_is_forgotten_under_every_name(self, cohort: Coursework) -> None:
        from course.trainer.erasing import erase

        erase(cohort, "synthetic-001", yes=True)
        left = [path for path in cohort.root.rglob("*") if "synthetic-001" in path.name or path.suffix == ".html"]
        assert [path for path in left if "synthetic-002" not in path.parts] == []

    @posix
    @pytest.mark.nbgrader
    def test_new_questions_do_not_come_into_a_gradebook_with_marks_of_the_old_ones(self, cohort: Coursework) -> None:
        before = marks(cohort)
        with cohort.gradebook() as gradebook:  # the released exercise has one cell more than version 1 had
            source_cell = gradebook.find_source_cell("questions", FORMER, FORMER)
            source_cell.name = "questions-before"
            gradebook.db.commit()
        with pytest.raises(ReleaseFailed, match="learners have handed it in already") as caught:
            generate(cohort, FORMER)
        assert "Nothing was changed, and every mark stays." in caught.value.hint
        assert marks(cohort) == before

    @posix
    @pytest.mark.nbgrader
    def test_releasing_again_keeps_the_cohorts_names_and_every_mark(self, cohort: Coursework) -> None:
        with cohort.gradebook() as gradebook:  # new questions come only where nothing was handed in
            for learner in ("synthetic-001", "synthetic-002"):
                gradebook.remove_submission(FORMER, learner)
        before = marks(cohort, "04-repair")
        exercise = cohort.root / "exercises" / KEY / f"{KEY}.ipynb"
        content_before = exercise.read_bytes()
        generate(cohort, FORMER)
        release(cohort, FORMER)
        outbound = cohort.exchange / "building-trust" / "outbound"
        for name in (KEY, FORMER):
            assert (outbound / name / f"{name}.ipynb").is_file()
        assert json.loads(exercise.read_bytes())["cells"][0] == json.loads(content_before)["cells"][0]
        names_now = sorted(path.name for path in (cohort.root / "exercises" / KEY).iterdir())
        assert names_now == [names.SELF_CHECK, exercise.name]
        assert not (cohort.root / "exercises" / FORMER).exists()
        assert assignments_in_gradebook(cohort) == [FORMER, "04-repair"]
        assert marks(cohort, "04-repair") == before
        with cohort.gradebook() as gradebook:
            setup = gradebook.find_source_cell("setup", FORMER, FORMER).source
        assert setup.endswith(f'exercise("{KEY}", version={find_lesson(KEY).version})')

    @posix
    @pytest.mark.nbgrader
    def test_nbgraders_own_command_leaves_hand_ins_of_the_earlier_version(
        self, cohort: Coursework, tmp_path: Path
    ) -> None:
        from tests.conftest import Checkout

        before = marks(cohort)
        (tmp_path / "home").mkdir()
        checkout = Checkout(cohort.root, tmp_path / "home")
        said = checkout.run(f"PYTHONPATH={ROOT} nbgrader autograde {FORMER} --force", fails=True)
        assert "synthetic-001 answered version 1 of two-questions" in " ".join(said.split())
        assert marks(cohort) == before


MADE_UP = """
[[lesson]]
key = "made-up"
title = "A lesson in the middle"
minutes = 20
story = "Synthetic"

"""


class TestInsertedLesson:
    """A lesson comes into the middle of the list: every answer, hand-in and mark stays where it was."""

    @pytest.fixture
    def inserted(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let an edition with a lesson more be in use, and its notebook be there."""
        words = tmp_path / "words"
        words.mkdir()
        for path in content.HERE.glob("*.*ml"):
            shutil.copy(path, words)
        listed = (words / "lessons.toml").read_text(encoding="utf-8")
        before, after = listed.split('[[lesson]]\nkey = "keeping-your-word"')
        text = f'{before}{MADE_UP.lstrip()}[[lesson]]\nkey = "keeping-your-word"{after}'
        (words / "lessons.toml").write_text(text, encoding="utf-8")
        monkeypatch.setenv("BUILDING_TRUST_WORDS", str(words))

    def state(self, journal: Path, copy: Path, coursework: Coursework) -> dict[str, object]:
        """Return every answer, hand-in and mark, by the key of its lesson."""
        pages = Journal(journal)
        data = read_cohort(coursework)
        return {
            "answers": {
                key: {name: pages.page(key).get(name) for name in pages.page(key).keys()} for key in pages.written()
            },
            "ratings": [(rating.occasion.lesson, rating.habits, rating.pulse) for rating in pages.ratings()],
            "own hand-ins": [status for status in submission_statuses(copy / "exercises", None) if status.made],
            "hand-ins": data.submissions,
            "marks": data.marks,
            "gradebook": {name: marks(coursework, name) for name in assignments_in_gradebook(coursework)},
            "assignments": {name: coursework.assignment(name) for name in (KEY, "repair")},
        }

    def test_everything_is_where_it_was_and_only_numbers_change(
        self, tmp_path: Path, cohort: Coursework, request: pytest.FixtureRequest
    ) -> None:
        journal, copy = old.journal(tmp_path / "journal"), old.working_copy(tmp_path / "copy")
        working_copy.fill(copy)
        before, numbers = self.state(journal, copy, cohort), {lesson.key: lesson.number for lesson in lessons()}
        request.getfixturevalue("inserted")
        now = {lesson.key: lesson.number for lesson in lessons()}
        assert (numbers["repair"], now["made-up"], now["repair"]) == (4, 2, 5)
        assert self.state(journal, copy, Coursework(cohort.root)) == before
        Journal(journal).page("made-up").save("q", "B")
        assert Journal(journal).written()[:4] == ["starting-point", KEY, "made-up", "keeping-your-word"]
        assert "repair" in {path.stem for path in (material() / "notebooks").glob("*.ipynb")}
