"""What keeps the server from its work: looked at twice a second, said on the console, and mended where that is safe."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from course.content import say_time
from course.core import moments
from course.workshop.charts.chart_renderer import ChartRenderer
from course.workshop.store.store import Store
from course.workshop.store.tables import is_full
from course.workshop.views.page_views import TroubleView

Trouble = Literal[
    "disk-full", "not-written", "writer-stuck", "writer-dead", "writer-restarted", "charts", "stood-still"
]
"""A key of `console.trouble-…` in the pages' words."""
REMEMBERED: Final = 600.0
"""For how many seconds the console says of something that is over."""


@dataclass(frozen=True)
class _Past:
    """Something that is over, with its time of day."""

    trouble: Trouble
    time: str
    until: float


class Health:
    """How store, charts and the server itself are. `clock` counts seconds."""

    def __init__(self, store: Store, charts: ChartRenderer, clock: Callable[[], float] = time.monotonic) -> None:
        self._store, self._charts, self._clock = store, charts, clock
        self._past: list[_Past] = []
        self._writer = "well"
        self._said: list[TroubleView] = []

    @property
    def is_writing(self) -> bool:
        """Whether what came last could be written."""
        return self._store.failure is None

    @property
    def is_alive(self) -> bool:
        """Whether the server can go on by itself; else it has to be ended, and started anew."""
        return self._writer not in ("stuck", "dead")

    def look(self) -> bool:
        """Look once, and start again what has died; return whether something else is to be said than before."""
        writer = self._store.tend()
        if writer == "restarted" != self._writer:
            self.note("writer-restarted")
        self._writer = writer
        said, self._said = self._said, self.troubles()
        return said != self._said

    def note(self, trouble: Trouble) -> None:
        """Have the console say for a while that something happened."""
        past = [one for one in self._past if one.trouble != trouble]
        self._past = [*past, _Past(trouble, say_time(moments.now()), self._clock() + REMEMBERED)]

    def troubles(self) -> list[TroubleView]:
        """Return what is wrong now, and then what was, as the console says it."""
        now = [TroubleView(trouble=trouble, time="") for trouble in self._present()]
        self._past = [one for one in self._past if one.until > self._clock()]
        return now + [TroubleView(trouble=one.trouble, time=one.time) for one in self._past]

    def _present(self) -> list[Trouble]:
        failure = self._store.failure
        present: list[Trouble] = ["charts"] if self._charts.is_failing else []
        if self._writer == "stuck":
            return ["writer-stuck", *present]
        if self._writer == "dead":
            return ["writer-dead", *present]
        if failure:
            return ["disk-full" if is_full(failure) else "not-written", *present]
        return present
