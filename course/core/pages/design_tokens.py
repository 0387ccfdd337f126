"""The design tokens for whoever draws or sends a page: read from `design_tokens.css`, which is their one place."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

BUTTON: Final = Path(__file__).with_name("button.css")
"""How the button of cards and of a live session looks."""
PANEL: Final = Path(__file__).with_name("panel.css")
"""How panels look: My journal, My record and the trainer's desk; each joins it in front of its own style sheet."""
_FILE: Final = Path(__file__).with_name("design_tokens.css")
_TOKEN: Final = re.compile(r"^ *--course-([a-z0-9-]+): *([^;]+);", re.MULTILINE)
_COMMENT: Final = re.compile(r"^ */\*.*?\*/\n*", re.MULTILINE | re.DOTALL)
_PAIR: Final = re.compile(r"light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)")


def token(name: str) -> str:
    """Return a token's value on a light page; KeyError where there is no such token.

    >>> token("paper"), token("target")
    ('#ffffff', '44px')
    """
    return _tokens()[name][0]


def dark(name: str) -> str:
    """Return a token's value on a dark page: that of a light page where the two do not differ.

    >>> dark("paper"), dark("target")
    ('#111111', '44px')
    """
    return _tokens()[name][1]


def pixels(name: str) -> float:
    """Return a token's size as a number of pixels; ValueError where it is no such size.

    >>> pixels("size-picture")
    14.5
    """
    value = token(name)
    if not value.endswith("px"):
        raise ValueError(f"{name} is {value}, which is no size in pixels")
    return float(value.removesuffix("px"))


def colours() -> list[str]:
    """Return the names of all tokens that are colours."""
    return [name for name, (value, _) in _tokens().items() if value.startswith("#")]


def stylesheet(*files: Path) -> str:
    """Return the tokens and after them the text of these stylesheets: what a page or a widget needs as its CSS.

    Browsers older than `light-dark()` (of May 2024) get the light colours. All comes without its comments,
    which a phone on a slow line need not load.
    """
    texts = [_source().strip(), _for_older_browsers(), *(file.read_text(encoding="utf-8") for file in files)]
    return _COMMENT.sub("", "\n".join(texts))


@functools.cache
def _source() -> str:
    return _FILE.read_text(encoding="utf-8")


@functools.cache
def _tokens() -> Mapping[str, tuple[str, str]]:
    """Return the values on a light and on a dark page, by name."""
    on_screen, _, _ = _source().partition("@media print")
    return {name: _light_and_dark(value) for name, value in _TOKEN.findall(on_screen)}


def _light_and_dark(value: str) -> tuple[str, str]:
    pair = _PAIR.fullmatch(value)
    return (pair[1], pair[2]) if pair else (value, value)


@functools.cache
def _for_older_browsers() -> str:
    lines = "".join(f"    --course-{name}: {token(name)};\n" for name in colours())
    return f"@supports not (color: light-dark(red, red)) {{\n  :root {{\n{lines}  }}\n}}\n"
