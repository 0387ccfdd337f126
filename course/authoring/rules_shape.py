"""Rules for the shape of a notebook: its metadata, its ids and its code."""

from __future__ import annotations

import ast
import io
import tokenize
from collections import Counter
from collections.abc import Iterator

from course.authoring.notebook_page import (
    CELL_METADATA,
    KERNELSPEC,
    NOTEBOOK_METADATA,
    TAGS,
    NotebookPage,
    Problem,
)
from course.authoring.tidy import is_name
from course.core.notebooks import Cell, syntax_tree

MOST_LINES = 10
TIDY = "Run make tidy."


def only_known_metadata(page: NotebookPage) -> Iterator[Problem]:
    """A notebook carries nothing that a tool left in it."""
    metadata = page.notebook.get("metadata", {})
    if extra := sorted(set(metadata) - NOTEBOOK_METADATA):
        yield page.problem(None, f"its metadata holds {', '.join(extra)}.", TIDY)
    if metadata.get("kernelspec") != KERNELSPEC or page.notebook.get("nbformat_minor") != 5:
        yield page.problem(None, "its format or kernel is not the course's.", TIDY)
    for cell in page.cells:
        if extra := sorted(set(cell["metadata"]) - CELL_METADATA):
            yield page.problem(cell, f"its metadata holds {', '.join(extra)}.", TIDY)


def tags_from_the_list(page: NotebookPage) -> Iterator[Problem]:
    """Every tag is one that means something to the course."""
    for cell in page.cells:
        for tag in cell["metadata"].get("tags", []):
            if tag not in TAGS:
                yield page.problem(cell, f"the tag “{tag}” means nothing here.", f"Use only: {', '.join(TAGS)}.")


def cells_have_names(page: NotebookPage) -> Iterator[Problem]:
    """Every cell has a name of its own, so that a comment can point at it."""
    places = Counter(cell.get("id") for cell in page.cells)
    for cell in page.cells:
        if not is_name(cell.get("id")):
            yield page.problem(cell, "it has no name.", TIDY)
        elif places[cell["id"]] > 1:
            yield page.problem(cell, "another cell has the same name.", TIDY)


def no_outputs(page: NotebookPage) -> Iterator[Problem]:
    """What a cell showed is not kept."""
    for cell in page.code():
        if cell.get("outputs") or cell.get("execution_count") is not None:
            yield page.problem(cell, "it keeps what it showed when it was run.", TIDY)


def runs_itself(page: NotebookPage) -> Iterator[Problem]:
    """A lesson runs when it is opened and hides its code."""
    wanted = {"run_on_open": True, "hide_code": True}
    if page.lesson and page.notebook.get("metadata", {}).get("course") != wanted:
        yield page.problem(
            None, "it does not run on open with its code hidden.", f"Set the notebook's metadata “course” to {wanted}."
        )


def short_code(page: NotebookPage) -> Iterator[Problem]:
    """Code cells are short; the words of an exercise do not count."""
    for cell in page.code():
        if (lines := count_code_lines(cell)) > MOST_LINES:
            yield page.problem(
                cell, f"it has {lines} lines of code.", f"Keep to {MOST_LINES}: use two cells, or a part of the course."
            )


def count_code_lines(cell: Cell) -> int:
    r"""Return how many lines of a cell are code: not empty, no comment, not inside a long text, and not texts alone.

    >>> count_code_lines({"source": 'ask.write("a", \"\"\"\nWhat?\nWhy?\n\"\"\")\n# a comment'})
    2
    >>> count_code_lines({"source": 'mark.choice(\n"q1",\n"asks",\nfeedback={\n"asks": "Right.",\n},\n)'})
    3
    """
    unseen = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    lines: set[int] = set()
    try:
        for token in tokenize.generate_tokens(io.StringIO(cell["source"]).readline):
            is_words = token.type == tokenize.STRING and token.start[0] == token.end[0]
            if not is_words and token.string not in (":", ",", "{", "}") and token.type not in unseen:
                lines |= {token.start[0], token.end[0]}
    except (tokenize.TokenError, SyntaxError):
        return len(cell["source"].splitlines())
    return len(lines)


def defines_nothing(page: NotebookPage) -> Iterator[Problem]:
    """Notebooks use the course and define nothing of their own."""
    for cell in page.code():
        module = syntax_tree(cell["source"])
        if module is None:
            yield page.problem(cell, "it is no Python.", "Look for a missing bracket or quotation mark.")
            continue
        for node in ast.walk(module):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                yield page.problem(cell, f"it defines “{node.name}”.", "Put it into course/, with a test, and call it.")
            elif isinstance(node, ast.ImportFrom) and any(name.name == "*" for name in node.names):
                yield page.problem(
                    cell, f"it imports everything from {node.module}.", "Import by name what is used, and no more."
                )


def one_setup(page: NotebookPage) -> Iterator[Problem]:
    """There is one setup cell in what runs, it comes first, and only it may hide its code."""
    code = list(page.code())
    for cell in page.cells:
        is_setup = "setup" in cell["metadata"].get("tags", [])
        if is_setup and code and cell is not code[0]:
            yield page.problem(cell, "it is tagged setup and is not the first code cell.", "Take the tag away.")
        if not is_setup and cell["metadata"].get("jupyter", {}).get("source_hidden"):
            yield page.problem(cell, "it hides its code.", "Show it: only the setup cell may be hidden.")
    if code and "setup" not in code[0]["metadata"].get("tags", []):
        yield page.problem(code[0], "the first code cell is not tagged setup.", "Tag it setup.")
