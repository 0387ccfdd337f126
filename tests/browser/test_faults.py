"""Faults are looked for on a page as it stays, not on its way there."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

import pytest
from playwright.sync_api import Page

from tests.browser.bidi import FirefoxPage
from tests.browser.faults import faults_in_firefox

pytestmark = pytest.mark.browser

PAGE = "data:text/html," + quote("""<!doctype html><html lang="en"><title>A page that turns dark</title><style>
  main { color: #000; background: #fff; transition: background-color 60s; }
  .dark main { color: #eee; background: #000; }
  @keyframes fade { to { opacity: 0; } }
  svg { animation: fade 1s linear infinite; }
</style><main><h1>Words</h1><svg aria-hidden="true"></svg></main><script>
  const follow = (dark) => document.body.classList.toggle("dark", dark);
  matchMedia("(prefers-color-scheme: dark)").onchange = (scheme) => follow(scheme.matches);
</script></html>""")
"""A page that turns dark once a script hears of it, as JupyterLab's do, and then slowly."""
GROUND = "getComputedStyle(document.querySelector('main')).backgroundColor"


def test_colours_on_their_way_from_light_to_dark_are_no_fault(page: Page, violations: Callable[..., list[str]]) -> None:
    page.goto(PAGE)
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page) == []
    assert page.evaluate(GROUND) == "rgb(0, 0, 0)"


def test_nor_are_they_in_firefox(firefox_page: FirefoxPage) -> None:
    firefox_page.goto(PAGE)
    assert faults_in_firefox(firefox_page) == []
    firefox_page.evaluate("follow(true)")
    assert faults_in_firefox(firefox_page) == []
    assert firefox_page.evaluate(GROUND) == "rgb(0, 0, 0)"


def test_colours_that_stay_half_way_are_a_fault(page: Page, violations: Callable[..., list[str]]) -> None:
    page.goto(PAGE)
    page.evaluate("document.querySelector('main').style = 'color: #777; background: #888'")
    assert [fault.partition(":")[0] for fault in violations(page)] == ["color-contrast"]
