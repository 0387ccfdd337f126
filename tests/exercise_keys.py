"""What can be answered to the marked questions of the exercises, taken from the table of near misses."""

from __future__ import annotations

import json
from typing import Any

from course.core.notebooks import calls, first_text, literal, read_notebook
from tests.paths import ROOT

TRIES: dict[str, dict[str, list[list[Any]]]] = json.loads((ROOT / "tests" / "near_misses.json").read_text("utf-8"))
"""By exercise and question: what can be handed in and the marks it gets, the key first."""


def right(slug: str, question: str) -> Any:
    """Return the answer that gets all marks."""
    return TRIES[slug][question][0][0]


def wrong(slug: str, question: str, place: int = 0) -> Any:
    """Return an answer that gets no marks; `place` counts them."""
    return [answer for answer, marks in TRIES[slug][question] if not marks][place]


def partly(slug: str, question: str, marks: int) -> Any:
    """Return the first answer that gets so many marks."""
    return next(answer for answer, given in TRIES[slug][question] if given == marks)


def feedback(slug: str, question: str) -> Any:
    """Return the lines of feedback of a question, by option, as `source/` has them."""
    cells = read_notebook(ROOT / "source" / slug / f"{slug}.ipynb")["cells"]
    for cell in cells:
        for call in calls(cell["source"], "mark"):
            for keyword in call.keywords:
                if first_text(call) == question and keyword.arg == "feedback":
                    return literal(keyword.value)
    raise LookupError(question)
