"""The pages of the web edition: each notebook that learners read as one page of HTML."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any, Final, TypeAlias, TypedDict

from course.content import edition_language, words
from course.content.lessons import lesson_names
from course.core.names import RELEASE
from course.core.notebooks import material, read_notebook
from course.core.pages.html import DOCTYPE, element, fragment
from course.core.pages.page_addresses import with_web_addresses
from course.core.pages.web_edition import as_web_edition
from course.core.settings import COURSE_ID
from course.frame.layout import PageAddresses, neighbours, page_html
from course.frame.page import page_of
from course.learner.working_copy import shipped_pages

State: TypeAlias = dict[str, Any]
"""The traits of a widget by name."""
Bundle: TypeAlias = dict[str, Any]
"""What a cell shows, by media type."""
START: Final = "notebooks/start.ipynb"
_TOOL_WORDS: Final = ("check", "checking", "not-checked", "not-saved")
_WEB_WORDS: Final = ("keeps-nothing", "unexpected", "outdated")
SCRIPT: Final = "page.js"
"""The script that runs a page."""
POLICY: Final = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "worker-src 'self'",
        "style-src 'self' 'unsafe-inline'",  # charts and figures bring their style with them
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
    ]
)
"""What a page may load: nothing from another host, and no text on it can become a script."""


class FirstSight(TypedDict):
    """What a page shows before Python is there."""

    models: dict[str, State]
    """The widgets by id."""
    cells: dict[str, list[Bundle]]
    """What each cell shows, by the cell's id."""


def learner_pages() -> dict[str, Path]:
    """Return the notebooks that learners read, by name, such as `notebooks/repair.ipynb`."""
    return {name: material() / name for name in shipped_pages()}


def page_file(name: str) -> str:
    """Return which file of the site holds a notebook's page.

    >>> page_file("notebooks/repair.ipynb"), page_file("exercises/repair/repair.ipynb")
    ('notebooks/repair.html', 'exercises/repair.html')
    """
    place = PurePosixPath(name)
    return f"{place.parts[0]}/{place.stem}.html"


@as_web_edition()
def page(name: str, path: Path, version: str, modules: Sequence[str], first: FirstSight) -> bytes:
    """Return a notebook as a page.

    `version` names the folder of its assets, `modules` the scripts there that every page imports; `first` is what its
    cells show to somebody who begins.
    """
    place = PurePosixPath(name)
    is_exercise = place.parts[0] == RELEASE
    assets = f"../assets/{version}/"
    data = {
        "path": name,
        "isStart": name == START,
        "isShipped": True,
        "courseId": COURSE_ID,
        "exercise": place.stem if is_exercise else "",
        "formerNames": lesson_names(place.stem)[1:] if is_exercise else [],
        "toolWords": {tool: words(f"frame.{tool}") for tool in _TOOL_WORDS},
        "web": {"assets": assets, "first": first, "words": {name: words(f"web.{name}") for name in _WEB_WORDS}},
    }
    drawing = sorted({state["_esm"].removeprefix("./") for state in first["models"].values()})
    imported = [f"{assets}{module}" for module in (*modules, *drawing)]
    addresses = PageAddresses(f"{assets}page.css", f"{assets}{SCRIPT}", modules=imported, policy=POLICY)
    html = page_html(page_of(read_notebook(path)), neighbours(str(place.parent), place.stem), addresses, data)
    return with_web_addresses(html).encode()


@as_web_edition()
def index_page() -> bytes:
    """Return the page at the site's own address, which leads to all lessons."""
    start = page_file(START)
    head = element(
        "head",
        element("meta", {"charset": "utf-8"}),
        element("meta", {"http-equiv": "refresh", "content": f"0; url={start}"}),
        element("title", words("frame.course")),
    )
    body = element("body", element("p", element("a", {"href": start}, words("frame.all-lessons"))))
    return fragment(DOCTYPE, element("html", edition_language().declared, head, body)).encode()
