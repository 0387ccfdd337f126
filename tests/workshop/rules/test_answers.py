"""A phone's answer: taken once, kept, and nobody else's."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3

import pytest

from course.workshop.sessions.session import Session
from course.workshop.wire import AnswerMessage, AnswerSaved
from tests.workshop.live_server import Console, LiveServer, answer
from tests.workshop.stored_rows import stored_answers


def answers_on_disk(live_server: LiveServer, session: Session) -> list[tuple[str, int, str]]:
    return [(part, number, text) for part, _, number, text in stored_answers(live_server.file, session.id)]


def test_an_answer_is_saved_and_is_there_after_a_reload(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    phone = live_server.phone(session)
    console.press("open", question="leak")
    assert answer(phone, session, "leak", "A").json == {"part": "leak", "revision": 1, "saved": True}
    assert answers_on_disk(live_server, session) == [("leak", 1, '"A"')]
    assert phone.get(f"/r/{session.id}/").json["mine"] == {"leak": {"revision": 1, "answer": "A"}}


def test_a_repeat_counts_once_and_an_older_one_that_comes_late_not_at_all(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    phones = [live_server.phone(session) for _ in range(10)]
    console.press("open", question="leak")
    for number, phone in enumerate(phones):
        answer(phone, session, "leak", "A", 1)
        assert answer(phone, session, "leak", "AC"[number % 2], 3).json["revision"] == 3
        assert answer(phone, session, "leak", "AC"[number % 2], 3).json["saved"]
        assert answer(phone, session, "leak", "B", 2).json["revision"] == 3
    assert sorted(answers_on_disk(live_server, session)) == 5 * [("leak", 3, '"A"')] + 5 * [("leak", 3, '"C"')]
    console.press("close", question="leak")
    console.press("reveal", question="leak")
    assert session.model.counts.published("leak", session.model.script.questions()[2])["counts"] == {
        "A": 5,
        "B": 0,
        "C": 5,
    }


def test_nobody_is_told_that_another_answer_than_the_one_they_sent_is_saved(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    """Windows of one phone that know nothing of each other count their revisions alike."""
    phone = live_server.phone(session)
    console.press("open", question="leak")
    answer(phone, session, "leak", "A")
    assert answer(phone, session, "leak", "C").json == {"part": "leak", "revision": 1, "saved": False}
    phone.form(f"/r/{session.id}/answer", {"part": "leak", "answer": "B"})
    for value, is_saved in (("A", False), ("C", False), (None, False), ("B", True)):
        assert answer(phone, session, "leak", value).json == {"part": "leak", "revision": 2, "saved": is_saved}
    assert answers_on_disk(live_server, session) == [("leak", 2, '"B"')]


def test_of_two_answers_that_come_at_once_the_one_that_counts_is_said_to_be_saved(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    phone = live_server.phone(session)
    console.press("open", question="leak")
    assert session.phone_tokens
    person = session.phone_tokens.person(phone.cookies[f"phone-{session.id}"]) or ""

    async def both() -> list[AnswerSaved]:
        messages: list[AnswerMessage] = [{"part": "leak", "revision": 1, "answer": value} for value in "AC"]
        return await asyncio.gather(*(session.answer(person, message, 0.0) for message in messages))

    assert [reply["saved"] for reply in live_server.run(both())] == [True, False]
    assert answers_on_disk(live_server, session) == [("leak", 1, '"A"')]


def test_a_form_is_saved_though_its_phone_sends_something_else_at_the_same_time(
    live_server: LiveServer, session: Session, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone, path = live_server.phone(session), f"/r/{session.id}/answer"
    console.press("open", question="leak")
    save, calls = session.answer, []

    async def overtaken(person: str, message: AnswerMessage, now: float) -> AnswerSaved:
        calls.append(message)
        if len(calls) == 1:
            await save(person, {**message, "answer": "A"}, now)
        return await save(person, message, now)

    monkeypatch.setattr(session, "answer", overtaken)
    went = phone.form(path, {"part": "leak", "answer": "C"})
    assert went.headers["location"] == f"/r/{session.id}/?saved=leak"
    assert answers_on_disk(live_server, session) == [("leak", 2, '"C"')]


def test_only_what_fits_the_question_is_taken(live_server: LiveServer, session: Session, console: Console) -> None:
    for question in ("group", "leak", "attention", "boundaries", "thanks", "promise"):
        console.press("open", question=question)
    phone = live_server.phone(session)
    for number, (part, value, status) in enumerate(
        [
            ("group.G1", 7, 200), ("group.G1", "n", 200), ("group.G1", "7", 200), ("group.G1", 8, 400),
            ("group.G1", True, 400), ("group.G3", 4, 404), ("group", 4, 404), ("leak", "D", 400), ("leak", "a", 400),
            ("leak", None, 200), ("attention", "tea\n", 200), ("attention", "x" * 41, 400), ("attention", 5, 400),
            ("attention", "\ud800", 400), ("boundaries.sources", "not-sure", 200), ("boundaries.limits", "keep", 404),
            ("thanks", {"to": "the porters", "for": "chairs", "meant": ""}, 200), ("thanks", {"too": "x"}, 400),
            ("promise", {"if": "a", "then": "b", "show": "yes"}, 400), ("no-such", "A", 404), ("", "A", 404),
        ],
        start=1,
    ):  # fmt: skip
        reply = answer(phone, session, part, value, number)
        assert reply.status == status, (part, value)
        assert set(reply.json) == ({"part", "revision", "saved"} if status == 200 else {"error", "hint", "status"})


def test_what_stays_private_is_not_kept(live_server: LiveServer, session: Session, console: Console) -> None:
    console.press("open", question="promise")
    answer(live_server.phone(session), session, "promise", {"if": "secret", "then": "secret", "show": False})
    assert answers_on_disk(live_server, session) == [("promise", 1, '{"show":false}')]
    assert console.view()["lines"] == []


def test_a_question_that_is_not_open_takes_nothing(live_server: LiveServer, session: Session, console: Console) -> None:
    phone = live_server.phone(session)
    assert answer(phone, session, "leak", "A").status == 409
    console.press("open", question="leak")
    assert answer(phone, session, "leak", "A").status == 200
    console.press("close", question="leak")
    assert answer(phone, session, "leak", "B", 2).status == 409
    console.press("open", question="leak")
    assert answer(phone, session, "leak", "B", 2).status == 200


def test_without_javascript_a_form_answers_and_passes(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    phone, path = live_server.phone(session), f"/r/{session.id}/answer"
    console.press("open", question="leak")
    went = phone.form(path, {"part": "leak", "answer": "A"})
    assert (went.status, went.headers["location"]) == (303, f"/r/{session.id}/?saved=leak")
    assert phone.get(went.headers["location"]).json["saved"] == "leak"
    phone.form(path, {"part": "leak", "answer": "C"})
    assert answers_on_disk(live_server, session) == [("leak", 2, '"C"')]
    phone.form(path, {"part": "leak", "answer": "C", "skip": "yes"})
    assert answers_on_disk(live_server, session) == [("leak", 3, "null")]
    refused = phone.form(path, {"part": "leak", "answer": "Z"})
    assert refused.status == 400
    assert set(refused.json["problem"]) == {"error", "hint"}


def test_a_phone_sees_its_own_answers_and_no_other_ones(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    phone, other = live_server.phone(session), live_server.phone(session)
    console.press("open", question="attention")
    answer(phone, session, "attention", "only mine")
    assert b"only mine" in phone.get(f"/r/{session.id}/mine").body
    for path in ("", "mine"):
        assert b"only mine" not in other.get(f"/r/{session.id}/{path}").body


def test_a_phone_that_sends_without_end_is_slowed_and_no_other_one(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    flood, other = live_server.phone(session), live_server.phone(session)
    live_server.server.clock = lambda: 1000.0
    console.press("open", question="leak")
    answers = [answer(flood, session, "leak", "A", number) for number in range(1, 80)]
    slowed = next(reply for reply in answers if reply.status != 200)
    assert slowed.status == 429
    assert int(slowed.headers["retry-after"]) >= 1
    assert answer(other, session, "leak", "A").status == 200


def test_an_answer_that_cannot_be_saved_is_asked_for_again(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    phone = live_server.phone(session)
    console.press("open", question="leak")
    with contextlib.closing(sqlite3.connect(live_server.file, isolation_level=None)) as other:
        other.execute("begin immediate")
        refused = answer(phone, session, "leak", "A")
        assert (refused.status, refused.headers["retry-after"]) == (503, "2")
        assert "could not be saved just now" in refused.json["error"]
        assert phone.get(f"/r/{session.id}/mine").json["mine"] == {}
        other.execute("rollback")
    assert answer(phone, session, "leak", "A").json["saved"]
    assert answers_on_disk(live_server, session) == [("leak", 1, '"A"')]


def test_two_rooms_at_once_keep_apart(live_server: LiveServer, session: Session, console: Console) -> None:
    second = live_server.new_session()
    phone = live_server.phone(session)
    live_server.console(second).press("open", question="leak")
    assert answer(phone, second, "leak", "A").status == 401
    assert answer(phone, session, "leak", "A").status == 409
    phone.cookies[f"phone-{second.id}"] = phone.cookies[f"phone-{session.id}"]
    assert answer(phone, second, "leak", "A").status == 401
    assert answers_on_disk(live_server, session) == answers_on_disk(live_server, second) == []
