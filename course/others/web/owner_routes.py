"""What the owner's notebook asks for: to make a round, how it stands, to open it, and to end it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from course.core.errors import SessionRefused
from course.others.refusals import refused
from course.others.rounds import RoundStatus
from course.others.web.round_handler import RoundHandler
from course.records.round_wire import (
    ACTIONS,
    RATERS_PATH,
    EndedReply,
    NewRoundMessage,
    OpenedReply,
    OwnerMessage,
    RoundReply,
    RoundSecret,
)

_SCHEME: Final = "Bearer "


class OwnerHandler(RoundHandler):
    """Where the notebook's requests come in. The secret comes in a header: it stands in no address and no log."""

    async def post(self) -> None:
        """Do what the message asks for."""
        message = self.message()
        action = message.get("action")
        if action not in ACTIONS or not self.is_json:
            raise refused("not-a-message")
        self.check_fields(message, *(NewRoundMessage if action == "new" else OwnerMessage).__annotations__)
        try:
            self.finish({**await self._reply(str(action), message)})
        except SessionRefused as error:
            if error.status == 404:
                self.part.limit_wrong()
            raise

    async def _reply(self, action: str, message: Mapping[str, object]) -> RoundReply | OpenedReply | EndedReply:
        secret = RoundSecret.read(self.request.headers.get("Authorization", "").removeprefix(_SCHEME))
        if secret is None:
            raise refused("no-round", 404)
        part = self.part
        if action == "new":
            days = message["days"]
            if not isinstance(days, int) or isinstance(days, bool):
                raise refused("days")
            part.limit_new()
            return self._status(secret, await part.run(lambda: part.rounds.create(secret, days, part.now())))
        if action == "state":
            return self._status(secret, await part.run(lambda: part.rounds.status(secret, part.now())))
        if action == "open":
            return {"result": await part.run(lambda: part.rounds.open(secret, part.now()))}
        await part.run(lambda: part.rounds.acknowledge(secret) if action == "done" else part.rounds.cancel(secret))
        return {"ended": True}

    def _status(self, secret: RoundSecret, status: RoundStatus) -> RoundReply:
        return {
            "address": f"{self.part.address()}{RATERS_PATH}{secret.link}",
            "last_answers": status.days.last_answers.isoformat(),
            "last_opening": status.days.last_opening.isoformat(),
            "counter": status.counter,
            "is_opened": status.is_opened,
        }
