"""Which lines phones sort, and when a parked line may be on the screen."""

from __future__ import annotations

import pytest

from course.workshop.sessions.session import Session
from tests.workshop.live_server import Console, LiveServer, answer

pytestmark = pytest.mark.slow


def write(live_server: LiveServer, session: Session, console: Console, many: int) -> list[str]:
    """Let so many phones write a line each, and close the question; return the lines' names."""
    console.press("step", step="agree")
    console.press("open", question="differences")
    for number in range(many):
        answer(live_server.phone(session), session, "differences", f"we differ {number}")
    console.press("close", question="differences")
    return [line["line"] for line in console.view()["lines"]]


def asked(session: Session) -> list[str]:
    question = session.model.script.question("sorted")
    assert question
    return [line.name for line in session.model.sorted_lines(question).values()]


def test_a_parked_line_is_on_no_table_before_its_wall_is_open(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    lines = write(live_server, session, console, 6)
    console.press("reveal", question="differences")
    for line in lines[:4]:
        console.press("approve", line=line)
        assert console.press("park", line=line, owner="the chair", place="", date="").status == 200
    assert console.view("screen")["parked"] == []
    assert "we differ" not in str(console.view("screen"))
    assert console.get(f"/console/{session.id}/export.json").json["parked"] == []
    console.press("approve", line=lines[4])
    assert {line["line"] for line in console.view("screen")["parked"]} == set(lines[:4])
    console.press("approve", line=lines[5])
    console.press("park", line=lines[5], owner="the board", place="", date="")
    assert {line["line"] for line in console.view("screen")["parked"]} == {*lines[:4], lines[5]}
    console.press("undo", question="differences")
    assert console.view("screen")["parked"] == []
    console.press("reveal", question="differences")
    assert {line["line"] for line in console.view("screen")["parked"]} == {*lines[:4], lines[5]}


def test_phones_sort_eight_lines_those_of_most_people_first(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    lines = write(live_server, session, console, 15)
    for line in lines:
        console.press("approve", line=line)
    console.press("group", lines=lines[9:12])
    console.press("group", lines=lines[12:14])
    console.press("settle", line=lines[0], to="ours")
    assert asked(session) == []
    console.press("open", question="sorted")
    assert asked(session)[:2] == [lines[9], lines[12]]
    assert len(set(asked(session))) == 8
    assert lines[0] not in asked(session)
    page = live_server.phone(session).get(f"/r/{session.id}/").json
    assert len(next(question for question in page["questions"] if question["question"] == "sorted")["parts"]) == 8


def test_a_line_once_chosen_stays_until_it_leaves_the_wall(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    lines = write(live_server, session, console, 12)
    for line in lines:
        console.press("approve", line=line)
    console.press("open", question="sorted")
    before = asked(session)
    console.press("settle", line=before[0], to="park")
    console.press("group", lines=[line for line in lines if line not in before][:2])
    assert asked(session) == before
    console.press("hide", line=before[3])
    assert [line for line in asked(session) if line in before] == before[:3] + before[4:]
    assert len(asked(session)) == 8
    now = asked(session)
    live_server.restart()
    assert asked(live_server.server.sessions.by_id[session.id]) == now


def test_a_line_that_comes_back_to_an_open_sorting_is_counted(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    """It was hidden while the sorting was closed and opened again."""
    lines = write(live_server, session, console, 6)
    for line in lines:
        console.press("approve", line=line)
    console.press("open", question="sorted")
    part = f"sorted.{asked(session)[0]}"
    console.press("close", question="sorted")
    console.press("hide", line=asked(session)[0])
    console.press("open", question="sorted")
    console.press("approve", line=part.partition(".")[2])
    assert [answer(live_server.phone(session), session, part, "ours").status for _ in range(5)] == [200] * 5
    assert len(session.model.answers.of(part)) == 5


def test_the_facilitator_sees_what_is_grouped_also_while_it_is_kept_back(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    lines = write(live_server, session, console, 6)
    console.press("open", question="differences")
    for number in range(4):
        answer(live_server.phone(session), session, "differences", f"late {number}")
    console.press("close", question="differences")
    late = [line["line"] for line in console.view()["lines"] if not line["is_free"]]
    assert len(late) == 4
    for line in [*lines, *late]:
        console.press("approve", line=line)
    for pair in (late[:2], late[2:], lines[:2], [lines[2], late[0]]):
        console.press("group", lines=pair)
        seen = {line["line"]: line for line in console.view()["lines"]}
        assert pair[1] in seen[pair[0]]["names"]
        assert pair[1] not in seen
        assert len(seen[pair[0]]["alike"]) == (2 if pair[0] == lines[2] else 1)
