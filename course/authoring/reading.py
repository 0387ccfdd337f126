"""What a learner reads in a lesson: its sentences by cell, its words, and the minutes it asks for."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from course.authoring.files import Cell
from course.authoring.page import Page, calls
from course.authoring.sentences import sentences
from course.content import words as say

WORDS_A_MINUTE = 150
"""Our own teaching assumption, and no finding: slower than plain reading, because people stop to think."""
_OTHERS = "go-further"
"""The cell that lists what others wrote, in their words."""
_SHAPE = re.compile(r"^\s*(?:#{1,6} +|> ?|[-*] +|\d+[.)] +|[A-Z]\. +|-> *|~> *|![^>]*-> *|---$)+")
_MARKS = re.compile(r"!?\[([^]]*)\]\([^)]*\)|[*`]+|_{3}(?:\{[^}]*\})?|\s\[[^]]+\]$")
_TABLE = re.compile(r"^\s*\|")


@dataclass(frozen=True)
class Sentence:
    """One sentence of a lesson and the cell it is in."""

    text: str
    cell: str


def read_sentences(page: Page) -> list[Sentence]:
    """Return the sentences of a lesson and its exercises, without headings, tables and lists of what others wrote."""
    return [
        Sentence(text, str(cell["id"]))
        for cell in page.cells
        if cell["id"] != _OTHERS
        for line in _lines(cell)
        if not line.lstrip().startswith("#") and not _TABLE.match(line)
        for text in sentences(_bare(line))
        if text
    ]


def count_words(page: Page) -> int:
    """Return how many words there are to read between the exercises, which have minutes of their own."""
    texts = [
        _bare(line) for cell in page.prose() if cell["id"] != _OTHERS and not _minutes(cell) for line in _lines(cell)
    ]
    return sum(len(text.split()) for text in texts)


def count_minutes(page: Page) -> int:
    """Return the minutes that the exercises of a lesson ask for, each as its heading says."""
    return sum(_minutes(cell) for cell in page.prose())


def _minutes(cell: Cell) -> int:
    """Return the minutes that stand over an exercise, one where it takes less, none over anything else."""
    if "try-it" not in cell["metadata"].get("tags", []):
        return 0
    written = re.escape(say("start.minutes", minutes="MINUTES")).replace("MINUTES", r"(\d+)")
    found = re.search(written, cell["source"])
    return int(found[1]) if found else 1


def _lines(cell: Cell) -> Iterator[str]:
    if cell["cell_type"] == "markdown":
        yield from cell["source"].split("\n")
    for call in calls(cell, "ask") if cell["cell_type"] == "code" else ():
        for argument in call.args[1:]:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and "\n" in argument.value:
                yield from argument.value.split("\n")


def _bare(line: str) -> str:
    """Return a line as it is read: without what gives it its shape.

    >>> _bare("> **Pause** here, or go to [lesson 1](01.ipynb)."), _bare("! always -> What did you see?")
    ('Pause here, or go to lesson 1.', 'What did you see?')
    """
    return " ".join(_MARKS.sub(lambda mark: mark[1] or "", _SHAPE.sub("", line)).split())
