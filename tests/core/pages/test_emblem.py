"""The course's emblem: a small picture that stands beside words and says nothing of its own."""

from __future__ import annotations

from urllib.parse import unquote
from xml.etree import ElementTree

from course.core.pages.design_tokens import dark, token
from course.core.pages.emblem import emblem, icon_address

SVG = "{http://www.w3.org/2000/svg}"


def test_screen_readers_pass_over_the_emblem() -> None:
    svg = ElementTree.fromstring(emblem())
    assert svg.get("aria-hidden") == "true"
    assert not "".join(svg.itertext()).strip()


def test_the_emblem_has_the_size_that_is_asked_for_and_the_colour_of_the_words_around_it() -> None:
    svg = ElementTree.fromstring(emblem(40))
    assert (svg.get("width"), svg.get("height")) == ("40", "40")
    painted = {shape.get(name) for shape in svg for name in ("fill", "stroke")} - {None}
    assert painted == {"currentColor", "none"}


def test_the_icon_is_the_emblem_in_the_accent_of_a_light_and_of_a_dark_page() -> None:
    kind, _, text = icon_address().partition(",")
    svg = ElementTree.fromstring(unquote(text))
    style = svg.findtext(f"{SVG}style") or ""
    assert kind == "data:image/svg+xml"
    assert style.index(token("accent")) < style.index("dark") < style.index(dark("accent"))
    shapes = [(shape.tag.removeprefix(SVG), shape.attrib) for shape in svg if shape.tag != f"{SVG}style"]
    assert shapes == [(shape.tag, shape.attrib) for shape in ElementTree.fromstring(emblem())]
