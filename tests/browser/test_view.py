"""Jupyter's own views: with the code of a page for learners, with the code hidden for trainers.

The course's own code runs by itself; no other does. What a learner changes in a page never reaches the disk.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest
from playwright.sync_api import Browser, Dialog, FrameLocator, Page, expect

from course.activities.open_questions import missing_sentences
from course.content import words
from course.core.notebooks import code_digest, read_notebook
from course.learner import notebook_view
from course.learner.working_copy import fill, is_as_shipped
from tests.browser.learner import OPENING
from tests.jupyter_server import RunningCourse, open_course, open_plain_lab

pytestmark = pytest.mark.browser

NAME = "two-questions"
LESSON = f"notebooks/{NAME}.ipynb"
EXERCISE = f"exercises/{NAME}/{NAME}.ipynb"
FAILING = "notebooks/repair.ipynb"
CHANGED = "notebooks/changed.ipynb"
ELSEWHERE = ("submitted/kim/a.ipynb", "inbox/a.ipynb", "elsewhere/notebooks/a.ipynb")
TELEPHONE = {"width": 360, "height": 740}
CODE = ".jp-CodeCell .jp-InputArea-editor:visible"
COVER = ".lm-DockPanel iframe"


@pytest.fixture
def look(browser: Browser) -> Iterator[Page]:
    """Return a page in a browser in which nothing was opened before; what its scripts throw is not looked at."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def checkout(checkouts: Callable[[], Any]) -> Any:
    """Return a checkout to teach from: a cell of one lesson fails, and copies of another lie where none may run."""
    made = checkouts()
    write(made.root, FAILING, FAILING, "1 / 0")
    for path in ELSEWHERE:
        write(made.root, LESSON, path)
    return made


@pytest.fixture(scope="module")
def desk(checkout: Any) -> Iterator[RunningCourse]:
    """Open the course once as a trainer, for the tests of this file."""
    with open_course(checkout.home, command="teach", PYTHONPATH=str(checkout.root)) as running:
        yield running


def write(root: Path, source: str, path: str, *more_code: str) -> None:
    """Write a notebook to another path, with more code before its last cell."""
    notebook = json.loads((root / source).read_text(encoding="utf-8"))
    for number, code in enumerate(more_code):
        cell = {"cell_type": "code", "id": f"more-{number}", "metadata": {}, "source": code}
        notebook["cells"].insert(-1, cell | {"outputs": [], "execution_count": None})
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(json.dumps(notebook), encoding="utf-8")


def wait(page: Page | FrameLocator, state: str, count: int = 1) -> None:
    expect(page.locator(f'[data-course="{state}"]')).to_have_count(count, timeout=OPENING)


