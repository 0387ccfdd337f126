"""Made-up phones that really join and answer over the wire, so that a facilitator can rehearse alone."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
from dataclasses import dataclass, field
from typing import Any, Final

from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPResponse

from course.content import words
from course.room.answering import to_json

LOOK: Final = 2.0
"""How often, in seconds, a made-up phone looks what is open."""


@dataclass
class _One:
    name: str
    cookie: str = ""
    answered: dict[str, int] = field(default_factory=dict)


class Phones:
    """So many phones, each a made-up person with the seed's answers."""

    def __init__(self, port: int, link: str, many: int, *, is_secure: bool = False, seed: int = 1) -> None:
        self._base = f"{'https' if is_secure else 'http'}://127.0.0.1:{port}"
        self._link = link
        self._random = random.Random(seed)
        self.phones = [_One(f"synthetic-{number:03}") for number in range(1, many + 1)]
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
                body = to_json({"part": one["part"], "revision": 1, "answer": self._made_up(one, phone)})
                await self._ask(f"/r/{self._room}/answer", phone, method="POST", body=body)

    def _made_up(self, one: dict[str, Any], phone: _One) -> Any:
        """Return an answer that says that nobody gave it."""
        if one["options"]:
            choice = self._random.choice(one["options"])
            return int(choice) if choice.isdecimal() else choice
        text = words("room.made-up", name=phone.name)[: one["most"]]
        if not one["fields"]:
            return text
        answer: dict[str, Any] = dict.fromkeys(one["fields"], text)
        return {**answer, "show": True} if one["kind"] == "commitment" else answer

    async def _ask(self, path: str, phone: _One | None = None, **given: Any) -> HTTPResponse:
        headers = {"Cookie": phone.cookie, "Content-Type": "application/json"} if phone else {}
        return await self._client.fetch(
            self._base + path, headers=headers, follow_redirects=False, raise_error=bool(phone),
            validate_cert=False, **given,
        )  # fmt: skip
