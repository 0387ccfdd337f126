"""`course workshop`: says where the console is, keeps its key to its owner, and stops cleanly."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
from pathlib import Path

import pytest
from click.testing import CliRunner

from course.cli import main
from course.core.steady_clock import start_of_computer
from course.workshop import commands
from course.workshop.script.script import find_script
from tests.ports import free_port
from tests.waiting import wait_until
from tests.workshop.live_server import Browser
from tests.workshop.workshop_process import console_link, interrupt, read_until, start

pytestmark = pytest.mark.slow


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is sent as a signal")
def test_the_console_opens_and_ctrl_c_stops_and_goes_on(tmp_path: Path) -> None:
    sessions = []
    for _ in range(2):
        process = start(tmp_path)
        output = read_until(process, "Ctrl-C")
        running = tmp_path / "workshop" / "rooms" / "running.json"
        assert running.stat().st_mode & 0o077 == 0
        running_server = json.loads(running.read_text(encoding="utf-8"))
        assert running_server["key"] not in output
        sessions.append(opened(output))
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=60)
        assert process.returncode == 0
        assert "stopped" in rest
        assert not running.exists()
        assert (tmp_path / "workshop" / "clock.json").exists() == bool(start_of_computer())
    assert sessions[0] == sessions[1]


def session_of(data: Path, *options: str, typed: str = "") -> str:
    """Start the workshop at a terminal at which that is typed, and stop it; return which session it ran."""
    own_end, its_end = os.openpty()
    os.write(own_end, typed.encode())
    process = start(data, *options, stdin=its_end)
    output = read_until(process, "Ctrl-C")
    running = json.loads((data / "workshop" / "rooms" / "running.json").read_text(encoding="utf-8"))
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    for end in (own_end, its_end):
        os.close(end)
    assert ("Go on with it?" in output) == bool(typed)
    return str(running["session"])


@pytest.mark.skipif(os.name != "posix", reason="a terminal of Unix")
def test_a_person_at_a_terminal_is_asked_whether_to_go_on_or_open_a_new_room(tmp_path: Path) -> None:
    first = session_of(tmp_path)
    assert session_of(tmp_path, typed="\n") == first
    second = session_of(tmp_path, typed="n\n")
    assert second != first
    assert session_of(tmp_path, "--new") not in (first, second)


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is sent as a signal")
@pytest.mark.parametrize("browser", ["true", ""], ids=["in a browser", "without a browser"])
def test_a_starter_is_left_once_the_console_is_open_in_a_browser_and_not_before(tmp_path: Path, browser: str) -> None:
    work = tmp_path / "home" / "building-trust"
    work.parent.mkdir()
    start(tmp_path / "data", "--script", "no-such.toml", browser="true", work=work).communicate(timeout=60)
    assert list(work.parent.iterdir()) == []
    process = start(tmp_path / "data", browser=browser, work=work)
    read_until(process, "Run the Building Trust workshop" if browser else "Ctrl-C")
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert [path.stem for path in work.parent.iterdir()] == ["Run the Building Trust workshop"] * (2 if browser else 0)


@pytest.mark.parametrize(
    "options, message",
    [
        (["--certfile", "cert.pem"], "--keyfile"),
        (["--certfile", "no.pem", "--keyfile", "no.pem"], "certificate"),
        (["--script", "no-such.toml"], "no-such.toml"),
    ],
)
def test_what_cannot_be_is_said_in_two_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], message: str
) -> None:
    monkeypatch.setenv("BUILDING_TRUST_DATA", str(tmp_path))
    monkeypatch.setattr(commands, "_run", None)  # nothing is served, whatever becomes of it
    refused = CliRunner().invoke(main, ["workshop", "--no-browser", *options])
    assert refused.exit_code not in (0, None)
    assert message in refused.output
    assert "Traceback" not in refused.output
    assert len(refused.output.strip().splitlines()) == 2


def test_where_no_new_room_can_be_saved_the_terminal_says_what_to_do_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not what phones are told: to keep their page open."""
    monkeypatch.setenv("BUILDING_TRUST_DATA", str(tmp_path))
    rooms = tmp_path / "workshop" / "rooms"
    rooms.mkdir(parents=True)
    (rooms / "keys").touch()  # where the folder of keys belongs
    refused = CliRunner().invoke(main, ["workshop", "--no-browser", "--port", str(free_port())])
    assert refused.exit_code == 1
    assert refused.stderr.splitlines() == [
        f"No room can be opened: nothing can be saved in the folder {tmp_path}.",
        "Free some disk space, or allow writing there, and start again.",
    ]


