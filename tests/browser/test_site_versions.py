"""The web edition without a network, and when a new version of it comes while a page is open."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from course.content import words
from course.web.site import beside_the_index
from tests.browser.learner import LESSON, OPENING, Learner
from tests.site_server import SiteAddress, SiteServer, serve_site

pytestmark = pytest.mark.browser

LESSON_0 = "notebooks/starting-point.ipynb"
JOURNAL = "notebooks/journal.ipynb"
CARD = "group"
NEW = "0123456789abcdef"
VERSION = re.compile(r"assets/([0-9a-f]{16})/")
IS_NEW = "A page of the next version"
KEPT = "() => caches.keys().then((names) => names.map((name) => name.split(' ').at(-1)))"
LOOK = """const soon = (look, resolve, left = 1800) => look().then((is) =>
  is || !left ? resolve(is) : setTimeout(soon, 50, look, resolve, left - 1));"""
IS_USED = f"""(version) => {{ {LOOK} return new Promise((resolve) => soon(async () => {{
  const {{ installing, waiting }} = await navigator.serviceWorker.getRegistration();
  return !installing && !waiting && (await ({KEPT})()).includes(version);
}}, resolve)); }}"""
IS_WAITING = f"""() => {{ {LOOK} return new Promise((resolve) => soon(async () =>
  Boolean((await navigator.serviceWorker.getRegistration()).waiting), resolve)); }}"""
IS_GONE = f"""(version) => {{ {LOOK}
  return new Promise((resolve) => soon(async () => !(await ({KEPT})()).includes(version), resolve)); }}"""
TYPE = "(address) => fetch(address).then((answer) => answer.headers.get('Content-Type'))"
"""What a file is to a page; with its own type, the browser keeps what it has compiled of it."""
IS_CONTROLLED = f"""() => {{ {LOOK}
  return new Promise((resolve) => soon(async () => Boolean(navigator.serviceWorker.controller), resolve)); }}"""


@pytest.fixture
def site(web_site: Path, tmp_path: Path) -> Iterator[SiteServer]:
    """Serve a copy of the site, which a newer one may replace."""
    shutil.copytree(web_site, tmp_path / "site")
    with serve_site(tmp_path / "site", "courses/trust/") as site:
        yield site


def version_of(page: Page) -> str:
    """Return the version of the site that a page is of."""
    address = page.locator("link[rel=stylesheet]").first.get_attribute("href")
    found = VERSION.search(address or "")
    assert found
    return found[1]


def bring_up_to_date(site: SiteServer) -> None:
    """Put another version of the site in the place of the one that is served; its files are all that is there."""
    old = next((site.folder / "assets").iterdir()).name
    files: dict[str, bytes] = {}
    for path in sorted(path for path in site.folder.rglob("*") if path.is_file()):
        name = path.relative_to(site.folder).as_posix().replace(old, NEW)
        data = path.read_bytes()
        if path.suffix == ".html":
            data = data.replace(old.encode(), NEW.encode()).replace(b"<h1", f"<p>{IS_NEW}</p><h1".encode())
        if "/" in name or name == "index.html":
            files[name] = data
    shutil.rmtree(site.folder)
    for name, data in {**files, **beside_the_index(NEW, files)}.items():
        (site.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (site.folder / name).write_bytes(data)
    site.packed.clear()


def end_python(page: Page) -> None:
    """End the Python of a page, as a browser does that has no memory left."""
    page.evaluate("() => { document.documentElement.dataset.course = 'before' }")
    page.workers[0].evaluate("() => { postMessage({ kind: 'died' }) }")


def write(learner: Learner, text: str) -> None:
    learner.type(CARD, "blank-0", text)


def test_the_second_visit_needs_no_network_and_an_open_page_goes_on_while_the_site_is_brought_up_to_date(
    context: BrowserContext, site: SiteServer
) -> None:
    here = SiteAddress(site, "localhost")
    first = Learner(context.new_page(), here)
    first.open(LESSON_0)
    old = version_of(first.page)
    assert first.page.evaluate(IS_CONTROLLED)
    assert first.page.evaluate(TYPE, f"../assets/{old}/pyodide.asm.wasm.js") == "application/wasm"

    site.is_away = True
    second = Learner(context.new_page(), here)
    second.open(LESSON_0)
    write(second, "without a network")
    second.page.goto(here.notebook(LESSON))  # a page that was never opened before
    expect(second.page.locator("[data-card]").first).to_be_visible(timeout=OPENING)
    second.wait_until_ready()  # what is closed while it loads keeps the old worker busy, and Chromium waits 5 minutes
    second.page.close()

    bring_up_to_date(site)
    released = site.held[f"assets/{NEW}/page.css"] = Event()
    site.is_away = False
    try:
        write(first, "in the middle of it")
        end_python(first.page)  # another one begins, and browsers may look for a next version of the site then
        first.wait_until_ready()
        write(first, "after its Python ended")

        site.asked.clear()
        page = context.new_page()
        Learner(page, here).open(JOURNAL)  # as on most networks, it is ready before the next version is here as a whole
    finally:
        released.set()
    assert version_of(page) == old
    assert page.evaluate(IS_USED, NEW)
    page.goto(here.notebook(LESSON_0))
    assert version_of(page) == NEW
    expect(page.get_by_text(IS_NEW)).to_be_visible()
    assert old in page.evaluate(KEPT), "a page of the old version is still open"
    third = Learner(page, here)
    third.wait_until_ready()
    expect(third.card(CARD)).to_contain_text("after its Python ended")
    assert not [name for name in site.asked if old in name]

    first.page.close()
    third.open("notebooks/credits.ipynb")
    assert page.evaluate(IS_GONE, old)


def test_a_page_is_of_the_next_version_though_its_worker_waits_for_the_one_before(
    context: BrowserContext, site: SiteServer
) -> None:
    """As where a page was closed while it loaded: Chromium then lets the next worker wait for up to five minutes."""
    here = SiteAddress(site, "localhost")
    learner = Learner(context.new_page(), here)
    learner.open(LESSON_0)
    assert learner.page.evaluate(IS_CONTROLLED)
    old, released = version_of(learner.page), Event()
    site.held["held.js"] = released
    try:
        learner.page.evaluate("() => void fetch('../held.js')")
        bring_up_to_date(site)
        page = context.new_page()
        page.goto(here.notebook(JOURNAL))
        assert page.evaluate(IS_WAITING)
        page.goto(here.notebook(LESSON_0))
        assert version_of(page) == NEW
        expect(page.get_by_text(IS_NEW)).to_be_visible()
        site.is_away = True
        page.goto(here.notebook(LESSON_0))
        assert version_of(page) == old
    finally:
        released.set()


def test_a_worker_that_is_told_of_a_page_late_drops_nothing_of_a_later_version(
    context: BrowserContext, site: SiteServer
) -> None:
    here = SiteAddress(site, "localhost")
    learner = Learner(context.new_page(), here)
    learner.open(LESSON_0)
    assert learner.page.evaluate(IS_CONTROLLED)
    [worker] = context.service_workers
    own = version_of(learner.page)
    worker.evaluate("(name) => caches.open(name)", f"building-trust {here.site.address()} {NEW}")
    worker.evaluate("() => dropUnused()")
    assert sorted(learner.page.evaluate(KEPT)) == sorted([own, NEW])


def test_on_plain_http_a_page_whose_version_is_gone_asks_to_be_loaded_again_and_nothing_is_lost(
    context: BrowserContext, site: SiteServer
) -> None:
    site.keeps = "no-store"
    learner = Learner(context.new_page(), SiteAddress(site, "course.test"))
    learner.open(LESSON_0)
    assert not learner.page.evaluate("() => 'serviceWorker' in navigator")
    write(learner, "saved before")
    assert learner.page.locator(".frame-notice").count() == 0
    bring_up_to_date(site)
    end_python(learner.page)
    notice = learner.page.locator('[data-notice="outdated"]')
    expect(notice).to_have_text(words("web.outdated"), timeout=OPENING)
    learner.part(CARD, "blank-1").locator("textarea").fill("typed meanwhile")
    learner.part(CARD, "blank-1").locator("textarea").blur()
    learner.page.on("dialog", lambda dialog: dialog.accept())
    learner.page.reload()
    learner.wait_until_ready()
    assert version_of(learner.page) == NEW
    expect(notice).to_have_count(0)
    expect(learner.card(CARD)).to_contain_text("saved before")
    expect(learner.part(CARD, "blank-1").locator("textarea")).to_have_value("typed meanwhile")
