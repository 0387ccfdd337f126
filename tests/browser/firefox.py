"""Where the Firefox for the tests is."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

NAMES = ("firefox-esr", "firefox")
APPLICATIONS = (
    "/Applications/Firefox.app/Contents/MacOS/firefox",
    "C:/Program Files/Mozilla Firefox/firefox.exe",
    "C:/Program Files (x86)/Mozilla Firefox/firefox.exe",
)
MISSING = "No Firefox was found or could be installed: NOTHING IS TESTED IN FIREFOX. Install Firefox and try again."


def firefox_path() -> str | None:
    """Return an installed Firefox, the one named in BUILDING_TRUST_FIREFOX before others, or None."""
    named = os.environ.get("BUILDING_TRUST_FIREFOX", "").strip()
    installed = filter(None, map(shutil.which, NAMES))
    applications = (path for path in APPLICATIONS if Path(path).exists())
    return named or next(installed, None) or next(applications, None)


def must_be_there() -> bool:
    """Say whether tests fail without a Firefox, as they do in continuous integration, or are left out."""
    return os.environ.get("CI", "").strip().lower() not in ("", "0", "false")
