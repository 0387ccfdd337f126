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


def start(data: Path, *options: str, browser: str = "", work: Path | None = None) -> subprocess.Popen[str]:
    """Start the workshop; `browser` is the command that opens the console."""
    folders = {"BUILDING_TRUST_DATA": str(data), **({"BUILDING_TRUST_WORK": str(work)} if work else {})}
    return subprocess.Popen(
        [sys.executable, "-m", "course", "workshop", *([] if browser else ["--no-browser"]), *options],
        env=os.environ | folders | ({"BROWSER": browser} if browser else {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def read_until(process: subprocess.Popen[str], text: str) -> str:
    assert process.stdout
    output = ""
    while text not in output:
        line = process.stdout.readline()
        assert line, output
        output += line
    return output


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
        link = re.search(r"http://127\.0\.0\.1:(\d+)(/facilitator/\w+)", output)
        assert link
        sessions.append(Browser(int(link[1])).get(link[2]).headers["location"])
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=20)
        assert process.returncode == 0
        assert "stopped" in rest
        assert not running.exists()
    assert sessions[0] == sessions[1]


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is sent as a signal")
@pytest.mark.parametrize("browser", ["true", ""], ids=["in a browser", "without a browser"])
def test_a_starter_is_left_once_the_console_is_open_in_a_browser_and_not_before(tmp_path: Path, browser: str) -> None:
    work = tmp_path / "home" / "building-trust"
    work.parent.mkdir()
    start(tmp_path / "data", "--script", "no-such.toml", browser="true", work=work).communicate(timeout=30)
    assert list(work.parent.iterdir()) == []
    process = start(tmp_path / "data", browser=browser, work=work)
    read_until(process, "Run the Building Trust workshop" if browser else "Ctrl-C")
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    assert [path.stem for path in work.parent.iterdir()] == ["Run the Building Trust workshop"] * (2 if browser else 0)


@pytest.mark.parametrize(
    "options, message",
    [
        (["--certfile", "cert.pem"], "--keyfile"),
        (["--certfile", "no.pem", "--keyfile", "no.pem"], "certificate"),
        (["--script", "no-such.toml"], "no-such.toml"),
    ],
)
def test_what_cannot_be_is_said_in_two_lines(tmp_path: Path, options: list[str], message: str) -> None:
    output, _ = start(tmp_path, *options).communicate(timeout=30)
    assert message in output
    assert "Traceback" not in output
    assert len(output.strip().splitlines()) == 2


def opened(output: str) -> str:
    """Return the session whose console the link opens."""
    link = re.search(r"http://127\.0\.0\.1:(\d+)(/facilitator/\w+)", output)
    assert link
    return Browser(int(link[1])).get(link[2]).headers["location"]


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is sent as a signal")
def test_ones_own_script_goes_on_in_its_room_and_a_second_start_opens_the_same_console(tmp_path: Path) -> None:
    script = tmp_path / "mine.toml"
    script.write_text(find_script().text.replace("Trust in this room", "Trust here", 1), encoding="utf-8")
    sessions = []
    for options in ([], ["--script", str(script)], ["--script", str(script)], []):
        process = start(tmp_path, *options)
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
