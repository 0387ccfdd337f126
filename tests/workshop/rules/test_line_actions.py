"""What the facilitator does with lines: approves those that were read, by name, and reads equal ones as one."""

from __future__ import annotations

from typing import Any

import pytest

from course.workshop.sessions.session import Session
from tests.workshop.live_server import Browser, Console, LiveServer, answer

pytestmark = pytest.mark.slow

EQUAL = ("More time", "more time!", "MORE TIME", "More room", "Clear aims", "Kind words", "Less noise")


def write(live_server: LiveServer, session: Session, texts: tuple[str, ...] = EQUAL) -> list[Browser]:
    """Let phones join and write one line each; return them."""
    phones = [live_server.phone(session) for _ in texts]
    for phone, text in zip(phones, texts, strict=True):
        assert answer(phone, session, "differences", text).status == 200
    return phones


def begin(live_server: LiveServer, session: Session, console: Console) -> list[Browser]:
    console.press("step", step="agree")
    console.press("open", question="differences")
    phones = write(live_server, session)
    console.press("close", question="differences")
    return phones


def cards(console: Console) -> dict[str, Any]:
    """Return the cards of the console by their text without capitals."""
    return {card["text"].casefold(): card for card in console.view()["lines"]}


def all_names(console: Console) -> list[str]:
    return [name for card in console.view()["lines"] for name in card["names"]]


def wall(console: Console) -> dict[str, int]:
    """Return what the screen shows of the question: how many wrote each line."""
    console.press("reveal", question="differences")
    lines = console.view("screen")["results"][0]["lines"]
    return {line["text"].strip("!").casefold(): line["count"] for line in lines}


def test_the_rest_is_approved_by_the_names_that_were_read(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    begin(live_server, session, console)
    read = all_names(console)
    unread = read.pop()
    assert console.press("approve-lines", lines=read).status == 200
    status = {line.name: line.status for line in session.model.lines.every()}
    assert status == {**dict.fromkeys(read, "approved"), unread: "waiting"}


def test_a_line_that_was_changed_since_it_was_read_waits_and_the_others_are_approved(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    phones = begin(live_server, session, console)
    read = all_names(console)
    console.press("open", question="differences")
    assert answer(phones[6], session, "differences", "Nobody read this", 2).status == 200
    console.press("close", question="differences")
    assert console.press("approve-lines", lines=read).status == 200
    status = {str(session.model.lines.words(line)): line.status for line in session.model.lines.every()}
    assert (status.pop("Nobody read this"), set(status.values())) == ("waiting", {"approved"})


def test_where_all_have_changed_the_facilitator_is_told(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    begin(live_server, session, console)
    assert console.press("approve-lines", lines=["0123456789abcdef"]).status == 409
    assert console.press("approve-lines", lines=[]).status == 400
    assert console.press("approve-lines", lines="all").status == 400


def test_equal_lines_are_one_card_and_one_line_on_the_wall(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    begin(live_server, session, console)
    assert len(console.view()["lines"]) == 5
    card = next(card for card in console.view()["lines"] if card["count"] == 3)
    assert {card["text"], *card["alike"]} == set(EQUAL[:3])
    console.press("approve-lines", lines=all_names(console))
    assert sorted(card["count"] for card in console.view()["lines"]) == [1, 1, 1, 1, 3]
    assert sorted(wall(console).values()) == [1, 1, 1, 1, 3]
    console.press("wait-lines", lines=next(c for c in console.view()["lines"] if c["count"] == 3)["names"])
    assert {card["count"]: card["status"] for card in console.view()["lines"]} == {3: "waiting", 1: "approved"}


def test_a_group_that_the_facilitator_made_stays_and_takes_equal_lines_in(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    begin(live_server, session, console)
    room, aims = cards(console)["more room"]["line"], cards(console)["clear aims"]["line"]
    console.press("approve-lines", lines=[room, aims])
    console.press("group", lines=[room, aims])
    console.press("open", question="differences")
    write(live_server, session, ("Clear aims.",))
    console.press("close", question="differences")
    console.press("approve-lines", lines=all_names(console))
    card = cards(console)["more room"]
    assert (card["line"], card["count"], {text.strip(".") for text in card["alike"]}) == (room, 3, {"Clear aims"})


def test_lines_shown_apart_stay_apart_also_after_a_restart(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    begin(live_server, session, console)
    console.press("approve-lines", lines=all_names(console))
    merged = next(card for card in console.view()["lines"] if card["count"] == 3)
    console.press("ungroup", lines=[merged["line"]])
    assert [card["count"] for card in console.view()["lines"]] == [1] * 7
    console.press("timer", minutes="1")
    live_server.restart()
    console.press("timer", minutes="0")
    assert [card["count"] for card in console.view()["lines"]] == [1] * 7


def test_merged_lines_are_merged_after_a_restart_and_after_the_close(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    begin(live_server, session, console)
    console.press("approve-lines", lines=all_names(console))
    before = wall(console)
    live_server.restart()
    assert wall(console) == before
    console.press("close-session", days="1")
    shown = console.view("screen")["results"][0]["lines"]
    assert sorted(line["count"] for line in shown) == sorted(before.values())


def test_who_writes_the_same_twice_counts_once(live_server: LiveServer, session: Session, console: Console) -> None:
    """Their first line was shown and stays; their second one says the same."""
    phones = begin(live_server, session, console)
    console.press("approve-lines", lines=all_names(console))
    assert sorted(wall(console).values()) == [1, 1, 1, 1, 3]
    console.press("open", question="differences")
    for phone in phones[:5]:
        assert answer(phone, session, "differences", "More time …", 2).status == 200
    console.press("close", question="differences")
    console.press("approve-lines", lines=all_names(console))
    assert max(wall(console).values()) == 5
    console.press("close-session", days="1")
    assert max(line["count"] for line in console.view("screen")["results"][0]["lines"]) == 5


def test_what_phones_sort_stays_though_an_equal_line_is_approved_later(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    begin(live_server, session, console)
    for card in console.view()["lines"]:
        console.press("approve", line=card["line"])
    console.press("open", question="sorted")
    asked = [*session.model.parts(session.model.script.question("sorted"))]  # type: ignore[arg-type]
    assert len(asked) == 5
    console.press("approve-lines", lines=all_names(console))
    assert [*session.model.parts(session.model.script.question("sorted"))] == asked  # type: ignore[arg-type]
