"""Made-up phones play the course's own script over the wire, on the course's own pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from course.workshop.synthetic_phones import SyntheticPhones
from tests.workshop.stage import Console, Stage

MANY = 10


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(tmp_path)
    yield stage
    stage.close()


async def answer_all(phones: SyntheticPhones) -> None:
    for phone in phones.phones:
        await phones.answer_once(phone)


async def join_all(phones: SyntheticPhones) -> None:
    for phone in phones.phones:
        await phones.join(phone)


async def made(*given: object) -> SyntheticPhones:
    return SyntheticPhones(*given)  # type: ignore[arg-type]


@pytest.mark.slow
def test_made_up_phones_answer_every_question_of_the_script(stage: Stage) -> None:
    session = stage.new_session()
    console = Console(stage.port, session=session.id)
    console.get(stage.server.new_console_link(session.id))
    console.token = session.access.form_token(console.cookies[f"console-{session.id}"])
    phones = stage.run(made(stage.port, session.access.link, MANY))
    stage.run(join_all(phones))
    for step in session.model.script.steps:
        console.press("step", step=step.slug)
        for question in step.questions:
            assert console.press("open", question=question.slug).status == 200
            stage.run(answer_all(phones))
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
    assert len(taken["charts"]) == len([one for one in session.model.script.questions() if not one.is_written])
    assert "synthetic-0" in str(taken["thanks"])
    assert console.get(f"/console/{session.id}/export.html").status == 200
