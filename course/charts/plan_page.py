"""The plan as one HTML file of its own: it asks no other machine for anything, and prints on two sides of A4."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Final

from course.charts.plan import Plan
from course.content import edition_language, words
from course.content.dates import say_day
from course.core.design_tokens import stylesheet

_STYLE: Final = Path(__file__).with_name("plan_page.css")
LONG: Final = 2600
"""From how many characters on the words are set smaller, so that they stay on one side."""
_ALONE: Final = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
"""What the browser may load for the page: what is in it, and nothing else."""


def plan_page(plan: Plan) -> str:
    """Return the page as HTML text, with whatever the learner wrote as text."""
    title = escape(words("plan.heading"))
    label = f"<p><strong>{escape(plan.label)}</strong></p>\n" if plan.label else ""
    written = [*_habits(plan), *_plans(plan), *_questions(plan), _day(plan)]
    length = sum(map(len, written))
    size = ' class="long"' if length > LONG else ""
    return (
        f"<!doctype html>\n<html {edition_language().attributes}>\n<head>\n"
        '<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_ALONE}">\n'
        f"<title>{title}</title>\n<style>\n{stylesheet(_STYLE)}</style>\n</head>\n"
        f"<body{size}>\n<main>\n<h1>{title}</h1>\n{label}<p>{escape(words('plan.private'))}</p>\n"
        f"{''.join(written)}{_charts(plan)}</main>\n</body>\n</html>\n"
    )


def _habits(plan: Plan) -> Iterable[str]:
    return _section(
        "habits", "<ul>" + "".join(f"<li>{escape(habit)}</li>" for habit in plan.habits) + "</ul>", plan.habits
    )


def _plans(plan: Plan) -> Iterable[str]:
    parts = (
        f"<h3>{escape(name)}</h3>" + "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
        for name, sentences in plan.plans
    )
    return _section("plans", "".join(parts), plan.plans)


def _questions(plan: Plan) -> Iterable[str]:
    rows = "".join(f"<li>{escape(words('plan.ask', who=who, what=what))}</li>" for who, what in plan.questions)
    return _section("questions", f"<ul>{rows}</ul><p>{escape(words('plan.how-to-ask'))}</p>", plan.questions)


def _day(plan: Plan) -> str:
    return "".join(_section("day", f"<p>{escape(words('plan.come-back', day=say_day(plan.day)))}</p>", plan))


def _charts(plan: Plan) -> str:
    figures = "".join(chart.to_html() for chart in plan.charts)
    return "".join(_section("charts", f'<div class="charts count-{len(plan.charts)}">{figures}</div>', plan.charts))


def _section(name: str, inside: str, given: object) -> list[str]:
    """Return a section under its heading, or nothing where nothing was given."""
    return [f'<section class="{name}"><h2>{escape(words(f"plan.{name}"))}</h2>{inside}</section>\n'] if given else []
