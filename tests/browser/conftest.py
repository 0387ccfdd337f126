"""What the tests in a browser share.

- `browser`: an installed Chromium, started once for the tests in this folder.
- `context`: a browser that has kept nothing, for several pages that share what it keeps.
- `page`: a new page in it, at 1280 by 900, with nothing kept from before; what its scripts throw fails the test.
- `tab`: the same for all tests of one file, which go from page to page in it: Jupyter's scripts are compiled once.
- `course`: the course as a learner opened it, with nothing answered when the tests of one file begin.
- `learner`: one who has opened a lesson in that tab.
- `violations`: the faults that axe-core finds by WCAG 2.0, 2.1 and 2.2, levels A and AA.
- `bench`: a page that shows one card, drawn by the real card.js and answered by the real Python.
- `firefox`: an installed Firefox, started once for the tests in this folder; where there is none, its tests are left
  out and say so, and fail in continuous integration.
- `firefox_page`: a new page in it, with nothing kept from before; what its scripts throw fails the test.
- `windows`: the console, the screen and phones of a live room of its own.
"""

from __future__ import annotations

import contextlib
import datetime
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright

from course.activities.card import Card
from course.records.answers.answers import Answers
from tests.browser.bidi import Firefox, FirefoxPage
from tests.browser.card_bench import CardBench
from tests.browser.chromium import chromium_path
from tests.browser.faults import allowed, faults_in_chromium
from tests.browser.firefox import MISSING, firefox_path, must_be_there
from tests.browser.learner import LESSON, Learner
from tests.browser.room_windows import Windows, open_windows
from tests.jupyter_server import RunningCourse, open_course
from tests.site_server import serve_site
from tests.workshop.quick_store import no_wait_for_the_store  # noqa: F401  # a fixture

expect.set_options(timeout=30_000)  # milliseconds, as all that a page is asked to do may take on a busy machine
HERE = Path(__file__).parent
ADDRESS = "http://bench.test"
NOON = datetime.datetime(2026, 11, 22, 12)
INSECURE = "course.test"
"""A name of this machine that browsers take for another: on plain http, much is missing there."""
SWITCHES = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--js-flags=--liftoff-only",  # compiling WebAssembly a second time, to run faster, costs a page more than it gains
    f"--host-resolver-rules=MAP {INSECURE} 127.0.0.1",
]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Return a browser; it ends with this folder, because its event loop would be in the way of other tests."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=SWITCHES, chromium_sandbox=os.name != "posix" or os.geteuid() != 0
        )
        yield browser
        browser.close()


