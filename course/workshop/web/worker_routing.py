"""Leads a request for a session to the worker that owns it, where several workers share their sessions.

A cookie names the worker, and the proxy in front passes each request on by it. A worker that is asked for another one's
session has the browser ask again, at the same address and with the owner's cookie.
"""

from __future__ import annotations

import re
from typing import Final

from tornado import httputil, web

from course.workshop.errors import refused
from course.workshop.sessions.shared_sessions import SharedSessions
from course.workshop.web.context import Context
from course.workshop.web.listeners import Endpoint

COOKIE: Final = "worker"
ASKED: Final = "asked"
"""What the address calls the workers that were asked in vain."""
MOST_ASKED: Final = 20
NAME: Final = re.compile(r"[a-z0-9]{1,30}")
"""What a worker's name may be."""
_SESSION: Final = re.compile(r"[0-9a-f]{8}")
_LINK: Final = re.compile(r"[0-9a-f]{32}")


class RoutedHandler(web.RequestHandler):
    """A request that may be led to another worker."""

    context: Context
    endpoint: Endpoint

    async def lead_to_owner(self, shared: SharedSessions, name: str) -> None:
        """Have this worker serve a session, by its name or its link, or lead the browser to the one that owns it.

        Raises SessionRefused, with the seconds to wait, where the owner was asked for already and does not answer.
        """
        asked = httputil.parse_cookie(self.request.headers.get("Cookie", "")).get(COOKIE, "")
        if _LINK.fullmatch(name):
            name = await shared.session_of_link(name)
        if not _SESSION.fullmatch(name):
            return
        owner = await shared.owner(name, asked)
        if not owner:
            self._name_worker(self.context.worker, asked)
        elif owner == asked:
            raise refused("owner-away", 503, 1)
        else:
            self._name_worker(owner, asked)
            self.redirect(self._same_address(), status=307)

    async def lead_to_next(self, shared: SharedSessions) -> bool:
        """Lead the browser to a worker that it has not asked yet, and say whether there is one.

        For what is known to one worker alone, and nobody can say to which. The address says who was asked.
        """
        asked = [name for name in self.get_query_argument(ASKED, "").split(",") if NAME.fullmatch(name)][:MOST_ASKED]
        worker = await shared.next_worker(asked) if len(asked) < MOST_ASKED else ""
        if worker:
            self._name_worker(worker, "")
            self.redirect(f"{self._same_path()}?{ASKED}={','.join([*asked, self.context.worker])}", status=307)
        return bool(worker)

    def _name_worker(self, worker: str, asked: str) -> None:
        """Have the proxy pass on what this browser asks to that worker. No secret: a link from elsewhere brings it."""
        if worker != asked:
            path, is_secure = f"{self.context.base}/", self.endpoint.is_secure
            self.set_cookie(COOKIE, worker, path=path, httponly=True, samesite="Lax", secure=is_secure)

    def _same_address(self) -> str:
        """Return the path that was asked for, on this host alone, also where the proxy took its beginning off."""
        return self._same_path() + (f"?{self.request.query}" if self.request.query else "")

    def _same_path(self) -> str:
        base, path = self.context.base, self.request.path
        return path if path.startswith(f"{base}/") else base + path
