"""A cohort is backed up, lost and restored: nothing is left to mark; and what is refused changes nothing."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import sqlite3
import stat
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from course.core import storage
from course.core.errors import AlreadyRunning, BadBackup, CourseError, FolderUnusable, GradebookUnusable, RestoreRefused
from course.trainer.backups import command, restoring
from course.trainer.backups.contents import MANIFEST, FileEntry, Manifest, is_work
from course.trainer.backups.restoring import DRAFT
from course.trainer.command_support import single_instance
from course.trainer.course_directory import Coursework
from course.trainer.coursework_folder import fill
from course.trainer.marking.command import grade
from tests.postgresql import PostgreSQL, running_postgresql
from tests.trainer.course_directories import SLUG, release, rows, write_submissions

pytestmark = pytest.mark.nbgrader
PEOPLE = 3
TOP = {"cohort.toml": 'timezone = "Europe/London"\n', "decisions.json": "{}", "people.csv": "id\nsynthetic-0001\n"}
SECRETS = ("nbgrader_config.py", "source", "exercises", ".locks", "exchange", "sessions.key")


@pytest.fixture(scope="module")
def server() -> Iterator[PostgreSQL]:
    with running_postgresql() as server:
        yield server


@pytest.fixture(scope="module")
def clone(checkouts: Callable[[], Any]) -> Any:
    """Return a checkout with released exercises and hand-ins, which nobody has marked."""
    checkout = checkouts()
    release(checkout, SLUG)
    write_submissions(checkout.root, SLUG, PEOPLE)
    return checkout


def a_folder(place: Path, clone: Any, monkeypatch: pytest.MonkeyPatch, url: str = "") -> Path:
    """Fill a course directory, and have the course's commands work in it."""
    fill(place, clone.root)
    monkeypatch.setenv("BUILDING_TRUST_COURSEWORK", str(place))
    monkeypatch.setenv("BUILDING_TRUST_GRADEBOOK", url)
    return place


def mark_a_cohort(folder: Path, clone: Any) -> Path:
    """Have a cohort marked in a folder."""
    from course.trainer.release import generate

    shutil.copytree(clone.root / "submitted", folder / "submitted")
    for name, text in TOP.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "sessions.key").write_text("synthetic: the key of a live session")
    (folder / "inbox" / "lms download").mkdir(parents=True)
    (folder / "inbox" / "lms download" / "Núñez.zip").write_bytes(b"synthetic")
    os.utime(folder / "inbox" / "lms download" / "Núñez.zip", ns=(10**18 + 1, 10**18 + 1))
    generate(Coursework(folder), SLUG)
    assert grade(Coursework(folder), [SLUG], jobs=1).refused == []
    return folder


@pytest.fixture
def cohort(tmp_path: Path, clone: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    return mark_a_cohort(a_folder(tmp_path / "first", clone, monkeypatch), clone)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory, clone: Any) -> Path:
    """Return the backup of a cohort whose gradebook is a file."""
    place = tmp_path_factory.mktemp("kept")
    with pytest.MonkeyPatch.context() as patch:
        mark_a_cohort(a_folder(place / "first", clone, patch), clone)
        command.backup(place / "kept.zip")
    return place / "kept.zip"


