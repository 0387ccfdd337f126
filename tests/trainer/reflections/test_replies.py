"""What learners write back reaches their trainer alone, and changes neither marks nor what is read nor what is late."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from course.content import trainer_words
from course.core.errors import AlreadyRunning
from course.trainer.collecting.command import collect
from course.trainer.command_support import single_instance
from course.trainer.course_directory import Coursework
from course.trainer.desk import steps
from course.trainer.erasing import erase
from course.trainer.feedback import command as feedback
from course.trainer.marking.command import grade
from course.trainer.pages.exercise_page import ExercisePage
from course.trainer.reflections import replies
from course.trainer.reflections.replies import FILE, Reply, all_replies, find_reply, mark_read, number_unread
from course.trainer.report import command as report
from course.trainer.second_marks.command import make_booklet
from tests.trainer.course_directories import SLUG, forget_marks, rows
from tests.trainer.submissions import drop, hand_in, hours

pytestmark = pytest.mark.nbgrader

REPLY = "Thank you. <script>alert(1)</script> I would have liked a word on Friday."
DUE = f"[due]\n{SLUG} = {hours(24).isoformat()}\n"
PENALTY = """
from nbgrader.plugins import BasePlugin

class OneMark(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return 1

c.AssignLatePenalties.plugin_class = OneMark
"""


@pytest.fixture
def coursework(released: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Coursework]:
    """A course directory in which Kim's hand-in came in time, and is marked and read; lateness costs a mark."""
    root = released.root
    for name in ("submitted", "earlier", "inbox", "feedback", "feedback-files", "reports", "second-marks"):
        shutil.rmtree(root / name, ignore_errors=True)
    (root / FILE).unlink(missing_ok=True)
    forget_marks(root)
    (root / "cohort.toml").write_text(DUE, encoding="utf-8")
    settings = root / "nbgrader_config.py"
    before = settings.read_text(encoding="utf-8")
    settings.write_text(before + PENALTY, encoding="utf-8")
    monkeypatch.chdir(root)
    monkeypatch.setattr(Coursework, "here", classmethod(lambda cls: cls(root)))
    take(root, "02-12", hand_in("kim", text="What I wrote."))
    with Coursework(root).gradebook() as gradebook:
        grade = gradebook.find_grade("reflection-marks", SLUG, SLUG, "kim")
        grade.manual_score, grade.needs_manual_grade = 9, False
        gradebook.db.commit()
    yield Coursework(root)
    settings.write_text(before, encoding="utf-8")


def take(root: Path, stamp: str, data: bytes) -> list[str]:
    """Collect a hand-in of Kim's that has a platform's own time, mark it, and return what the trainer reads of it."""
    drop(root, f"Ex_kim_attempt_2026-03-{stamp}-00-00_a.zip", data)
    assert collect(Coursework(root), [SLUG], quiet=True).refused == []
    return grade(Coursework(root), [SLUG], jobs=1, quiet=True).notes


def reply_late(coursework: Coursework, reply: str = REPLY, days: int = 8) -> list[str]:
    """Hand in the same answers again, days after they were due, with a reply."""
    data = hand_in("kim", time=hours(24 * (days - 2)), text="What I wrote.", reply=reply)
    return take(coursework.root, f"{days:02}-12", data)


def test_a_reply_after_the_due_day_leaves_every_row_of_the_gradebook_as_it_was(coursework: Coursework) -> None:
    before = rows(coursework.root)
    notes = reply_late(coursework)
    assert rows(coursework.root) == before
    assert trainer_words("replies.came", learner="kim", exercise=SLUG) in notes
    assert [(one.learner, one.exercise, one.text) for one in all_replies(coursework)] == [("kim", SLUG, REPLY)]
    grade(coursework, [SLUG], jobs=1, again=True, quiet=True)
    assert rows(coursework.root) == before


def test_nbgraders_own_command_keeps_the_time_of_the_answers_too(coursework: Coursework, released: Any) -> None:
    before = rows(coursework.root)["submissions"]
    data = hand_in("kim", time=hours(144), text="What I wrote.", reply=REPLY)
    drop(coursework.root, "Ex_kim_attempt_2026-03-08-12-00-00_a.zip", data)
    collect(coursework, [SLUG], quiet=True)
    released.nbgrader([(coursework.root, f"autograde {SLUG} --force")])
    assert rows(coursework.root)["submissions"] == before
    assert [reply.text for reply in all_replies(coursework)] == [REPLY]


def test_other_words_after_the_due_day_are_late_and_unread(coursework: Coursework) -> None:
    """The near miss: what costs nothing with a reply alone does cost with anything else that is new."""
    before = rows(coursework.root)
    take(coursework.root, "08-12", hand_in("kim", time=hours(144), text="Other words.", reply=REPLY))
    after = rows(coursework.root)
    assert before["submissions"][0][-1] is None
    assert after["submissions"][0][-1] == 1
    waits = {name: waits for _, _, name, _, _, waits in after["grades"]}
    assert waits["reflection-marks"]
    assert not {name: waits for _, _, name, _, _, waits in before["grades"]}["reflection-marks"]


def test_a_reply_is_in_nothing_that_goes_to_anybody_else(coursework: Coursework) -> None:
    reply_late(coursework)
    feedback.run((SLUG,), unread=True)
    report.run()
    make_booklet(coursework)
    made = {
        folder: [path for path in (coursework.root / folder).rglob("*") if path.is_file()]
        for folder in ("feedback", "feedback-files", "reports", "second-marks")
    }
    assert all(made.values())
    for folder in ("feedback", "second-marks"):
        assert any(b"What I wrote." in unpacked(path) for path in made[folder]), "the words beside it are there"
    notebook = coursework.folder("autograded", "kim", SLUG) / f"{SLUG}.ipynb"
    for path in [*(path for paths in made.values() for path in paths), coursework.root / "gradebook.db", notebook]:
        assert b"liked a word" not in unpacked(path), path


def unpacked(path: Path) -> bytes:
    """Return the bytes of a file, of a zip those of all that is in it."""
    if not zipfile.is_zipfile(path):
        return path.read_bytes()
    with zipfile.ZipFile(path) as zipped:
        return b"".join(zipped.read(name) for name in zipped.namelist())


def test_a_reply_is_read_once_it_is_said_so_and_a_changed_one_is_new(coursework: Coursework) -> None:
    reply_late(coursework)
    [reply] = all_replies(coursework)
    assert (reply.is_read, number_unread(coursework)) == (False, 1)
    mark_read(coursework, reply)
    assert number_unread(coursework) == 0
    assert "Thank you" not in (coursework.root / FILE).read_text(encoding="utf-8")
    reply_late(coursework, "One more thing.", days=9)
    assert [(one.text, one.is_read) for one in all_replies(coursework)] == [("One more thing.", False)]
    reply_late(coursework, "", days=10)
    assert all_replies(coursework) == []


def test_the_desk_leads_to_replies_until_they_are_read(coursework: Coursework) -> None:
    assert "formgrader/replies" not in str(steps.read({}))
    reply_late(coursework)
    assert "1 reply to read" in str(steps.read({}))
    mark_read(coursework, all_replies(coursework)[0])
    assert "formgrader/replies" not in str(steps.read({}))


def test_only_the_trainers_page_of_a_marked_exercise_is_given_the_reply(coursework: Coursework) -> None:
    import nbformat.v4 as new

    reply_late(coursework)
    page = ExercisePage(root=str(coursework.root))
    for_trainer = {"submission_id": "1", "assignment_id": SLUG, "student": "kim"}
    shown = page.preprocess(new.new_notebook(), for_trainer)[1]["course"].reply
    assert shown.text == REPLY
    assert REPLY not in repr(shown)
    for about in (
        {"nbgrader": {"assignment": SLUG, "student": "kim"}},
        {**for_trainer, "student": "lee"},
        {**for_trainer, "assignment_id": "repair"},
    ):
        assert page.preprocess(new.new_notebook(), dict(about))[1]["course"].reply is None


def test_whoever_is_forgotten_leaves_no_reply_and_no_mark_that_one_was_read(
    coursework: Coursework, capsys: pytest.CaptureFixture[str]
) -> None:
    reply_late(coursework)
    mark_read(coursework, all_replies(coursework)[0])
    assert erase(coursework, "kim", yes=True) == 0
    assert f"which of their replies to feedback you have read, in {FILE}" in capsys.readouterr().out
    assert "kim" not in (coursework.root / FILE).read_text(encoding="utf-8")
    assert all_replies(coursework) == []
    left = [path for path in coursework.root.rglob("*") if path.is_file() and b"liked a word" in unpacked(path)]
    assert left == []


def test_a_strangers_reply_of_any_shape_stops_nothing_and_is_cut(coursework: Coursework) -> None:
    path = coursework.folder("autograded", "kim", SLUG) / "answers.json"
    path.chmod(0o644)
    whole = json.loads(path.read_text(encoding="utf-8"))
    for strange in (7, None, ["Thank you."], {"text": "Thank you."}, " \n "):
        path.write_text(json.dumps({**whole, "answers": {**whole["answers"], "reply": strange}}), encoding="utf-8")
        assert all_replies(coursework) == []
    path.write_text(json.dumps({**whole, "answers": {"reply": "x" * 100_000}}), encoding="utf-8")
    reply = find_reply(coursework, SLUG, "kim")
    assert reply is not None
    assert reply.text == "x" * 20_000 + "…"
    for damaged in (
        "",
        "[]",
        '{"format": 2, "read": {}}',
        '{"format": 1, "read": [1]}',
        '{"format": 1, "read": {"kim": 1}}',
    ):
        (coursework.root / FILE).write_text(damaged, encoding="utf-8")
        assert number_unread(coursework) == 1, "what cannot be read says of no reply that it was"
    path.write_text("{", encoding="utf-8")
    assert all_replies(coursework) == []


def test_of_two_trainers_who_mark_replies_as_read_at_once_one_waits_for_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replies, "_WAIT", 0)
    mark_read(Coursework(tmp_path), Reply(SLUG, "kim", "", "a", is_read=False))
    before = (tmp_path / FILE).read_bytes()
    with single_instance("replies", tmp_path, "synthetic"), pytest.raises(AlreadyRunning):
        mark_read(Coursework(tmp_path), Reply(SLUG, "lou", "", "b", is_read=False))
    assert (tmp_path / FILE).read_bytes() == before
    mark_read(Coursework(tmp_path), Reply(SLUG, "lou", "", "b", is_read=False))
    assert set(json.loads((tmp_path / FILE).read_bytes())["read"]) == {"kim", "lou"}
