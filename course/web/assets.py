"""What all pages of the web edition load: scripts, style sheets, Pyodide and the Python code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from course.core.notebooks import read_notebook
from course.frame.layout import STATIC as FRAME
from course.frame.layout import page_style
from course.frame.page import page_of
from course.web.compiled_code import LIBRARY, compiled_code
from course.web.hosting import AT_THE_TOP, STATIC
from course.web.pyodide import pyodide_files
from course.web.python_code import NAME, python_code

_IMPORT: Final = re.compile(r'^import [^"]* from "\./([\w.]+)";$', re.MULTILINE)


def assets(pages: Mapping[str, Path]) -> dict[str, bytes]:
    """Return the files of an asset folder by name. `pages` are the notebooks that go into the Python code."""
    scripts = {path.name: path.read_bytes() for folder in (FRAME, STATIC) for path in sorted(folder.glob("*.js"))}
    shared = {name: data for name, data in scripts.items() if name not in AT_THE_TOP}
    pyodide = pyodide_files()
    cells = {name: page_of(read_notebook(path)).code for name, path in pages.items()}
    library, code = compiled_code(pyodide, python_code(pages), cells)
    return {**shared, "page.css": page_style().encode(), **pyodide, LIBRARY: library, NAME: code}


def imported_modules(script: str, scripts: Mapping[str, bytes]) -> list[str]:
    """Return the scripts that one imports, and those that these import, each once."""
    modules: list[str] = []
    waiting = [script]
    while waiting:
        names = _IMPORT.findall(scripts[waiting.pop(0)].decode())
        new = [name for name in names if name not in modules]
        modules += new
        waiting += new
    return modules
