"""What goes wrong in a session: refusals in the course's words, and the logs, which never have what people sent."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from course.content import words
from course.core import error_log
from course.core.errors import SessionRefused

LOGGER: Final = logging.getLogger("course.workshop")
ACTIVITY: Final = "workshop"
"""What the log file says that the course was at."""
_LOGS_OF_REQUESTS: Final = ("tornado.access", "tornado.general", "tornado.application")


def refused(key: str, status: int = 400, wait: int = 0, **blanks: object) -> SessionRefused:
    """Return a refusal in words of `interface.toml`, with what to do next and how many seconds to wait before."""
    return SessionRefused(words(f"session.{key}", **blanks), words(f"session.{key}-hint"), status, wait)


def log_error(error: BaseException, said: str = "") -> None:
    """Log the type of an unexpected error and where it came from: never what it says, nor who sent what.

    It goes to the course's log file (`course.core.error_log`), and to the server's own output: `said` in its place,
    where whoever started the server can put it right.
    """
    LOGGER.error(said or error_log.describe(error))
    error_log.log_error(error, ACTIVITY)


class OutageLog:
    """Logs what everybody meets who asks while a database or a disk is away: each kind of error once, until it is over.

    A room of phones would fill the log otherwise, and push everything else out of it.
    """

    def __init__(self) -> None:
        self._known: set[type[BaseException]] = set()

    def note(self, error: BaseException, said: str = "") -> None:
        """Log an error as `log_error` does, unless one of its kind was logged since it was over last."""
        if type(error) not in self._known:
            self._known.add(type(error))
            log_error(error, said)

    def note_over(self) -> None:
        """Note that all was done that fails while something is away."""
        self._known.clear()


async def repeat(seconds: float, work: Callable[[], Awaitable[None]]) -> None:
    """Do something each time that so many seconds are over, until cancelled, whatever goes wrong with it in between.

    Each kind of error is logged once until it works again.
    """
    errors = OutageLog()
    while True:
        await asyncio.sleep(seconds)
        try:
            await work()
            errors.note_over()
        except Exception as error:  # whatever it is: what has died silently looks after nothing any more
            errors.note(error)


def log_description(description: str) -> None:
    """Log in the same two places an error of the process that draws charts, as `error_log.describe` put it."""
    LOGGER.error(description)
    error_log.log_description(description, ACTIVITY)


def silence_request_logs() -> None:
    """Silence tornado's own logs, which have addresses and what was sent."""
    for name in _LOGS_OF_REQUESTS:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
