"""Faults of ours in the log: where they are, never what people sent, nor from where."""

from __future__ import annotations

import logging
import traceback

_NAMING_PEOPLE = ("tornado.access", "tornado.general", "tornado.application")


def log_fault(error: BaseException) -> None:
    """Log the type of a fault and where it is."""
    log_text(fault_text(error))


def log_text(fault: str) -> None:
    """Log what `fault_text` returned, here or in the process that draws."""
    logging.getLogger("course.workshop").error(fault)


def fault_text(error: BaseException) -> str:
    """Return the type of a fault and where it is, without what it says."""
    places = [f"{one.filename}:{one.lineno}" for one in traceback.extract_tb(error.__traceback__)[-3:]]
    return f"{type(error).__name__} at {' < '.join(reversed(places))}"


def hush() -> None:
    """Silence what would log addresses and what was sent."""
    for name in _NAMING_PEOPLE:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
