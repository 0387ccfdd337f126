"""Made-up people in a live session, without windows: they join, answer and write, and the facilitator approves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from course.workshop.wire import Answer, AnswerMessage
from tests.browser.room_windows import Windows

LINES = (
    "How fast we decide when something is urgent",
    "Whether we say openly that a plan has failed",
    "Who may speak for all of us in public, and when they have to ask first",
    "How much time we need before we can trust someone who is new here",
    "What belongs in the minutes",
    "Whether it is kind or unkind to name a mistake in front of others, and how soon after it happened we should do so",
    "Money",
    "How we share what we know with the night team, who never see us and hear of most decisions a week later",
)


def texts(count: int, of: Sequence[str] = LINES) -> list[str]:
    """Return so many different lines, some short and some as long as they may be."""
    return [f"{of[number % len(of)]} ({number})" for number in range(count)]


def answer(windows: Windows, answers: Sequence[Mapping[str, Answer]]) -> None:
    """Let one more person join for each entry, and answer each of its parts."""
    session = windows.session

    async def join_and_answer() -> None:
        for person_answers in answers:
            person = session.person(session.join())
            await session.arrive(person)
            for part, given in person_answers.items():
                message: AnswerMessage = {"part": part, "revision": 1, "answer": given}
                await session.answer(person, message, 0.0)

    windows.live_server.run(join_and_answer())


def approve_all(windows: Windows, question: str) -> None:
    """Approve every line of a question."""

    async def approve() -> None:
        for line in windows.session.model.lines.of(question):
            await windows.session.perform("approve", {"line": line.name}, 0.0)

    windows.live_server.run(approve())


def show_wall(windows: Windows, step: str, question: str, lines: Sequence[Answer]) -> None:
    """Put a wall of these lines on the screen."""
    windows.open(step, question)
    answer(windows, [{question: line} for line in lines])
    approve_all(windows, question)
    windows.act("close", question=question)
    windows.act("reveal", question=question)
