"""Start the course as a person does, in an empty home, for tests that look at it in a browser."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ADDRESS = re.compile(r"(http://127\.0\.0\.1:\d+)(/\S*)\?token=(\w+)")


@dataclass(frozen=True)
class RunningCourse:
    """A course that is open: where it is, and the home of the person who opened it."""

    base: str
    opens: str
    token: str
    home: Path

    @property
    def start(self) -> str:
        """The address of the page at which it opens."""
        return f"{self.base}{self.opens}?token={self.token}"

    @property
    def copy(self) -> Path:
        """The learner's working copy."""
        return self.home / "building-trust"

    def notebook(self, path: str, view: str = "notebooks") -> str:
        """Return the address of a notebook, in Notebook or in Lab (view="lab/tree")."""
        return f"{self.base}/{view}/{path}?token={self.token}"


@contextlib.contextmanager
def open_course(home: Path, *arguments: str, command: str = "learn", **variables: str) -> Iterator[RunningCourse]:
    """Run `course learn` in the home given, on a free port, and stop it afterwards."""
    line = [sys.executable, "-m", "course", command, "--no-browser", *arguments]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "BUILDING_TRUST"))}
    places = {"HOME": str(home), "XDG_DATA_HOME": str(home / ".local" / "share"), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(line, env=kept | places | variables, stdout=subprocess.PIPE, text=True, cwd=home) as server:
        try:
            yield _told(server, home)
        finally:
            server.send_signal(signal.SIGINT)
            try:
                server.communicate(timeout=30)
            except subprocess.TimeoutExpired:
                server.kill()


def _told(server: subprocess.Popen[str], home: Path) -> RunningCourse:
    """Read what the command says until it names its address; the port is open by then."""
    assert server.stdout is not None
    said = ""
    for said_line in server.stdout:
        said += said_line
        if found := ADDRESS.search(said_line):
            base, opens, token = found.groups()
            return RunningCourse(base, opens, token, home)
    raise AssertionError(f"The course did not open:\n{said}")
