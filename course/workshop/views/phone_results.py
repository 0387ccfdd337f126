"""Results on phones, for those who cannot see the screen: the same that is public to the room there, as text.

Nothing is drawn for them, so that they stay light: a chart is its sentence and its table. Of a long wall, phones have
the page that is on the screen.
"""

from __future__ import annotations

from collections.abc import Sequence

from course.charts.chart import Chart
from course.workshop.charts.session_charts import charts_of
from course.workshop.sessions.session import Session
from course.workshop.view_parts import ChartText, LineView, ResultView
from course.workshop.views.page_views import PhoneResult, SheetView
from course.workshop.views.result_views import chart_spec, results_here
from course.workshop.views.screen_pages import page_here, screen_pages


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
