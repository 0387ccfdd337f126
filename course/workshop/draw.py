"""Charts for the room, drawn in a process of their own: the serving process loads no drawing library.

Run as `python -m course.workshop.draw` it reads one line of JSON a chart, and answers each with one line.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from course.workshop.answer_rules import refused
from course.workshop.counts import said_in_words
from course.workshop.error_log import fault_text, log_text

if TYPE_CHECKING:
    from course.charts.chart import Chart
    from course.charts.stacked_bars import Statement
    from course.charts.vote import Vote

Spec = dict[str, Any]
PATIENCE: Final = 30.0
"""How many seconds a chart may take before its process is given up."""
MOST_KEPT: Final = 200


class NotDrawn(Exception):
    """The second process could not draw a chart; the text says where."""


class Drawer:
    """Draws charts one after another in a second process, and keeps what it has drawn."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._busy = asyncio.Lock()
        self._drawn: dict[str, str] = {}
        self._failed: set[str] = set()
        """What could not be drawn and is in the log."""

    async def draw(self, spec: Spec) -> str:
        """Return the charts of a question as HTML; they are drawn once for what is shown."""
        line = json.dumps(spec)  # in the order of the script: options stand as they were asked
        async with self._busy:
            if line not in self._drawn:
                self._drawn[line] = await self._try(line)
                if len(self._drawn) > MOST_KEPT:
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
        """Draw a chart; where that fails, log it the first time, and raise RoomRefused."""
        try:
            html = await self._ask(line)
        except Exception as error:
            if line not in self._failed:
                self._failed.add(line)
                log_text(str(error) if isinstance(error, NotDrawn) else fault_text(error))
            raise refused("not-drawn", 503, 30) from None
        self._failed.discard(line)
        return html

    async def _ask(self, line: str) -> str:
        process = self._process
        if process is None or process.returncode is not None:
            process = self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "course.workshop.draw"),
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
            answer = json.loads(await asyncio.wait_for(process.stdout.readline(), PATIENCE))
        except (TimeoutError, OSError, ValueError):
            await self.stop()
            raise
        if "html" not in answer:
            raise NotDrawn(answer["fault"])
        return str(answer["html"])


def charts(spec: Spec) -> list[Chart]:
    """Return the charts of a question: one for all ratings, one for each vote."""
    if spec["kind"] == "rate":
        return _ratings(spec)
    from course.charts.vote import vote_chart

    earlier = _by_key((spec["earlier"] or {}).get("parts", []))
    found = []
    for part in spec["parts"]:
        before, now = earlier.get(_key(part)), _vote(part)
        first, second = (_vote(before), now) if before else (now, None)
        found.append(vote_chart(part["options"], first, second, part["text"]))
    return found if len(found) == 1 else [_beside_others(one) for one in found]


def _beside_others(chart: Chart) -> Chart:
    """Return a chart drawn for a column, so that its letters can be read beside other charts."""
    return replace(chart, svg=chart.narrow()) if chart.svg and chart.narrow else chart


def _vote(part: Spec) -> Vote:
    from course.charts.vote import Vote

    shown = part["shown"] or {}
    return Vote(shown.get("people", 0), _counts(shown), said_in_words(shown, part["options"]))


def _ratings(spec: Spec) -> list[Chart]:
    """Return one chart of bars, or two where some items can be shown in full and others in bands."""
    from course.charts.our_group import our_group_chart
    from course.content import words

    found = []
    for in_bands in (False, True):
        parts = [one for one in spec["parts"] if _is_banded(one, spec["parts"]) is in_bands]
        if parts:
            points = list(next((one["shown"]["counts"] for one in parts if "counts" in (one["shown"] or {})), {}))
            labels = [label for value, label in parts[0]["options"].items() if value.isdecimal()]
            if in_bands:
                labels = [_band(name, labels) for name in points]
            earlier = _by_key((spec["earlier"] or {}).get("parts", []))
            statements = [_statement(one, earlier.get(_key(one)), points) for one in parts]
            people = max((one["shown"] or {}).get("people", 0) for one in parts)
            found.append(our_group_chart(statements, people, labels or [words("chart-bars.not-shown")]))
    return found


def _is_banded(part: Spec, parts: list[Spec]) -> bool:
    """Say whether a part is shown in bands; one that is not shown at all goes with the others."""
    if "counts" in (part["shown"] or {}):
        return bool(part["shown"]["in_bands"])
    return all(one["shown"]["in_bands"] for one in parts if "counts" in (one["shown"] or {})) and any(
        "counts" in (one["shown"] or {}) for one in parts
    )


def _statement(part: Spec, earlier: Spec | None, points: list[str]) -> Statement:
    from course.charts.stacked_bars import Statement

    shown, before = part["shown"] or {}, (earlier or {}).get("shown") or {}
    then = _counts(before) if list(before.get("counts", {})) == points else {}
    return Statement(
        name=part["short"],
        text=part["text"],
        counts=tuple(_counts(shown).values()),
        reason="" if "counts" in shown else said_in_words(shown, part["options"]),
        earlier=tuple(then.values()) if "counts" in shown else (),
    )


def _band(name: str, labels: list[str]) -> str:
    """Return a band such as 1–3 in the words of its points."""
    from course.content import words

    low, _, high = name.partition("–")
    first = labels[int(low) - 1]
    return words("chart-our-group.band", low=first, high=labels[int(high) - 1]) if high else first


def _counts(shown: Mapping[str, Any]) -> dict[str, int]:
    return dict(shown.get("counts", {})) if shown.get("people", 0) else {}


def _by_key(parts: list[Spec]) -> dict[str, Spec]:
    return {_key(part): part for part in parts}


def _key(part: Spec) -> str:
    """Return what a part and the same part asked before have in common."""
    return str(part["part"]).partition(".")[2]


def main() -> None:
    """Draw what is asked for, until there is no more."""
    for line in sys.stdin:
        try:
            answer = {"html": "".join(chart.to_html() for chart in charts(json.loads(line)))}
        except Exception as error:  # whatever is wrong with one chart: the next one may be drawn
            answer = {"fault": fault_text(error)}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
