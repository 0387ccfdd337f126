"""A bar that says how far a long command is, and how much longer it takes."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator


@contextlib.contextmanager
def progress(words: str, total: int, *, quiet: bool = False) -> Iterator[Callable[[str], None]]:
    """Show a bar on the error output, and give a function to call with a name after each step.

    Where nobody watches (no terminal, or `quiet`), there is none.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=quiet or not console.is_terminal, transient=True) as bar:
        task = bar.add_task(words, total=total)
        yield lambda _name: bar.advance(task)
