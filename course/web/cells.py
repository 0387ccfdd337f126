"""Run the code cells of a page as a notebook does: one after the other, and what a cell ends with is shown."""

from __future__ import annotations

import ast
import sys
import types

from course.core.html import Markup, element
from course.core.output import show_html


class Cells:
    """The program that the cells of one page are together."""

    def __init__(self) -> None:
        self._module = types.ModuleType("__main__")

    def run(self, source: str, cell: str) -> None:
        """Run one cell, which errors name as `cell`; raises whatever it raises."""
        sys.modules["__main__"] = self._module
        tree = ast.parse(source, cell)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, cell, "exec"), self._module.__dict__)
        if isinstance(last, ast.Expr):
            _show(eval(compile(ast.Expression(last.value), cell, "eval"), self._module.__dict__))


def _show(value: object) -> None:
    if value is not None:
        show_html(value if isinstance(value, Markup) else element("pre", repr(value)))
