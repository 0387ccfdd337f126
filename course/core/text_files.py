"""Text that people edit: read however their editor saved it, with one kind of line end."""

from __future__ import annotations

import codecs
import tomllib
from pathlib import Path

from course.core.errors import BadContent


class UnreadableText(ValueError):
    """Bytes that are no text in any encoding that editors and spreadsheets write."""


def decode(data: bytes) -> str:
    r"""Return the text in a file that a person saved, with "\n" at the end of each line and no byte order mark.

    It may be UTF-8 with or without a mark, UTF-16 with one, or else Windows-1252. Raises UnreadableText.

    >>> decode("café\r\n".encode("cp1252")), decode("café\r".encode("utf-16"))
    ('café\n', 'café\n')
    """
    try:
        text = _decoded(data)
    except UnicodeDecodeError:
        raise UnreadableText("it is no text") from None  # the cause would quote what was written
    if "\0" in text:
        raise UnreadableText("it is no text")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_text(path: Path) -> str:
    """Return the text in a file that a person saved; raises OSError, or UnreadableText as `decode` does."""
    return decode(path.read_bytes())


def read_toml(path: Path) -> dict[str, object]:
    """Return the tables in a TOML file that a person saved.

    Raises BadContent with the file and the line for one that cannot be read. FileNotFoundError is left to the
    caller, who knows whether the file has to be there.
    """
    try:
        text = read_text(path)
    except FileNotFoundError:
        raise
    except UnreadableText as error:
        raise BadContent(f"{path.name} cannot be read: {error}.", f"Save {path} as plain text in UTF-8.") from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise BadContent(f"{path.name} cannot be read: {reason}.", f"Look at {path}.") from error
    return parse_toml(text, path.name, f"Correct that line in {path}.")


def parse_toml(text: str, name: str, hint: str = "Correct that line.") -> dict[str, object]:
    """Return the tables in a text; BadContent names the file and the line, and has this hint."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadContent(f"{name} cannot be read: {error}.", hint) from error
    except RecursionError:
        raise BadContent(f"{name} cannot be read: its lists lie too deep in each other.", hint) from None


def _decoded(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252")
