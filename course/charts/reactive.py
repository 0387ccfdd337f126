"""Charts and the plan on the page, made again when an answer that they are made of changes."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Generic, Protocol, Self, TypeVar

from course.content import words
from course.records.answers.watching import Closable, watch_while_open
from course.records.journal import Journal

AnswerKey = tuple[str, str]
"""Where an answer is: the name of a journal page, and the key on it."""


class Labelled(Protocol):
    """What can say of itself what kind of data it was made of."""

    def with_label(self, label: str) -> Self:
        """Return the same with a label."""
        ...


Content = TypeVar("Content", bound=Labelled)
Shown = TypeVar("Shown", contravariant=True)


class ContentWidget(Closable, Protocol[Shown]):
    """A widget whose content can be replaced."""

    def show(self, content: Shown) -> None:
        """Show this content in place of what was there."""
        ...


class View(Generic[Content]):
    """Something on the page: made when it is first asked for, and again only after one of its answers changed."""

    def __init__(self, make: Callable[[], Content], keys: Iterable[AnswerKey], views: Views) -> None:
        self.make = make
        self.keys = frozenset(keys)
        self._views = views
        self.is_stale = True
        self._content: Content | None = None
        self._widget: ContentWidget[Content] | None = None
        self._lock = views.lock

    @property
    def is_on_page(self) -> bool:
        """Whether it has been put on the page."""
        return self._widget is not None

    def get(self) -> Content:
        """Return the content as it is by now."""
        with self._lock:
            if self.is_stale or self._content is None:
                self.is_stale = False  # first, so that an answer that comes meanwhile makes it stale again
                self._content = self.make()
            return self._content

    def put(self, new_widget: Callable[[Content], ContentWidget[Content]]) -> None:
        """Put the content on the page, in the widget that it was first shown in or in a new one."""
        from course.core.pages.output import show_widget

        with self._lock:
            self.is_stale = True
            if self._widget is None:
                self._widget = new_widget(self.get())
                self._views.watch(self._widget, self.keys, self._forget_widget)
            else:
                self._widget.show(self.get())
            show_widget(self._widget)

    def _forget_widget(self) -> None:
        self._widget = None

    def refresh(self) -> None:
        """Show the present content, where it is on the page and stale."""
        if self._widget is not None and self.is_stale:
            self._widget.show(self.get())


class Views:
    """All that one learner's journal shows on a page.

    A cell may ask for one while an answer to a card comes in another thread: they are made and shown one at a time.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._views: list[View[Any]] = []
        self._pages_heard: set[str] = set()
        self.lock = threading.RLock()

    def add(self, make: Callable[[], Content], keys: Iterable[AnswerKey]) -> View[Content]:
        """Return a view of what `make` returns, which is made of the answers under these keys.

        What is made of a synthetic journal has the label that says so.
        """

        def labelled() -> Content:
            content = make()
            return content.with_label(words("synthetic.label")) if self._journal.is_synthetic else content

        view = View(labelled, keys, self)
        self._views.append(view)
        for page in {page for page, _ in view.keys} - self._pages_heard:
            self._pages_heard.add(page)
            self._journal.page(page).listen(partial(self._answer_changed, page))
        return view

    def watch(self, widget: Closable, keys: Iterable[AnswerKey], at_close: Callable[[], None]) -> None:
        """Watch the pages of these answers until a widget is closed, and then call `at_close`."""
        watch_while_open(widget, [self._journal.page(page) for page in {page for page, _ in keys}], at_close)

    def _answer_changed(self, page: str, key: str) -> None:
        """Have what is made of this answer made again, after the answer has been dealt with."""
        changed = [view for view in self._views if (page, key) in view.keys]
        for view in changed:
            view.is_stale = True
        if not any(view.is_on_page for view in changed):
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self._refresh()
        else:
            loop.call_soon(self._refresh)

    def _refresh(self) -> None:
        """Show again what is stale by now; where an earlier call has done so, there is nothing left to do."""
        with self.lock:
            for view in self._views:
                view.refresh()
