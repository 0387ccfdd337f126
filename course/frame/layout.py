"""The page itself: its HTML with the bar, the list of sections, the words, and the way to the pages beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from course.content import edition_language, words
from course.content.lessons import find_page, follow_up, lessons
from course.core.errors import UnknownLesson
from course.core.pages.design_tokens import stylesheet
from course.core.pages.emblem import emblem, icon_address
from course.core.pages.html import DOCTYPE, Content, Markup, element, fragment
from course.frame.page import CodePlace, Page, Section

STATIC: Final = Path(__file__).parent / "static"
"""The scripts and the style sheet of the frame."""

_WITH_RECORD: Final = ("start", "journal")
"""The pages whose bar leads to the record of completion: lessons have no room for it on a phone."""
SAID: Final = (
    "preparing", "ready", "slow", "stopped", "lost", "no-server", "typing", "saving", "saved", "failed", "waiting",
    "done", "section-progress", "page-progress", "go-on", "go-on-lesson", "cell-failed", "smaller", "larger", "size",
)  # fmt: skip
"""The words that the frame's script says."""


@dataclass(frozen=True)
class PageLink:
    """A link to another page of the course."""

    href: str
    title: str


@dataclass(frozen=True)
class Neighbours:
    """The pages around a page, as far as there are any."""

    start: PageLink | None = None
    previous: PageLink | None = None
    next: PageLink | None = None
    exercise: PageLink | None = None
    lesson: PageLink | None = None
    """The lesson of an exercise."""
    journal: PageLink | None = None
    record: PageLink | None = None
    """The record of completion, on the pages where people look for it."""


@dataclass(frozen=True)
class PageAddresses:
    """Where the adapter serves what a page needs."""

    style: str
    script: str
    """The adapter's module, which starts the frame."""
    code: str = ""
    """Where the page is shown with its code, if anywhere."""
    modules: Sequence[str] = ()
    """What the script imports: a browser that is told at once need not find out one after the other."""
    policy: str = ""
    """The content security policy that the page itself bears, where its server sends none."""


def neighbours(folder: str, name: str) -> Neighbours:
    """Return the pages around `folder/name.ipynb`, as addresses from that page.

    `folder` is `notebooks` for lessons and `exercises/KEY` for an exercise.
    """
    if folder != "notebooks":
        return _around_exercise(name)
    journal = PageLink("journal.ipynb", words("journal.title")) if name != "journal" else None
    record = PageLink("record.ipynb", words("record.short")) if name in _WITH_RECORD else None
    if name == "start":
        return Neighbours(journal=journal, record=record)
    start = PageLink("start.ipynb", words("frame.all-lessons"))
    listed = [*lessons(), follow_up()]
    place = next((place for place, lesson in enumerate(listed) if lesson.key == _key(name)), None)
    if place is None:
        return Neighbours(start, journal=journal, record=record)
    before, after = (listed[other] if 0 <= other < len(listed) else None for other in (place - 1, place + 1))
    has_exercise = listed[place] != follow_up()
    return Neighbours(
        start,
        PageLink(f"{before.key}.ipynb", before.title) if before else None,
        PageLink(f"{after.key}.ipynb", after.title) if after else None,
        PageLink(f"../exercises/{name}/{name}.ipynb", words("frame.exercise")) if has_exercise else None,
        journal=journal,
    )


def _around_exercise(name: str) -> Neighbours:
    to_lessons = "../../notebooks"
    start = PageLink(f"{to_lessons}/start.ipynb", words("frame.all-lessons"))
    journal = PageLink(f"{to_lessons}/journal.ipynb", words("journal.title"))
    listed = list(lessons())
    place = next((place for place, lesson in enumerate(listed) if lesson.key == _key(name)), None)
    if place is None:
        return Neighbours(start, journal=journal)
    after = [*listed, follow_up()][place + 1]
    return Neighbours(
        start,
        next=PageLink(f"{to_lessons}/{after.key}.ipynb", after.title),
        lesson=PageLink(f"{to_lessons}/{name}.ipynb", listed[place].title),
        journal=journal,
    )


def _key(name: str) -> str:
    try:
        return find_page(name)
    except UnknownLesson:
        return ""


def page_style() -> str:
    """Return the style sheet of the frame, with the design tokens in front."""
    return stylesheet(STATIC / "frame.css")


