"""Which course is installed, and whether it is still the one of a server that runs: a newer one may come meanwhile.

Such a server goes on with its earlier code, words and list of pages, while notebooks and Python are the newer one's.
It is a server extension: `serving` names it in `jpserver_extensions`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from jupyter_server.utils import url_path_join
from tornado import web

from course.learner.set_up import InstalledCourse

HAND_OVER: Final = "course_hand_over"
"""The setting with what closes this server; a server without it stays until a person closes it."""
API: Final = "course-api"
_INSTALLED: Final = "course_installed"
LOOKS: Final = 20
"""How often it is looked whether something still runs."""
PAUSE: Final = 0.1
"""Seconds between two looks; all of them take less than whoever asks waits for an answer."""

Answer: TypeAlias = Literal["same", "stays", "closes"]
"""What a server says to the same course, started again: it is of that version, it stays all the same, or it closes."""


def has_changed(settings: Mapping[str, Any]) -> bool:
    """Say whether another version of the course is installed by now than the one of the server with these settings."""
    installed: InstalledCourse | None = settings.get(_INSTALLED)
    return installed is not None and installed.has_changed()


class ChangedHandler(APIHandler):
    """Say whether the course has changed since this server was started."""

    auth_resource = "contents"

    @web.authenticated
    @authorized
    def post(self) -> None:
        """Write it."""
        self.finish({"hasChanged": has_changed(self.settings)})


class HandOverHandler(APIHandler):
    """Give way to the same course, started again from another version."""

    auth_resource = "server"

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Close this server where it is of another version than the digest that was sent, and nothing runs in it."""
        content = self.get_json_body()
        close: Callable[[], None] | None = self.settings.get(HAND_OVER)
        digest = content.get("digest") if isinstance(content, dict) else None
        answer = await self._answer(digest, can_close=close is not None)
        await self.finish({"answer": answer})
        if close and answer == "closes":
            close()

    async def _answer(self, other: object, *, can_close: bool) -> Answer:
        if other == self.settings[_INSTALLED].digest:
            return "same"
        is_free = can_close and await work_ends_soon(self.kernel_manager.list_kernels)
        return "closes" if is_free else "stays"


async def work_ends_soon(list_kernels: Callable[[], Iterable[Mapping[str, object]]], pause: float = PAUSE) -> bool:
    """Return whether nothing runs in any kernel, now or at one of the next looks: to save an answer takes a moment."""
    for _ in range(LOOKS):
        if not any(kernel["execution_state"] in ("busy", "starting") for kernel in list_kernels()):
            return True
        await asyncio.sleep(pause)
    return False


def _load_jupyter_server_extension(server: Any) -> None:
    """Remember the version of this server."""
    server.web_app.settings[_INSTALLED] = InstalledCourse(Path(server.root_dir))
    base = server.web_app.settings["base_url"]
    handlers = [("changed", ChangedHandler), ("hand-over", HandOverHandler)]
    server.web_app.add_handlers(".*$", [(url_path_join(base, API, name), handler) for name, handler in handlers])
