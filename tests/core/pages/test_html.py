"""Text never becomes markup, and a fragment reads as what it makes."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.core.pages.html import DOCTYPE, VOID, Markup, element, fragment, style_element
from tests.cases import every

HOSTILE = ['<script>alert("x")</script>', "a & b", "' onclick='alert(1)", '"><img src=x onerror=alert(1)>', "&lt;b&gt;"]
printable = st.text(st.characters(exclude_categories=["Cs", "Cc"]))


class Reader(HTMLParser):
    """What a browser would find: the tags with their attributes, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attributes)))

    def handle_data(self, data: str) -> None:
        self.text += data


@given(printable, printable)
def test_any_text_and_attribute_is_read_as_it_was_given(text: str, value: str) -> None:
    read = Reader(element("p", {"title": value}, text))
    assert read.tags == [("p", {"title": value})]
    assert read.text == text


@every("text", HOSTILE)
def test_hostile_text_stays_text_at_any_depth(text: str) -> None:
    read = Reader(element("ul", {"aria-label": text}, (element("li", text) for _ in range(2)), [text, None]))
    assert [tag for tag, _ in read.tags] == ["ul", "li", "li"]
    assert read.tags[0][1] == {"aria-label": text}
    assert read.text == text * 3


def test_elements_nest_without_being_escaped_again() -> None:
    inner = element("strong", "2 < 3")
    assert element("p", inner, " & so on") == "<p><strong>2 &lt; 3</strong> &amp; so on</p>"
    assert fragment("a<b", [inner, "c>d"], None) == "a&lt;b<strong>2 &lt; 3</strong>c&gt;d"
    assert isinstance(fragment(inner), Markup)


def test_what_text_operations_make_of_markup_is_text_again() -> None:
    inner = element("b", "x")
    assert element("p", "".join([inner])) == "<p>&lt;b&gt;x&lt;/b&gt;</p>"
    assert element("p", f"{inner}") == "<p>&lt;b&gt;x&lt;/b&gt;</p>"
    assert element("p", inner + inner[:1]) == "<p>&lt;b&gt;x&lt;/b&gt;&lt;</p>"


def test_attributes_can_be_left_out_alone_or_numbers() -> None:
    assert element("p", {"class": None, "hidden": False}) == "<p></p>"
    assert element("details", {"open": True, "id": ""}) == '<details open id=""></details>'
    assert element("td", {"colspan": 2, "data-part": 0}, "") == '<td colspan="2" data-part="0"></td>'


@every("tag", sorted(VOID))
def test_void_elements_have_no_closing_tag_and_no_content(tag: str) -> None:
    assert element(tag, {"class": "x"}) == f'<{tag} class="x">'
    assert element(tag, None, []) == f"<{tag}>"
    with pytest.raises(ValueError, match="content"):
        element(tag, "text")


@every("name", ["", "a b", 'a"', "a>", "a=b", "onclick", "ONLOAD", "a\n", "1a", "a/b"])
def test_no_attribute_name_breaks_out_or_runs_a_script(name: str) -> None:
    with pytest.raises(ValueError, match="attribute"):
        element("p", {name: "x"})


@every("tag", ["", "p ", "p>", "p onclick=x", "/p", "!doctype"])
def test_no_tag_name_breaks_out(tag: str) -> None:
    with pytest.raises(ValueError, match="element"):
        element(tag)


@pytest.mark.parametrize("address", ["javascript:alert(1)", " JavaScript:x", "\x01java\tscript:x", "java\nscript:x"])
@pytest.mark.parametrize("name", ["href", "SRC", "action", "formaction"])
def test_no_address_runs_a_script(name: str, address: str) -> None:
    with pytest.raises(ValueError, match="script"):
        element("a", {name: address})
    assert element("a", {"title": address})


@pytest.mark.parametrize(
    "address", ["two-questions.ipynb", "data:image/svg+xml;base64,PHN2Zz4=", "#javascript:", "../a"]
)
def test_other_addresses_are_kept(address: str) -> None:
    assert Reader(element("a", {"href": address})).tags == [("a", {"href": address})]


def test_attributes_stand_in_front_and_once() -> None:
    with pytest.raises(TypeError, match="in front"):
        element("p", "text", {"class": "x"})
    with pytest.raises(TypeError, match="in front"):
        element("p", {"class": "x"}, {"id": "y"})


def test_styles_are_not_escaped_and_cannot_end_early() -> None:
    css = '.a > .b { content: "x" }'
    assert style_element(css) == f"<style>{css}</style>"
    with pytest.raises(ValueError, match="</"):
        style_element("</style><script>")
    for tag in ("style", "script", "STYLE"):
        with pytest.raises(ValueError, match="not HTML"):
            element(tag, css)
    assert element("script", {"src": "a.js"}) == '<script src="a.js"></script>'


def test_a_whole_page_can_be_made() -> None:
    page = fragment(DOCTYPE, element("html", {"lang": "en"}, element("title", "A & B")))
    assert page == '<!doctype html>\n<html lang="en"><title>A &amp; B</title></html>'
