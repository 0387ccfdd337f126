"""The wire of a session as types: what phones and console send, and what the server answers and streams.

What pages show is in `page_views`. Templates in `pages/` and the JavaScript in `static/` use the field names of both;
`tests/workshop/test_wire_types.py` holds them against these types.

Phones send `AnswerMessage` as JSON to `/r/SESSION/answer` and get `AnswerSaved` once it is on disk. Without JavaScript
a form sends the same: `part`, `answer` (or the fields of its question, for a commitment with `show` = "yes" or "no"),
and `skip` = "yes" to pass; the server counts the revision up. The console sends `action` with the fields of
`ACTIONS[action]`, as JSON with the header `X-Form-Token` or as a form with `token`; so does a co-host's phone to
`/h/SESSION/action`, with “approve-lines” or “hide-lines” and nothing else. Every refusal is an `ErrorMessage`:
503 and 429 mean “not saved, will be tried again” (after `Retry-After` seconds), 409 that the question is closed, or
that this answer would repeat one that was taken back with a removed phone, 401 that this phone is not in the session,
410 that the session is closed or this phone was removed, any other 4xx: do not repeat.

Event streams send `event: session` with an `Event`, the same bytes to all, at most about four times a second;
`event: alive` every 20 seconds; and `event: gone` once the session is closed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NotRequired, TypedDict

MOST_DAYS: Final = 7
"""For how many days at most what was shown is kept after the close."""
Answer = str | int | dict[str, str | bool]
"""A text or the key of an option, a rating, or texts by field."""

# What phones send and get back


class AnswerMessage(TypedDict):
    """An answer as a phone sends it; nothing of it is checked yet."""

    part: object
    revision: object
    """A whole number that grows with each change on this phone."""
    answer: object


class AnswerSaved(TypedDict):
    """The acknowledgement of an answer: what counts now is on disk."""

    part: str
    revision: int
    """The revision that counts."""
    saved: bool
    """Whether that says what was sent. If not, another window of this phone has sent something else in between."""


class OwnAnswer(TypedDict):
    """A phone's own answer to one part; None means that it was passed."""

    revision: int
    answer: Answer | None


class OpenPart(TypedDict):
    """A part that can be answered now, without its words."""

    part: str
    kind: str
    options: list[str]
    fields: list[str]
    most: int


class OwnAnswers(TypedDict):
    """What `GET /r/SESSION/mine` returns: this phone's answers by part, and what is open."""

    mine: dict[str, OwnAnswer]
    open: list[OpenPart]


class ProblemView(TypedDict):
    """What happened, and what to do next."""

    error: str
    hint: str


class ErrorMessage(ProblemView):
    """A refusal, as JSON or on the page `problem.html`."""

    status: int
    fields: NotRequired[dict[str, str]]
    """What is wrong with each field of a form, by its name."""


# What the console sends


class StepAction(TypedDict):
    """Go to a step."""

    step: str


class QuestionAction(TypedDict):
    """Open, close, reveal or undo a question."""

    question: str


class NextAction(TypedDict):
    """Do what the console offers as next, in its place or as the way back; `shown` is the name that it showed."""

    shown: str


class LineAction(TypedDict):
    """Approve or hide a line, or put it back to be looked at."""

    line: str


class LinesAction(TypedDict):
    """Show similar lines as one, the first; or apart again. Or approve, hide, put back or keep aside what was read."""

    lines: list[str]


class SettleAction(TypedDict):
    """Say where a line goes: "ours", "park", "now" or "" for nowhere."""

    line: str
    to: str


class ParkAction(TypedDict):
    """Fill in a parked line."""

    line: str
    owner: str
    place: str
    date: str


class BoundaryAction(TypedDict):
    """Reword a boundary; fixed lines cannot be changed."""

    question: str
    line: str
    text: str


class TimerAction(TypedDict):
    """Start a timer on console and screen; 0 minutes stop it."""

    minutes: str


class GroupSizeAction(TypedDict):
    """Say how many people are there: a whole number."""

    people: str


class PageAction(TypedDict):
    """Turn all screens to a page of what is shown, from 1."""

    page: str


class KeepDaysAction(TypedDict):
    """Choose for how many days what was shown is kept after the close, 0 to 7, before the first question opens."""

    days: str


class DoorAction(TypedDict):
    """Let no more phones join, or let them join again; those inside go on."""

    to: str
    """“shut” or “open”."""


class RemovePhonesAction(TypedDict):
    """Remove all phones that joined since the door was last opened, and shut it; `sure` is "yes"."""

    sure: str


class LetInAction(TypedDict):
    """Let phones reach this machine at one of its addresses, also one that was typed; "" stops that."""

    address: str


class ShowWayInAction(TypedDict):
    """Show the way in on the screen before a phone has reached this machine."""


class PaperAction(TypedDict):
    """Count paper cards, from a table with the columns part, answer and count, in place of those counted before."""

    csv: str


class TallyAction(TypedDict):
    """Count the cards of one question, in place of those counted before: `counts` has a text by part and answer.

    The name of a count is its part and its answer with a space between; in a form, with “count ” in front.
    """

    question: str
    counts: dict[str, str]


class CloseAction(TypedDict):
    """Close the session for good: what is left stays for so many days, at most those chosen before; 0 erases all."""

    days: str


class DeleteAction(TypedDict):
    """Erase everything of the session; `sure` is "yes"."""

    sure: str


class OpenSessionAction(TypedDict):
    """Go on to the console of another session of this server."""

    session: str


class NewSessionAction(TypedDict):
    """Make a new session with the same script, and go on to its console."""


class CoHostAction(TypedDict):
    """Make a code that pairs a co-host's phone, or unpair all co-hosts at once."""


ACTIONS: Final[Mapping[str, type]] = {
    "next": NextAction, "step": StepAction, "open": QuestionAction, "close": QuestionAction, "reveal": QuestionAction,
    "undo": QuestionAction, "boundary": BoundaryAction, "timer": TimerAction, "group-size": GroupSizeAction,
    "keep-days": KeepDaysAction, "door": DoorAction, "remove-phones": RemovePhonesAction,
    "let-in": LetInAction, "show-way-in": ShowWayInAction, "paper": PaperAction, "tally": TallyAction,
    "close-session": CloseAction,
    "delete-session": DeleteAction, "open-session": OpenSessionAction, "new-session": NewSessionAction,
    "pair-co-host": CoHostAction, "unpair-co-hosts": CoHostAction,
    "approve": LineAction, "hide": LineAction, "wait": LineAction,
    "approve-lines": LinesAction, "hide-lines": LinesAction, "wait-lines": LinesAction,
    "aside-lines": LinesAction, "copied-lines": LinesAction,
    "group": LinesAction, "ungroup": LinesAction, "settle": SettleAction, "park": ParkAction, "page": PageAction,
}  # fmt: skip
"""The message of each action that the console can send."""


def fields_of(message: type) -> tuple[str, ...]:
    """Return the names of a message's fields.

    >>> fields_of(SettleAction)
    ('line', 'to')
    """
    return tuple(message.__annotations__)


class ActionDone(TypedDict):
    """The answer to an action: it is on disk."""

    done: bool
    deleted: NotRequired[str]
    """What to say when the session is erased."""
    go: NotRequired[str]
    """The path of the console to go on to."""


# What event streams send


class Event(TypedDict):
    """What an event stream sends: the HTML of a page's parts. A larger `at` is newer within one connection."""

    at: int
    parts: dict[str, str]
