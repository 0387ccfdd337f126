"""Compile the Python that pages run. The build runs this in Pyodide under Node, which reads its own bytecode alone.

`compile.mjs` calls it in a folder with the code of the pages, where it leaves what it has compiled.
"""

from __future__ import annotations

import datetime
import importlib.util
import json
import marshal
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Final

import course.charts.kit.svg_writer  # noqa: F401  # it draws once a page is open
from course.core import moments
from course.web.browser import BrowserPage

_MOMENT: Final = datetime.datetime(2026, 2, 3, 12, tzinfo=datetime.UTC)
"""The pages are run at this moment, so that they import the same on every day."""
_UNCHECKED: Final = (0b01).to_bytes(4, "little")
"""Says in bytecode that it has a hash of its source, which is not compared with it: there is none beside it."""


def imported_by_pages(pages: Mapping[str, Mapping[str, str]], folder: Path) -> list[ModuleType]:
    """Run the cells of pages, each in an empty folder below this one, and return all modules that are loaded then."""
    with moments.clock_at(_MOMENT):
        for place, (name, code) in enumerate(pages.items()):
            BrowserPage(str(folder / str(place)), lambda message: None).open(name, json.dumps(code))
    return list(sys.modules.values())


def compiled(module: ModuleType) -> tuple[str, bytes] | None:
    """Return where the source of a module is and its bytecode as a file holds it; None where it has no source."""
    spec = module.__spec__
    if spec is None or not spec.has_location or not (spec.origin or "").endswith(".py"):
        return None
    get_source, get_code = getattr(spec.loader, "get_source", None), getattr(spec.loader, "get_code", None)
    if spec.origin is None or get_source is None or get_code is None:
        return None
    head = importlib.util.MAGIC_NUMBER + _UNCHECKED + importlib.util.source_hash(get_source(spec.name).encode())
    return spec.origin, head + marshal.dumps(get_code(spec.name))


def main(folder: str) -> None:
    """Compile what the pages in `pages.json` import, and put it into `compiled.zip`, each file by its source's path."""
    place = Path(folder)
    sys.dont_write_bytecode = True
    pages = json.loads((place / "pages.json").read_text(encoding="utf-8"))
    files = dict(filter(None, map(compiled, imported_by_pages(pages, Path("/pages")))))
    with zipfile.ZipFile(place / "compiled.zip", "w") as archive:
        for name in sorted(files):
            archive.writestr(name, files[name])
