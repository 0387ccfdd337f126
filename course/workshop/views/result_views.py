"""What is shown of a question, as lines or all that its chart is drawn from; and the record of all that was shown."""

from __future__ import annotations

import datetime
import hashlib

from course.workshop.rules.answers import to_json
from course.workshop.rules.session_model import SessionModel
from course.workshop.script.earlier_promises import RATINGS, first_ratings
from course.workshop.script.script import ScriptQuestion
from course.workshop.session_charts import is_banded, most_parts
from course.workshop.sessions.session import Session
from course.workshop.view_parts import (
    RECORD_FORMAT,
    RECORD_VERSION,
    ChartPart,
    ChartSpec,
    LineView,
    ParkedLine,
    PartView,
    ResultView,
    SessionRecord,
    ThanksWall,
    WrittenList,
    say_made,
)
from course.workshop.views.page_parts import boundaries, line_text, line_view, parked, parts_view, settled, step_here
from course.workshop.views.text_height import in_even_parts


def result_view(session: Session, question: ScriptQuestion) -> ResultView:
    """Return what is shown of one question: its approved lines, or the chart of its counts."""
    model = session.model
    lines = [line_view(model, line) for line in model.walls.shown(question)] if question.is_written else []
    chart = (
        ""
        if question.is_written
        else f"/console/{session.id}/chart/{chart_name(question, chart_spec(model, question))}"
    )
    return {"question": question.slug, "prompt": question.prompt, "chart": chart, "lines": lines}


def results_here(session: Session) -> list[ResultView]:
    """Return this step's questions that are shown, sorted lines first, without those in a later question's chart."""
    model = session.model
    shown = [question for question in step_here(model).questions if model.state.question(question.slug).is_shown]
    asked_again = {question.same_as for question in shown}
    results = [question for question in shown if question.slug not in asked_again]
    results.sort(key=lambda question: question.kind != "sort")
    return [result_view(session, question) for question in results]


def parked_here(model: SessionModel) -> list[LineView]:
    """Return the parked lines in the step in which lines are parked, and none elsewhere."""
    sources = {question.source or question.slug for question in step_here(model).questions}
    return [line for line in parked(model) if line["question"] in sources]


def chart_pages(session: Session, result: ResultView) -> list[ResultView]:
    """Return the chart of a result as the screen shows it: with no more parts on a page than can be read there."""
    question = session.model.script.question(result["question"])
    assert question
    names = [chart_name(question, spec) for spec in screen_specs(session.model, question)]
    return [{**result, "chart": f"/console/{session.id}/screen/chart/{name}"} for name in names]


def screen_specs(model: SessionModel, question: ScriptQuestion) -> list[ChartSpec]:
    """Return what the charts of a question on the screen are drawn from, one for each page."""
    spec = chart_spec(model, question)
    parts, most = spec["parts"], most_parts(spec)
    if question.kind != "rate":
        return [{**spec, "parts": page} for page in in_even_parts(parts, most)]
    groups = [[part for part in parts if is_banded(part, parts) is in_bands] for in_bands in (False, True)]
    return [_page_of(spec, page, group) for group in groups for page in in_even_parts(group, most)]


def _page_of(spec: ChartSpec, page: list[ChartPart], group: list[ChartPart]) -> ChartSpec:
    """Return what one page of a chart is drawn from; where it takes several, with the parts of all of them."""
    part_of_whole: ChartSpec = {**spec, "parts": page}
    if page != group:
        part_of_whole["whole"] = group
    return part_of_whole


def chart_spec(model: SessionModel, question: ScriptQuestion) -> ChartSpec:
    """Return all that the chart of a question is drawn from: what is on the wire, and words of the script."""
    spec: ChartSpec = {
        "kind": question.kind,
        "title": question.prompt,
        "parts": [_chart_part(model, question, part) for part in parts_view(model, question) if not part["fixed"]],
        "earlier": None,
    }
    record, earlier = model.script.earlier, model.script.question(question.same_as)
    if record and question.source == RATINGS:
        first = first_ratings(record, question.slug, question.scale)
        return {**spec, "earlier": first, "earlier_day": say_made(record)}
    is_beside = earlier and model.state.question(earlier.slug).is_shown
    return {**spec, "earlier": chart_spec(model, earlier)} if earlier and is_beside else spec


def _chart_part(model: SessionModel, question: ScriptQuestion, part: PartView) -> ChartPart:
    """Return a part with its counts, in the words that people voted on where the line reads in another way by now."""
    line = [*part["part"].split("."), ""][1]
    text = model.state.asked.get(question.slug, {}).get(line) or part["text"]
    shown = model.counts.published(part["part"], question)
    return {**part, "text": text, "shown": shown}


def chart_name(question: ScriptQuestion, spec: ChartSpec) -> str:
    """Return a name for the address of a chart; it changes with what the chart shows."""
    text = f"{question.slug} {to_json(spec)}"
    return f"{question.slug}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def session_record(session: Session, today: datetime.date, *, is_synthetic: bool = False) -> SessionRecord:
    """Return what a session exports; of lines and counts, only those that the screen may show at this moment."""
    model = session.model
    shown = [question for question in model.script.questions() if model.state.question(question.slug).is_shown]
    return {
        "format": RECORD_FORMAT,
        "version": RECORD_VERSION,
        "title": model.script.title,
        "language": model.script.language,
        "is_synthetic": is_synthetic,
        "made": today.isoformat(),
        "keep_days": model.state.keep_days,
        "boundaries": boundaries(model),
        "lists": _lists(model, shown),
        "now": [line["text"] for line in settled(model, "now")],
        "ours": [line["text"] for line in settled(model, "ours")],
        "parked": [_parked(line) for line in settled(model, "park")],
        "thanks": _thanks(model, shown),
        "charts": [
            {"question": question.slug, "prompt": question.prompt, "spec": chart_spec(model, question)}
            for question in shown
            if not question.is_written
        ],
    }


def _lists(model: SessionModel, shown: list[ScriptQuestion]) -> list[WrittenList]:
    """Return the lists of lines that no other question sorts: of those that are sorted, it counts where they go.

    A line that was settled all the same stands where it goes, and not here too.
    """
    sorted_elsewhere = {question.source for question in model.script.questions() if question.kind == "sort"}
    return [
        {
            "question": question.slug,
            "kind": question.kind,
            "prompt": question.prompt,
            "lines": [line_text(model, line) for line in model.walls.shown(question) if not line.settled],
        }
        for question in shown
        if question.kind in ("lines", "taking-away") and question.slug not in sorted_elsewhere
    ]


def _parked(line: LineView) -> ParkedLine:
    return {"text": line["text"], "owner": line["owner"], "place": line["place"], "date": line["date"]}


def _thanks(model: SessionModel, shown: list[ScriptQuestion]) -> list[ThanksWall]:
    return [
        {"prompt": question.prompt, "lines": [line_text(model, line) for line in model.walls.shown(question)]}
        for question in shown
        if question.kind == "thanks"
    ]
