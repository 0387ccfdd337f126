"""Build the web edition: pages, what they load, and what stands beside them, as one folder of static files."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from course.core.errors import FolderUnusable
from course.core.notebooks import read_notebook
from course.core.storage import replace_folder
from course.frame.layout import STATIC as FRAME
from course.frame.layout import page_style
from course.frame.page import page_of
from course.web.compiled_code import LIBRARY, compiled_code
from course.web.first_states import first_states
from course.web.pages import SCRIPT, index_page, learner_pages, page, page_file
from course.web.pyodide import pyodide_files
from course.web.python_code import NAME, python_code

_STATIC: Final = Path(__file__).parent / "static"
_SERVICE_WORKER: Final = "service_worker.js"
_FOR_SERVERS: Final = ("web.config", "nginx.txt")
"""How Internet Information Services and nginx are set; no browser asks for these."""
_AT_THE_TOP: Final = (_SERVICE_WORKER, *_FOR_SERVERS)
"""The files of `static` that are no assets."""
FOLDER: Final = "site"
"""Where the site is built if no other folder is named."""
_MARK: Final = "assets"
"""A folder that has one of these beside an index.html was built here, and may be replaced."""
_IMPORT: Final = re.compile(r'^import [^"]* from "\./([\w.]+)";$', re.MULTILINE)


@dataclass(frozen=True)
class SiteSize:
    """How large a site is."""

    files: int
    raw: int
    """Bytes."""
    compressed: int
    """Bytes as a server sends them that compresses with gzip."""


def site_files() -> dict[str, bytes]:
    """Return the whole site: what each file holds, by its name from the site's folder. Raises SiteNotBuilt."""
    notebooks, first = learner_pages(), first_states()
    widget_files = {name: text.encode() for name, text in first["files"].items()}
    loaded = {**_assets(notebooks), **widget_files}

    modules = _imported_modules(SCRIPT, loaded)

    def pages(version: str) -> dict[str, bytes]:
        return {
            page_file(name): page(name, path, version, modules, first["pages"][name])
            for name, path in notebooks.items()
        }

    version = _digest({**loaded, **pages("")})
    below = {f"{_MARK}/{version}/{name}": data for name, data in loaded.items()}
    whole = {"index.html": index_page(), **pages(version), **below}
    return {**whole, **beside_the_index(version, whole)}


def build(folder: Path) -> SiteSize:
    """Build the site into a folder, in place of one that was built there before.

    Raises SiteNotBuilt, and FolderUnusable for a folder that holds anything else; what was there then stays.
    """
    place = folder.expanduser().absolute()
    _see_that_it_may_be_replaced(place)
    files = site_files()
    try:
        replace_folder(place, files)
    except OSError as error:
        raise FolderUnusable(
            f"The site could not be written to {place}: {error.strerror or type(error).__name__}.",
            "Make room or allow writing there, or name another folder: course site FOLDER",
        ) from error
    return size(files.values())


def size(files: Iterable[bytes]) -> SiteSize:
    """Return how large a site with these files is."""
    contents = list(files)
    return SiteSize(len(contents), sum(map(len, contents)), sum(len(gzip.compress(data, mtime=0)) for data in contents))


def _see_that_it_may_be_replaced(place: Path) -> None:
    if not place.exists() or (place.is_dir() and not any(place.iterdir())):
        return
    if not (place / "index.html").is_file() or not (place / _MARK).is_dir():
        raise FolderUnusable(
            f"{place} is there already, and is no site that was built here.",
            "Nothing in it was changed. Move it away, or name another folder: course site FOLDER",
        )


def _digest(files: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name} {len(files[name])}\n".encode() + files[name])
    return digest.hexdigest()[:16]


def _assets(pages: Mapping[str, Path]) -> dict[str, bytes]:
    """Return the files of an asset folder by name. `pages` are the notebooks that go into the Python code."""
    scripts = {path.name: path.read_bytes() for folder in (FRAME, _STATIC) for path in sorted(folder.glob("*.js"))}
    shared = {name: data for name, data in scripts.items() if name not in _AT_THE_TOP}
    pyodide = pyodide_files()
    cells = {name: page_of(read_notebook(path)).code for name, path in pages.items()}
    library, code = compiled_code(pyodide, python_code(pages), cells)
    return {**shared, "page.css": page_style().encode(), **pyodide, LIBRARY: library, NAME: code}


def _imported_modules(script: str, scripts: Mapping[str, bytes]) -> list[str]:
    """Return the scripts that one imports, and those that these import, each once."""
    modules: list[str] = []
    waiting = [script]
    while waiting:
        names = _IMPORT.findall(scripts[waiting.pop(0)].decode())
        new = [name for name in names if name not in modules]
        modules += new
        waiting += new
    return modules


def beside_the_index(version: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return what stands beside the site's index, by name. `files` are all others of this version of the site."""
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())}
    held = json.dumps({"version": version, "files": digests})
    worker = f"const site = {held};\n".encode() + (_STATIC / _SERVICE_WORKER).read_bytes()
    return {"sw.js": worker, **{name: (_STATIC / name).read_bytes() for name in _FOR_SERVERS}}


def build_and_say(folder: Path | None) -> int:
    """Build the web edition, and say where it is and how large; return the exit code."""
    place = folder or Path(FOLDER)
    size = build(place)
    click.echo(
        f"The course as web pages is in {place}: {size.files} files, {size.raw / 1e6:.1f} MB,"
        f" {size.compressed / 1e6:.1f} MB as a server sends them that compresses."
    )
    click.echo("Copy the folder to any web server. To look at it here: python -m http.server --directory " + str(place))
    return 0
