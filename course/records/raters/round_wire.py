"""What a learner's notebook and the server of a round of “How others see me” say to each other.

A round is known by its owner's secret alone: the link for raters and the round's name on the server are made from it,
and lead back to nobody. So a request that is sent twice, because its answer was lost, makes no second round.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias, TypedDict, get_args

DAYS: Final = (3, 7, 14)
"""How many days a round may last, the day on which it is made counted."""
OWNER_PATH: Final = "/others/round"
"""Where the owner's notebook sends its requests, behind the server's address; each one is a POST of JSON."""
RATERS_PATH: Final = "/o/"
"""What stands before the link's own name in the address that raters open."""
_SECRET: Final = re.compile(r"[0-9a-f]{64}")

OwnerAction: TypeAlias = Literal["state", "open", "done", "cancel"]
ACTIONS: Final = ("new", *get_args(OwnerAction))
Counter: TypeAlias = Literal["fewer-than-five", "five-or-more"]
"""How many people had answered when the last day ended, as the values of `RaterCounter` in `course.privacy`."""


class NewRoundMessage(TypedDict):
    """Asks for a round."""

    action: Literal["new"]
    days: int


class OwnerMessage(TypedDict):
    """Asks for something that needs no more than the secret."""

    action: OwnerAction


class RoundReply(TypedDict):
    """What the owner is told of a round."""

    address: str
    """What raters open."""
    last_answers: str
    """The last day on which raters can answer, such as 2026-12-03."""
    last_opening: str
    """The last day on which the owner can open the result: then all of the round is erased."""
    counter: Counter
    is_opened: bool
    """Whether the result was made, and waits for the notebook to say that it is saved."""


class StatementResult(TypedDict):
    """What is released of one statement, as `RatedStatement` in `course.privacy` says."""

    average: float
    middle_half: list[int] | None


class RoundResult(TypedDict):
    """All that is released of a round, as `RaterRelease` in `course.privacy` says."""

    moment: str
    """When it was made, in UTC, as `iso_stamp` says it: two results may have the same figures."""
    version: int
    """The version of the questions."""
    raters: Literal["five-to-seven", "eight-or-more", ""]
    """Empty where raters took so many answers back that nothing can be released."""
    statements: Mapping[str, StatementResult]


class OpenedReply(TypedDict):
    """The result of a round, which is the same each time it is asked for until the notebook says that it is saved."""

    result: RoundResult


class EndedReply(TypedDict):
    """Says that nothing of a round is left on the server."""

    ended: bool


@dataclass(frozen=True)
class RoundSecret:
    """The owner's secret, 256 bits in hexadecimal digits, and what is made from it."""

    text: str = field(repr=False)

    @classmethod
    def new(cls) -> RoundSecret:
        """Return a fresh one."""
        return cls(secrets.token_hex(32))

    @classmethod
    def read(cls, text: str) -> RoundSecret | None:
        """Return the secret that somebody sends, or None for any other text.

        >>> RoundSecret.read("0123"), RoundSecret.read("0" * 64)
        (None, RoundSecret())
        """
        return cls(text) if _SECRET.fullmatch(text) else None

    @property
    def round_id(self) -> str:
        """The name of the round on the server: 128 bits, from which nobody finds the secret."""
        return self.derive("round")[:32]

    @property
    def link(self) -> str:
        """The name of the round in the link for raters: 128 bits that tell nothing of the other name."""
        return self.derive("link")[:32]

    def derive(self, purpose: str) -> str:
        """Return 256 bits, in hexadecimal digits, that only who has the secret can make for this purpose."""
        return hmac.digest(bytes.fromhex(self.text), purpose.encode(), "sha256").hex()
