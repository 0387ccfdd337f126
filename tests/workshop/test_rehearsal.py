"""Made-up phones play the course's own script over the wire, on the course's own pages."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError
from tornado.simple_httpclient import SimpleAsyncHTTPClient

from course.workshop import synthetic_phones
from course.workshop.sessions.session import Session
from course.workshop.synthetic_phones import SyntheticPhones
from tests.waiting import wait_until
from tests.workshop.live_server import LiveServer
from tests.workshop.whole_room import own_console

MANY = 10


@pytest.fixture
def live_server(tmp_path: Path) -> Iterator[LiveServer]:
    live_server = LiveServer(tmp_path)
    yield live_server
    live_server.close()


async def answer_all(phones: SyntheticPhones) -> None:
    for phone in phones.phones:
        await phones.answer(phone, await phones.open_parts(phone))


async def join_all(phones: SyntheticPhones) -> None:
    for phone in phones.phones:
        await phones.join(phone)


class NotingClient(SimpleAsyncHTTPClient):
    """A client that notes every address that it is asked for."""

    addresses: list[str]

    def fetch(self, request: Any, *arguments: Any, **options: Any) -> Any:
        self.addresses.append(str(request))
        return super().fetch(request, *arguments, **options)


def phones_of(live_server: LiveServer, session: Session) -> tuple[SyntheticPhones, list[str]]:
    """Return made-up phones of a session, and all addresses that they ask for."""

    async def make() -> tuple[SyntheticPhones, list[str]]:
        client = NotingClient(force_instance=True, max_clients=20)
        client.addresses = []
        address = f"http://127.0.0.1:{live_server.port}"
        return SyntheticPhones(address, session.access.link, MANY, client=client), client.addresses

    made: tuple[SyntheticPhones, list[str]] = live_server.run(make())
    return made


@contextmanager
def rehearsing(live_server: LiveServer, phones: SyntheticPhones) -> Iterator[None]:
    """Let phones join and answer meanwhile."""
    running = asyncio.run_coroutine_threadsafe(phones.run(), live_server._loop)
    try:
        yield
    finally:
        running.cancel()


def ask(live_server: LiveServer, session: Session) -> None:
    """Open a question in its step."""
    live_server.run(session.perform("step", {"step": "leak"}, 0.0))
    live_server.run(session.perform("open", {"question": "first-act"}, 0.0))


def test_one_phone_looks_what_is_open_and_all_answer(live_server: LiveServer) -> None:
    session = live_server.new_session()
    ask(live_server, session)
    phones, addresses = phones_of(live_server, session)
    with rehearsing(live_server, phones):
        wait_until(lambda: len(session.model.answers.of("first-act")) == MANY)
    looks = [address for address in addresses if address.endswith("/mine")]
    assert len(looks) == MANY + 1, "each as it joins, and then one alone"
    assert len(session.model.people) == MANY


def test_a_phone_that_sees_nothing_any_more_keeps_no_other_from_answering(
    live_server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(synthetic_phones, "POLL_SECONDS", 0.0)
    session = live_server.new_session()
    phones, _ = phones_of(live_server, session)
    with rehearsing(live_server, phones):
        wait_until(lambda: len(session.model.people) == MANY)
        for phone in phones.phones[::2]:
            phone.cookie = "none"
        ask(live_server, session)
        wait_until(lambda: len(session.model.answers.of("first-act")) == MANY // 2)


def test_an_answer_that_came_too_late_is_given_when_the_question_opens_again(live_server: LiveServer) -> None:
    session = live_server.new_session()
    ask(live_server, session)
    phones, _ = phones_of(live_server, session)
    live_server.run(join_all(phones))
    late, *_ = phones.phones
    seen = live_server.run(phones.open_parts(late))
    live_server.run(session.perform("close", {"question": "first-act"}, 0.0))
    with pytest.raises(HTTPClientError, match="409"):
        live_server.run(phones.answer(late, seen))
    ask(live_server, session)
    live_server.run(phones.answer(late, seen))
    live_server.run(phones.answer(late, seen))
    assert [len(session.model.answers.of(part["part"])) for part in seen] == [1]


@pytest.mark.slow
def test_made_up_phones_answer_every_question_of_the_script(live_server: LiveServer) -> None:
    session = live_server.new_session()
    console = own_console(live_server, session)
    phones, _ = phones_of(live_server, session)
    live_server.run(join_all(phones))
    for step in session.model.script.steps:
        console.press("step", step=step.slug)
        for question in step.questions:
            assert console.press("open", question=question.slug).status == 200
            live_server.run(answer_all(phones))
            if question.is_written:
                for line in session.model.lines.of(question.slug):
                    assert console.press("approve", line=line.name).status == 200
            for act in ("close", "reveal"):
                assert console.press(act, question=question.slug).status == 200
            assert session.model.answered_count(question) == MANY
            if question.is_written:
                assert len(session.model.walls.shown(question)) == MANY
        for page in ("", "screen"):
            assert console.get(f"/console/{session.id}/{page}").status == 200
    taken = console.get(f"/console/{session.id}/export.json").json
    assert len(taken["charts"]) == len(
        [question for question in session.model.script.questions() if not question.is_written]
    )
    assert "synthetic-0" in str(taken["thanks"])
    assert console.get(f"/console/{session.id}/export.html").status == 200
