"""Tabs of a browser, as the Python behind their pages has them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from course.core.pages.web_widget import WebWidget
from course.web.browser import BrowserPage


class Tab:
    """A page as the worker has it: what Python told it, and a database of its own."""

    def __init__(self, folder: Path, database: dict[str, bytes]) -> None:
        folder.mkdir()
        self.told: list[dict[str, Any]] = []
        self.database = database
        self.page = BrowserPage(str(folder), lambda text: self.told.append(json.loads(text)))
        for name, data in database.items():
            self.page.load(name, data)

    def keep(self) -> None:
        """Let the database take what changed."""
        changes = self.page.changed()
        self.database.update({name: data for name, data in changes if data is not None})
        self.page.confirm(changes)

    def refuse(self) -> list[dict[str, Any]]:
        """Let the database refuse it, and return what the page hears of the messages so far."""
        return json.loads(self.page.refuse(self.page.changed(), json.dumps(self.told)))

    def kinds(self) -> list[str]:
        return [message.get("event", message["kind"]) for message in self.told]


def card(label: str) -> Any:
    return next(widget for widget in WebWidget.opened.values() if getattr(widget, "label", "") == label)


def give(tab: Tab, label: str, control: str, value: object, turn: int = 1) -> None:
    message = {"event": "set", "control": control, "value": value, "seen": None, "turn": turn}
    tab.page.take(card(label).model_id, json.dumps({"method": "custom", "content": message}))


def replies(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    data = [message["content"]["data"] for message in messages if message["kind"] == "comm_msg"]
    return [one["content"] for one in data if one["method"] == "custom"]
