"""What the console offers as next, over the wire: with a script and without, pressed twice, and while people answer."""

from __future__ import annotations

import threading

import pytest

from course.workshop.sessions.session import Session
from tests.workshop.live_server import Console, LiveServer, answer
from tests.workshop.walls import fill_wall

pytestmark = pytest.mark.slow


def offered(console: Console) -> list[str]:
    view = console.view()
    return [view[place]["action"] if view[place] else "" for place in ("next", "skip", "back")]


def test_a_press_does_what_was_shown_and_is_refused_the_second_time(session: Session, console: Console) -> None:
    assert offered(console) == ["open attention", "open group", ""]
    assert console.press("next", shown="open attention").status == 200
    again = console.press("next", shown="open attention")
    assert (again.status, again.json["hint"]) == (409, "Read the button again before you press.")
    assert offered(console)[0] == "close attention"


def test_a_form_without_a_script_walks_too(session: Session, console: Console) -> None:
    path = f"/console/{session.id}/action"
    fields = {"token": console.token, "action": "next", "shown": "open attention"}
    assert console.form(path, fields).status == 303
    refused = console.form(path, fields)
    assert (refused.status, refused.json["problem"]["hint"]) == (409, "Read the button again before you press.")
    assert session.model.state.question("attention").phase == "open"


def test_two_presses_at_once_do_one_thing(session: Session, console: Console) -> None:
    """Whichever comes first is done; the other one is refused, as it is not offered any more."""
    statuses: list[int] = []
    threads = [
        threading.Thread(target=lambda: statuses.append(console.press("next", shown="open attention").status))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200, *[409] * 7]
    assert session.model.state.question("attention").phase == "open"


def test_no_answer_is_taken_once_next_has_closed_its_question(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    phones = [live_server.phone(session) for _ in range(6)]
    console.press("open", question="leak")
    saved = [answer(phone, session, "leak", "A").status for phone in phones[:5]]
    assert console.press("next", shown="close leak").status == 200
    assert (saved, answer(phones[5], session, "leak", "A").status) == ([200] * 5, 409)
    live_server.restart()
    assert offered(console)[:2] == ["reveal leak", "step agree"]


def test_what_equal_lines_say_is_read_once(live_server: LiveServer, session: Session, console: Console) -> None:
    console.press("open", question="attention")
    for number in range(6):
        answer(live_server.phone(session), session, "attention", "the rota" if number < 3 else f"word {number}")
    console.press("close", question="attention")
    following = console.view()["next"]
    assert (following["kind"], following["waiting"]) == ("read", 4)


def test_lines_of_this_step_come_before_those_of_others_that_nobody_has_read(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    phones = [live_server.phone(session) for _ in range(6)]
    for step, question in (("check-in", "attention"), ("agree", "differences")):
        console.press("step", step=step)
        console.press("open", question=question)
        for number, phone in enumerate(phones):
            answer(phone, session, question, f"{question} {number}")
        console.press("close", question=question)
    assert [line["question"] for line in console.view()["lines"]] == ["differences"] * 6 + ["attention"] * 6
    console.press("step", step="check-in")
    assert [line["question"] for line in console.view()["lines"]] == ["attention"] * 6 + ["differences"] * 6


def test_the_pages_of_a_wall_are_turned_through_before_the_next_question_and_step(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    fill_wall(live_server, session, console)
    first, last = console.view()["page"]["number"], console.view()["page"]["of"]
    assert last > first + 1
    assert first == 2, "the boundaries of this step are on a page before the wall, to which nothing leads back"
    assert offered(console) == [f"page {first + 1}", "open sorted", "undo differences"]
    assert console.press("next", shown=f"page {first + 1}").status == 200
    assert console.press("next", shown=f"page {first + 1}").status == 409
    assert (console.view()["page"]["number"], console.view()["next"]["page"]) == (first + 1, first + 2)
    assert offered(console) == [f"page {first + 2}", "open sorted", f"page {first}"]
    live_server.restart()
    assert offered(console) == [f"page {first + 2}", "open sorted", f"page {first}"]
    for number in range(first + 2, last + 1):
        assert console.press("next", shown=f"page {number}").status == 200
    assert offered(console)[0] == "open sorted"
    for number in range(last - 1, first - 1, -1):
        assert console.press("next", shown=f"page {number}").status == 200
    assert offered(console) == [f"page {first + 1}", "open sorted", "undo differences"]
    console.press("next", shown="open sorted")
    assert offered(console)[0] == "close sorted", "an older wall holds nothing up"


def test_a_step_begins_with_all_that_is_on_its_screen_and_then_older_walls_hold_nothing_up(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    fill_wall(live_server, session, console)
    console.press("step", step="check-in")
    assert offered(console)[0] == "open attention"
    console.press("step", step="agree")
    assert offered(console)[0] == "page 2"
    console.press("open", question="sorted")
    assert console.view()["page"]["of"] > 2
    assert offered(console)[0] == "close sorted"
    console.press("page", page="3")
    assert console.view()["page"]["about"] == ["differences"]
    assert offered(console)[0] == "close sorted"


def test_a_stranger_cannot_walk(live_server: LiveServer, session: Session, console: Console) -> None:
    phone = live_server.phone(session)
    message = {"action": "next", "shown": "open attention"}
    assert phone.send(f"/console/{session.id}/action", message, **{"X-Form-Token": console.token}).status == 403
    assert console.send(f"/console/{session.id}/action", message, **{"X-Form-Token": "guess"}).status == 403
    assert offered(console)[0] == "open attention"
