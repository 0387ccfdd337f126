"""Which address leads where, and what of it others than this machine can reach."""

from __future__ import annotations

from typing import Any, Final

from tornado import web

from course.workshop import console, phone
from course.workshop.answer_routes import Reply
from course.workshop.base_handler import DesignTokens, Nowhere, Static
from course.workshop.context import Host
from course.workshop.templates import STATIC

PHONES: Final[list[tuple[str, Any]]] = [
    (r"/r/([0-9a-f]{8})/answer", Reply),  # first, as it is asked for most
    (r"/", phone.Door),
    (r"/j/([0-9a-f]{32})", phone.Welcome),
    (r"/r/([0-9a-f]{8})/", phone.Phone),
    (r"/r/([0-9a-f]{8})/mine", phone.Mine),
    (r"/r/([0-9a-f]{8})/events", phone.PhoneEvents),
]
"""What phones can reach."""
CONSOLE: Final[list[tuple[str, Any]]] = [
    (r"/facilitator/once", console.Once),
    (r"/facilitator/([0-9a-f]{32})", console.Enter),
    (r"/console/([0-9a-f]{8})/", console.Console),
    (r"/console/([0-9a-f]{8})/act", console.Act),
    (r"/console/([0-9a-f]{8})/events", console.ConsoleEvents),
    (r"/console/([0-9a-f]{8})/screen", console.Screen),
    (r"/console/([0-9a-f]{8})/screen/events", console.ScreenEvents),
    (r"/console/([0-9a-f]{8})/chart/([A-Za-z0-9-]{1,80})", console.ChartPicture),
    (r"/console/([0-9a-f]{8})/cards", console.Cards),
    (r"/console/([0-9a-f]{8})/export\.(html|csv|json)", console.TakeAway),
]
"""What only this machine can reach."""


def application(host: Host, is_here: bool) -> web.Application:
    """Return what is served to this machine, or to others."""
    routes = [*PHONES, *CONSOLE] if is_here else PHONES
    return web.Application(
        [(pattern, handler, {"host": host}) for pattern, handler in routes]
        + [(r"/static/tokens\.css", DesignTokens, {"host": host})]
        + [(r"/static/([a-z]+\.(?:css|js))", Static, {"path": str(STATIC), "host": host})],
        default_handler_class=Nowhere,
        default_handler_args={"host": host},
        log_function=lambda handler: None,
        compress_response=False,
    )