def page_html(
    page: Page,
    around: Neighbours,
    addresses: PageAddresses,
    data: Mapping[str, object],
    notice: Content = None,
    label: str = "",
) -> Markup:
    """Return a page. `data` is for the adapter's script; `notice` stands above the words of the page.

    `label` says above all of it, also on paper, what kind of data the page shows.
    """
    course = words("frame.course")
    title = page.title or course
    is_start = around.start is None
    head = element(
        "head",
        element("meta", {"charset": "utf-8"}),
        _policy(addresses.policy),
        element("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        element("meta", {"name": "color-scheme", "content": "light dark"}),
        element("title", course if is_start else f"{title} – {course}"),
        element("link", {"rel": "icon", "href": icon_address()}),
        element("link", {"rel": "stylesheet", "href": addresses.style}),
        Markup(f'<script type="application/json" id="frame-data">{_as_json(_frame_data(page, data))}</script>'),
        [element("link", {"rel": "modulepreload", "href": module}) for module in addresses.modules],
        element("script", {"type": "module", "src": addresses.script}),
    )
    body = element(
        "body",
        element("a", {"class": "frame-skip", "href": "#main"}, words("frame.skip")),
        _bar(title, around, addresses),
        element(
            "div",
            {"class": "frame-columns"},
            _sections(page.listed),
            element(
                "main",
                {"id": "main", "tabindex": "-1", "aria-busy": "true"},
                _heading(title, around),
                element("p", {"class": "frame-label"}, label) if label else None,
                element("div", {"id": "frame-notices"}, notice),
                [_section(section) for section in page.sections],
                _turn(around),
            ),
        ),
    )
    return fragment(DOCTYPE, element("html", {**edition_language().declared, "class": "frame"}, head, body))


def _policy(policy: str) -> Markup | None:
    return element("meta", {"http-equiv": "Content-Security-Policy", "content": policy}) if policy else None


def _frame_data(page: Page, data: Mapping[str, object]) -> dict[str, object]:
    page_words = {name: words(f"frame.{name}") for name in SAID}
    return {"title": page.title, "words": page_words, "code": page.code, **data}


def _as_json(data: Mapping[str, object]) -> str:
    """Return data as JSON that cannot end the element it stands in."""
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")


def _heading(title: str, around: Neighbours) -> Markup:
    """Return the heading of a page. The pages that are no step of the way through the course bear the emblem."""
    is_step = around.previous or around.next or around.lesson
    return element("h1", None if is_step else emblem(48), title)


def _bar(title: str, around: Neighbours, addresses: PageAddresses) -> Markup:
    where: list[Content] = [element("span", {"class": "frame-course"}, emblem(), words("frame.course"))]
    if around.start:
        where = [element("a", {"class": "frame-button", "href": around.start.href}, emblem(), around.start.title)]
    for link in filter(None, (around.journal, around.record)):
        where.append(element("a", {"class": "frame-button", "href": link.href}, link.title))
    if around.start:
        where.append(element("span", {"class": "frame-title", "aria-hidden": "true"}, title))
    tools: list[Content] = [
        element("button", {"type": "button", "class": "frame-button", "data-tool": "smaller"}, "A−"),
        element("button", {"type": "button", "class": "frame-button", "data-tool": "larger"}, "A+"),
        element("button", {"type": "button", "class": "frame-button", "data-tool": "print"}, words("frame.print")),
    ]
    if addresses.code:
        tools.append(
            element(
                "a",
                {"class": "frame-button", "href": addresses.code, "data-tool": "code"},
                words("frame.show-code"),
            )
        )
    return element(
        "header",
        {"class": "frame-bar"},
        element("div", {"class": "frame-where"}, *where),
        element("p", {"id": "frame-status"}, words("frame.preparing")),
        element("p", {"id": "frame-live", "class": "frame-quiet", "role": "status"}),
        element("div", {"class": "frame-tools", "role": "group", "aria-label": words("frame.tools")}, *tools),
        element("div", {"class": "frame-meter", "aria-hidden": "true"}, element("span")),
    )


def _sections(listed: Sequence[Section]) -> Markup | None:
    """Return the list of sections, which a narrow window folds away."""
    if not listed:
        return None
    links = [
        element(
            "li",
            element("a", {"href": f"#{section.id}"}, section.title),
            element("span", {"class": "frame-done", "data-done": section.id}),
        )
        for section in listed
    ]
    return element(
        "nav",
        {"class": "frame-sections", "aria-label": words("frame.sections")},
        element(
            "details",
            {"open": True},
            element("summary", words("frame.sections")),
            element("p", {"id": "frame-progress"}),
            element("ol", links),
        ),
    )


def _section(section: Section) -> Markup:
    blocks = [
        element("div", {"class": "frame-cell", "data-cell": block.cell})
        if isinstance(block, CodePlace)
        else element("div", {"class": "frame-words"}, block.html)
        for block in section.blocks
    ]
    if not section.title:
        return element("div", {"class": "frame-section", "data-section": section.id}, blocks)
    attributes = {"class": "frame-section", "data-section": section.id, "aria-labelledby": section.id}
    heading = element("h2", {"id": section.id, "tabindex": "-1"}, section.title)
    return element("section", attributes, heading, blocks)


def _turn(around: Neighbours) -> Markup | None:
    """Return the way on: the exercise of the lesson first, since it is what comes next."""
    links = [
        _turn_link(link, label)
        for link, label in (
            (around.exercise, words("frame.next-exercise")),
            (around.lesson, words("frame.back-to-lesson")),
            (around.previous, words("frame.previous")),
            (around.next, words("frame.next")),
        )
        if link
    ]
    return element("nav", {"class": "frame-turn", "aria-label": words("frame.turn")}, links) if links else None


def _turn_link(link: PageLink, label: str) -> Markup:
    return element("a", {"href": link.href}, element("span", label), " ", element("strong", link.title))