def opened(output: str) -> str:
    """Return the session whose console the link opens."""
    port, link = console_link(output)
    return Browser(port).get(link).headers["location"]


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is sent as a signal")
def test_ones_own_script_goes_on_in_its_room_and_a_second_start_opens_the_same_console(tmp_path: Path) -> None:
    script = tmp_path / "mine.toml"
    script.write_text(find_script().text.replace("Trust in this room", "Trust here", 1), encoding="utf-8")
    sessions = []
    for options in ([], ["--script", str(script)], ["--script", str(script)], []):
        process = start(tmp_path, *options)
        try:
            sessions.append(opened(read_until(process, "Ctrl-C")))
            again, _ = start(tmp_path).communicate(timeout=60)
            assert "already running" in again
            assert opened(again) == sessions[-1]
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=60)
    usual, own, own_again, latest = sessions
    assert usual != own == own_again == latest


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is sent as a signal")
def test_a_restart_keeps_the_port_that_phones_look_at_and_says_so_where_it_is_taken(tmp_path: Path) -> None:
    def run(*options: str, join: bool = False) -> tuple[int, str]:
        process = start(tmp_path, *options)
        output = read_until(process, "Ctrl-C")
        running = json.loads((tmp_path / "workshop" / "rooms" / "running.json").read_text(encoding="utf-8"))
        if join:
            browser = Browser(running["port"])
            page = browser.get(browser.get(console_link(output)[1]).headers["location"]).body.decode()
            code = re.search(r'class="letters">(\w{6})<', page)
            welcome = browser.form("/", {"code": code[1] if code else ""}).headers["location"]
            browser.get(browser.form(welcome, {}).headers["location"])
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        return running["port"], running["session"]

    port = free_port()
    first = run("--port", str(port), join=True)
    assert first == run() == (port, first[1])
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        output, _ = start(tmp_path).communicate(timeout=60)
        assert f"at port {port}, and another program has that port now" in output
        assert "--port" in output
        assert "--new" in output
        assert "Traceback" not in output
        moved = run("--port", str(free_port()))
        assert moved[1] == first[1]
    assert run()[0] == moved[0]


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is sent as a signal")
def test_a_rehearsal_says_how_many_phones_are_made_up_where_a_real_one_has_joined(tmp_path: Path) -> None:
    process = start(tmp_path, "--demo", "5")
    browser = Browser(console_link(output := read_until(process, "Ctrl-C"))[0])
    console = browser.get(console_link(output)[1]).headers["location"]

    def says(words: str, path: str = "") -> bool:
        return words in browser.get(console + path).body.decode()

    try:
        wait_until(lambda: says("5 or more have joined", "screen"))
        assert says("Rehearsal: all phones are made up.")
        assert says("Synthetic data. Not real people.", "screen")
        page = browser.get(console).body.decode()
        code = re.search(r'class="letters">(\w{6})<', page)
        welcome = browser.form("/", {"code": code[1] if code else ""}).headers["location"]
        browser.get(browser.form(welcome, {}).headers["location"])
        assert says("Rehearsal: 5 phones are made up, and at least one real phone has joined.")
        assert says("Rehearsal, with made-up phones and real ones.", "screen")
        assert not says("Not real people", "screen")
    finally:
        interrupt(process)
