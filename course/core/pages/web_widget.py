"""A widget in the web edition: traits that the page follows, and messages of its own, both ways.

It speaks as ipywidgets does (messages that open, update and close a comm), so that the page's scripts are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar, Final, TypeAlias

import traitlets

from course.core.pages.web_edition import page_channel

MessageHandler: TypeAlias = Callable[[object, object, object], None]


class WebComm:
    """What a widget and its view on the page know each other by."""

    def __init__(self, id: str) -> None:
        self.comm_id: Final = id


class WebWidget(traitlets.HasTraits):
    """A widget whose view is on a page of the web edition."""

    _esm: ClassVar[str] = ""
    _css: ClassVar[str] = ""
    opened: ClassVar[dict[str, WebWidget]] = {}
    """The widgets that are open, by id."""
    _count: ClassVar = 0

    comm = traitlets.Any(None)
    """None once the widget is closed."""

    def __init__(self, **traits: object) -> None:
        super().__init__(**traits)
        WebWidget._count += 1
        self.model_id: Final = f"{type(self).__name__}-{WebWidget._count}"
        self._handlers: list[MessageHandler] = []
        self._from_page: Mapping[str, object] = {}
        """The values that the page is just now handing over: it need not be told of them."""
        self.comm = WebComm(self.model_id)
        WebWidget.opened[self.model_id] = self
        page_channel.tell("comm_open", {"comm_id": self.model_id, "data": {"state": self.get_state()}})
        self.observe(self._tell_change, list(self._synced()))

    def get_state(self) -> dict[str, object]:
        """Return the synced traits by name, with the addresses of the script and style sheet beside the page's own."""
        name = type(self).__name__
        return {
            "_anywidget_id": name,
            "_esm": f"./{name}.js",
            "_css": f"./{name}.css",
            **{trait: getattr(self, trait) for trait in self._synced()},
        }

    def send(self, content: object) -> None:
        """Send the view a message of the widget's own."""
        self._tell({"method": "custom", "content": content})

    def on_msg(self, handler: MessageHandler) -> None:
        """Have `handler(widget, content, buffers)` called with each message of the view."""
        self._handlers.append(handler)

    def close(self) -> None:
        """Close it here and on the page."""
        if self.comm is None:
            return
        del WebWidget.opened[self.model_id]
        self.comm = None
        page_channel.tell("comm_close", {"comm_id": self.model_id})

    def take(self, data: Mapping[str, object]) -> None:
        """Take a message of the page: values that its view has set, or a message of the widget's own."""
        state = data.get("state")
        if data.get("method") == "custom":
            for handler in list(self._handlers):
                handler(self, data.get("content"), [])
        elif data.get("method") == "update" and isinstance(state, dict):
            self._from_page = state
            try:
                for name in [name for name in self._synced() if name in state]:
                    setattr(self, name, state[name])
            finally:
                self._from_page = {}

    def _synced(self) -> list[str]:
        return list(self.trait_names(sync=True))

    def _tell_change(self, change: Mapping[str, object]) -> None:
        name, value = str(change["name"]), change["new"]
        if name not in self._from_page or self._from_page[name] != value:
            self._tell({"method": "update", "state": {name: value}, "buffer_paths": []})

    def _tell(self, data: Mapping[str, object]) -> None:
        if self.comm is not None:
            page_channel.tell("comm_msg", {"comm_id": self.model_id, "data": data})


def widget_files() -> dict[str, str]:
    """Return the scripts and style sheets of every kind of widget that is known by now, by the names they go by."""
    files = {}
    for kind in _kinds(WebWidget):
        files[f"{kind.__name__}.js"], files[f"{kind.__name__}.css"] = kind._esm, kind._css
    return files


def _kinds(kind: type[WebWidget]) -> list[type[WebWidget]]:
    return [one for below in kind.__subclasses__() for one in (below, *_kinds(below))]
