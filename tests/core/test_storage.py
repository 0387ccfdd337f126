"""A file without secrets is put into place whole, or not at all. What guards answers is in test_answers.py."""

from __future__ import annotations

import contextlib
import errno
import itertools
import math
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from course.core import storage
from course.core.errors import LocksMissing
from course.core.storage import locked, put, write_whole
from tests.paths import ROOT


def test_a_file_is_put_into_a_folder_made_for_it_and_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "new" / "settings.json"
    for text in (b"first", b"second, and longer"):
        put(path, text)
        assert path.read_bytes() == text
    assert [file.name for file in path.parent.iterdir()] == ["settings.json"]


def test_a_file_that_says_the_same_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    put(path, b"the same")
    before = path.stat()
    put(path, b"the same")
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_where_a_file_cannot_be_put_no_draft_stays(tmp_path: Path) -> None:
    (tmp_path / "settings.json").mkdir()
    with pytest.raises(OSError, match=r"settings\.json"):
        put(tmp_path / "settings.json", b"text")
    assert [path.name for path in tmp_path.rglob("*")] == ["settings.json"]


KILLED_WHILE_PUTTING = """
import os, signal, sys
from pathlib import Path
from course.core.storage import put

class Killed:
    def __index__(self):  # asked for once the draft is written
        os.kill(os.getpid(), signal.SIGKILL)

put(Path(sys.argv[1]), b"half", Killed())
"""


@pytest.mark.skipif(os.name != "posix", reason="only there is it known which processes are gone")
def test_a_draft_of_a_killed_process_goes_with_the_next_writing_and_no_other_file_does(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    killed = subprocess.run([sys.executable, "-c", KILLED_WHILE_PUTTING, str(path)], cwd=ROOT, timeout=60)
    (left,) = tmp_path.iterdir()
    assert (killed.returncode, left.suffix) == (-signal.SIGKILL, ".tmp")
    draft_name = left.name.rpartition("-")[0]
    others = [f"{draft_name}-{os.getppid()}.tmp", "settings.json.0-99999999.tmp", "settings.json.mine.tmp"]
    for name in others:  # of a process that runs, of another machine, and a person's own
        (tmp_path / name).touch()
    put(path, b"whole")
    assert {file.name for file in tmp_path.iterdir()} == {"settings.json", *others}


def test_what_must_survive_is_on_disk_before_it_takes_the_old_ones_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    for name in ("fsync", "replace"):
        real = getattr(os, name)
        monkeypatch.setattr(os, name, lambda *given, name=name, real=real: (done.append(name), real(*given)))
    write_whole(tmp_path / "page.json", b"{}")
    assert done[:2] == ["fsync", "replace"]
    assert (tmp_path / "page.json").read_bytes() == b"{}"


def refuse_to_replace(monkeypatch: pytest.MonkeyPatch, times: float) -> None:
    """Refuse so often to put a file in the place of another, as Windows does while another process has it open."""
    tries, replace = itertools.count(1), Path.replace

    def refuse(draft: Path, target: Path) -> Path:
        if next(tries) <= times:
            raise PermissionError(errno.EACCES, "The process cannot access the file", str(target))
        return replace(draft, target)

    monkeypatch.setattr(Path, "replace", refuse)


@pytest.mark.parametrize("write", [put, write_whole])
@pytest.mark.parametrize("times", [2, math.inf], ids=["for a moment", "for ever"])
def test_a_file_that_somebody_reads_is_replaced_a_moment_later_or_stays_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[[Path, bytes], None], times: float
) -> None:
    path = tmp_path / "answers.json"
    write(path, b"old")
    refuse_to_replace(monkeypatch, times)
    seconds = itertools.count(step=0.3).__next__
    monkeypatch.setattr(storage, "time", SimpleNamespace(monotonic=seconds, sleep=lambda _: None))  # nobody waits
    with contextlib.nullcontext() if times < math.inf else pytest.raises(PermissionError):
        write(path, b"new")
    assert path.read_bytes() == (b"new" if times < math.inf else b"old")
    assert [file.name for file in tmp_path.iterdir()] == ["answers.json"]


