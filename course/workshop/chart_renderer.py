"""Charts of a session, drawn in a process of their own: the serving process loads no drawing library.

Run as `python -m course.workshop.chart_renderer` it reads one line of JSON a chart, and answers each with one
line.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import sys
from typing import Final, TypedDict

from course.core import error_log
from course.core.errors import SessionRefused
from course.workshop.errors import log_description, log_error, refused
from course.workshop.session_charts import charts_of
from course.workshop.view_parts import ChartPart, ChartSpec, Shown

PATIENCE: Final = 30.0
"""How many seconds a chart may take before its process is given up."""
MOST_CACHED: Final = 200


class WordChart(TypedDict):
    """One chart as a document has it."""

    title: str
    alt: str
    rows: list[list[str]]
    """Its numbers, with the names of the columns first; empty where it has none."""
    png: str
    """Its picture in Base64; empty where it has none."""


class ChartFailed(Exception):
    """The second process could not draw a chart; the text says where."""


class ProcessGone(Exception):
    """The second process ended in the middle of a chart."""


class ChartRenderer:
    """Draws charts one after another in a second process, and keeps what it has drawn."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._busy = asyncio.Lock()
        self._drawn: dict[str, str] = {}
        self._failed: set[str] = set()
        """What could not be drawn and is in the log."""
        self._is_stopped = False
        self.is_failing = False
        """Whether the last chart could not be drawn as its process had stopped or did not answer, twice in a row."""
        self.warming: asyncio.Task[None] | None = None
        """The first drawing, which nobody sees, once it has begun."""

    async def draw(self, spec: ChartSpec) -> str:
        """Return the charts of a question as HTML; they are drawn once for what is shown.

        Raises SessionRefused where they cannot be drawn, and logs that once.
        """
        return await self._draw(spec, "page")

    async def draw_for_screen(self, spec: ChartSpec) -> str:
        """Return the charts of one page of the screen as HTML; raises as `draw` does."""
        return await self._draw(spec, "screen")

    async def draw_for_word(self, spec: ChartSpec) -> list[WordChart]:
        """Return the charts of a question for a document; raises as `draw` does."""
        charts: list[WordChart] = json.loads(await self._draw(spec, "word"))
        return charts

    async def _draw(self, spec: ChartSpec, use: str) -> str:
        line = json.dumps({"use": use, "spec": spec})  # in the order of the script: options stand as they were asked
        async with self._busy:
            if line not in self._drawn:
                self._drawn[line] = await self._try(line)
                if len(self._drawn) > MOST_CACHED:
                    del self._drawn[next(iter(self._drawn))]
        return self._drawn[line]

    def warm_up(self) -> None:
        """Start the second process now, where none was, and let it draw once for nobody: the next chart comes at once.

        It returns before that is done; a chart that is asked for meanwhile waits for it.
        """
        if self.warming is None:
            self.warming = asyncio.create_task(self._draw_example())

    async def _draw_example(self) -> None:
        with contextlib.suppress(SessionRefused):  # it is in the log, and no chart waits for this one
            await self.draw(_example())

    async def stop(self) -> None:
        """End the second process; what it was drawing is not missed."""
        self._is_stopped = True
        if self.warming:
            self.warming.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self.warming
        await self._end_process()

    async def _end_process(self) -> None:
        process, self._process = self._process, None
        if process and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def _try(self, line: str) -> str:
        """Draw a chart, in a new process where the one that was there has died.

        Where that fails too, log it the first time, and raise SessionRefused.
        """
        try:
            try:
                drawn = await self._ask(line)
            except (BrokenPipeError, ConnectionResetError, ProcessGone) as error:
                log_error(error)
                drawn = await self._ask(line)
        except Exception as error:
            self.is_failing = not isinstance(error, ChartFailed)
            if line not in self._failed and not self._is_stopped:
                self._failed.add(line)
                if isinstance(error, ChartFailed):
                    log_description(str(error))
                else:
                    log_error(error)
            raise refused("not-drawn", 503, 30) from None
        self._failed.discard(line)
        self.is_failing = False
        return drawn

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
            answer = await asyncio.wait_for(process.stdout.readline(), PATIENCE)
            if not answer:
                raise ProcessGone
            message = json.loads(answer)
        except (TimeoutError, OSError, ValueError, ProcessGone):
            await self._end_process()
            raise
        if "drawn" not in message:
            raise ChartFailed(message["error"])
        return str(message["drawn"])


def _example() -> ChartSpec:
    """Return a chart of made-up ratings; drawing it loads all that charts need."""
    points = [str(point) for point in range(1, 8)]
    shown: Shown = {"counts": dict.fromkeys(points, 2), "people": 14, "in_bands": False}
    options = {point: point for point in points}
    part: ChartPart = {"part": "", "text": "", "short": "", "options": options, "fixed": False, "shown": shown}
    return {"kind": "rate", "title": "", "parts": [part], "earlier": None}


def draw_page(spec: ChartSpec) -> str:
    """Return the charts of a question as HTML."""
    return "".join(chart.to_html() for chart in charts_of(spec))


def draw_word(spec: ChartSpec) -> str:
    """Return the charts of a question for a document, as JSON."""
    return json.dumps(word_charts(spec))


def word_charts(spec: ChartSpec) -> list[WordChart]:
    """Return the charts of a question with their sentence, their numbers and their picture."""
    return [
        {
            "title": chart.title,
            "alt": chart.alt,
            "rows": [[*row] for row in (chart.table.columns, *chart.table.rows)] if chart.table else [],
            "png": base64.b64encode(chart.png()).decode(),
        }
        for chart in charts_of(spec)
    ]


def draw_screen(spec: ChartSpec) -> str:
    """Return the charts of one page of the screen as HTML."""
    from course.workshop.session_charts import screen_html

    return screen_html(spec)


_DRAW: Final = {"page": draw_page, "screen": draw_screen, "word": draw_word}
"""What makes the text of charts, by what it is for."""


def main() -> None:
    """Draw what is asked for, until there is no more."""
    for line in sys.stdin:
        try:
            asked = json.loads(line)
            message = {"drawn": _DRAW[asked["use"]](asked["spec"])}
        except Exception as error:  # whatever is wrong with one chart: the next one may be drawn
            message = {"error": error_log.describe(error)}
        sys.stdout.write(json.dumps(message) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
