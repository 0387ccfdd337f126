"""The follow-up in real windows: from a saved file to what became of each promise, with made-up phones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from course.content import find_file
from course.core import moments
from course.workshop.record_file import read_record, record_bytes
from course.workshop.script.follow_up import NAME, follow_up_script
from course.workshop.views.result_views import session_record
from tests.browser.pictures import keep_picture
from tests.browser.room_windows import Windows
from tests.workshop.whole_room import fill, saved_file
from tests.workshop.workshop_process import console_link, interrupt, read_until, start

pytestmark = pytest.mark.browser
PHONES = 20


def begin(windows: Windows) -> None:
    """Hold a first session, save it, and go on with the follow-up that its file begins."""
    fill(windows.live_server, windows.session)
    file = record_bytes(session_record(windows.session, moments.today()))
    record = read_record(file, "trust-in-this-room.json")
    script = follow_up_script(find_file(NAME).read_text(encoding="utf-8"), record)
    windows.session = windows.live_server.run(windows.live_server.server.new_session(script))


def test_the_follow_up_is_walked_from_a_saved_file(windows: Windows, violations: Callable[..., list[str]]) -> None:
    begin(windows)
    console = windows.console()
    screen = windows.screen(console)
    phone = windows.phone()
    model = windows.session.model
    with windows.others(PHONES):
        for step in model.script.steps:
            windows.act("step", step=step.slug)
            for question in step.questions:
                windows.act("open", question=question.slug)
                if question.slug == "parked-kept":
                    expect(phone.get_by_role("heading", name="who decides on the budget")).to_be_visible()
                    expect(screen.locator(".open li")).to_contain_text("· Sam · the board · 12 January")
                    expect(console.locator("#step, [data-part=step]").get_by_text("· Sam ·").first).to_be_visible()
                    for page, name in ((phone, "phone"), (screen, "screen"), (console, "console")):
                        assert violations(page) == [], name
                        keep_picture(page, f"follow-up-{name}-promise")
                    phone.get_by_role("button", name="Moved to later").click()
                windows.live_server.run(_answered(windows, question.slug))
                for line in model.lines.of(question.slug):
                    windows.act("approve", line=line.name)
                windows.act("close", question=question.slug)
                windows.act("reveal", question=question.slug)
            if step.slug in ("promises", "rate"):
                expect(screen.locator(".course-chart").first).to_be_visible()
                expect(screen.get_by_text("Drawing…")).to_have_count(0)
                keep_picture(screen, f"follow-up-screen-{step.slug}")
    record = session_record(windows.session, moments.today())
    kinds = {chart["question"]: chart["spec"]["kind"] for chart in record["charts"]}
    assert [*kinds] == ["boundaries-kept", "parked-kept", "now-kept", "ours-kept", "group"]
    page = windows.new({"width": 1000, "height": 900}, storage_state=console.context.storage_state())
    page.set_content(page.request.get(f"{windows.base}{windows.console_path}export.html").text())
    expect(page.get_by_role("heading", name="What we parked: kept, moved, or missed?")).to_be_visible()
    expect(page.get_by_role("cell", name="Moved to later").first).to_be_visible()
    expect(page.get_by_text("Nobody’s two answers are paired").first).to_be_visible()
    assert violations(page) == []
    keep_picture(page, "follow-up-page")


def test_the_command_opens_a_follow_up_that_the_facilitator_leads_in_a_browser(
    page: Page, violations: Callable[..., list[str]], tmp_path: Path
) -> None:
    process = start(tmp_path / "data", "--follow-up", str(saved_file(tmp_path)))
    try:
        port, link = console_link(read_until(process, "Ctrl-C"))
        page.goto(f"http://127.0.0.1:{port}{link}")
        expect(page.get_by_text("Trust in this room: looking back").first).to_be_visible()
        expect(page.locator("body")).not_to_have_class("console fresh")  # before that, it takes no press
        page.get_by_role("button", name="Go to “What did we promise?”").click()
        expect(page.get_by_text("· Sam · the board · 12 January").first).to_be_visible()
        assert violations(page) == []
        keep_picture(page, "follow-up-command-console")
    finally:
        rest = interrupt(process)
    assert (process.returncode, "stopped" in rest) == (0, True)


async def _answered(windows: Windows, slug: str) -> None:
    """Wait until all made-up phones have answered a question."""
    import asyncio

    question = windows.session.model.script.question(slug)
    assert question
    while windows.session.model.answered_count(question) < PHONES:
        await asyncio.sleep(0.05)
