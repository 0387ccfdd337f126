"""The charts, drawn from the learner's own journal and redrawn when a rating in it changes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from course.content import words
from course.content.lessons import occasions
from course.journal import Journal
from course.show.chart import Chart
from course.show.items import Series, items_chart
from course.show.map import map_chart
from course.show.pulse import pulse_chart

if TYPE_CHECKING:
    from course.show.picture import ChartWidget

__all__ = ["Show"]

_GUESS: Final = ("01-two-questions", "guess")
"""The page and key under which lesson 1 keeps the two guesses."""
_LOOKING_BACK: Final = ("07-trust-plan", "looking-back")
"""The page and key under which lesson 7 keeps the habits as they were before the course, seen from its end."""


class Show:
    """The charts of one learner: `show.map()`, `show.items()` and `show.pulse()` put them on the page."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._shown: dict[Callable[[], Chart], ChartWidget] = {}
        self._is_due = False
        kept = [(occasion.lesson, occasion.key) for occasion in occasions()]
        for slug, key in (*kept, _GUESS, _LOOKING_BACK):
            journal.page(slug).listen(partial(self._heard, key))

    def map(self) -> None:
        """Show the map: where I am by my own account, and which way I am moving."""
        self._display(self._map)

    def items(self) -> None:
        """Show the habits one by one: which moved, and which did not."""
        self._display(self._items)

    def pulse(self) -> None:
        """Show the pulse: how it has been from lesson to lesson."""
        self._display(self._pulse)

    def _map(self) -> Chart:
        slug, key = _GUESS
        return map_chart(self._journal.ratings(), self._journal.page(slug).get(key))

    def _items(self) -> Chart:
        given = [
            Series.read(occasion.label, self._journal.page(occasion.lesson).get(occasion.key))
            for occasion in occasions()
            if occasion.full
        ]
        rated = [series for series in given if series.ratings]
        slug, key = _LOOKING_BACK
        back = Series.read(words("chart-items.looking-back"), self._journal.page(slug).get(key))
        return items_chart(rated[0] if rated else None, rated[-1] if len(rated) > 1 else None, back)

    def _pulse(self) -> Chart:
        return pulse_chart(self._journal.ratings())

    def _display(self, make: Callable[[], Chart]) -> None:
        from IPython.display import display

        from course.show.picture import ChartWidget

        if make in self._shown:
            self._shown[make].show(make())
        else:
            self._shown[make] = ChartWidget(make())
        display(self._shown[make])

    def _heard(self, kept: str, changed: str) -> None:
        """Have the charts redrawn, once, after the answer that was given has been dealt with."""
        if changed != kept or self._is_due or not self._shown:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self._redraw()
        else:
            self._is_due = True
            loop.call_soon(self._redraw)

    def _redraw(self) -> None:
        self._is_due = False
        for make, widget in self._shown.items():
            widget.show(make())
