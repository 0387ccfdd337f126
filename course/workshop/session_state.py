"""What the facilitator has done in a room, as it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class Standing:
    """Where one question stands."""

    taking: str = "new"
    """“new”, “open” or “closed”."""
    is_shown: bool = False


@dataclass
class State:
    """The step, where questions stand, the wording of boundaries, the timer, and cards that were counted."""

    step: str
    questions: dict[str, Standing] = field(default_factory=dict)
    boundaries: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: dict[str, dict[str, str]] = field(default_factory=dict)
    """The wording of boundaries when their question was opened: what votes are about."""
    refused: list[str] = field(default_factory=list)
    """The parts that may not be shown beside the first time they were asked."""
    timer_ends: float = 0.0
    timer_of: int = 0
    is_closed: bool = False
    made: float = 0.0
    """When the room was made, in seconds since 1970: the latest one is gone on with."""
    joined: int = 0
    """How many had joined when the room closed, in steps of five."""
    let_in: str = ""
    """The address at which phones were last let in."""
    paper: dict[str, dict[str, int]] = field(default_factory=dict)
    chosen: dict[str, list[str]] = field(default_factory=dict)
    """The lines that each `sort` question asks about, by name."""

    @classmethod
    def recalled(cls, kept: Mapping[str, Any]) -> State:
        """Return what was kept."""
        questions = {slug: Standing(**standing) for slug, standing in kept["questions"].items()}
        return cls(**{**kept, "questions": questions})

    def plain(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self)

    def standing(self, slug: str) -> Standing:
        """Return where a question stands."""
        return self.questions.setdefault(slug, Standing())
