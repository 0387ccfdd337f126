"""The notebook view as a person sees it: the course's own code runs by itself and is hidden; no other does."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from course.content import words
from tests.browser.learner import OPENING
from tests.jupyter_server import RunningCourse, open_course

pytestmark = pytest.mark.browser

NAME = "two-questions"
LESSON = f"notebooks/{NAME}.ipynb"
EXERCISE = f"exercises/{NAME}/{NAME}.ipynb"
VIEWS = pytest.mark.parametrize("view", ["notebooks", "lab/tree"])
CODE = ".jp-CodeCell .jp-InputArea-editor:visible"


@pytest.fixture
def person(browser: Browser) -> Iterator[BrowserContext]:
    """Return a browser in which nothing was opened before.

    Notebook itself throws one error as it starts (it reads the shortcuts of a part that is not there yet), so this
    does not watch for errors as `page` does.
    """
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    yield context
    context.close()


@pytest.fixture
def look(person: BrowserContext) -> Page:
    return person.new_page()


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
def test_a_lesson_runs_by_itself_with_its_code_hidden(course: RunningCourse, look: Page, view: str) -> None:
    look.goto(address(course, LESSON, view))
    wait(look, "ready")
    expect(look.locator(".bt-card").first).to_be_visible()
    expect(look.locator(CODE)).to_have_count(0)
    expect(look.locator(".jp-InputPrompt:visible")).to_have_count(0)
    button = look.get_by_role("button", name=words("view.show-code"))
    expect(button).to_have_attribute("aria-pressed", "false")
    button.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(look.locator(CODE).first).to_be_visible()
    button.press("Enter")
    expect(look.locator(CODE)).to_have_count(0)


@VIEWS
def test_changed_code_does_not_run_and_is_shown(course: RunningCourse, look: Page, view: str) -> None:
    path = f"notebooks/changed-{len(view)}.ipynb"
    write(course, path, "open('ran', 'w').close()")
    look.goto(address(course, path, view))
    wait(look, "changed")
    expect(look.get_by_text(words("view.changed"))).to_be_visible()
    expect(look.locator(CODE).first).to_be_visible()
    expect(look.locator(".bt-card")).to_have_count(0)
    assert not (course.copy / "notebooks" / "ran").exists()


@pytest.mark.parametrize("folder", ["submitted/kim", "inbox", "elsewhere/notebooks"])
def test_the_same_code_in_another_folder_does_not_run(course: RunningCourse, look: Page, folder: str) -> None:
    write(course, f"{folder}/{NAME}.ipynb")
    look.goto(course.notebook(f"{folder}/{NAME}.ipynb"))
    wait(look, "changed")
    expect(look.locator(".bt-card")).to_have_count(0)


def test_nothing_runs_where_the_browser_cannot_check_the_code(course: RunningCourse, look: Page) -> None:
    look.add_init_script("Object.defineProperty(crypto, 'subtle', {value: undefined})")
    look.goto(course.notebook(LESSON))
    wait(look, "changed")


@VIEWS
def test_exercises_can_be_validated_and_lessons_need_it_not(course: RunningCourse, look: Page, view: str) -> None:
    look.goto(address(course, EXERCISE, view))
    wait(look, "ready")
    look.get_by_role("button", name="Validate").click()
    expect(look.get_by_role("dialog")).to_contain_text("Validation", timeout=OPENING)
    look.goto(address(course, LESSON, view))
    wait(look, "ready")
    expect(look.get_by_role("button", name="Validate")).to_have_count(0)


def test_validate_is_there_on_a_telephone(course: RunningCourse, person: BrowserContext, look: Page) -> None:
    look.set_viewport_size({"width": 360, "height": 740})
    look.goto(course.notebook(EXERCISE))
    wait(look, "ready")
    expect(look.get_by_role("button", name="Validate")).to_be_visible()


def test_reading_with_the_keyboard_changes_no_cell(course: RunningCourse, look: Page) -> None:
    look.goto(course.notebook(LESSON))
    wait(look, "ready")
    cells = look.locator(".jp-Cell")
    count = cells.count()
    cells.first.focus()
    for key in "abmxyd d":
        look.keyboard.press("Space" if key == " " else key)
    assert cells.count() == count
    expect(look.locator(".jp-MarkdownCell")).to_have_count(look.locator(".jp-MarkdownCell.jp-mod-rendered").count())


@VIEWS
def test_a_page_that_was_only_read_is_neither_saved_nor_asked_about(
    course: RunningCourse, look: Page, view: str
) -> None:
    before = (course.copy / LESSON).read_bytes()
    asked: list[str] = []
    look.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    look.goto(address(course, LESSON, view))
    wait(look, "ready")
    card = look.locator(".bt-card:has(input[type=radio])").first
    card.locator("input[type=radio]").nth(len(view) % 2).click()
    expect(card).to_contain_text(words("status.saved"))
    expect(look.locator(".jp-mod-dirty")).to_have_count(0)
    look.goto("about:blank")
    assert asked == []
    assert (course.copy / LESSON).read_bytes() == before


def test_a_page_opened_again_runs_again(course: RunningCourse, look: Page) -> None:
    for _ in range(2):
        look.goto(course.notebook(LESSON))
        wait(look, "ready")
        expect(look.locator(".bt-card").first).to_be_visible()


def test_the_bar_says_so_when_python_stops_under_an_open_lesson(course: RunningCourse, look: Page) -> None:
    look.goto(course.notebook(LESSON))
    wait(look, "ready")
    sessions = look.evaluate("fetch('/api/sessions').then((answer) => answer.json())")
    [kernel] = [one["kernel"]["id"] for one in sessions if one["path"] == LESSON]
    [process] = [one for one in psutil.process_iter(["cmdline"]) if kernel in " ".join(one.info["cmdline"] or [])]
    process.kill()
    expect(look.locator(".course-Status")).to_have_text(words("view.lost"), timeout=OPENING)
    look.reload()
    wait(look, "ready")


def test_a_file_beside_a_lesson_takes_no_librarys_place(course: RunningCourse, look: Page) -> None:
    trap = (course.copy / LESSON).with_name("course.py")
    trap.write_text("open('ran', 'w').close()")
    try:
        look.goto(course.notebook(LESSON))
        wait(look, "ready")
        expect(look.locator(".bt-card").first).to_be_visible()
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
        look.goto(course.notebook(LESSON))
        wait(look, "ready")
        expect(look.get_by_text("ZeroDivisionError").first).to_be_visible()
        expect(look.locator(".bt-card").first).to_be_visible()


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_the_bar_can_be_used_by_everyone(
    course: RunningCourse, look: Page, violations: Callable[..., list[str]], colours: str
) -> None:
    look.emulate_media(color_scheme=colours)
    look.goto(course.notebook(EXERCISE))
    wait(look, "ready")
    assert violations(look, ".course-Bar") == []
    for target in (look.get_by_role("button", name=words("view.show-code")), look.locator(".course-Bar a")):
        box = target.bounding_box()
        assert box is not None
        assert box["height"] >= 44
