"""`course workshop` as a process of its own, as a facilitator starts it: what it says, where it is, and how it ends."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

LINK = re.compile(r"http://127\.0\.0\.1:(\d+)(/facilitator/\w+)")


def start(
    data: Path, *options: str, browser: str = "", work: Path | None = None, stdin: int | None = None
) -> subprocess.Popen[str]:
    """Start the workshop; `browser` is the command that opens the console."""
    folders = {"BUILDING_TRUST_DATA": str(data), **({"BUILDING_TRUST_WORK": str(work)} if work else {})}
    return subprocess.Popen(
        [sys.executable, "-m", "course", "workshop", *([] if browser else ["--no-browser"]), *options],
        env=os.environ | folders | ({"BROWSER": browser} if browser else {}),
        stdin=subprocess.DEVNULL if stdin is None else stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def read_until(process: subprocess.Popen[str], text: str) -> str:
    """Return what it has said once it has said that."""
    assert process.stdout
    output = ""
    while text not in output:
        line = process.stdout.readline()
        assert line, output
        output += line
    return output


def console_link(output: str) -> tuple[int, str]:
    """Return the port and the path of the link that opens the console, which it has said."""
    link = LINK.search(output)
    assert link, output
    return int(link[1]), link[2]


def interrupt(process: subprocess.Popen[str]) -> str:
    """Stop it as Ctrl-C does; return the rest of what it said."""
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=60)
    return rest
