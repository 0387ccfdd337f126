"""The messages between a card in the browser and Python, and what a card tells the page around it.

Each type names the fields that the card's scripts read or send; `tests/activities/test_contract.py` holds the two
against each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias, TypedDict

Done: TypeAlias = Literal["", "begun", "answered", "skipped"]
"""Whether a card was answered whole, in part, or skipped."""


class SetMessage(TypedDict):
    """What the browser sends when a person changed a control."""

    event: Literal["set"]
    control: str
    value: object
    """As the control's type says."""
    seen: list[object] | None
    """The values that the person's window knew; None where the value is to be saved whatever it is by now."""
    turn: int
    """A number of this message alone; sent once more, it has the same."""


class PressMessage(TypedDict):
    """What the browser sends when a person pressed a button."""

    event: Literal["press"]
    control: str
    turn: int


Outcome: TypeAlias = Literal["saved", "nothing", "elsewhere", "failed", "refused"]
"""What became of a message: it is on disk; there was nothing to save; another window saved another value meanwhile;
it could not be saved now; it cannot be saved as it is."""


class ReplyMessage(TypedDict):
    """The answer to both, once they were dealt with."""

    turn: int
    outcome: Outcome
    error: str
    """Why it was not saved, or an empty text."""


class CardWords(TypedDict):
    """What the card itself says."""

    saving: str
    saved: str
    notSaved: str
    restored: str
    noReply: str
    waiting: str
    """The same in short, where the page around the card says the rest."""
    kept: str
    """That the browser keeps what is not saved."""
    over: Mapping[str, str]
    """That a text is longer than there is room for, in each plural form, with {n} and {most} for the numbers."""
    elsewhere: str
    elsewhereEmpty: str
    keepOwn: str
    takeOther: str
    moved: str
    position: str
    clear: str


SavingState: TypeAlias = Literal["typing", "saving", "saved", "failed", "waiting"]


class SavingEvent(TypedDict):
    """The detail of `course:saving`, which a card sends up the page whenever this changes.

    Where it is prevented, the page says what to do while nobody answers, and the card only that it is not saved yet.
    """

    card: str
    """The card's key."""
    state: SavingState
    """Something was typed and not sent; is being saved; all is saved; could not be saved; nobody answers."""


class ProblemEvent(TypedDict):
    """The detail of `course:problem`: what is wrong with the file of answers. The card says it unless prevented."""

    card: str
    problem: str
    """In whole sentences; an empty text where it is over."""


class ProgressEvent(TypedDict):
    """The detail of `course:progress`, which a card that asks for an answer sends when drawn and at each change."""

    card: str
    done: Done
