"""The follow-up of a session, weeks later: its script, with what the file of the first session says."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from course import content
from course.content import words
from course.core.errors import BadContent, BadSessionFile
from course.core.text_files import read_settings
from course.workshop.record_file import read_record_file, record_bytes
from course.workshop.script.earlier_promises import kept_for_follow_up
from course.workshop.script.script import Script, parse_script
from course.workshop.view_parts import SessionRecord, day_made

NAME: Final = "workshop-follow-up.toml"


def find_follow_up(saved: Sequence[Path], script: Path | None = None, *, is_rehearsal: bool = False) -> Script:
    """Return the script that follows up the session that a file was saved from; `script` is the facilitator's own.

    Of several files, the latest session is followed up, and ratings are held against those of the others too. Files of
    one day come in the order in which they are named, and one that has no day, as of version 0.1.0, before all others.
    Raises BadSessionFile for a file that no session saved, and where people would meet what a rehearsal made up.
    """
    records = [_read(file, is_rehearsal=is_rehearsal) for file in saved]
    *before, latest = sorted(records, key=lambda record: day_made(record) or datetime.date.min)
    path = script or content.find_file(NAME)
    try:
        text = read_settings(path)
    except FileNotFoundError as error:
        raise BadContent(f"There is no file {path.name}.", "Name one that is there: --script FILE") from error
    return follow_up_script(text, latest, path.name, before)


def _read(file: Path, *, is_rehearsal: bool) -> SessionRecord:
    record = read_record_file(file)
    if record["is_synthetic"] and not is_rehearsal:
        message = words("session-file.rehearsal", name=file.name)
        raise BadSessionFile(message, words("session-file.rehearsal-hint", name=file.name))
    return record


def follow_up_script(
    text: str, record: SessionRecord, name: str = NAME, before: Sequence[SessionRecord] = ()
) -> Script:
    """Return a follow-up's script with what it needs of records at its end, where a restart finds it too."""
    saved = record_bytes(kept_for_follow_up(record, before)).decode()
    return parse_script(f"{text.rstrip()}\n\n[earlier]\nsaved = {_toml_text(saved)}\n", name)


def _toml_text(text: str) -> str:
    r"""Return a text as TOML has it: as JSON does, but for one sign that JSON leaves as it is.

    >>> print(_toml_text('a "b"\x7f'))
    "a \"b\"\u007f"
    """
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
