"""Starters: files to double-click that open the course, so that nobody needs a terminal for it.

A starter runs the very Python that the course is installed with. Where that is gone, it says so and waits for a key.
"""

from __future__ import annotations

import os
import re
import shlex
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Literal, TypeAlias

import click

from course.content import words
from course.core.storage import put

System: TypeAlias = Literal["windows", "macos", "linux"]
Purpose: TypeAlias = Literal["learn", "teach", "workshop"]

_MARK: Final = "Written by the course Building Trust"
"""Stands in each starter. A file without it is a person's own, and stays."""
_FOLDERS: Final = tuple(f"BUILDING_TRUST_{name}" for name in ("DATA", "JOURNAL", "WORK", "EXCHANGE", "WORDS"))
_KEPT: Final = (*_FOLDERS, "BUILDING_TRUST_LEARNER")
"""Settings that were in force when the starter was written; a double-click comes with no shell to set them. Where one
is set by then, it counts."""
_EXECUTABLE: Final = 0o700


def offer(purpose: Purpose, folder: Path, *arguments: str, opens: str = "") -> None:
    """Put the starter of `course PURPOSE` into a folder, and say so the first time.

    `opens` stands in its name, so that it does not take the place of the one that opens something else. Where it
    cannot be written, nothing is said: the course opens all the same.
    """
    try:
        new_file = _write(purpose, folder, arguments, opens)
    except OSError:
        return
    if new_file:
        click.echo(words("starter.made", name=new_file.name, folder=folder))


def _write(purpose: Purpose, folder: Path, arguments: Sequence[str], opens: str) -> Path | None:
    """Write the starter with what it needs; return it where it is new."""
    command = [purpose, *arguments]
    variables = {name: _kept_value(name) for name in _KEPT if os.environ.get(name, "").strip()}
    if any(re.search(r"[\x00-\x1f]", text) for text in (str(folder), sys.executable, *command, *variables.values())):
        return None  # no starter can hold a line break in a name
    name, system = words(f"starter.{purpose}") + (f" ({opens})" if opens else ""), this_system()
    files = starter_files(system, name, folder, sys.executable, command, variables)
    paths = {folder / file: text for file, text in files.items()}
    if not all(_is_ours(path) for path in paths):
        return None
    first = next(iter(paths))
    is_new = not first.exists()
    for path, text in paths.items():
        put(path, text.encode("utf-8", "surrogateescape"), None if system == "windows" else _EXECUTABLE)
    return first if is_new else None


def _kept_value(name: str) -> str:
    """Return a setting as it holds from whichever folder the starter is run."""
    text = os.environ[name].strip()
    return str(Path(text).expanduser().absolute()) if name in _FOLDERS else text


def this_system() -> System:
    """Return which kind of starter this machine can open."""
    if sys.platform == "win32":
        return "windows"
    return "macos" if sys.platform == "darwin" else "linux"


def starter_files(
    system: System, name: str, folder: Path, python: str, command: Sequence[str], variables: Mapping[str, str]
) -> dict[str, str]:
    """Return the files of a starter, by their names; the one to double-click comes first.

    `variables` are those that it sets.
    """
    if system == "windows":
        return {f"{name}.cmd": _batch(python, command, variables)}
    script = _script(python, command, variables)
    if system == "macos":
        return {f"{name}.command": script}
    return {f"{name}.desktop": _desktop_entry(name, folder / f"{name}.sh"), f"{name}.sh": script}


def _is_ours(path: Path) -> bool:
    """Say whether a starter may be written here."""
    return not path.exists() or _MARK.encode() in path.read_bytes()


# Windows


def _batch(python: str, command: Sequence[str], variables: Mapping[str, str]) -> str:
    """Return a batch file. Names stand in variables, whose values the command line does not read a second time."""
    values = [f"ARGUMENT_{place}" for place in range(len(command))]
    arguments = " ".join(f'"%{name}%"' for name in values)
    lines = [
        "@echo off",
        f"rem {_MARK}.",
        "chcp 65001 >nul",  # the file is in UTF-8
        "setlocal DisableDelayedExpansion",  # else "!" in a name would be lost
        *(f"if not defined {name} {_batch_set(name, value)}" for name, value in variables.items()),
        _batch_set("COURSE_PYTHON", python),
        *(_batch_set(name, _before_quote(value)) for name, value in zip(values, command, strict=True)),
        'if not exist "%COURSE_PYTHON%" goto gone',
        f'"%COURSE_PYTHON%" -P -m course {arguments}',
        "if errorlevel 1 goto failed",
        "exit /b 0",
        ":gone",
        f"echo {_batch_words(words('starter.gone'))}",
        "goto wait",
        ":failed",
        f"echo {_batch_words(words('starter.failed'))}",
        ":wait",
        f"echo {_batch_words(words('starter.key'))}",
        "pause >nul",
        "exit /b 1",
    ]
    return "\r\n".join([*lines, ""])


def _batch_set(name: str, value: str) -> str:
    return f'set "{name}={value.replace("%", "%%")}"'


def _before_quote(value: str) -> str:
    r"""Return a value whose last backslashes do not escape the quotation mark after it.

    >>> print(_before_quote("D:\\"))
    D:\\
    """
    return value + "\\" * (len(value) - len(value.rstrip("\\")))


def _batch_words(text: str) -> str:
    """Return words as `echo` says them."""
    return re.sub(r"[&|<>^()!\"]", r"^\g<0>", text.replace("%", "%%"))


# macOS and Linux


def _script(python: str, command: Sequence[str], variables: Mapping[str, str]) -> str:
    """Return a shell script. `-P` keeps modules that lie in the current folder out."""
    return "\n".join(
        [
            "#!/bin/sh",
            f"# {_MARK}.",
            *(f'[ -n "${name}" ] || export {name}={shlex.quote(value)}' for name, value in variables.items()),
            f"python={shlex.quote(python)}",
            'if [ -x "$python" ]; then',
            f'  "$python" -P -m course {shlex.join(command)} && exit 0',
            f"  printf '%s\\n' {shlex.quote(words('starter.failed'))}",
            "else",
            f"  printf '%s\\n' {shlex.quote(words('starter.gone'))}",
            "fi",
            f"printf '%s\\n' {shlex.quote(words('starter.enter'))}",
            "read -r pressed",
            "exit 1",
            "",
        ]
    )


def _desktop_entry(name: str, script: Path) -> str:
    """Return a desktop entry that runs a script in a terminal window."""
    return "\n".join(
        [
            "[Desktop Entry]",
            f"# {_MARK}.",
            "Type=Application",
            f"Name={name}".replace("\\", "\\\\"),
            f"Exec=/bin/sh {_in_exec(str(script))}",
            "Terminal=true",
            "Categories=Education;",
            "",
        ]
    )


def _in_exec(argument: str) -> str:
    r"""Return an argument as the key Exec holds it: quoted for the command, then escaped as every text of the file.

    >>> print(_in_exec("/srv/100% $sure"))
    "/srv/100%% \\$sure"
    """
    quoted = re.sub(r'["`$\\]', r"\\\g<0>", argument)
    return f'"{quoted}"'.replace("\\", "\\\\").replace("%", "%%")
