"""Pictures for a person to look at. They are kept out of git and never compared.

They are made where the variable PICTURES is set, as in `make test PICTURES=yes`: nobody looks at those of most runs.
"""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import Locator, Page

from tests.browser.bidi import FirefoxPage

FOLDER = Path(__file__).parents[2] / "artefacts"
ARE_WANTED = bool(os.environ.get("PICTURES"))


def keep_picture(seen: Page | FirefoxPage | Locator, name: str, *, whole: bool = True) -> None:
    """Save a picture under `artefacts/`, where somebody wants pictures.

    It is of a page, all of it or what can be seen in its window, or of one thing on it.
    """
    if not ARE_WANTED:
        return
    path = FOLDER / f"{name}.png"
    if isinstance(seen, Page):
        seen.screenshot(path=path, full_page=whole)
    elif isinstance(seen, FirefoxPage):
        seen.screenshot(path, whole=whole)
    else:
        seen.screenshot(path=path)
