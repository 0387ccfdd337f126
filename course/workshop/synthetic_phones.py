"""Synthetic phones that really join and answer over the wire, so that a facilitator can rehearse alone.

What their synthetic people answer is in `content/rehearsal.toml`.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import itertools
import json
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypedDict, cast

from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPResponse

from course.content import read
from course.content.scales import NO_CHANCE
from course.workshop.rules.answers import to_json
from course.workshop.wire import Answer, AnswerMessage, OpenPart, OwnAnswers

LOWEST, HIGHEST = 1, 7
"""The ends of the scale."""
POLL_SECONDS: Final = 2.0
"""How many seconds synthetic phones wait before one of them asks again what is open."""
AT_ONCE: Final = 20
"""How many of them join or answer at once."""


class _Ratings(TypedDict):
    """How synthetic people rate: see the comments in `content/rehearsal.toml`."""

    means: Mapping[str, float]
    gains: Mapping[str, float]
    together: float
    spread: float
    missing: float


class Rehearsal(TypedDict):
    """`content/rehearsal.toml`: how synthetic people rate, vote (weights by question and option) and write."""

    ratings: _Ratings
    votes: Mapping[str, Mapping[str, float]]
    texts: Mapping[str, Sequence[str | Mapping[str, str]]]


class SyntheticPerson:
    """One synthetic person, who rates a group much the same when asked again, and a little higher."""

    def __init__(self, name: str, rehearsal: Rehearsal, seed: int = 1) -> None:
        self._name, self._rehearsal = name, rehearsal
        self._random = random.Random(f"{name} {seed}")
        self._first_noise: dict[str, float] = {}
        """By item, how far from the mean the first rating was, in standard deviations."""

    def answer(self, part: OpenPart) -> Answer:
        """Return an answer to a part that is open."""
        slug, _, item = part["part"].partition(".")
        if part["kind"] == "rate" and item in self._rehearsal["ratings"]["means"]:
            return self._rating(item)
        if part["options"]:
            weights = self._rehearsal["votes"].get(slug, {})
            return self._random.choices(part["options"], [weights.get(option, 1) for option in part["options"]])[0]
        return self._text(part)

    def _rating(self, item: str) -> int | str:
        ratings = self._rehearsal["ratings"]
        if self._random.random() < ratings["missing"]:
            return NO_CHANCE
        mean, noise = ratings["means"][item], self._random.gauss(0, 1)
        if item in self._first_noise:
            correlation = ratings["together"]
            mean += ratings["gains"].get(item, 0)
            noise = correlation * self._first_noise[item] + (1 - correlation**2) ** 0.5 * noise
        self._first_noise.setdefault(item, noise)
        level: int = round(mean + ratings["spread"] * noise)
        return min(HIGHEST, max(LOWEST, level))

    def _text(self, part: OpenPart) -> Answer:
        """Return a text, or texts by field, with the name of the synthetic phone at the end."""
        label = f" ({self._name})"
        text = self._random.choice(self._rehearsal["texts"][part["kind"]])
        if not isinstance(text, Mapping):
            return text[: part["most"] - len(label)] + label
        fields = {name: text.get(name, "") for name in part["fields"]}
        last = [*fields][-1]
        fields[last] = fields[last][: part["most"] - len(label)] + label
        return {**fields, "show": True} if part["kind"] == "commitment" else {**fields}


@dataclass
class _Phone:
    name: str
    person: SyntheticPerson
    cookie: str = ""
    answered: set[str] = field(default_factory=set)


class SyntheticPhones:
    """Synthetic phones, each of one synthetic person; the same seed gives the same answers.

    `address` is where phones reach the server, such as http://127.0.0.1:8890; `client` asks it. `joined` is given the
    token of each phone before that is counted.
    """

    def __init__(
        self,
        address: str,
        link: str,
        count: int,
        *,
        seed: int = 1,
        client: AsyncHTTPClient | None = None,
        joined: Callable[[str], None] | None = None,
    ) -> None:
        self._address, self._link = address, link
        names = [f"synthetic-{number:03}" for number in range(1, count + 1)]
        rehearsal = cast("Rehearsal", read("rehearsal.toml"))
        self.phones = [_Phone(name, SyntheticPerson(name, rehearsal, seed)) for name in names]
        self._client = client or AsyncHTTPClient(force_instance=True, max_clients=AT_ONCE)
        self._session, self._joined = "", joined

    async def run(self) -> None:
        """Join, then answer whatever opens, until cancelled.

        What is open is so for all phones, so one of them looks, each in its turn: one that was removed sees nothing.
        """
        try:
            await self._each(self._come_in)
            for phone in itertools.cycle(self.phones):
                with contextlib.suppress(HTTPClientError, OSError):
                    opened = await self.open_parts(phone)
                    await self._each(functools.partial(self._try_to_answer, opened))
                await asyncio.sleep(POLL_SECONDS)
        finally:
            self._client.close()

    async def _each(self, act: Callable[[_Phone], Awaitable[None]]) -> None:
        """Let every phone act, some of them at once."""
        phones = iter(self.phones)

        async def act_in_turn() -> None:
            for phone in phones:
                await act(phone)

        await asyncio.gather(*(act_in_turn() for _ in range(AT_ONCE)))

    async def join(self, phone: _Phone) -> None:
        """Join by the link, as a phone does."""
        response = await self._ask(f"/j/{self._link}", method="POST", body="")
        phone.cookie = response.headers["Set-Cookie"].partition(";")[0]
        self._session = response.headers["Location"].partition("?")[0].strip("/").rpartition("/")[2]
        if self._joined:
            self._joined(phone.cookie.partition("=")[2])

    async def _come_in(self, phone: _Phone) -> None:
        """Join and open the page: by that a phone is counted."""
        await self.join(phone)
        with contextlib.suppress(HTTPClientError, OSError):
            await self.open_parts(phone)

    async def open_parts(self, phone: _Phone) -> list[OpenPart]:
        """Return what a phone sees that can be answered now."""
        response = await self._ask(f"/r/{self._session}/mine", phone)
        own_answers: OwnAnswers = json.loads(response.body)
        return own_answers["open"]

    async def answer(self, phone: _Phone, opened: Sequence[OpenPart]) -> None:
        """Answer each of these parts that this phone has not answered yet; one that is refused is left for later."""
        for part in opened:
            if part["part"] not in phone.answered:
                message: AnswerMessage = {"part": part["part"], "revision": 1, "answer": phone.person.answer(part)}
                await self._ask(f"/r/{self._session}/answer", phone, method="POST", body=to_json(message))
                phone.answered.add(part["part"])

    async def _try_to_answer(self, opened: Sequence[OpenPart], phone: _Phone) -> None:
        with contextlib.suppress(HTTPClientError, OSError):
            await self.answer(phone, opened)

    async def _ask(self, path: str, phone: _Phone | None = None, **options: Any) -> HTTPResponse:
        headers = {"Cookie": phone.cookie, "Content-Type": "application/json"} if phone else {}
        return await self._client.fetch(
            self._address + path, headers=headers, follow_redirects=False, raise_error=bool(phone),
            **options,
        )  # fmt: skip
