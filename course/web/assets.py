"""What all pages of the web edition load: scripts, style sheets, Pyodide and the Python code."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from course.frame.layout import STATIC as FRAME
from course.frame.layout import page_style
from course.web.hosting import AT_THE_TOP, STATIC
from course.web.pyodide import pyodide_files
from course.web.python_code import NAME, python_code


def assets(pages: Mapping[str, Path]) -> dict[str, bytes]:
    """Return the files of an asset folder by name. `pages` are the notebooks that go into the Python code."""
    scripts = {path.name: path.read_bytes() for folder in (FRAME, STATIC) for path in sorted(folder.glob("*.js"))}
    shared = {name: data for name, data in scripts.items() if name not in AT_THE_TOP}
    return {**shared, "page.css": page_style().encode(), NAME: python_code(pages), **pyodide_files()}
