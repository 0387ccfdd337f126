"""What a gradebook that cannot be used says to a trainer: locked, older, damaged, out of reach, or without room."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import sys
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


_STATES: Final = (
    ("locked", ("40", "55P03", "57014")),
    ("full", ("53100",)),
    ("older", ("42P01", "42703")),
    ("forbidden", ("28", "42501", "25006")),
    ("unreachable", ("08", "57P", "3D000", "53300")),
)
"""What PostgreSQL says, by the beginnings of its codes (its manual, appendix A); its words depend on its language."""


@contextlib.contextmanager
def explained_gradebook() -> Iterator[None]:
    """Raise GradebookUnusable, in plain words, for what a database says that cannot be read or written.

    nbgrader would print its own traceback too, with what was to be written of a learner.
    """
    try:
        with _quiet_log():
            yield
    except Exception as error:
        reason = _reason(error)
        if reason:
            message, hint = (trainer_words(f"gradebook.{reason}{part}") for part in ("", "-hint"))
            raise GradebookUnusable(message, hint) from None
        raise


@contextlib.contextmanager
def _quiet_log() -> Iterator[None]:
    log = logging.getLogger("tornado.application")  # which nbgrader writes to

    def is_others(record: logging.LogRecord) -> bool:
        return record.module != "api" or "nbgrader" not in record.pathname

    log.addFilter(is_others)
    try:
        yield
    finally:
        log.removeFilter(is_others)


def _reason(error: Exception) -> str:
    """Return why a database cannot be used, as the words in `trainer.toml` name it; empty for any other error."""
    if isinstance(error, ModuleNotFoundError):
        return "no-driver" if (error.name or "").startswith("psycopg") else ""
    state = _state_of_postgresql(error)
    if state is not None:
        default = "" if state else "unreachable"  # a connection that failed has no code
        return next((reason for reason, begin in _STATES if state.startswith(begin)), default)
    said = _said(error)
    return next((reason for reason, signs in _REASONS if any(sign in said for sign in signs)), "")


def _state_of_postgresql(error: BaseException) -> str | None:
    """Return PostgreSQL's code of an error, empty where it has none; None for an error of anything else."""
    psycopg = sys.modules.get("psycopg")
    causes = (error, getattr(error, "orig", None), error.__cause__, error.__context__)
    for cause in causes:
        while psycopg and isinstance(cause, Exception):
            if isinstance(cause, psycopg.Error):
                return cause.sqlstate or ""
            cause = getattr(cause, "orig", None)
    return None


def _said(error: Exception) -> str:
    """Return what a database said, be it read by SQLAlchemy or without it; nothing of any other error."""
    sqlalchemy = sys.modules.get("sqlalchemy.exc")
    if sqlalchemy and isinstance(error, sqlalchemy.DatabaseError):
        return str(error.orig).lower()
    nbgrader = sys.modules.get("nbgrader.api")
    is_nbgraders = nbgrader is not None and isinstance(error, nbgrader.InvalidEntry)  # made of what the database said
    return str(error).lower() if is_nbgraders or isinstance(error, sqlite3.DatabaseError) else ""
