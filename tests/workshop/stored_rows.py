"""What is in a session's store, read with its keys as a server that starts reads it."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from course.workshop.store.session_keys import KeyFolder, SessionKeys
from course.workshop.store.session_rows import SessionRows


def stored_keys(file: Path, session_id: str) -> SessionKeys:
    """Return the keys of a session, by the name that its row has for them."""
    with contextlib.closing(sqlite3.connect(file)) as connection:
        ((key_id,),) = connection.execute("select key from rooms where room = ?", (session_id,)).fetchall()
    keys = KeyFolder(file.parent / "keys").read(session_id, key_id.decode())
    assert keys is not None
    return keys


def stored_answers(file: Path, session_id: str) -> list[tuple[str, str, int, str]]:
    """Return part, pseudonym, revision and answer of each answer that is on disk."""
    rows = SessionRows(session_id, stored_keys(file, session_id))
    with contextlib.closing(sqlite3.connect(file)) as connection:
        query = "select part, person, revision, answer from answers where room = ? order by part, person"
        encrypted = connection.execute(query, (session_id,)).fetchall()
    answers = []
    for part, name, revision, answer in encrypted:
        person, text = rows.read_answer(part, name, answer)
        answers.append((part, person, revision, text))
    return answers
