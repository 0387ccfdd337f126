"""What a widget loads is one module of plain JavaScript, whichever files it is joined of."""

from __future__ import annotations

import re
from pathlib import Path

import course
from course.activities.widget import CardWidget
from course.charts.widgets import ChartWidget, PlanPanel
from course.core.pages.widget import DOM, joined
from course.learner.journal.panel import JournalPanel
from course.learner.record.panel import RecordPanel

SCRIPTS = Path(course.__file__).parent
EXPORTED = set(re.findall(r"^export (?:const|function) (\w+)", DOM.read_text(encoding="utf-8"), re.MULTILINE))


def test_files_are_joined_without_what_joins_them(tmp_path: Path) -> None:
    first, second = tmp_path / "first.js", tmp_path / "second.js"
    first.write_text("export function one() {}\nexport const two = 2;\n")
    second.write_text('import { one, two } from "./first.js";\none(two);\nexport default { render };\n')
    assert joined(first, second) == "function one() {}\nconst two = 2;\n\none(two);\nexport default { render };\n"


def test_every_script_that_asks_for_the_shared_elements_gets_what_it_names_and_makes_none_again() -> None:
    users = 0
    for path in SCRIPTS.rglob("*.js"):
        text = path.read_text(encoding="utf-8")
        for names in re.findall(r'^import \{ (.*) \} from "[./]+/core/dom\.js";$', text, re.MULTILINE):
            users += 1
            assert set(names.split(", ")) <= EXPORTED, path.name
            assert [name for name in EXPORTED if re.search(rf"^(?:function|const) {name}\b", text, re.MULTILINE)] == []
    assert users > 5


def test_every_widget_is_one_module_that_asks_for_no_other() -> None:
    for widget in (CardWidget, ChartWidget, PlanPanel, JournalPanel, RecordPanel):
        assert re.findall(r"^(?:import|export) .*", widget._esm, re.MULTILINE) == ["export default { render };"], widget
