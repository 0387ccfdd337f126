"""How long the first chart of a live session takes: where drawing begins with it, and where it was warmed up before."""

from __future__ import annotations

import asyncio
import statistics
import time

from course.content.scales import find_scale
from course.workshop.chart_renderer import ChartRenderer
from course.workshop.view_parts import ChartPart, ChartSpec, ShownCounts

WANTED = 0.5
"""How many seconds the first chart may take."""


def ratings(people: int = 30) -> ChartSpec:
    """Return what the chart of the first ratings is drawn from."""
    scale = find_scale("group")
    options = {str(number): label for number, label in enumerate(scale.points, start=1)}
    parts: list[ChartPart] = []
    for first, item in enumerate(scale.items):
        counts = dict.fromkeys(options, 0)
        for person in range(people):
            counts[str(1 + (first + person * person) % len(options))] += 1
        shown: ShownCounts = {"counts": counts, "people": people, "in_bands": False}
        part: ChartPart = {
            "part": f"group.{item.code}", "text": item.text, "short": item.short,
            "options": options, "fixed": False, "shown": shown,
        }  # fmt: skip
        parts.append(part)
    return {"kind": "rate", "title": "", "parts": parts, "earlier": None}


async def first_chart(*, is_warm: bool) -> float:
    """Return the seconds until the first chart is there."""
    renderer = ChartRenderer()
    if is_warm:
        renderer.warm_up()
        assert renderer.warming
        await renderer.warming
    began = time.perf_counter()
    await renderer.draw(ratings())
    seconds = time.perf_counter() - began
    await renderer.stop()
    return seconds


def main(runs: int = 5) -> None:
    """Measure both in turn, and print the medians."""
    waits: dict[bool, list[float]] = {False: [], True: []}
    for _ in range(runs):
        for is_warm, seconds in waits.items():
            seconds.append(asyncio.run(first_chart(is_warm=is_warm)))
    cold, warm = (statistics.median(seconds) for seconds in waits.values())
    print(f"first chart: {warm:.3f} s after reveal, {cold:.3f} s where nothing was warm (wanted: within {WANTED})")


if __name__ == "__main__":
    main()
