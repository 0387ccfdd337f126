"""Whatever is wrong with disk, gradebook or files, each command says so in words, and leaves all as it was."""

from __future__ import annotations

import errno
import functools
import json
import os
import resource
import shutil
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from course.cli import main
from course.trainer.command_support import REFUSED
from course.trainer.course_directory import Coursework
from course.trainer.marking.command import grade
from tests.trainer.course_directories import SLUG, release, write_submissions
from tests.trainer.submissions import drop, hand_in

pytestmark = pytest.mark.nbgrader

GONE = "synthetic-0002"
COMMANDS = {
    "roster": ("roster", "people.csv", "--yes"),
    "due": ("due", SLUG, "--on", "2027-01-01", "--yes"),
    "release": ("release", SLUG),
    "collect": ("collect",),
    "needs-you": ("needs-you",),
    "missing": ("missing",),
    "grade": ("grade", "--again", "--jobs", "1"),
    "mark-blank": ("mark-blank", "--yes"),
    "second-marks": ("second-marks", SLUG),
    "feedback": ("feedback", "--unread"),
    "marks": ("marks", SLUG),
    "report": ("report",),
    "forget-learner": ("forget-learner", GONE, "--yes"),
}
UNEXPECTED = "did not expect"


@pytest.fixture(scope="module")
def made(checkouts: Callable[[], Any]) -> Path:
    """A course directory with two marked hand-ins, one in the inbox and a list of people."""
    checkout = checkouts()
    release(checkout, SLUG)
    write_submissions(checkout.root, SLUG, 2)
    blank = checkout.root / "submitted" / GONE / SLUG / "answers.json"
    answers = json.loads(blank.read_text(encoding="utf-8"))
    answers["answers"]["reflection"] = " "
    blank.write_text(json.dumps(answers), encoding="utf-8")
    grade(Coursework(checkout.root), [SLUG], jobs=1, quiet=True)
    with Coursework(checkout.root).gradebook() as gradebook:
        marked = gradebook.find_grade("reflection-marks", SLUG, SLUG, "synthetic-0001")
        marked.manual_score, marked.needs_manual_grade = 9, False
        gradebook.db.commit()
    receipt = {"exercise": SLUG, "learner": "synthetic-0001", "platform": "Ada_71_assignsubmission_file_"}
    (checkout.root / "submitted" / "synthetic-0001" / SLUG / "receipt.json").write_text(json.dumps(receipt))
    drop(checkout.root, "kim.zip", hand_in("kim"))
    (checkout.root / "people.csv").write_text("id\nkim\nsynthetic-0001\nsynthetic-0002\n", encoding="utf-8")
    return Path(checkout.root)


