"""A translation made by machine: every letter that people read is replaced by a Cyrillic one.

Whatever still shows a plain letter in it has escaped: its words are not where a translator would find them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from course import content
from course.core import notebooks

CYRILLIC = str.maketrans(
    {chr(first + place): chr(other + place) for first, other in ((65, 0x410), (97, 0x430)) for place in range(26)}
)
_KEPT = re.compile(r"\{[^{}]*\}|\\.")
"""The blanks of a text, and what TOML writes with a backslash."""
LANGUAGE = "uk"
"""A language with Cyrillic letters, and with more plural forms than English."""
_FORMS = re.compile(r'(?<=, )other = ("(?:[^"\\]|\\.)*")')
_ENTRY = re.compile(r'([\w-]+) = ("(?:[^"\\]|\\.)*"|\[[^][{}]*\])')
_NAMES = {
    "interface.toml": {"language"},
    "lessons.toml": {"key", "former", "name", "lesson", "opens"},
    "scales.toml": {"code", "side", "like"},
}
"""What is read by the course and by no one else."""
_SHAPE = re.compile(r"\s*(?:[A-Z]\. +|- +|-> *|~> *|## +|---$|! *(?:empty|over \d+ words) *->|!)?")
"""What an author writes in front of words to say what they are."""
_KEY = re.compile(r"(\{[a-z][a-z0-9/-]+\}|\[x\]|\[x )")
"""What an option is saved as, the name of a card of another lesson, or the sign of what is right: nobody reads it."""
_UNSEEN = frozenset({"id", "kind", "media_type", "content", "data", "type", "tone", "value", "leads_to", "unit", "svg"})
_SPOKEN = frozenset({"alt", "title", "aria-label", "aria-description", "placeholder"})


def translate(text: str) -> str:
    """Return a text with Cyrillic letters, its {blanks} left as they are.

    >>> translate("Save {n} words")
    'Тахд {n} цосгт'
    """
    kept = [*_KEPT.findall(text), ""]
    return "".join(piece.translate(CYRILLIC) + blank for piece, blank in zip(_KEPT.split(text), kept, strict=True))


def escaped(texts: Iterator[str]) -> set[str]:
    """Return the texts with words in them that nobody translated. The letter of an option, mark or question is none."""
    return {
        text for text in texts if re.search(r"[A-Za-z]", re.sub(r"\{\w*\}|\b[A-Z]\. |^[A-Z]$|\b\d[a-z]\b", "", text))
    }


def write_edition(folder: Path) -> Path:
    """Write the content files in translation, and return their folder."""
    folder.mkdir()
    for path in content.HERE.glob("*.toml"):
        names = _NAMES.get(path.name, set()) | {"by"}

        def entry(found: re.Match[str], names: set[str] = names) -> str:
            return found[0] if found[1] in names else f"{found[1]} = {translate(found[2])}"

        text = re.sub(r"^#.*", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        text = _FORMS.sub(r"few = \1, many = \1, other = \1", _ENTRY.sub(entry, text))
        (folder / path.name).write_text(
            text.replace('language = "en-GB"', f'language = "{LANGUAGE}"'), encoding="utf-8"
        )
    return folder


class _Cell(ast.NodeTransformer):
    """Translates the words in a code cell: those of exercises, of their groups and of feedback."""

    def visit_Call(self, node: ast.Call) -> ast.Call:  # the name is ast's own
        is_marking = isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) == "mark"
        if not is_marking:
            node.args = [self.visit(argument) if _is_words(argument) else argument for argument in node.args]
        for keyword in node.keywords:
            if keyword.arg in (("feedback",) if is_marking else ("groups", "marks")):
                keyword.value = self.visit(keyword.value)
        return node

    def visit_Dict(self, node: ast.Dict) -> ast.Dict:
        node.values = [self.visit(value) for value in node.values]
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        if not isinstance(node.value, str):
            return node
        return ast.copy_location(ast.Constant("\n".join(map(_line, node.value.split("\n")))), node)


def _is_words(argument: ast.expr) -> bool:
    """Say whether an argument is the words of an exercise, and no key and no name of a scale."""
    return isinstance(argument, ast.Dict) or (isinstance(argument, ast.Constant) and "\n" in str(argument.value))


def _line(line: str) -> str:
    shape = _SHAPE.match(line)
    assert shape
    pieces = _KEY.split(line[shape.end() :])
    return shape[0] + "".join(piece if _KEY.fullmatch(piece) else piece.translate(CYRILLIC) for piece in pieces)


def run(path: Path, **names: Any) -> None:
    """Run a notebook's code cells in translation, but for the one that sets it up."""
    for cell in notebooks.read_notebook(path)["cells"]:
        if cell["cell_type"] == "code" and cell["id"] != "setup":
            tree = ast.fix_missing_locations(_Cell().visit(ast.parse(notebooks.source(cell))))
            exec(compile(tree, path.name, "exec"), names)


def seen(parts: Any) -> Iterator[str]:
    """Yield what is shown or read out of a card's or a chart's parts."""
    if isinstance(parts, dict):
        for name, inside in parts.items():
            if name not in _UNSEEN:
                yield from seen(inside)
            elif name == "svg" and inside:
                yield from _drawn(inside)
    elif isinstance(parts, list | tuple):
        for inside in parts:
            yield from seen(inside)
    elif isinstance(parts, str):
        yield parts


def _drawn(svg: str) -> Iterator[str]:
    for element in ElementTree.fromstring(svg).iter():
        if element.tag.split("}")[-1] in ("text", "title", "desc"):
            yield "".join(element.itertext())


class Page(HTMLParser):
    """The texts of a page, and what is read out of it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open.append(tag)
        self.texts += [value or "" for name, value in attrs if name in _SPOKEN]

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self._open or self._open[-1] not in ("style", "script"):
            self.texts.append(data)
