"""The widgets in the browser: a chart that is redrawn, and the plan with its two files to download."""

from __future__ import annotations

import threading
import uuid
from pathlib import Path
from typing import ClassVar, TypedDict

import anywidget
import traitlets

from course.charts.chart import Chart
from course.charts.drawing import DARK
from course.charts.plan import Plan, plan_calendar, plan_page
from course.content import edition_language, say_day, words
from course.core.design_tokens import stylesheet

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
    """What stands below the files."""


class FileMessage(TypedDict):
    """A file that the browser makes and hands over."""

    name: str
    media_type: str
    content: str
    label: str
    """The words of its link."""


class ChartWidget(anywidget.AnyWidget):
    """A chart in the browser, which can be replaced and hidden."""

    _esm: ClassVar = _HERE / "chart.js"
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


class PlanPanel(anywidget.AnyWidget):
    """A panel in the browser with the plan's page and its date to download; nothing is written to disk for it."""

    _esm: ClassVar = _HERE / "plan_panel.js"
    _css: ClassVar = stylesheet(_HERE / "plan_panel.css")

    summary = traitlets.Dict().tag(sync=True)
    """A PlanMessage."""
    language: traitlets.Dict[str, str] = traitlets.Dict().tag(sync=True)
    """The panel’s `lang` and `dir`."""
    files: traitlets.List[FileMessage] = traitlets.List().tag(sync=True)

    def __init__(self, plan: Plan) -> None:
        """Show this plan first."""
        super().__init__(language=edition_language().declared)
        self._event = str(uuid.uuid4())
        self.show(plan)

    def __repr__(self) -> str:
        """Name the panel and nothing that is in it."""
        return "<Plan to take away>"

    def show(self, content: Plan) -> None:
        """Replace the plan, and with it both files."""
        files = [_file("event", "text/calendar", plan_calendar(content.day, self._event))]
        if not content.is_empty:
            files.insert(0, _file("page", "text/html", plan_page(content)))
        summary: PlanMessage = {"title": words("plan.title"), "lines": _lines(content), "note": words("plan.files")}
        self.summary = {**summary}
        self.files = files


def _file(key: str, media_type: str, content: str) -> FileMessage:
    return {
        "name": words(f"plan.{key}-file"),
        "media_type": media_type,
        "content": content,
        "label": words(f"plan.{key}-link"),
    }


def _lines(plan: Plan) -> list[str]:
    """Return in words what is in the plan, and the day."""
    day = words("plan.day-set", day=say_day(plan.day))
    if plan.is_empty:
        return [words("plan.empty"), day]
    counts = {"habits": plan.habits, "plans": plan.plans, "questions": plan.questions, "charts": plan.charts}
    return [words("plan.inside", **{name: len(entries) for name, entries in counts.items()}), day]
