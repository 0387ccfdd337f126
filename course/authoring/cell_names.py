"""Names for cells: given once from a cell's first line, and kept from then on."""

from __future__ import annotations

import re
import unicodedata

from course.core.notebooks import Cell

LONGEST = 40

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_RANDOM = re.compile(
    r"(?=[a-z]*[0-9])[0-9a-f]{8}"  # nbformat
    r"|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"  # JupyterLab
    r"|cell-[0-9a-f]+"  # nbgrader
)


def is_name(id: object) -> bool:
    """Say whether an id is a name and not one that a program made up.

    >>> is_name("repair-intro"), is_name("3f2a91bc"), is_name("cell-7")
    (True, False, False)
    """
    return isinstance(id, str) and len(id) <= 64 and bool(_NAME.fullmatch(id)) and not _RANDOM.fullmatch(id)


def give_names(cells: list[Cell]) -> None:
    """Name the cells that have no name, and rename the second of two with the same one.

    The `grade_id` of a graded cell becomes its id. A cell that only nbgrader has named takes that name,
    unless it is another cell's: JupyterLab gives a copy a new id and leaves its grade_id.
    """
    taken: set[str] = set()
    kept = {cell["id"] for cell in cells if is_name(cell.get("id"))}
    for cell in cells:
        id = str(cell.get("id"))
        if not is_name(id) or id in taken:
            id = _free(_known_name(cell) or first_line_name(cell), taken | kept)
        taken.add(id)
        cell["id"] = id
        if is_graded(cell):
            cell["metadata"]["nbgrader"]["grade_id"] = id


def is_graded(cell: Cell) -> bool:
    """Say whether nbgrader knows the cell by its grade_id."""
    about = cell["metadata"].get("nbgrader")
    return isinstance(about, dict) and any(about.get(key) for key in ("grade", "task", "solution", "locked"))


def first_line_name(cell: Cell) -> str:
    """Return a name made of the first line of a cell, cut at a word.

    >>> first_line_name({"cell_type": "markdown", "source": "## What trust is, and isn't", "metadata": {}})
    'what-trust-is-and-isnt'
    """
    if "setup" in cell["metadata"].get("tags", []):
        return "setup"
    line = next((line for line in cell["source"].splitlines() if _words(line)), "")
    name = ""
    for word in _words(line):
        longer = f"{name}-{word}" if name else word[:LONGEST]
        if len(longer) > LONGEST:
            break
        name = longer
    return name if is_name(name) else f"{cell['cell_type']}-{name}".strip("-")


def _words(line: str) -> list[str]:
    line = re.sub(r"\]\([^)]*\)|<[^>]*>|[’']", "", line)
    plain = unicodedata.normalize("NFKD", line).encode("ascii", "ignore").decode().lower()
    return re.findall(r"[a-z0-9]+", plain)


def _known_name(cell: Cell) -> str:
    graded = cell["metadata"]["nbgrader"].get("grade_id") if is_graded(cell) else None
    return next((str(id) for id in (cell.get("id"), graded) if is_name(id)), "")


def _free(name: str, taken: set[str]) -> str:
    if name not in taken:
        return name
    number = 2
    while f"{name}-{number}" in taken:
        number += 1
    return f"{name}-{number}"
