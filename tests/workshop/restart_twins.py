"""A session that is made anew from its store after each event, beside one that never is: both must show the same."""

from __future__ import annotations

import asyncio
import datetime
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from course.core.errors import SessionRefused
from course.workshop.access.tokens import PhoneTokens, seal
from course.workshop.script.script import read_stored_script
from course.workshop.sessions.session import Session
from course.workshop.sessions.sessions import Sessions
from course.workshop.store import session_keys
from course.workshop.store.session_keys import KeyFolder
from course.workshop.store.store import Store
from course.workshop.views.console_view import console_view
from course.workshop.views.page_parts import line_text
from course.workshop.views.phone_view import open_parts, phone_view
from course.workshop.views.result_views import session_record
from course.workshop.views.screen_view import ServerInfo, screen_view

SCRIPT = (Path(__file__).parent / "script.toml").read_text(encoding="utf-8")
SERVER = ServerInfo("http://192.0.2.1:8890")
NOW = 2_000_000_000.0
TODAY = datetime.date(2033, 5, 18)


class Side:
    """One of the two sessions: the rules and the store, without the server around them."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self._loop = asyncio.new_event_loop()
        keys = KeyFolder(folder / "keys")
        self._store = Store(f"sqlite:///{folder / 'rooms.sqlite'}", keys, self._loop.call_soon_threadsafe, hold=0.0)
        self.session: Session = self.run(Sessions(self._store).new_session(read_stored_script(SCRIPT)))
        self.tokens: list[str] = []
        self.refusals: list[str] = []
        """What was refused, in words."""

    def run(self, coroutine: Any) -> Any:
        """Run a coroutine and return what it returns."""
        return self._loop.run_until_complete(coroutine)

    def attempt(self, coroutine: Any) -> None:
        """Do something that may be refused; note why."""
        try:
            self.run(coroutine)
        except SessionRefused as refusal:
            self.refusals.append(refusal.message)

    def restart(self) -> None:
        """Make the session anew from what is in the store."""
        sessions = Sessions(self._store)
        assert not sessions.unread
        self.session = sessions.by_id[self.session.id]

    def join(self) -> None:
        self.tokens.append(self.session.join())
        self.run(self.session.arrive(self.session.person(self.tokens[-1])))

    def come_again(self, phone: int) -> None:
        """Have a phone that was removed join again by its own token, if it may."""
        self.attempt(self.session.admit_again(self.tokens[phone]))

    def answer(self, phone: int, part: str, value: Any, revision: int) -> None:
        async def send() -> None:
            person = self.session.person(self.tokens[phone])
            await self.session.answer(person, {"part": part, "revision": revision, "answer": value}, NOW)

        self.attempt(send())

    def press(self, action: str, **fields: Any) -> None:
        self.attempt(self.session.perform(action, fields, NOW))

    def pseudonym(self, token: str) -> str:
        """Return the pseudonym of a phone, also of one that was removed."""
        assert self.session.phone_tokens
        return self.session.phone_tokens.person(token) or ""

    def line(self, text: str) -> str:
        """Return the name of the line with these words."""
        model = self.session.model
        return next((line.name for line in model.lines.every() if line_text(model, line) == text), "gone")

    def seen(self) -> dict[str, Any]:
        """Return all that anybody gets to see."""
        self.run(self.session.saved())
        session, model = self.session, self.session.model
        seen: dict[str, Any] = {
            "phone": phone_view(session),
            "open": open_parts(model),
            "screen": screen_view(session, SERVER, NOW),
            "console": console_view(session, SERVER, NOW),
            "export": session_record(session, TODAY),
            "refused": self.refusals,
        }
        if session.is_open:
            seen["inside"] = [not session.is_removed(token) for token in self.tokens]
            seen["own"] = [model.answers.of_phone(self.pseudonym(token)) for token in self.tokens]
        return seen

    def close(self) -> None:
        self._store.close()
        self._loop.close()


class RestartTwins:
    """Two sessions to which the same happens; one of them is made anew from its store after each event."""

    def __init__(self, folder: Path) -> None:
        self._patch = pytest.MonkeyPatch()
        names = itertools.cycle(["0badcafe"])
        self._patch.setattr("course.workshop.sessions.sessions.secrets.token_hex", lambda size: next(names))
        self._patch.setattr(session_keys, "new_key", lambda: bytes(range(32)))
        self._patch.setattr(PhoneTokens, "new_token", lambda tokens: _token(tokens, len(self.sides[0].tokens)))
        self._patch.setattr("course.workshop.sessions.sessions.time.time", lambda: NOW)
        self.sides: list[Side] = []
        self.sides = [Side(folder / "never restarted"), Side(folder / "restarted")]

    def do(self, event: Callable[[Side], object]) -> None:
        """Let something happen in both sessions, and see that one cannot be told from the other."""
        for side in self.sides[::-1]:  # the first one's number is the token's, and counts up last
            event(side)
        self.sides[1].restart()
        never, restarted = (side.seen() for side in self.sides)
        assert never == restarted, list(_differences(never, restarted))

    def close(self) -> None:
        for side in self.sides:
            side.close()
        self._patch.undo()


def _token(tokens: PhoneTokens, number: int) -> str:
    token = f"{number:032x}"
    return f"{token}.{seal(tokens.key, 'token', token)}"


def _differences(never: Any, restarted: Any) -> Iterator[tuple[str, str, Any, str, Any]]:
    """Yield each place at which the two show something else."""
    flat = dict(_flat(never)), dict(_flat(restarted))
    for place in sorted({*flat[0], *flat[1]}):
        values = [side.get(place, "nothing") for side in flat]
        if values[0] != values[1]:
            yield place, "never restarted:", values[0], "restarted:", values[1]


def _flat(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Yield each single thing that is shown, by where it stands."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    if not inside:
        yield place, value
    for name, inner in inside:
        yield from _flat(inner, f"{place}/{name}")
