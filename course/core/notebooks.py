"""Notebooks read as plain JSON: where the course keeps them, their code, their words and what they ask."""

from __future__ import annotations

import ast
import hashlib
import json
from pathlib import Path
from typing import Any

from course.core.errors import BadNotebook

Notebook = dict[str, Any]


def material() -> Path:
    """Return the folder that holds the course's `notebooks/` and `exercises/`.

    An installed package carries them itself; in a checkout they are beside the package.
    """
    here = Path(__file__).parent.parent
    packed = here / "material"
    return packed if packed.is_dir() else here.parent


def read_notebook(path: Path) -> Notebook:
    """Return the notebook in that file, or raise BadNotebook."""
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        cells = notebook["cells"]
        if not all(isinstance(cell["cell_type"], str) for cell in cells):
            raise TypeError("a cell has no type")
    except (ValueError, KeyError, TypeError) as error:
        raise BadNotebook(
            f"{path.name} is not a notebook: {error}.", "Take it from a fresh copy of the course."
        ) from error
    return notebook  # type: ignore[no-any-return]  # the shape was looked at just now


def source(cell: dict[str, Any]) -> str:
    """Return the text of a cell, which a file keeps whole or line by line.

    >>> source({"source": ["To be ", "continued"]})
    'To be continued'
    """
    text = cell.get("source", "")
    return text if isinstance(text, str) else "".join(text)


def code_digest(notebook: Notebook) -> str:
    """Return the SHA-256 of the notebook's code; the notebook view makes the same in the browser."""
    return _digest([source(cell) for cell in notebook["cells"] if cell["cell_type"] == "code"])


def words_digest(notebook: Notebook) -> str:
    """Return the SHA-256 of all that a person can read or write in the cells."""
    return _digest([[cell["cell_type"], source(cell)] for cell in notebook["cells"]])


def ask_keys(notebook: Notebook) -> list[str]:
    """Return the keys of a notebook's questions, in the order in which they are asked."""
    return [key for call in ask_calls(notebook) if (key := first_text(call)) is not None]


def ask_calls(notebook: Notebook) -> list[ast.Call]:
    """Return the calls of `ask.something(…)` in a notebook, in order."""
    return [call for cell in notebook["cells"] if cell["cell_type"] == "code" for call in calls(source(cell), "ask")]


def calls(code: str, name: str) -> list[ast.Call]:
    """Return the calls of `name.something(…)` in code, in order; none where it is no Python.

    >>> len(calls("ask.taps(); show.map()", "ask")), calls("ask.taps(", "ask")
    (1, [])
    """
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return []
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _is_of(node.func, name)]
    return sorted(found, key=lambda node: (node.lineno, node.col_offset))


def first_text(call: ast.Call) -> str | None:
    """Return the text that a call's first argument is, or None."""
    first = call.args[0] if call.args else None
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None


def _digest(texts: list[Any]) -> str:
    canonical = json.dumps(texts, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def _is_of(function: ast.expr, name: str) -> bool:
    return isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) and function.value.id == name
