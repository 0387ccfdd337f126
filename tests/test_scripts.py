"""What people read in the browser comes from the content files: no script and no style has words of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tests.cases import every

COURSE = Path(__file__).parent.parent / "course"
STYLES_AND_SCRIPTS = sorted([*COURSE.rglob("*.js"), *COURSE.rglob("*.mjs"), *COURSE.rglob("*.css")])
KEYS = frozenset("Enter Tab Escape Space Home End ArrowUp ArrowDown ArrowLeft ArrowRight Backspace Delete".split())
"""What a browser calls the keys of a keyboard."""


def literals(script: str) -> Iterator[str]:
    """Yield the texts in a script without comments, those that are put together without their blanks."""
    script = re.sub(r"/\*.*?\*/|(?<![:\"'])//[^\n]*", "", script, flags=re.DOTALL)
    for found in re.finditer(r'"((?:[^"\\\n]|\\.)*)"|\'((?:[^\'\\\n]|\\.)*)\'|`((?:[^`\\]|\\.)*)`', script):
        yield re.sub(r"\$\{[^{}]*\}", "", next(text for text in found.groups() if text is not None))


def is_wording(text: str) -> bool:
    """Say whether a text in a script reads like words: one begins with a capital, or two stand side by side."""
    if text in KEYS or text == "use strict":
        return False
    return bool(re.search(r"(?<![\w-])(?:[A-Z][a-z]+|[a-z]+ [a-z]+)(?![\w-])", text))


def test_words_in_a_script_are_told_from_names() -> None:
    script = """say("Not saved"); // "A comment"\nclass("bt-field bt-date"); key("Enter"); tell(`${n} new words`)"""
    assert [text for text in literals(script) if is_wording(text)] == ["Not saved", " new words"]


@every("path", STYLES_AND_SCRIPTS)
def test_no_script_or_style_has_words_of_its_own(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".css":
        assert re.findall(r"content: *[^;\n]*?\"[^\"\n;]*[A-Za-z][^\"\n]*\"", text) == []
    else:
        assert [found for found in literals(text) if is_wording(found)] == []


@every("path", [path for path in STYLES_AND_SCRIPTS if path.suffix == ".css"])
def test_a_sign_that_screen_readers_pass_over_is_drawn_by_older_browsers_too(path: Path) -> None:
    """They drop a declaration in which a text stands in place of the sign, as Firefox did until 2024."""
    text = path.read_text(encoding="utf-8")
    for sign in re.findall(r'content: ([^;]*?) / "";', text):
        assert re.search(rf'content: {re.escape(sign)};\s*content: {re.escape(sign)} / "";', text), sign
