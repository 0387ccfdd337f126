"""What a notebook is as a page: its title, its sections, its words as HTML, and the places of its code cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Final, TypeAlias

from mistune import HTMLRenderer, create_markdown

from course.core.notebooks import Cell, Notebook
from course.core.pages.html import Markup, element
from course.core.pages.web_edition import is_web_edition

_HEADING: Final = re.compile(r"^(#{1,2}) +(.+?)\s*$")
_COLUMN: Final = re.compile(r"<th\b[^>]*>(.*?)</th>", re.DOTALL)
_TAG: Final = re.compile(r"<[^>]*>")
_FENCE: Final = re.compile(r"^\s*(```|~~~)")
_TWO_EDITIONS: Final = re.compile(r"<!-- on a computer -->(.*?)<!-- in a browser:(.*?)-->", re.DOTALL)
"""Words of a notebook that are true on a computer alone, and the words that stand there in the web edition."""


@dataclass(frozen=True)
class Words:
    """Words of the page, as HTML."""

    html: Markup


@dataclass(frozen=True)
class CodePlace:
    """Where what a code cell shows goes."""

    cell: str
    """The cell's id."""


Block: TypeAlias = Words | CodePlace


@dataclass(frozen=True)
class Section:
    """A part of the page under a heading of its own; the first one, before any heading, has no title."""

    id: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Page:
    """A notebook as it is read."""

    title: str
    sections: tuple[Section, ...]
    code: dict[str, str]
    """The source of each code cell by its id, in the order in which they run."""

    @property
    def listed(self) -> tuple[Section, ...]:
        """The sections that have a title."""
        return tuple(section for section in self.sections if section.title)


def page_of(notebook: Notebook) -> Page:
    """Return a notebook as a page. Its words are trusted: only notebooks that the course has shipped are shown."""
    title = ""
    opened: list[tuple[str, str, list[Block]]] = [("top", "", [])]
    for level, heading, block in _pieces(notebook["cells"]):
        if level == 1 and not title:
            title = heading
        elif level:
            opened.append((_unused(_slug(heading), [name for name, _, _ in opened]), heading, []))
        if block is not None:
            opened[-1][2].append(block)
    sections = tuple(Section(name, heading, tuple(blocks)) for name, heading, blocks in opened if heading or blocks)
    return Page(title, sections, {_cell_id(place, cell): cell["source"] for place, cell in _code_cells(notebook)})


def _code_cells(notebook: Notebook) -> list[tuple[int, Cell]]:
    return [(place, cell) for place, cell in enumerate(notebook["cells"]) if cell["cell_type"] == "code"]


def _cell_id(place: int, cell: Cell) -> str:
    return cell.get("id") or f"cell-{place}"


def _pieces(cells: list[Cell]) -> Iterator[tuple[int, str, Block | None]]:
    """Yield (level, heading, None) for each heading that opens the page or a section, and (0, "", block) for the rest.

    A heading is plain text: what marks emphasis in it is taken out.
    """
    for place, cell in enumerate(cells):
        if cell["cell_type"] == "code":
            yield 0, "", CodePlace(_cell_id(place, cell))
        elif cell["cell_type"] == "markdown":
            for level, heading, text in _split(_for_edition(cell["source"])):
                if level:
                    yield level, heading, None
                if text.strip():
                    yield 0, "", Words(html_of(text))


def _for_edition(text: str) -> str:
    """Return Markdown as the edition in use has it.

    >>> _for_edition("Kept <!-- on a computer -->in a folder<!-- in a browser: in your browser -->.")
    'Kept in a folder.'
    """
    return _TWO_EDITIONS.sub(lambda words: words[2].strip() if is_web_edition() else words[1], text)


def _split(text: str) -> list[tuple[int, str, str]]:
    r"""Return a Markdown text as (level, heading, what stands below it), cut at its headings of levels 1 and 2.

    >>> _split("# A\nOne.\n## B\nTwo.")
    [(1, 'A', 'One.'), (2, 'B', 'Two.')]
    """
    parts: list[tuple[int, str, list[str]]] = [(0, "", [])]
    is_code = False
    for line in text.split("\n"):
        is_code ^= bool(_FENCE.match(line))
        heading = None if is_code else _HEADING.match(line)
        if heading:
            parts.append((len(heading[1]), heading[2].replace("*", ""), []))
        else:
            parts[-1][2].append(line)
    return [(level, heading, "\n".join(lines)) for level, heading, lines in parts if level or lines]


class _PageRenderer(HTMLRenderer):
    """Markdown as HTML; a wide table scrolls within itself, by keys too, and never takes the page with it.

    As the keys stop there, it has a name: its columns'.
    """

    def table(self, text: str) -> str:
        columns = [unescape(_TAG.sub("", column)).strip() for column in _COLUMN.findall(text)]
        name = ", ".join(column for column in columns if column)
        attributes = {"class": "frame-table", "tabindex": "0", "role": "group", "aria-label": name or None}
        return f"{element('div', attributes, element('table', Markup(text)))}\n"


_markdown: Final = create_markdown(renderer=_PageRenderer(escape=False), plugins=["table", "strikethrough", "url"])


def html_of(text: str) -> Markup:
    """Return Markdown of the course's own as HTML."""
    return Markup(_markdown(text))


def _slug(heading: str) -> str:
    """Return a heading as the name that links lead to.

    >>> _slug("How might your group see you?")
    'how-might-your-group-see-you'
    """
    return re.sub(r"[^\w]+", "-", heading.casefold()).strip("-") or "section"


def _unused(name: str, used: list[str]) -> str:
    candidate, number = name, 2
    while candidate in used:
        candidate, number = f"{name}-{number}", number + 1
    return candidate
