"""Put a chart or a plan on a page: the real script, and the real Python behind it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
from playwright.sync_api import Page, Route

HERE = Path(__file__).parent
ADDRESS = "http://stage.test"


class Stage:
    """A page with one widget of `course/charts`, whose traits travel both ways."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def put(self, widget: anywidget.AnyWidget) -> None:
        """Show a widget by its own script and style sheet."""
        self.widget = widget
        parts = {"widget.js": (widget._esm, "text/javascript"), "widget.css": (widget._css, "text/css")}

        def serve(route: Route) -> None:
            name = route.request.url.removeprefix(f"{ADDRESS}/")
            if name == "stage.html":
                route.fulfill(path=HERE / name)
            elif name in parts:
                text, kind = parts[name]
                route.fulfill(body=text, content_type=kind)
            else:
                route.fulfill(status=204)

        self.page.route(f"{ADDRESS}/**", serve)
        self.page.expose_function("toPython", self._take)
        self.page.goto(f"{ADDRESS}/stage.html")
        self.page.evaluate("state => stage.start(state)", self._state())

    def tell(self) -> None:
        """Hand over what has changed in Python, as Jupyter does."""
        self.page.evaluate("news => stage.take(news)", self._state())

    def close(self) -> int:
        """Take the widget off the page, and return how many listeners it left."""
        self.page.evaluate("stage.close()")
        return int(self.page.evaluate("stage.listeners()"))

    def _state(self) -> dict[str, Any]:
        own = [name for name in self.widget.keys if not name.startswith("_")]
        return {name: getattr(self.widget, name) for name in own if name not in ("layout", "tabbable", "tooltip")}

    def _take(self, given: dict[str, Any]) -> dict[str, Any]:
        for name, value in given.items():
            setattr(self.widget, name, value)
        return self._state()
