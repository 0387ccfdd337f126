"""The phones that joined last are taken out: what becomes of them, of their answers and of what they wrote."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from typing import Any

import pytest

from course.workshop.sessions.session import Session
from tests.workshop.follower import Follower
from tests.workshop.live_server import Browser, Console, LiveServer, answer

pytestmark = pytest.mark.slow


def join(live_server: LiveServer, session: Session, many: int) -> list[Browser]:
    return [live_server.phone(session) for _ in range(many)]


def let_in_again(console: Console) -> None:
    for to in ("shut", "open"):
        assert console.press("door", to=to).status == 200


def remove(console: Console) -> None:
    assert console.press("remove-phones", sure="yes").status == 200


def people_shown(console: Console, question: str) -> int:
    """Return how many answers are in the chart of a question's first part."""
    charts = console.view("export.json")["charts"]
    shown = next(chart["spec"]["parts"][0]["shown"] for chart in charts if chart["question"] == question)
    return int(shown.get("people", 0))


def test_those_who_joined_last_are_out_and_the_others_go_on(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    console.press("open", question="leak")
    phones = join(live_server, session, 2)
    let_in_again(console)
    late = join(live_server, session, 6)
    stream = Follower(late[0], f"/r/{session.id}/events")
    stream.next()
    remove(console)
    while not (event := stream.next()).startswith(b"event: gone"):
        assert event.startswith(b"event: session")
    stream.close()
    assert [answer(phone, session, "leak", "A").status for phone in (*phones, *late)] == [200] * 2 + [410] * 6
    for path in ("", "mine", "now", "events"):
        assert late[0].get(f"/r/{session.id}/{path}").status == 410
    assert phones[0].get(f"/r/{session.id}/mine").status == 200
    page = late[0].get(f"/r/{session.id}/").json
    assert (page["became"], page["link"]) == ("removed", f"/j/{session.access.link}")
    assert live_server.browser().form(f"/j/{session.access.link}", {}).status == 403
    way_in = console.view()["way_in"]
    assert (way_in["is_shut"], way_in["has_removed"]) == (True, True)


def test_a_form_that_comes_too_late_shows_its_words_for_the_person_to_copy(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    console.press("open", question="attention")
    (phone,) = join(live_server, session, 1)
    remove(console)
    reply = phone.form(f"/r/{session.id}/answer", {"part": "attention", "answer": "half a thought"})
    assert (reply.status, reply.json["became"], reply.json["unsent"]) == (410, "removed", ["half a thought"])


@pytest.mark.parametrize("late,counted,joined", [(4, 16, 15), (5, 12, 10)])
def test_answers_and_the_number_of_phones_go_down_by_five_or_not_at_all(
    live_server: LiveServer, session: Session, console: Console, late: int, counted: int, joined: int
) -> None:
    console.press("open", question="leak")
    phones = join(live_server, session, 12)
    let_in_again(console)
    phones += join(live_server, session, late)
    for number, phone in enumerate(phones):
        answer(phone, session, "leak", "ABC"[number % 3])
    assert console.view()["joined"] == 15
    remove(console)
    assert console.view()["joined"] == joined
    assert next(one["answered"] for one in console.view()["questions"] if one["question"] == "leak") == 15
    console.press("close", question="leak")
    console.press("reveal", question="leak")
    assert people_shown(console, "leak") == counted


def test_what_was_shown_stays_with_their_answers(live_server: LiveServer, session: Session, console: Console) -> None:
    for question in ("leak", "group"):
        console.press("open", question=question)
    for number, phone in enumerate(join(live_server, session, 12)):
        answer(phone, session, "leak", "AB"[number % 2])
        answer(phone, session, "group.G1", 1 + number % 7)
    for act in ("close", "reveal"):
        console.press(act, question="leak")
    remove(console)
    for act in ("undo", "open", "close", "reveal"):
        console.press(act, question="leak")
        console.press("close" if act == "close" else "reveal", question="group")
    assert (people_shown(console, "leak"), people_shown(console, "group")) == (12, 0)


def test_who_is_let_in_again_is_the_same_as_before(live_server: LiveServer, session: Session, console: Console) -> None:
    console.press("open", question="leak")
    phones = join(live_server, session, 4)
    for phone in phones:
        answer(phone, session, "leak", "A")
    remove(console)
    assert phones[0].form(f"/j/{session.access.link}", {}).status == 403
    console.press("door", to="open")
    assert phones[0].get(f"/j/{session.access.link}").status == 200
    for phone in phones:
        assert phone.form(f"/j/{session.access.link}", {}).headers["location"] == f"/r/{session.id}/?joined=yes"
        assert phone.get(f"/r/{session.id}/").json["mine"]["leak"] == {"revision": 1, "answer": "A"}
        assert answer(phone, session, "leak", "B", revision=2).status == 200
    assert (len(session.model.people), console.view()["joined"]) == (4, 0)
    for act in ("close", "reveal"):
        console.press(act, question="leak")
    assert people_shown(console, "leak") == 0


def test_who_is_let_in_again_can_answer_what_was_taken_back(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    console.press("open", question="leak")
    phones = join(live_server, session, 6)
    for phone in phones:
        answer(phone, session, "leak", "A")
    remove(console)
    console.press("door", to="open")
    phones[0].form(f"/j/{session.access.link}", {})
    assert phones[0].get(f"/r/{session.id}/mine").json["mine"] == {"leak": {"revision": 2, "answer": None}}
    assert answer(phones[0], session, "leak", "B", revision=3).json["revision"] == 3
    remove(console)
    assert session.model.answers.of_phone(person(session, phones[0]))["leak"]["answer"] == "B"


def test_a_page_that_missed_that_its_answers_left_is_not_told_that_another_one_is_saved(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    """A phone that slept through it all counts its revisions on from what it sent itself."""
    console.press("open", question="leak")
    phones = join(live_server, session, 6)
    for phone in phones:
        answer(phone, session, "leak", "A")
    remove(console)
    console.press("door", to="open")
    phones[0].form(f"/j/{session.access.link}", {})
    assert answer(phones[0], session, "leak", "B", revision=2).status == 409
    assert answer(phones[0], session, "leak", "B", revision=3).json["saved"]
    assert answer(phones[0], session, "leak", "B", revision=3).json["saved"]
    assert answer(phones[0], session, "leak", None, revision=4).json["saved"]
    assert answer(phones[0], session, "leak", None, revision=4).json["saved"]


def person(session: Session, phone: Browser) -> str:
    assert session.phone_tokens
    return session.phone_tokens.person(phone.cookies[f"phone-{session.id}"]) or ""


def texts(console: Console) -> set[str]:
    return {line["text"] for line in console.view()["lines"]}


@pytest.mark.parametrize("early,late,left", [(5, 5, 5), (5, 4, 9), (4, 5, 9), (0, 5, 0)])
def test_lines_that_were_not_shown_leave_where_nobody_can_tell_whose_is_whose(
    live_server: LiveServer, session: Session, console: Console, early: int, late: int, left: int
) -> None:
    console.press("open", question="attention")
    phones = join(live_server, session, early)
    let_in_again(console)
    phones += join(live_server, session, late)
    for number, phone in enumerate(phones):
        answer(phone, session, "attention", f"word {number}")
    console.press("close", question="attention")
    assert len(texts(console)) == early + late
    remove(console)
    assert texts(console) == {f"word {number}" for number in range(left)}
    live_server.restart()
    assert texts(console) == {f"word {number}" for number in range(left)}


def test_lines_that_were_shown_or_are_kept_aside_stay(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    console.press("open", question="attention")
    phones = join(live_server, session, 11)
    for number, phone in enumerate(phones[:5]):
        answer(phone, session, "attention", f"word {number}")
    for act in ("close", "reveal"):
        console.press(act, question="attention")
    for line in session.model.lines.of("attention"):
        console.press("approve", line=line.name)
    console.press("open", question="attention")
    for number, phone in enumerate(phones[5:], start=5):
        answer(phone, session, "attention", f"word {number}")
    console.press("close", question="attention")
    aside = next(line for line in console.view()["lines"] if line["text"] == "word 7")
    console.press("aside-lines", lines=aside["names"])
    remove(console)
    assert texts(console) == {f"word {number}" for number in (0, 1, 2, 3, 4, 7)}


def test_while_a_question_is_open_five_others_have_to_wait_with_their_lines(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    console.press("open", question="attention")
    console.press("open", question="differences")
    early = join(live_server, session, 5)
    let_in_again(console)
    late = join(live_server, session, 5)
    for number, phone in enumerate([*early, *late]):
        answer(phone, session, "attention", f"word {number}")
        if phone is not early[0]:
            answer(phone, session, "differences", f"line {number}")
    remove(console)
    for question in ("attention", "differences"):
        console.press("close", question=question)
    console.press("step", step="check-in")
    assert {text for text in texts(console) if text.startswith("word")} == {f"word {number}" for number in range(5)}
    assert len({text for text in texts(console) if text.startswith("line")}) == 9


def test_it_takes_a_tick_and_an_open_session(live_server: LiveServer, session: Session, console: Console) -> None:
    (phone,) = join(live_server, session, 1)
    reply = console.press("remove-phones", sure="")
    assert (reply.status, reply.json["error"]) == (400, "No phones were taken out.")
    assert phone.get(f"/r/{session.id}/").status == 200
    assert console.press("remove-phones", sure="yes", person="x").status == 400
    console.press("close-session", days="1")
    assert console.press("remove-phones", sure="yes").status == 410


def test_a_restart_changes_nothing_of_it(live_server: LiveServer, session: Session, console: Console) -> None:
    console.press("open", question="leak")
    phones = join(live_server, session, 12)
    let_in_again(console)
    late = join(live_server, session, 6)
    for number, phone in enumerate([*phones, *late]):
        answer(phone, session, "leak", "AB"[number % 2])
    live_server.restart()
    remove(console)
    live_server.restart()
    session = live_server.server.sessions.find(session.id)
    assert [phone.get(f"/r/{session.id}/mine").status for phone in (phones[0], late[0])] == [200, 410]
    assert (console.view()["joined"], console.view()["way_in"]["has_removed"]) == (10, True)
    for act in ("close", "reveal"):
        console.press(act, question="leak")
    assert people_shown(console, "leak") == 12


def test_what_is_on_its_way_while_phones_are_removed_is_refused_or_leaves_with_them(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    console.press("open", question="leak")
    phones = join(live_server, session, 9)
    people = [person(session, phone) for phone in phones]

    async def all_at_once() -> list[Any]:
        def send(one: str, revision: int) -> Any:
            return session.answer(one, {"part": "leak", "revision": revision, "answer": "A"}, 0.0)

        before = [send(one, 1) for one in people]
        removing = session.perform("remove-phones", {"sure": "yes"}, 0.0)
        after = [send(one, 2) for one in people]
        late = session.arrive(session.person(session.join()))
        return await asyncio.gather(*before, removing, *after, late, return_exceptions=True)

    done = live_server.run(all_at_once())
    assert done[:10] == [{"part": "leak", "revision": 1, "saved": True}] * 9 + [None]
    assert {getattr(refusal, "status", 200) for refusal in done[10:19]} == {410}
    assert done[19].status == 403
    assert set(session.model.answers.of("leak").values()) == {(2, None)}
    live_server.restart()
    session = live_server.server.sessions.find(session.id)
    assert [*session.model.answers.of("leak").values()] == [(2, None)] * 9
    assert len(session.model.people) == 9


def test_nothing_of_who_was_removed_is_kept_after_the_close(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    join(live_server, session, 6)
    remove(console)
    console.press("door", to="open")
    join(live_server, session, 1)
    console.press("close-session", days="1")
    assert session.model.state.admissions == {}
    assert session.model.admissions.to_store() == {"before": [], "removed": [], "uncounted": []}
    assert console.view()["joined"] == 0


def test_what_could_not_be_written_is_written_before_anything_is_shown(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    console.press("open", question="leak")
    phones = join(live_server, session, 6)
    for phone in phones:
        answer(phone, session, "leak", "A")

    with contextlib.closing(sqlite3.connect(live_server.file, isolation_level=None)) as other:
        other.execute("begin immediate")
        assert console.press("remove-phones", sure="yes").status == 503
        other.execute("rollback")
    console.view()
    live_server.restart()
    session = live_server.server.sessions.find(session.id)
    rows: dict[str, Any] = dict(session.model.answers.of("leak"))
    assert [*rows.values()] == [(2, None)] * 6
