"""The notebook view as a person sees it: the course's own code runs by itself and is hidden; no other does."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from course.content import words
from tests.browser.learner import OPENING
from tests.jupyter_server import RunningCourse, open_course

pytestmark = pytest.mark.browser

NAME = "two-questions"
LESSON = f"notebooks/{NAME}.ipynb"
EXERCISE = f"exercises/{NAME}/{NAME}.ipynb"
VIEWS = pytest.mark.parametrize("view", ["notebooks", "lab/tree"])
TELEPHONE = {"width": 360, "height": 740}
CODE = ".jp-CodeCell .jp-InputArea-editor:visible"


@pytest.fixture
def look(browser: Browser) -> Iterator[Page]:
    """Return a page in a browser in which nothing was opened before; what its scripts throw is not looked at."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    yield context.new_page()
    context.close()


def address(course: RunningCourse, path: str, view: str) -> str:
    """Return where a notebook is; Lab is told to forget which others were open."""
    return course.notebook(path, view) + ("&reset" if view.startswith("lab") else "")


def wait(page: Page, state: str) -> None:
    page.wait_for_selector(f'[data-course="{state}"]', state="attached", timeout=OPENING)


def write(course: RunningCourse, path: str, *more_code: str) -> None:
    """Write a lesson of the course to another path, with more code in it."""
    notebook = json.loads((course.copy / LESSON).read_text(encoding="utf-8"))
    for number, code in enumerate(more_code):
        cell = {"cell_type": "code", "id": f"more-{number}", "metadata": {}, "source": code}
        notebook["cells"].append(cell | {"outputs": [], "execution_count": None})
    (course.copy / path).parent.mkdir(parents=True, exist_ok=True)
    (course.copy / path).write_text(json.dumps(notebook), encoding="utf-8")


def test_the_course_opens_at_its_start_page_and_asks_no_other_host(course: RunningCourse, look: Page) -> None:
    hosts: set[str | None] = set()
    look.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
    look.goto(course.start)
    wait(look, "ready")
    expect(look.get_by_role("heading", name="Building trust", level=1)).to_be_visible()
    look.get_by_role("link", name="1. Two questions").click()
    look.wait_for_url(f"**/{LESSON}*")
    wait(look, "ready")
    look.get_by_role("link", name=words("view.all-lessons"), exact=True).first.click()
    look.wait_for_url("**/start.ipynb*")
    wait(look, "ready")
    assert hosts - {None} == {"127.0.0.1"}


@VIEWS
def test_a_lesson_runs_by_itself_with_its_code_hidden(course: RunningCourse, tab: Page, view: str) -> None:
    tab.goto(address(course, LESSON, view))
    wait(tab, "ready")
    expect(tab.locator(".bt-card").first).to_be_visible()
    expect(tab.locator(CODE)).to_have_count(0)
    expect(tab.locator(".jp-InputPrompt:visible")).to_have_count(0)
    expect(tab.get_by_role("button", name="Validate")).to_have_count(0)
    button = tab.get_by_role("button", name=words("view.show-code"))
    expect(button).to_have_attribute("aria-pressed", "false")
    button.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(tab.locator(CODE).first).to_be_visible()
    button.press("Enter")
    expect(tab.locator(CODE)).to_have_count(0)


