"""The HTML of a page: its bar, its sections, and the way to the pages beside it."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import PurePosixPath

from course.content import words
from course.content.lessons import follow_up, lessons
from course.core.notebooks import material
from course.frame.layout import SAID, STATIC, PageAddresses, neighbours, page_html, page_style
from course.frame.page import CodePlace, Page, Section, Words, html_of

ADDRESSES = PageAddresses("style.css", "script.js", "code.ipynb")


def shown(page: Page, folder: str = "notebooks", name: str = "repair") -> str:
    return str(page_html(page, neighbours(folder, name), ADDRESSES, {"path": "p"}))


def small_page() -> Page:
    blocks = (Words(html_of("Words.")), CodePlace("one"))
    return Page("A title", (Section("top", "", ()), Section("first", "First & last", blocks)), {"one": "</script>1"})


class _Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def test_a_page_has_one_heading_a_title_and_a_list_of_its_sections() -> None:
    html = shown(small_page())
    tags = _Tags(html)
    assert len(tags.of("h1")) == 1
    assert "<title>A title – Building Trust</title>" in html
    assert [link["href"] for link in tags.of("a")][:1] == ["#main"]
    assert "#first" in [link["href"] for link in tags.of("a")]
    assert "First &amp; last" in html
    assert {"data-cell": "one", "class": "frame-cell"} in tags.of("div")
    assert [(tag, found["aria-labelledby"]) for tag, found in tags.tags if tag == "section"] == [("section", "first")]


def test_a_label_stands_under_the_heading_and_a_page_without_one_has_no_place_for_it() -> None:
    around = neighbours("notebooks", "repair")
    labelled = str(page_html(small_page(), around, ADDRESSES, {}, label="Made <up>."))
    assert '</h1><p class="frame-label">Made &lt;up&gt;.</p>' in labelled
    assert "frame-label" not in shown(small_page())


def test_what_the_scripts_get_cannot_end_its_element() -> None:
    html = shown(small_page())
    text = re.search(r'<script type="application/json" id="frame-data">(.*?)</script>', html, re.DOTALL)
    assert text
    data = json.loads(text[1])
    assert data["code"] == {"one": "</script>1"}
    assert data["words"] == {name: words(f"frame.{name}") for name in SAID}


def test_the_script_says_only_words_that_it_is_given() -> None:
    scripts = "".join(path.read_text(encoding="utf-8") for path in STATIC.glob("*.js"))
    used = set(re.findall(r'words(?:\.([a-z]+)|\["([a-z-]+)"\])', scripts))
    assert {one or other for one, other in used} - {"", "name"} <= set(SAID)


def test_lessons_lead_to_the_one_before_their_exercise_and_the_one_after() -> None:
    names = [*(lesson.key for lesson in lessons()), follow_up().key]
    for place, name in enumerate(names):
        around = neighbours("notebooks", name)
        assert around.start
        before, after = around.previous, around.next
        assert (before.href if before else None) == (f"{names[place - 1]}.ipynb" if place else None)
        assert (after.href if after else None) == (f"{names[place + 1]}.ipynb" if place + 1 < len(names) else None)
        assert bool(around.exercise) == (name != follow_up().key)


def test_the_exercise_of_a_lesson_leads_back_to_it_and_on() -> None:
    around = neighbours("exercises/repair", "repair")
    assert around.lesson
    assert around.lesson.href == "../../notebooks/repair.ipynb"
    assert around.next
    assert around.next.href == "../../notebooks/sharing-power.ipynb"
    last = neighbours("exercises/trust-plan", "trust-plan")
    assert last.next
    assert last.next.href == "../../notebooks/day-30.ipynb"


def test_every_link_leads_to_a_page() -> None:
    pages = [
        *((PurePosixPath("notebooks"), path.stem) for path in (material() / "notebooks").glob("*.ipynb")),
        *((PurePosixPath("exercises") / path.stem, path.stem) for path in (material() / "exercises").rglob("*.ipynb")),
    ]
    for folder, name in pages:
        around = neighbours(str(folder), name)
        links = (around.start, around.previous, around.next, around.exercise, around.lesson)
        for link in (*links, around.journal, around.record):
            assert link is None or (material() / folder / link.href).resolve().is_file(), (folder, name, link)


def test_the_start_page_and_the_journal_lead_to_the_record() -> None:
    for name in ("start", "journal"):
        link = f'<a class="frame-button" href="record.ipynb">{words("record.short")}</a>'
        assert link in shown(small_page(), name=name)
    assert "record.ipynb" not in shown(small_page())


def test_the_start_page_and_one_outside_the_course_have_no_neighbours() -> None:
    assert neighbours("notebooks", "start").start is None
    around = neighbours("notebooks", "credits")
    assert around.start
    assert around.next is None


def test_the_style_sheet_has_the_design_tokens_in_front() -> None:
    assert page_style().index("--course-ink:") < page_style().index(".frame-bar")


def test_a_page_bears_a_policy_only_where_its_server_sends_none() -> None:
    around, addresses = (
        neighbours("notebooks", "repair"),
        PageAddresses("style.css", "script.js", policy="img-src 'self'"),
    )
    policies = [_Tags(shown(small_page())), _Tags(str(page_html(small_page(), around, addresses, {})))]
    found = [[meta["content"] for meta in tags.of("meta") if meta.get("http-equiv")] for tags in policies]
    assert found == [[], ["img-src 'self'"]]
