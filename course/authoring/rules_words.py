"""Rules for the words of a notebook: its opening, headings, links and pictures, and the words of its activities."""

from __future__ import annotations

import ast
import contextlib
import re
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

from course.activities.card import Card
from course.activities.notebook_cards import find_card, make_card
from course.activities.past_words import Reference
from course.authoring.notebook_page import NotebookPage, Problem, calls
from course.content import words as say
from course.core import notebooks
from course.core.errors import CourseError
from course.core.notebooks import Cell
from course.records.answers.answers import Answers

_HEADING = re.compile(r"^ {0,3}(#{1,6}) +(.+?)\s*#*$", re.MULTILINE)
_CODE = re.compile(r"^ {0,3}(```|~~~).*?^ {0,3}\1|`[^`\n]*`", re.MULTILINE | re.DOTALL)
_LINK = re.compile(
    r"\]\(\s*<?([^\s)>]+)>?[^)]*\)|^\[[^\]^][^\]]*\]:\s*(\S+)|<a\s[^>]*href=[\"']([^\"']+)", re.MULTILINE
)
_PICTURE = re.compile(r"!\[([^\]]*)\]\(")
_HTML_PICTURE = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
_ALT = re.compile(r"\balt=([\"'])\s*\S.*?\1")
TO_WRITE = "TODO"


def opens_well(page: NotebookPage) -> Iterator[Problem]:
    """A lesson opens with its title, its minutes, a question and what people will be able to do."""
    if page.lesson is None:
        return
    first = page.cells[0] if page.cells else None
    text = first["source"] if first and first["cell_type"] == "markdown" else ""
    for words in (
        f"# {page.lesson.title}",
        say("start.minutes", minutes=page.lesson.minutes),
        say("lesson.question"),
        say("lesson.able"),
    ):
        if words not in text:
            yield page.problem(first, f"the lesson does not open with “{words}”.", "Say it in the first cell.")


def closes_well(page: NotebookPage) -> Iterator[Problem]:
    """A lesson ends with one thing to try at work."""
    heading = say("lesson.try-at-work")
    if page.lesson and not any(f"## {heading}" in cell["source"] for cell in page.prose()):
        yield page.problem(None, f"the lesson has no “{heading}”.", "Add that heading and one act near the end.")


def nothing_left_to_write(page: NotebookPage) -> Iterator[Problem]:
    """No place is left that someone still has to write."""
    for cell in page.cells:
        lines = [line.strip() for line in cell["source"].splitlines() if TO_WRITE in line]
        if lines:
            more = f" (and {len(lines) - 1} more)" if lines[1:] else ""
            yield page.problem(cell, f"still to write: {lines[0]}{more}", f"Write it, and take {TO_WRITE} away.")


def headings_in_steps(page: NotebookPage) -> Iterator[Problem]:
    """There is one title, and no heading skips a level."""
    last = 0
    for cell in page.prose():
        for marks, title in _HEADING.findall(plain(cell)):
            level = len(marks)
            if level > last + 1 or (level == 1 and last):
                yield page.problem(
                    cell,
                    f"the heading “{title}” is of level {level} after one of level {last}.",
                    "Begin with one title (#), and go down one level at a time.",
                )
            last = level


def pictures_have_words(page: NotebookPage) -> Iterator[Problem]:
    """Every picture says in words what it shows."""
    for cell in page.prose():
        text = plain(cell)
        bare = [alt for alt in _PICTURE.findall(text) if not alt.strip()]
        bare += [tag for tag in _HTML_PICTURE.findall(text) if not _ALT.search(tag)]
        if bare:
            yield page.problem(cell, "a picture has no words.", "Say what it shows: ![what it shows](file).")


def links_lead_somewhere(page: NotebookPage) -> Iterator[Problem]:
    """Links to files, headings and cells of the course lead to one that is there."""
    for cell in page.prose():
        for groups in _LINK.findall(plain(cell)):
            target = next(filter(None, groups))
            if not urllib.parse.urlsplit(target).scheme and not _is_there(page, target):
                yield page.problem(cell, f"the link “{target}” leads nowhere.", "Correct it, or make what it leads to.")


def keys_asked_once(page: NotebookPage) -> Iterator[Problem]:
    """Each answer has a key of its own."""
    seen: set[str] = set()
    for cell in page.code():
        for key in _keys(cell):
            if key in seen:
                yield page.problem(cell, f"the key “{key}” is asked twice.", "Give each activity a key of its own.")
            seen.add(key)


def _keys(cell: Cell) -> Iterator[str]:
    for call in calls(cell, "ask"):
        key = notebooks.first_text(call)
        if key is not None:
            yield key


def activities_can_be_made(page: NotebookPage) -> Iterator[Problem]:
    """The words of every activity can be read, without running the notebook."""
    for cell in page.code():
        for call in calls(cell, "ask"):
            try:
                try_card(call)
            except CourseError as error:
                yield page.problem(cell, error.message, error.hint)


def try_card(call: ast.Call) -> Card:
    """Return the activity that a call asks for, having made all that is read from it, or raise what is wrong."""
    card = make_card(call, Answers(None, "lesson", "review"))
    card.controls()
    card.answer_lines()
    return card


def past_words_are_asked_for(page: NotebookPage) -> Iterator[Problem]:
    """What is copied from a lesson, or shown again, is asked for there."""
    for cell in page.code():
        for call in calls(cell, "ask"):
            with contextlib.suppress(CourseError):  # the words themselves are looked at by another rule
                for reference in try_card(call).references:
                    if not _is_asked_for(reference, page.root / "notebooks"):
                        name = "/".join(filter(None, (reference.page, reference.card, reference.field)))
                        yield page.problem(
                            cell,
                            f"“{name}” is asked for in no lesson.",
                            "Write the lesson's key and the card's: “lesson/card”.",
                        )


def _is_asked_for(reference: Reference, notebooks: Path) -> bool:
    card = find_card(reference, Answers(None, "lesson", reference.page), notebooks)
    if card is None or not reference.field:
        return card is not None
    try:
        return reference.field in card.layout.empty
    except NotImplementedError:  # an answer of one piece has no fields
        return False


def _is_there(page: NotebookPage, target: str) -> bool:
    name, _, anchor = target.partition("#")
    path = _written(page, urllib.parse.unquote(name)) if name else page.path
    if not path.exists():
        return False
    if not anchor or path.suffix != ".ipynb":
        return True
    other = page if path == page.path else NotebookPage(path, page.root)
    return urllib.parse.unquote(anchor) in set(_anchors(other))


def _written(page: NotebookPage, name: str) -> Path:
    """Return the file that a link means: for an exercise the one in `source`, of which it is made."""
    path = (page.path.parent / name).resolve()
    exercises, source = page.root.resolve() / "exercises", page.root.resolve() / "source"
    return source / path.relative_to(exercises) if path.is_relative_to(exercises) else path


def _anchors(page: NotebookPage) -> Iterator[str]:
    """Return what can stand after # in a link to a notebook: headings and cells, as JupyterLab names them."""
    for cell in page.cells:
        yield f"cell-id={cell.get('id')}"
    for cell in page.prose():
        for _, title in _HEADING.findall(plain(cell)):
            yield re.sub(r"[*_`]", "", title).replace(" ", "-")


def plain(cell: Cell) -> str:
    """Return the Markdown of a cell without its pieces of code."""
    return _CODE.sub("", cell["source"])
