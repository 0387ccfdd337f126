"""A form of the console that is refused comes back with what was typed, and with what is wrong beside it."""

from __future__ import annotations

import html
import re

import pytest

from course.workshop.sessions.session import Session
from tests.workshop.live_server import Console, LiveServer
from tests.workshop.walls import fill_wall
from tests.workshop.whole_room import own_console

LONG = "Synthetic, and <longer> than any line may be. " * 12


@pytest.fixture
def json_pages() -> None:
    """Leave the course's own pages as they are."""


@pytest.fixture
def console(live_server: LiveServer, session: Session) -> Console:
    return own_console(live_server, session)


def sent_without_javascript(console: Console, action: str, **fields: str) -> str:
    """Return the console that comes back."""
    path = f"/console/{console.session}/action"
    reply = console.form(path, {"token": console.token, "action": action, **fields}, Accept="text/html")
    assert reply.status >= 400
    return reply.body.decode()


def form_of(page: str, action: str, **hidden: str) -> str:
    """Return the one form of an action, with these hidden fields."""
    wanted = {"action": action, **hidden}.items()
    forms = [
        form
        for form in re.findall(r"<form .*?</form>", page, re.DOTALL)
        if all(f'<input type="hidden" name="{name}" value="{value}">' in form for name, value in wanted)
    ]
    assert len(forms) == 1
    return forms[0]


def test_a_boundary_that_is_too_long_stays_typed(console: Console) -> None:
    console.press("step", step="agree")
    fields = {"question": "boundaries", "line": "sources"}
    page = sent_without_javascript(console, "boundary", text=LONG, **fields)
    form = form_of(page, "boundary", **fields)
    assert f">{html.escape(LONG)}</textarea>" in form
    assert 'id="not-done"' in form
    assert 'aria-describedby="not-done"' in form
    assert page.count('id="not-done"') == 1, "no other form is called refused"
    assert page.count(html.escape(LONG)) == 1
    assert 'id="not-done"' not in console.get(f"/console/{console.session}/").body.decode()


def test_what_was_typed_for_a_parked_line_stays_in_all_its_fields(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    fill_wall(live_server, session, console, count=12)
    line = session.model.lines.of("differences")[0].name
    assert console.press("park", line=line, owner="Ada", place="", date="").status == 200
    page = sent_without_javascript(console, "park", line=line, owner="Ben", place=LONG, date="in May")
    form = form_of(page, "park", line=line)
    assert all(f'value="{html.escape(text)}"' in form for text in ("Ben", LONG, "in May"))
    assert 'id="not-done"' in form
    stored = form_of(console.get(f"/console/{console.session}/").body.decode(), "park", line=line)
    assert ('value="Ada"' in stored, 'value="Ben"' in stored) == (True, False), "nothing of it was done"


def test_a_table_of_paper_cards_that_cannot_be_read_stays_typed(console: Console) -> None:
    page = sent_without_javascript(console, "paper", csv="no, table\n1")
    form = form_of(page, "paper")
    assert ">no, table\n1</textarea>" in form
    assert 'id="not-done"' in form
    assert '<details data-block="paper" id="paper-part" open>' in page


def test_counts_of_cards_that_are_no_numbers_stay_typed(console: Console) -> None:
    console.press("open", question="leak")
    page = sent_without_javascript(console, "tally", question="leak", **{"count leak A": "twelve", "count leak C": "3"})
    form = form_of(page, "tally", question="leak")
    assert 'value="twelve"' in form
    assert 'value="3"' in form
    assert '<details id="tally-leak" class="tally-form" open>' in page
