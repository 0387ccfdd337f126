"""What the facilitator's browser asks for, on this machine alone: console, screen, charts, and what to take away."""

from __future__ import annotations

import datetime
import json
import time
from typing import Any, Final

from course.content import words
from course.core.errors import RoomRefused
from course.workshop import actions, export
from course.workshop.answer_rules import refused
from course.workshop.base_handler import Handler, words_of
from course.workshop.paper import read_tally
from course.workshop.session import OpenRoom
from course.workshop.tokens import is_same
from course.workshop.view_results import chart_name, chart_spec

FIELDS: Final = {
    **actions.FIELDS, "let-in": ("address",), "paper": ("csv",), "close-room": ("days",), "delete-room": ("sure",),
}  # fmt: skip
"""What each act is sent with."""
SESSION: Final = 24 * 3600
"""For how many seconds a browser stays the facilitator's."""


class FacilitatorHandler(Handler):
    """Lets in only a browser with the facilitator's cookie for this room."""

    session = ""

    def own_room(self, name: str) -> OpenRoom:
        """Return the room of that name if this browser may run it, or raise RoomRefused."""
        room = self.room(name)
        self.session = self.cookie(f"console-{name}")
        if not room.doors.is_session(self.session, time.time()):
            raise refused("not-host", 403)
        return room

    def own_form(self, room: OpenRoom, token: str) -> None:
        """Refuse what does not come from a page that this session was given."""
        if not is_same(token, room.doors.form_token(self.session)):
            raise refused("elsewhere", 403)


class Once(Handler):
    """Gives the facilitator's own programs a link that opens the console."""

    def post(self) -> None:
        """Return the link, good once and for a minute."""
        scheme, _, key = self.request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not is_same(key, self.host.key):
            raise refused("not-host", 403)
        room = self.room(str(self.only(self.body(), "room")["room"]))
        self.finish({"open": self.host.new_once(room.room)})


class Enter(Handler):
    """Where such a link leads."""

    def get(self, name: str) -> None:
        """Give the browser its cookie, and go on to the console."""
        room = self.host.use_once(name)
        session = room.doors.new_session(int(time.time()) + SESSION)
        self.keep_cookie(f"console-{room.room}", session, f"/console/{room.room}/", SESSION)
        self.redirect_to(f"/console/{room.room}/")


class Console(FacilitatorHandler):
    """The facilitator's page."""

    async def get(self, name: str) -> None:
        """Show it."""
        await self.show_console(self.own_room(name))

    async def show_console(self, room: OpenRoom, problem: dict[str, Any] | None = None) -> None:
        """Send the console, with what went wrong."""
        own = {"token": room.doors.form_token(self.session), "problem": problem}
        self.show("console.html", view={**await self.host.settled_view(room, "console"), **own})


class Act(Console):
    """Where the console's buttons lead."""

    async def get(self, name: str) -> None:
        """Show the console to who comes here by hand."""
        self.redirect_to(f"/console/{self.own_room(name).room}/")

    async def post(self, name: str) -> None:
        """Do one thing; answer when it is on disk."""
        room = self.own_room(name)
        if self.is_json:
            self.own_form(room, self.request.headers.get("X-Room-Token", ""))
            given = self.body()
            await self._act(room, given.pop("act", None), given)
            if not self._finished:
                self.finish({"done": True})
            return
        self.own_form(room, self.field("token"))
        act = self.field("act")
        try:
            await self._act(room, act, self._from_form(act))
        except RoomRefused as error:
            self.say_refused(error)
            await self.show_console(room, words_of(error))
            return
        if not self._finished:
            self.redirect_to(f"/console/{room.room}/")

    def _from_form(self, act: str) -> dict[str, Any]:
        names = FIELDS.get(act, ())
        given: dict[str, Any] = {name: self.field(name) for name in names if name != "lines"}
        return {**given, "lines": self.get_body_arguments("line")} if "lines" in names else given

    async def _act(self, room: OpenRoom, act: object, given: dict[str, Any]) -> None:
        if not isinstance(act, str) or act not in FIELDS:
            raise refused("no-act")
        self.only(given, *FIELDS[act])
        if act == "let-in":
            self.host.let_in(str(given["address"]))
            await room.let_in(str(given["address"]))
        elif act == "close-room":
            days = str(given["days"])
            if days == "0":
                await self._delete(room, "yes")
                return
            await room.close(int(days) if days.isdecimal() and len(days) < 3 else -1, datetime.date.today())
            self.host.following.end(room, "phone")
        elif act == "delete-room":
            await self._delete(room, given["sure"])
        elif act == "paper":
            await room.paper(read_tally(str(given["csv"]), room.live))
        else:
            await room.act(act, given, time.time())

    async def _delete(self, room: OpenRoom, sure: object) -> None:
        """Erase the room, and say so."""
        if sure != "yes":
            raise refused("not-sure")
        top = self.host.top(room)
        await self.host.erase(room)
        self.clear_cookie(f"console-{room.room}", path=f"/console/{room.room}/")
        if self.is_json:
            self.finish({"done": True, "deleted": words("room.deleted")})
        else:
            self.show("gone.html", view={**top, "deleted": True})


class ConsoleEvents(FacilitatorHandler):
    """The stream that the console follows."""

    async def get(self, name: str) -> None:
        """Begin it with what there is now."""
        room = self.own_room(name)
        (await self.host.following.channel(room, "console")).open(self, "facilitator")


class Screen(FacilitatorHandler):
    """The page for the projector."""

    async def get(self, name: str) -> None:
        """Show it."""
        self.show("screen.html", view=await self.host.settled_view(self.own_room(name), "screen"))


class ScreenEvents(FacilitatorHandler):
    """The stream that the screen follows."""

    async def get(self, name: str) -> None:
        """Begin it with what is shown now."""
        room = self.own_room(name)
        (await self.host.following.channel(room, "screen")).open(self, "screen")


class ChartPicture(FacilitatorHandler):
    """The chart of a question that is shown."""

    async def get(self, name: str, chart: str) -> None:
        """Send it as a piece of HTML, drawn from no more than what is on the wire."""
        room = self.own_room(name)
        await room.settled()
        for question in room.live.script.questions():
            is_shown = room.live.state.standing(question.slug).is_shown and not question.is_written
            if is_shown and chart == chart_name(room.live, question):
                self.finish(await self.host.drawer.draw(chart_spec(room.live, question)))
                return
        raise refused("not-here", 404)


class Cards(FacilitatorHandler):
    """Cards to print, for those who take part on paper."""

    def get(self, name: str) -> None:
        """Show them."""
        room = self.own_room(name)
        self.show("cards.html", view={**self.host.top(room), "script": room.live.script})


class TakeAway(FacilitatorHandler):
    """What the room may take away."""

    async def get(self, name: str, kind: str) -> None:
        """Send it as a page, a table or plain data."""
        room = self.own_room(name)
        await room.settled()
        taken = export.taken_away(room, datetime.date.today(), is_synthetic=self.host.is_synthetic)
        self.set_header("Content-Disposition", f'attachment; filename="trust-in-this-room.{kind}"')
        if kind == "csv":
            self.set_header("Content-Type", "text/csv; charset=utf-8")
            self.finish(export.to_csv(taken))
        elif kind == "json":
            self.set_header("Content-Type", "application/json; charset=utf-8")
            self.finish(json.dumps(taken, ensure_ascii=False))
        else:
            charts = [await self.host.drawer.draw(one["spec"]) for one in taken["charts"]]
            self.show("export.html", view={**self.host.top(room), **taken, "drawn": charts})
