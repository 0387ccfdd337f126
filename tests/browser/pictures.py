"""Pictures for a person to look at. They are kept out of git and never compared."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, Page

FOLDER = Path(__file__).parents[2] / "artefacts"


def keep_picture(seen: Page | Locator, name: str) -> None:
    """Save a picture of a whole page, or of one thing on it, under `artefacts/`."""
    path = FOLDER / f"{name}.png"
    if isinstance(seen, Page):
        seen.screenshot(path=path, full_page=True)
    else:
        seen.screenshot(path=path)
