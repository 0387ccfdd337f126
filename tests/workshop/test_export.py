"""What the session takes away, and the paper cards that join in."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from course.workshop.script.script import find_script, parse_script
from course.workshop.sessions.session import Session
from tests.workshop.live_server import Console, LiveServer, answer

pytestmark = pytest.mark.slow


def table(console: Console) -> list[dict[str, str]]:
    body = console.get(f"/console/{console.session}/export.csv").body.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(body)))


def test_a_spreadsheet_runs_nothing_that_people_wrote(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    nasty = ["=HYPERLINK(1)", "+1+1", "-2+1", "@SUM(A1)", "=cmd|' /C calc'!A0"]
    console.press("open", question="differences")
    for text in nasty:
        answer(live_server.phone(session), session, "differences", text)
    console.press("close", question="differences")
    for line in live_server.console(session).view()["lines"]:
        console.press("approve", line=line["line"])
    console.press("step", step="agree")
    for line in console.view()["lines"]:
        console.press("approve", line=line["line"])
        console.press("park", line=line["line"], owner="=1+1", place="", date="")
    console.press("reveal", question="differences")
    rows = table(console)
    parked = [row for row in rows if row["what"] == "parked"]
    assert len(parked) == len(nasty)
    assert {row["text"][0] for row in parked} == {row["owner"][0] for row in parked} == {"'"}


def test_only_what_is_shown_leaves_the_room(live_server: LiveServer, session: Session, console: Console) -> None:
    for question in ("leak", "attention"):
        console.press("open", question=question)
    for number in range(6):
        phone = live_server.phone(session)
        answer(phone, session, "leak", "A")
        answer(phone, session, "attention", f"thought {number}")
    console.press("close", question="attention")
    console.press("approve", line=console.view()["lines"][0]["line"])
    for kind in ("csv", "json", "html"):
        taken = console.get(f"/console/{session.id}/export.{kind}")
        assert "attachment" in taken.headers["content-disposition"]
        assert b"thought" not in taken.body
        assert b"leak" not in taken.body


def test_paper_cards_count_with_phones(live_server: LiveServer, session: Session, console: Console) -> None:
    console.press("open", question="leak")
    for letter in "AAAAACCCCC":
        answer(live_server.phone(session), session, "leak", letter)
    assert console.press("paper", csv="part,answer,count\nleak,A,9\n").status == 200
    assert console.press("paper", csv="part,answer,count\nleak,A,4\nleak,C,6\n").status == 200
    live_server.restart()
    console.press("close", question="leak")
    console.press("reveal", question="leak")
    (chart,) = console.get(f"/console/{session.id}/export.json").json["charts"]
    assert chart["spec"]["parts"][0]["shown"]["counts"] == {"A": 9, "B": 0, "C": 11}
    live_server.restart()
    assert console.get(f"/console/{session.id}/export.json").json["charts"] == [chart]


def test_two_phones_beside_a_tally_that_somebody_knows_are_not_in_the_chart(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    console.press("open", question="leak")
    for letter in "BB":
        answer(live_server.phone(session), session, "leak", letter)
    console.press("paper", csv="part,answer,count\nleak,A,5\nleak,C,5\n")
    console.press("close", question="leak")
    console.press("reveal", question="leak")
    (chart,) = console.get(f"/console/{session.id}/export.json").json["charts"]
    assert chart["spec"]["parts"][0]["shown"]["counts"] == {"A": 5, "B": 0, "C": 5}


def test_the_console_says_which_cards_are_left_out(live_server: LiveServer, session: Session, console: Console) -> None:
    console.press("open", question="leak")
    for letter in "AAAAACCCCC":
        answer(live_server.phone(session), session, "leak", letter)
    console.press("paper", csv="part,answer,count\nleak,A,2\nleak,C,2\n")
    console.press("close", question="leak")
    console.press("step", step="leak")
    left_out = {question["question"]: question["leaves_out_cards"] for question in console.view()["questions"]}
    assert left_out["leak"] is False, "it is not shown yet"
    console.press("reveal", question="leak")
    left_out = {question["question"]: question["leaves_out_cards"] for question in console.view()["questions"]}
    assert left_out["leak"] is True


def test_a_vote_on_a_boundary_stays_beside_the_words_that_were_voted_on(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    asked = "We may use what we learn, but not who said it."
    console.press("open", question="boundaries")
    for number in range(10):
        answer(live_server.phone(session), session, "boundaries.sources", ["keep", "change"][number % 2])
    console.press("close", question="boundaries")
    console.press("reveal", question="boundaries")
    console.press("boundary", question="boundaries", line="sources", text="We name nobody.")
    live_server.restart()
    rows = table(console)
    assert {row["text"] for row in rows if row["what"] == "count"} == {asked}
    assert "We name nobody." in {row["text"] for row in rows if row["what"] == "boundary"}


def test_the_whole_printed_tally_is_taken_also_where_some_questions_are_closed(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    for question in ("leak", "group"):
        console.press("open", question=question)
    printed = "part,answer,count\n" + "".join(f"leak,{option},0\n" for option in "ABC") + "group.G1,1,{n}\n"
    console.press("close", question="leak")
    assert console.press("paper", csv=printed.format(n=5)).status == 200
    console.press("close", question="group")
    assert console.press("paper", csv=printed.format(n=5)).status == 200
    refused = console.press("paper", csv=printed.format(n=6))
    assert refused.status == 409
    assert "How" in refused.json["error"]


def test_a_tally_put_right_counts_as_it_stands(live_server: LiveServer, session: Session, console: Console) -> None:
    """Cards that are in a picture stay in it as they were; new ones join as what they say."""
    console.press("open", question="leak")
    console.press("paper", csv="part,answer,count\nleak,A,5\nleak,B,5\n")
    console.press("close", question="leak")
    console.press("reveal", question="leak")
    console.press("open", question="leak")
    console.press("paper", csv="part,answer,count\nleak,A,15\nleak,B,5\n")
    console.press("close", question="leak")
    (chart,) = console.get(f"/console/{session.id}/export.json").json["charts"]
    assert chart["spec"]["parts"][0]["shown"]["counts"] == {"A": 15, "B": 5, "C": 0}


def test_options_named_by_numbers_are_counted_from_paper_and_phones(
    live_server: LiveServer, edition: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = find_script(is_long=True).text.replace("options = { A = ", "options = { 1 = ")
    monkeypatch.setattr("tests.workshop.live_server.find_script", lambda **_: parse_script(text))
    session = live_server.new_session()
    console = live_server.console(session)
    console.press("open", question="leak")
    assert console.press("paper", csv="part,answer,count\nleak,1,9\n").status == 200
    assert answer(live_server.phone(session), session, "leak", "1").status == 200
    live_server.restart()
    console.press("close", question="leak")
    console.press("reveal", question="leak")
    (chart,) = console.get(f"/console/{session.id}/export.json").json["charts"]
    assert chart["spec"]["parts"][0]["shown"] == {"said": "close-together", "option": ""}
