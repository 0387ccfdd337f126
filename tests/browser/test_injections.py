"""Nothing that a learner writes acts in the trainer's browser: in JupyterLab, in the formgrader, on a feedback page."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import nbformat
import nbformat.v4 as new
import pytest
from playwright.sync_api import Page, expect

from tests.jupyter_server import RunningCourse, open_course
from tests.trainer.injections import FILE_NAMES, HOSTILE_IDS, INJECTIONS, PEOPLE, WATCH

pytestmark = [pytest.mark.browser, pytest.mark.nbgrader]

SLUG = "two-questions"
WRITERS = [person for person, _, _ in PEOPLE[:2]]
HALF = len(INJECTIONS) // 2
ALL = "\n".join(INJECTIONS)
LIVE = """within => [...document.querySelectorAll(within)].flatMap(part => [...part.querySelectorAll("*")]).filter(
  one => ["script", "iframe", "frame", "object", "embed", "base", "meta", "link", "form"].includes(one.localName)
    || [...one.attributes].some(each => each.name.startsWith("on"))
    || /^(javascript|data|vbscript):/i.test((one.getAttribute("href") ?? "").replace(/[^!-~]/g, ""))
    || /^https?:/i.test(one.getAttribute("src") ?? "") && !one.src.startsWith(location.origin)
).map(one => one.outerHTML.slice(0, 200))"""
"""What in a part of a page could act: it must find nothing."""


def outputs() -> list[Any]:
    """Return what a learner could have their notebook say that their code showed."""
    kinds = ("text/html", "text/markdown", "image/svg+xml", "application/javascript", "text/latex", "text/plain")
    shown = [new.new_output("display_data", {kind: ALL}, metadata={kind: {"isolated": True}}) for kind in kinds]
    sized = {"image/png": {"width": "1 onload=top.__ran.push('size')", "alt": INJECTIONS[8]}}
    shown.append(new.new_output("display_data", {"image/png": "AA=="}, metadata=sized))
    shown.append(new.new_output("error", ename=INJECTIONS[0], evalue=INJECTIONS[8], traceback=INJECTIONS))
    return [*shown, new.new_output("stream", name="stdout", text=ALL)]


def hostile_cells() -> list[Any]:
    about = {"nbgrader": {"locked": True, "grade": False, "grade_id": "q9", "solution": False, "schema_version": 3}}
    attached = {"a.svg": {"image/svg+xml": ALL}, INJECTIONS[8]: {"text/html": ALL}}
    return [
        new.new_markdown_cell(ALL, attachments=attached, metadata={"tags": INJECTIONS[7:9], "course": {"note": True}}),
        *(new.new_markdown_cell(text) for text in INJECTIONS),
        new.new_raw_cell(ALL, metadata={"raw_mimetype": "text/html"}),
        new.new_code_cell("1", outputs=outputs(), metadata=about),
    ]


def answers(reflection: str) -> dict[str, Any]:
    given = {"q1": INJECTIONS[:4], "q2": INJECTIONS[0], "q3": {INJECTIONS[1]: INJECTIONS[8]}, "reflection": reflection}
    return {"format": 2, "exercise": SLUG, "version": 2, "answers": given | {INJECTIONS[8]: INJECTIONS[0]}}


def hand_in(folder: Path, exercise: Path, reflection: str) -> None:
    """Put into a folder a hand-in that tries everything everywhere."""
    shutil.copytree(exercise, folder)
    (folder / "answers.json").write_text(json.dumps(answers(reflection)), encoding="utf-8")
    for name in FILE_NAMES:
        (folder / name).write_text(ALL, encoding="utf-8")
    notebook = nbformat.read(folder / f"{SLUG}.ipynb", as_version=4)
    notebook.cells = [*notebook.cells, *hostile_cells()]
    notebook.metadata.update(title=ALL, widgets={"application/vnd.jupyter.widget-state+json": {"state": {ALL: ALL}}})
    notebook.metadata.kernelspec.display_name = INJECTIONS[8]
    (folder / f"{SLUG}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")


@pytest.fixture(scope="module")
def marked(checkouts: Callable[[], Any]) -> Any:
    """A checkout in which two such hand-ins are marked: a reflection is too short for all of the list at once."""
    checkout = checkouts()
    checkout.run(f"nbgrader generate_assignment {SLUG} --force")
    for person, part in zip(WRITERS, (INJECTIONS[:HALF], INJECTIONS[HALF:]), strict=True):
        hand_in(checkout.root / "submitted" / person / SLUG, checkout.root / "exercises" / SLUG, "\n".join(part))
    checkout.run(f"nbgrader autograde {SLUG}")
    with checkout.gradebook() as gradebook:
        for person, first, last in PEOPLE:
            gradebook.update_or_create_student(person, first_name=first, last_name=last, email=INJECTIONS[8])
        for person in HOSTILE_IDS:
            gradebook.update_or_create_student(person, first_name=None, last_name=None)
        for person in WRITERS:
            gradebook.find_comment("reflection-marks", SLUG, SLUG, person).manual_comment = ALL
        gradebook.db.commit()
    return checkout


@pytest.fixture(scope="module")
def desk(marked: Any) -> Iterator[RunningCourse]:
    """The trainer's server on that checkout."""
    with open_course(marked.home, command="teach", PYTHONPATH=str(marked.root)) as course:
        yield course


