"""The address of the course: the same each day, and a server that is there already is found."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path
from queue import Queue

import pytest
from click.testing import CliRunner

from course.cli import main
from course.content import words
from course.core.settings import settings
from course.learner import address, demo
from tests.another_program import NO_ANSWERS, answering
from tests.jupyter_server import ADDRESS, variables_of
from tests.trainer.submissions import course_directory

LONGEST_WAIT = 60
"""Seconds to wait for a thread."""


def test_a_folder_is_opened_at_the_port_of_the_days_before(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        address.keep_port(tmp_path, Path("/copy"), port)
        taken = address.choose_port(tmp_path, Path("/copy"), 1)
    assert (taken.number > port, taken.kept) == (True, port)
    assert address.choose_port(tmp_path, Path("/copy"), 1) == address.ChosenPort(port, None)


def test_another_folder_leaves_that_port_alone(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address.keep_port(tmp_path, Path("/copy"), port)
    other = address.choose_port(tmp_path, Path("/other"), port)
    assert (other.number > port, other.kept) == (True, None)


@pytest.mark.parametrize("text", ["", "[]", '{"/copy": "8888"}', '{"/copy": 70000}', "\x00"])
def test_a_damaged_note_of_ports_is_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "ports.json").write_text(text)
    assert address.choose_port(tmp_path, Path("/copy"), 20000).kept is None


def test_a_note_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    address.keep_port(tmp_path / "file", Path("/copy"), 8888)


def test_only_servers_of_the_same_folder_are_found_and_a_silent_one_gives_no_code(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    note = {"port": port, "url": f"http://127.0.0.1:{port}/", "token": "t", "root_dir": "/copy"}
    for name, text in (("1", json.dumps(note)), ("2", "{"), ("3", json.dumps(note | {"root_dir": "/other"}))):
        (tmp_path / f"jpserver-{name}.json").write_text(text)
    [found] = address.find_running(tmp_path, Path("/copy"))
    assert found.with_token("/read/x") == f"http://127.0.0.1:{port}/read/x?token=t"
    assert found.new_code("/read/x") is None


@pytest.mark.parametrize("text", NO_ANSWERS)
def test_another_program_at_the_port_gives_no_code(text: bytes) -> None:
    with answering(text) as port:
        assert address.OpenCourse(port, f"http://127.0.0.1:{port}", "t").new_code("/read/x") is None


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_the_page_with_a_code_is_for_its_owner_alone_and_no_address_holds_the_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: Queue[str] = Queue()
    monkeypatch.setattr(address.webbrowser, "open", opened.put)
    page = tmp_path / "open-the-course.html"
    page.write_text("left over")
    page.chmod(0o644)
    address.open_privately(page, "http://127.0.0.1:1", "secret-code")
    assert page.stat().st_mode & 0o777 == 0o600
    assert opened.get(timeout=LONGEST_WAIT) == page.as_uri()
    text = page.read_text(encoding="utf-8")
    assert 'method="post" action="http://127.0.0.1:1/open-once"' in text
    assert text.count("secret-code") == 1


@pytest.mark.slow
def test_two_that_open_the_course_at_the_same_moment_make_one_server(tmp_path: Path) -> None:
    line = [sys.executable, "-m", "course", "learn", "--no-browser"]
    said = ["", ""]
    with contextlib.ExitStack() as stack:
        commands = []
        for _ in said:
            process = subprocess.Popen(
                line, env=variables_of(tmp_path), cwd=tmp_path, stdout=subprocess.PIPE, text=True
            )
            commands.append(stack.enter_context(process))
            stack.callback(process.kill)
        for number, command in enumerate(commands):
            assert command.stdout is not None
            for text in command.stdout:
                said[number] += text
                if ADDRESS.search(text):
                    break
    [first, second] = [found[0] for text in said if (found := ADDRESS.search(text))]
    assert first == second
    assert [words("view.runs") in text for text in sorted(said, key=len)] == [True, False]


@pytest.mark.parametrize("command", ["learn", "teach", "demo"])
def test_every_way_to_open_the_course_waits_for_another(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(address, "_OPENING", 0)
    monkeypatch.setenv("BUILDING_TRUST_EXCHANGE", str(tmp_path / "exchange"))
    coursework = course_directory(tmp_path / "coursework")  # `course teach` puts its starter beside it
    monkeypatch.setenv("BUILDING_TRUST_COURSEWORK", str(coursework))
    for name in demo.environment() if command == "demo" else ():
        monkeypatch.setenv(name, "")  # the command sets it
    places = demo.environment() if command == "demo" else {}
    folder = settings(places).data / "jupyter" / ("teach" if command == "teach" else "learn")
    with socket.create_server((address.LOCALHOST, 0)) as taken, address.opening_alone(folder):
        told = CliRunner().invoke(main, [command, "--no-browser", "--port", str(taken.getsockname()[1])])
    assert words("view.being-opened") in told.stdout
    assert told.stderr.startswith("Port ")


def test_the_next_one_opens_once_the_first_answers_or_has_ended(tmp_path: Path) -> None:
    second_waits, order = threading.Event(), Queue[str]()

    def open_second() -> None:
        second_waits.set()
        with address.opening_alone(tmp_path):
            order.put("second")

    for answers in (True, False):
        second_waits.clear()
        with address.opening_alone(tmp_path) as opened:
            second = threading.Thread(target=open_second)
            second.start()
            second_waits.wait(timeout=LONGEST_WAIT)
            order.put("first")
            if answers:
                opened()
                second.join(timeout=LONGEST_WAIT)
                order.put("first, still open")
        second.join(timeout=LONGEST_WAIT)
    assert [order.get_nowait() for _ in range(5)] == ["first", "second", "first, still open", "first", "second"]


def test_one_who_opens_the_course_for_too_long_stops_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(address, "_OPENING", 0)
    with address.opening_alone(tmp_path), address.opening_alone(tmp_path):
        assert capsys.readouterr().out == words("view.being-opened") + "\n"


@pytest.mark.skipif(os.name != "posix", reason="errors of locks as Unix has them")
@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EIO])
def test_a_drive_without_locks_stops_nobody(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(handle: int, operation: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("fcntl.flock", refuse)
    with address.opening_alone(tmp_path), address.opening_alone(tmp_path):
        assert capsys.readouterr().out == ""


def test_a_lock_that_a_killed_process_left_stops_nobody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    killed = (
        "import os, sys; from pathlib import Path; from course.learner import address\n"
        "with address.opening_alone(Path(sys.argv[1])): os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", killed, str(tmp_path)]).returncode == 9
    assert [path.name for path in tmp_path.iterdir()] == ["opening.lock"]
    with address.opening_alone(tmp_path):
        assert capsys.readouterr().out == ""
