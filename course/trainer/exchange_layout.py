"""How nbgrader's exchange is laid out: one folder for everybody, or folders of each learner's own."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Final

from course.core.errors import BadSetting
from course.core.settings import COURSE_ID, settings

INBOUND: Final = "inbound"
OUTBOUND: Final = "outbound"
FEEDBACK: Final = "feedback"


class ExchangeLayout(StrEnum):
    """Where hand-ins and feedback lie, and with it what says whose they are."""

    SHARED = "shared"
    """As nbgrader has it: everybody puts things into the same folders, and the owner of a hand-in is its learner."""
    BY_LEARNER = "by-learner"
    """`inbound/LEARNER/` and `feedback/LEARNER/`: a Hub mounts each learner their own, and the folder is the proof."""


def exchange_layout() -> ExchangeLayout:
    """Return the layout that is set; raises BadSetting for one that there is not."""
    text = settings().exchange_layout
    try:
        return ExchangeLayout(text) if text else ExchangeLayout.SHARED
    except ValueError:
        raise BadSetting(
            f"The exchange cannot be laid out as “{text}”.",
            f"Set BUILDING_TRUST_EXCHANGE_LAYOUT to one of these: {', '.join(ExchangeLayout)}.",
        ) from None


def inbound_folder(exchange: Path, learner: str = "") -> Path:
    """Return where hand-ins lie; with a learner, those of that learner where each has a folder."""
    return exchange / COURSE_ID / INBOUND / learner


def outbound_folder(exchange: Path) -> Path:
    """Return where released exercises lie."""
    return exchange / COURSE_ID / OUTBOUND


def feedback_folder(exchange: Path, learner: str = "") -> Path:
    """Return where pages of feedback lie; with a learner, those of that learner where each has a folder."""
    return exchange / COURSE_ID / FEEDBACK / learner


def released_feedback(exchange: Path, learner: str) -> Path:
    """Return the folder in which a learner's pages of feedback lie, in the layout that is set."""
    return feedback_folder(exchange, learner if exchange_layout() is ExchangeLayout.BY_LEARNER else "")
