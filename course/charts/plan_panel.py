"""Put the plan on the page: what is in it, and two files that the browser makes and hands over."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import ClassVar

import anywidget
import traitlets

from course.charts.plan import Plan
from course.charts.plan_calendar import plan_calendar
from course.charts.plan_page import plan_page
from course.content import edition_language, words
from course.content.dates import say_day
from course.core.design_tokens import stylesheet

_HERE = Path(__file__).parent


class PlanPanel(anywidget.AnyWidget):
    """A panel in the browser with the plan's page and its date to download; nothing is written to disk for it."""

    _esm: ClassVar = _HERE / "plan_panel.js"
    _css: ClassVar = stylesheet(_HERE / "plan_panel.css")

    told = traitlets.Dict().tag(sync=True)
    """The title, what is in the plan as a list of lines, and the line below the files."""
    language: traitlets.Dict[str, str] = traitlets.Dict().tag(sync=True)
    """The panel’s `lang` and `dir`."""
    files: traitlets.List[dict[str, str]] = traitlets.List().tag(sync=True)
    """Each file: its name (`id`), its type (`kind`), what is in it (`value`), and the label of its link."""

    def __init__(self, plan: Plan) -> None:
        """Show this plan first."""
        super().__init__(language=edition_language().declared)
        self._event = str(uuid.uuid4())
        self.show(plan)

    def __repr__(self) -> str:
        """Name the panel and nothing that is in it."""
        return "<Plan to take away>"

    def show(self, plan: Plan) -> None:
        """Replace the plan, and with it both files."""
        calendar = plan_calendar(plan.day, self._event)
        files = [_file("event", "text/calendar", calendar)]
        if not plan.is_empty:
            files.insert(0, _file("page", "text/html", plan_page(plan)))
        self.told = {"title": words("plan.title"), "lines": _lines(plan), "private": words("plan.files")}
        self.files = files


def _file(name: str, kind: str, text: str) -> dict[str, str]:
    return {"id": words(f"plan.{name}-file"), "kind": kind, "value": text, "label": words(f"plan.{name}-link")}


def _lines(plan: Plan) -> list[str]:
    """Return in words what is in the plan, and the day."""
    if plan.is_empty:
        return [words("plan.empty"), words("plan.day-set", day=say_day(plan.day))]
    counts = {"habits": plan.habits, "plans": plan.plans, "questions": plan.questions, "charts": plan.charts}
    inside = words("plan.inside", **{name: len(part) for name, part in counts.items()})
    return [inside, words("plan.day-set", day=say_day(plan.day))]
