"""Which file of the course imports which, and the plan of floors that follows from it.

CONTRIBUTING.md has the plan: each folder's files, and the floor of each. `python -m tests.imports` writes the part
inside the packages again, with the lowest floors that the imports allow and the first sentence of each file.
What only a type checker imports is left out.
"""

from __future__ import annotations

import ast
import functools
import graphlib
import re
from collections.abc import Iterator
from pathlib import Path

from tests.paths import ROOT
from tests.syntax_trees import syntax_tree

COURSE = ROOT / "course"
GUIDE = ROOT / "CONTRIBUTING.md"
BEGIN, END = "<!-- The plan inside the packages: python -m tests.imports -->", "<!-- End of the plan -->"

Place = tuple[str, ...]
"""A file by the names that lead to it from `course/`, such as ("privacy", "cells"); a package ends in "__init__"."""


@functools.cache
def places() -> dict[Place, Path]:
    """Return every Python file of the package by its place."""
    return {path.relative_to(COURSE).with_suffix("").parts: path for path in sorted(COURSE.rglob("*.py"))}


def imported(path: Path) -> Iterator[Place]:
    """Yield the places that a file imports, anywhere in it, type checking aside."""
    for node in _imports(syntax_tree(path)):
        if isinstance(node, ast.Import):
            names = [(alias.name, "") for alias in node.names]
        else:
            assert not node.level, f"{path}: a relative import hides where it leads."
            names = [(node.module or "", alias.name) for alias in node.names]
        for module, name in names:
            head, *tail = module.split(".")
            if head == "course":
                yield _resolve((*tail, name) if name else tuple(tail))


def _imports(node: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            continue
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child
        else:
            yield from _imports(child)


def _resolve(names: Place) -> Place:
    """Return the file behind dotted names, of which the last may be something that the file defines."""
    for end in (len(names), len(names) - 1):
        for candidate in (names[:end], (*names[:end], "__init__")):
            if candidate in places():
                return candidate
    raise AssertionError(f"Nothing is called course.{'.'.join(names)}.")


@functools.cache
def arrows() -> frozenset[tuple[Place, Place]]:
    """Return each import as a pair of places."""
    return frozenset((place, other) for place, path in places().items() for other in imported(path) if other != place)


def folders() -> dict[Place, set[str]]:
    """Return the names in each folder, of files and of folders, by the folder's place."""
    inside: dict[Place, set[str]] = {}
    for place in places():
        for depth in range(len(place)):
            inside.setdefault(place[:depth], set()).add(place[depth])
    return inside


def arrows_in(folder: Place) -> dict[str, set[str]]:
    """Return what each name in a folder imports of the other names in it, whatever lies deeper counted with it."""
    depth = len(folder)
    needs: dict[str, set[str]] = {name: set() for name in folders()[folder]}
    for place, other in arrows():
        if place[:depth] == other[:depth] == folder and place[depth] != other[depth]:
            needs[place[depth]].add(other[depth])
    return needs


def lowest_floors(folder: Place) -> dict[str, int]:
    """Return the lowest floor of each name in a folder; raises graphlib.CycleError where imports run in a circle."""
    needs, floors = arrows_in(folder), {}
    for name in graphlib.TopologicalSorter(needs).static_order():
        floors[name] = max((floors[other] + 1 for other in needs[name]), default=0)
    return floors


def first_sentence(place: Place) -> str:
    """Return the first line of a file's docstring."""
    tree = syntax_tree(places()[place])
    return (ast.get_docstring(tree) or "").partition("\n")[0].rstrip(".")


def plan_in_guide() -> dict[Place, dict[str, int]]:
    """Return the floors that CONTRIBUTING.md gives, by folder and name."""
    floors: dict[Place, dict[str, int]] = {}
    for line in GUIDE.read_text(encoding="utf-8").splitlines():
        if header := re.fullmatch(r"course/(?:([\w/]+)/)?", line):
            folder = tuple(header[1].split("/")) if header[1] else ()
            floors[folder] = {}
        elif entry := re.match(r"  (\w+)(?:\.py|/) +(\d+)  ", line):
            floors[folder][entry[1]] = int(entry[2])
    return floors


def plan_of(folder: Place) -> str:
    """Return the plan of one folder, from the top floor down."""
    floors = lowest_floors(folder)
    lines = [f"{'/'.join(('course', *folder))}/"]
    for name in sorted(floors, key=lambda name: (-floors[name], name)):
        is_folder = (*folder, name) not in places()
        sentence = first_sentence((*folder, name, "__init__") if is_folder else (*folder, name))
        label = f"{name}/" if is_folder else f"{name}.py"
        lines.append(f"  {label:<24} {floors[name]:>2}  {sentence}")
    return "\n".join(lines)


def main() -> None:
    """Write the plan inside the packages into CONTRIBUTING.md, between its two marks."""
    inside = sorted(folder for folder in folders() if folder)
    before, _, rest = GUIDE.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    plan = "\n\n".join(plan_of(folder) for folder in inside)
    GUIDE.write_text(f"{before}{BEGIN}\n```text\n{plan}\n```\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
