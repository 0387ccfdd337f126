"""The facilitator says how many people are there: the console fits itself to it, and no threshold knows it."""

from __future__ import annotations

import pytest

from course.workshop.sessions.session import Session
from tests.cases import every
from tests.workshop.live_server import Console, LiveServer, answer

pytestmark = pytest.mark.slow

SIZES = ("", "1", "4", "7", "30", "5000")


def run(live_server: LiveServer, size: str, phones: int) -> object:
    """Run a session of so many phones under a number that was typed in; return all that is shown and kept of it."""
    session = live_server.new_session()
    console = live_server.console(session)
    if size:
        assert console.press("group-size", people=size).status == 200
    for question in ("group", "leak", "attention"):
        console.press("open", question=question)
    for number in range(phones):
        phone = live_server.phone(session)
        for part, value in (("group.G1", 1 + number % 7), ("leak", "AC"[number % 2]), ("attention", f"word {number}")):
            assert answer(phone, session, part, value).status == 200
    console.press("paper", csv="part,answer,count\nleak,B,4\n")
    for question in ("group", "leak", "attention"):
        console.press("close", question=question)
    for line in session.model.lines.every():
        console.press("approve", line=line.name)
    for question in ("group", "leak", "attention"):
        console.press("reveal", question=question)
    screen, phone_page = console.view("screen"), live_server.phone(session).get(f"/r/{session.id}/").json
    charts = console.get(f"/console/{session.id}/export.json").json["charts"]
    walls = [sorted(line["text"] for line in result["lines"]) for result in screen["results"]]
    pages = [sorted(page) for page in (screen, phone_page)]
    return [chart["spec"] for chart in charts], walls, phone_page["questions"], phone_page["seen"], pages


@every("phones", [4, 7, 12])
def test_what_is_shown_is_the_same_whatever_number_was_typed_in(live_server: LiveServer, phones: int) -> None:
    first, *others = [run(live_server, size, phones) for size in SIZES]
    assert all(other == first for other in others)
    counts = str(first).count("'counts'")
    assert (counts > 0) == (phones > 4), "the test would see nothing"


def test_the_number_is_on_the_console_alone_and_goes_with_the_session(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    assert console.view()["group_size"] == 0
    console.press("group-size", people="8")
    live_server.restart()
    assert (console.view()["group_size"], console.view()["group_kind"]) == (8, "small")
    assert "group_size" not in console.view("screen")
    console.press("close-session", days=1)
    assert console.view()["group_size"] == 0


@every("typed", ["", "0", "-1", "five", "5.5", "5001", "²", "٤", "1" * 40])
def test_what_is_no_number_of_people_is_refused(console: Console, typed: str) -> None:
    console.press("group-size", people="8")
    refused = console.press("group-size", people=typed)
    assert (refused.status, refused.json["error"]) == (400, "This is no number of people.")
    assert console.view()["group_size"] == 8


def test_the_console_offers_the_talk_where_nothing_may_be_shown(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    def shown() -> dict[str, str]:
        return {question["question"]: question["shown"] for question in console.view()["questions"]}

    for question in ("leak", "attention"):
        console.press("open", question=question)
    phones = [live_server.phone(session) for _ in range(5)]
    for phone in phones[:4]:
        answer(phone, session, "leak", "A")
        answer(phone, session, "attention", "a word")
    assert shown() == {"attention": "", "group": "", "leak": ""}
    for question in ("leak", "attention"):
        console.press("close", question=question)
    assert shown() == {"attention": "result", "group": "", "leak": "nothing"}, "lines are there to be read"
    for line in session.model.lines.every():
        console.press("approve", line=line.name)
    assert shown() == {"attention": "nothing", "group": "", "leak": "nothing"}
    console.press("open", question="leak")
    answer(phones[4], session, "leak", "A")
    console.press("close", question="leak")
    assert shown()["leak"] == "result", "before it is shown, nobody knows that all said the same"
    console.press("reveal", question="leak")
    assert shown()["leak"] == "nothing"
