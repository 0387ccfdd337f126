"""What the room takes away, and the paper cards that join in."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest

from course.workshop.script_read import find_script, parse_script
from course.workshop.session import OpenRoom
from tests.workshop.stage import Host, Stage, answer


def table(host: Host) -> list[dict[str, str]]:
    body = host.get(f"/console/{host.room}/export.csv").body.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(body)))


def test_a_spreadsheet_runs_nothing_that_people_wrote(stage: Stage, room: OpenRoom, host: Host) -> None:
    nasty = ["=HYPERLINK(1)", "+1+1", "-2", "@SUM(A1)", "=cmd|' /C calc'!A0"]
    host.press("open", question="differences")
    for text in nasty:
        answer(stage.phone(room), room, "differences", text)
    for line in stage.host(room).view()["lines"]:
        host.press("approve", line=line["line"])
    host.press("step", step="agree")
    for line in host.view()["lines"]:
        host.press("approve", line=line["line"])
        host.press("park", line=line["line"], owner="=1+1", place="", date="")
    host.press("close", question="differences")
    host.press("reveal", question="differences")
    rows = table(host)
    parked = [row for row in rows if row["what"] == "parked"]
    assert len(parked) == len(nasty)
    assert {row["text"][0] for row in parked} == {row["owner"][0] for row in parked} == {"'"}


def test_only_what_is_shown_leaves_the_room(stage: Stage, room: OpenRoom, host: Host) -> None:
    for question in ("leak", "attention"):
        host.press("open", question=question)
    for number in range(6):
        phone = stage.phone(room)
        answer(phone, room, "leak", "A")
        answer(phone, room, "attention", f"thought {number}")
    host.press("approve", line=host.view()["lines"][0]["line"])
    for kind in ("csv", "json", "html"):
        taken = host.get(f"/console/{room.room}/export.{kind}")
        assert "attachment" in taken.headers["content-disposition"]
        assert b"thought" not in taken.body
        assert b"leak" not in taken.body


def test_paper_cards_count_with_phones(stage: Stage, room: OpenRoom, host: Host) -> None:
    host.press("open", question="leak")
    for letter in "AAACCC":
        answer(stage.phone(room), room, "leak", letter)
    assert host.press("paper", csv="part,answer,count\nleak,A,9\n").status == 200
    assert host.press("paper", csv="part,answer,count\nleak,A,2\nleak,C,3\n").status == 200
    stage.restart()
    host.press("close", question="leak")
    host.press("reveal", question="leak")
    (chart,) = host.get(f"/console/{room.room}/export.json").json["charts"]
    assert chart["spec"]["parts"][0]["shown"]["counts"] == {"A": 5, "B": 0, "C": 6}


def test_a_vote_on_a_boundary_stays_beside_the_words_that_were_voted_on(
    stage: Stage, room: OpenRoom, host: Host
) -> None:
    asked = "We may use what we learn, but not who said it."
    host.press("open", question="boundaries")
    for number in range(10):
        answer(stage.phone(room), room, "boundaries.sources", ["keep", "change"][number % 2])
    host.press("close", question="boundaries")
    host.press("reveal", question="boundaries")
    host.press("boundary", question="boundaries", line="sources", text="We name nobody.")
    stage.restart()
    rows = table(host)
    assert {row["text"] for row in rows if row["what"] == "count"} == {asked}
    assert "We name nobody." in {row["text"] for row in rows if row["what"] == "boundary"}


def test_the_whole_printed_tally_is_taken_also_where_some_questions_are_closed(
    stage: Stage, room: OpenRoom, host: Host
) -> None:
    for question in ("leak", "group"):
        host.press("open", question=question)
    printed = "part,answer,count\n" + "".join(f"leak,{one},0\n" for one in "ABC") + "group.G1,1,{n}\n"
    host.press("close", question="leak")
    assert host.press("paper", csv=printed.format(n=5)).status == 200
    host.press("close", question="group")
    assert host.press("paper", csv=printed.format(n=5)).status == 200
    refused = host.press("paper", csv=printed.format(n=6))
    assert refused.status == 409
    assert "How" in refused.json["error"]


def test_a_tally_put_right_counts_as_it_stands(stage: Stage, room: OpenRoom, host: Host) -> None:
    """Cards that are in a picture stay in it as they were; new ones join as what they say."""
    host.press("open", question="leak")
    host.press("paper", csv="part,answer,count\nleak,A,5\nleak,B,5\n")
    host.press("close", question="leak")
    host.press("reveal", question="leak")
    host.press("open", question="leak")
    host.press("paper", csv="part,answer,count\nleak,A,15\nleak,B,5\n")
    host.press("close", question="leak")
    (chart,) = host.get(f"/console/{room.room}/export.json").json["charts"]
    assert chart["spec"]["parts"][0]["shown"]["counts"] == {"A": 15, "B": 5, "C": 0}


def test_options_named_by_numbers_are_counted_from_paper_and_phones(
    stage: Stage, edition: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = find_script().text.replace("options = { A = ", "options = { 1 = ")
    monkeypatch.setattr("tests.workshop.stage.find_script", lambda: parse_script(text))
    room = stage.new_room()
    host = stage.host(room)
    host.press("open", question="leak")
    assert host.press("paper", csv="part,answer,count\nleak,1,9\n").status == 200
    assert answer(stage.phone(room), room, "leak", "1").status == 200
    stage.restart()
    host.press("close", question="leak")
    host.press("reveal", question="leak")
    (chart,) = host.get(f"/console/{room.room}/export.json").json["charts"]
    assert chart["spec"]["parts"][0]["shown"] == {"said": "close-together", "option": ""}


@pytest.mark.parametrize(
    "text", ["", "part,answer,count\n", "part,answer,count\nleak,Z,1\n", "part,answer,count\nleak,A,-1\n", "\0",
             "part,answer,count\nattention,A,1\n", "part,answer,count\nleak,A,999999999\n",
             "part,answer,count\nleak,A,0000009999999\n", "a,b\n1,2\n"],
)  # fmt: skip
def test_a_tally_that_cannot_be_counted_is_refused_with_its_line(
    stage: Stage, room: OpenRoom, host: Host, text: str
) -> None:
    refused = host.press("paper", csv=text)
    assert refused.status == 400
    assert re.search(r"(Line|line) \d", refused.json["error"])
