"""Made-up phones that really join and answer over the wire, so that a facilitator can rehearse alone."""

from __future__ import annotations

import asyncio
import contextlib
import json
from dataclasses import dataclass, field
from typing import Any, Final

from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPResponse

from course.content import read
from course.workshop.answer_rules import to_json
from course.workshop.synthetic_answers import MadeUp

LOOK: Final = 2.0
"""How often, in seconds, a made-up phone looks what is open."""


@dataclass
class _One:
    name: str
    person: MadeUp
    cookie: str = ""
    answered: dict[str, int] = field(default_factory=dict)


class Phones:
    """So many phones, each a made-up person with the seed's answers."""

    def __init__(self, port: int, link: str, many: int, *, is_secure: bool = False, seed: int = 1) -> None:
        self._base = f"{'https' if is_secure else 'http'}://127.0.0.1:{port}"
        self._link = link
        names = [f"synthetic-{number:03}" for number in range(1, many + 1)]
        given = read("rehearsal.toml")
        self.phones = [_One(name, MadeUp(name, given, seed)) for name in names]
        self._client = AsyncHTTPClient(force_instance=True, max_clients=20)
        self._room = ""

    async def run(self) -> None:
        """Join, then answer whatever opens, until cancelled."""
        try:
            await asyncio.gather(*map(self.join, self.phones))
            while True:
                for phone in self.phones:
                    with contextlib.suppress(HTTPClientError, OSError):
                        await self.answer_once(phone)
                await asyncio.sleep(LOOK)
        finally:
            self._client.close()

    async def join(self, phone: _One) -> None:
        """Come in by the link, as a phone does."""
        came = await self._ask(f"/j/{self._link}", method="POST", body="")
        phone.cookie = came.headers["Set-Cookie"].partition(";")[0]
        self._room = came.headers["Location"].strip("/").partition("/")[2]

    async def answer_once(self, phone: _One) -> None:
        """Answer what is open and not answered yet."""
        here = await self._ask(f"/r/{self._room}/mine", phone)
        for one in json.loads(here.body)["open"]:
            if one["part"] not in phone.answered:
                phone.answered[one["part"]] = 1
                body = to_json({"part": one["part"], "revision": 1, "answer": phone.person.answer(one)})
                await self._ask(f"/r/{self._room}/answer", phone, method="POST", body=body)

    async def _ask(self, path: str, phone: _One | None = None, **given: Any) -> HTTPResponse:
        headers = {"Cookie": phone.cookie, "Content-Type": "application/json"} if phone else {}
        return await self._client.fetch(
            self._base + path, headers=headers, follow_redirects=False, raise_error=bool(phone),
            validate_cert=False, **given,
        )  # fmt: skip