def test_a_file_has_the_permissions_that_were_asked_for_also_where_it_says_the_same(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    put(path, b"page")
    for data in (b"page", b"another"):
        put(path, data, 0o444)
        assert (path.read_bytes(), path.stat().st_mode & 0o777) == (data, 0o444)


def names_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_folder_is_replaced_whole_with_nothing_left_of_the_old_one(tmp_path: Path) -> None:
    place = tmp_path / "kim" / "repair"
    storage.replace_folder(place, {"a.txt": b"1", "deep/b.txt": b"2"})
    assert names_in(tmp_path) == ["kim/repair/a.txt", "kim/repair/deep/b.txt"]
    storage.replace_folder(place, {"a.txt": b"3"})
    assert names_in(tmp_path) == ["kim/repair/a.txt"]
    assert [path.name for path in place.parent.iterdir()] == ["repair"]


def test_a_folder_that_cannot_be_made_leaves_the_old_one_and_no_draft(tmp_path: Path) -> None:
    place = tmp_path / "repair"
    storage.replace_folder(place, {"a.txt": b"old"})
    with pytest.raises(OSError, match=r"a\.txt"):
        storage.replace_folder(place, {"a.txt": b"new", "a.txt/b.txt": b""})
    assert (place / "a.txt").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["repair"]


def test_the_old_folder_comes_back_where_the_new_one_cannot_be_moved(tmp_path: Path) -> None:
    place = tmp_path / "repair"
    storage.replace_folder(place, {"a.txt": b"old"})
    with pytest.raises(OSError, match="repair"):
        storage.put_draft(place)  # there is no draft
    assert names_in(tmp_path) == ["repair/a.txt"]


def test_what_a_killed_run_left_between_two_renames_is_put_back(tmp_path: Path) -> None:
    place = tmp_path / "kim" / "repair"
    storage.replace_folder(place, {"a.txt": b"old"})
    storage.new_draft(place).joinpath("a.txt").write_bytes(b"half")
    place.rename(place.with_name(".repair.old"))
    storage.restore_folders(tmp_path)
    assert names_in(tmp_path) == ["kim/repair/a.txt"]
    assert (place / "a.txt").read_bytes() == b"old"
    assert [path.name for path in place.parent.iterdir()] == ["repair"]


def test_a_new_draft_is_empty_though_a_killed_run_left_one(tmp_path: Path) -> None:
    (tmp_path / ".page.draft").mkdir()
    (tmp_path / ".page.draft" / "half.html").touch()
    assert list(storage.new_draft(tmp_path / "page").iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="links as Unix has them")
def test_a_file_or_a_link_that_is_called_like_a_draft_stays(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    parent = tmp_path / "pages"
    parent.mkdir()
    (parent / ".notes.draft").write_text("a person's own")
    (parent / ".link.draft").symlink_to(elsewhere)
    storage.restore_folders(parent, ".")
    assert sorted(path.name for path in parent.iterdir()) == [".link.draft", ".notes.draft"]
    assert elsewhere.is_dir()


def test_an_old_folder_goes_where_the_new_one_came_into_its_place(tmp_path: Path) -> None:
    for name, data in ((".repair.old", b"old"), ("repair", b"new")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_bytes(data)
    storage.restore_folders(tmp_path, ".")
    assert (tmp_path / "repair" / "a.txt").read_bytes() == b"new"
    assert [path.name for path in tmp_path.iterdir()] == ["repair"]


@pytest.mark.parametrize("deep", [1, 3, 30])
def test_lists_are_counted_as_they_lie_in_each_other(deep: int) -> None:
    value: object = 1
    for _ in range(deep):
        value = [value]
    assert storage.is_at_most_deep(value, deep)
    assert not storage.is_at_most_deep(value, deep - 1)


@pytest.mark.skipif(os.name != "posix", reason="errors of locks as Unix has them")
@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EOPNOTSUPP, errno.EINVAL])
def test_a_drive_without_locks_is_named_with_the_way_out(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fcntl.flock", refuse(number))
    with pytest.raises(LocksMissing) as caught, locked(tmp_path / "locks" / "a.lock", 5):
        pass
    assert str(tmp_path / "locks") in caught.value.message
    assert "BUILDING_TRUST_DATA" in caught.value.hint
    assert len(str(caught.value).splitlines()) == 2
    monkeypatch.undo()
    with locked(tmp_path / "locks" / "a.lock", 0):
        pass


@pytest.mark.skipif(os.name != "posix", reason="errors of locks as Unix has them")
def test_another_error_of_a_lock_is_not_taken_for_a_drive_without_locks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fcntl.flock", refuse(errno.EIO))
    with pytest.raises(OSError, match=os.strerror(errno.EIO)) as caught, locked(tmp_path / "a.lock", 0):
        pass
    assert not isinstance(caught.value, LocksMissing)


ANOTHER_KIND = """
import errno, fcntl, sys
from pathlib import Path
from course.core.storage import locked
def flock(handle, operation): raise OSError(errno.ENOSYS, "Function not implemented")
fcntl.flock = flock
with locked(Path(sys.argv[1]), 0):
    try:
        with locked(Path(sys.argv[1]), 0):
            pass
    except TimeoutError:
        print("held")
"""


@pytest.mark.skipif(os.name != "posix", reason="errors of locks as Unix has them")
def test_where_the_system_has_no_such_lock_at_all_another_kind_is_taken_in_silence(tmp_path: Path) -> None:
    line = [sys.executable, "-W", "error", "-c", ANOTHER_KIND, str(tmp_path / "a.lock")]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("held\n", "")


def refuse(number: int) -> Callable[[int, int], None]:
    """Return a lock of the system that answers as a drive does on which it cannot be had."""

    def flock(handle: int, operation: int) -> None:
        raise OSError(number, os.strerror(number))

    return flock
