"""Nothing that people write in a session acts on a phone, on the console or on the screen."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from course.workshop.script.script import find_script, parse_script
from tests.browser.pictures import keep_picture
from tests.browser.room_people import approve_all
from tests.browser.room_screen import every_page
from tests.browser.room_windows import Windows
from tests.trainer.injections import INJECTIONS, WATCH
from tests.workshop.live_server import answer

pytestmark = pytest.mark.browser
FREE = {
    "check-in": ("attention",),
    "boundaries": ("missing",),
    "differences": ("different",),
    "thanks": ("thank-you",),
    "commitment": ("commitment",),
    "close": ("taking-away",),
}
"""Every question that is answered in free text, by its step."""
ACTING = """() => [...document.body.querySelectorAll("*")].filter(one =>
  ["script", "iframe", "object", "embed", "base", "meta", "marquee", "math"].includes(one.localName)
  || [...one.attributes].some(each => each.name.startsWith("on") || /^\\s*javascript:/i.test(each.value))
).map(one => one.outerHTML.slice(0, 200))"""
"""What on a page could act: it must find nothing."""


def given(windows: Windows, question: str, text: str) -> Any:
    """Return a text as the answer to a question, in each of its fields."""
    found = windows.session.model.script.question(question)
    assert found
    text = text[: found.most]
    if not found.fields:
        return text
    return {**dict.fromkeys(found.fields, text), **({"show": True} if found.kind == "commitment" else {})}


def still(page: Page) -> None:
    """Fail if anything on a page has acted or could act."""
    assert page.evaluate("window.__ran") == []
    assert page.evaluate(ACTING) == []


def write(windows: Windows, question: str, people: list[Any]) -> None:
    """Let each person write one line of the list, in all fields of a question; approve and show them all."""
    session = windows.session
    for person, text in zip(people, INJECTIONS, strict=True):
        took = answer(person, session, question, given(windows, question, text))
        assert took.status == 200, (question, text, took.body)
    approve_all(windows, question)
    windows.act("close", question=question)
    windows.act("reveal", question=question)
    assert len(session.model.walls.shown(session.model.script.question(question))) == len(INJECTIONS)


def test_free_text_acts_on_none_of_the_three_pages(windows: Windows, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each line of the list is written in every question, and in all fields of it, and all are shown."""
    text = find_script(is_long=True).text.replace('slug = "attention"', 'slug = "attention"\nmost = 200')
    monkeypatch.setattr("tests.workshop.live_server.find_script", lambda **_: parse_script(text))
    session = windows.session = windows.live_server.new_session()
    people = [windows.live_server.phone(session) for _ in INJECTIONS]
    for step, questions in FREE.items():
        windows.open(step, *questions)
        for question in questions:
            write(windows, question, people)
    console, phone = windows.console(watch=WATCH), windows.phone(watch=WATCH)
    screen = windows.screen(console, watch=WATCH)
    for step, (question,) in FREE.items():
        windows.open(step, question, *(["sorted"] if question == "different" else []))
        expect(console.locator("article.line")).to_have_count(len(INJECTIONS))
        lines = 0
        for _ in every_page(windows, screen):
            lines += screen.locator(".lines li").count()
            still(screen)
        assert lines == len(INJECTIONS)
        phone.locator(f"form[data-answer={question}]").wait_for(state="attached")
        expect(phone.locator("form[data-answer^=sorted]")).to_have_count(8 if step == "differences" else 0)
        for page in (console, phone):
            still(page)
    keep_picture(screen, "room-hostile-screen")


def test_a_facilitators_own_words_act_on_no_page(windows: Windows) -> None:
    session, live_server = windows.session, windows.live_server
    windows.open("differences", "different")
    for text in INJECTIONS[:6]:
        answer(live_server.phone(session), session, "different", given(windows, "different", text))
    for line, owner in zip(session.model.lines.of("different"), INJECTIONS, strict=False):
        windows.act("approve", line=line.name)
        windows.act("park", line=line.name, owner=owner[:120], place=INJECTIONS[8][:120], date=INJECTIONS[0][:120])
    windows.act("close", question="different")
    windows.act("reveal", question="different")
    windows.act("boundary", question="drafts", line="sources", text=INJECTIONS[8])
    console, phone = windows.console(watch=WATCH), windows.phone(watch=WATCH)
    screen = windows.screen(console, watch=WATCH)
    screen.locator("tbody tr").first.wait_for()
    rows = 0
    for _ in every_page(windows, screen):
        rows += screen.locator("tbody tr").count()
        still(screen)
    assert rows == 6
    for page in (console, phone):
        still(page)
    windows.act("step", step="boundaries")
    expect(phone.locator("[data-block=boundaries] li", has_text="onerror")).to_have_count(1)
    expect(screen.locator(".agreed li", has_text="onerror")).to_have_count(1)
    for page in (console, screen, phone):
        still(page)
    export = console.request.get(f"{windows.base}{windows.console_path}export.html").text()
    page = windows.new({"width": 1000, "height": 800}, watch=WATCH)
    page.route("http://export.test/", lambda route: route.fulfill(body=export, content_type="text/html"))
    windows.elsewhere.clear()
    page.goto("http://export.test/")
    assert windows.elsewhere == ["http://export.test/"]
    windows.elsewhere.clear()
    assert page.evaluate("window.__ran") == []
    assert [one for one in page.evaluate(ACTING) if not one.startswith("<meta")] == []


def test_a_phones_own_hostile_text_comes_back_as_text(windows: Windows) -> None:
    windows.open("check-in", "attention")
    phone = windows.phone(watch=WATCH)
    phone.get_by_role("textbox").fill(INJECTIONS[8][:40])
    phone.get_by_role("button", name="Send").click()
    expect(phone.locator("#status")).to_contain_text("Saved")
    phone.reload()
    assert phone.get_by_role("textbox").input_value() == INJECTIONS[8][:40]
    still(phone)
    phone.goto(f"{windows.base}/r/{windows.session.id}/?saved=%3Cimg%20src=x%20onerror=top.__ran.push(1)%3E")
    still(phone)
    assert json.loads(phone.locator("body").get_attribute("data-mine") or "")["attention"]["answer"]
