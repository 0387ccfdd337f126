"""`course workshop`: says where the console is, keeps its key to its owner, and stops cleanly."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from course.workshop.script import find_script
from tests.workshop.live_server import Browser

pytestmark = pytest.mark.slow


def start(home: Path, *given: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "course", "workshop", "--no-browser", *given],
        env=os.environ | {"BUILDING_TRUST_DATA": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def read_until(process: subprocess.Popen[str], text: str) -> str:
    assert process.stdout
    said = ""
    while text not in said:
        line = process.stdout.readline()
        assert line, said
        said += line
    return said


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is sent as a signal")
def test_the_console_opens_and_ctrl_c_stops_and_goes_on(tmp_path: Path) -> None:
    sessions = []
    for _ in range(2):
        process = start(tmp_path)
        said = read_until(process, "Ctrl-C")
        running = tmp_path / "workshop" / "rooms" / "running.json"
        assert running.stat().st_mode & 0o077 == 0
        told = json.loads(running.read_text(encoding="utf-8"))
        assert told["key"] not in said
        found = re.search(r"http://127\.0\.0\.1:(\d+)(/facilitator/\w+)", said)
        assert found
        sessions.append(Browser(int(found[1])).get(found[2]).headers["location"])
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=20)
        assert process.returncode == 0
        assert "stopped" in rest
        assert not running.exists()
    assert sessions[0] == sessions[1]


@pytest.mark.parametrize(
    "given, said",
    [
        (["--certfile", "cert.pem"], "--keyfile"),
        (["--certfile", "no.pem", "--keyfile", "no.pem"], "certificate"),
        (["--script", "no-such.toml"], "no-such.toml"),
    ],
)
def test_what_cannot_be_is_said_in_two_lines(tmp_path: Path, given: list[str], said: str) -> None:
    out, _ = start(tmp_path, *given).communicate(timeout=30)
    assert said in out
    assert "Traceback" not in out
    assert len(out.strip().splitlines()) == 2


def opened(said: str) -> str:
    """Return the session whose console the link opens."""
    found = re.search(r"http://127\.0\.0\.1:(\d+)(/facilitator/\w+)", said)
    assert found
    return Browser(int(found[1])).get(found[2]).headers["location"]


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is sent as a signal")
def test_ones_own_script_goes_on_in_its_room_and_a_second_start_opens_the_same_console(tmp_path: Path) -> None:
    script = tmp_path / "mine.toml"
    script.write_text(find_script().text.replace("Trust in this room", "Trust here", 1), encoding="utf-8")
    sessions = []
    for given in ([], ["--script", str(script)], ["--script", str(script)], []):
        process = start(tmp_path, *given)
        try:
            sessions.append(opened(read_until(process, "Ctrl-C")))
            again, _ = start(tmp_path).communicate(timeout=30)
            assert "already running" in again
            assert opened(again) == sessions[-1]
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=20)
    usual, own, own_again, latest = sessions
    assert usual != own == own_again == latest
