"""Pictures for a person to look at. They are kept out of git and never compared.

They are made where the variable PICTURES is set, as in `make test PICTURES=yes`: nobody looks at those of most runs.
"""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import Locator, Page

FOLDER = Path(__file__).parents[2] / "artefacts"
ARE_WANTED = bool(os.environ.get("PICTURES"))


def keep_picture(seen: Page | Locator, name: str) -> None:
    """Save a picture of a whole page, or of one thing on it, under `artefacts/`, where somebody wants pictures."""
    if not ARE_WANTED:
        return
    path = FOLDER / f"{name}.png"
    if isinstance(seen, Page):
        seen.screenshot(path=path, full_page=True)
    else:
        seen.screenshot(path=path)
