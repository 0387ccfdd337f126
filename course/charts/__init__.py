"""The charts, drawn from the learner's own journal and redrawn when an answer in it changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from course.charts.chart import Chart
from course.charts.figures import figure_html
from course.charts.items import items_chart
from course.charts.log import log_chart
from course.charts.map import map_chart
from course.charts.others import others_chart
from course.charts.plan import PLAN_KEYS, Plan, read_plan
from course.charts.pulse import pulse_chart
from course.charts.reactive import AnswerKey, ContentWidget, View, Views
from course.charts.response_shift import response_shift_chart
from course.charts.series import journal_series
from course.content.lessons import occasions
from course.records.journal import FORMER_GUESSES, GROUP_VIEW, LOOKING_BACK, Journal
from course.records.raters.others import OTHERS, latest_result
from course.records.reminders import calendar_id

__all__ = ["Show", "journal_charts"]

_PLAN_PAGE: Final = "trust-plan"
"""The page on which the last lesson keeps the plan."""


class Show:
    """The charts of one learner: `show.map()`, `show.items()` and the rest put them on the page.

    `page` names the lesson's own page of the journal, where its logs are.
    """

    def __init__(self, journal: Journal, page: str = "") -> None:
        self._journal = journal
        self._page = page
        self._views = Views(journal)
        rated: list[AnswerKey] = [(occasion.lesson, occasion.key) for occasion in occasions()]
        self._charts: dict[str, View[Chart]] = {
            "map": self._views.add(self._map_chart, [*rated, LOOKING_BACK, FORMER_GUESSES, GROUP_VIEW, OTHERS]),
            "items": self._views.add(self._items_chart, [*rated, LOOKING_BACK, OTHERS]),
            "yardstick": self._views.add(self._response_shift_chart, [*rated, LOOKING_BACK]),
            "pulse": self._views.add(lambda: pulse_chart(journal.ratings()), rated),
            "others": self._views.add(self._others_chart, [*rated, OTHERS]),
        }
        self._logs: dict[str, View[Chart]] = {}
        self._log_marks: dict[str, Mapping[str, str]] = {}
        self._plan_charts: Sequence[str] = ()
        self._plan_days = 0
        keys = [*rated, FORMER_GUESSES, GROUP_VIEW, LOOKING_BACK, OTHERS, *((_PLAN_PAGE, key) for key in PLAN_KEYS)]
        self._plan = self._views.add(self._read_plan, keys)

    def map(self) -> None:
        """Show the map: where I am by my own account, and which way I am moving."""
        self._charts["map"].put(_chart_widget)

    def items(self) -> None:
        """Show the habits one by one: which moved, and which did not."""
        self._charts["items"].put(_chart_widget)

    def yardstick(self) -> None:
        """Show each side as rated first, looking back and now: how the time before the course looks from its end."""
        self._charts["yardstick"].put(_chart_widget)

    def pulse(self) -> None:
        """Show the pulse: how it has been from lesson to lesson."""
        self._charts["pulse"].put(_chart_widget)

    def others(self) -> None:
        """Show the habits as others see them beside one's own rating: where they see me differently."""
        self._charts["others"].put(_chart_widget)

    def figure(self, name: str) -> None:
        """Show a figure that explains an idea; it draws nothing of the learner's own.

        Its names are those of `course.charts.figures.FIGURES`. Raises UnknownFigure for any other.
        """
        from course.core.pages.output import show_html

        show_html(figure_html(name))

    def log(self, key: str, marks: Mapping[str, str]) -> None:
        """Show the entries of this lesson's log as dated squares, with the letters of their marks.

        A log that asks for no mark gets one here, which is then that of each entry.
        """
        self._log_marks[key] = marks
        if key not in self._logs:
            self._logs[key] = self._views.add(lambda: self._log_chart(key), [(self._page, key)])
        self._logs[key].put(_chart_widget)

    def plan(self, charts: Sequence[str] = (), days: int = 30) -> None:
        """Show the plan of the last lesson, to print and to keep, and days for the calendar.

        `charts` names the charts that a learner can tick, in the order of the letters;
        until a day is saved, it is so many `days` from now.
        """

        def panel(plan: Plan) -> ContentWidget[Plan]:
            from course.charts.widgets import PlanPanel

            return PlanPanel(plan, calendar_id(self._journal.page(_PLAN_PAGE)))

        self._plan_charts, self._plan_days = charts, days
        self._plan.put(panel)

    def _map_chart(self) -> Chart:
        others = latest_result(self._journal)
        return map_chart(journal_series(self._journal), self._journal.guesses(), others)

    def _items_chart(self) -> Chart:
        return items_chart(journal_series(self._journal), latest_result(self._journal))

    def _others_chart(self) -> Chart:
        return others_chart(journal_series(self._journal), latest_result(self._journal))

    def _response_shift_chart(self) -> Chart:
        return response_shift_chart(journal_series(self._journal))

    def _log_chart(self, key: str) -> Chart:
        return log_chart(self._journal.page(self._page).get(key), self._log_marks[key])

    def _read_plan(self) -> Plan:
        def draw(name: str) -> Chart:
            return self._charts[name].get()

        return read_plan(self._journal.page(_PLAN_PAGE).get, self._plan_charts, draw, self._plan_days)


def journal_charts(journal: Journal) -> list[Chart]:
    """Return the charts of the whole course as they are by now: the map, the habits, the look back, the pulse, others.

    That of others is there once anybody was asked.
    """
    charts = {name: view.get() for name, view in Show(journal)._charts.items()}
    return [chart for name, chart in charts.items() if name != "others" or chart.table]


def _chart_widget(chart: Chart) -> ContentWidget[Chart]:
    from course.charts.widgets import ChartWidget

    return ChartWidget(chart)
