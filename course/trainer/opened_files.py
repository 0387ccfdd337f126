"""What JupyterLab keeps of the files that a trainer opened in it: copies beside them, and lists of their names."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from course.core.settings import settings

_COPIES: Final = ".ipynb_checkpoints"
"""In which folder JupyterLab keeps a copy of whatever is opened in it."""
_LISTS: Final = "*/**/*.jupyterlab-workspace"
"""Where JupyterLab keeps which files are open in a window and which were closed last, for each way to open the course.

It makes such a file anew where there is none, from what its page knows.
"""


def copies_in(folders: Iterable[Path]) -> list[Path]:
    """Return the copies of what was opened in these folders."""
    return [path for folder in folders for path in sorted((folder / _COPIES).glob("*"))]


def lists_of_opened() -> list[Path]:
    """Return the files in which it is kept what this person had open."""
    return sorted(settings().jupyter.glob(_LISTS))
