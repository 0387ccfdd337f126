"""Put a chart or a plan on a page: the real script, and the real Python behind it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
from playwright.sync_api import Page, Route

HERE = Path(__file__).parent
SHOW = HERE.parents[1] / "course" / "charts"
ADDRESS = "http://stage.test"


class Stage:
    """A page with one widget of `course/charts`, whose traits travel both ways."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def put(self, widget: anywidget.AnyWidget, script: str) -> None:
        """Show a widget that is drawn by that script and its own style sheet."""
        self.widget = widget
        files = {"stage.html": HERE / "stage.html"}
        files["widget.js"] = SHOW / f"{script}.js"

        def serve(route: Route) -> None:
            name = route.request.url.removeprefix(f"{ADDRESS}/")
            if name in files:
                route.fulfill(path=files[name])
            elif name == "widget.css":
                route.fulfill(body=widget._css, content_type="text/css")
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
