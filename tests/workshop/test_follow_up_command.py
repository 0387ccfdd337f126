"""`course workshop --follow-up FILE` as a process of its own, on a file that a session really saved."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from course.cli import main
from course.workshop import commands
from tests.workshop.live_server import Browser, open_console
from tests.workshop.whole_room import PlayedRoom
from tests.workshop.workshop_process import console_link, interrupt, read_until, start

pytestmark = pytest.mark.slow
AFTER_A_START = "Ctrl-C"
QUESTION = "now-kept"


def join(port: int, join_page: str) -> tuple[Browser, str]:
    """Return a phone that has typed the letters on the facilitator's page, and the path of its own page."""
    letters = re.search(r'class="letters">(\w{6})<', join_page)
    assert letters
    phone = Browser(port)
    joined = phone.form(phone.form("/", {"code": letters[1]}).headers["location"], {}).headers["location"]
    assert phone.get(joined).status == 200
    return phone, joined.partition("?")[0]


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is sent as a signal")
def test_a_saved_file_is_followed_up_by_the_command_over_a_restart_and_stops_cleanly(
    played_room: PlayedRoom, tmp_path: Path
) -> None:
    file, data = played_room.saved_file(tmp_path), tmp_path / "data"
    record = json.loads(file.read_bytes())
    before = file.read_bytes()

    process = start(data, "--follow-up", str(file))
    port, link = console_link(read_until(process, AFTER_A_START))
    console = open_console(port, link)
    page = console.get(f"/console/{console.session}/").body.decode()
    assert "Trust in this room: looking back" in page
    phone, path = join(port, page)
    assert console.press("step", step="promises").status == 200
    assert console.press("open", question=QUESTION).status == 200
    assert record["now"][0] in phone.get(path).body.decode()
    sent = phone.send(f"{path}answer", {"part": f"{QUESTION}.1", "revision": 1, "answer": "moved"})
    assert sent.json["saved"] is True
    assert "stopped" in interrupt(process)
    assert process.returncode == 0
    assert not (data / "workshop" / "rooms" / "running.json").exists()

    for options in (["--follow-up", str(file)], []):
        process = start(data, *options)
        port, link = console_link(read_until(process, AFTER_A_START))
        again = open_console(port, link)
        assert again.session == console.session
        phone.port = port
        assert phone.get(f"{path}mine").json["mine"][f"{QUESTION}.1"]["answer"] == "moved"
        rest = interrupt(process)
        assert (process.returncode, "Traceback" in rest) == (0, False)
    assert file.read_bytes() == before


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is sent as a signal")
def test_a_session_that_is_still_open_stays_beside_its_follow_up(played_room: PlayedRoom, tmp_path: Path) -> None:
    file, data = played_room.saved_file(tmp_path), tmp_path / "data"
    sessions = []
    for options in ([], ["--follow-up", str(file)]):
        process = start(data, *options)
        output = read_until(process, AFTER_A_START)
        sessions.append(open_console(*console_link(output)).session)
        interrupt(process)
    assert sessions[0] != sessions[1]
    assert "Other rooms that are open: 1" in output


def cut_short(text: str) -> str:
    return text[:-20]


@pytest.mark.parametrize(
    "change, options, message",
    [
        (cut_short, [], "saved.json"),
        (lambda text: text.replace('"version": 2', '"version": 99'), [], "saved.json"),
        (lambda text: text.replace('"is_synthetic": false', '"is_synthetic": true'), [], "rehears"),
        (lambda text: text, ["--long"], "--long"),
    ],
    ids=["cut short", "newer", "made up", "with another length"],
)
def test_what_cannot_be_followed_up_is_said_in_two_lines(
    played_room: PlayedRoom,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[str], str],
    options: list[str],
    message: str,
) -> None:
    file = played_room.saved_file(tmp_path)
    file.write_text(change(file.read_text(encoding="utf-8")), encoding="utf-8")
    monkeypatch.setenv("BUILDING_TRUST_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(commands, "_run", None)  # nothing is served, whatever becomes of it
    refused = CliRunner().invoke(main, ["workshop", "--no-browser", "--follow-up", str(file), *options])
    assert refused.exit_code not in (0, None)
    assert message in refused.output
    assert "Traceback" not in refused.output
    assert len(refused.output.strip().splitlines()) == 2


def test_a_process_of_its_own_says_the_same_and_ends(
    played_room: PlayedRoom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = played_room.saved_file(tmp_path)
    file.write_text(cut_short(file.read_text(encoding="utf-8")), encoding="utf-8")
    process = start(tmp_path / "data", "--follow-up", str(file))
    try:
        output, _ = process.communicate(timeout=60)
    finally:
        process.kill()
    monkeypatch.setenv("BUILDING_TRUST_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(commands, "_run", None)
    said = CliRunner().invoke(main, ["workshop", "--no-browser", "--follow-up", str(file)])
    assert (process.returncode, output) == (said.exit_code, said.output)


def test_each_of_several_files_is_read(
    played_room: PlayedRoom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, other = played_room.saved_file(tmp_path), tmp_path / "before.json"
    other.write_text(cut_short(file.read_text(encoding="utf-8")), encoding="utf-8")
    monkeypatch.setenv("BUILDING_TRUST_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(commands, "_run", None)  # nothing is served, whatever becomes of it
    files = ["--follow-up", str(file), "--follow-up", str(other)]
    refused = CliRunner().invoke(main, ["workshop", "--no-browser", *files])
    assert (refused.exit_code, "before.json" in refused.output) == (1, True)
