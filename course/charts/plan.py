"""The plan to take away: what a learner chose and wrote in the last lesson, as a page to print.

The page is one HTML file of its own: it asks no other machine for anything, and prints on two sides of A4.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from course.charts.chart import Chart
from course.content import edition_language, read_day, say_day, words
from course.content.scales import find_scale, side_name
from course.core import moments
from course.core.pages.design_tokens import stylesheet
from course.core.pages.html import Content, Markup, element, fragment, single_file_page
from course.records.answers.text import plan_sentences

_HABITS: Final = "plan-habits"
_PLANS: Final = ("plan-competence", "plan-caring", "plan-group")
_QUESTIONS: Final = "ask-three-people"
_CHARTS: Final = "plan-charts"
_DAY: Final = "plan-day"
PLAN_KEYS: Final = (_HABITS, *_PLANS, _QUESTIONS, _CHARTS, _DAY)
"""The keys under which the last lesson saves what is in the plan."""
LONG: Final = 2600
"""From how many characters on the words are set smaller, so that they stay on one side."""
_STYLE: Final = Path(__file__).with_name("plan_page.css")
_POLICY: Final = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
"""What the browser may load for the page: what is in it, and nothing else."""


@dataclass(frozen=True)
class Plan:
    """What is in the plan: each field empty where nothing was chosen or written."""

    habits: tuple[str, ...]
    plans: tuple[tuple[str, tuple[str, ...]], ...]
    """What each plan is about, and its sentences."""
    questions: tuple[tuple[str, str], ...]
    """Pairs of a person to ask and a question."""
    charts: tuple[Chart, ...]
    day: datetime.date
    """When to come back."""
    label: str = ""
    """What is said above all of it, where it was made up."""

    @property
    def plans_in_words(self) -> str:
        """What each plan is about, and its sentences, a line each."""
        return _in_words(self.plans)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to put on a page yet."""
        return not (self.habits or self.plans or self.questions or self.charts)

    def with_label(self, label: str) -> Plan:
        """Return the plan with a label, such as that it was made up; its charts have their own."""
        return replace(self, label=label)


def read_plan(get: Callable[[str], object], charts: Sequence[str], draw: Callable[[str], Chart], days: int) -> Plan:
    """Return the plan in the answers that `get` finds by key.

    `charts` names the charts behind the letters A, B and so on; `draw` returns one by name.
    Until a day is saved, it is so many `days` from now.
    """
    day = read_day(get(_DAY)) or moments.today() + datetime.timedelta(days=days)
    chosen = _chosen_charts(get(_CHARTS), charts, draw)
    return Plan(_habits(get(_HABITS)), _plans(get), _questions(get(_QUESTIONS)), chosen, day)


def plans_in_words(get: Callable[[str], object]) -> str:
    """Return `Plan.plans_in_words` of the answers that `get` finds by key."""
    return _in_words(_plans(get))


def _in_words(plans: Sequence[tuple[str, tuple[str, ...]]]) -> str:
    return "\n".join(f"{name}: {' '.join(sentences)}" for name, sentences in plans)


def _habits(saved: object) -> tuple[str, ...]:
    chosen = saved if isinstance(saved, list) else []
    versions = find_scale("habits").versions
    return tuple(item.text for scale in versions for item in scale.items if item.code in chosen)


def _plans(get: Callable[[str], object]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    names = (side_name("competence"), side_name("caring"), words("plan.group"))
    plans = [(name, tuple(plan_sentences(_texts(get(key))))) for key, name in zip(_PLANS, names, strict=True)]
    return tuple((name, sentences) for name, sentences in plans if sentences)


def _questions(saved: object) -> tuple[tuple[str, str], ...]:
    """Return pairs of a person and a question; where a question is there and nobody yet, there is a gap to fill in."""
    texts = [" ".join(text.split()) for text in _texts(saved)]
    pairs = zip(texts[::2], texts[1::2], strict=False)
    return tuple((who.rstrip(".:,") or words("plan.somebody"), what) for who, what in pairs if what)


def _texts(saved: object) -> list[str]:
    return [text if isinstance(text, str) else "" for text in saved] if isinstance(saved, list) else []


def _chosen_charts(saved: object, charts: Sequence[str], draw: Callable[[str], Chart]) -> tuple[Chart, ...]:
    """Return the charts that were ticked and have something to show."""
    letters = saved if isinstance(saved, list) else []
    names = [name for place, name in enumerate(charts) if chr(ord("A") + place) in letters]
    return tuple(chart for chart in map(draw, names) if chart.table)


def plan_page(plan: Plan) -> Markup:
    """Return the page as HTML, with whatever the learner wrote as text."""
    title = words("plan.heading")
    sections = (_habits_html(plan), _plans_html(plan), _questions_html(plan), _day_html(plan))
    written = [section for section in sections if section]
    length = sum(map(len, written))
    main = element(
        "main",
        element("h1", title),
        element("p", element("strong", plan.label)) if plan.label else None,
        element("p", words("plan.private")),
        written,
        _charts_html(plan),
    )
    body = element("body", {"class": "long" if length > LONG else None}, main)
    return single_file_page(edition_language().declared, title, stylesheet(_STYLE), _POLICY, body)


def _habits_html(plan: Plan) -> Markup | None:
    return _section("habits", element("ul", [element("li", habit) for habit in plan.habits])) if plan.habits else None


def _plans_html(plan: Plan) -> Markup | None:
    plans = [
        fragment(element("h3", name), [element("p", sentence) for sentence in sentences])
        for name, sentences in plan.plans
    ]
    return _section("plans", plans) if plans else None


def _questions_html(plan: Plan) -> Markup | None:
    rows = [element("li", words("plan.ask", who=who, what=what)) for who, what in plan.questions]
    return _section("questions", element("ul", rows), element("p", words("plan.how-to-ask"))) if rows else None


def _day_html(plan: Plan) -> Markup:
    return _section("day", element("p", words("plan.come-back", day=say_day(plan.day))))


def _charts_html(plan: Plan) -> Markup | None:
    figures = [chart.to_html() for chart in plan.charts]
    charts = element("div", {"class": f"charts count-{len(figures)}"}, figures)
    limits = " ".join(words(key) for key in ("plan.limits", "chart.looking-back-note", "chart.rule-of-thumb"))
    return _section("charts", charts, element("p", limits)) if figures else None


def _section(name: str, *content: Content) -> Markup:
    """Return a section under its heading."""
    return element("section", {"class": name}, element("h2", words(f"plan.{name}")), *content)
