"""Charts of a session, drawn in a process of their own: the serving process loads no drawing library.

Run as `python -m course.workshop.chart_renderer` it reads one line of JSON a chart, and answers each with one line.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from course.core import error_log
from course.workshop.counts import notice_text
from course.workshop.errors import log_description, log_error, refused
from course.workshop.page_views import ChartPart, ChartSpec, Shown

if TYPE_CHECKING:
    from course.charts.chart import Chart
    from course.charts.room import Vote
    from course.charts.stacked_bars import Statement

PATIENCE: Final = 30.0
"""How many seconds a chart may take before its process is given up."""
MOST_CACHED: Final = 200


class ChartFailed(Exception):
    """The second process could not draw a chart; the text says where."""


class ChartRenderer:
    """Draws charts one after another in a second process, and keeps what it has drawn."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._busy = asyncio.Lock()
        self._drawn: dict[str, str] = {}
        self._failed: set[str] = set()
        """What could not be drawn and is in the log."""

    async def draw(self, spec: ChartSpec) -> str:
        """Return the charts of a question as HTML; they are drawn once for what is shown.

        Raises SessionRefused where they cannot be drawn, and logs that once.
        """
        line = json.dumps(spec)  # in the order of the script: options stand as they were asked
        async with self._busy:
            if line not in self._drawn:
                self._drawn[line] = await self._try(line)
                if len(self._drawn) > MOST_CACHED:
                    del self._drawn[next(iter(self._drawn))]
        return self._drawn[line]

    async def stop(self) -> None:
        """End the second process."""
        process, self._process = self._process, None
        if process and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def _try(self, line: str) -> str:
        """Draw a chart; where that fails, log it the first time, and raise SessionRefused."""
        try:
            html = await self._ask(line)
        except Exception as error:
            if line not in self._failed:
                self._failed.add(line)
                if isinstance(error, ChartFailed):
                    log_description(str(error))
                else:
                    log_error(error)
            raise refused("not-drawn", 503, 30) from None
        self._failed.discard(line)
        return html

    async def _ask(self, line: str) -> str:
        process = self._process
        if process is None or process.returncode is not None:
            process = self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "course.workshop.chart_renderer"),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                limit=2**24,
                start_new_session=True,  # Ctrl-C is for the server alone
            )
        assert process.stdin
        assert process.stdout
        try:
            process.stdin.write(line.encode() + b"\n")
            await process.stdin.drain()
            message = json.loads(await asyncio.wait_for(process.stdout.readline(), PATIENCE))
        except (TimeoutError, OSError, ValueError):
            await self.stop()
            raise
        if "html" not in message:
            raise ChartFailed(message["error"])
        return str(message["html"])


def charts_of(spec: ChartSpec) -> list[Chart]:
    """Return the charts of a question: one for all ratings, one for each vote."""
    if spec["kind"] == "rate":
        return _ratings(spec)
    from course.charts.room import vote_chart

    earlier = _earlier(spec)
    charts = []
    for part in spec["parts"]:
        before, now = earlier.get(_key(part)), _vote(part)
        first, second = (_vote(before), now) if before else (now, None)
        charts.append(vote_chart(part["options"], first, second, part["text"]))
    return charts if len(charts) == 1 else [_beside_others(chart) for chart in charts]


def _beside_others(chart: Chart) -> Chart:
    """Return a chart drawn for a column, so that its letters can be read beside other charts."""
    return replace(chart, svg=chart.narrow()) if chart.svg and chart.narrow else chart


def _vote(part: ChartPart) -> Vote:
    from course.charts.room import Vote

    shown = part["shown"]
    return Vote(_people(shown), _counts(shown), notice_text(shown, part["options"]))


def _ratings(spec: ChartSpec) -> list[Chart]:
    """Return one chart of bars, or two where some items can be shown in full and others in bands."""
    from course.charts.statement_charts import our_group_chart
    from course.content import words

    charts = []
    for in_bands in (False, True):
        parts = [part for part in spec["parts"] if _is_banded(part, spec["parts"]) is in_bands]
        if parts:
            points = next((list(_counts(part["shown"])) for part in parts if _counts(part["shown"])), [])
            labels = [label for value, label in parts[0]["options"].items() if value.isdecimal()]
            if in_bands:
                labels = [_band(name, labels) for name in points]
            earlier = _earlier(spec)
            statements = [_statement(part, earlier.get(_key(part)), points) for part in parts]
            people = max(_people(part["shown"]) for part in parts)
            charts.append(our_group_chart(statements, people, labels or [words("chart-bars.not-shown")]))
    return charts


def _is_banded(part: ChartPart, parts: list[ChartPart]) -> bool:
    """Say whether a part is shown in bands; one that is not shown at all goes with the others."""
    if part["shown"] and "counts" in part["shown"]:
        return part["shown"]["in_bands"]
    banded = [other["shown"]["in_bands"] for other in parts if other["shown"] and "counts" in other["shown"]]
    return bool(banded) and all(banded)


def _statement(part: ChartPart, earlier: ChartPart | None, points: list[str]) -> Statement:
    from course.charts.stacked_bars import Statement

    shown, before = part["shown"], earlier["shown"] if earlier else None
    then = _counts(before) if list(_counts(before)) == points else {}
    return Statement(
        name=part["short"],
        text=part["text"],
        counts=tuple(_counts(shown).values()),
        reason=notice_text(shown, part["options"]),
        earlier=tuple(then.values()) if _counts(shown) else (),
    )


def _band(name: str, labels: list[str]) -> str:
    """Return a band such as 1–3 in the words of its points."""
    from course.content import words

    low, _, high = name.partition("–")
    first = labels[int(low) - 1]
    return words("chart-our-group.band", low=first, high=labels[int(high) - 1]) if high else first


def _counts(shown: Shown | None) -> dict[str, int]:
    return shown["counts"] if shown and "counts" in shown and shown["people"] else {}


def _people(shown: Shown | None) -> int:
    return shown["people"] if shown and "counts" in shown else 0


def _earlier(spec: ChartSpec) -> dict[str, ChartPart]:
    """Return the parts of the same question asked before, by what they have in common with its parts."""
    return {_key(part): part for part in spec["earlier"]["parts"]} if spec["earlier"] else {}


def _key(part: ChartPart) -> str:
    return part["part"].partition(".")[2]


def main() -> None:
    """Draw what is asked for, until there is no more."""
    for line in sys.stdin:
        try:
            message = {"html": "".join(chart.to_html() for chart in charts_of(json.loads(line)))}
        except Exception as error:  # whatever is wrong with one chart: the next one may be drawn
            message = {"error": error_log.describe(error)}
        sys.stdout.write(json.dumps(message) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