def work(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Return all files of people's work with the times at which they were changed."""
    return {
        name: (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and is_work(name := f"files/{path.relative_to(folder).as_posix()}")
    }


def everything(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")} - {".locks"}


def without_locks(names: set[str]) -> set[str]:
    return {name for name in names if not name.startswith(".locks")}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_after_backup_loss_and_restore_there_is_nothing_to_mark(
    kind: str,
    tmp_path: Path,
    clone: Any,
    server: PostgreSQL,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    url = server.new_database(f"first {kind}") if kind == "postgresql" else ""
    first = mark_a_cohort(a_folder(tmp_path / "first", clone, monkeypatch, url), clone)
    before, marks = work(first), rows(first)
    assert len(marks["grades"]) > PEOPLE
    command.backup(tmp_path / "kept.zip")
    if kind == "postgresql":
        server.execute(f'DROP DATABASE "first {kind}" WITH (FORCE)')
        url = server.new_database(f"second {kind}")
    shutil.rmtree(first)

    second = a_folder(tmp_path / "second", clone, monkeypatch, url)
    command.restore(tmp_path / "kept.zip")
    assert "is back" in (said := capsys.readouterr().out) or "are back" in said
    assert work(second) == before
    assert rows(second) == marks
    assert not (second / DRAFT).exists()
    summary = grade(Coursework(second), [SLUG], jobs=1)
    assert summary.refused == []
    assert work(second) == before, "something was marked again"
    assert rows(second) == marks


def test_a_backup_is_the_owners_alone_and_has_neither_code_nor_keys(kept: Path) -> None:
    with zipfile.ZipFile(kept) as archive:
        names = archive.namelist()
        manifest = json.loads(archive.read(MANIFEST))
    assert {f"files/{name}" for name in TOP} < set(names)
    assert not [name for name in names if name.removeprefix("files/").split("/")[0] in SECRETS]
    assert manifest["entries"].keys() == set(names) - {MANIFEST}
    assert manifest["course"]
    assert manifest["database"] == "sqlite"
    assert [path.name for path in kept.parent.iterdir() if path.name.startswith(".")] == [], "a draft was left"
    if os.name == "posix":
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_backup_replaces_no_file_and_is_written_whole_or_not_at_all(
    cohort: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "there.zip").write_text("Mine.")
    with pytest.raises(FolderUnusable, match="already"):
        command.backup(tmp_path / "there.zip")
    assert (tmp_path / "there.zip").read_text() == "Mine."
    with pytest.raises(FolderUnusable, match="cannot be written"):
        command.backup(tmp_path / "nowhere" / "kept.zip")
    before = everything(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(zipfile.ZipFile, "writestr", _out_of_room)
        with pytest.raises(OSError, match="synthetic"):
            command.backup(tmp_path / "kept.zip")
    assert without_locks(everything(tmp_path)) == without_locks(before)


def _out_of_room(*_: object) -> None:
    raise OSError(28, "synthetic: no room")


def test_while_another_command_is_at_work_nothing_is_backed_up(cohort: Path, tmp_path: Path) -> None:
    with single_instance("collect", cohort, "synthetic"), pytest.raises(AlreadyRunning, match="at work"):
        command.backup(tmp_path / "kept.zip")
    assert not (tmp_path / "kept.zip").exists()


def test_where_somebody_has_worked_nothing_is_restored(cohort: Path, kept: Path) -> None:
    before = work(cohort)
    with pytest.raises(RestoreRefused, match="has worked in this course directory") as told:
        command.restore(kept)
    assert told.value.hint
    assert work(cohort) == before


def test_a_gradebook_or_a_database_that_is_not_empty_is_left_as_it_is(
    tmp_path: Path, clone: Any, kept: Path, server: PostgreSQL, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = a_folder(tmp_path / "new", clone, monkeypatch)
    (folder / "gradebook.db").write_bytes(b"Mine.")
    with pytest.raises(RestoreRefused, match="gradebook here already"):
        command.restore(kept)
    assert (folder / "gradebook.db").read_bytes() == b"Mine."
    assert work(folder) == {}
    url = server.new_database("of another kind")
    folder = a_folder(tmp_path / "other", clone, monkeypatch, url)
    with pytest.raises(RestoreRefused, match="another kind of database"):
        command.restore(kept)
    assert work(folder) == {}
    full = server.new_database("full")
    server.execute("CREATE TABLE mine (id int)", "full")
    folder = a_folder(tmp_path / "full", clone, monkeypatch, url)
    mark_a_cohort(folder, clone)
    command.backup(tmp_path / "of postgresql.zip")
    folder = a_folder(tmp_path / "last", clone, monkeypatch, full)
    with pytest.raises(RestoreRefused, match="gradebook here already"):
        command.restore(tmp_path / "of postgresql.zip")
    assert work(folder) == {}


def repacked(kept: Path, place: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """Write a backup with other contents, and with a manifest that fits them."""
    with zipfile.ZipFile(kept) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    before = Manifest.read(contents.pop(MANIFEST))
    change(contents)
    entries = {name: FileEntry.of(data, 10**18) for name, data in contents.items()}
    manifest = contents.pop("manifest", Manifest(before.database, entries, before.made).as_bytes())
    with zipfile.ZipFile(place, "w") as archive:
        for name, data in {**contents, MANIFEST: manifest}.items():
            archive.writestr(name, data)
    return place


def _with_trigger(contents: dict[str, bytes]) -> None:
    file = Path(os.environ["SYNTHETIC_PLACE"])
    file.write_bytes(contents["gradebook.sqlite"])
    with sqlite3.connect(file) as database:
        database.execute("CREATE TRIGGER forge AFTER INSERT ON grade BEGIN UPDATE grade SET manual_score = 99; END")
    database.close()
    contents["gradebook.sqlite"] = file.read_bytes()


@pytest.mark.parametrize(
    "change",
    [
        lambda contents: contents.update({"files/nbgrader_config.py": b"raise SystemExit"}),
        lambda contents: contents.update({"files/submitted/../../nbgrader_config.py": b"raise SystemExit"}),
        lambda contents: contents.update({"/files/submitted/x/y": b""}),
        lambda contents: contents.update({"files/exercises/two-questions/two-questions.ipynb": b"{}"}),
        lambda contents: contents.update({"gradebook.dump": b""}),
        lambda contents: contents.update({"gradebook.sqlite": b"no database"}),
        lambda contents: contents.update(manifest=b"{}"),
        lambda contents: contents.update(manifest=b"["),
        lambda contents: contents.pop("gradebook.sqlite"),
        _with_trigger,
    ],
)
def test_an_archive_of_a_stranger_changes_nothing(
    change: Callable[[dict[str, bytes]], None],
    tmp_path: Path,
    clone: Any,
    kept: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SYNTHETIC_PLACE", str(tmp_path / "gradebook"))
    folder = a_folder(tmp_path / "new", clone, monkeypatch)
    before = everything(folder)
    with pytest.raises(BadBackup) as told:
        command.restore(repacked(kept, tmp_path / "strange.zip", change))
    assert "Nothing was restored" in told.value.hint
    assert without_locks(everything(folder)) == before


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_backup_or_was_changed_since_is_refused(
    data: bytes, tmp_path: Path, clone: Any, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = a_folder(tmp_path / "new", clone, monkeypatch)
    before = everything(folder)
    (tmp_path / "strange.zip").write_bytes(data)
    with pytest.raises(BadBackup):
        command.restore(tmp_path / "strange.zip")
    whole = kept.read_bytes()
    (tmp_path / "cut.zip").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BadBackup):
        command.restore(tmp_path / "cut.zip")
    packed = io.BytesIO()
    with zipfile.ZipFile(kept) as archive, zipfile.ZipFile(packed, "w") as other:
        for name in archive.namelist():
            other.writestr(name, archive.read(name) + (b" " if name.endswith("cohort.toml") else b""))
    (tmp_path / "changed.zip").write_bytes(packed.getvalue())
    with pytest.raises(BadBackup):
        command.restore(tmp_path / "changed.zip")
    with pytest.raises(BadBackup, match="cannot be read"):
        command.restore(tmp_path / "nowhere.zip")
    assert without_locks(everything(folder)) == before


def test_a_restore_that_fails_or_was_killed_is_taken_back(
    tmp_path: Path, clone: Any, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = a_folder(tmp_path / "new", clone, monkeypatch)
    before = everything(folder)
    with monkeypatch.context() as patch:
        patch.setattr(restoring, "restore_gradebook", _refuse)
        with pytest.raises(GradebookUnusable):
            command.restore(kept)
        assert without_locks(everything(folder)) == before
        patch.setattr(restoring, "_take_back", lambda *_: None)  # as after a kill
        with pytest.raises(GradebookUnusable):
            command.restore(kept)
    assert (folder / "submitted").is_dir()
    command.restore(kept)
    assert len(rows(folder)["people"]) == PEOPLE
    assert not (folder / DRAFT).exists()


def test_a_gradebook_on_another_drive_is_restored_there(
    tmp_path: Path, clone: Any, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = Path("/dev/shm")
    if not memory.is_dir() or memory.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("There is no second drive here.")
    with tempfile.TemporaryDirectory(dir=memory) as elsewhere:
        folder = a_folder(tmp_path / "new", clone, monkeypatch, f"sqlite:///{elsewhere}/gradebook.db")
        command.restore(kept)
        assert len(rows(folder)["people"]) == PEOPLE
        (only,) = Path(elsewhere).iterdir()
        assert (only.name, only.stat().st_mode & 0o077) == ("gradebook.db", 0)
        assert not (folder / DRAFT).exists()


@pytest.mark.parametrize(
    "worked_on",
    ["submitted/synthetic-9999/repair/repair.ipynb", "gradebook.db", "../gradebook-elsewhere.db", "cohort.toml"],
)
def test_work_done_since_a_restore_was_killed_is_never_taken_back(
    worked_on: str, tmp_path: Path, clone: Any, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = a_folder(tmp_path / "new", clone, monkeypatch)
    if "elsewhere" in worked_on:
        monkeypatch.setenv("BUILDING_TRUST_GRADEBOOK", f"sqlite:///{tmp_path}/gradebook-elsewhere.db")
    with monkeypatch.context() as patch:
        if "gradebook" not in worked_on:
            patch.setattr(restoring, "restore_gradebook", _refuse)
        patch.setattr(restoring.shutil, "rmtree", _refuse)  # as after a kill
        patch.setattr(restoring, "_take_back", lambda *_: None)
        patch.setattr(Path, "unlink", _refuse)
        with pytest.raises(GradebookUnusable):
            command.restore(kept)
    (folder / worked_on).parent.mkdir(parents=True, exist_ok=True)
    with (folder / worked_on).open("ab") as file:
        file.write(b"synthetic: written since")
    before = {name: (folder / name).read_bytes() for name in everything(folder) if (folder / name).is_file()}
    with pytest.raises(RestoreRefused, match=re.escape(worked_on.split("/")[0])):
        command.restore(kept)
    assert {name: (folder / name).read_bytes() for name in before} == before


def _refuse(*_: object) -> None:
    raise GradebookUnusable("synthetic")


def test_the_password_of_a_database_is_neither_said_nor_in_the_list_of_processes(
    tmp_path: Path, clone: Any, server: PostgreSQL, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = server.new_database("with password").replace("tests@", "tests:secret-word@")
    folder = a_folder(tmp_path / "first", clone, monkeypatch, url)
    mark_a_cohort(folder, clone)
    commands = tmp_path / "commands"
    commands.mkdir()
    (commands / "pg_dump").write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/given\nexit 1\n')
    (commands / "pg_dump").chmod(0o755)
    monkeypatch.setenv("PATH", f"{commands}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(CourseError, match="pg_dump") as told:
        command.backup(tmp_path / "kept.zip")
    assert "secret-word" not in str(told.value)
    assert "with password" in (tmp_path / "given").read_text()
    assert "secret-word" not in (tmp_path / "given").read_text()
    assert not (tmp_path / "kept.zip").exists()


def test_a_manifest_is_read_as_it_was_written() -> None:
    manifest = Manifest("", {"files/cohort.toml": FileEntry.of(b"x", 5)}, "2026-11-22T12:00:00+00:00")
    assert Manifest.read(manifest.as_bytes()) == manifest
    one = {"size": 1, "sha256": "", "changed": 5}
    for change in (
        {"format": 2},
        {"database": "oracle"},
        {"database": []},
        {"made": 5},
        {"entries": []},
        {"entries": {"files/cohort.toml": []}},
        {"entries": {"files/cohort.toml": one | {"size": "1"}}},
        {"entries": {"files/cohort.toml": one | {"size": -1}}},
        {"entries": {"files/cohort.toml": one | {"size": 2**40}}},
        {"entries": {"files/course/cli.py": one}},
    ):
        content = json.loads(manifest.as_bytes()) | change
        with pytest.raises(ValueError, match=r"^$"):
            Manifest.read(storage.as_json(content))
