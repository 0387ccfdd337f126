"""What all pages of the web edition load: scripts, style sheets, Pyodide and the Python code."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from course.frame.layout import STATIC as FRAME
from course.frame.layout import page_style
from course.web.pyodide import pyodide_files
from course.web.python_code import NAME, python_code

STATIC: Final = Path(__file__).parent / "static"
"""The scripts of the web edition."""
AT_THE_TOP: Final[Mapping[str, str]] = {
    "service_worker.js": "sw.js",
    "web.config": "web.config",
    "nginx.txt": "nginx.txt",
}
"""What stands beside the site's index in place of with the assets, and how it is called there."""


def assets(pages: Mapping[str, Path]) -> dict[str, bytes]:
    """Return the files of an asset folder by name. `pages` are the notebooks that go into the Python code."""
    scripts = {path.name: path.read_bytes() for folder in (FRAME, STATIC) for path in sorted(folder.glob("*.js"))}
    shared = {name: data for name, data in scripts.items() if name not in AT_THE_TOP}
    return {**shared, "page.css": page_style().encode(), NAME: python_code(pages), **pyodide_files()}


def at_the_top() -> dict[str, bytes]:
    """Return the files that stand beside the site's index."""
    return {name: path.read_bytes() for file, name in AT_THE_TOP.items() if (path := STATIC / file).is_file()}
