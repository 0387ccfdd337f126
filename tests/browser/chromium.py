"""Where the browser for the tests is."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

# The shell is Chromium without its own windows and menus, and needs less than half the processor's time for a page.
SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "google-chrome", "google-chrome-stable", "chrome", "chromium-browser")
APPLICATIONS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


def chromium_path() -> str | None:
    """Return an installed Chromium or Chrome, the one named in BUILDING_TRUST_CHROMIUM before others.

    None stands for Playwright's own.
    """
    named = os.environ.get("BUILDING_TRUST_CHROMIUM", "").strip()
    installed = filter(None, map(shutil.which, NAMES))
    applications = (path for path in APPLICATIONS if Path(path).exists())
    return named or next(installed, None) or next(applications, None)


def playwright_has_one() -> bool:
    """Say whether Playwright has downloaded a Chromium of its own."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path).exists()
