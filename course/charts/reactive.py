"""What is on the page, made again when an answer that it is made of changes."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from course.charts.synthetic import labelled
from course.records.journal import Journal

Key = tuple[str, str]
"""Where an answer is: the name of a journal page, and the key on it."""


class Redrawn:
    """Things by name, such as charts: made when first asked for, and again only after one of their answers changed.

    A cell may ask for one while an answer to a card comes in another thread: things are made and shown one at a time.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._makers: dict[str, tuple[Callable[[], Any], frozenset[Key]]] = {}
        self._made: dict[str, Any] = {}
        self._stale: set[str] = set()
        self._widgets: dict[str, Any] = {}
        self._heard_of: set[str] = set()
        self._one_at_a_time = threading.RLock()

    def add(self, name: str, make: Callable[[], Any], keys: Iterable[Key]) -> None:
        """Say how a thing is made, and of which answers."""
        self._makers[name] = make, frozenset(keys)
        for slug in {slug for slug, _ in self._makers[name][1]} - self._heard_of:
            self._heard_of.add(slug)
            self._journal.page(slug).listen(partial(self._heard, slug))

    def get(self, name: str) -> Any:
        """Return the thing as it is by now."""
        with self._one_at_a_time:
            if name in self._stale or name not in self._made:
                self._stale.discard(name)  # first, so that an answer that comes meanwhile makes it stale again
                made = self._makers[name][0]()
                self._made[name] = labelled(made) if self._journal.is_synthetic else made
            return self._made[name]

    def put(self, name: str, widget: Callable[[Any], Any]) -> None:
        """Put the thing on the page, in the widget that it was first shown in or in a new one."""
        from IPython.display import display

        with self._one_at_a_time:
            self._stale.add(name)
            if name in self._widgets:
                self._widgets[name].show(self.get(name))
            else:
                self._widgets[name] = widget(self.get(name))
            display(self._widgets[name])

    def _heard(self, slug: str, key: str) -> None:
        """Have what is made of this answer made again, after the answer has been dealt with."""
        stale = {name for name, (_, keys) in list(self._makers.items()) if (slug, key) in keys}
        self._stale.update(stale)
        if not stale & set(self._widgets):
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self._redraw()
        else:
            loop.call_soon(self._redraw)

    def _redraw(self) -> None:
        """Show anew what is stale by now; where an earlier call has done so, there is nothing left to do."""
        with self._one_at_a_time:
            for name in [name for name in self._widgets if name in self._stale]:
                self._widgets[name].show(self.get(name))
