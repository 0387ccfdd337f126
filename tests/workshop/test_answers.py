"""A phone's answer: taken once, kept, and nobody else's."""

from __future__ import annotations

import contextlib
import sqlite3

from course.workshop.session import OpenRoom
from tests.workshop.stage import Host, Stage, answer


def kept(stage: Stage, room: OpenRoom) -> list[tuple[str, int, str]]:
    return [(part, number, text) for part, _, number, text in stage.server._store.answers(room.room)]


def test_an_answer_is_saved_and_is_there_after_a_reload(stage: Stage, room: OpenRoom, host: Host) -> None:
    phone = stage.phone(room)
    host.press("open", question="leak")
    assert answer(phone, room, "leak", "A").json == {"part": "leak", "revision": 1, "saved": True}
    assert kept(stage, room) == [("leak", 1, '"A"')]
    assert phone.get(f"/r/{room.room}/").json["mine"] == {"leak": {"revision": 1, "answer": "A"}}


def test_a_repeat_counts_once_and_an_older_one_that_comes_late_not_at_all(
    stage: Stage, room: OpenRoom, host: Host
) -> None:
    phones = [stage.phone(room) for _ in range(10)]
    host.press("open", question="leak")
    for number, phone in enumerate(phones):
        answer(phone, room, "leak", "A", 1)
        assert answer(phone, room, "leak", "AC"[number % 2], 3).json["revision"] == 3
        assert answer(phone, room, "leak", "AC"[number % 2], 3).json["saved"]
        assert answer(phone, room, "leak", "B", 2).json["revision"] == 3
    assert sorted(kept(stage, room)) == 5 * [("leak", 3, '"A"')] + 5 * [("leak", 3, '"C"')]
    host.press("close", question="leak")
    host.press("reveal", question="leak")
    assert room.live.tallies.published("leak", room.live.script.questions()[2])["counts"] == {"A": 5, "B": 0, "C": 5}


def test_only_what_fits_the_question_is_taken(stage: Stage, room: OpenRoom, host: Host) -> None:
    for question in ("group", "leak", "attention", "boundaries", "thanks", "promise"):
        host.press("open", question=question)
    phone = stage.phone(room)
    for number, (part, given, status) in enumerate(
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
        got = answer(phone, room, part, given, number)
        assert got.status == status, (part, given)
        assert set(got.json) == ({"part", "revision", "saved"} if status == 200 else {"error", "hint", "status"})


def test_what_stays_private_is_not_kept(stage: Stage, room: OpenRoom, host: Host) -> None:
    host.press("open", question="promise")
    answer(stage.phone(room), room, "promise", {"if": "secret", "then": "secret", "show": False})
    assert kept(stage, room) == [("promise", 1, '{"show":false}')]
    assert host.view()["lines"] == []


def test_a_question_that_is_not_open_takes_nothing(stage: Stage, room: OpenRoom, host: Host) -> None:
    phone = stage.phone(room)
    assert answer(phone, room, "leak", "A").status == 409
    host.press("open", question="leak")
    assert answer(phone, room, "leak", "A").status == 200
    host.press("close", question="leak")
    assert answer(phone, room, "leak", "B", 2).status == 409
    host.press("open", question="leak")
    assert answer(phone, room, "leak", "B", 2).status == 200


def test_without_javascript_a_form_answers_and_passes(stage: Stage, room: OpenRoom, host: Host) -> None:
    phone, path = stage.phone(room), f"/r/{room.room}/answer"
    host.press("open", question="leak")
    went = phone.form(path, {"part": "leak", "answer": "A"})
    assert (went.status, went.headers["location"]) == (303, f"/r/{room.room}/?saved=leak")
    assert phone.get(went.headers["location"]).json["saved"] == "leak"
    phone.form(path, {"part": "leak", "answer": "C"})
    assert kept(stage, room) == [("leak", 2, '"C"')]
    phone.form(path, {"part": "leak", "answer": "C", "skip": "yes"})
    assert kept(stage, room) == [("leak", 3, "null")]
    refused = phone.form(path, {"part": "leak", "answer": "Z"})
    assert refused.status == 400
    assert set(refused.json["problem"]) == {"error", "hint"}


def test_a_phone_sees_its_own_answers_and_no_other_ones(stage: Stage, room: OpenRoom, host: Host) -> None:
    one, other = stage.phone(room), stage.phone(room)
    host.press("open", question="attention")
    answer(one, room, "attention", "only mine")
    assert b"only mine" in one.get(f"/r/{room.room}/mine").body
    for path in ("", "mine"):
        assert b"only mine" not in other.get(f"/r/{room.room}/{path}").body


def test_a_phone_that_sends_without_end_is_slowed_and_no_other_one(stage: Stage, room: OpenRoom, host: Host) -> None:
    flood, other = stage.phone(room), stage.phone(room)
    host.press("open", question="leak")
    answers = [answer(flood, room, "leak", "A", number) for number in range(1, 80)]
    slowed = next(one for one in answers if one.status != 200)
    assert slowed.status == 429
    assert int(slowed.headers["retry-after"]) >= 1
    assert answer(other, room, "leak", "A").status == 200


def test_an_answer_that_cannot_be_saved_is_asked_for_again(stage: Stage, room: OpenRoom, host: Host) -> None:
    phone = stage.phone(room)
    host.press("open", question="leak")
    with contextlib.closing(sqlite3.connect(stage.file, isolation_level=None)) as other:
        other.execute("begin immediate")
        refused = answer(phone, room, "leak", "A")
        assert (refused.status, refused.headers["retry-after"]) == (503, "2")
        assert "Not saved" in refused.json["error"]
        assert phone.get(f"/r/{room.room}/mine").json["mine"] == {}
        other.execute("rollback")
    assert answer(phone, room, "leak", "A").json["saved"]
    assert kept(stage, room) == [("leak", 1, '"A"')]


def test_two_rooms_at_once_keep_apart(stage: Stage, room: OpenRoom, host: Host) -> None:
    second = stage.new_room()
    phone = stage.phone(room)
    stage.host(second).press("open", question="leak")
    assert answer(phone, second, "leak", "A").status == 401
    assert answer(phone, room, "leak", "A").status == 409
    phone.cookies[f"phone-{second.room}"] = phone.cookies[f"phone-{room.room}"]
    assert answer(phone, second, "leak", "A").status == 401
    assert kept(stage, room) == kept(stage, second) == []
