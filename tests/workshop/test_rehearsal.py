"""Made-up phones play the course's own script over the wire, on the course's own pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from course.workshop.synthetic_phones import Phones
from tests.workshop.stage import Host, Stage

MANY = 10


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(tmp_path)
    yield stage
    stage.close()


async def answer_all(phones: Phones) -> None:
    for phone in phones.phones:
        await phones.answer_once(phone)


async def join_all(phones: Phones) -> None:
    for phone in phones.phones:
        await phones.join(phone)


async def made(*given: object) -> Phones:
    return Phones(*given)  # type: ignore[arg-type]


@pytest.mark.slow
def test_made_up_phones_answer_every_question_of_the_script(stage: Stage) -> None:
    room = stage.new_room()
    host = Host(stage.port, room=room.room)
    host.get(stage.server.new_once(room.room))
    host.token = room.doors.form_token(host.cookies[f"console-{room.room}"])
    phones = stage.run(made(stage.port, room.doors.link, MANY))
    stage.run(join_all(phones))
    for step in room.live.script.steps:
        host.press("step", step=step.slug)
        for question in step.questions:
            assert host.press("open", question=question.slug).status == 200
            stage.run(answer_all(phones))
            if question.is_written:
                for line in room.live.lines.of(question.slug):
                    assert host.press("approve", line=line.line).status == 200
            for act in ("close", "reveal"):
                assert host.press(act, question=question.slug).status == 200
            assert room.live.answered_by(question) == MANY
            if question.is_written:
                assert len(room.live.walls.shown(question)) == MANY
        for page in ("", "screen"):
            assert host.get(f"/console/{room.room}/{page}").status == 200
    taken = host.get(f"/console/{room.room}/export.json").json
    assert len(taken["charts"]) == len([one for one in room.live.script.questions() if not one.is_written])
    assert "synthetic-0" in str(taken["thanks"])
    assert host.get(f"/console/{room.room}/export.html").status == 200