@pytest.fixture
def asked(page: Page, desk: RunningCourse) -> list[str]:
    """Watch a page of the trainer's: what runs is in its list, and in this each request that left it for elsewhere."""
    requests: list[str] = []
    page.add_init_script(WATCH)
    page.on("dialog", lambda dialog: (requests.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on("request", lambda one: None if one.url.startswith((desk.base, "data:")) else requests.append(one.url))
    page.on("requestfailed", lambda one: _forget(requests, one.url) if one.failure == "csp" else None)
    page.goto(desk.start, wait_until="commit")
    return requests


def _forget(requests: list[str], address: str) -> None:
    """Take out a request that the browser named and then refused to make."""
    if address in requests:
        requests.remove(address)


def assert_nothing_acts(page: Page, asked: list[str], *within: str) -> None:
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.__ran") == []
    assert asked == []
    for part in within:
        assert page.locator(part).count() > 0, f"nothing to look at: {part}"
        assert page.evaluate(LIVE, part) == []


def submission(checkout: Any, person: str) -> str:
    with checkout.gradebook() as gradebook:
        return str(gradebook.find_submission_notebook(SLUG, SLUG, person).id)


@pytest.mark.parametrize("person", WRITERS)
def test_nothing_acts_on_the_page_of_a_hand_in(
    page: Page, desk: RunningCourse, marked: Any, asked: list[str], person: str
) -> None:
    page.goto(f"{desk.base}/formgrader/submissions/{submission(marked, person)}/?code=1")
    expect(page.locator("#reflection-marks-comment")).to_have_value(re.compile("onerror"), timeout=30_000)
    page.get_by_role("button", name="Show the name").click()
    expect(page.get_by_text("onerror=").first).to_be_visible()
    assert_nothing_acts(page, asked, "header", "main")


def test_nothing_acts_in_the_lists_that_show_names(page: Page, desk: RunningCourse, asked: list[str]) -> None:
    lists = [f"gradebook/{SLUG}/{SLUG}", "manage_students", f"manage_submissions/{SLUG}", "manage_assignments"]
    for path in lists:
        page.goto(f"{desk.base}/formgrader/{path}")
        expect(page.locator("#main-table tr").first).to_be_visible(timeout=30_000)
        expect(page.get_by_text("Loading, please wait")).to_have_count(0, timeout=30_000)
        for button in page.locator("#toggle_names").all():
            button.click()
        if path != "manage_assignments":
            expect(page.get_by_text("<img src=x onerror=").first).to_be_visible()
        assert_nothing_acts(page, asked, "#main-table")


@pytest.mark.parametrize("person", HOSTILE_IDS)
def test_an_id_in_an_address_does_not_act(page: Page, desk: RunningCourse, asked: list[str], person: str) -> None:
    page.goto(f"{desk.base}/formgrader/manage_students/{quote(person, safe='')}")
    expect(page.get_by_text(person).first).to_be_visible()
    assert_nothing_acts(page, asked, ".breadcrumb")


def test_data_does_not_act_as_a_page(page: Page, desk: RunningCourse, asked: list[str]) -> None:
    """Its data are sent as text/html by nbgrader."""
    reply = page.goto(f"{desk.base}/formgrader/api/students")
    assert reply
    assert "onerror" in reply.text()
    assert_nothing_acts(page, asked)


def read_in_jupyterlab(page: Page, desk: RunningCourse, path: str) -> list[str]:
    """Open a notebook, go through it to its end, and return what in it could act: cells are drawn as they are seen."""
    page.goto(f"{desk.base}/lab/tree/{path}/{SLUG}.ipynb")
    expect(page.locator(".jp-NotebookPanel .jp-Cell").first).to_be_visible(timeout=60_000)
    notebook = page.locator(".jp-NotebookPanel .jp-WindowedPanel-outer").first
    live: list[str] = []
    for _ in range(40):
        notebook.evaluate("one => one.scrollBy(0, 900)")
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        live += page.evaluate(LIVE, ".jp-Notebook")
    expect(page.get_by_text("onerror=").first).to_be_attached()
    return live


def test_nothing_acts_in_the_marked_notebook_in_jupyterlab(page: Page, desk: RunningCourse, asked: list[str]) -> None:
    assert read_in_jupyterlab(page, desk, f"autograded/{WRITERS[0]}/{SLUG}") == []
    assert_nothing_acts(page, asked, ".jp-Notebook")


def test_what_was_handed_in_can_be_opened_in_jupyterlab_too(page: Page, desk: RunningCourse, asked: list[str]) -> None:
    """It is the learner's own notebook, word for word: JupyterLab runs none of it, and the server's headers hold it."""
    read_in_jupyterlab(page, desk, f"submitted/{WRITERS[0]}/{SLUG}")
    assert page.evaluate("window.__ran") == []
    assert asked == []


def test_nothing_acts_on_the_feedback_page(page: Page, marked: Any) -> None:
    asked: list[str] = []
    page.add_init_script(WATCH)
    page.on("request", lambda one: asked.append(one.url))
    for person in WRITERS:
        marked.run(f"nbgrader generate_feedback {SLUG} --student {person} --force")
        address = (marked.root / "feedback" / person / SLUG / f"{SLUG}.html").as_uri()
        page.goto(address)
        expect(page.get_by_text("onerror=").first).to_be_visible()
        assert [one for one in asked if not one.startswith("data:")] == [address]
        asked.clear()
        assert_nothing_acts(page, asked, "body")


def test_the_same_list_acts_on_a_page_that_is_not_cleaned(page: Page, tmp_path: Path) -> None:
    """The near miss: a test that finds nothing must be able to find something."""
    from nbconvert.exporters import HTMLExporter

    asked: list[str] = []
    page.add_init_script(WATCH)
    page.on("request", lambda one: asked.append(one.url))
    notebook = new.new_notebook(cells=[new.new_markdown_cell(text) for text in INJECTIONS[7:24]])
    (tmp_path / "stock.html").write_text(HTMLExporter(template_name="classic").from_notebook_node(notebook)[0])
    page.goto((tmp_path / "stock.html").as_uri(), wait_until="commit")
    page.wait_for_function("window.__ran.length > 3")
    assert page.evaluate(LIVE, "body")
