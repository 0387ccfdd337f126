"""The pages of the screen: what the console turned to is part of the session, and what comes next is on its page."""

from __future__ import annotations

import re
from typing import Any

import pytest

from course.workshop.rules.session_model import SessionModel
from course.workshop.script.script import find_script, parse_script
from course.workshop.session_charts import charts_of
from course.workshop.sessions.session import Session
from course.workshop.views import text_height
from course.workshop.views.result_views import chart_spec, screen_specs
from course.workshop.views.screen_view import qr_code, screen_pages
from tests.workshop.live_server import Console, LiveServer, answer
from tests.workshop.walls import fill_wall

pytestmark = pytest.mark.slow


def page(console: Console) -> Any:
    """Return what the screen shows now."""
    return console.view("screen")["page"]


def test_the_page_that_was_turned_to_stays_over_a_restart(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    fill_wall(live_server, session, console)
    of = page(console)["of"]
    assert of > 2
    assert console.press("page", page=str(of)).status == 200
    before = page(console)
    assert (before["number"], before["about"]) == (of, ["differences"])
    live_server.restart()
    assert page(console) == before


@pytest.mark.parametrize("number", ["0", "-1", "1.5", "", "x", "1001", "²", None, 3.5])
def test_no_page_is_turned_to_that_is_none(console: Console, number: object) -> None:
    console.press("page", page="2")
    assert console.press("page", page=number).status == 400
    assert page(console)["number"] == 1, "of one page in all"


def test_a_page_that_is_gone_gives_way_to_the_last_one(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    fill_wall(live_server, session, console)
    console.press("page", page=str(page(console)["of"]))
    for line in session.model.lines.of("differences")[10:]:
        console.press("hide", line=line.name)
    now = page(console)
    assert now["number"] == now["of"]
    console.press("undo", question="differences")
    assert (page(console)["number"], page(console)["of"]) == (1, 1)


def test_what_is_opened_shown_parked_or_reworded_is_on_the_screen_next(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    fill_wall(live_server, session, console)
    line = session.model.lines.of("differences")[0].name
    steps: list[tuple[str, dict[str, str], str]] = [
        ("park", {"line": line, "owner": "Chair", "place": "", "date": ""}, "parked"),
        ("boundary", {"question": "boundaries", "line": "sources", "text": "Not who said it."}, "boundaries"),
        ("open", {"question": "sorted"}, "sorted"),
        ("reveal", {"question": "boundaries"}, "boundaries"),
        ("undo", {"question": "boundaries"}, "sorted"),
    ]
    for action, fields, about in steps:
        console.press("page", page="3")
        assert console.press(action, **fields).status == 200, action
        if action != "undo":
            assert about in page(console)["about"], action
    console.press("step", step="check-in")
    assert page(console)["number"] == 1


def test_each_line_is_on_one_page_and_parked_ones_only_in_their_list(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    fill_wall(live_server, session, console)
    parked = [line.name for line in session.model.lines.of("differences")[:9]]
    for name in parked:
        console.press("park", line=name, owner="", place="", date="")
    pages = screen_pages(session)
    assert [page["number"] for page in pages] == [*range(1, len(pages) + 1)]
    assert {page["of"] for page in pages} == {len(pages)}
    lines = [line["line"] for page in pages for result in page["results"] for line in result["lines"]]
    assert len(lines) == len(set(lines)) == 51
    assert sorted(line["line"] for page in pages for line in page["parked"]) == sorted(parked)
    assert not set(lines) & set(parked)


def test_little_is_on_one_page(live_server: LiveServer, session: Session, console: Console) -> None:
    fill_wall(live_server, session, console, 6)
    assert page(console)["of"] == 1
    assert set(page(console)["about"]) == {"differences", "boundaries"}


def test_each_page_of_a_chart_has_an_address_of_its_own_and_no_part_twice(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    fill_wall(live_server, session, console, 12)
    console.press("open", question="sorted")
    console.press("reveal", question="sorted")
    charts = [result["chart"] for page in screen_pages(session) for result in page["results"] if result["chart"]]
    assert len(charts) == len(set(charts)) == 3, "eight lines, three on a page"
    drawn = [console.get(chart) for chart in charts]
    assert {reply.status for reply in drawn} == {200}
    assert [reply.body.count(b"<figure") for reply in drawn] == [3, 3, 2]
    console.press("undo", question="sorted")
    assert {console.get(chart).status for chart in charts} == {404}


def test_each_page_of_ratings_names_the_strongest_and_weakest_of_all_statements() -> None:
    text = find_script().text.replace('scale = "group"', 'scale = "habits"')
    text = re.sub(r"^items = .*$", "", text, flags=re.MULTILINE)  # of the other scale
    model = SessionModel(parse_script(text, "mine.toml"), b"k" * 32)
    question = model.script.question("group")
    assert question
    parts = model.parts(question)
    assert len(parts) == 12
    for number, part in enumerate(parts):
        for person in range(40):
            is_high = person < 6 + 2 * number  # the last statement is the strongest, and the first the weakest
            model.record_answer(part, f"person {person}", 1, (6 if is_high else 2) + person % 2)
    for count in model.counts.of_question(question):
        count.close()
        count.reveal()
    (whole,) = charts_of(chart_spec(model, question), is_drawn=False)
    ends = re.search(r"Strongest: “.*?”\. Weakest: “.*?”\.", whole.alt)
    assert ends
    assert ends[0] == "Strongest: “Left decisions to others”. Weakest: “Did what I had said”."
    pages = screen_specs(model, question)
    assert [len(page["parts"]) for page in pages] == [6, 6]
    for page in pages:
        (chart,) = charts_of(page, is_drawn=False)
        assert ends[0] in chart.alt
        assert chart.table
        assert [row[0] for row in chart.table.rows] == [part["text"] for part in page["parts"]]


def test_a_phone_is_not_told_of_what_only_the_screen_has(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    console.press("step", step="check-in")
    phone = live_server.phone(session)
    assert answer(phone, session, "leak", "A").status == 409
    assert phone.get(f"/console/{session.id}/screen/chart/leak-0000000000000000").status == 403


def test_heights_grow_with_what_is_written() -> None:
    assert text_height.text_height("word " * 40, 20) > text_height.text_height("word " * 20, 20)
    assert text_height.text_height("word " * 20, 10) > text_height.text_height("word " * 20, 20)
    assert text_height.line_count("", 10) == 1


def test_the_code_of_a_link_is_drawn_once_however_often_it_is_shown() -> None:
    assert qr_code("http://192.168.1.20:8890/j/a") is qr_code("http://192.168.1.20:8890/j/a")
    assert qr_code("http://192.168.1.20:8890/j/a") != qr_code("http://192.168.1.20:8890/j/b")
