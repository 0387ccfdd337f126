"""A document that Word and LibreOffice open, made of headings, paragraphs, tables and pictures.

On a computer it is a Word file. The web edition has no library that writes one: there it is a web page under a name
that Word opens, with the same parts, but for pictures, which Word does not show in such a page.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from course.core.pages.html import DOCTYPE, Content, Markup, element, fragment, style_element
from course.core.pages.web_edition import is_web_edition

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

_NOT_IN_XML: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_RIGHT_TO_LEFT: Final = re.compile(r"[^\w]*[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_PICTURE_WIDTH: Final = 4.6
"""In inches: the highest chart and what is said of it have space on one page."""
_A4: Final = (210, 297)
"""In millimetres."""
_STYLE: Final = """
@page { margin: 2cm; }
body { max-width: 17cm; margin: 1cm auto; padding: 0 12pt; font-family: Calibri, Arial, sans-serif; font-size: 11pt;
  line-height: 1.35; overflow-wrap: anywhere; }
h2 { margin: 24pt 0 6pt; border-bottom: 1px solid; page-break-after: avoid; }
h3 { margin: 16pt 0 4pt; page-break-after: avoid; }
p { margin: 0 0 6pt; }
td, th { border: 1px solid; padding: 3pt 6pt; text-align: start; }
table { border-collapse: collapse; }
.label { margin: 9pt 0 0; page-break-after: avoid; }
@media print { body { max-width: none; margin: 0; padding: 0; } }
"""


@dataclass(frozen=True)
class WordHeading:
    """A heading, of level 1 or 2."""

    text: str
    level: Literal[1, 2]


@dataclass(frozen=True)
class WordParagraph:
    """A paragraph, in bold or italic; a label is bold and stays with what follows it, an item is one of a list."""

    text: str = field(repr=False)
    style: Literal["plain", "bold", "italic", "label", "item"] = "plain"


@dataclass(frozen=True)
class WordTable:
    """A table; its first row names the columns."""

    rows: Sequence[Sequence[str]] = field(repr=False)


@dataclass(frozen=True)
class WordPicture:
    """A picture, which stays with what follows it."""

    png: bytes = field(repr=False)
    alt: str = field(repr=False)
    """What there is to see, for those who do not see it."""


WordPart: TypeAlias = WordHeading | WordParagraph | WordTable | WordPicture


def word_file(title: str, parts: Iterable[WordPart], language: Mapping[str, str]) -> bytes:
    """Return the document; a character that no such file can hold becomes “?”. It names nobody as its author.

    `language` has the attributes `lang` and, where it is known, `dir` of the language that it is written in.
    """
    return _web_page(title, parts, language) if is_web_edition() else _docx(title, parts, language)


def word_name(stem: str) -> str:
    """Return how a document is called, so that Word opens it.

    >>> word_name("my-journal")
    'my-journal.docx'
    """
    return f"{stem}.doc" if is_web_edition() else f"{stem}.docx"


def word_media_type() -> str:
    """Return the media type of such a document."""
    return (
        "application/msword"
        if is_web_edition()
        else "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    )


def lines_of(text: str) -> list[WordParagraph]:
    """Return a paragraph for each line that is not empty."""
    return [WordParagraph(line) for line in filter(str.strip, text.split("\n"))]


def document_text(text: str) -> str:
    r"""Return a text in which “?” stands for each character that no document can hold.

    >>> document_text("a\x00b\n\x1b[2J")
    'a?b\n?[2J'
    """
    return _NOT_IN_XML.sub("?", text)


def _is_right_to_left(text: str) -> bool:
    return bool(_RIGHT_TO_LEFT.match(text))


def _docx(title: str, parts: Iterable[WordPart], language: Mapping[str, str]) -> bytes:
    from docx import Document as open_template

    document = open_template()
    document.core_properties.title = document_text(title)
    document.core_properties.author = ""
    document.core_properties.comments = ""
    document.core_properties.language = language["lang"]
    _set_language(document, language["lang"])
    _set_page(document)
    document.add_heading(document_text(title), level=0)
    for part in parts:
        if isinstance(part, WordHeading):
            document.add_heading(document_text(part.text), level=part.level)
        elif isinstance(part, WordParagraph):
            _add_paragraph(document, part)
        elif isinstance(part, WordPicture):
            _add_picture(document, part)
        elif part.rows:
            _add_table(document, part.rows)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _set_language(document: Document, lang: str) -> None:
    """Have Word read and check the text in its language: the template says that all of it is American English."""
    from docx.oxml.ns import qn

    for element_of_language in document.styles.element.iter(qn("w:lang")):
        for name in ("w:val", "w:bidi"):
            element_of_language.set(qn(name), lang)


def _set_page(document: Document) -> None:
    """Have pages as printers here take them: the template has American ones, whose ends are cut off or shrunk."""
    from docx.shared import Mm

    for section in document.sections:
        section.page_width, section.page_height = Mm(_A4[0]), Mm(_A4[1])


def _add_paragraph(document: Document, part: WordParagraph) -> None:
    paragraph = document.add_paragraph(style="List Bullet" if part.style == "item" else None)
    run = paragraph.add_run(document_text(part.text))
    run.bold = part.style in ("bold", "label") or None
    run.italic = part.style == "italic" or None
    if part.style == "label":
        from docx.shared import Pt

        paragraph.paragraph_format.keep_with_next = True
        paragraph.paragraph_format.space_after = Pt(0)
    else:
        _turn(paragraph)


def _turn(paragraph: Paragraph) -> None:
    """Set a paragraph from right to left where it begins so."""
    if not _is_right_to_left(paragraph.text):
        return
    from docx.oxml import OxmlElement

    paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))


def _add_picture(document: Document, part: WordPicture) -> None:
    from docx.shared import Inches

    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    picture = paragraph.add_run().add_picture(io.BytesIO(part.png), width=Inches(_PICTURE_WIDTH))
    picture._inline.docPr.set("descr", document_text(part.alt))


def _add_table(document: Document, rows: Sequence[Sequence[str]]) -> None:
    from docx.oxml import OxmlElement

    table = document.add_table(rows=0, cols=len(rows[0]))
    table.style = "Light Grid Accent 1"
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = document_text(text)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _web_page(title: str, parts: Iterable[WordPart], language: Mapping[str, str]) -> bytes:
    head = element("head", element("meta", {"charset": "utf-8"}), element("title", title), style_element(_STYLE))
    body = element("body", element("h1", title), [_html_of(part) for part in parts])
    return fragment(DOCTYPE, element("html", language, head, body)).encode()


def _html_of(part: WordPart) -> Markup:
    if isinstance(part, WordHeading):
        return element(f"h{part.level + 1}", document_text(part.text))
    if isinstance(part, WordParagraph):
        text: Content = document_text(part.text)
        if part.style in ("bold", "label"):
            text = element("b", text)
        elif part.style == "italic":
            text = element("i", text)
        elif part.style == "item":
            text = fragment("• ", text)
        direction = "rtl" if _is_right_to_left(part.text) else None
        return element("p", {"class": "label" if part.style == "label" else None, "dir": direction}, text)
    if isinstance(part, WordPicture):
        return fragment()
    columns, *rows = part.rows or ((),)
    cells = [element("tr", [element("td", document_text(cell)) for cell in row]) for row in rows]
    names = element("tr", [element("th", {"scope": "col"}, document_text(cell)) for cell in columns])
    return element("table", element("thead", names), element("tbody", cells))
