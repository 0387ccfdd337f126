"""A restart in the middle: what the facilitator did and what was shown is as it was."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from course.content import words
from course.workshop.sessions.session import Session
from tests.workshop.live_server import Browser, Console, LiveServer, answer

pytestmark = pytest.mark.slow


def say(phones: list[Browser], session: Session, part: str, answers: Sequence[int | str], revision: int = 1) -> None:
    for phone, value in zip(phones, answers, strict=False):
        assert answer(phone, session, part, value, revision).status == 200


def counts(console: Console) -> object:
    return console.get(f"/console/{console.session}/export.json").json["charts"][0]["spec"]["parts"][0]["shown"]


def test_a_room_goes_on_where_it_was(live_server: LiveServer, session: Session, console: Console) -> None:
    phones = [live_server.phone(session) for _ in range(12)]
    console.press("open", question="attention")
    for number, phone in enumerate(phones):
        answer(phone, session, "attention", f"word {number}")
    console.press("close", question="attention")
    for line in console.view()["lines"]:
        console.press("approve", line=line["line"])
    console.press("open", question="attention")
    console.press("group", lines=[line["line"] for line in console.view()["lines"][:2]])
    console.press("boundary", question="boundaries", line="sources", text="We keep names out of it.")
    console.press("step", step="agree")
    console.press("step", step="check-in")
    console.press("reveal", question="attention")
    before = [console.view(), console.view("screen"), phones[0].get(f"/r/{session.id}/").json]
    live_server.restart()
    assert [console.view(), console.view("screen"), phones[0].get(f"/r/{session.id}/").json] == before
    assert len(before[1]["results"][0]["lines"]) >= 4
    assert answer(phones[0], session, "attention", "another", 2).status == 200


def test_a_picture_that_was_seen_stays_as_it_was_after_a_restart(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    phones = [live_server.phone(session) for _ in range(12)]
    console.press("open", question="leak")
    say(phones[:11], session, "leak", "AAAAAACCCCC")
    console.press("close", question="leak")
    console.press("reveal", question="leak")
    shown = counts(console)
    assert shown == {"counts": {"A": 6, "B": 0, "C": 5}, "people": 11, "in_bands": False}
    console.press("open", question="leak")
    say(phones[11:], session, "leak", "B")
    say(phones[:1], session, "leak", "B", 2)
    live_server.restart()
    console.press("close", question="leak")
    assert counts(console) == shown


def test_a_restart_does_not_let_a_second_picture_follow_that_few_have_touched(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    """Two questions were open at once; the first was shown, and only six changed their minds since."""
    phones = [live_server.phone(session) for _ in range(12)]
    for question in ("group", "group-again"):
        console.press("open", question=question)
        say(phones, session, f"{question}.G2", [1] * 6 + [7] * 6)
    console.press("close", question="group")
    console.press("reveal", question="group")
    say(phones[6:], session, "group-again.G2", [1, 1, 1, 1, 1, 2], 2)
    live_server.restart()
    console.press("close", question="group-again")
    console.press("reveal", question="group-again")
    shown = console.get(f"/console/{session.id}/export.json").json["charts"][1]["spec"]["parts"]
    assert next(part for part in shown if part["part"] == "group-again.G2")["shown"]["said"] == "not-beside"


def test_a_restart_does_not_forget_which_picture_was_there_first(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    """The later question was shown first, and the earlier one was refused beside it."""
    phones = [live_server.phone(session) for _ in range(12)]
    for question in ("group", "group-again"):
        console.press("open", question=question)
        say(phones, session, f"{question}.G2", [1] * 6 + [7] * 6 if question == "group" else [1] * 7 + [7] * 5)
    for question in ("group-again", "group"):
        console.press("close", question=question)
        console.press("reveal", question=question)

    def shown() -> list[object]:
        charts = console.get(f"/console/{session.id}/export.json").json["charts"]
        parts = [part for chart in charts for part in chart["spec"]["parts"] if part["part"].endswith(".G2")]
        return [part["shown"].get("said") for part in parts]

    assert shown() == ["not-beside", None]
    live_server.restart()
    assert shown() == ["not-beside", None]


def test_what_is_said_of_numbers_goes_in_steps_of_five(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    console.press("open", question="leak")
    seen = []
    for _ in range(6):
        answer(live_server.phone(session), session, "leak", "A")
        view = console.view()
        asked = next(question for question in view["questions"] if question["question"] == "leak")
        seen.append((view["joined"], asked["answered"]))
    assert seen == [(0, 0)] * 4 + [(5, 5)] * 2


def test_nothing_is_shown_of_four(live_server: LiveServer, session: Session, console: Console) -> None:
    console.press("open", question="leak")
    say([live_server.phone(session) for _ in range(4)], session, "leak", "AABB")
    console.press("close", question="leak")
    console.press("reveal", question="leak")
    assert counts(console) == {"said": "not-enough", "option": ""}
    taken = console.get(f"/console/{session.id}/export.csv").body.decode("utf-8-sig")
    assert words("session.said-not-enough") in taken
    assert "not-enough" not in taken


def test_lines_of_a_few_who_came_late_are_on_no_wall_after_a_restart_either(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    write(live_server, session, console, "word", 6)
    console.press("reveal", question="attention")
    seen = on_the_wall(console)
    assert len(seen) == 6
    write(live_server, session, console, "late", 4)
    assert on_the_wall(console) == seen
    live_server.restart()
    console.press("step", step="check-in")
    assert on_the_wall(console) == seen
    write(live_server, session, console, "later", 1)
    assert len(on_the_wall(console)) == 11


def test_of_lines_that_were_on_a_wall_none_shows_while_they_are_fewer_than_five(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    write(live_server, session, console, "word", 6)
    console.press("reveal", question="attention")
    seen = sorted(on_the_wall(console))
    for line in seen[:2]:
        console.press("hide", line=line)
    assert on_the_wall(console) == set()
    live_server.restart()
    console.press("approve", line=seen[0])
    assert on_the_wall(console) == {seen[0], *seen[2:]}


def write(live_server: LiveServer, session: Session, console: Console, word: str, people: int) -> None:
    """Let so many new people write a line, and approve all."""
    console.press("open", question="attention")
    for number in range(people):
        assert answer(live_server.phone(session), session, "attention", f"{word} {number}").status == 200
    console.press("close", question="attention")
    for line in lines(console):
        console.press("approve", line=line)


def lines(console: Console) -> list[str]:
    return [line["line"] for line in console.view()["lines"]]


def on_the_wall(console: Console) -> set[str]:
    return {line["line"] for line in console.view("screen")["results"][0]["lines"]}


def test_a_line_that_was_shown_stays_when_its_writer_writes_anew(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    """Who touches a phone is seen: a line that goes then would be known as theirs."""
    phones = [live_server.phone(session) for _ in range(6)]
    console.press("open", question="attention")
    say(phones, session, "attention", [f"word {number}" for number in range(6)])
    console.press("close", question="attention")
    console.press("reveal", question="attention")
    for line in lines(console):
        console.press("approve", line=line)
    seen = on_the_wall(console)
    assert len(seen) == 6
    console.press("open", question="attention")
    assert answer(phones[0], session, "attention", "another", 2).status == 200
    assert answer(phones[1], session, "attention", None, 2).status == 200
    console.press("close", question="attention")
    assert on_the_wall(console) == seen
    (new,) = set(lines(console)) - seen
    console.press("approve", line=new)
    assert on_the_wall(console) == seen
    live_server.restart()
    assert on_the_wall(console) == seen
    taken_off = sorted(seen)[0]
    console.press("hide", line=taken_off)
    live_server.restart()
    assert on_the_wall(console) == seen - {taken_off}
    assert phones[0].get(f"/r/{session.id}/mine").json["mine"]["attention"]["answer"] == "another"
