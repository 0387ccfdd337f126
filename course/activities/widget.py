"""Put a card on the page: a widget that draws the card's controls and hands back what a person does."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Final

import traitlets

from course.activities.card import LONGEST_TEXT, Card, in_one_line
from course.activities.messages import CardWords, Outcome, PressMessage, ReplyMessage, SetMessage
from course.content import edition_language, read_texts
from course.content import words as say
from course.core.errors import AnswersNotKept, CourseError
from course.core.pages.design_tokens import BUTTON, stylesheet
from course.core.pages.widget import DOM, Widget, joined
from course.records.answers.draft_place import draft_place
from course.records.answers.watching import one_at_a_time, watch_while_open

_HERE = Path(__file__).parent
_SCRIPTS: Final = (
    "drafts.js", "elements.js", "fields.js", "choices.js", "typed_fields.js", "buttons.js", "sending.js", "card.js",
)  # fmt: skip
"""The files of the card's script, each behind those that it imports."""


def card_script() -> str:
    """Return the card's script as one module."""
    return joined(DOM, *(_HERE / name for name in _SCRIPTS))


class CardWidget(Widget):
    """A card in the browser.

    The browser sends a SetMessage or a PressMessage, and is answered with a ReplyMessage once what was given is on
    disk, or could not be saved. What another card, window or process saves is shown as soon as it is read.
    """

    _esm: ClassVar = card_script()
    _css: ClassVar = stylesheet(BUTTON, _HERE / "card.css")

    controls = traitlets.List().tag(sync=True)
    label = traitlets.Unicode().tag(sync=True)
    problem = traitlets.Unicode().tag(sync=True)
    done = traitlets.Unicode(allow_none=True).tag(sync=True)
    """As `Card.done`."""
    drafts = traitlets.Dict(allow_none=True).tag(sync=True)
    """A DraftPlace, or None where the browser is to keep nothing."""
    words = traitlets.Dict().tag(sync=True)
    language: traitlets.Dict[str, str] = traitlets.Dict().tag(sync=True)
    """The card’s `lang` and `dir`: the page around it may be in another language."""

    def __init__(self, card: Card) -> None:
        super().__init__(
            controls=card.controls(),
            label=card.key,
            language=edition_language().declared,
            problem=_problem(card),
            done=card.done,
            drafts=draft_place(card.answers),
            words=_words(card),
        )
        self.card = card
        self._is_handling = False
        self.on_msg(self._take)
        self._quoted = {one.card for one in card.references if one.page == card.answers.name}
        """The other cards of this page whose words this one shows."""
        card.answers.listen(self._answer_changed)
        watch_while_open(self, [card.answers], lambda: card.answers.unlisten(self._answer_changed))

    def __repr__(self) -> str:
        """Name the card and nothing that is on it."""
        return f"<Exercise {self.label}>"

    def _take(self, _widget: object, content: object, _buffers: object) -> None:
        message = read_message(content)
        if message is None:
            return
        with one_at_a_time:
            reply: ReplyMessage = {"turn": message["turn"], "outcome": "refused", "error": say("status.unexpected")}
            self._is_handling = True
            try:
                reply["outcome"], reply["error"] = self._handle(message)
            finally:  # without an answer, the card would wait with all that comes after
                self._is_handling = False
                self.send(reply)

    def _handle(self, message: SetMessage | PressMessage) -> tuple[Outcome, str]:
        """Do what a person asked for, and return what became of it, with what went wrong in words."""
        card = self.card
        card.request, before = str(message["turn"]), card.answers.saves
        try:
            with card.answers.newest():
                if _is_late(card, message):
                    card.answers.drop_unsaved(card.key)
                    return "elsewhere", ""
                _give(card, message)
                if not card.answers.is_all_saved:
                    card.answers.save_again()
        except AnswersNotKept as error:
            return "failed", in_one_line(error)
        except CourseError as error:
            return "refused", in_one_line(error)
        finally:
            self.set_trait("drafts", draft_place(card.answers))  # another one where the journal was erased meanwhile
            self._show()
        return "saved" if card.answers.saves > before else "nothing", ""

    def _answer_changed(self, key: str) -> None:
        """Show an answer that came from elsewhere, and on every card what is wrong with the page."""
        if self._is_handling:
            return
        with one_at_a_time:
            if key == self.card.key or key in self._quoted or self.card.shows_page:
                self._show()
            else:
                self.problem = _problem(self.card)

    def _show(self) -> None:
        self.controls = self.card.controls()
        self.problem = _problem(self.card)
        self.done = self.card.done


def _is_late(card: Card, message: SetMessage | PressMessage) -> bool:
    """Say whether another window saved another value than the message's window knew."""
    if message["event"] == "press" or message["seen"] is None:
        return False
    return card.is_changed_elsewhere(message["control"], message["value"], message["seen"])


def _give(card: Card, message: SetMessage | PressMessage) -> None:
    if message["event"] == "set":
        card.set(message["control"], message["value"])
    else:
        card.press(message["control"])


def read_message(content: object) -> SetMessage | PressMessage | None:
    """Return what the browser sent, or None for anything that is no message of a card."""
    if not isinstance(content, dict):
        return None
    control, turn, seen = str(content.get("control", "")), content.get("turn"), content.get("seen")
    number = turn if isinstance(turn, int) else 0
    match content.get("event"):
        case "set":
            values = seen if isinstance(seen, list) else None
            return {"event": "set", "control": control, "value": content.get("value"), "seen": values, "turn": number}
        case "press":
            return {"event": "press", "control": control, "turn": number}
    return None


def _words(card: Card) -> CardWords:
    return {
        "saving": say("status.saving"),
        "saved": say(card.saved if card.answers.path else "status.memory"),
        "notSaved": say("status.not-saved"),
        "restored": say("status.restored"),
        "noReply": say("status.no-reply"),
        "waiting": say("status.waiting"),
        "kept": say("status.kept"),
        "over": read_texts().forms("card.over", n="{n}", most="{most}", limit=LONGEST_TEXT),
        "elsewhere": say("status.elsewhere"),
        "elsewhereEmpty": say("status.elsewhere-empty"),
        "keepOwn": say("status.keep-own"),
        "takeOther": say("status.take-other"),
        "moved": say("card.moved"),
        "position": say("card.position"),
        "clear": say("button.clear"),
    }


def _problem(card: Card) -> str:
    """Return in one sentence what is wrong with the file of answers, or an empty text."""
    problem = card.answers.problem
    return in_one_line(problem) if problem else ""
