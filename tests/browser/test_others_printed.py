"""How others see me, the printed way: from the page to print to the chart, in a browser, on a computer and a phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Download, Page, expect

from course.activities.raters.form import rater_form_page
from course.content.scales import find_scale
from course.records.journal import Journal
from course.records.raters.others import OTHERS, latest_result
from course.records.raters.tally import empty_tally
from tests.activities.raters.test_form import counted
from tests.browser.learner import OVERFLOW, Learner
from tests.browser.pictures import keep_picture
from tests.browser.test_web_journal import SiteLearner
from tests.jupyter_server import RunningCourse

pytestmark = pytest.mark.browser

LESSON = "notebooks/trust-plan.ipynb"
CARD = OTHERS[1]
EIGHT = counted(3, 4, 5, 5, 5, 6, 6, 7).replace(";", "\t")
"""As it is copied from a spreadsheet."""
KEPT_ANYWHERE = "JSON.stringify({...localStorage}) + JSON.stringify({...sessionStorage})"


@pytest.fixture
def journal(course: RunningCourse) -> Journal:
    """Return the journal of somebody who has rated themselves."""
    journal = Journal(course.data / "journal")
    own = {item.code: 3 + place % 4 for place, item in enumerate(find_scale("habits").items)}
    journal.page("trust-plan").save("now", {**own, "version": 2})
    return journal


def downloaded(page: Page, label: str) -> Download:
    with page.expect_download() as arriving:
        page.get_by_role("link", name=label).click()
    return arriving.value


def paste(learner: Learner, text: str) -> None:
    field = learner.part(CARD, "table").locator("textarea")
    field.fill(text)
    field.blur()


def test_from_the_form_to_the_chart(
    tab: Page, course: RunningCourse, journal: Journal, violations: Callable[..., list[str]]
) -> None:
    learner = Learner(tab, course)
    learner.open(LESSON)
    card = learner.card(CARD)
    form, empty = downloaded(tab, "The forms to print"), downloaded(tab, "An empty table for who counts")
    assert (form.suggested_filename, empty.suggested_filename) == ("how-others-see-me.html", "others-tally.csv")
    assert Path(form.path()).read_text(encoding="utf-8") == rater_form_page()
    assert Path(empty.path()).read_bytes() == empty_tally()
    learner.use(card.get_by_role("button", name="Read the table"))
    expect(card).to_contain_text("Copy the table into the box first.")
    paste(learner, counted(3, 4, 5, 5))
    learner.use(card.get_by_role("button", name="Read the table"))
    expect(card).to_contain_text("There are fewer than five forms, so nothing is kept")
    paste(learner, EIGHT)
    learner.use(card.get_by_role("button", name="Read the table"))
    expect(card).to_contain_text("Eight people or more filled in a form.")
    expect(card).to_contain_text("Read it, wait a day, then thank them.")
    assert latest_result(Journal(journal.folder)) is None
    assert violations(tab, f'[data-card="{CARD}"]') == []
    learner.press(CARD, "keep")
    expect(card).to_contain_text("Please destroy the forms")
    result = latest_result(Journal(journal.folder))
    assert result
    assert result.statements["COMP7"].middle_half == (4, 6)
    chart = tab.get_by_role("group", name=re.compile("Where do others see me")).or_(
        tab.locator("figure").filter(has_text="Where do others see me differently?")
    )
    expect(chart.first).to_contain_text("Eight people or more, asked on printed forms")
    assert violations(tab) == []
    keep_picture(card, "others-card")
    keep_picture(chart.first, "others-chart")


def test_no_browser_keeps_the_table(tab: Page, course: RunningCourse, journal: Journal) -> None:
    learner = Learner(tab, course)
    learner.open(LESSON)
    field = learner.part(CARD, "table").locator("textarea")
    field.fill("what-was-counted")
    assert "what-was-counted" not in tab.evaluate(KEPT_ANYWHERE)
    field.blur()
    tab.reload()
    learner.wait_until_ready()
    expect(learner.part(CARD, "table").locator("textarea")).to_have_value("")
    assert "what-was-counted" not in tab.evaluate(KEPT_ANYWHERE)
    learner.part("one-sentence", "text").locator("textarea").fill("what-is-typed")
    assert "what-is-typed" in tab.evaluate(KEPT_ANYWHERE)


ALL_THAT_IS_KEPT = """async () => {
  const ask = (request) => new Promise((done) => { request.onsuccess = () => done(request.result); });
  let kept = JSON.stringify({ ...localStorage });
  for (const { name } of await indexedDB.databases()) {
    const database = await ask(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      for (const entry of await ask(database.transaction(store).objectStore(store).getAll())) {
        kept += JSON.stringify(entry, (_, value) =>
          value instanceof Uint8Array ? new TextDecoder().decode(value) : value);
      }
    }
    database.close();
  }
  return kept;
}"""
"""What the browser has of a site: its drafts, the files of the journal, and what pages showed last."""


def test_in_the_web_edition_a_table_is_read_and_nothing_of_it_is_kept(page: Page, site_address: str) -> None:
    learner = SiteLearner(page, site_address)
    learner.open(LESSON.removesuffix(".ipynb"))
    paste(learner, "what-was-counted")
    learner.use(learner.card(CARD).get_by_role("button", name="Read the table"))
    expect(learner.card(CARD)).to_contain_text("The table has no column for the point 1.")
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    assert "what-was-counted" not in page.evaluate(ALL_THAT_IS_KEPT)
    paste(learner, EIGHT)
    learner.use(learner.card(CARD).get_by_role("button", name="Read the table"))
    expect(learner.card(CARD)).to_contain_text("Eight people or more filled in a form.")
    learner.press(CARD, "keep")
    expect(page.locator("figure, .course-chart").filter(has_text="Where do others see me").first).to_contain_text(
        "Eight people or more, asked on printed forms"
    )
    assert "eight-or-more" in page.evaluate(ALL_THAT_IS_KEPT)
    page.reload()
    learner.wait_until_ready()
    expect(learner.card(CARD)).to_contain_text("In your journal: How others see me, on printed forms")


@pytest.mark.parametrize("width, dark, zoom", [(1280, False, 1), (1280, True, 2), (360, True, 1), (320, False, 1)])
def test_card_and_chart_fit_any_window(
    tab: Page,
    course: RunningCourse,
    journal: Journal,
    violations: Callable[..., list[str]],
    width: int,
    dark: bool,
    zoom: int,
) -> None:
    learner = Learner(tab, course)
    tab.set_viewport_size({"width": width // zoom, "height": 900 // zoom})
    tab.emulate_media(color_scheme="dark" if dark else "light")
    try:
        learner.open(LESSON)
        expect(tab.locator("figure, .course-chart").filter(has_text="Where do others see me").first).to_be_visible()
        assert tab.evaluate(OVERFLOW) == 0
        assert violations(tab) == []
        name = f"{width}-{'dark' if dark else 'light'}-{zoom}"
        keep_picture(learner.card(CARD), f"others-card-{name}")
        keep_picture(
            tab.locator("figure, .course-chart").filter(has_text="Where do others see me").first, f"others-chart-{name}"
        )
    finally:
        tab.set_viewport_size({"width": 1280, "height": 900})
        tab.emulate_media(color_scheme="light")


def test_the_page_of_forms_prints_on_three_sides_and_has_no_fault(
    page: Page, tmp_path: Path, violations: Callable[..., list[str]]
) -> None:
    file = tmp_path / "forms.html"
    file.write_text(rater_form_page(), encoding="utf-8")
    for width in (1280, 640, 320):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(file.as_uri())
        assert page.evaluate(OVERFLOW) == 0
        assert violations(page) == []
        keep_picture(page, f"others-forms-{width}")
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 3
