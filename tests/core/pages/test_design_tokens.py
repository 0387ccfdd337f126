"""The design tokens are read as the browser reads them, and words can be read on every ground they stand on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from course.core.pages.design_tokens import colours, dark, pixels, stylesheet, token
from tests.cases import every
from tests.paths import ROOT

SOURCE = (ROOT / "course/core/pages/design_tokens.css").read_text(encoding="utf-8")
GROUNDS = ("paper", "surface", "ground", "shade", "hover", "tint", "warn-tint", "alert-tint", "right-tint")
WORDS = ("ink", "quiet", "accent", "accent-strong", "blue", "alert")


def luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """Return the contrast of two colours as WCAG 2.2 defines it."""
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@every("page", [token, dark])
@every(
    "words, ground",
    [
        *((words, ground) for words in WORDS for ground in GROUNDS),
        *(("warn", ground) for ground in ("paper", "surface", "warn-tint")),
        *(("right", ground) for ground in ("paper", "surface", "shade", "right-tint")),
        *(("on-accent", ground) for ground in ("accent", "accent-strong")),
        *(("ink", f"{colour}-{depth}") for colour in ("blue", "rust") for depth in ("mid", "soft")),
        *((colour, "paper") for colour in ("rust", "plum")),
        *(("paper", colour) for colour in ("blue", "rust", "ink", "quiet")),
    ],
)
def test_words_can_be_read_on_what_they_stand_on(page: object, words: str, ground: str) -> None:
    assert callable(page)
    assert contrast(page(words), page(ground)) >= 4.5


@every("page", [token, dark])
@every("ground", ["paper", "surface", "ground", "tint", "shade"])
@every("mark", ["edge", "focus"])
def test_edges_and_focus_can_be_seen(page: object, mark: str, ground: str) -> None:
    assert callable(page)
    assert contrast(page(mark), page(ground)) >= 3


def test_every_token_is_read_and_no_name_stands_twice() -> None:
    on_screen = re.sub(r"/\*.*?\*/", "", SOURCE.partition("@media print")[0], flags=re.DOTALL)
    names = re.findall(r"--course-([\w-]+):", on_screen)
    assert len(names) == len(set(names)) == on_screen.count(";")
    for name in names:
        assert token(name)
        assert dark(name)
        assert ("light-dark" in token(name)) is False
    assert token("font").endswith("sans-serif")
    with pytest.raises(KeyError):
        token("no-such-token")


def test_every_colour_has_a_value_for_dark_pages_and_print_names_no_other_tokens() -> None:
    assert {name for name in colours() if token(name) == dark(name)} == set()
    printed = re.findall(r"--course-([\w-]+):", SOURCE.partition("@media print")[2])
    assert printed
    assert set(printed) <= set(colours())


def test_sizes_in_pixels_are_numbers_and_others_are_refused() -> None:
    assert pixels("target") == 44
    for name in ("ink", "space-1", "leading"):
        with pytest.raises(ValueError, match=name):
            pixels(name)


def test_a_stylesheet_begins_with_the_tokens_and_older_browsers_get_the_light_ones(tmp_path: Path) -> None:
    own = tmp_path / "own.css"
    own.write_text(".own { color: var(--course-ink) }", encoding="utf-8")
    css = stylesheet(own)
    assert css.startswith(":root {")
    assert "/*" not in css, "a phone loads no comments"
    assert [line for line in SOURCE.splitlines() if line.lstrip().startswith("--") and line not in css] == []
    assert css.endswith(own.read_text(encoding="utf-8"))
    older = css[css.index("@supports") : -len(own.read_text(encoding="utf-8"))]
    assert older.strip().startswith("@supports not (color: light-dark(")
    assert re.findall(r"--course-([\w-]+): (#\w+);", older) == [(name, token(name)) for name in colours()]
    assert "</" not in css


STYLED = [
    path
    for path in sorted((ROOT / "course").rglob("*"))
    if path.suffix in (".css", ".js", ".py", ".html", ".j2") and path.stem != "design_tokens"
]
RAW = re.compile(
    r"#[0-9a-f]{3}(?:[0-9a-f](?:[0-9a-f]{2}){0,2})?\b|\b(?:rgb|hsl|hwb|lab|lch|oklab|oklch|color)a?\(", re.I
)
NAMED = re.compile(r":[^:;{}]*\b(?:white|black|gr[ae]y|red|green|blue|silver|navy|teal|orange|yellow|purple)\b", re.I)


@every("text", ["#fff", "color: #1B2530", "rgb(0, 0, 0)", "rgba(0 0 0 / 0.5)", "hsl(1 2% 3%)"])
def test_raw_colours_are_found(text: str) -> None:
    assert RAW.search(text)
    assert NAMED.search("a { color: white }")
    assert not RAW.search("#added")
    assert not NAMED.search("a { color: var(--course-blue); forced: CanvasText }".replace("--course-blue", "--x"))


def raw_colours(path: Path) -> list[str]:
    """Return the colours in a file that are no tokens; what follows & or href is no colour."""
    text = path.read_text(encoding="utf-8")
    found = RAW.findall(re.sub(r"&#\w+;|href=\"#[^\"]*\"", "", text))
    if path.suffix == ".css":
        found += NAMED.findall(re.sub(r"/\*.*?\*/|--course-[\w-]+", "", text, flags=re.DOTALL))
    return found


def test_no_other_file_has_a_colour_of_its_own() -> None:
    assert len(STYLED) > 100
    assert {path.name: raw for path in STYLED if (raw := raw_colours(path))} == {}


SIDE = re.compile(
    r"(?<![\w-])(?:(?:padding|margin|border)-(?:left|right)[\w-]*:|text-align: *(?:left|right)|(?:left|right):)"
)


def test_no_style_takes_the_left_for_the_beginning_of_a_line() -> None:
    """In a language that is written from right to left, it is the end. What floats is as wide as its box."""
    assert SIDE.findall("left: 0; padding-left: 1px; text-align: right") == [
        "left:",
        "padding-left:",
        "text-align: right",
    ]
    assert not SIDE.findall("float: left; padding-inline-start: 1px; text-align: start")
    sheets = {path: path.read_text(encoding="utf-8") for path in STYLED if path.suffix == ".css"}
    assert {path.name: sides for path, text in sheets.items() if (sides := SIDE.findall(text))} == {}


def test_every_token_that_is_used_is_there() -> None:
    used = {name for path in STYLED for name in re.findall(r"var\(--course-([\w-]+)", path.read_text(encoding="utf-8"))}
    assert len(used) > 20
    assert all(map(token, used))
