"""Another version of the course that is installed while the course is open: it is noticed, and it takes over."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
import websocket

from course.content import words
from course.learner import set_up
from course.learner.installed import LOOKS, work_ends_soon
from course.learner.set_up import InstalledCourse
from tests.cases import every
from tests.jupyter_server import (
    ANOTHER_VERSION,
    RunningCourse,
    copy_course,
    install_another_version,
    open_course,
    variables_of,
)
from tests.ports import free_port

moments = itertools.count(1)


def write(path: Path, text: str) -> None:
    """Write a file as installers do: the one before is taken away. The folder has another time than ever before.

    Many a system gives all that is done within some milliseconds one time, and installers take longer than that.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_text(text, encoding="utf-8")
    at = next(moments)
    os.utime(path.parent, (at, at))


def small_course(folder: Path, root: Path = Path("/copy")) -> InstalledCourse:
    write(folder / "course" / "content" / "words.toml", "one")
    write(folder / "course" / "page.py", "one")
    write(folder / "notebooks" / "start.ipynb", "one")
    return InstalledCourse(root, folder)


@every(
    "change, is_another",
    [
        (lambda folder: None, False),
        (lambda folder: write(folder / "course" / "page.py", "one"), False),
        (lambda folder: write(folder / "course" / "__pycache__" / "page.pyc", "two"), False),
        (lambda folder: write(folder / "course" / "page.py", "two"), True),
        (lambda folder: write(folder / "course" / "content" / "words.toml", "two"), True),
        (lambda folder: write(folder / "notebooks" / "start.ipynb", "two"), True),
        (lambda folder: write(folder / "course" / "more" / "new.py", ""), True),
        (lambda folder: (folder / "course" / "page.py").unlink(), True),
    ],
)
def test_another_version_is_noticed_and_the_same_installed_again_is_not(
    change: Callable[[Path], object], is_another: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("installed")
    installed = small_course(folder)
    change(folder)
    assert [installed.has_changed(), installed.has_changed()] == [is_another, is_another]


def test_a_version_that_comes_back_is_the_one_of_before(tmp_path: Path) -> None:
    installed = small_course(tmp_path)
    write(tmp_path / "course" / "page.py", "two")
    assert installed.has_changed()
    write(tmp_path / "course" / "page.py", "one")
    assert not installed.has_changed()


def test_a_folder_that_goes_while_it_is_looked_at_is_another_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = small_course(tmp_path)
    monkeypatch.setattr(set_up, "folders", lambda *_: iter([tmp_path / "course" / "removed-just-now"]))
    assert installed.has_changed()
    monkeypatch.undo()
    assert not installed.has_changed()


def test_a_trainer_who_writes_a_lesson_has_no_other_version_by_that(tmp_path: Path) -> None:
    installed = small_course(tmp_path, root=tmp_path)
    write(tmp_path / "notebooks" / "start.ipynb", "two")
    assert not installed.has_changed()
    write(tmp_path / "course" / "page.py", "two")
    assert installed.has_changed()


def read_start(course: RunningCourse) -> str:
    with urllib.request.urlopen(course.start) as reply:
        return str(reply.read().decode())


def learn_again(home: Path, source: Path) -> str:
    """Return what `course learn` says beside one that is open."""
    line = [sys.executable, "-m", "course", "learn", "--no-browser"]
    places = variables_of(home) | {"PYTHONPATH": str(source)}
    return subprocess.run(line, env=places, cwd=home, capture_output=True, text=True, check=True, timeout=60).stdout


def begin_work(course: RunningCourse) -> None:
    """Start a kernel, and return once it works and does not end by itself."""
    asked = urllib.request.Request(
        f"{course.base}/api/kernels", b"{}", {"Authorization": f"token {course.token}"}, method="POST"
    )
    with urllib.request.urlopen(asked) as reply:
        kernel = json.loads(reply.read())["id"]
    address = f"{course.base.replace('http', 'ws')}/api/kernels/{kernel}/channels?token={course.token}"
    socket = websocket.create_connection(address, timeout=60)
    header = {"msg_id": "1", "msg_type": "execute_request", "session": "1", "username": "", "version": "5.3"}
    content = {"code": "input_is_awaited = __import__('threading').Event().wait()", "silent": False}
    message = {"channel": "shell", "header": header, "parent_header": {}, "metadata": {}, "content": content}
    socket.send(json.dumps(message))
    while json.loads(socket.recv())["header"]["msg_type"] != "execute_input":
        pass
    socket.close()


@pytest.mark.slow
def test_a_page_says_that_another_version_is_there_and_the_course_opened_again_takes_over(tmp_path: Path) -> None:
    source, home = copy_course(tmp_path / "source"), tmp_path / "home"
    home.mkdir()
    port = str(free_port())  # at the usual one, the course of another test could begin where the first one ends
    with open_course(home, "--port", port, PYTHONPATH=str(source)) as first:
        assert words("frame.newer") not in read_start(first)
        assert learn_again(home, source).splitlines()[0] == words("view.runs")
        install_another_version(source)
        assert words("frame.newer") in read_start(first)
        with open_course(home, "--port", port, PYTHONPATH=str(source)) as second:
            said, _ = first.command.communicate(timeout=60)
            assert (first.command.returncode, said.splitlines()[-1]) == (0, words("view.gave-way"))
            assert (second.base, second.token != first.token) == (first.base, True)
            assert words("frame.newer") not in read_start(second)
            assert ANOTHER_VERSION in read_start(second)


@pytest.mark.parametrize(("busy_for", "is_free"), [(0, True), (1, True), (LOOKS - 1, True), (LOOKS, False)], ids=str)
@pytest.mark.parametrize("state", ["busy", "starting"])
def test_work_that_takes_a_moment_is_waited_for(busy_for: int, is_free: bool, state: str) -> None:
    states = iter([state] * busy_for + ["idle"] * LOOKS)
    kernels = lambda: [{"execution_state": "idle"}, {"execution_state": next(states)}]  # noqa: E731
    assert asyncio.run(work_ends_soon(kernels, pause=0)) is is_free


@pytest.mark.slow
def test_a_course_in_which_something_runs_stays_open_and_it_is_said_what_to_do(tmp_path: Path) -> None:
    source, home = copy_course(tmp_path / "source"), tmp_path / "home"
    home.mkdir()
    with open_course(home, PYTHONPATH=str(source)) as course:
        begin_work(course)
        install_another_version(source)
        said = learn_again(home, source).splitlines()
        assert said == [words("view.runs-other"), words("view.open-yourself", address=course.start)]
        assert course.kernels()
