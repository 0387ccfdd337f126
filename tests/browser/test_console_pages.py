"""The console at each step, as it is looked at: its size, its faults by WCAG, and the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from course.workshop.rules.session_model import QuestionState
from tests.browser.pictures import keep_picture
from tests.browser.room_windows import Windows

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SIZES = ((1280, 800), (1024, 768), (640, 400))
"""The last one is the first at 200 % zoom."""


def fill(windows: Windows, people: int = 12) -> None:
    """Have people answer all that is open, and approve what they write."""
    model = windows.session.model
    for question in model.script.questions():
        if model.state.question(question.slug).phase != "open":
            continue
        for part in model.parts(question):
            options = list(question.options)
            for number in range(people):
                value: object = f"A line that somebody wrote, number {number}"
                if question.kind == "rate":
                    value = 1 + number % 7
                elif options:
                    value = options[number % len(options)]
                elif question.fields:
                    value = {**dict.fromkeys(question.fields, f"words {number}"), "show": True}
                model.record_answer(part, f"person {number}", 1, value)  # type: ignore[arg-type]
    model.people = {f"person {number}" for number in range(people)}


def steps(windows: Windows) -> Iterator[str]:
    """Go through the script: each step with its questions shown."""
    for step in windows.session.model.script.steps:
        windows.act("step", step=step.slug)
        for question in step.questions:
            if not question.is_optional:
                windows.act("open", question=question.slug)
                fill(windows)
                windows.act("close", question=question.slug)
                for line in windows.session.model.lines.of(question.slug):
                    windows.act("approve", line=line.name)
                windows.act("reveal", question=question.slug)
        yield step.slug


def here(windows: Windows) -> list[QuestionState]:
    """Return where the questions of this step stand."""
    model = windows.session.model
    step = model.script.step(model.state.step)
    return [model.state.question(question.slug) for question in step.questions] if step else []


def test_the_console_has_no_fault_at_any_step_and_size(windows: Windows, violations: Callable[..., list[str]]) -> None:
    console = windows.console()
    wrong: list[object] = []
    for slug in steps(windows):
        console.locator(f"#go-{slug}[aria-current=step]").wait_for()
        shown = sum(state.is_shown for state in here(windows))
        expect(console.locator(".tag-shown")).to_have_count(shown)
        for chart in console.locator("[data-chart]").all():
            chart.locator("figure").first.wait_for()
        for width, height in SIZES:
            console.set_viewport_size({"width": width, "height": height})
            console.evaluate("scrollTo(0, 0)")
            keep_picture(console, f"console-step-{slug}-{width}", whole=False)
            wide = console.evaluate("document.documentElement.scrollWidth")
            wrong += [(slug, width, "too wide", wide)] if wide > width else []
            wrong += [(slug, width, fault) for fault in violations(console)]
    assert wrong == []


FOCUSED = """() => {
  const element = document.activeElement;
  if (element === document.body) return null;
  const box = element.getBoundingClientRect();
  const top = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height / 2, 20));
  return [element.id || element.textContent.trim(), element.contains(top) || Boolean(top?.contains(element))];
}"""


def tab_through(console: Page) -> list[tuple[str, bool]]:
    """Press Tab until the focus leaves the page; return what had the focus, and whether it could be seen."""
    console.locator(".skip-link").focus()
    seen: list[tuple[str, bool]] = []
    for _ in range(300):
        focused = console.evaluate(FOCUSED)
        if focused is None or (seen and focused[0] == seen[0][0]):
            return seen
        seen.append((focused[0], focused[1]))
        console.keyboard.press("Tab")
    raise AssertionError("the focus never leaves the page")


@pytest.mark.parametrize("size", SIZES)
def test_every_control_can_be_reached_and_seen_with_the_tab_key(windows: Windows, size: tuple[int, int]) -> None:
    windows.open("differences", "different")
    fill(windows)
    windows.act("close", question="different")
    for line in windows.session.model.lines.every()[:6]:
        windows.act("approve", line=line.name)
    windows.act("reveal", question="different")
    windows.act("settle", line=windows.session.model.lines.every()[0].name, to="park")
    console = windows.console()
    console.set_viewport_size({"width": size[0], "height": size[1]})
    for part in ("paper-part", "end", "delete", "others"):
        console.locator(f"#{part} > summary").click()
    expect(console.locator("#new-session")).to_be_visible()
    controls = console.locator(
        ":is(button, a[href], summary, input:not([type=hidden]), select, textarea):visible:enabled"
    ).evaluate_all("all => all.map((control) => control.id || control.textContent.trim())")
    seen = tab_through(console)
    assert [name for name, is_seen in seen if not is_seen] == []
    assert set(controls) - {name for name, _ in seen} == set()


def test_the_focus_stays_while_the_room_goes_on(windows: Windows) -> None:
    """Whatever has the focus on the console keeps it, with what is typed, when phones answer and lines come."""
    windows.open("boundaries", "drafts")
    windows.act("open", question="missing")
    console = windows.console()
    kept = ["#walk-next", "#walk-back", "#taking-drafts", "#showing-missing", "#words-sources", "#minutes", "#go-leak"]
    for number, control in enumerate(kept, start=1):
        console.locator(control).focus()
        if control in ("#words-sources", "#minutes"):
            console.locator(control).fill("7")
        fill(windows, 5 * number)
        windows.live_server.run(noticed(windows))
        expect(console.locator("[data-block=question-drafts] .answered")).to_have_text(f"{5 * number} or more answered")
        expect(console.locator(control)).to_be_focused()
    expect(console.locator("#words-sources")).to_have_value("7")
    expect(console.locator("#minutes")).to_have_value("7")


async def noticed(windows: Windows) -> None:
    windows.session.changed()


def test_a_console_without_scripts_says_that_it_does_not_change_by_itself(windows: Windows) -> None:
    console = windows.console(java_script_enabled=False)
    said = console.locator("noscript .note")
    expect(said).to_be_visible()
    expect(said).to_contain_text("Load it again before you type or press something")
    keep_picture(console, "console-without-script")
    expect(windows.console().locator("noscript")).to_be_hidden()
