"""The workshop as data: its steps, their questions, and the words of its pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

KINDS: Final = ("words", "lines", "taking-away", "thanks", "commitment", "rate", "keep", "vote", "sort")
WRITTEN: Final = ("words", "lines", "taking-away", "thanks", "commitment")
"""Kinds whose answers are free text, which the facilitator looks at before anyone else does."""
LIMITS: Final = "limits"
"""The slug of the line that no script may leave out or reword."""


@dataclass(frozen=True)
class DraftLine:
    """One drafted boundary; a fixed one is shown and not asked about."""

    slug: str
    text: str
    fixed: bool = False


@dataclass(frozen=True)
class Question:
    """What phones are asked together: it opens, closes and is shown as a whole."""

    slug: str
    kind: str
    prompt: str
    most: int = 200
    """The longest text, in letters; of `sort`, how many lines are sorted."""
    fields: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    lines: tuple[DraftLine, ...] = ()
    scale: str = ""
    items: tuple[str, ...] = ()
    source: str = ""
    """Whose approved lines are sorted."""
    same_as: str = ""
    """The question that this one asks again."""

    @property
    def is_written(self) -> bool:
        """Whether its answers are free text."""
        return self.kind in WRITTEN

    def parts(self) -> tuple[str, ...]:
        """Return the parts known beforehand; those of `sort` come from the room.

        >>> Question("group", "rate", "How often?", items=("G1", "G2")).parts()
        ('group.G1', 'group.G2')
        """
        if self.kind == "rate":
            return tuple(f"{self.slug}.{item}" for item in self.items)
        if self.kind == "keep":
            return tuple(f"{self.slug}.{line.slug}" for line in self.lines if not line.fixed)
        return () if self.kind == "sort" else (self.slug,)


@dataclass(frozen=True)
class Step:
    """One step of the workshop, with the words of phone and facilitator."""

    slug: str
    name: str
    minutes: int
    fixed: bool
    phone: tuple[str, ...]
    say: tuple[str, ...]
    do: tuple[str, ...]
    large: tuple[str, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Script:
    """A whole workshop."""

    title: str
    language: str
    privacy: tuple[str, ...]
    steps: tuple[Step, ...]
    words: Mapping[str, str]
    text: str
    """The file itself, kept with a room so that a restart goes on with the same script."""

    def question(self, slug: str) -> Question | None:
        """Return the question of that name, or None."""
        return next((question for step in self.steps for question in step.questions if question.slug == slug), None)

    def step(self, slug: str) -> Step | None:
        """Return the step of that name, or None."""
        return next((step for step in self.steps if step.slug == slug), None)

    def questions(self) -> tuple[Question, ...]:
        """Return all questions in their order."""
        return tuple(question for step in self.steps for question in step.questions)
