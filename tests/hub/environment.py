"""What a server behind a Hub runs from: a Python that all users of this machine can start, with the course as a wheel.

The environment of the tests is often in somebody's home, where no other user can look. This makes one that they can,
from the lock of servers, and gets the Hub's proxy from npm; both are kept for the next run.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Final

from course.web.pyodide import find_npm
from tests.paths import ROOT

LOCK: Final = ROOT / "requirements-hub.lock"
PROXY: Final = "configurable-http-proxy@5.3.0"
_PLACE: Final = Path("/var/tmp")


def folder() -> Path:
    """Return the folder of this lock's environment."""
    made_of = LOCK.read_bytes() + PROXY.encode()
    return _PLACE / f"building-trust-test-hub-{hashlib.sha256(made_of).hexdigest()[:16]}"


def python() -> Path:
    """Return the Python of the environment."""
    return folder() / "venv" / "bin" / "python"


def path() -> str:
    """Return the search path of a server: its own commands, the proxy, Node, and those of the system."""
    own = [python().parent, folder() / "node_modules" / ".bin", Path(find_npm()).parent]
    return os.pathsep.join([*map(str, own), os.defpath])


def make() -> None:
    """Make the environment where it is not there yet, and put the course into it as this checkout has it."""
    place = folder()
    if place.exists() and (place.stat().st_uid != os.geteuid() or place.stat().st_mode & 0o022):
        raise SystemExit(f"The folder {place} is not this user's alone to write. Take it away, and try again.")
    if not (place / "whole").is_file():
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(mode=0o755)
        _run(str(_base_python(place)), "-m", "venv", str(place / "venv"))
        _uv("install", "--quiet", "--compile-bytecode", "--require-hashes", "-r", str(LOCK))
        _run(find_npm(), "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(place), PROXY)
        (place / "whole").touch()
    wheels = place / "wheels"
    shutil.rmtree(wheels, ignore_errors=True)
    _run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(wheels))
    _uv("install", "--quiet", "--no-deps", "--reinstall", "--compile-bytecode", *map(str, wheels.glob("*.whl")))


def _uv(command: str, *options: str) -> None:
    _run(str(Path(sys.executable).with_name("uv")), "pip", command, "--python", str(python()), *options)


def _run(*command: str) -> None:
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def _base_python(place: Path) -> Path:
    """Return a Python that other users can start: this one's, the system's, or else a copy of this one's."""
    own = Path(getattr(sys, "_base_executable", sys.executable)).resolve()
    for candidate in (own, Path("/usr/bin/python3")):
        if _is_open(candidate) and _is_usable(candidate):
            return candidate
    left_out = shutil.ignore_patterns("__pycache__", "site-packages", "test")
    copy = place / "python"
    shutil.copytree(sysconfig.get_config_var("prefix"), copy, symlinks=True, ignore=left_out)
    return copy / "bin" / own.name


def _is_open(program: Path) -> bool:
    """Say whether every user may start a program and look into each folder above it."""
    return program.exists() and all(
        path.stat().st_mode & stat.S_IXOTH for path in (program.resolve(), *program.resolve().parents)
    )


def _is_usable(program: Path) -> bool:
    code = "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))"
    return subprocess.run([program, "-c", code], stderr=subprocess.DEVNULL, check=False).returncode == 0


if __name__ == "__main__":
    make()
