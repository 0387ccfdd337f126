"""A page while something ends or fails: Python, the server, the connection, a lock, the disk, the journal."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from course.content import words
from tests.browser.learner import LESSON, OPENING, SAVING, START, Learner
from tests.browser.obstacles import FOLLOW, KERNEL, full_disk, linux_only, lock_held, process_of
from tests.browser.page_clock import stop_clock
from tests.jupyter_server import ANOTHER_VERSION, copy_course, install_another_version, open_course
from tests.ports import free_port

pytestmark = pytest.mark.browser

TYPED = "half a sentence"
MARK = "window.kept = document.querySelector('[data-card=task-or-worry] textarea')"
IS_SAME = "kept === document.querySelector('[data-card=task-or-worry] textarea') && kept === document.activeElement"


def type_half(learner: Learner) -> None:
    """Begin to write an answer, and remember the element that holds it."""
    field = learner.part("task-or-worry", "text").locator("textarea")
    field.focus()
    learner.page.keyboard.press("Control+a")
    learner.page.keyboard.type(TYPED)
    learner.page.evaluate(MARK)


def goes_on(learner: Learner) -> None:
    """Fail unless the answer is still being written in the same element, and can be saved."""
    assert learner.page.evaluate(IS_SAME)
    learner.page.keyboard.type("!")
    expect(learner.part("task-or-worry", "text").locator("textarea")).to_have_value(f"{TYPED}!")
    learner.page.keyboard.press("Tab")
    learner.saved("task-or-worry")


FAIL_ONE_CELL = """
  document.addEventListener("readystatechange", () => {
    const element = document.getElementById("frame-data");
    if (document.readyState !== "interactive") return;
    const data = JSON.parse(element.textContent);
    data.code[Object.keys(data.code).at(-1)] = "1 / 0";
    element.textContent = JSON.stringify(data);
  });
"""
"""Puts a mistake into the code of the last cell."""
KEEP_SOCKETS = """
  const Socket = WebSocket;
  window.sockets = [];
  window.WebSocket = class extends Socket {
    constructor(...given) {
      super(...given);
      window.sockets.push(this);
    }
  };
"""
"""Remembers the page's connections."""


def test_a_page_whose_python_ends_says_so_begins_again_and_keeps_what_is_typed(learner: Learner) -> None:
    page = learner.page
    type_half(learner)
    page.evaluate(FOLLOW)
    process_of(page.evaluate(KERNEL)).kill()
    page.wait_for_selector('[data-said~="lost"][data-course="ready"]', timeout=OPENING)
    goes_on(learner)


def test_a_page_whose_python_does_not_answer_says_what_to_do_and_goes_on_once_it_does(learner: Learner) -> None:
    page = learner.page.context.new_page()
    page.clock.install()
    page.goto(learner.page.url)
    page.wait_for_selector('[data-course="ready"]', timeout=OPENING)
    status, python = page.locator("#frame-status"), process_of(page.evaluate(KERNEL))
    python.suspend()
    try:
        page.reload()
        page.wait_for_selector('[data-course="preparing"]', timeout=OPENING)
        stop_clock(page)
        page.clock.fast_forward(15_000)
        expect(status).to_have_text(words("frame.preparing"))
        page.clock.fast_forward(5_000)
        expect(status).to_have_text(words("frame.slow"))
        page.clock.resume()
    finally:
        python.resume()
    page.wait_for_selector('[data-course="ready"]', timeout=OPENING)
    expect(status).to_have_text(words("frame.ready"))
    page.close()


CLOSE_EARLY = """() => {
  const Socket = WebSocket;
  window.closedEarly = 0;
  window.WebSocket = class extends Socket {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", ({ data }) => {
        if (window.closedEarly || !String(data).includes("comm_open")) return;
        window.closedEarly += 1;
        this.close();
      });
    }
  };
}"""
"""Ends the next connection once, as soon as the first widget of the page has come."""


def test_a_page_whose_connection_ends_while_it_begins_again_does_so_once_more(learner: Learner) -> None:
    page = learner.page
    page.evaluate(CLOSE_EARLY)
    page.evaluate(FOLLOW)
    process_of(page.evaluate(KERNEL)).kill()
    page.wait_for_selector('[data-said~="lost"][data-course="ready"]', timeout=OPENING)
    assert page.evaluate("closedEarly") == 1
    learner.type("task-or-worry", "text", "after all that")


def test_a_page_of_which_a_part_did_not_start_says_so_after_the_connection_ended_too(learner: Learner) -> None:
    page = learner.page.context.new_page()
    page.add_init_script(FAIL_ONE_CELL + KEEP_SOCKETS)
    page.goto(learner.course.notebook(START))
    page.wait_for_selector('[data-course="stopped"]', timeout=OPENING)
    page.evaluate(FOLLOW)
    page.evaluate("sockets[0].close()")
    page.wait_for_selector('[data-said~="lost"]:not([data-course="lost"])', timeout=OPENING)
    expect(page.locator("#frame-status")).to_have_text(words("frame.stopped"))
    page.close()


