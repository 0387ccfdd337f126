"""The folder of content files in use, and how a file in it is read: a mistake is answered with file, key and remedy."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final, TypeVar

from course.core.errors import BadContent
from course.core.settings import words_folder
from course.core.text_files import check_name, read_toml

Kind = TypeVar("Kind")
_KIND_NAMES: Final[Mapping[type, str]] = {
    str: "text in quotes",
    list: "a list",
    int: "a whole number",
    float: "a number",
    dict: "a table",
}
HERE = Path(__file__).parent
FOR_LEARNERS: Final = ("interface.toml", "lessons.toml", "scales.toml")
"""The files that every edition has. It may leave out the others, which trainers and facilitators read."""


def edition() -> Path:
    """Return the folder of the words in use: the one that was set, else the course's own."""
    return words_folder() or HERE


def find_file(name: str, folder: Path | None = None) -> Path:
    """Return where a content file is: in the edition, or of one that it leaves out, among the course's own.

    Raises BadContent where the edition has one that is called almost so.
    """
    path = (folder or edition()) / name
    if name in FOR_LEARNERS or path.exists():
        return path
    check_name(path)
    return HERE / name


def read(name: str, folder: Path | None = None) -> dict[str, object]:
    """Return the tables of one content file, for example `read("lessons.toml")`."""
    path = find_file(name, folder)
    try:
        return read_toml(path)
    except FileNotFoundError as error:
        raise BadContent(
            f"{name} is missing from {path.parent}.", "Put it back from a fresh copy of the course."
        ) from error


def need(table: object, key: str, kind: type[Kind], where: str) -> Kind:
    """Return `table[key]`, which is of this kind; a whole number does where a float is asked for.

    Raises BadContent, which names the file and place, where it is missing, empty or of another kind.
    """
    if not isinstance(table, Mapping):
        raise BadContent(f"{where} is not a table.", f"Give it a line {key} = … of its own.")
    value: object = table.get(key)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if not isinstance(value, kind) or isinstance(value, bool) or value in ("", []):
        raise BadContent(f"{where}: “{key}” is missing or is not {_KIND_NAMES[kind]}.", f"Write {key} = … there.")
    return value
