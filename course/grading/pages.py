"""Show a marked exercise to people: questions, answers and marks, without the code behind them.

nbgrader's formgrader and feedback pages show every cell with its code. Neither trainers nor
learners need it, and the marking lines hold the keys. The notebook itself stays as it is.
"""

from __future__ import annotations

from typing import Any

Cell = Any


def without_code(notebook: Any, resources: Any) -> tuple[Any, Any]:
    """Return the notebook as it is shown: a preprocessor for nbconvert's HTML exporter."""
    notebook.cells = [_shown(cell) for cell in notebook.cells if not _is_empty(cell)]
    return notebook, resources


def _shown(cell: Cell) -> Cell:
    if not _is_ours(cell):
        return cell
    if cell.metadata.nbgrader.grade:
        return _with_its_line(cell)
    cell.metadata.transient = {"remove_source": True}
    return cell


def _with_its_line(cell: Cell) -> Cell:
    """Put the feedback line in place of the code; nbgrader shows the score above it."""
    lines = [html for output in cell.outputs if "course-mark" in (html := output.get("data", {}).get("text/html", ""))]
    if len(lines) == 1:
        cell.cell_type, cell.source = "markdown", lines[0]
        del cell["outputs"], cell["execution_count"]
    return cell


def _is_empty(cell: Cell) -> bool:
    """Say whether a cell of ours has nothing to show: the setup, or a check that is worth no marks."""
    return _is_ours(cell) and (not cell.outputs or cell.metadata.nbgrader.get("points") == 0)


def _is_ours(cell: Cell) -> bool:
    """Say whether a cell is the course's own code and ran well; anything else is shown as it is."""
    about = cell.metadata.get("nbgrader", {})
    return (
        cell.cell_type == "code"
        and bool(about.get("locked"))
        and all(output.output_type in ("display_data", "execute_result") for output in cell.outputs)
    )
