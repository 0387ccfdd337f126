"""How busy the server is and how it gets on, for Prometheus: nothing of one person, one session or one address.

Counts of people and of what they sent are sums over all sessions, in steps of five as on the console. Durations are the
longest of the last minute: a count of them would tell when each answer came. So would the duration of a single answer:
it is told where five or more came. Nor is told how many files the process has open: each phone's connection is one.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from course.privacy.cells import MIN_CELL
from course.privacy.live_release import rounded_down
from course.workshop.errors import LOGGER
from course.workshop.sessions.sessions import Sessions
from course.workshop.web.broadcast import Broadcast
from course.workshop.web.health import Health

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

WINDOW: Final = 60.0
"""In seconds: for so long at least a longest duration is told."""
PREFIX: Final = "building_trust_"
_OPEN_FILES: Final = "process_open_fds"


class Longest:
    """The longest of the durations that were noted in the last minute, or a little before. `clock` counts seconds.

    Of fewer than `least`, none is told.
    """

    def __init__(self, clock: Callable[[], float], least: int = 1) -> None:
        self._clock, self._least = clock, least
        self._begun = clock()
        self._now = self._before = 0.0
        self._count = self._count_before = 0

    def note(self, seconds: float) -> None:
        """Note a duration."""
        self._turn()
        self._now = max(self._now, seconds)
        self._count += 1

    @property
    def seconds(self) -> float:
        """The longest one."""
        self._turn()
        return max(self._now, self._before) if self._count + self._count_before >= self._least else 0.0

    def _turn(self) -> None:
        at = self._clock()
        if at >= self._begun + WINDOW:
            is_next = at < self._begun + 2 * WINDOW
            self._before, self._count_before = (self._now, self._count) if is_next else (0.0, 0)
            self._begun, self._now, self._count = at, 0.0, 0


class _ErrorCount(logging.Handler):
    """Counts the errors that are logged, and keeps nothing of them."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Count one."""
        self.count += 1


class Metrics:
    """What is counted while the server runs."""

    def __init__(
        self,
        sessions: Sessions,
        broadcast: Broadcast,
        health: Health,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.loop_lag, self.answer = Longest(clock), Longest(clock, least=MIN_CELL)
        self._sessions, self._broadcast, self._health = sessions, broadcast, health
        self._answers = 0
        self._errors = _ErrorCount()

    def start(self) -> None:
        """Count errors from now on."""
        LOGGER.addHandler(self._errors)

    def stop(self) -> None:
        """Count no more errors."""
        LOGGER.removeHandler(self._errors)

    def note_answer(self, seconds: float) -> None:
        """Note that an answer is on disk, and how long that took."""
        self._answers += 1
        self.answer.note(seconds)

    def text(self) -> bytes:
        """Return all of it in Prometheus's text format."""
        from prometheus_client import CollectorRegistry, generate_latest
        from prometheus_client.registry import Collector

        outer = self

        class OfThisServer(Collector):
            """What this server has counted."""

            def collect(self) -> Iterator[Metric]:
                return outer._families()

        registry = CollectorRegistry(auto_describe=False)
        registry.register(OfThisServer())
        return generate_latest(registry)

    def _families(self) -> Iterator[Metric]:
        from prometheus_client import ProcessCollector
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

        yield from (family for family in ProcessCollector(registry=None).collect() if family.name != _OPEN_FILES)
        open_count = sum(session.is_open for session in self._sessions.by_id.values())
        sessions = GaugeMetricFamily(f"{PREFIX}sessions", "Sessions that this server has.", labels=["state"])
        sessions.add_metric(["open"], open_count)
        sessions.add_metric(["closed"], len(self._sessions.by_id) - open_count)
        yield sessions
        for name, about, value in (
            ("phones", "Phones that follow a session, of all sessions, in steps of five.", self._phones()),
            (
                "loop_lag_seconds",
                "The longest that the event loop was late, in the last minute.",
                self.loop_lag.seconds,
            ),
            (
                "answer_seconds",
                "The longest that an answer took to be on disk, of five or more in the last minute.",
                self.answer.seconds,
            ),
            ("is_writing", "1 while what comes can be stored.", float(self._health.is_writing)),
            ("is_alive", "1 unless only a new process can go on.", float(self._health.is_alive)),
        ):
            yield GaugeMetricFamily(PREFIX + name, about, value)
        answers = "Answers that were put on disk, of all sessions, in steps of five."
        yield CounterMetricFamily(f"{PREFIX}answers", answers, rounded_down(self._answers))
        yield CounterMetricFamily(f"{PREFIX}errors", "Unexpected errors, as the log has them.", self._errors.count)

    def _phones(self) -> float:
        return rounded_down(self._broadcast.phones)