@pytest.fixture
def root(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, which every command takes for its own."""
    copy = tmp_path / "course"
    shutil.copytree(made, copy, ignore=shutil.ignore_patterns("__pycache__", "*.md"))
    monkeypatch.setattr(Coursework, "here", classmethod(lambda cls: cls(copy)))
    monkeypatch.chdir(copy)
    return copy


def give(name: str) -> Result:
    return CliRunner().invoke(main, COMMANDS[name])


def state(root: Path) -> dict[str, bytes]:
    """Return every file that is a trainer's or a learner's; drafts go with the next run."""
    folders = ("submitted", "earlier", "autograded", "feedback", "inbox", "exercises")
    files = [path for name in folders for path in (root / name).rglob("*") if path.is_file()]
    files += [root / name for name in ("gradebook.db", "cohort.toml", "decisions.json") if (root / name).is_file()]
    return {os.fsencode(path).hex(): path.read_bytes() for path in files if ".draft" not in path.parent.name}


def check_two_lines(result: Result, words: str) -> None:
    lines = result.stderr.splitlines()
    assert (result.exit_code, len(lines)) == (1, 2), (result.output, result.exception)
    assert words in lines[0]


@pytest.mark.parametrize("name", COMMANDS)
def test_a_locked_gradebook_is_said_in_two_lines(name: str, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (sqlite3, sqlite3.dbapi2):  # which would wait for five seconds
        monkeypatch.setattr(module, "connect", functools.partial(sqlite3.dbapi2.Connection, timeout=0.05))
    before = state(root)
    database = sqlite3.connect(root / "gradebook.db", isolation_level=None)
    database.execute("BEGIN EXCLUSIVE")
    result = give(name)
    database.execute("ROLLBACK")
    database.close()
    check_two_lines(result, "Another program is writing in the gradebook")
    assert state(root) == before


@pytest.mark.parametrize("name", COMMANDS)
def test_a_gradebook_of_an_earlier_version_is_said_in_two_lines(name: str, root: Path) -> None:
    with sqlite3.connect(root / "gradebook.db") as database:
        database.execute("ALTER TABLE student DROP COLUMN lms_user_id")
    database.close()
    before = state(root)
    result = give(name)
    if name in ("release", "grade", "mark-blank"):  # they do not need what is missing
        assert (result.exit_code, UNEXPECTED in result.output) == (0, False), result.output
    else:
        check_two_lines(result, "made by an earlier version")
        assert state(root) == before


@pytest.fixture
def full() -> Iterator[Callable[[], None]]:
    """Have no file grow any more, as on a disk that is full."""
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, usual[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, usual)


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - {"needs-you", "missing"}))
def test_a_full_disk_is_said_and_leaves_all_as_it_was(
    name: str, root: Path, full: Callable[[], None], caplog: pytest.LogCaptureFixture
) -> None:
    before = state(root)
    full()
    result = give(name)
    assert result.exit_code == 1, result.output
    assert UNEXPECTED not in result.output
    printed = [record for record in caplog.records if record.name == "tornado.application"]
    assert not printed, "nbgrader would print what was to be written of a learner"
    assert any(words in result.output for words in ("no room", "No space", "File too large")), result.output
    if name != "forget-learner":
        assert state(root) == before


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("feedback", f"feedback-files/for-moodle-{SLUG}.zip"),
        ("marks", f"marks-files/for-moodle-{SLUG}.csv"),
        ("second-marks", "second-marks/to-mark.csv"),
        ("due", "cohort.toml"),
    ],
)
def test_a_file_that_a_program_has_open_on_windows_is_named_with_what_to_do(
    name: str, file: str, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = os.replace

    def refuse(source: str, place: str) -> None:
        if Path(place) == root / file:
            raise PermissionError(errno.EACCES, "Permission denied", os.fspath(source), None, os.fspath(place))
        replace(source, place)

    monkeypatch.setattr(os, "replace", refuse)
    monkeypatch.setattr(Path, "replace", lambda path, place: refuse(str(path), str(place)))
    result = give(name)
    assert result.exit_code == 1, result.output
    assert UNEXPECTED not in result.output
    first, second = result.stderr.splitlines()[-2:]
    assert first == f"{root / file} cannot be used: Permission denied."
    assert second.startswith("Close the program that has it open")


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - {"needs-you", "missing", "marks", "mark-blank", "report"}))
def test_a_file_where_a_folder_belongs_is_named_with_what_to_do(name: str, root: Path) -> None:
    shutil.rmtree(root / ".locks", ignore_errors=True)
    (root / ".locks").touch()
    result = give(name)
    assert UNEXPECTED not in result.output
    assert str(root / ".locks") in result.output, result.output


@pytest.mark.parametrize("name", COMMANDS)
def test_a_link_that_leads_back_to_itself_in_place_of_a_folder_is_named_with_what_to_do(name: str, root: Path) -> None:
    """As a link to another drive that was made twice, the second time in the course's folder itself."""
    for place in ("submitted", "autograded", "feedback", "earlier", "inbox", "exchange", "exercises", "reports"):
        folder, aside = root / place, root / f"{place}-aside"
        if is_there := folder.exists():
            folder.rename(aside)
        folder.symlink_to(place)
        result = give(name)
        folder.unlink()
        if is_there:
            aside.rename(folder)
        assert UNEXPECTED not in result.output, (place, result.output)
        assert not isinstance(result.exception, Exception), (place, result.exception)
        if (name, place) in (("grade", "submitted"), ("second-marks", "autograded"), ("feedback", "feedback")):
            check_two_lines(result, str(folder))
            assert "leads back to itself" in result.stderr


@pytest.mark.parametrize("name", COMMANDS)
def test_a_gradebook_that_cannot_be_opened_is_said_without_a_traceback(name: str, root: Path) -> None:
    (root / "gradebook.db").unlink()
    (root / "gradebook.db").mkdir()
    result = give(name)
    assert UNEXPECTED not in result.output
    assert "Traceback" not in result.output
    assert "sqlalchemy" not in result.output


@pytest.mark.parametrize("name", COMMANDS)
def test_names_that_are_no_text_stop_no_command(name: str, root: Path) -> None:
    for folder in (b"inbox", b"submitted/synthetic-0001", b"submitted", b"feedback", b"earlier"):
        place = os.path.join(os.fsencode(root), folder)
        os.makedirs(os.path.join(place, b"\xff\xfe"), exist_ok=True)
        Path(os.fsdecode(os.path.join(place, b"a\xff.zip"))).write_bytes(b"no zip")
    result = give(name)
    assert UNEXPECTED not in result.output
    assert not isinstance(result.exception, Exception), result.exception
    result.output.encode("utf-8", "surrogatepass")


@pytest.mark.parametrize("name", COMMANDS)
def test_a_notebook_without_answers_is_refused_by_name_and_stops_nothing(name: str, root: Path) -> None:
    (root / "submitted" / GONE / SLUG / "answers.json").unlink()
    (root / "submitted" / GONE / SLUG / "timestamp.txt").write_text("2026-12-05 12:00:00.000000 UTC", encoding="utf-8")
    (root / "inbox" / "alone.ipynb").write_bytes((root / "exercises" / SLUG / f"{SLUG}.ipynb").read_bytes())
    result = give(name)
    assert UNEXPECTED not in result.output
    if name == "collect":
        assert (result.exit_code, "alone.ipynb" in result.output) == (REFUSED, True)
    if name == "grade":
        assert (result.exit_code, GONE in result.output) == (REFUSED, True)


_interrupt: list[int] = []
"""How many files are opened until Ctrl-C is pressed; nothing where nobody presses it."""


def _pressed(event: str, _about: object) -> None:
    if _interrupt and event in ("open", "os.mkdir", "os.rename"):
        _interrupt[0] -= 1
        if not _interrupt[0]:
            _interrupt.clear()
            signal.raise_signal(signal.SIGINT)


sys.addaudithook(_pressed)


@pytest.mark.parametrize("name", COMMANDS)
def test_ctrl_c_ends_any_command_with_its_code_and_without_a_traceback(name: str, root: Path) -> None:
    for opened in (1, 4, 16):
        _interrupt[:] = [opened]
        result = give(name)
        was_pressed = not _interrupt
        _interrupt.clear()
        assert UNEXPECTED not in result.output
        assert "Traceback" not in result.output
        assert not was_pressed or result.exit_code == 130, (opened, result.output, result.exception)


@pytest.mark.parametrize("line", [["roster"], ["marks", SLUG, "--sheet"], ["second-marks", "--by", "KD", "--read"]])
def test_a_file_that_is_named_and_not_there_is_said_to_be_missing(line: list[str], root: Path) -> None:
    result = CliRunner().invoke(main, [*line, "Downloads/sheet.csv"])
    check_two_lines(result, "There is no file Downloads/sheet.csv here.")
    assert "with its folder" in result.stderr
    (root / "folder.csv").mkdir()
    result = CliRunner().invoke(main, [*line, "folder.csv"])
    assert (result.exit_code, "There is no file" in result.stderr) in ((1, False), (2, False)), result.output
