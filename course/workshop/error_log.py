"""Faults of ours in the log: where they are, never what people sent, nor from where."""

from __future__ import annotations

import logging
import traceback

_NAMING_PEOPLE = ("tornado.access", "tornado.general", "tornado.application")


def log_fault(error: BaseException) -> None:
    """Log the type of a fault and where it is."""
    places = [f"{one.filename}:{one.lineno}" for one in traceback.extract_tb(error.__traceback__)[-3:]]
    logging.getLogger("course.workshop").error("%s at %s", type(error).__name__, " < ".join(reversed(places)))


def hush() -> None:
    """Silence what would log addresses and what was sent."""
    for name in _NAMING_PEOPLE:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
