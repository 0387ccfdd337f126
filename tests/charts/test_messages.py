"""The scripts in the browser read the fields that the charts' types name, no others, and none is left unread."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_type_hints

import pytest

from course.charts import widgets
from course.charts.chart import Chart, ChartMessage, Table, TableMessage
from course.charts.plan import read_plan
from course.charts.widgets import ChartWidget, ChartWords, FileMessage, PlanMessage, PlanPanel
from tests.cases import every

SCRIPTS = Path(widgets.__file__).parent
CHART, PANEL = ((SCRIPTS / name).read_text(encoding="utf-8") for name in ("chart.js", "plan_panel.js"))
BUILT_IN = {"querySelector", "replaceChildren", "append", "length", "forEach", "some", "map"}


def read_from(script: str, *names: str) -> set[str]:
    """Return the fields that a script reads from variables of these names: `chart.title`, `{ svg } = …`."""
    fields = {field for name in names for field in re.findall(rf"\b{name}\??\.(\w+)", script)}
    return fields - BUILT_IN


@every(
    "fields,message",
    [
        (
            read_from(CHART, "chart", r'model\.get\("chart"\)') | set(re.findall(r"const \{ (\w+) \} = model", CHART)),
            ChartMessage,
        ),
        (read_from(CHART, "table") | {"caption"}, TableMessage),
        (read_from(CHART, "words"), ChartWords),
        (read_from(PANEL, "summary"), PlanMessage),
        (set(re.findall(r"drawLink = \(\{ ([\w, ]+) \}", PANEL)[0].split(", ")), FileMessage),
    ],
)
def test_a_script_reads_exactly_the_fields_of_a_message(fields: set[str], message: type) -> None:
    assert fields == set(get_type_hints(message))


@pytest.mark.parametrize("script,widget", [(CHART, ChartWidget), (PANEL, PlanPanel)], ids=["chart", "plan"])
def test_a_script_reads_or_sets_exactly_what_its_widget_keeps_in_step(script: str, widget: type) -> None:
    synced = {name for name in widget.class_traits(sync=True) if not name.startswith("_")}  # type: ignore[attr-defined]
    own = synced - {"layout", "tabbable", "tooltip"}
    assert set(re.findall(r'model\.(?:get|set)\("(\w+)"', script)) == own
    assert set(re.findall(r'model\.(?:set\("|on\("change:)(\w+)"', script)) <= own


def test_a_message_has_the_fields_that_its_type_names() -> None:
    chart = Chart("Which?", "That one.", Table("Numbers", ("What",), (("Start",),)))
    widget = ChartWidget(chart)
    assert widget.chart.keys() == get_type_hints(ChartMessage).keys()
    assert widget.chart["table"].keys() == get_type_hints(TableMessage).keys()
    assert widget.words.keys() == get_type_hints(ChartWords).keys()
    panel = PlanPanel(read_plan({"plan-habits": ["COMP7"]}.get, [], {}.__getitem__, 30), "")
    assert panel.summary.keys() == get_type_hints(PlanMessage).keys()
    assert [file.keys() for file in panel.files] == [get_type_hints(FileMessage).keys()] * 4
