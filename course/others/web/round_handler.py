"""What the answers of rounds share with those of live sessions, and their own words for what goes wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from course.core.errors import SessionRefused
from course.others.refusals import refused
from course.others.rounds import RoundForRaters
from course.others.web.part import RoundsPart
from course.workshop.web.base_handler import BaseHandler
from course.workshop.web.listeners import Endpoint
from course.workshop.wire import ErrorMessage


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
