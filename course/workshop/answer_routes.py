"""Where answers come in: from a script as JSON, from a phone without JavaScript as a form."""

from __future__ import annotations

import time
from typing import Any, Final

from course.core.errors import RoomRefused
from course.workshop import views
from course.workshop.answer_rules import MOST_REVISIONS
from course.workshop.base_handler import SAFE, Handler, words_of
from course.workshop.session import OpenRoom

FOR_SCRIPTS: Final = ("Content-Security-Policy", "X-Content-Type-Options", "Cache-Control", "Server")


class Reply(Handler):
    """Where answers come in."""

    def set_default_headers(self) -> None:
        """Send few headers with what only a script reads; this is asked for more often than all else."""
        for name in FOR_SCRIPTS if self.is_json else SAFE:
            self.set_header(name, SAFE[name])

    async def post(self, name: str) -> None:
        """Take one answer; say so when it is on disk."""
        room = self.room(name)
        person = self.person(room)
        if not self.is_json:
            await self._post_form(room, person)
            return
        given = self.only(self.body(), "part", "revision", "answer")
        number = await room.answer(person, given, time.monotonic())
        self.finish({"part": given["part"], "revision": number, "saved": True})

    async def _post_form(self, room: OpenRoom, person: str) -> None:
        """Take the answer of a phone without JavaScript, and show its page again."""
        part = self.field("part")
        question = room.live.find(part)
        number = min(room.live.answers.revision(part, person) + 1, MOST_REVISIONS - 1)
        answer: Any = self.field("answer")
        if question and question.fields:
            answer = {name: self.field(name) for name in question.fields}
            if question.kind == "commitment":
                answer["show"] = self.field("show") == "yes"
        if self.field("skip") == "yes":
            answer = None
        try:
            await room.answer(person, {"part": part, "revision": number, "answer": answer}, time.monotonic())
        except RoomRefused as error:
            self.say_refused(error)
            await room.settled()
            own = {"mine": room.live.answers.mine(person), "saved": "", "problem": words_of(error)}
            self.show("phone.html", view={**views.phone(room), **own})
            return
        self.redirect_to(f"/r/{room.room}/?saved={part}")
