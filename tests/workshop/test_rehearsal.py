"""Made-up phones play the course's own script over the wire, on the course's own pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from course.workshop.synthetic_phones import SyntheticPhones
from tests.workshop.live_server import Console, LiveServer

MANY = 10


@pytest.fixture
def live_server(tmp_path: Path) -> Iterator[LiveServer]:
    live_server = LiveServer(tmp_path)
    yield live_server
    live_server.close()


async def answer_all(phones: SyntheticPhones) -> None:
    for phone in phones.phones:
        await phones.answer_once(phone)


async def join_all(phones: SyntheticPhones) -> None:
    for phone in phones.phones:
        await phones.join(phone)


async def synthetic_phones(*arguments: object) -> SyntheticPhones:
    return SyntheticPhones(*arguments)  # type: ignore[arg-type]


@pytest.mark.slow
def test_made_up_phones_answer_every_question_of_the_script(live_server: LiveServer) -> None:
    session = live_server.new_session()
    console = Console(live_server.port, session=session.id)
    console.get(live_server.server.new_console_link(session.id))
    console.token = session.access.form_token(console.cookies[f"console-{session.id}"])
    phones = live_server.run(synthetic_phones(f"http://127.0.0.1:{live_server.port}", session.access.link, MANY))
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
