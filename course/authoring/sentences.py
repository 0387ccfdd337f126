"""Markdown with one sentence a line, so that a changed sentence is a changed line.

Only plain paragraphs and quotations are laid out again. Headings, lists, tables, footnotes,
HTML and code stay as they are, and no line is broken inside a link, emphasis or code span.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_FENCE = re.compile(r" {0,3}(```+|~~~+|\$\$)")
_HEADING = re.compile(r" {0,3}#{1,6}( |$)")
_RULE = re.compile(r" {0,3}([-*_=] *){2,}$")
_QUOTE = re.compile(r" {0,3}> ?")
_OWN_SHAPE = re.compile(r"\s|[-*+] |\d+[.)] |\||<[a-z/!?]|\[[^\]]+\]:|.*\|.*\|", re.IGNORECASE)
"""A line that begins a list, a table, HTML, a footnote or indented code, up to the next empty line."""

_HELD = re.compile(
    r"(`+)(?!`).+?(?<!`)\1(?!`)"  # code
    r"|!?\[(?:[^\[\]]|\[[^\[\]]*\])*\](?:\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^\]]*\])?"  # links and pictures
    r"|<[^>]+>"
    r"|\$[^$]+\$"
    r"|(?<!\*)(\*{1,3})(?=[^\s*]).+?(?<=\S)(?<!\*)\2(?!\*)"  # emphasis
    r"|(?<![\w_])(_{1,3})(?=[^\s_]).+?(?<=\S)(?<!_)\3(?![\w_])"
)
_END = re.compile(r"[.!?…][”’\"')\]*_]*\s+(?=[“‘\"'(\[*_`]*[A-Z0-9À-Þ])")
_ABBREVIATIONS = frozenset("e.g i.e cf vs etc al approx ca dr mr mrs ms prof st rev jr sr".split())
"""Words before a full stop that does not end a sentence. A single letter never ends one either."""
_BEFORE_NUMBERS = frozenset("no nos p pp fig figs vol jan feb aug sept oct nov dec".split())
_TABLE = re.compile(r" *\|?[ :]*-+[ :]*\|")
_BREAK = re.compile(r"(?<=[^\s|>\\]) {2,}$")
"""Two spaces at the end of a line: a line break, which a backslash shows better."""


def one_a_line(markdown: str) -> str:
    """Return Markdown with one sentence a line.

    >>> print(one_a_line("Trust grows slowly. It can go, e.g. overnight."))
    Trust grows slowly.
    It can go, e.g. overnight.
    """
    return "\n".join(_lines(markdown.split("\n")))


def sentences(text: str) -> list[str]:
    """Return the sentences of a paragraph that has no line breaks.

    >>> sentences("Ask Dr. Okoro. *Listen. Then wait.* It costs 2.50.")
    ['Ask Dr. Okoro.', '*Listen. Then wait.*', 'It costs 2.50.']
    """
    spans = [match.span() for match in _HELD.finditer(text)]
    complete, start = [], 0
    for end in _END.finditer(text):
        if _ends_here(text, end, spans):
            complete.append(text[start : end.end()].strip())
            start = end.end()
    return [*complete, text[start:].strip()]


def _ends_here(text: str, end: re.Match[str], spans: list[tuple[int, int]]) -> bool:
    if any(first < end.end() < last for first, last in spans):
        return False
    if _begins_own_shape(text[end.end() :]):
        return False
    if text[end.start()] != ".":
        return True
    before = re.split(r"[\s(“\"‘\[*_]", text[: end.start()])[-1].casefold()
    is_single_letter = len(before) == 1 and before.isalpha() and before != "i"
    is_before_number = before in _BEFORE_NUMBERS and text[end.end()].isdigit()
    return not (is_single_letter or is_before_number or before in _ABBREVIATIONS)


def _begins_own_shape(line: str) -> bool:
    return any(shape.match(line) for shape in (_FENCE, _HEADING, _RULE, _QUOTE, _OWN_SHAPE))


def _lines(lines: list[str]) -> Iterator[str]:
    at = 0
    while at < len(lines):
        end = _end_of_block(lines, at)
        yield from _laid_out(lines[at:end])
        at = end


def _end_of_block(lines: list[str], at: int) -> int:
    """Return where the block that begins at a line ends: a fence at its close, text at an empty line."""
    line = lines[at]
    if fence := _FENCE.match(line):
        return _end_of_fence(lines, at, fence[1])
    if not line.strip() or _HEADING.match(line) or _RULE.match(line):
        return at + 1
    if _QUOTE.match(line):
        return next((n for n in range(at, len(lines)) if not _QUOTE.match(lines[n])), len(lines))
    if _OWN_SHAPE.match(line):
        return next((n for n in range(at, len(lines)) if not lines[n].strip() or _FENCE.match(lines[n])), len(lines))
    return _end_of_paragraph(lines, at)


def _end_of_fence(lines: list[str], at: int, mark: str) -> int:
    if mark == "$$" and lines[at].strip() != "$$" and lines[at].rstrip().endswith("$$"):
        return at + 1
    for number in range(at + 1, len(lines)):
        line = lines[number].strip()
        if line.startswith(mark) or (mark == "$$" and line.endswith(mark)):
            return number + 1
    return len(lines)


def _end_of_paragraph(lines: list[str], at: int) -> int:
    for number in range(at + 1, len(lines)):
        line = lines[number]
        if _RULE.match(line):
            return number + 1
        if not line.strip() or _begins_own_shape(line):
            return number
    return len(lines)


def _laid_out(block: list[str]) -> list[str]:
    first = block[0]
    if _QUOTE.match(first):
        inside = one_a_line("\n".join(_QUOTE.sub("", line, count=1) for line in block))
        return [f"> {line}".rstrip() for line in inside.split("\n")]
    if _FENCE.match(first) or first.startswith("    "):
        return [line.rstrip() for line in block]
    block = [*(_BREAK.sub(r"\\", line) for line in block[:-1]), block[-1]]
    has_own_shape = _begins_own_shape(first) or _RULE.match(block[-1]) or any(map(_TABLE.match, block))
    return [line.rstrip() for line in block] if has_own_shape else _paragraph(block)


def _paragraph(block: list[str]) -> list[str]:
    laid_out: list[str] = []
    joined: list[str] = []
    for line in block:
        joined.append(line.strip())
        if line.endswith("\\"):
            laid_out += sentences(" ".join(joined))
            joined = []
    return laid_out + (sentences(" ".join(joined)) if joined else [])
