"""Build the web edition: the pages, what they load, and the files around them, as one folder of static files."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from course.core.errors import FolderUnusable
from course.core.storage import replace_folder
from course.web.assets import assets, imported_modules
from course.web.first_states import first_states
from course.web.hosting import beside_the_index
from course.web.pages import SCRIPT, index_page, learner_pages, page, page_file

FOLDER: Final = "site"
"""Where the site is built if no other folder is named."""
_MARK: Final = "assets"
"""A folder that has one of these beside an index.html was built here, and may be replaced."""


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
    loaded = {**assets(notebooks), **widget_files}

    modules = imported_modules(SCRIPT, loaded)

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
