"""Which of the course's own files run in a browser: those that its Python there can import, and what they read."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

COURSE: Final = Path(__file__).parent.parent
_ROOTS: Final = ("course", "course.web.browser")
"""What notebooks import, and what runs them."""
_FOR_OTHERS: Final = ("course.trainer", "course.workshop")
"""Imported on pages of trainers and facilitators alone, which the web edition has not."""
_READ: Final = (".css", ".js", ".toml")
"""The endings of files that a module reads in its folder."""


def used_files() -> list[Path]:
    """Return the modules, and the files beside them that they read, in a fixed order."""
    waiting, modules = list(_ROOTS), set[str]()
    while waiting:
        module = waiting.pop()
        if module not in modules and not module.startswith(_FOR_OTHERS) and (path := _file(module)):
            modules.add(module)
            waiting.extend(_imported(path))
            waiting.append(module.rpartition(".")[0])
    files = {path for module in modules if (path := _file(module))}
    read = {path for folder in {path.parent for path in files} for path in folder.iterdir() if path.suffix in _READ}
    return sorted(files | read)


def _file(module: str) -> Path | None:
    """Return the file of a module, or None where the name is of something in a module, or not the course's."""
    head, *tail = module.split(".")
    path = COURSE.joinpath(*tail)
    candidates = (path / "__init__.py", path.with_suffix(".py"))
    return next((file for file in candidates if head == COURSE.name and file.is_file()), None)


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
