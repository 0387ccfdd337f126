"""What phones ask for: the way in, the page, their own answers, and the events that follow the room."""

from __future__ import annotations

import time

from course.core.errors import RoomRefused
from course.workshop import views
from course.workshop.base_handler import Handler, words_of


class Door(Handler):
    """The page where the six letters are typed."""

    def get(self) -> None:
        """Show it."""
        self.show("join.html", view={**self.host.top(), "problem": None})

    def post(self) -> None:
        """Lead to the room of the letters."""
        try:
            room = self.host.house.find_code(self.field("code"), time.monotonic())
        except RoomRefused as error:
            self.say_refused(error)
            self.show("join.html", view={**self.host.top(), "problem": words_of(error)})
            return
        self.redirect_to(f"/j/{room.doors.link}")


class Welcome(Handler):
    """The privacy words, and the button to come in."""

    def get(self, link: str) -> None:
        """Show them; a phone that is in already goes on to its page."""
        room = self._room = self.host.house.find_link(link)
        if room.people and room.people.person(self.cookie(f"phone-{room.room}")):
            self.redirect_to(f"/r/{room.room}/")
            return
        script = room.live.script
        view = {"privacy": list(script.privacy), "secure": self.host.listening.is_secure, "problem": None}
        self.show("welcome.html", view={**self.host.top(room), **view})

    async def post(self, link: str) -> None:
        """Let a phone in, once; its cookie lasts a day."""
        room = self._room = self.host.house.find_link(link)
        if not (room.people and room.people.person(self.cookie(f"phone-{room.room}"))):
            self.host.pace_joining()
            token = await room.join()
            self.keep_cookie(f"phone-{room.room}", token, "/", 86400)
        self.redirect_to(f"/r/{room.room}/")


class Phone(Handler):
    """The page of a phone in the room."""

    async def get(self, name: str) -> None:
        """Show the step, with this phone's own answers."""
        room = self.room(name)
        if room.live.state.is_closed:
            self.show("gone.html", view={**self.host.top(room), "deleted": False})
            return
        try:
            person = self.person(room)
        except RoomRefused:
            self.redirect_to("/")
            return
        await room.settled()
        saved = self.get_query_argument("saved", "")
        own = {"mine": room.live.answers.mine(person), "saved": saved if room.live.find(saved) else "", "problem": None}
        self.show("phone.html", view={**views.phone(room), **own})


class Mine(Handler):
    """This phone's own answers, and what is open now."""

    async def get(self, name: str) -> None:
        """Return them by part."""
        room = self.room(name)
        person = self.person(room)
        await room.settled()
        self.finish({"mine": room.live.answers.mine(person), "open": views.open_parts(room.live)})


class PhoneEvents(Handler):
    """The stream that a phone follows."""

    async def get(self, name: str) -> None:
        """Begin it with what is shown now."""
        room = self.room(name)
        person = self.person(room)
        (await self.host.following.channel(room, "phone")).open(self, person)
