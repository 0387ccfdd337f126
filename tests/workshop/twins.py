"""Two sessions in which the same people do the same at the same moments and only say something else.

Whoever reads the wire may tell the two apart by what `course.privacy` publishes, and by nothing else: while that is
the same in both, so is every byte; once it is not, all the rest still is. Tests that leak show that this finds it.
"""

from __future__ import annotations

import contextlib
import json
import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from course.privacy import MIN_CELL, Distribution, Notice
from course.privacy.live_release import LiveQuestion
from course.workshop.access.tokens import PhoneTokens, seal
from course.workshop.sessions.session import Session
from course.workshop.store import session_keys
from course.workshop.web import broadcast
from tests.privacy.watchers import changed
from tests.workshop.follower import Follower
from tests.workshop.live_server import Browser, Console, LiveServer, Reply, answer

FAMILIES = (("leak",), ("group.G1",), ("group.G2", "group-again.G2"))
"""Parts that ask the same."""
COUNTED = ("leak", "group", "group-again")
_OWN = ("join", "way_in", "pairing", "token")
"""What differs between any two sessions: their address and keys."""


class Side:
    """One of the two sessions, and all who look at it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.live_server = LiveServer(folder, hold=0.0)
        self.name = self.live_server.new_session().id
        self.console: Console = self.live_server.console(self.session)
        self.phones: list[Browser] = []
        self.followers: dict[str, Follower] = {}

    @property
    def session(self) -> Session:
        return self.live_server.server.sessions.by_id[self.name]

    def join(self) -> None:
        """Let one more phone in."""
        self.phones.append(self.live_server.phone(self.session))
        if len(self.phones) == 1:
            self.follow()

    def follow(self) -> None:
        """Have pages follow the session."""
        console = f"/console/{self.name}"
        self.followers = {
            "phone": Follower(self.phones[0], f"/r/{self.name}/events"),
            "console": Follower(self.console, f"{console}/events"),
            "screen": Follower(self.console, f"{console}/screen/events"),
        }

    def restart(self) -> None:
        """Stop the server and start it again."""
        for follower in self.followers.values():
            follower.close()
        self.live_server.restart()
        if self.phones and self.session.phone_tokens:
            self.follow()

    def counts(self) -> dict[str, LiveQuestion]:
        """Return the counts by part."""
        asked = [question for question in self.session.model.script.questions() if question.slug in COUNTED]
        tallies = self.session.model.counts
        return {
            part: count
            for question in asked
            for part, count in zip(self.session.model.parts(question), tallies.of_question(question), strict=True)
        }

    def wire(self) -> dict[str, Any]:
        """Return all that anyone gets to see at this moment, by where they look."""
        self.live_server.run(self.live_server.server.broadcast.send(time.monotonic()))
        pages = {page: self.console.view(page) for page in ("", "screen", "export.json")}
        seen: dict[str, Any] = {
            "pages": pages,
            "csv": self.console.get(f"/console/{self.name}/export.csv").body.decode(),
        }
        if self.phones:
            seen["phone"] = self.phones[0].get(f"/r/{self.name}/").json
            seen["phone"].pop("mine", None)
        seen |= {f"{page} events": follower.waiting() for page, follower in self.followers.items()}
        return self._as_anywhere(seen)

    def _as_anywhere(self, seen: Any) -> Any:
        """Return it without what differs between any two rooms."""

        def without_own(inside: dict[str, Any]) -> dict[str, Any]:
            return {name: value for name, value in inside.items() if name not in _OWN}

        return json.loads(json.dumps(seen).replace(self.name, "ROOM"), object_hook=without_own)

    def close(self) -> None:
        for follower in self.followers.values():
            follower.close()
        self.live_server.close()


class Twins:
    """Both sessions, and who watches them."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        patch.setattr(broadcast, "TICK", 3600.0)
        patch.setattr(session_keys, "new_key", lambda: bytes(range(32)))
        patch.setattr(PhoneTokens, "new_token", lambda people: _token(people, len(self.sides[0].phones)))
        self.sides: list[Side] = []
        self.sides = [Side(folder / "one"), Side(folder / "other")]
        self._same_so_far = True
        self._pictures: dict[tuple[str, ...], list[dict[str, Any]]] = {family: [] for family in FAMILIES}
        self._chart_texts: dict[tuple[str, str], object] = {}
        """What phones said of a question's charts, by all that was published."""
        self.compared = {"whole": 0, "rest": 0}

    def join(self, many: int) -> None:
        """Let more phones in."""
        for _ in range(many):
            for side in self.sides[::-1]:  # the first one's number is the token's, and counts up last
                side.join()

    def come_again(self, phones: Iterable[int]) -> None:
        """Have phones press the button to join, as those do that were removed."""
        for phone in phones:
            for side in self.sides:
                side.phones[phone].form(f"/j/{side.session.access.link}", {})

    def say(self, part: str, pairs_by_phone: Mapping[int, Sequence[Any]], revision: int) -> None:
        """Have phones answer: what each says in the one session and in the other."""
        for phone, answers in pairs_by_phone.items():
            pairs = zip(self.sides, answers, strict=True)
            self._same([answer(side.phones[phone], side.session, part, value, revision) for side, value in pairs])

    def act(self, name: str, **fields: Any) -> None:
        """Press a button of both consoles."""
        self._same([side.console.press(name, **fields) for side in self.sides])

    def restart(self) -> None:
        """Start both servers again."""
        for side in self.sides:
            side.restart()

    def watch(self) -> None:
        """Read the whole wire of both sessions and hold it against what may be there."""
        for side in self.sides:  # what the rules publish grows before each page is made: let it grow first
            side.live_server.run(side.session.saved())
        published = [_published(side) for side in self.sides]
        wires = [side.wire() for side in self.sides]
        for side, wire, shown in zip(self.sides, wires, published, strict=True):
            assert _counts_on(wire) == shown, "leak: the wire has other counts than the rules publish"
            assert all(number % MIN_CELL == 0 for number in _numbers_of_people(wire)), "leak: people counted one by one"
            for question, charts in _chart_texts(wire):
                said = self._chart_texts.setdefault((repr(shown), question), charts)
                assert said == charts, "leak: phones are told more of a chart than is published"
            self._look_at_pictures(side)
        self._same_so_far = self._same_so_far and published[0] == published[1]
        if self._same_so_far:
            self.compared["whole"] += 1
            assert wires[0] == wires[1], "leak: what is published is the same, and the wire is not"
        self.compared["rest"] += 1
        assert _rest(wires[0]) == _rest(wires[1]), "leak: the sessions differ in more than what is published"

    def _look_at_pictures(self, side: Side) -> None:
        """See that no two pictures differ by fewer than five people."""
        if side is not self.sides[0]:
            return
        counts = side.counts()
        for family, seen in self._pictures.items():
            for part in family:
                picture = dict(counts[part].released)
                if picture and counts[part].phones.is_revealed:
                    assert len(picture) >= MIN_CELL, "leak: a picture of a few"
                    near = [earlier for earlier in seen if 0 < changed(earlier, picture) < MIN_CELL]
                    assert not near, "leak: two pictures differ by a few"
                    seen += [picture] if picture not in seen else []

    def _same(self, replies: list[Reply]) -> None:
        first, other = ((reply.status, _plain_headers(reply)) for reply in replies)
        assert first == other, "leak: the same act is answered in another way"

    def close(self) -> None:
        for side in self.sides:
            side.close()


