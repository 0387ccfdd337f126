"""How pictures look: their colours with their twins for dark pages, the sizes and face of their type, their widths."""

from __future__ import annotations

from typing import Final

from course.core.pages.design_tokens import dark, pixels, token

PAPER, INK, QUIET, LINE, BAND = map(token, ("paper", "ink", "quiet", "line", "shade"))
BLUE, RUST, PLUM, TEAL = map(token, ("blue", "rust", "plum", "accent"))
BLUE_MID, BLUE_SOFT, RUST_MID, RUST_SOFT = map(token, ("blue-mid", "blue-soft", "rust-mid", "rust-soft"))
"""Fills, for words in ink; on blue and rust themselves words are in the colour of paper."""
NO_COLOUR: Final = "none"
"""Lets what is below show through."""

_COLOURS: Final = (
    *("paper", "ink", "quiet", "line", "shade"),
    *("blue", "rust", "plum", "accent", "blue-mid", "blue-soft", "rust-mid", "rust-soft"),
)
DARK: Final = {token(name): dark(name) for name in _COLOURS}
"""Each colour's twin on a dark page. The browser swaps them in the SVG text, so they must all differ."""

SMALL, NORMAL = pixels("size-picture-small"), pixels("size-picture")
"""Sizes of type, in the units of the picture, which is shown a little larger."""
FACES: Final = token("font").replace('"', "'")
"""The faces of the type, as CSS names them: the reader's own system has the first one that it knows."""

WIDTH, NARROW = 440.0, 280.0
"""How wide a picture is, and how wide where there is no room for that, such as on a phone: the type stays readable."""


def is_wide(width: float) -> bool:
    """Say whether a picture is wide enough for all that it says, and not one for a narrow page."""
    return width >= WIDTH
