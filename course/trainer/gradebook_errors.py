"""What a gradebook that cannot be used says to a trainer: it is locked, older, damaged, or there is no room."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Final

from course.content import trainer_words
from course.core.errors import GradebookUnusable

_REASONS: Final = (
    ("locked", ("database is locked", "database table is locked")),
    ("full", ("database or disk is full", "disk i/o error")),
    ("older", ("no such column", "no such table")),
    ("read-only", ("readonly database", "unable to open database file")),
    ("damaged", ("malformed", "file is not a database", "file is encrypted")),
)
"""What SQLite says, in its source's own words (`sqlite3ErrStr` and the parser), by what it means here."""


@contextlib.contextmanager
def explained_gradebook() -> Iterator[None]:
    """Raise GradebookUnusable, in plain words, for what a database says that cannot be read or written."""
    from sqlalchemy.exc import DatabaseError

    try:
        yield
    except DatabaseError as error:
        said = str(error.orig).lower()
        for reason, signs in _REASONS:
            if any(sign in said for sign in signs):
                message, hint = (trainer_words(f"gradebook.{reason}{part}") for part in ("", "-hint"))
                raise GradebookUnusable(message, hint) from None
        raise
