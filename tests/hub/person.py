"""A person's browser without a window: it keeps cookies, follows redirections over https, and logs in at the Hub."""

from __future__ import annotations

import http.cookiejar
import json
import re
import ssl
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from typing import Any

from tests.hub.running_hub import PATIENCE


@dataclass(frozen=True)
class Seen:
    """A page as a browser got it, at the address to which it was led."""

    status: int
    address: str
    text: str
    headers: dict[str, str]


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        return None


def _openers() -> tuple[http.cookiejar.CookieJar, urllib.request.OpenerDirector, urllib.request.OpenerDirector]:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    jar = http.cookiejar.CookieJar()
    handlers = [urllib.request.HTTPSHandler(context=context), urllib.request.HTTPCookieProcessor(jar)]
    return jar, urllib.request.build_opener(*handlers), urllib.request.build_opener(*handlers, _Stay)


@dataclass
class Person:
    """One browser."""

    name: str = ""
    jar: http.cookiejar.CookieJar = field(init=False)

    def __post_init__(self) -> None:
        self.jar, self._going, self._staying = _openers()

    def get(self, address: str, *, follow: bool = True, **headers: str) -> Seen:
        return self._ask(urllib.request.Request(address, headers=headers), follow)

    def form(self, address: str, fields: dict[str, str], *, follow: bool = True, origin: str = "") -> Seen:
        body = urllib.parse.urlencode(fields).encode()
        headers = {"Origin": origin} if origin else {}
        return self._ask(urllib.request.Request(address, body, headers=headers), follow)

    def send(self, address: str, message: object, **headers: str) -> Seen:
        request = urllib.request.Request(address, json.dumps(message).encode(), headers=headers)
        request.add_header("Content-Type", "application/json")
        return self._ask(request, follow=True)

    def log_in(self, page: Seen, *, follow: bool = True) -> Seen:
        """Fill in the Hub's page for logging in, to which this browser was led, and return where it leads."""
        assert "/hub/login" in page.address, (page.address, page.text[:300])
        fields = dict(re.findall(r'<input type="hidden" name="(_xsrf)" value="([^"]*)"', page.text))
        assert fields, page.text
        return self.form(page.address, {**fields, "username": self.name, "password": "synthetic"}, follow=follow)

    def way_back(self, address: str) -> str:
        """Log in by way of an address, and return where the Hub leads this browser back to, without going there."""
        page = self.log_in(self.get(address), follow=False)
        while "/login/back?" not in page.headers["location"]:
            page = self.get(urllib.parse.urljoin(page.address, page.headers["location"]), follow=False)
        return page.headers["location"]

    def cookie(self, name: str) -> http.cookiejar.Cookie:
        (found,) = [cookie for cookie in self.jar if cookie.name == name]
        return found

    def _ask(self, request: urllib.request.Request, follow: bool) -> Seen:
        opener = self._going if follow else self._staying
        try:
            reply = opener.open(request, timeout=PATIENCE)
        except urllib.error.HTTPError as error:
            reply = error
        with reply:
            headers = {name.lower(): value for name, value in reply.headers.items()}
            return Seen(reply.status or 0, reply.url, reply.read().decode(errors="replace"), headers)
