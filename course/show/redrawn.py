"""What is on the page, made again when an answer that it is made of changes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from course.journal import Journal
from course.show.synthetic import labelled

Key = tuple[str, str]
"""Where an answer is: the name of a journal page, and the key on it."""


class Redrawn:
    """Things by name, such as charts: made when first asked for, and again only after one of their answers changed."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._makers: dict[str, tuple[Callable[[], Any], frozenset[Key]]] = {}
        self._made: dict[str, Any] = {}
        self._widgets: dict[str, Any] = {}
        self._heard_of: set[str] = set()
        self._is_due = False

    def add(self, name: str, make: Callable[[], Any], keys: Iterable[Key]) -> None:
        """Say how a thing is made, and of which answers."""
        self._makers[name] = make, frozenset(keys)
        for slug in {slug for slug, _ in self._makers[name][1]} - self._heard_of:
            self._heard_of.add(slug)
            self._journal.page(slug).listen(partial(self._heard, slug))

    def get(self, name: str) -> Any:
        """Return the thing as it is by now."""
        if name not in self._made:
            made = self._makers[name][0]()
            self._made[name] = labelled(made) if self._journal.is_synthetic else made
        return self._made[name]

    def put(self, name: str, widget: Callable[[Any], Any]) -> None:
        """Put the thing on the page, in the widget that it was first shown in or in a new one."""
        from IPython.display import display

        self._made.pop(name, None)
        if name in self._widgets:
            self._widgets[name].show(self.get(name))
        else:
            self._widgets[name] = widget(self.get(name))
        display(self._widgets[name])

    def _heard(self, slug: str, key: str) -> None:
        """Forget what was made of this answer, and have it made again, once, after the answer has been dealt with."""
        stale = {name for name, (_, keys) in self._makers.items() if (slug, key) in keys}
        for name in stale:
            self._made.pop(name, None)
        if self._is_due or not stale & set(self._widgets):
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
        for name, widget in self._widgets.items():
            if name not in self._made:
                widget.show(self.get(name))