@contextlib.contextmanager
def new_page(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """Open a page with nothing kept from before, and give with it the list of what its scripts throw."""
    thrown: list[str] = []
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB", reduced_motion="reduce")
    page = context.new_page()
    page.on("pageerror", lambda error: thrown.append(str(error)))
    yield page, thrown
    context.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Return a browser that has kept nothing, for several pages."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB", reduced_motion="reduce")
    yield context
    context.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return a new page; the test fails if one of its scripts throws."""
    with new_page(browser) as (page, thrown):
        yield page
    assert not set(thrown) - allowed("script")


@pytest.fixture(scope="module")
def page_of_file(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """Open a page for the tests of one file."""
    with new_page(browser) as opened:
        yield opened


@pytest.fixture
def tab(page_of_file: tuple[Page, list[str]]) -> Iterator[Page]:
    """Return the page that the tests of one file share, at its usual size; the test fails if a script throws."""
    page, thrown = page_of_file
    thrown.clear()
    page.set_viewport_size({"width": 1280, "height": 900})
    yield page
    assert not set(thrown) - allowed("script")


@pytest.fixture(scope="package")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """Return a Firefox for all tests of this folder that look at a page in it."""
    path = firefox_path()
    if path is None:
        (pytest.fail if must_be_there() else pytest.skip)(MISSING)
    firefox = Firefox(path, tmp_path_factory.mktemp("firefox"), [INSECURE])
    yield firefox
    firefox.close()


@pytest.fixture
def firefox_page(firefox: Firefox) -> Iterator[FirefoxPage]:
    """Return a new page in Firefox; the test fails if one of its scripts throws."""
    page = firefox.new_page()
    yield page
    thrown = page.thrown()
    page.forget()
    assert thrown == []


@pytest.fixture(scope="package")
def running_course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCourse]:
    """Open the course once for the tests of this folder."""
    with open_course(tmp_path_factory.mktemp("home")) as running:
        yield running


@pytest.fixture(scope="module")
def course(running_course: RunningCourse) -> RunningCourse:
    """Return the open course for the tests of one file: nothing is answered in it yet."""
    running_course.begin_afresh()
    return running_course


@pytest.fixture
def learner(tab: Page, course: RunningCourse) -> Learner:
    """Return a learner who has opened a lesson, with nothing kept in the browser of pages before it."""
    tab.goto(course.notebook("notebooks/no-such-page.ipynb"))
    tab.evaluate("localStorage.clear()")
    learner = Learner(tab, course)
    learner.open(LESSON)
    return learner


@pytest.fixture(scope="session")
def site_address(web_site: Path) -> Iterator[str]:
    """Serve the web edition as it was built, and return its address."""
    with serve_site(web_site) as site:
        yield site.address()


@pytest.fixture
def violations() -> Callable[..., list[str]]:
    """Return a function that names each fault on a page, or in the parts of it that a selector finds."""
    return faults_in_chromium


class Bench(CardBench):
    """A page with one card, and Python behind it."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page
        self.live = page.locator("[role=status]")

    def show(self, card: Card, *, dark: bool = False, views: int = 1) -> None:
        """Draw a card, in one view or several."""
        self.put(card)
        self.page.route(f"{ADDRESS}/**", self._serve)
        self.page.expose_function("toPython", self.take)
        self.page.goto(f"{ADDRESS}/card_bench.html")
        self.page.clock.pause_at(NOON)
        self.page.evaluate("([state, dark, views]) => bench.start(state, dark, views)", [self.traits(), dark, views])

    def reopen_recorded(self, card: Card) -> None:
        """Open the page anew with a card as it was recorded, as in the web edition until `again` has Python there."""
        self.put(card)
        self.page.goto("about:blank")
        self.page.goto(f"{ADDRESS}/card_bench.html")
        recorded = {**self.traits(), "drafts": None, "is_recorded": True}
        self.page.evaluate("state => (bench.start(state, false, 1), bench.kill())", recorded)

    def reopen(self, card: Card, later: datetime.timedelta) -> None:
        """Open the page anew with another card, so much later; what was not sent is lost, as in a crash."""
        self.put(card)
        self.page.goto("about:blank")
        self.page.goto(f"{ADDRESS}/card_bench.html")
        self.page.clock.set_system_time(NOON + later)
        self.page.evaluate("([state, dark, views]) => bench.start(state, dark, views)", [self.traits(), False, 1])

    def _serve(self, route: Route) -> None:
        """Serve the bench, and the card as it ships."""
        name = route.request.url.removeprefix(f"{ADDRESS}/")
        if name == "card_bench.html":
            route.fulfill(path=HERE / name)
        elif name == "card.js":
            route.fulfill(body=self.widget._esm, content_type="text/javascript")
        elif name == "card.css":
            route.fulfill(body=self.widget._css, content_type="text/css")
        else:
            route.fulfill(status=204)

    def set_dark(self, dark: bool) -> None:
        """Change to JupyterLab's dark theme, or back to the light one."""
        self.page.evaluate("dark => (document.body.dataset.jpThemeLight = String(!dark))", dark)

    def hold(self) -> None:
        """Keep Python's answers back, as a busy kernel does, until `let_go`."""
        self.page.evaluate("bench.hold()")

    def let_go(self) -> None:
        """Hand over the answers that were kept back, in order."""
        self.page.evaluate("bench.letGo()")

    def kill(self) -> None:
        """Let Python die with all that it has not answered."""
        self.page.evaluate("bench.kill()")

    def again(self, card: Card, *, hold: bool = False) -> None:
        """Start Python anew, with this card in place of the one that was lost; its answers may be kept back."""
        self.put(card)
        state = {**self.traits(), "is_recorded": False}
        self.page.evaluate("([state, hold]) => bench.again(state, hold)", [state, hold])

    def look_again(self) -> None:
        """Have Python look at the file, as it does about once a second, and show what it finds."""
        self.card.answers.refresh()
        self.page.evaluate("traits => bench.put(traits)", self.traits())

    def prevent(self, *names: str) -> None:
        """Let the page around the card take on these events."""
        self.page.evaluate("names => bench.prevent(...names)", list(names))

    def events(self, name: str) -> list[Any]:
        """Return what the card told the page around it in events of this name, without the card's own name."""
        events = self.page.evaluate("bench.events()")
        return [
            next(value for key, value in detail.items() if key != "card") for kind, detail in events if kind == name
        ]

    def settle(self) -> None:
        """Wait until Python has answered everything."""
        self.page.wait_for_function("bench.isQuiet()")

    def close_view(self, number: int) -> None:
        """Take one view off the page, as Jupyter does."""
        self.page.evaluate("number => bench.close(number)", number)

    def focused(self) -> str:
        """Return the name of what has the focus, as the browser tells it to a screen reader."""
        return str(self.page.evaluate("bench.focused()"))

    def sent(self) -> list[tuple[str, Any]]:
        """Return what was sent: (control, value) of each change, (`press`, button) of each press."""
        return [
            ("press", message["control"]) if message["event"] == "press" else (message["control"], message["value"])
            for message in self.received
        ]


@pytest.fixture
def bench(page: Page, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Bench:
    """Return a page that can show a card. Time stands still on it until a test moves it on."""
    monkeypatch.setenv("BUILDING_TRUST_DATA", str(tmp_path / "data"))
    page.clock.install(time=NOON - datetime.timedelta(hours=1))
    return Bench(page)


@pytest.fixture
def answers(bench: Bench, tmp_path: Path) -> Answers:
    """Return a page of answers in a file of its own."""
    return Answers(tmp_path / "journal" / "page.json", "lesson", "starting-point")


@pytest.fixture
def windows(browser: Browser, tmp_path: Path) -> Iterator[Windows]:
    with open_windows(browser, tmp_path) as opened:
        yield opened
