"""The faults that axe-core finds on a page.

Those of Jupyter's and nbgrader's own pages that the course cannot mend are listed, each with a reason.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.bidi import FirefoxPage

LIST = Path(__file__).with_name("allowed_faults.toml")
WCAG = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}
"""What axe-core looks for: faults by WCAG 2.0, 2.1 and 2.2, levels A and AA."""

SETTLE = """async () => {
  const frame = () => new Promise((ready) => requestAnimationFrame(ready));
  const passing = () => document.getAnimations().filter(
    ({ effect, playState }) => playState === "running" && effect.getComputedTiming().endTime < Infinity
  );
  await frame();
  await frame();
  for (let moving = passing(); moving.length; moving = passing()) {
    for (const one of moving) one.finish();
    await frame();
  }
}"""
"""Takes the page to the end of all that is on its way, such as from light to dark, where its colours are those that
stay. In one frame the browser finds that the colour scheme has changed, in the next it tells scripts, which may set off
more. What never ends, such as a spinner, goes on."""


def named_faults(response: Mapping[str, Any]) -> list[str]:
    """Return a line for each fault that axe-core found."""
    return [
        f"{fault['id']}: {node['html'][:200]} {node['failureSummary']}"
        for fault in response["violations"]
        for node in fault["nodes"]
    ]


def faults_in_chromium(page: Page, within: str | None = None) -> list[str]:
    """Return a line for each fault on a page in Chromium, or in the parts of it that a selector finds."""
    page.evaluate(SETTLE)
    return named_faults(Axe().run(page, context=within, options=WCAG).response)


def faults_in_firefox(page: FirefoxPage, within: str = "html") -> list[str]:
    """Return a line for each fault on a page in Firefox, or in the parts of it that a selector finds."""
    page.evaluate(SETTLE)
    look = f"([within, options]) => {{ {AXE_SCRIPT}; return axe.run(within, options); }}"
    return named_faults(page.evaluate(look, [within, WCAG]))


def allowed(where: str) -> set[str]:
    """Return the rules, or the messages of scripts, whose faults on such a page are not ours."""
    listed = tomllib.loads(LIST.read_text(encoding="utf-8"))
    return {fault["rule"] for fault in listed["fault"] if fault["where"] == where and fault["reason"]}