RESTART = """(kernel) => fetch(`/api/kernels/${kernel}/restart`, {
  method: "POST", headers: {"X-XSRFToken": document.cookie.match(/_xsrf=([^;]*)/)[1]},
}).then((answer) => answer.status)"""


def test_a_page_whose_python_was_started_again_while_it_was_away_begins_again(learner: Learner) -> None:
    """As where a laptop slept, and another Python took the place of one that had ended, under the same name."""
    page = learner.page
    page.add_init_script(KEEP_SOCKETS)
    page.reload()
    learner.wait_until_ready()
    type_half(learner)
    page.evaluate(FOLLOW)
    kernel, held = page.evaluate(KERNEL), list[Route]()
    page.route(f"**/api/kernels/{kernel}", lambda route: held.append(route), times=1)
    page.evaluate("sockets.at(-1).close()")
    page.wait_for_selector('[data-course="lost"]', timeout=OPENING)
    assert page.evaluate(RESTART, kernel) == 200
    held[0].continue_()
    page.wait_for_selector('[data-said~="lost"][data-course="ready"]', timeout=OPENING)
    goes_on(learner)


def test_a_page_whose_server_ends_says_so_and_goes_on_with_the_next(page: Page, tmp_path: Path) -> None:
    port = str(free_port())
    with open_course(tmp_path, "--port", port) as course:
        learner = Learner(page, course)
        learner.open(LESSON)
        type_half(learner)
    expect(page.locator("#frame-status")).to_have_text(words("frame.no-server"), timeout=OPENING)
    with open_course(tmp_path, "--port", port):
        learner.wait_until_ready()
        goes_on(learner)


def test_a_page_goes_on_where_another_version_of_the_course_takes_over(page: Page, tmp_path: Path) -> None:
    source, home = copy_course(tmp_path / "source"), tmp_path / "home"
    home.mkdir()
    port = str(free_port())  # at the usual one, the course of another test could begin where the earlier version ends
    with open_course(home, "--port", port, PYTHONPATH=str(source)) as course:
        learner = Learner(page, course)
        learner.open(LESSON)
        type_half(learner)
        page.evaluate(FOLLOW)
        install_another_version(source)
        with open_course(home, "--port", port, PYTHONPATH=str(source)) as other:
            page.wait_for_selector('[data-said~="no-server"][data-course="ready"]', timeout=OPENING)
            goes_on(learner)
            page.goto(other.notebook(START))
            expect(page.get_by_text(ANOTHER_VERSION)).to_be_visible()
            install_another_version(source)
            page.reload()
            expect(page.locator("#frame-notices .frame-warning")).to_have_text(words("frame.newer"))


def test_a_lock_held_elsewhere_is_told_and_what_was_written_is_saved_once_it_is_free(learner: Learner) -> None:
    page, course = learner.page, learner.course
    learner.type("task-or-worry", "text", "before")
    file = course.data / "journal" / "two-questions.json"
    with lock_held(course, "two-questions"):
        type_half(learner)
        expect(page.locator("#frame-status")).to_have_attribute("data-state", "failed", timeout=SAVING)
        assert TYPED not in file.read_text(encoding="utf-8")
    expect(page.locator("#frame-status")).to_have_attribute("data-state", "saved", timeout=SAVING)
    assert TYPED in file.read_text(encoding="utf-8")
    assert page.evaluate(IS_SAME)


@linux_only
def test_a_full_disk_is_told_and_what_was_written_is_saved_once_there_is_room(learner: Learner) -> None:
    page, file = learner.page, learner.course.data / "journal" / "two-questions.json"
    learner.type("task-or-worry", "text", "before")
    with full_disk(page.evaluate(KERNEL)):
        type_half(learner)
        expect(page.locator("#frame-status")).to_have_attribute("data-state", "failed", timeout=SAVING)
        expect(learner.card("task-or-worry").locator(".bt-alert")).not_to_be_empty()
        assert "before" in file.read_text(encoding="utf-8")
    expect(page.locator("#frame-status")).to_have_attribute("data-state", "saved", timeout=SAVING)
    assert TYPED in file.read_text(encoding="utf-8")
    assert page.evaluate(IS_SAME)


def test_a_journal_that_cannot_be_read_is_told_once_for_the_whole_page(learner: Learner) -> None:
    page, file = learner.page, learner.course.data / "journal" / "two-questions.json"
    learner.choose("scenario-rota", "pick", "A")
    whole = file.read_bytes()
    try:
        file.write_text("{")
        learner.open(LESSON)
        expect(page.locator('[data-notice="problem"]')).to_have_count(1)
        expect(page.locator('[data-notice="problem"]')).not_to_be_empty()
        expect(page.locator(".bt-problem:visible")).to_have_count(0)
    finally:
        file.write_bytes(whole)
