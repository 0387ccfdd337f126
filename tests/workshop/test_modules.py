"""The room's own house: small modules, and imports that go one way."""

from __future__ import annotations

import ast
import graphlib
from pathlib import Path

from course import workshop

FOLDER = Path(workshop.__file__).parent


def imported(path: Path) -> set[str]:
    """Return the modules of the room that one imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "course.workshop":
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("course.workshop."):
            found.add(str(node.module).rpartition(".")[2])
    return found


def test_no_two_modules_need_each_other() -> None:
    needs = {path.stem: imported(path) for path in FOLDER.glob("*.py")}
    order = [*graphlib.TopologicalSorter(needs).static_order()]
    assert order.index("script") < order.index("live") < order.index("session") < order.index("server")


def test_every_module_is_named_in_the_plan_of_the_room() -> None:
    plan = (workshop.__doc__ or "").partition("The script")[0]
    assert not [path.stem for path in FOLDER.glob("[a-z]*.py") if f"`{path.stem}`" not in plan]
