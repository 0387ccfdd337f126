"""The address of the course: the same each day, and a server that is there already is found."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path
from queue import Queue

import pytest

from course.learner import address
from tests.another_program import NO_ANSWERS, answering

LONGEST_WAIT = 30
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
