"""What raters and the owner of a round ask for: the form and its answers; how the round stands, and its opening.

A rater's browser keeps a random token in a cookie, which says which form is theirs. The form carries it too, so that a
browser without cookies can answer, and is then told an address at which the answers can be changed. No page needs a
script. The owner's notebook asks in JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from course.content import say_day
from course.content.scales import NO_CHANCE
from course.core.errors import SessionRefused
from course.others.rater_forms import AnswersChanged, read_form, with_changes
from course.others.refusals import ROUND_OVER, refused
from course.others.rounds import RoundForRaters, RoundStatus
from course.others.web.round_handler import RoundHandler
from course.others.web.round_pages import form_view, rater_scale, style_name, style_sheet
from course.privacy.rater_release import RaterForm
from course.records.raters.round_wire import (
    ACTIONS,
    RATERS_PATH,
    EndedReply,
    NewRoundMessage,
    OpenedReply,
    OwnerMessage,
    RoundReply,
    RoundSecret,
)

COOKIE: Final = "rater"
_COOKIE_SECONDS: Final = 14 * 24 * 3600
_TOKEN: Final = "token"
"""The field of the form that says whose it is."""
_SEEN: Final = "seen"
"""The field of the form that says what of its rater was saved when it was shown."""
_SCHEME: Final = "Bearer "


class RaterHandler(RoundHandler):
    """What the pages of raters share."""

    def path(self, link: str) -> str:
        """Return the path of a round's pages."""
        return f"{self.part.base}{RATERS_PATH}{link}"

    async def show_saved_form(self, opened: RoundForRaters, link: str, token: str) -> None:
        """Send the form with what the rater of this token answered so far."""
        rater = opened.rater(token)
        if rater is None:
            raise refused("not-here", 404)
        form = await self.part.run(lambda: self.part.rounds.form(opened, rater))
        self.show_form(opened, link, token, form)

    def show_form(
        self,
        opened: RoundForRaters,
        link: str,
        token: str,
        form: RaterForm,
        refusal: SessionRefused | None = None,
        seen: RaterForm | None = None,
    ) -> None:
        """Send the form with these answers in it, and why they were not saved if they were refused.

        `seen` is what is saved, where it is not these answers.
        """
        day = say_day(opened.days.last_answers)
        view = form_view(opened.version, form, f"{self.path(link)}/answers", token, day, refusal, seen=seen)
        self.show("form.html", {**view})

    def own_token(self, opened: RoundForRaters) -> str:
        """Return the token in this browser's cookie, or an empty text where it has none of this round."""
        token = self.cookie(COOKIE)
        return token if opened.rater(token) else ""


class StartHandler(RaterHandler):
    """The page that says what the round is and who sees what, before anything is asked."""

    async def get(self, link: str) -> None:
        """Show it."""
        opened = await self.open_round(link)
        if opened:
            view = {
                "action": self.path(link),
                "forget": f"{self.path(link)}/forget",
                "day": say_day(opened.days.last_answers),
                "is_secure": self.endpoint.is_secure,
                "is_back": await self._has_answers(opened),
            }
            self.show("start.html", view)

    async def post(self, link: str) -> None:
        """Show the form; a browser that comes for the first time gets its cookie, and nothing is stored here."""
        opened = await self.open_round(link)
        if opened is None:
            return
        token = self.own_token(opened)
        if not token:
            token = opened.new_token()
            self.set_cookie(
                COOKIE, token, path=self.path(link), max_age=_COOKIE_SECONDS, httponly=True, samesite="Lax",
                secure=self.endpoint.is_secure,
            )  # fmt: skip
        await self.show_saved_form(opened, link, token)

    async def _has_answers(self, opened: RoundForRaters) -> bool:
        """Say whether answers were sent from this browser, and not only looked at the questions."""
        rater = opened.rater(self.own_token(opened))
        return rater is not None and bool(await self.part.run(lambda: self.part.rounds.form(opened, rater)))


class CarelessLinkHandler(RaterHandler):
    """A link that was copied with the full stop or the bracket after it, as some mail programs do."""

    def get(self, link: str) -> None:
        """Lead on to the link itself."""
        self.redirect(self.path(link))


class ForgetHandler(RaterHandler):
    """Where a browser that several people use is told to forget whose form is theirs."""

    async def post(self, link: str) -> None:
        """Take the cookie away; the answers stay."""
        if await self.open_round(link):
            self.clear_cookie(COOKIE, path=self.path(link))
            self.show("forgotten.html", {"start": self.path(link)})


class OwnFormHandler(RaterHandler):
    """The form of a rater whose browser keeps no cookies, at their own address."""

    async def get(self, link: str, token: str) -> None:
        """Show it."""
        opened = await self.open_round(link)
        if opened:
            await self.show_saved_form(opened, link, token)


class AnswersHandler(RaterHandler):
    """Where a form comes in."""

    async def post(self, link: str) -> None:
        """Save it, and say so once it is on disk."""
        opened = await self.open_round(link, was_sent=True)
        if opened is None:
            return
        token = self.field(_TOKEN)
        rater = opened.rater(token)
        if rater is None:
            raise refused("not-a-message")
        form, seen = self._form(opened), self._seen(opened)
        try:
            self.part.limit_answers(rater)
            await self.part.run(lambda: self.part.rounds.save(opened, rater, form, self.part.now(), seen))
        except AnswersChanged as changed:
            both = with_changes(changed.stored, form, seen or {})
            self._give_back(opened, link, token, both, refused("changed-meanwhile", 409), changed.stored)
            return
        except SessionRefused as error:
            self._give_back(opened, link, token, form, error, seen)
            return
        own = "" if self.own_token(opened) == token else f"{self.part.address()}{RATERS_PATH}{link}/{token}"
        view = {"own": own, "forget": f"{self.path(link)}/forget", "day": say_day(opened.days.last_answers)}
        self.show("thanks.html", view)

    def _give_back(
        self,
        opened: RoundForRaters,
        link: str,
        token: str,
        form: RaterForm,
        refusal: SessionRefused,
        seen: RaterForm | None,
    ) -> None:
        """Send the answers back with the reason: no browser goes back to a form that it has sent with its answers."""
        if refusal.status == ROUND_OVER:
            self.show_gone(was_sent=True)
            return
        self.set_refusal(refusal)
        self.show_form(opened, link, token, form, refusal, seen)

    def _seen(self, opened: RoundForRaters) -> RaterForm | None:
        """Return what was saved of this rater when the form was shown; None where the form does not say."""
        text = self.field(_SEEN)
        try:
            return read_form(text, [item.code for item in rater_scale(opened.version).items]) if text else None
        except ValueError:
            raise refused("not-a-message") from None

    def _form(self, opened: RoundForRaters) -> RaterForm:
        """Return the answers that were sent; raises SessionRefused for what is none of the options."""
        scale = rater_scale(opened.version)
        form: dict[str, int | None] = {}
        for item in scale.items:
            answer = self.field(item.code)
            if answer == NO_CHANCE:
                form[item.code] = None
            elif answer in {str(number) for number in range(1, len(scale.points) + 1)}:
                form[item.code] = int(answer)
            elif answer:
                raise refused("not-a-message")
        return form


class StyleHandler(RoundHandler):
    """The style sheet of the pages."""

    def get(self, name: str) -> None:
        """Send it; browsers may keep it, as its name changes with what is in it."""
        if name != style_name():
            raise refused("not-here", 404)
        self.set_header("Content-Type", "text/css; charset=utf-8")
        self.set_header("Cache-Control", "public, max-age=604800")
        self.finish(style_sheet())


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
