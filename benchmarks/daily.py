"""What a trainer's commands take from day to day: with nothing to do, for a long roster, and how much memory.

The course directory is one of the marking benchmark's, with its hand-ins in the inbox too, as hand-in files.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, Protocol

from course.content.lessons import exercise_version
from course.core import names

COMMANDS: Final[Mapping[str, tuple[str, ...]]] = {
    "collect": ("collect",),
    "grade": ("grade", "--jobs", "1"),
    "feedback": ("feedback", "--unread", "--jobs", "1"),
    "report": ("report",),
}
"""From a hand-in to the report, in their order."""
ROSTER: Final = 800
_LAUNCHER: Final = """
import os, subprocess, sys
from pathlib import Path

process = subprocess.Popen(sys.argv[2:])
_, status, usage = os.wait4(process.pid, 0)
Path(sys.argv[1]).write_text(str(usage.ru_maxrss / 1024))
sys.exit(os.waitstatus_to_exitcode(status))
"""
"""Writes down a command's largest memory. Linux counts that of whoever starts a process in, and this one is small."""
_TIME: Final = "2026-11-22T12:00:00.000000+00:00"


class Runs(Protocol):
    """A course directory that runs commands."""

    root: Path

    def run(self, line: list[str]) -> tuple[float, float]:
        """Run one command and return its seconds and its largest memory in megabytes."""


def write_inbox(root: Path, slug: str) -> None:
    """Take what lies in `submitted/` away, and put it into the inbox as one hand-in file a learner."""
    inbox = root / "inbox"
    inbox.mkdir()
    for folder in sorted((root / names.SUBMITTED).glob(f"*/{slug}")):
        files = {name: (folder / name).read_bytes() for name in (names.notebook_name(slug), names.ANSWERS)}
        receipt = {
            "format": 2,
            "exercise": slug,
            "exercise-version": exercise_version(slug),
            "learner": folder.parent.name,
            "time": _TIME,
            "version": "0.1.0",
            "sha256": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
        }
        with zipfile.ZipFile(inbox / f"hand-in-{slug}-{folder.parent.name}.zip", "w", zipfile.ZIP_DEFLATED) as file:
            for name, data in {**files, names.RECEIPT: json.dumps(receipt).encode()}.items():
                file.writestr(name, data)
    shutil.rmtree(root / names.SUBMITTED)


def memory(course: Runs) -> dict[str, float]:
    """Take the hand-ins of the inbox all the way to the report, and return each command's largest memory."""
    written, found = course.root.parent / "memory.txt", {}
    for name, line in COMMANDS.items():
        course.run([sys.executable, "-c", _LAUNCHER, str(written), sys.executable, "-m", "course", *line])
        found[name] = float(written.read_text())
    return found


def idle(course: Runs, note: Callable[[str, float], None]) -> None:
    """Note the seconds of each command where everything is done, between those of `nbgrader --version`."""
    for name, line in COMMANDS.items():
        note(f"nbgrader --version beside {name}", course.run([sys.executable, "-m", "nbgrader", "--version"])[0])
        note(f"{name} with nothing to do", course.run([sys.executable, "-m", "course", *line])[0])


def roster(course: Runs, folder: Path) -> float:
    """Return the seconds that a roster of 800 takes, in a gradebook that has nobody of them."""
    people = folder / "people.csv"
    lines = [f"long-{number:04},Anna,Synthetic {number},a{number}@example.org" for number in range(ROSTER)]
    people.write_text("\n".join(["id,first name,last name,email", *lines]) + "\n", encoding="utf-8")
    before = (course.root / "gradebook.db").read_bytes()
    seconds, _ = course.run([sys.executable, "-m", "course", "roster", str(people), "--yes"])
    (course.root / "gradebook.db").write_bytes(before)
    return seconds