@contextlib.contextmanager
def questions(page: Page) -> Iterator[list[str]]:
    """Give the list of what a browser asks before it leaves the page; every question is answered with yes."""
    asked: list[str] = []

    def note(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.accept()

    page.on("dialog", note)
    yield asked
    page.remove_listener("dialog", note)


def add_cell(page: Page, code: str) -> None:
    """Add a cell below the first one, as a person does with the notebook's keys."""
    page.locator(".jp-Cell").first.click()
    for key in ("Escape", "b", "Enter"):
        page.keyboard.press(key)
    page.keyboard.type(code)
    expect(page.locator(".jp-CodeCell .cm-content").first).to_have_text(code)


# ---- A trainer reads a lesson in Jupyter, with its code hidden ----


def read_a_lesson(tab: Page, view: str) -> None:
    """See that it ran with its code hidden, open and close the curtain, press the notebook's keys, and answer."""
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


def test_a_lesson_runs_by_itself_and_reading_it_changes_nothing_and_asks_nothing(
    desk: RunningCourse, checkout: Any, tab: Page
) -> None:
    """In Notebook. Then Python stops, which the bar says; a file beside the lesson takes no library's place."""
    before = (checkout.root / LESSON).read_bytes()
    tab.goto(desk.notebook(LESSON, "notebooks"))
    read_a_lesson(tab, "notebooks")
    sessions = tab.evaluate("fetch('/api/sessions').then((answer) => answer.json())")
    [kernel] = [one["kernel"]["id"] for one in sessions if one["path"] == LESSON]
    [process] = [one for one in psutil.process_iter(["cmdline"]) if kernel in " ".join(one.info["cmdline"] or [])]
    trap = (checkout.root / LESSON).with_name("course.py")
    trap.write_text("open('ran', 'w').close()")
    try:
        process.kill()
        expect(tab.locator(".course-Status")).to_have_text(words("view.lost"), timeout=OPENING)
        with questions(tab) as asked:
            tab.reload()
        assert asked == []
        assert (checkout.root / LESSON).read_bytes() == before
        wait(tab, "ready")
        expect(tab.locator(".bt-card").first).to_be_visible()
    finally:
        trap.unlink()
    assert not trap.with_name("ran").exists()


def test_a_lesson_runs_by_itself_in_lab_too_and_the_next_is_one_press_away(
    desk: RunningCourse, checkout: Any, tab: Page
) -> None:
    before = (checkout.root / LESSON).read_bytes()
    tab.goto(desk.notebook(LESSON, "lab/tree") + "&reset")
    read_a_lesson(tab, "lab/tree")
    expect(tab.locator("#jp-right-stack")).to_be_hidden()
    expect(tab.locator("#jp-left-stack")).to_be_visible()
    with questions(tab) as asked:
        tab.get_by_role("link", name=words("view.all-lessons"), exact=True).first.click()
        wait(tab, "ready", 2)
    assert asked == []
    assert (checkout.root / LESSON).read_bytes() == before


def test_nothing_runs_that_was_changed_or_lies_elsewhere_and_what_fails_stops_nothing_else(
    desk: RunningCourse, checkout: Any, tab: Page
) -> None:
    write(checkout.root, LESSON, CHANGED, "open('ran', 'w').close()")  # after the course has looked what it ships
    for path in (CHANGED, *ELSEWHERE):
        tab.goto(desk.notebook(path, "notebooks"))
        wait(tab, "changed")
        expect(tab.get_by_text(words("view.changed"))).to_be_visible()
        expect(tab.locator(".bt-card")).to_have_count(0)
        expect(tab.locator(CODE).first).to_be_visible()
    assert not (checkout.root / "notebooks" / "ran").exists()
    more = checkout.root / "course" / "another_version.py"
    more.touch()
    try:
        for path, said in ((CHANGED, "newer"), (ELSEWHERE[0], "changed")):
            tab.goto(desk.notebook(path, "notebooks"))
            wait(tab, "changed")
            expect(tab.get_by_text(words(f"view.{said}"))).to_be_visible()
    finally:
        more.unlink()
    tab.goto(desk.notebook(FAILING, "notebooks"))
    wait(tab, "ready")
    expect(tab.get_by_text("ZeroDivisionError").first).to_be_attached()
    expect(tab.locator(".bt-card").first).to_be_visible()


def test_a_trainer_validates_an_exercise_as_nbgrader_does(
    desk: RunningCourse, tab: Page, violations: Callable[..., list[str]]
) -> None:
    validate = tab.get_by_role("button", name="Validate")
    tab.set_viewport_size(TELEPHONE)
    tab.goto(desk.notebook(EXERCISE, "notebooks"))
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


# ---- A learner looks at the code of a page ----


def test_the_code_of_a_page_is_shown_and_nothing_that_a_learner_changes_in_it_reaches_the_disk(
    course: RunningCourse, tab: Page, violations: Callable[..., list[str]]
) -> None:
    """In Notebook: an old bookmark leads to the page, and the page to its code. A copy of one's own is kept."""
    hosts: set[str | None] = set()
    tab.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
    before = read_notebook(course.copy / LESSON)
    tab.goto(course.notebook("notebooks/01-two-questions.ipynb", "notebooks"))
    assert urlsplit(tab.url).path == f"/read/{LESSON}"
    tab.get_by_role("link", name=words("frame.show-code")).click()
    wait(tab, "ready")
    expect(tab.locator(".bt-card").first).to_be_visible()
    expect(tab.locator(CODE).first).to_be_visible()
    expect(tab.locator(".course-Notice")).to_have_text(words("view.not-kept"))
    assert violations(tab, ".course-Bar") == []
    add_cell(tab, "mine = 1")
    tab.keyboard.press("Control+s")
    expect(tab.locator(".jp-mod-dirty")).to_have_count(0)
    tab.get_by_role("menuitem", name="File", exact=True).click()
    tab.get_by_role("menuitem", name="Rename").click()
    tab.get_by_role("dialog").get_by_role("textbox").fill("renamed.ipynb")
    tab.get_by_role("dialog").get_by_role("button", name="Rename").click()
    refused = tab.get_by_role("dialog").filter(has_text=words("view.keeps-its-name", name=f"{NAME}.ipynb"))
    refused.get_by_role("button").last.click()
    assert is_as_shipped(course.copy, LESSON)
    tab.get_by_role("menuitem", name="File", exact=True).click()
    tab.get_by_role("menuitem", name="Save Notebook As").click()
    tab.get_by_role("dialog").get_by_role("textbox").fill("notebooks/my-own.ipynb")
    tab.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(tab.locator(".course-Notice")).to_have_count(0)
    assert "mine = 1" in (course.copy / "notebooks" / "my-own.ipynb").read_text(encoding="utf-8")
    assert read_notebook(course.copy / LESSON) == before
    assert is_as_shipped(course.copy, LESSON)
    assert hosts - {None} == {"127.0.0.1"}


def test_in_lab_a_page_covers_its_notebook_until_its_code_is_asked_for(course: RunningCourse, tab: Page) -> None:
    """Keys are the page's own, links stay in it, and the tab has its title. The code of an exercise has its check."""
    before = read_notebook(course.copy / EXERCISE)
    tab.goto(course.notebook(EXERCISE, "lab/tree") + "&reset")
    page = tab.frame_locator(COVER)
    expect(page.locator("html")).to_have_attribute("data-course", "ready", timeout=OPENING)
    label = tab.locator(".lm-DockPanel-tabBar .lm-TabBar-tabLabel")
    expect(label).to_have_text(page.locator("h1").inner_text())
    for side in ("left", "right"):
        expect(tab.locator(f"#jp-{side}-stack")).to_be_hidden()
    expect(tab.locator(COVER)).to_be_focused()
    for key in ("Control+b", "a", "d", "d", "Control+Shift+c"):
        tab.keyboard.press(key)
    expect(tab.locator("#jp-left-stack")).to_be_hidden()
    expect(tab.get_by_role("dialog")).to_have_count(0)
    sessions = tab.evaluate("fetch('/api/sessions').then((answer) => answer.json())")
    assert EXERCISE not in [session["path"] for session in sessions], "the notebook below has no Python of its own"
    page.get_by_role("link", name=words("frame.all-lessons")).click()
    expect(label).to_have_text("Building trust", timeout=OPENING)
    page.locator("body").evaluate("() => history.back()")
    expect(page.locator("html")).to_have_attribute("data-course", "ready", timeout=OPENING)
    tab.evaluate("postMessage({course: 'show-code', path: 'notebooks/two-questions.ipynb'}, '*')")
    page.get_by_role("link", name=words("frame.show-code")).click()
    expect(tab.locator(COVER)).to_have_count(0)
    wait(tab, "ready")
    expect(label).to_have_text(f"{NAME}.ipynb")
    expect(tab.locator(CODE).first).to_be_visible()
    expect(tab.locator(".bt-card").first).to_be_visible()
    add_cell(tab, "1 / 0")
    expect(tab.get_by_role("button", name="Validate")).to_have_count(0)
    tab.get_by_role("button", name=words("frame.check")).press("Enter")
    missing = " ".join(missing_sentences((course.copy / EXERCISE).parent))
    expect(tab.get_by_role("status").filter(has_text=missing)).to_be_visible(timeout=OPENING)
    tab.get_by_role("link", name=words("view.read")).click()
    expect(page.locator("html")).to_have_attribute("data-course", "ready", timeout=OPENING)
    assert read_notebook(course.copy / EXERCISE) == before


def test_a_changed_page_does_not_run_and_a_fresh_one_is_one_press_away(course: RunningCourse, look: Page) -> None:
    """Nor does any page where the browser cannot check its code."""
    write(course.copy, LESSON, LESSON, "open('ran', 'w').close()")
    look.add_init_script("Object.defineProperty(crypto, 'subtle', {value: undefined})")
    look.goto(course.notebook("notebooks/repair.ipynb", "notebooks") + "&show=code")
    wait(look, "changed")
    expect(look.locator(".bt-card")).to_have_count(0)
    look.goto(course.notebook(LESSON, "notebooks") + "&show=code")
    wait(look, "changed")
    expect(look.get_by_text(words("view.changed"))).to_be_visible()
    expect(look.locator(".bt-card")).to_have_count(0)
    look.get_by_role("button", name=words("frame.fresh")).press("Enter")
    look.wait_for_url(f"**/read/{LESSON}")
    wait(look, "ready")
    assert is_as_shipped(course.copy, LESSON)
    [kept] = (course.copy / "kept").rglob(f"{NAME}.ipynb")
    assert "open('ran'" in kept.read_text(encoding="utf-8")
    assert not (course.copy / "notebooks" / "ran").exists()


def test_without_the_course_a_page_says_how_to_open_it_and_does_not_run(look: Page, tmp_path: Path) -> None:
    extension = f"--LabServerApp.extra_labextensions_path={notebook_view.EXTENSIONS}"
    with open_plain_lab(fill(tmp_path / "copy"), tmp_path, extension) as address:
        look.goto(f"{address}/lab/tree/{LESSON}?token=plain")
        expect(look.locator(".course-HowToOpen")).to_have_text(words("view.how-to-open"), timeout=OPENING)
        expect(look.locator(CODE).first).to_be_visible()
        expect(look.locator(".jp-OutputArea-output")).to_have_count(0)
        look.goto("about:blank")  # Lab goes on asking, and would throw where its server has ended


def test_what_says_how_to_open_a_page_is_no_part_of_the_page(course: RunningCourse) -> None:
    """Nothing of it is handed in, and the course still knows its code."""
    for path in (LESSON, EXERCISE):
        notebook = read_notebook(course.copy / path)
        assert words("view.how-to-open") not in json.dumps(notebook, ensure_ascii=False)
        assert code_digest(notebook) in notebook_view.digests(Path(__file__).parents[2])
