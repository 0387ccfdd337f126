"""The tally of paper cards: pasted from any spreadsheet, or typed beside its question, and refused in words."""

from __future__ import annotations

from typing import Any

import pytest

from course.workshop.sessions.session import Session
from tests.cases import every
from tests.workshop.live_server import Console, LiveServer

pytestmark = pytest.mark.slow

COUNTED = {"leak": {"A": 4, "C": 7}}


def paste(console: Console, text: str) -> Any:
    return console.press("paper", csv=text)


@pytest.mark.parametrize(
    "text",
    [
        "part,answer,count\nleak,A,4\nleak,C,7\n",
        "part;answer;count\r\nleak;A;4\r\nleak;C;7\r\n",
        "part\tanswer\tcount\nleak\tA\t4\nleak\tC\t7\n",
        "\ufeffsep=;\nPart;Answer;Count\n leak ; a ;4\nLEAK;c; 7 \n;;\n",
        "count,answer,part,remarks\n4,Find out who,leak,by hand\n7,call everyone together,leak,\n",
        '"part","answer","count"\n"leak","A","4"\n"leak","B",""\n"leak","C","7"\n',
    ],
)
def test_a_tally_is_taken_as_any_spreadsheet_copies_or_saves_it(session: Session, console: Console, text: str) -> None:
    console.press("open", question="leak")
    assert paste(console, text).status == 200
    counted = {answer: count for answer, count in session.model.state.paper["leak"].items() if count}
    assert counted == COUNTED["leak"]


@pytest.mark.parametrize(
    "text, error, why",
    [
        ("", "Line 1 ", "The first line has to name the columns: part, answer, count."),
        ("part,answer,count\n", "Line 1 ", "The first line has to name the columns"),
        ("\0", "Line 1 ", "The first line has to name the columns"),
        ("a,b\n1,2\n", "Line 1 ", "The first line has to name the columns"),
        ("part,answer,count\n\nleak,Z,1\n", "Line 3 ", "“Z” is not an answer of “leak”."),
        ("part,answer,count\nleak,A,-1\n", "Line 2 ", "“-1” is not a number of cards from 0 to 500."),
        ("part,answer,count\nleak,A,501\n", "Line 2 ", "“501” is not a number"),
        ("part,answer,count\nleak,A,4.5\n", "Line 2 ", "“4.5” is not a number"),
        ("part,answer,count\nleak,A,٤\n", "Line 2 ", "“٤” is not a number"),
        ("part,answer,count\nleak,A,0000009999999\n", "Line 2 ", "is not a number"),
        ("part,answer,count\nattention,A,1\n", "Line 2 ", "“attention” is not a part whose cards can be counted."),
        (f"part,answer,count\n{'x' * 5000},A,1\n", "Line 2 ", f"“{'x' * 40}…” is not a part"),
        ("part,answer,count\nleak,A,3\nleak,C,1\nleak,A,4\n", "Lines 2 and 4 ", "Leave one line for each answer"),
        ("part;answer;count\nleak;A;3\nleak;Find out who;0\n", "Lines 2 and 3 ", "Leave one line for each answer"),
    ],
)  # fmt: skip
def test_a_tally_that_cannot_be_counted_is_refused_with_its_line_and_why(
    session: Session, console: Console, text: str, error: str, why: str
) -> None:
    console.press("open", question="leak")
    refused = paste(console, text)
    assert refused.status == 400
    assert error in refused.json["error"]
    assert why in refused.json["hint"]
    assert session.model.state.paper == {}


def test_cards_are_counted_in_the_form_beside_their_question(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    console.press("open", question="group")
    counts = {"group.G1 4": " 4 ", "group.G1 n": "2", "group.G2 7": "", "group.G2 1": "0"}
    assert console.press("tally", question="group", counts=counts).status == 200
    (question,) = [question for question in console.view()["questions"] if question["question"] == "group"]
    assert {part: {a: n for a, n in cards.items() if n} for part, cards in question["cards"].items()} == {
        "group.G1": {"4": 4, "n": 2},
        "group.G2": {},
    }
    assert console.press("tally", question="group", counts={"group.G1 4": "9"}).status == 200
    live_server.restart()
    assert {answer: count for answer, count in session_paper(live_server, session)["group.G1"].items() if count} == {
        "4": 9
    }


def session_paper(live_server: LiveServer, session: Session) -> dict[str, dict[str, int]]:
    return live_server.server.sessions.by_id[session.id].model.state.paper


def test_a_form_without_a_script_counts_the_same(session: Session, console: Console) -> None:
    console.press("open", question="leak")
    fields = {"token": console.token, "action": "tally", "question": "leak", "count leak A": "4", "count leak C": "7"}
    assert console.form(f"/console/{session.id}/action", {**fields, "count leak B": ""}).status == 303
    assert session.model.state.paper["leak"] == {"A": 4, "B": 0, "C": 7}
    page = console.form(f"/console/{session.id}/action", {**fields, "count leak A": "four"})
    assert page.status == 400
    assert "Find out who" in page.json["problem"]["error"]


def test_what_is_wrong_is_said_of_each_field_and_nothing_is_counted(session: Session, console: Console) -> None:
    console.press("open", question="leak")
    refused = console.press("tally", question="leak", counts={"leak A": "four", "leak B": "5", "leak C": "501"})
    assert refused.status == 400
    assert refused.json["error"] == "The cards with “Find out who” for “What do you do first?” cannot be counted."
    assert refused.json["fields"] == dict.fromkeys(("leak A", "leak C"), "Type a whole number from 0 to 500.")
    assert session.model.state.paper == {}


@every(
    "counts",
    [
        "",
        [],
        None,
        {"leak D": "1"},
        {"group.G1 1": "1"},
        {"leak": "1"},
        {"leak A": {"a": "1"}},
        {"leak A": None},
        {"leak A": 4},
    ],
)
def test_a_malformed_tally_is_refused(session: Session, console: Console, counts: object) -> None:
    console.press("open", question="leak")
    assert console.press("tally", question="leak", counts=counts).status == 400
    assert console.press("tally", question="attention", counts={"attention A": "1"}).status == 400
    assert console.press("tally", question="nothing", counts={}).status == 400
    assert session.model.state.paper == {}


def test_cards_of_a_closed_question_are_not_changed_by_its_form(session: Session, console: Console) -> None:
    console.press("open", question="leak")
    console.press("tally", question="leak", counts={"leak A": "5"})
    console.press("close", question="leak")
    refused = console.press("tally", question="leak", counts={"leak A": "6"})
    assert (refused.status, "is closed" in refused.json["error"]) == (409, True)
    assert console.press("tally", question="leak", counts={"leak A": "5"}).status == 200
    console.press("open", question="leak")
    assert console.press("tally", question="leak", counts={"leak A": "6"}).status == 200
