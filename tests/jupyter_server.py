"""Start the course as a person does, in an empty home, for tests that look at it in a browser."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

from course.learner.working_copy import HOW_TO_OPEN, MANIFEST, is_as_shipped, put_fresh
from tests.paths import ROOT
from tests.ports import free_port

WRITTEN = (MANIFEST, HOW_TO_OPEN, "nbgrader_config.py", "open-the-course.html")
"""What `course learn` itself writes into the working copy, beside the files that the course ships."""
ANOTHER_VERSION = "This is another version."
ADDRESS = re.compile(r"(http://127\.0\.0\.1:\d+)(/\S*)\?token=(\w+)")


@dataclass(frozen=True)
class RunningCourse:
    """A course that is open: where it is, and the home of the person who opened it."""

    base: str
    opens: str
    token: str
    home: Path
    command: subprocess.Popen[str]
    """The command that opened it, of which no more was read than the address."""

    @property
    def start(self) -> str:
        """The address of the page at which it opens."""
        return f"{self.base}{self.opens}?token={self.token}"

    @property
    def copy(self) -> Path:
        """The learner's working copy."""
        return self.home / "building-trust"

    def notebook(self, path: str, view: str = "read") -> str:
        """Return the address of a notebook: as a page to read, in Notebook ("notebooks") or in Lab ("lab/tree")."""
        return f"{self.base}/{view}/{path}?token={self.token}"

    @property
    def data(self) -> Path:
        """Where the course keeps what the learner answered."""
        return self.home / ".local" / "share" / "building-trust"

    def kernels(self) -> list[str]:
        """Return the ids of the kernels that run."""
        return [kernel["id"] for kernel in json.loads(self._ask("GET", "api/kernels"))]

    def begin_afresh(self) -> None:
        """Take away all that was answered and written here, and end every kernel: the next page is opened as the first.

        The server goes on, and so do the pages of JupyterLab that it remembers.
        """
        for kernel in self.kernels():
            self._ask("DELETE", f"api/kernels/{kernel}")
        for path in self.data.iterdir():
            if path.name != "jupyter":
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        kept = {name for name in json.loads((self.copy / MANIFEST).read_text(encoding="utf-8"))["files"]}
        for name in kept:
            if name.endswith(".ipynb") and not is_as_shipped(self.copy, name):
                put_fresh(self.copy, name)
        for path in sorted(self.copy.rglob("*"), reverse=True):
            if path.is_dir() and not path.is_symlink():
                if not any(path.iterdir()):
                    path.rmdir()
            elif path.relative_to(self.copy).as_posix() not in kept and path.name not in WRITTEN:
                path.unlink()

    def _ask(self, method: str, path: str) -> bytes:
        asked = Request(f"{self.base}/{path}", method=method, headers={"Authorization": f"token {self.token}"})
        with urlopen(asked) as reply:
            return bytes(reply.read())


@contextlib.contextmanager
def open_course(home: Path, *arguments: str, command: str = "learn", **variables: str) -> Iterator[RunningCourse]:
    """Run `course learn` in the home given, on a free port, and stop it afterwards.

    It opens no browser, but for one that is named in the variable `BROWSER`.
    """
    line = [sys.executable, "-m", "course", command, *([] if "BROWSER" in variables else ["--no-browser"]), *arguments]
    places = variables_of(home) | variables
    with subprocess.Popen(line, env=places, stdout=subprocess.PIPE, text=True, cwd=home) as server:
        try:
            yield _told(server, home)
        finally:
            server.send_signal(signal.SIGINT)
            try:
                server.communicate(timeout=60)
            except subprocess.TimeoutExpired:
                server.kill()


def copy_course(folder: Path) -> Path:
    """Return a folder with a copy of the course, to be named in PYTHONPATH: a test may change what is installed."""
    for name in ("course", "notebooks", "exercises"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    return folder


def install_another_version(folder: Path) -> None:
    """Have another version of the course in such a folder: a word of its start page is another one."""
    page = folder / "notebooks" / "start.ipynb"
    notebook = json.loads(page.read_text(encoding="utf-8"))
    notebook["cells"].append({"cell_type": "markdown", "id": "another", "metadata": {}, "source": ANOTHER_VERSION})
    page.unlink()
    page.write_text(json.dumps(notebook), encoding="utf-8")


def variables_of(home: Path) -> dict[str, str]:
    """Return the environment of a person with that home, who set nothing for Jupyter or the course."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "BUILDING_TRUST"))}
    return kept | {"HOME": str(home), "XDG_DATA_HOME": str(home / ".local" / "share"), "PYTHONUNBUFFERED": "1"}


def _told(server: subprocess.Popen[str], home: Path) -> RunningCourse:
    """Read what the command says until it names its address; the port is open by then."""
    assert server.stdout is not None
    said = ""
    for said_line in server.stdout:
        said += said_line
        if found := ADDRESS.search(said_line):
            base, opens, token = found.groups()
            return RunningCourse(base, opens, token, home, server)
    raise AssertionError(f"The course did not open:\n{said}")


@contextlib.contextmanager
def open_plain_lab(folder: Path, home: Path, *options: str) -> Iterator[str]:
    """Run `jupyter lab` in a folder as someone does who does not know `course learn`; return the server's address."""
    with open_server([sys.executable, "-m", "jupyterlab"], folder, home, *options) as base:
        yield base


@contextlib.contextmanager
def open_server(command: Sequence[str], folder: Path, home: Path, *options: str, **variables: str) -> Iterator[str]:
    """Run a command that starts Jupyter's own server, whose token is `plain`; return the server's address."""
    port = str(free_port())
    line = [*command, "--no-browser", "--allow-root", "--port", port, "--IdentityProvider.token=plain", *options]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "BUILDING_TRUST"))}
    with (home / "jupyter.log").open("w") as log:
        server = subprocess.Popen(
            line,
            env=kept | {"HOME": str(home), "XDG_DATA_HOME": str(home / "data"), **variables},
            cwd=folder,
            stdout=log,
            stderr=log,
        )
    base = next((option.partition("=")[2] for option in options if option.startswith("--ServerApp.base_url=")), "/")
    try:
        _wait_for(f"http://127.0.0.1:{port}{base}api", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.kill()  # what it would save on its way out is of no interest; its kernel ends with it
        server.wait()


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    """Return as soon as a server answers; fail where it ends first."""
    while server.poll() is None:
        with contextlib.suppress(URLError), urlopen(address):
            return
        threading.Event().wait(0.2)
    raise AssertionError("Jupyter did not start")
