"""The cohort report as it is looked at: both copies, wide and narrow, on paper; and the page that trainers begin at."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from course.records.cohort_file import CohortFile
from course.trainer.report.command import make_report
from course.trainer.report.release_record import ReleaseRecord
from course.trainer.report.synthetic_cohort import synthetic_cohort
from tests.conftest import ROOT, Checkout
from tests.jupyter_server import open_course

pytestmark = pytest.mark.browser
SIDES = "(cells) => [...new Set(cells.map((cell) => getComputedStyle(cell).textAlign))]"
"""At which sides the words in cells of a table begin."""


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reports")
    make_report(synthetic_cohort("A", ROOT), CohortFile(), folder, ReleaseRecord(folder, folder))
    return folder


@pytest.mark.parametrize("copy", ["trainer", "shareable"])
@pytest.mark.parametrize("width", [1280, 320])
def test_a_report_can_be_read_by_everyone_and_asks_nobody_for_anything(
    reports: Path, page: Page, violations: Callable[..., list[str]], copy: str, width: int
) -> None:
    asked: list[str] = []
    refused: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: refused.append(message.text))
    page.set_viewport_size({"width": width, "height": 900})
    address = (reports / copy / "report.html").as_uri()
    page.goto(address)
    assert violations(page) == []
    assert [url for url in asked if not url.startswith(("data:", address))] == []
    assert refused == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    drawn = page.locator("img").evaluate_all("images => images.map(image => image.naturalWidth)")
    assert len(drawn) >= 3
    assert min(drawn) > 0


def test_a_wide_table_scrolls_by_itself_and_with_the_keyboard(reports: Path, page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 900})
    page.goto((reports / "trainer" / "report.html").as_uri())
    people = page.locator("section[aria-labelledby=people] .numbers")
    people.focus()
    assert people.evaluate("table => table.scrollWidth > table.clientWidth")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("table => table.scrollLeft > 0", arg=people.element_handle())


def test_teaching_opens_the_page_for_trainers_and_runs_it(checkout: Checkout, page: Page) -> None:
    with open_course(checkout.home, command="teach", PYTHONPATH=str(checkout.root)) as desk:
        page.goto(desk.start)
        page.locator(".course-report figure img").last.wait_for(timeout=90_000)
        expect(page.get_by_role("heading", name="For trainers")).to_be_visible()
        assert "Nobody is on the roster yet" in page.locator(".course-report").first.inner_text()
        cells = page.locator(".course-report :is(th, td)").evaluate_all(SIDES)
        assert cells == ["start"], "JupyterLab sets what is in tables at the right"
        page.get_by_role("menuitem", name="Nbgrader").click()
        expect(page.get_by_role("menuitem", name="Formgrader", exact=True)).to_be_visible()
    assert not (checkout.root / "gradebook.db").exists()
    assert not list(checkout.work.parent.glob("building-trust*/**/for-trainers.ipynb"))
