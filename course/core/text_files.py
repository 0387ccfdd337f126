"""Text that people edit: read however their editor saved it, with one kind of line end, and under nearly its name.

Every file that a person may have opened in an editor is read here: settings, words, scripts, tables, the journal,
answers, notebooks. Files that only the course writes, such as records of a run, are read where they are written.
"""

from __future__ import annotations

import codecs
import re
import tomllib
from pathlib import Path
from typing import Final

from course.core.errors import BadContent

_WORD_PROCESSORS: Final = (".rtf", ".doc", ".docx", ".odt")
_TEXT_ENDINGS: Final = (".txt", ".text", ".toml", ".md", *_WORD_PROCESSORS)
"""What editors and word processors put behind the name that a person typed."""
_ALREADY_THERE: Final = re.compile(r"\(\d+\)")
"""What a browser puts into the name of a second download."""


IN_WORDS: Final = "\t\n\u00a0\u202f\u061c\u200c\u200d\u200e\u200f"
"""Signs that are not seen and that words have: tabs, ends of lines, and spaces, joiners and marks of some languages."""


class UnreadableText(ValueError):
    """Bytes that are no text in any encoding that editors and spreadsheets write."""


def decode(data: bytes) -> str:
    r"""Return the text in a file that a person saved, with "\n" at the end of each line and no byte order mark.

    It may be UTF-8 with or without a mark, UTF-16 with one, or else Windows-1252, unless some letters are in UTF-8:
    then it is damaged. Raises UnreadableText.

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

    Raises BadContent with the file and the line for one that cannot be read, and as `check_name` does.
    FileNotFoundError is left to the caller, who knows whether the file has to be there.
    """
    text = read_settings(path)
    return parse_toml(text, path.name, f"Correct that line in {path}.")


def read_settings(path: Path) -> str:
    """Return the text of a file of settings or words; raises BadContent and FileNotFoundError as `read_toml` does."""
    check_name(path)
    try:
        return read_text(path)
    except FileNotFoundError:
        raise
    except UnreadableText as error:
        raise BadContent(f"{path.name} cannot be read: {error}.", f"Save {path} as plain text in UTF-8.") from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise BadContent(f"{path.name} cannot be read: {reason}.", f"Look at {path}.") from error


def parse_toml(text: str, name: str, hint: str = "Correct that line.") -> dict[str, object]:
    """Return the tables in a text; BadContent names the file and the line, and has this hint."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadContent(f"{name} cannot be read: {error}.", hint) from error
    except RecursionError:
        raise BadContent(f"{name} cannot be read: its lists lie too deep in each other.", hint) from None


def check_name(path: Path) -> None:
    """Raise BadContent where the file of a person is called almost like this one, so that it would not be read."""
    neighbour = near_miss(path)
    if not neighbour:
        return
    if path.exists():
        raise BadContent(
            f"There is {path.name}, and beside it {neighbour}, which is not read.",
            f"Keep what you want in {path.name}, and remove {neighbour} from {path.parent}.",
        )
    ending = Path(neighbour).suffix.casefold()
    hint = f"Rename it to {path.name}."
    if ending in _WORD_PROCESSORS:
        hint = f"Open it, and save it as plain text under the name {path.name}."
    elif ending != path.suffix.casefold():
        hint += f" If you do not see its end “{ending}”, let Explorer show it: View, Show, File name extensions."
    raise BadContent(f"There is no {path.name} in {path.parent}, only {neighbour}, which is not read.", hint)


def near_miss(path: Path) -> str:
    """Return the name of a file beside this one that is called almost so, or an empty text.

    Where this file is there, only those count that have its whole name: a copy in which the person may go on writing.
    """
    try:
        names = sorted(file.name for file in path.parent.iterdir())
    except OSError:
        return ""
    is_there = path.exists()
    candidates = [name for name in names if name != path.name and _is_almost(name, path.name, has_whole=is_there)]
    for name in candidates:
        file = path.with_name(name)
        if file.is_file() and not (is_there and file.samefile(path)):  # the same where case makes no difference
            return name
    return ""


def _is_almost(name: str, wanted: str, *, has_whole: bool) -> bool:
    """Say whether a name differs in case, in space and in endings alone.

    >>> [_is_almost(name, "cohort.toml", has_whole=True) for name in ("Cohort.toml.txt", "cohort.txt")]
    [True, False]
    """
    plain, whole = _plain(name), _plain(wanted)
    beginnings = (whole,) if has_whole else (whole, _plain(Path(wanted).stem))
    if not has_whole:
        plain = _ALREADY_THERE.sub("", plain)
    return plain in {whole, *beginnings, *(f"{start}{ending}" for start in beginnings for ending in _TEXT_ENDINGS)}


def _plain(name: str) -> str:
    return "".join(name.casefold().split()).replace("_", "-")


def _decoded(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        if _has_utf_8(data):
            raise
        return data.decode("cp1252")


def _has_utf_8(data: bytes) -> bool:
    """Say whether some letters are in UTF-8, so that what cannot be read is damage and no other encoding."""
    return any(ord(letter) > 127 for letter in data.decode("utf-8", "ignore"))


def printable(text: str, *, kept: str = "") -> str:
    r"""Return untrusted text so that it cannot steer a terminal; the signs in `kept` stay as they are.

    >>> print(printable("a" + chr(27) + "[2Jb"))
    a\x1b[2Jb
    """
    signs = (sign if sign.isprintable() or sign in kept else sign.encode("unicode_escape").decode() for sign in text)
    return "".join(signs)
