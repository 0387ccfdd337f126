"""A JupyterHub as far as a server of live sessions sees one: it gives out tokens for codes, and says whose they are."""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import secrets
import threading
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

from course.workshop.web.hub_login import HubClient

ADDRESS: Final = "https://hub.example.org"
CLIENT: Final = "service-building-trust-sessions"
TOKEN: Final = "synthetic-token-of-the-server"


@dataclass(frozen=True)
class _Leave:
    """What somebody agreed to at the Hub."""

    name: str
    challenge: str
    redirect_uri: str


@dataclass
class FakeHub:
    """Who is in which group, and what was given out."""

    groups: dict[str, list[str]]
    """By the name of whoever may log in."""
    port: int = 0
    questions: int = 0
    """How often it was asked whose a token is."""
    is_away: bool = False
    _codes: dict[str, _Leave] = field(default_factory=dict)
    _tokens: dict[str, str] = field(default_factory=dict)

    def client(self) -> HubClient:
        """Return how the server of live sessions is known here."""
        api, groups = f"http://127.0.0.1:{self.port}/hub/api", frozenset(itertools.chain(*self.groups.values()))
        return HubClient(api, ADDRESS, CLIENT, TOKEN, groups)

    def log_in(self, address: str, name: str) -> str:
        """Return where the Hub leads somebody who was sent to this address and logs in there: path and query."""
        parts = urllib.parse.urlsplit(address)
        assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{ADDRESS}/hub/api/oauth2/authorize"
        asked = dict(urllib.parse.parse_qsl(parts.query, strict_parsing=True))
        assert (asked["client_id"], asked["response_type"], asked["code_challenge_method"]) == (CLIENT, "code", "S256")
        code = secrets.token_hex(8)
        self._codes[code] = _Leave(name, asked["code_challenge"], asked["redirect_uri"])
        back = urllib.parse.urlsplit(asked["redirect_uri"])
        return f"{back.path}?{urllib.parse.urlencode({'code': code, 'state': asked['state']})}"

    def token(self, fields: dict[str, str]) -> dict[str, object] | None:
        """Return a token for a code, once, and only to the server that sent the browser here."""
        leave = self._codes.pop(fields["code"], None)
        digest = hashlib.sha256(fields["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        who = (fields["client_id"], fields["client_secret"], fields["redirect_uri"])
        if leave is None or challenge != leave.challenge or who != (CLIENT, TOKEN, leave.redirect_uri):
            return None
        token = secrets.token_hex(16)
        self._tokens[token] = leave.name
        return {"access_token": token, "token_type": "Bearer"}

    def user(self, token: str) -> dict[str, object] | None:
        """Return whose a token is."""
        self.questions += 1
        name = self._tokens.get(token, "")
        if name not in self.groups:
            return None
        return {"name": name, "groups": self.groups[name], "scopes": [f"access:services!service={CLIENT}"]}


@contextmanager
def fake_hub(**groups: list[str]) -> Iterator[FakeHub]:
    """Run a Hub in this block, with the groups of each who may log in."""
    hub = FakeHub(groups)

    class Handler(BaseHTTPRequestHandler):
        """Answers as the Hub's API does."""

        def do_GET(self) -> None:
            assert self.path == "/hub/api/user"
            self._answer(hub.user(self.headers["Authorization"].removeprefix("token ")))

        def do_POST(self) -> None:
            assert self.path == "/hub/api/oauth2/token"
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._answer(hub.token(dict(urllib.parse.parse_qsl(body, strict_parsing=True))))

        def _answer(self, content: dict[str, object] | None) -> None:
            self.send_response(503 if hub.is_away else 200 if content else 403)
            self.end_headers()
            self.wfile.write(json.dumps(content).encode())

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        hub.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield hub
        finally:
            server.shutdown()
            thread.join()
