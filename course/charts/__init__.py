"""The charts, drawn from the learner's own journal and redrawn when an answer in it changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from course.charts.chart import Chart
from course.charts.items import Series, items_chart
from course.charts.log import log_chart
from course.charts.map import map_chart
from course.charts.pulse import pulse_chart
from course.charts.reactive import Key, Redrawn
from course.charts.response_shift import yardstick_chart
from course.content import words
from course.content.lessons import occasions
from course.records.journal import GUESS, LOOKING_BACK, Journal

if TYPE_CHECKING:
    from course.charts.plan import Plan

__all__ = ["Show"]

_PLAN: Final = "trust-plan"
"""The page on which lesson 7 keeps the plan."""


class Show:
    """The charts of one learner: `show.map()`, `show.items()` and the rest put them on the page.

    `page` names the lesson's own page of the journal, where its logs are.
    """

    def __init__(self, journal: Journal, page: str = "") -> None:
        self._journal = journal
        self._page = page
        self._drawn = Redrawn(journal)
        rated = [(occasion.lesson, occasion.key) for occasion in occasions()]
        self._drawn.add("map", self._map, [*rated, GUESS])
        self._drawn.add("items", self._items, [*rated, LOOKING_BACK])
        self._drawn.add("yardstick", self._yardstick, [*rated, LOOKING_BACK])
        self._drawn.add("pulse", self._pulse, rated)

    def map(self) -> None:
        """Show the map: where I am by my own account, and which way I am moving."""
        self._put("map")

    def items(self) -> None:
        """Show the habits one by one: which moved, and which did not."""
        self._put("items")

    def yardstick(self) -> None:
        """Show each side as rated first, now and looking back: whether my yardstick moved."""
        self._put("yardstick")

    def pulse(self) -> None:
        """Show the pulse: how it has been from lesson to lesson."""
        self._put("pulse")

    def log(self, key: str, marks: Mapping[str, str]) -> None:
        """Show the entries of this lesson's log as dated squares, with the letters of their marks.

        A log that asks for no mark gets one here, which is then that of each entry.
        """
        name = f"log {key}"
        self._drawn.add(name, lambda: log_chart(self._journal.page(self._page).get(key), marks), [(self._page, key)])
        self._put(name)

    def plan(self, charts: Sequence[str] = (), days: int = 30) -> None:
        """Show the plan of lesson 7, to print and to keep, and a day for the calendar.

        `charts` names the charts that a learner can tick, in the order of the letters;
        until a day is kept, it is so many `days` from now.
        """
        from course.charts.plan import KEYS
        from course.charts.plan_panel import PlanPanel

        rated: list[Key] = [(occasion.lesson, occasion.key) for occasion in occasions()]
        keys = [*rated, GUESS, LOOKING_BACK, *((_PLAN, key) for key in KEYS)]
        self._drawn.add("plan", lambda: self._plan(charts, days), keys)
        self._drawn.put("plan", PlanPanel)

    def _map(self) -> Chart:
        slug, key = GUESS
        return map_chart(self._journal.ratings(), self._journal.page(slug).get(key))

    def _items(self) -> Chart:
        rated: list[Series | None] = [series for series in self._full() if series.ratings]
        first, *later = rated or [None]
        between = later[-2] if len(later) > 1 else None
        return items_chart(first, later[-1] if later else None, self._looking_back(), between)

    def _yardstick(self) -> Chart:
        """Compare what was rated together: day 30 comes later and is no part of it."""
        first, now, *_ = self._full()
        return yardstick_chart(first, self._looking_back(), now if now.ratings else None)

    def _pulse(self) -> Chart:
        return pulse_chart(self._journal.ratings())

    def _plan(self, charts: Sequence[str], days: int) -> Plan:
        from course.charts.plan import read_plan

        return read_plan(self._journal.page(_PLAN).get, charts, self._drawn.get, days)

    def _full(self) -> list[Series]:
        """Return the full ratings, from the start to day 30, with what is missing left empty."""
        return [
            Series.read(occasion.label, self._journal.page(occasion.lesson).get(occasion.key))
            for occasion in occasions()
            if occasion.full
        ]

    def _looking_back(self) -> Series:
        slug, key = LOOKING_BACK
        return Series.read(words("chart-items.looking-back"), self._journal.page(slug).get(key))

    def _put(self, name: str) -> None:
        def widget(chart: Chart) -> Any:
            from course.charts.widget import ChartWidget

            return ChartWidget(chart)

        self._drawn.put(name, widget)