@contextlib.contextmanager
def twins(folder: Path) -> Iterator[Twins]:
    """Open two sessions, and close them again."""
    with pytest.MonkeyPatch.context() as patch:
        both = Twins(folder, patch)
        try:
            yield both
        finally:
            both.close()


def _token(people: PhoneTokens, number: int) -> str:
    token = f"{number:032x}"
    return f"{token}.{seal(people.key, 'token', token)}"


def _published(side: Side) -> dict[str, Any]:
    """Return what the rules publish of each part that is shown, in our own words."""
    wires = {part: count.published for part, count in side.counts().items()}
    return {part: _said(wire) for part, wire in wires.items() if wire is not None}


def _said(wire: Distribution | Notice) -> dict[str, Any]:
    if isinstance(wire, Notice):
        return {"said": wire.key, "option": str(wire.option)}
    counts = {str(answered): shown.count for answered, shown in wire.counts.items()}
    return {"counts": counts, "people": wire.people.count, "in_bands": wire.in_bands}


def _counts_on(wire: Any) -> dict[str, Any]:
    """Return the counts on the wire by part, from what the session takes away."""
    charts = wire["pages"]["export.json"]["charts"]
    return {part["part"]: part["shown"] for chart in charts for part in chart["spec"]["parts"]}


def _numbers_of_people(wire: Any) -> Iterable[int]:
    """Return the numbers of those who joined and answered, wherever they stand."""
    if isinstance(wire, dict):
        yield from (number for name, number in wire.items() if name in ("joined", "answered"))
    for inner in wire.values() if isinstance(wire, dict) else wire if isinstance(wire, list) else ():
        yield from _numbers_of_people(inner)


def _chart_texts(wire: Any) -> Iterator[tuple[str, object]]:
    """Return what a wire says of the charts of each question on phones."""
    if isinstance(wire, dict) and "chart_texts" in wire:
        yield wire["question"], wire["chart_texts"]
    for inner in wire.values() if isinstance(wire, dict) else wire if isinstance(wire, list) else []:
        yield from _chart_texts(inner)


def _rest(wire: Any) -> str:
    """Return the wire without what is published: counts, and names and words of charts, which are made from them."""

    def blank(inside: dict[str, Any]) -> dict[str, Any]:
        return {name: "SHOWN" if name in ("shown", "chart_texts") else value for name, value in inside.items()}

    compared = {name: value for name, value in wire.items() if name in ("pages", "phone", "phone events")}
    text = json.dumps(json.loads(json.dumps(compared), object_hook=blank), sort_keys=True)
    return re.sub(r"(/chart/[\w-]+)-[0-9a-f]{16}", r"\1", text)


def _plain_headers(reply: Reply) -> dict[str, str]:
    return {name: value for name, value in reply.headers.items() if name not in ("date", "set-cookie", "etag")}
