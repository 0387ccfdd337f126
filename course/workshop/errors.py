"""What goes wrong in a session: refusals in the course's words, and the log, which never has what people sent."""

from __future__ import annotations

import logging
import traceback
from typing import Final

from course.content import words
from course.core.errors import SessionRefused

LOGGER: Final = logging.getLogger("course.workshop")
_LOGS_OF_REQUESTS: Final = ("tornado.access", "tornado.general", "tornado.application")


def refused(key: str, status: int = 400, wait: int = 0, **blanks: object) -> SessionRefused:
    """Return a refusal in words of `interface.toml`, with what to do next and how many seconds to wait before."""
    return SessionRefused(words(f"session.{key}", **blanks), words(f"session.{key}-hint"), status, wait)


def log_error(error: BaseException) -> None:
    """Log the type of an unexpected error and where it came from: never what it says, nor who sent what."""
    log_line(error_place(error))


def error_place(error: BaseException) -> str:
    """Return the type of an error and the last three places that it came through, the innermost first."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    return f"{type(error).__name__} at {' < '.join(f'{frame.filename}:{frame.lineno}' for frame in reversed(frames))}"


def log_line(line: str) -> None:
    """Log what `error_place` returned, here or in the process that draws charts."""
    LOGGER.error(line)


def silence_request_logs() -> None:
    """Silence tornado's own logs, which have addresses and what was sent."""
    for name in _LOGS_OF_REQUESTS:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
