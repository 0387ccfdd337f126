"""The doors that notebooks open: they find the right page, touch nothing they should not, and stay light."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import IPython.display
import pytest

import course
from course.activities.kinds.choose import Choose
from course.core.errors import UnknownLesson
from course.core.settings import settings
from course.records.journal import Journal
from tests.packing import packed

SLUG = "two-questions"
HEAVY = ("pandas", "matplotlib", "nbgrader", "tornado", "ipywidgets", "anywidget")
WORDS = "Which?\n\nA. This\nB. That"


def run(code: str, folder: Path, **environment: str) -> str:
    """Run code as a kernel in that folder would, with an empty home, and return what it printed."""
    given = {"HOME": str(folder), "PYTHONPATH": str(Path(course.__file__).parent.parent), **environment}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=given, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def folder_of(tmp_path: Path, kind: str) -> Path:
    folder = tmp_path / kind / SLUG
    folder.mkdir(parents=True)
    return folder


def everything_in(folder: Path) -> dict[str, bytes | None]:
    return {str(path): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


@pytest.mark.parametrize("door", [course.lesson, course.exercise])
@pytest.mark.parametrize("slug", ["01-two-question", "", "../two-questions", "1"])
def test_an_unknown_name_is_answered_in_two_lines(door: object, slug: str) -> None:
    assert callable(door)
    with pytest.raises(UnknownLesson) as caught:
        door(slug)
    lines = caught.value._render_traceback_()
    assert len(lines) == 2
    assert slug in lines[0]
    assert SLUG in lines[1]


def test_a_lesson_keeps_answers_on_its_page_of_the_journal() -> None:
    ask, _ = course.lesson(SLUG)
    Choose("q", ask._answers, WORDS).set("pick", "B")
    assert Journal().page(SLUG).get("q") == "B"
    assert Journal().written() == [SLUG]


def test_day_30_has_a_page_and_no_exercise() -> None:
    course.lesson("day-30")
    with pytest.raises(UnknownLesson):
        course.exercise("day-30")


def test_an_exercise_keeps_answers_beside_its_notebook_and_none_in_the_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = folder_of(tmp_path, "exercises")
    monkeypatch.chdir(folder)
    ask, _ = course.exercise(SLUG, version=2)
    Choose("q1", ask._answers, WORDS).set("pick", "B")
    assert json.loads((folder / "answers.json").read_text()) == {
        "format": 2,
        "exercise": SLUG,
        "version": 2,
        "answers": {"q1": "B"},
    }
    assert [path.name for path in folder.iterdir()] == ["answers.json"]
    assert not settings().journal.exists()


def test_a_notebook_of_an_earlier_version_is_told_so_and_stamps_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = folder_of(tmp_path, "exercises")
    monkeypatch.chdir(folder)
    shown: list[Any] = []
    monkeypatch.setattr(IPython.display, "display", shown.append)
    ask, _ = course.exercise(SLUG)
    (said,) = shown
    assert "earlier version of the exercise" in said.data
    Choose("q1", ask._answers, WORDS).set("pick", "B")
    assert json.loads((folder / "answers.json").read_text())["version"] == 1


def test_in_source_an_exercise_stays_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = folder_of(tmp_path, "source")
    (folder / "answers.json").write_text("left there by mistake")
    monkeypatch.chdir(folder)
    ask, _ = course.exercise(SLUG, version=2)
    card = Choose("q1", ask._answers, WORDS)
    card.set("pick", "B")
    assert card.value == "B"
    assert (folder / "answers.json").read_text() == "left there by mistake"
    assert not settings().data.exists()


def test_an_exercise_may_read_the_journal_in_the_learners_own_view_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder_of(tmp_path, "exercises"))
    mine, _ = course.exercise(SLUG, version=2)
    assert (mine._past is None) == (mine._journal is None)
    assert mine._journal is not None
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    marked, _ = course.exercise(SLUG, version=2)
    assert (marked._past is None) == (marked._journal is None)
    assert marked._journal is None
    monkeypatch.delenv("NBGRADER_EXECUTION")
    monkeypatch.chdir(folder_of(tmp_path, "source"))
    authors, _ = course.exercise(SLUG, version=2)
    assert (authors._past is None) == (authors._journal is None)
    assert authors._journal is None


@pytest.mark.slow
@pytest.mark.parametrize("is_copy", [True, False])
def test_the_start_page_takes_feedback_apart_in_a_learners_copy_and_nowhere_else(tmp_path: Path, is_copy: bool) -> None:
    (tmp_path / "notebooks").mkdir()
    if is_copy:
        (tmp_path / ".course.json").write_text('{"format": 1, "files": {}}')
    note = {"format": 1, "feedback": {SLUG: {"handed-in": "2026-02-03 10:11:12.000005 UTC"}}}
    held = {"feedback.json": json.dumps(note).encode(), f"{SLUG}.html": b"<p>Well done</p>"}
    (tmp_path / "feedback-synthetic-017.zip").write_bytes(packed(held).getvalue())
    (tmp_path / "exercises" / "feedback-2.zip").parent.mkdir()
    (tmp_path / "exercises" / "feedback-2.zip").write_bytes(b"no zip")
    show = "import IPython.display as d\nd.display = lambda page: print(page.data)\nimport course\ncourse.start()"
    said = run(show, tmp_path / "notebooks")
    assert ("Read your feedback on exercise 1" in said) is is_copy
    assert ("The file feedback-2.zip was not used. The file is not a zip." in said) is is_copy
    assert bool(list((tmp_path / "exercises").rglob("*.html"))) is is_copy


MARK = f"""
from course import exercise
ask, mark = exercise("{SLUG}", version=2)
ask.choose("q1", '''{WORDS}''')
ask._answers.save("q1", "A")
print(ask._answers.problem)
"""
ANSWERS = {
    "no": None,
    "damaged": b"{",
    "sound": json.dumps({"format": 2, "exercise": SLUG, "version": 2, "answers": {"q1": "B"}}).encode(),
    "newer": b'{"format": 3}',
}


@pytest.mark.slow
@pytest.mark.parametrize("execution", ["autograde", "validate"])
@pytest.mark.parametrize("answers", ANSWERS.values(), ids=ANSWERS.keys())
def test_while_nbgrader_marks_nothing_on_disk_is_touched(tmp_path: Path, answers: bytes | None, execution: str) -> None:
    folder = folder_of(tmp_path, "exercises")
    if answers is not None:
        (folder / "answers.json").write_bytes(answers)
    before = everything_in(folder)
    out = run(MARK, folder, NBGRADER_EXECUTION=execution, PYTHONDONTWRITEBYTECODE="1")
    assert everything_in(folder) == before
    assert ("cannot be used" in out) == (answers == b"{")


def test_while_nbgrader_marks_the_answer_is_shown_as_text(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "exercises")
    (folder / "answers.json").write_bytes(ANSWERS["sound"] or b"")
    out = run(
        f"import IPython.display as d\nd.display = lambda page: print(page.data)\n{MARK}",
        folder,
        NBGRADER_EXECUTION="autograde",
    )
    assert "B. That" in out
    assert "<input" not in out


def loaded(code: str, folder: Path, **environment: str) -> list[str]:
    return run(
        f"import sys\n{code}\nprint(*(name for name in {HEAVY} if name in sys.modules))", folder, **environment
    ).split()


def test_importing_the_course_loads_nothing_heavy(tmp_path: Path) -> None:
    assert loaded("import course", tmp_path) == []


def test_marking_stays_light(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "exercises")
    code = MARK.replace("print(", "str(")
    light = loaded(
        f"import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()):\n    exec({code!r})",
        folder,
        NBGRADER_EXECUTION="autograde",
    )
    assert light == []


COPY = f"""
import IPython.display as d
d.display = lambda page: print(page.data)
from course import exercise
ask, mark = exercise("{SLUG}")
ask.write("reflection", "What?", copy="starting-point/small-plan")
ask.recall("before", "What did you plan?\\n-> {{starting-point/small-plan}}")
"""


def test_while_marking_a_card_that_copies_from_a_lesson_is_text_and_opens_no_journal(tmp_path: Path) -> None:
    page = {"format": 1, "lesson": "starting-point", "answers": {"small-plan": ["it is noon", "call"]}}
    (tmp_path / "journal").mkdir()
    (tmp_path / "journal" / "starting-point.json").write_text(json.dumps(page))
    folder = folder_of(tmp_path, "exercises")
    answers = {"format": 1, "exercise": SLUG, "answers": {"reflection": "My own.", "before": ["from memory"]}}
    (folder / "answers.json").write_text(json.dumps(answers))
    shown = run(COPY, folder, NBGRADER_EXECUTION="autograde", BUILDING_TRUST_JOURNAL=str(tmp_path / "journal"))
    assert '<p dir="auto">My own.</p>' in shown
    assert '<dt>What did you plan?</dt><dd><p dir="auto">from memory</p></dd>' in shown
    assert "noon" not in shown
    assert "Copy" not in shown
