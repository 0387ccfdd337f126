"""The list of lessons on the start page, with the learner's own progress."""

from __future__ import annotations

import html

from course.content import words as say
from course.progress import Progress

_STYLE = """
.course-lessons table { border-collapse: collapse; table-layout: auto; width: 100%; margin: 0; font-size: 1rem; }
.course-lessons caption { text-align: start; padding-block: .25rem .75rem; }
.course-lessons table :is(th, td) { text-align: start; padding: .7rem .75rem .7rem 0; vertical-align: top;
  line-height: 1.5; background: none; border-block-end: 1px solid var(--jp-border-color1, #bdbdbd); }
.course-lessons table td:nth-child(2) { white-space: nowrap; }
.course-lessons table tbody th { width: 60%; font-weight: 600; }
.course-lessons table a { display: inline-block; min-height: 1.75rem; }
"""


def lessons_html(steps: list[Progress]) -> str:
    """Return the lessons as an HTML table with links, minutes and progress."""
    head = "".join(f'<th scope="col">{html.escape(say(f"start.{name}"))}</th>' for name in ("lesson", "time", "state"))
    rows = "".join(_row(step) for step in steps)
    return (
        f"<style>{_STYLE}</style>"
        f'<div class="course-lessons"><table><caption>{html.escape(say("start.caption"))}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(step: Progress) -> str:
    title = html.escape(f"{step.lesson.number}. {step.lesson.title}")
    if step.state != "in-preparation":
        title = f'<a href="{step.lesson.slug}.ipynb" data-lm-suppress-shortcuts="true">{title}</a>'
    state = html.escape(say(f"start.{step.state}", finished=step.finished, total=step.total))
    minutes = html.escape(say("start.minutes", minutes=step.lesson.minutes))
    return f'<tr><th scope="row">{title}</th><td>{minutes}</td><td>{state}</td></tr>'
