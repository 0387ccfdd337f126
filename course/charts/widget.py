"""Put a chart on the page: an anywidget that shows a Chart and redraws when it is given another."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import ClassVar

import anywidget
import traitlets

from course.charts.chart import Chart
from course.charts.drawing import DARK
from course.content import edition_language, words
from course.core.design_tokens import stylesheet

_HERE = Path(__file__).parent


class ChartWidget(anywidget.AnyWidget):
    """A chart in the browser, which can be replaced and hidden."""

    _esm: ClassVar = _HERE / "chart.js"
    _css: ClassVar = stylesheet(_HERE / "chart.css")

    chart = traitlets.Dict().tag(sync=True)
    is_hidden = traitlets.Bool(False).tag(sync=True)
    """Whether the person hides their numbers; it stays so when the chart is redrawn."""
    is_narrow = traitlets.Bool(False).tag(sync=True)
    """Whether the browser has little room for the picture."""
    dark = traitlets.Dict(DARK).tag(sync=True)
    words = traitlets.Dict().tag(sync=True)
    language: traitlets.Dict[str, str] = traitlets.Dict().tag(sync=True)
    """The chart’s `lang` and `dir`: the page around it may be in another language."""

    def __init__(self, chart: Chart) -> None:
        """Show this chart first."""
        said = {name: words(f"chart.{name}") for name in ("numbers", "hide", "hidden")}
        super().__init__(chart=chart.to_parts(), words=said, language=edition_language().declared)
        self._shown = chart
        self._one_at_a_time = threading.Lock()
        self.observe(lambda change: self.show(), "is_narrow")

    def show(self, chart: Chart | None = None) -> None:
        """Replace the chart in every place where it is shown, or draw it again for the room that there is now."""
        with self._one_at_a_time:
            self._shown = chart or self._shown
            self.chart = self._shown.to_parts(is_narrow=self.is_narrow)
