"""Ask others by a link: make a round on a server, see how it stands, open its result once, or cancel it.

In a browser's edition there is no server to ask, and the card leads to the printed forms.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from course.activities import controls
from course.activities.card import Card
from course.activities.controls import Button, Control
from course.content import say_day
from course.content import words as say
from course.core.errors import RoundRefused
from course.core.moments import today
from course.core.pages.web_edition import is_web_edition
from course.records.answers.answers import Answers
from course.records.raters.others import (
    OpenRound,
    drop_open_round,
    open_rounds,
    save_open_round,
    save_result,
)
from course.records.raters.round_wire import DAYS, RoundSecret

_USUAL_DAYS: Final = DAYS[1]


class RaterRound(Card):
    """Make one round at a time, and put its result into the journal."""

    kind = "rater-round"
    asks = False

    def __init__(self, key: str, answers: Answers) -> None:
        super().__init__(key, answers)
        self._server, self._days = "", _USUAL_DAYS
        self._is_enough = False
        """Whether the server has said in this window that five or more had answered."""
        self._told, self._asked = "", ("", "")
        """What the server said last; what has to be confirmed before it is done (`open`, `cancel` or `gone`), and to
        which round: another window may have put another one in its place."""
        self._new: tuple[str, RoundSecret] | None = None
        """The server and the secret of a round that may have been made: where no answer came, it is asked for again."""
        self._is_away = False
        """Whether no server answered at the round's address when it was asked last."""
        self._there = ""
        """The secret of the round that the server has said in this window that it has."""

    @property
    def opened(self) -> OpenRound | None:
        """The round that is open, the one that ends first."""
        return next(iter(open_rounds(self.answers)), None)

    def controls(self) -> list[Control]:
        """Return everything on the card; it has no Skip, because no answer is asked for."""
        notice = [controls.text("notice", self.notice, "warning", live=True)] if self.notice else []
        if is_web_edition():
            return [controls.text("question", say("rater-round.question"), "question"), *self.body()]
        return [*self.body(), *notice, controls.buttons("buttons", self.actions())]

    def body(self) -> list[Control]:
        """Return what a round is, and how to make one or how the one that is open stands."""
        if is_web_edition():
            return [*controls.lead([say("rater-round.web")])]
        question = controls.text("question", say("rater-round.question"), "question")
        told = [controls.text("told", self._told, "feedback", live=True)] if self._told else []
        opened = self.opened
        if opened is None:
            return [
                question,
                *controls.lead([say("rater-round.what"), say("rater-round.needs")]),
                *told,
                *self._fields(),
            ]
        seems_over = self._seems_over(opened)
        about = [controls.text("over", say("rater-round.over"), "warning")] if seems_over else self._about(opened)
        return [question, *about, *told, *self._confirmation(opened), *self._other_address(opened)]

    def _other_address(self, opened: OpenRound) -> list[Control]:
        """Return where another address of the server is typed, while none answers at the one that is known."""
        if not self._is_away:
            return []
        field = controls.line("server", say("rater-round.server"), self._server or opened.server, most=0)
        return [*controls.lead([say("rater-round.away")], "away"), field]

    def _seems_over(self, opened: OpenRound) -> bool:
        """Say whether the days of a round are over by this computer's clock, and the server has not said otherwise.

        The server goes by its own clock, which may be half a day behind, elsewhere on earth.
        """
        return opened.last_opening < today() and self._there != opened.secret

    def _fields(self) -> list[Control]:
        hint = say("rater-round.server-hint")
        options = [controls.choice(str(days), say("rater-round.days", n=days)) for days in DAYS]
        return [
            controls.line("server", say("rater-round.server"), self._server, most=0, hint=hint),
            controls.radios("days", say("rater-round.days-legend"), options, str(self._days), row=True),
        ]

    def _about(self, opened: OpenRound) -> list[Control]:
        """Return the link, and until when what can be done."""
        from course.records.raters.round_client import is_encrypted, is_this_computer

        own = [say("rater-round.own-server")] if is_this_computer(opened.server) else []
        alone = [say("rater-round.this-computer")] if is_this_computer(opened.address) else []
        insecure = [] if is_encrypted(opened.server) else [say("rater-round.not-encrypted")]
        first, last = say_day(opened.last_answers), say_day(opened.last_opening)
        return [
            *controls.lead([say("rater-round.send")]),
            controls.text("link", opened.address, "quote"),
            *controls.lead([say("rater-round.until", answers=first, opening=last), *own, *alone, *insecure], "until"),
        ]

    def _confirmation(self, opened: OpenRound) -> list[Control]:
        asked = self._asked_about(opened)
        return [controls.text("sure", say(f"rater-round.{asked}-sure"), "warning", live=True)] if asked else []

    def _asked_about(self, opened: OpenRound) -> str:
        """Return what has to be confirmed before it is done to this round, or an empty text."""
        asked, secret = self._asked
        return asked if secret == opened.secret else ""

    def actions(self) -> list[Button]:
        """Return the buttons for what can be done now."""
        opened = self.opened
        if opened is None:
            return [controls.button("make", say("rater-round.make"), main=True, leads_to="state")]
        if asked := self._asked_about(opened):
            yes = controls.button(f"{asked}-yes", say(f"rater-round.{asked}-yes"), leads_to="make")
            return [yes, controls.button("no", say(f"rater-round.{asked}-no"), main=True, leads_to="state")]
        move = [controls.button("move", say("rater-round.move"), leads_to="state")] if self._is_away else []
        if self._seems_over(opened):
            state = controls.button("state", say("rater-round.state"), main=True)
            return [*move, state, controls.button("drop", say("rater-round.drop"), leads_to="make")]
        return [
            *move,
            controls.button("state", say("rater-round.state"), main=not self._is_enough),
            controls.button("open", say("rater-round.open"), main=self._is_enough, leads_to="no"),
            controls.button("cancel", say("rater-round.cancel"), leads_to="no"),
        ]

    def change(self, control: str, value: object) -> None:
        """Take the server's address and the number of days; both hold for this window."""
        if control == "server" and isinstance(value, str):
            self._server = value
        elif control == "days" and value in [str(days) for days in DAYS]:
            self._days = int(str(value))

    def press(self, button: str) -> None:
        """Do what a button asks for, and say what became of it."""
        if is_web_edition():
            return
        self._told = ""
        super().press(button)

    def act(self, button: str) -> None:
        """Ask the server, or ask whether the person is sure."""
        opened = self.opened
        was_asked = self._asked_about(opened) if opened else ""
        self._asked, self._is_away = ("", ""), False
        try:
            if button == "make" and opened is None:
                self._make()
            elif opened is None:
                return
            elif button in ("open", "cancel"):
                self._asked = (button, opened.secret)
            elif button == "state":
                self._look(opened)
            elif button == "move":
                self._move(opened)
            elif button == "open-yes" and was_asked == "open":
                self._open(opened)
            elif button == "cancel-yes" and was_asked == "cancel":
                self._cancel(opened)
            elif (button == "drop" and self._seems_over(opened)) or (button == "gone-yes" and was_asked == "gone"):
                drop_open_round(self.answers, opened.secret)
        except RoundRefused as error:
            if error.is_gone and opened and opened.is_saved:  # the server's last answer did not come
                drop_open_round(self.answers, opened.secret)
                self._told = say("rater-round.saved")
                return
            self.notice = f"{error.message} {error.hint}".strip()
            self._is_away = error.is_away or button == "move"
            if error.is_gone and opened:
                self._asked, self._there = ("gone", opened.secret), ""

    def _make(self) -> None:
        from course.records.raters.round_client import RoundClient, read_server

        server = read_server(self._server)
        if self._new is None or self._new[0] != server:
            self._new = server, RoundSecret.new()
        secret = self._new[1]
        state = RoundClient(server, secret).make(self._days)
        save_open_round(
            self.answers, OpenRound(secret.text, server, state.address, state.last_answers, state.last_opening)
        )
        self._new = None
        self._is_enough, self._told = False, say("rater-round.made")

    def _look(self, opened: OpenRound) -> None:
        from course.records.raters.round_client import RoundClient, is_this_computer

        state = RoundClient(opened.server, RoundSecret(opened.secret)).state()
        self._there = opened.secret
        self._is_enough = state.counter == "five-or-more"
        self._told = say("rater-round.opened-already" if state.is_opened else f"rater-round.{state.counter}")
        if state.address != opened.address and not is_this_computer(state.address):
            save_open_round(self.answers, replace(opened, address=state.address))
            self._told += f" {say('rater-round.new-link')}"

    def _move(self, opened: OpenRound) -> None:
        """Ask for the round at another address, and keep that once the round is there."""
        from course.records.raters.round_client import RoundClient, read_server

        moved = replace(opened, server=read_server(self._server or opened.server))
        RoundClient(moved.server, RoundSecret(moved.secret)).state()
        save_open_round(self.answers, moved)
        self._look(moved)

    def _open(self, opened: OpenRound) -> None:
        """Save the result, then have the server destroy it, then forget the secret: whatever stops this is done again.

        A result that comes again has the moment at which the server made it, and is saved in its own place.
        """
        from course.records.raters.round_client import RoundClient

        client = RoundClient(opened.server, RoundSecret(opened.secret))
        result = client.open()
        if result:
            save_result(self.answers, result)
            save_open_round(self.answers, replace(opened, is_saved=True))
        try:
            client.done()
        except RoundRefused as error:
            if not error.is_gone:
                self._told = say("rater-round.saved-only" if result else "rater-round.nothing")
                self.notice = f"{error.message} {say('rater-round.once-more')}"
                return
        drop_open_round(self.answers, opened.secret)
        self._told = say("rater-round.saved" if result else "rater-round.nothing")

    def _cancel(self, opened: OpenRound) -> None:
        from course.records.raters.round_client import RoundClient

        RoundClient(opened.server, RoundSecret(opened.secret)).cancel()
        drop_open_round(self.answers, opened.secret)
        self._told = say("rater-round.cancelled")

    def answer_lines(self) -> list[tuple[str, str]]:
        """Return nothing: this card asks no question."""
        return []
