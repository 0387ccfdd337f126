"""The login of facilitators at a JupyterHub: which of them a browser belongs to, as the Hub itself says it.

The server is an OAuth client of the Hub. A browser keeps the Hub's token for it in a cookie that this server alone can
read, so that each of several servers behind one address can, also after a restart; the token is on no disk here. The
Hub is asked again every few minutes, so that whoever is no facilitator any more loses the console soon.

jupyterhub has a client too. It brings the whole of the Hub with it, and goes on with what it learned once for as long
as a stream of events is open.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
import time
import urllib.parse
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest, HTTPResponse

from course.content import words
from course.core.errors import BadAddress, SessionRefused
from course.core.settings import Settings
from course.workshop.errors import refused
from course.workshop.web.listeners import read_public_address

CHECK_SECONDS: Final = 180.0
"""After how many seconds the Hub is asked again whether somebody is a facilitator."""
GRACE_SECONDS: Final = 900.0
"""For how many seconds its last answer counts where it does not answer: a Hub is started again within that."""
LOGIN_SECONDS: Final = 12 * 3600
"""After how many seconds a browser has to log in again."""
ATTEMPT_SECONDS: Final = 600
"""How long logging in at the Hub may take."""
_PATIENCE: Final = 10.0
_NONCE: Final = 12
_IS_REFUSED: Final = (400, 401, 403, 404)
_ACCESS: Final = "access:services"
"""The scope of whoever may log in to a service of the Hub; a token for this server has it for this one alone."""


@dataclass(frozen=True)
class HubClient:
    """How this server is known at a Hub."""

    api: str
    """Where the Hub's API is reached from here, such as http://127.0.0.1:8081/hub/api."""
    address: str
    """Where browsers reach the Hub, such as https://hub.example.org."""
    client: str
    """This server's OAuth client id at the Hub."""
    token: str = field(repr=False)
    """The token that the Hub knows this server by."""
    groups: frozenset[str]
    """The Hub's groups whose members are facilitators."""


def read_hub(settings: Settings, public_address: str) -> HubClient | None:
    """Return how this server is known at a Hub, or None where none is set.

    Raises BadAddress, which names what is missing or cannot be.
    """
    if not settings.hub_api:
        return None
    for name, value in (
        ("BUILDING_TRUST_PUBLIC_ADDRESS", public_address),
        ("BUILDING_TRUST_HUB_ADDRESS", settings.hub_address),
        ("BUILDING_TRUST_HUB_TOKEN", settings.hub_token),
        ("BUILDING_TRUST_FACILITATORS", settings.facilitators),
    ):
        if not value:
            raise BadAddress(words("session.hub-missing", setting=name), words("session.hub-missing-hint"))
    read_public_address(settings.hub_api)
    hub = read_public_address(settings.hub_address)
    groups = frozenset(settings.facilitators)
    return HubClient(settings.hub_api, hub.address, settings.hub_client, settings.hub_token, groups)


@dataclass(frozen=True)
class Facilitator:
    """Somebody who logged in: a name at the Hub, and the groups for which they run sessions; without one, none."""

    name: str
    groups: frozenset[str]
    stream: str
    """By what the streams of this login are known."""


@dataclass(frozen=True)
class LoginAttempt:
    """A browser that goes to the Hub to log in: where it is sent, and what it keeps until it comes back."""

    address: str
    state: str
    cookie: str


@dataclass(frozen=True)
class _CheckedLogin:
    facilitator: Facilitator
    token: str = field(repr=False)
    checked_at: float


