"""What all handlers of rounds share: the rounds, how fast they may be asked for, and the words of what goes wrong."""

from __future__ import annotations

import asyncio
import datetime
import functools
import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, ParamSpec, TypeVar

import sqlalchemy as sql

from course.content import words
from course.core import moments
from course.core.errors import SessionRefused, StoreUnusable
from course.others.refusals import refused
from course.others.rounds import RoundForRaters, Rounds
from course.others.web.round_pages import RoundPages
from course.workshop.access.rate_limit import RateLimit
from course.workshop.errors import OutageLog
from course.workshop.web.base_handler import BaseHandler
from course.workshop.web.listeners import Endpoint
from course.workshop.wire import ErrorMessage

MOST_LIMITS: Final = 5000
"""For how many raters it is remembered how fast they send."""
P = ParamSpec("P")
T = TypeVar("T")


class RoundsPart:
    """All rounds of a server, opened with the first request if not before, and how fast they may be asked for."""

    def __init__(self, open_rounds: Callable[[], Rounds], base: str, clock: Callable[[], float]) -> None:
        """Take how the rounds are opened, where pages begin, and what counts seconds for every limit."""
        self.base, self.clock = base, clock
        self.pages = RoundPages(base)
        self.address: Callable[[], str] = str
        """What returns the start of every address that raters open."""
        self._open = open_rounds
        self._rounds: Rounds | None = None
        self._thread = ThreadPoolExecutor(1, "rounds")
        self._new, self._wrong = RateLimit(burst=100.0, per_second=0.1), RateLimit(burst=50.0, per_second=0.5)
        self._answers: dict[str, RateLimit] = {}
        self._outages = OutageLog()

    async def open(self) -> None:
        """Open the rounds before the first request. Raises StoreUnusable."""
        await asyncio.get_running_loop().run_in_executor(self._thread, lambda: self.rounds)

    async def run(self, work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """Do something with the rounds away from the loop, one thing after another; refuse what cannot be done now."""
        call = functools.partial(work, *arguments, **named)
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, call)
        except SessionRefused:
            raise
        except StoreUnusable as error:  # beside live sessions: a server of rounds alone has ended with it
            self._outages.note(error, f"{error}\n{words('others-command.sessions-go-on')}")
            raise refused("not-now", 503, 5) from None
        except (sql.exc.SQLAlchemyError, OSError) as error:
            self._outages.note(error)
            raise refused("not-now", 503, 5) from None

    @property
    def rounds(self) -> Rounds:
        """The rounds; raises StoreUnusable. To be asked for in `run` alone."""
        if self._rounds is None:
            self._rounds = self._open()
        return self._rounds

    def now(self) -> datetime.datetime:
        """Return the present moment."""
        return moments.now()

    # Limits

    def limit_new(self) -> None:
        """Refuse to make rounds faster than a crowd can."""
        wait = self._new.take(self.clock())
        if wait:
            raise refused("too-many-rounds", 429, int(wait) + 1, seconds=int(wait) + 1)

    def limit_wrong(self) -> None:
        """Slow down whoever tries links or secrets that do not exist; one that exists is never slowed."""
        wait = self._wrong.take(self.clock())
        if wait:
            raise refused("wrong-links", 429, int(wait) + 1)

    def limit_answers(self, rater: str) -> None:
        """Refuse answers that one rater sends faster than people can.

        Each rater has an allowance of their own: of one that all share, anybody could tell when others answer.
        """
        if len(self._answers) >= MOST_LIMITS:
            self._answers.clear()
        wait = self._answers.setdefault(rater, RateLimit(burst=20.0, per_second=0.2)).take(self.clock())
        if wait:
            raise refused("too-fast", 429, int(wait) + 1)

    # The server

    async def sweep(self, now: datetime.datetime) -> None:
        """Erase what is over, and finish what was stopped."""
        try:
            await self.run(lambda: self.rounds.sweep(now))
            self._outages.note_over()
        except SessionRefused:
            return  # it was logged, and is tried again

    async def stop(self) -> None:
        """Let the rounds go, once what came in is done."""
        if self._rounds:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._rounds.close)
        self._thread.shutdown()


class RoundHandler(BaseHandler):
    """The same safe headers, the server's own names only, and one shape of error."""

    part: RoundsPart

    def initialize(self, part: RoundsPart, endpoint: Endpoint) -> None:  # type: ignore[override]
        """Learn which rounds these are, and where the request came in."""
        self.part, self.endpoint = part, endpoint

    def prepare(self) -> None:
        """Refuse other names of this machine, and what another site's page sends."""
        try:
            self.check_request()
        except SessionRefused as error:
            raise refused("elsewhere" if error.status == 403 else "not-here", error.status) from None

    def show(self, template: str, view: Mapping[str, object]) -> None:
        """Send a page."""
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(self.part.pages.render(template, view))

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Answer every error in one shape: for a notebook as JSON, for people as a page."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        problem = _problem(status_code, error)
        self.set_status(problem["status"])
        if isinstance(error, SessionRefused):
            self.set_refusal(error)
        if self.is_json:
            self.set_header("Content-Type", "application/json; charset=utf-8")
            self.finish(json.dumps(problem))
        else:
            self.show("problem.html", {**problem, "was_sent": self.request.method == "POST"})

    async def open_round(self, link: str, *, was_sent: bool = False) -> RoundForRaters | None:
        """Return the round that a link leads to; None where it takes no answers, which this then shows.

        `was_sent` says that answers came along, which are not saved then.
        """
        opened = await self.part.run(lambda: self.part.rounds.find_link(link, self.part.now()))
        if opened is None:
            self.part.limit_wrong()
            self.show_gone(was_sent=was_sent)
        return opened

    def show_gone(self, *, was_sent: bool) -> None:
        """Send the page of a link that leads to no open round."""
        self.set_status(404)
        self.show("gone.html", {"was_sent": was_sent})


def _problem(status: int, error: BaseException | None) -> ErrorMessage:
    if isinstance(error, SessionRefused):
        return {"error": error.message, "hint": error.hint, "status": error.status}
    key = "not-here" if status in (404, 405) else "went-wrong" if status >= 500 else "not-a-message"
    refusal = refused(key, status)
    return {"error": refusal.message, "hint": refusal.hint, "status": status}
