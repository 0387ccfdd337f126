"""The Python that the web edition takes along: what of the course runs there, notebooks and libraries, as a zip."""

from __future__ import annotations

import ast
import importlib.metadata
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Final

from course.content import edition_language
from course.content.files import edition
from course.content.language import find_rules
from course.core import names
from course.core.errors import SiteNotBuilt
from course.core.notebooks import material

_COURSE: Final = Path(__file__).parent.parent
_ROOTS: Final = ("course", "course.web.browser")
"""What notebooks import, and what runs them."""
_PACKAGES_FOR_OTHERS: Final = ("course.trainer", "course.workshop")
"""Imported on pages of trainers and facilitators alone, which the web edition has not."""
_READ: Final = (".css", ".js", ".toml")
"""The endings of files that a module reads in its folder."""
NAME: Final = "python_code.zip.js"
"""What the zip is called in the web edition."""
_WORDS_FOR_OTHERS: Final = (
    "comments.toml", "made-up-learner.toml", "others-pages.toml", "rehearsal.toml", "trainer.toml", "workshop.toml",
    "workshop-follow-up.toml", "workshop-pages.toml",
)  # fmt: skip
"""Words that trainers, facilitators and raters read."""
_LIBRARIES: Final = ("filelock", "platformdirs", "traitlets")
_LEFT_OUT: Final = "traitlets/config/"
"""What reads settings files and command lines, which no page has."""
_MATERIAL: Final = "course/material"
"""Where `course.core.notebooks.material` finds the notebooks of an installed course."""
_MOMENT: Final = (1980, 1, 1, 0, 0, 0)
"""The moment that each file in the zip bears, so that the same content gives the same bytes."""


def python_code(pages: Mapping[str, Path]) -> bytes:
    """Return the zip. `pages` are the notebooks by name, such as `notebooks/repair.ipynb`."""
    files = {**dict(_course()), **dict(_words()), **dict(_material(pages)), **dict(_libraries())}
    return zipped(files)


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return files as a zip: the same bytes for the same files, whenever and in whatever order."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.create_system, entry.external_attr = 3, 0o644 << 16  # else it differs from system to system
            archive.writestr(entry, files[name], zipfile.ZIP_DEFLATED, 9)
    return target.getvalue()


def _course() -> Iterator[tuple[str, bytes]]:
    for path in used_files():
        if path.name not in _WORDS_FOR_OTHERS:
            yield f"course/{path.relative_to(_COURSE).as_posix()}", path.read_bytes()


def _words() -> Iterator[tuple[str, bytes]]:
    """Yield the words of the edition in use, and the rules of its language alone."""
    for path in sorted(edition().glob("*.toml")):
        if path.name not in _WORDS_FOR_OTHERS:
            yield f"course/content/{path.name}", path.read_bytes()
    tag, rules = find_rules(edition_language().tag)
    yield "course/content/languages.json", json.dumps({tag: rules}, ensure_ascii=False).encode()


def _material(pages: Mapping[str, Path]) -> Iterator[tuple[str, bytes]]:
    for name, path in pages.items():
        yield f"{_MATERIAL}/{name}", path.read_bytes()
    for path in sorted((material() / names.RELEASE).glob(f"*/{names.SELF_CHECK}")):
        yield f"{_MATERIAL}/{names.RELEASE}/{path.parent.name}/{path.name}", path.read_bytes()


def _libraries() -> Iterator[tuple[str, bytes]]:
    """Yield the libraries as they are installed here, with their licences."""
    for library in _LIBRARIES:
        for file in importlib.metadata.files(library) or _not_installed(library):
            if _is_needed(file):
                yield file.as_posix(), Path(str(file.locate())).read_bytes()


def _is_needed(file: PurePosixPath) -> bool:
    if ".dist-info" in file.parts[0]:
        return file.name in ("METADATA",) or file.name.upper().startswith(("LICENSE", "LICENCE", "COPYING"))
    if file.as_posix().startswith(_LEFT_OUT):
        return False
    return file.suffix == ".py" and "tests" not in file.parts and ".." not in file.parts


def _not_installed(library: str) -> list[importlib.metadata.PackagePath]:
    raise SiteNotBuilt(f"The package {library} is not installed whole.", "Install the course once more: make learn")


def used_files() -> list[Path]:
    """Return the modules, and the files beside them that they read, in a fixed order."""
    waiting, modules = list(_ROOTS), set[str]()
    while waiting:
        module = waiting.pop()
        if module not in modules and not module.startswith(_PACKAGES_FOR_OTHERS) and (path := _file(module)):
            modules.add(module)
            waiting.extend(_imported(path))
            waiting.append(module.rpartition(".")[0])
    files = {path for module in modules if (path := _file(module))}
    read = {path for folder in {path.parent for path in files} for path in folder.iterdir() if path.suffix in _READ}
    return sorted(files | read)


def _file(module: str) -> Path | None:
    """Return the file of a module, or None where the name is of something in a module, or not the course's."""
    head, *tail = module.split(".")
    path = _COURSE.joinpath(*tail)
    candidates = (path / "__init__.py", path.with_suffix(".py"))
    return next((file for file in candidates if head == _COURSE.name and file.is_file()), None)


def _imported(path: Path) -> Iterator[str]:
    """Yield what a file imports, anywhere in it but where only a type checker looks."""
    for node in _nodes(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def _nodes(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"):
            yield child
            yield from _nodes(child)
