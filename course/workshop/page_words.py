"""What stands on the pages around the script: the course's words, and a facilitator's own in place of some of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from course import content

NAME: Final = "workshop-pages.toml"


def page_words() -> dict[str, str]:
    """Return the course's words by page and name, for example `phone.skip`.

    >>> page_words()["phone.skip"]
    'Skip'
    """
    tables = content.read(NAME)
    return {
        f"{page}.{name}": content.need(texts, name, str, f"{NAME}, [{page}]")
        for page, texts in ((page, content.need(tables, page, dict, NAME)) for page in tables)
        for name in texts
    }


def blanks(text: str) -> set[str]:
    """Return the names in braces.

    >>> sorted(blanks("{n} of {of}"))
    ['n', 'of']
    """
    return set(re.findall(r"\{(\w*)\}", text))


def misfits(given: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Return the key, the mistake and the remedy of each text that cannot stand in place of the course's own."""
    ours = page_words()
    for key, text in given.items():
        if key not in ours:
            yield key, f"no page has the words “{key}”", f"Take a key of {NAME}."
        elif blanks(text) - blanks(ours[key]) or text.count("{") != text.count("}") or not _fits(text):
            yield key, f"the blanks in “{key}” cannot be filled", f"Write it like: {ours[key]}"


def _fits(text: str) -> bool:
    try:
        text.format_map(dict.fromkeys(blanks(text), ""))
    except (KeyError, IndexError, ValueError, AttributeError):
        return False
    return True
