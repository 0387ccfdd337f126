"""The Python code of the course as syntax trees, each parsed once in a process, for tests that read all of it."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator, Set
from pathlib import Path

from tests.paths import ROOT

ANY_WORDS = r"[\w.-]*"
"""What stands in a pattern for a blank that the code fills."""


@functools.cache
def syntax_tree(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


@functools.cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Return every node of a file's syntax tree."""
    return tuple(ast.walk(syntax_tree(path)))


@functools.cache
def course_files() -> tuple[Path, ...]:
    """Return the Python files of the package, in order."""
    return tuple(sorted((ROOT / "course").rglob("*.py")))


@functools.cache
def first_arguments() -> tuple[tuple[str, ast.expr], ...]:
    """Return of each call in the package that has one the function, as it is written, and the first argument."""
    calls = (node for path in course_files() for node in nodes(path) if isinstance(node, ast.Call) and node.args)
    return tuple((ast.unparse(call.func), call.args[0]) for call in calls)


@functools.cache
def texts_in_course() -> frozenset[str]:
    """Return the texts in the package, as regular expressions."""
    return frozenset(text for path in course_files() for text in texts(syntax_tree(path)))


def pattern(node: ast.AST) -> str | None:
    """Return what a text in the code can be, as a regular expression; any words where it is put together."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.escape(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(pattern(piece) or ANY_WORDS for piece in node.values)
    return None


def texts(tree: ast.AST) -> Iterator[str]:
    """Yield the texts in a piece of code as regular expressions, those that are put together as a whole."""
    inside: list[ast.AST] = [tree]
    while inside:
        node = inside.pop()
        found = pattern(node)
        if found is not None:
            yield found
        inside += (
            child
            for child in ast.iter_child_nodes(node)
            if not (isinstance(node, ast.JoinedStr) and isinstance(child, ast.Constant))
        )


def is_among(key: str, patterns: Set[str]) -> bool:
    """Say whether one of the texts can be the key; those without blanks, which are most, are only looked up."""
    return re.escape(key) in patterns or any(re.fullmatch(text, key) for text in patterns if ANY_WORDS in text)
