"""The plan to take away: what a learner chose and wrote in lesson 7, gathered on one page."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from course.charts.chart import Chart
from course.content import words
from course.content.dates import read_day
from course.content.scales import find_scale, side_name
from course.records.plans import read_back

HABITS: Final = "plan-habits"
PLANS: Final = ("plan-competence", "plan-caring", "plan-group")
QUESTIONS: Final = "ask-three-people"
CHARTS: Final = "plan-charts"
DAY: Final = "plan-day"
KEYS: Final = (HABITS, *PLANS, QUESTIONS, CHARTS, DAY)
"""The keys under which lesson 7 keeps the parts of the plan."""


@dataclass(frozen=True)
class Plan:
    """What is on the page: each part empty where nothing was chosen or written."""

    habits: tuple[str, ...]
    plans: tuple[tuple[str, tuple[str, ...]], ...]
    """What each plan is about, and its sentences."""
    questions: tuple[tuple[str, str], ...]
    """Whom to ask, and what."""
    charts: tuple[Chart, ...]
    day: datetime.date
    """When to come back."""
    label: str = ""
    """What is said above all of it, where it was made up."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to put on a page yet."""
        return not (self.habits or self.plans or self.questions or self.charts)


def read_plan(get: Callable[[str], Any], charts: Sequence[str], draw: Callable[[str], Chart], days: int) -> Plan:
    """Return the plan in the answers that `get` finds by key.

    `charts` names the charts behind the letters A, B and so on; `draw` returns one by name.
    Until a day is kept, it is so many `days` from now.
    """
    day = read_day(get(DAY)) or datetime.date.today() + datetime.timedelta(days=days)
    return Plan(_habits(get(HABITS)), _plans(get), _questions(get(QUESTIONS)), _charts(get(CHARTS), charts, draw), day)


def _habits(saved: Any) -> tuple[str, ...]:
    chosen = saved if isinstance(saved, list) else []
    return tuple(item.text for item in find_scale("habits").items if item.code in chosen)


def _plans(get: Callable[[str], Any]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    names = (side_name("competence"), side_name("caring"), words("plan.group"))
    plans = [(name, tuple(read_back(_texts(get(key))))) for key, name in zip(PLANS, names, strict=True)]
    return tuple((name, sentences) for name, sentences in plans if sentences)


def _questions(saved: Any) -> tuple[tuple[str, str], ...]:
    """Return pairs of whom to ask and what; where a question is there and nobody yet, there is a gap to fill in."""
    texts = [" ".join(text.split()) for text in _texts(saved)]
    pairs = zip(texts[::2], texts[1::2], strict=False)
    return tuple((who.rstrip(".:,") or words("plan.somebody"), what) for who, what in pairs if what)


def _texts(saved: Any) -> list[str]:
    return [text if isinstance(text, str) else "" for text in saved] if isinstance(saved, list) else []


def _charts(saved: Any, charts: Sequence[str], draw: Callable[[str], Chart]) -> tuple[Chart, ...]:
    """Return the charts that were ticked and have something to show."""
    chosen = saved if isinstance(saved, list) else []
    names = [name for place, name in enumerate(charts) if chr(ord("A") + place) in chosen]
    return tuple(chart for chart in map(draw, names) if chart.table)