class HubLogins:
    """Who is logged in. `clock` counts seconds, `now` is in seconds since 1970."""

    def __init__(
        self,
        hub: HubClient,
        callback: str,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Take where the Hub is, and the whole address at which browsers come back from there."""
        self._hub, self._callback, self._clock, self._now = hub, callback, clock, now
        self._key = hmac.digest(hub.token.encode(), b"building-trust: cookies of facilitators", "sha256")
        self._http = AsyncHTTPClient(force_instance=True, defaults={"request_timeout": _PATIENCE})
        self._known: dict[str, _CheckedLogin] = {}

    @property
    def groups(self) -> frozenset[str]:
        """The Hub's groups whose members are facilitators."""
        return self._hub.groups

    @property
    def hub_address(self) -> str:
        """Where browsers reach the Hub."""
        return self._hub.address

    def close(self) -> None:
        """Let go of the connections to the Hub."""
        self._http.close()

    # Logging in

    def begin_login(self, next_path: str) -> LoginAttempt:
        """Return how a browser goes to the Hub to log in; it is led on to a path of this server afterwards."""
        state, verifier = secrets.token_hex(16), secrets.token_urlsafe(48)
        digest = hashlib.sha256(verifier.encode()).digest()
        parameters = {
            "client_id": self._hub.client,
            "redirect_uri": self._callback,
            "response_type": "code",
            "state": state,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        address = f"{self._hub.address}/hub/api/oauth2/authorize?{urllib.parse.urlencode(parameters)}"
        attempt = {"state": state, "verifier": verifier, "next": next_path}
        return LoginAttempt(address, state, self._seal("attempt", attempt, ATTEMPT_SECONDS))

    async def finish_login(self, cookie: str, state: str, code: str) -> tuple[str, str]:
        """Return the cookie of a login, and the path to go on to, for a browser that comes back from the Hub.

        Raises SessionRefused where it did not leave from here, or the Hub does not know the code.
        """
        attempt = self._open("attempt", cookie)
        if not attempt or not code or not hmac.compare_digest(attempt.get("state", "").encode(), state.encode()):
            raise refused("login-stale", 403)
        parameters = {
            "client_id": self._hub.client,
            "client_secret": self._hub.token,
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._callback,
            "code_verifier": attempt["verifier"],
        }
        body = urllib.parse.urlencode(parameters)
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = await self._ask("/oauth2/token", method="POST", body=body, headers=form)
        token = _texts(answer).get("access_token", "") if answer else ""
        if not token:
            raise refused("login-stale", 403)
        return self._seal("login", {"token": token}, LOGIN_SECONDS), attempt["next"]

    # Who is logged in

    async def facilitator(self, cookie: str) -> Facilitator | None:
        """Return whose login a cookie is, or None where it is none any more.

        Raises SessionRefused where the Hub does not say so, and has not for a while.
        """
        token = self._open("login", cookie).get("token", "")
        return await self._check(token) if token else None

    async def groups_of(self, stream: str) -> frozenset[str]:
        """Return for which groups the login of a stream runs sessions now; none where nobody can say so any more."""
        login = self._known.get(stream)
        try:
            facilitator = await self._check(login.token) if login else None
        except SessionRefused:
            return frozenset()
        return facilitator.groups if facilitator else frozenset()

    async def _check(self, token: str) -> Facilitator | None:
        name, at = _stream_of(token), self._clock()
        known = self._known.get(name)
        if known and at < known.checked_at + CHECK_SECONDS:
            return known.facilitator
        try:
            answer = await self._ask("/user", headers={"Authorization": f"token {token}"})
        except SessionRefused:
            if known and at < known.checked_at + GRACE_SECONDS:
                return known.facilitator
            raise
        self._known = {key: one for key, one in self._known.items() if at < one.checked_at + GRACE_SECONDS}
        self._known.pop(name, None)
        facilitator = self._read_user(answer, name) if answer else None
        if facilitator:
            self._known[name] = _CheckedLogin(facilitator, token, at)
        return facilitator

    def stream_of(self, cookie: str) -> str:
        """Return by what the streams of a login are known."""
        return _stream_of(self._open("login", cookie).get("token", ""))

    def forget(self, stream: str) -> None:
        """Have the Hub asked anew about a login."""
        self._known.pop(stream, None)

    def _read_user(self, answer: HTTPResponse, stream: str) -> Facilitator | None:
        try:
            user = json.loads(answer.body)
            name, groups, scopes = user["name"], user.get("groups", []), user.get("scopes", [])
        except (ValueError, TypeError, KeyError, AttributeError):
            return None
        if not isinstance(name, str) or not isinstance(groups, list) or not isinstance(scopes, list):
            return None
        if not any(str(scope).partition("!")[0] == _ACCESS for scope in scopes):
            return None  # taken off the list of trainers: the Hub leaves people in their groups
        named = {group for group in groups if isinstance(group, str)}
        return Facilitator(name, self._hub.groups & named, stream)

    async def _ask(
        self, path: str, *, method: str = "GET", body: str | None = None, headers: Mapping[str, str]
    ) -> HTTPResponse | None:
        """Return the Hub's answer, or None where it refuses. Raises SessionRefused where it does not answer."""
        request = HTTPRequest(
            self._hub.api + path, method=method, body=body, headers=dict(headers), follow_redirects=False
        )
        try:
            return await self._http.fetch(request)
        except HTTPClientError as error:
            if error.code in _IS_REFUSED:
                return None
            raise refused("hub-silent", 503, 5) from None
        except OSError:
            raise refused("hub-silent", 503, 5) from None

    # Cookies that this server alone can read

    def _seal(self, purpose: str, content: Mapping[str, str], seconds: int) -> str:
        text = json.dumps({**content, "until": str(int(self._now()) + seconds)}).encode()
        nonce = os.urandom(_NONCE)
        return base64.urlsafe_b64encode(nonce + AESGCM(self._key).encrypt(nonce, text, purpose.encode())).decode()

    def _open(self, purpose: str, cookie: str) -> Mapping[str, str]:
        """Return what a cookie of this server keeps; nothing for one whose time is over, or that is none."""
        try:
            sealed = base64.urlsafe_b64decode(cookie.encode("ascii"))
            content = json.loads(AESGCM(self._key).decrypt(sealed[:_NONCE], sealed[_NONCE:], purpose.encode()))
        except (ValueError, InvalidTag):
            return {}
        return content if self._now() < int(content["until"]) else {}


def _stream_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _texts(answer: HTTPResponse) -> Mapping[str, str]:
    """Return the texts of a JSON object by name."""
    try:
        content = json.loads(answer.body)
    except ValueError:
        return {}
    if not isinstance(content, dict):
        return {}
    return {name: value for name, value in content.items() if isinstance(value, str)}