@VIEWS
def test_a_page_that_was_only_read_is_neither_changed_nor_saved_nor_asked_about_and_runs_again(
    course: RunningCourse, tab: Page, view: str
) -> None:
    before = (course.copy / LESSON).read_bytes()
    asked: list[str] = []

    def note(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.accept()

    tab.goto(address(course, LESSON, view))
    wait(tab, "ready")
    cells = tab.locator(".jp-Cell")
    count = cells.count()
    cells.first.focus()
    for key in "abmxyd d":
        tab.keyboard.press("Space" if key == " " else key)
    assert cells.count() == count
    expect(tab.locator(".jp-MarkdownCell")).to_have_count(tab.locator(".jp-MarkdownCell.jp-mod-rendered").count())
    card = tab.locator(".bt-card:has(input[type=radio])").first
    card.locator("input[type=radio]").nth(len(view) % 2).click()
    expect(card).to_contain_text(words("status.saved"))
    expect(tab.locator(".jp-mod-dirty")).to_have_count(0)
    tab.on("dialog", note)
    tab.goto(address(course, LESSON, view))
    tab.remove_listener("dialog", note)
    assert asked == []
    assert (course.copy / LESSON).read_bytes() == before
    wait(tab, "ready")
    expect(tab.locator(".bt-card").first).to_be_visible()


@VIEWS
def test_changed_code_does_not_run_and_is_shown(course: RunningCourse, tab: Page, view: str) -> None:
    path = f"notebooks/changed-{len(view)}.ipynb"
    write(course, path, "open('ran', 'w').close()")
    tab.goto(address(course, path, view))
    wait(tab, "changed")
    expect(tab.get_by_text(words("view.changed"))).to_be_visible()
    expect(tab.locator(CODE).first).to_be_visible()
    expect(tab.locator(".bt-card")).to_have_count(0)
    assert not (course.copy / "notebooks" / "ran").exists()


def test_the_same_code_in_another_folder_does_not_run(course: RunningCourse, tab: Page) -> None:
    for folder in ("submitted/kim", "inbox", "elsewhere/notebooks"):
        write(course, f"{folder}/{NAME}.ipynb")
        tab.goto(course.notebook(f"{folder}/{NAME}.ipynb", "notebooks"))
        wait(tab, "changed")
        expect(tab.locator(".bt-card")).to_have_count(0)


def test_nothing_runs_where_the_browser_cannot_check_the_code(course: RunningCourse, look: Page) -> None:
    look.add_init_script("Object.defineProperty(crypto, 'subtle', {value: undefined})")
    look.goto(course.notebook(LESSON, "notebooks"))
    wait(look, "changed")


def test_everyone_can_use_an_exercise_and_have_it_validated(
    course: RunningCourse, tab: Page, violations: Callable[..., list[str]]
) -> None:
    validate = tab.get_by_role("button", name="Validate")
    tab.set_viewport_size(TELEPHONE)
    tab.goto(course.notebook(EXERCISE, "notebooks"))
    wait(tab, "ready")
    expect(validate).to_be_visible()
    tab.set_viewport_size({"width": 1280, "height": 900})
    for colours in ("dark", "light"):
        tab.emulate_media(color_scheme="dark" if colours == "dark" else "light")
        expect(tab.locator("body")).to_have_attribute("data-jp-theme-light", str(colours == "light").lower())
        assert violations(tab, ".course-Bar") == []
    for target in (tab.get_by_role("button", name=words("view.show-code")), tab.locator(".course-Bar a")):
        box = target.bounding_box()
        assert box is not None
        assert box["height"] >= 44
    validate.click()
    expect(tab.get_by_role("dialog")).to_contain_text("Validation", timeout=OPENING)


def test_an_exercise_can_be_validated_in_lab(course: RunningCourse, tab: Page) -> None:
    tab.goto(address(course, EXERCISE, "lab/tree"))
    wait(tab, "ready")
    tab.get_by_role("button", name="Validate").click()
    expect(tab.get_by_role("dialog")).to_contain_text("Validation", timeout=OPENING)


def test_the_bar_says_so_when_python_stops_and_a_file_beside_the_lesson_takes_no_librarys_place_in_the_next(
    course: RunningCourse, tab: Page
) -> None:
    tab.goto(course.notebook(LESSON, "notebooks"))
    wait(tab, "ready")
    sessions = tab.evaluate("fetch('/api/sessions').then((answer) => answer.json())")
    [kernel] = [one["kernel"]["id"] for one in sessions if one["path"] == LESSON]
    [process] = [one for one in psutil.process_iter(["cmdline"]) if kernel in " ".join(one.info["cmdline"] or [])]
    trap = (course.copy / LESSON).with_name("course.py")
    trap.write_text("open('ran', 'w').close()")
    try:
        process.kill()
        expect(tab.locator(".course-Status")).to_have_text(words("view.lost"), timeout=OPENING)
        tab.reload()
        wait(tab, "ready")
        expect(tab.locator(".bt-card").first).to_be_visible()
    finally:
        trap.unlink()
    assert not trap.with_name("ran").exists()


def test_a_failing_cell_does_not_stop_the_lesson(tmp_path: Path, look: Page, checkouts: Callable[[], Any]) -> None:
    checkout = checkouts()
    path = checkout.root / LESSON
    notebook = json.loads(path.read_text(encoding="utf-8"))
    setup = next(place for place, cell in enumerate(notebook["cells"]) if cell["cell_type"] == "code")
    broken = {"cell_type": "code", "id": "broken", "metadata": {}, "outputs": [], "execution_count": None}
    notebook["cells"].insert(setup + 1, broken | {"source": "1 / 0"})
    path.write_text(json.dumps(notebook), encoding="utf-8")
    with open_course(tmp_path, PYTHONPATH=str(checkout.root)) as course:
        look.goto(course.notebook(LESSON, "notebooks"))
        wait(look, "ready")
        expect(look.get_by_text("ZeroDivisionError").first).to_be_visible()
        expect(look.locator(".bt-card").first).to_be_visible()
