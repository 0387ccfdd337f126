"""A marked notebook as the text of its file: as `nbformat.writes` has it, and sooner.

The cells of an exercise are the same for everyone, and so is most of what they show. Writing the text of one and
looking whether it keeps to the format takes longer than running it, so this is done once for cells that are equal.
"""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING, Final

import nbformat

if TYPE_CHECKING:
    from nbformat import NotebookNode

MOST_KEPT: Final = 300
"""How many texts of cells are kept; those that were not needed for the longest time go."""
_NO_CELLS: Final = '"cells": []'


def notebook_text(notebook: NotebookNode) -> str:
    """Return exactly what `nbformat.writes` would."""
    frame = {name: value for name, value in notebook.items() if name != "cells"}
    around = _written(json.dumps({**frame, "cells": []}))
    if not notebook.cells:
        return around
    version = {name: value for name, value in frame.items() if name.startswith("nbformat")}
    pieces = [_cell_text(json.dumps({**version, "metadata": {}, "cells": [cell]})) for cell in notebook.cells]
    return around.replace(_NO_CELLS, '"cells": [\n' + ",\n".join(pieces) + "\n ]", 1)


@functools.lru_cache(maxsize=MOST_KEPT)
def _cell_text(notebook: str) -> str:
    """Return the text of the one cell of a notebook, given as JSON."""
    text = _written(notebook)
    return text[text.index("[\n") + 2 : text.rindex('\n ],\n "metadata"')]


@functools.lru_cache(maxsize=8)
def _written(notebook: str) -> str:
    return str(nbformat.writes(nbformat.from_dict(json.loads(notebook))))
