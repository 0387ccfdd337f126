"""The widgets in the browser: a chart that is redrawn, and the plan with its files to download."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import ClassVar, TypedDict

import traitlets

from course.charts.chart import Chart
from course.charts.kit.palette import DARK
from course.charts.plan import Plan, plan_page
from course.content import edition_language, say_day, words
from course.core.calendar_file import MEDIA_TYPE, calendar_bytes
from course.core.pages.design_tokens import stylesheet
from course.core.pages.widget import DOM, Widget, joined
from course.records.reminders import first_day, later_events

_HERE = Path(__file__).parent


class ChartWords(TypedDict):
    """The words on a chart's buttons."""

    numbers: str
    hide: str
    hidden: str


class PlanMessage(TypedDict):
    """What the plan's panel says."""

    title: str
    lines: list[str]
    """What is in the plan, and the day."""
    note: str
    """What is said of the page."""
    calendar: str
    """What the days for the calendar are called."""
    own: str
    """The words of the tick that puts the plans into those days; empty where there are no plans or no days."""
    calendar_note: str
    """What is said of those days; empty where all are over."""


class FileMessage(TypedDict):
    """A file that the browser makes and hands over."""

    name: str
    media_type: str
    content: str
    label: str
    """The words of its link."""


class ChartWidget(Widget):
    """A chart in the browser, which can be replaced and hidden."""

    _esm: ClassVar = joined(DOM, _HERE / "chart.js")
    _css: ClassVar = stylesheet(_HERE / "chart.css")

    chart = traitlets.Dict().tag(sync=True)
    """A ChartMessage."""
    is_hidden = traitlets.Bool(False).tag(sync=True)
    """Whether the person hides their numbers; it stays so when the chart is redrawn."""
    is_narrow = traitlets.Bool(False).tag(sync=True)
    """Whether the browser has little space for the picture."""
    dark = traitlets.Dict(DARK).tag(sync=True)
    """Each colour's twin on a dark page."""
    words = traitlets.Dict().tag(sync=True)
    """ChartWords."""
    language: traitlets.Dict[str, str] = traitlets.Dict().tag(sync=True)
    """The chart’s `lang` and `dir`: the page around it may be in another language."""

    def __init__(self, chart: Chart) -> None:
        """Show this chart first."""
        own_words: ChartWords = {
            "numbers": words("chart.numbers"),
            "hide": words("chart.hide"),
            "hidden": words("chart.hidden"),
        }
        super().__init__(chart=chart.to_message(), words=own_words, language=edition_language().declared)
        self._content = chart
        self._lock = threading.Lock()
        self.observe(lambda change: self.show(), "is_narrow")

    def show(self, content: Chart | None = None) -> None:
        """Replace the chart in every place where it is shown, or draw it again for the space that there is now."""
        with self._lock:
            self._content = content or self._content
            self.chart = {**self._content.to_message(is_narrow=self.is_narrow)}


class PlanPanel(Widget):
    """A panel in the browser with the plan's page and days for the calendar to download; nothing is written to disk.

    The learner's own words go into those days only where they tick that.
    """

    _esm: ClassVar = joined(DOM, _HERE / "plan_panel.js")
    _css: ClassVar = stylesheet(_HERE / "plan_panel.css")

    summary = traitlets.Dict().tag(sync=True)
    """A PlanMessage."""
    language: traitlets.Dict[str, str] = traitlets.Dict().tag(sync=True)
    """The panel’s `lang` and `dir`."""
    files: traitlets.List[FileMessage] = traitlets.List().tag(sync=True)
    is_own = traitlets.Bool(False).tag(sync=True)
    """Whether the days for the calendar have the plans in them."""

    def __init__(self, plan: Plan, calendar_id: str) -> None:
        """Show this plan first; `calendar_id` makes its days in a calendar this learner's own."""
        super().__init__(language=edition_language().declared)
        self._calendar_id = calendar_id
        self._plan = plan
        self.show(plan)
        self.observe(lambda change: self.show(self._plan), "is_own")

    def __repr__(self) -> str:
        """Name the panel and nothing that is in it."""
        return "<Plan to take away>"

    def show(self, content: Plan) -> None:
        """Replace the plan, and with it all files."""
        self._plan = content
        page, days = _page_files(content), self._day_files(content)
        has_plans = bool(content.plans and days)
        summary: PlanMessage = {
            "title": words("plan.title"),
            "lines": _lines(content),
            "note": words("plan.files") if page else "",
            "calendar": words("reminder.later-caption"),
            "own": words("reminder.later-own") if has_plans else "",
            "calendar_note": words(f"reminder.later-note{'-own' if has_plans and self.is_own else ''}") if days else "",
        }
        self.summary = {**summary}
        self.files = [*page, *days]

    def _day_files(self, plan: Plan) -> list[FileMessage]:
        own = plan.plans_in_words if self.is_own else ""
        return [
            {
                "name": words("reminder.later-file", days=reminder.days),
                "media_type": MEDIA_TYPE,
                "content": calendar_bytes(event).decode(),
                "label": words("reminder.later-link", days=reminder.days, day=say_day(event.day)),
            }
            for reminder, event in later_events(first_day(plan.day), self._calendar_id, own)
        ]


def _page_files(plan: Plan) -> list[FileMessage]:
    if plan.is_empty:
        return []
    name, label = words("plan.page-file"), words("plan.page-link")
    return [{"name": name, "media_type": "text/html", "content": plan_page(plan), "label": label}]


def _lines(plan: Plan) -> list[str]:
    """Return in words what is in the plan, and the day."""
    day = words("plan.day-set", day=say_day(plan.day))
    if plan.is_empty:
        return [words("plan.empty"), day]
    counts = {"habits": plan.habits, "plans": plan.plans, "questions": plan.questions, "charts": plan.charts}
    return [words("plan.inside", **{name: len(entries) for name, entries in counts.items()}), day]
