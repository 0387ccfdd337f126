"""What phones show of a session, the same for all; results as text, for those who cannot see the screen.

Nothing is drawn for them, so that they stay light: a chart is its sentence and its table. Of a long wall, phones have
the page that is on the screen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from course.charts.chart import Chart
from course.workshop.rules.session_model import SessionModel
from course.workshop.session_charts import charts_of
from course.workshop.sessions.session import Session
from course.workshop.view_parts import ChartText, LineView, ResultView
from course.workshop.views.page_parts import (
    boundaries_here,
    open_here,
    parts_view,
    place_of,
    question_view,
    session_page,
    step_here,
)
from course.workshop.views.page_views import PhoneResult, PhoneView, SheetView
from course.workshop.views.result_views import chart_spec, parked_here, results_here
from course.workshop.views.screen_view import page_here, screen_pages
from course.workshop.wire import OpenPart


def phone_view(session: Session) -> PhoneView:
    """Return what every phone shows; the same for all."""
    model = session.model
    questions = [(question, model.state.question(question.slug).phase) for question in step_here(model).questions]
    return {
        **session_page(session, f"/r/{session.id}/"),
        "step": {**place_of(model), "phone": list(step_here(model).phone)},
        "questions": [question_view(model, question) for question, phase in questions if phase == "open"],
        "seen": [question_view(model, question) for question, phase in questions if phase == "closed"],
        "boundaries": boundaries_here(model),
        "results": phone_results(session),
        "parked": parked_here(model),
    }


def open_parts(model: SessionModel) -> list[OpenPart]:
    """Return what can be answered now, without its words."""
    return [
        {
            "part": part["part"],
            "kind": question.kind,
            "options": list(part["options"]),
            "fields": list(question.fields),
            "most": question.most,
        }
        for question in open_here(model)
        for part in parts_view(model, question)
        if not part["fixed"]
    ]


def next_part(view: PhoneView, answered: Mapping[str, object]) -> str:
    """Return the first part on a phone's page that the phone has not answered, or an empty text."""
    parts = [part for question in view["questions"] for part in question["parts"]]
    return next((part["part"] for part in parts if not part["fixed"] and part["part"] not in answered), "")


def phone_results(session: Session) -> list[PhoneResult]:
    """Return what is shown of this step's questions, as the screen has it."""
    results = results_here(session)
    pages = screen_pages(session) if any(result["lines"] for result in results) else []
    return [_chart_result(session, result) if result["chart"] else _wall(session, result, pages) for result in results]


def _chart_result(session: Session, result: ResultView) -> PhoneResult:
    question = session.model.script.question(result["question"])
    assert question
    charts = [_chart_text(chart) for chart in charts_of(chart_spec(session.model, question), is_drawn=False)]
    return _result(result, charts=charts)


def _chart_text(chart: Chart) -> ChartText:
    table = chart.table
    return {
        "title": chart.title,
        "sentence": chart.alt,
        "caption": table.caption if table else "",
        "columns": list(table.columns) if table else [],
        "rows": [list(row) for row in table.rows] if table else [],
    }


def _wall(session: Session, result: ResultView, pages: list[SheetView]) -> PhoneResult:
    """Return the lines of a wall on the page that the screen shows, or else on the first that has some."""
    own = [part["lines"] for page in pages for part in page["results"] if part["question"] == result["question"]]
    here = page_here(session.model, pages)["results"] if pages else []
    shown = next((part["lines"] for part in here if part["question"] == result["question"]), own[0] if own else [])
    number = own.index(shown) + 1 if own else 1
    return _result(result, lines=shown, number=number, of=max(1, len(own)))


def _result(
    result: ResultView,
    charts: Sequence[ChartText] = (),
    lines: Sequence[LineView] = (),
    number: int = 1,
    of: int = 1,
) -> PhoneResult:
    return {
        "question": result["question"],
        "prompt": result["prompt"],
        "chart_texts": list(charts),
        "lines": list(lines),
        "number": number,
        "of": of,
    }
