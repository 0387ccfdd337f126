"""The screen at many sizes: everything fits and reads from the back, and the console turns its pages."""

from __future__ import annotations

import datetime

import pytest
from playwright.sync_api import expect

from tests.browser.room_people import answer, approve_all, show_wall, texts
from tests.browser.room_screen import at_sizes, every_page, expect_charts, expect_to_fit, faults, pages_of, turn
from tests.browser.room_windows import Windows

pytestmark = pytest.mark.browser
WIDE = (
    "W" * 140,
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "今日は皆さんと信頼について話し合います。" * 6,
    "👩‍👩‍👧‍👦" * 12,
    "كيف نثق بعضنا ببعض عندما لا نعرف ما سيأتي؟ " * 3,
    "เราจะไว้วางใจกันได้อย่างไรเมื่อเราไม่รู้ว่าอะไรจะเกิดขึ้น",
)
"""Lines that take more room than most."""


def rate(windows: Windows, people: int) -> None:
    """Let so many people rate the group, and show it."""
    windows.open("our-group", "group")
    answer(
        windows,
        [{f"group.G{item}": 1 + (person * person + item) % 7 for item in range(1, 7)} for person in range(people)],
    )
    windows.act("close", question="group")
    windows.act("reveal", question="group")


def vote(windows: Windows, question: str, choices: str) -> None:
    windows.open("leak", question)
    answer(windows, [{question: choice} for choice in choices])
    windows.act("close", question=question)
    windows.act("reveal", question=question)


@pytest.mark.parametrize("count", [30, 300])
def test_a_wall_of_any_length_is_shown_line_by_line_on_pages_that_fit(windows: Windows, count: int) -> None:
    lines = texts(count)
    show_wall(windows, "differences", "different", lines)
    screen = windows.screen(windows.console())
    expect(screen.locator(".wall li").first).to_be_visible()
    seen: list[str] = []
    pages = pages_of(screen)
    for page in every_page(windows, screen):
        seen += [text.strip() for text in screen.locator(".wall li").all_inner_texts()]
        if page in (1, pages):
            expect_to_fit(screen, f"wall-{count}-{page}")
        else:
            assert faults(screen) == []
    assert sorted(seen) == sorted(lines)
    assert pages <= count / 8, "a page has room for more than a few lines"


def test_thirty_words_are_on_one_page(windows: Windows) -> None:
    show_wall(windows, "check-in", "attention", [f"Curious {number}" for number in range(30)])
    screen = windows.screen(windows.console())
    expect(screen.locator(".wall li")).to_have_count(30)
    expect(screen.locator(".page-number")).to_have_count(0)
    expect_to_fit(screen, "words")


def test_lines_in_wide_letters_and_without_spaces_fit(windows: Windows) -> None:
    show_wall(windows, "differences", "different", [line[:140] for line in WIDE * 3])
    screen = windows.screen(windows.console())
    expect(screen.locator(".wall li").first).to_be_visible()
    for page in every_page(windows, screen):
        expect_to_fit(screen, f"wide-{page}")


def sort_lines(windows: Windows) -> None:
    """Put a sorted wall on the screen, with six parked lines."""
    session = windows.session
    show_wall(windows, "differences", "different", texts(30))
    windows.act("open", question="sorted")
    question = session.model.script.question("sorted")
    assert question
    parts = session.model.parts(question)
    for number, person in enumerate(sorted(session.model.people)):
        for part in parts:
            choice = ("ours", "park", "now")[number % 3]
            message = {"part": part, "revision": 1, "answer": choice}
            windows.live_server.run(session.answer(person, message, 1000.0 + 60 * number))
    windows.act("close", question="sorted")
    windows.act("reveal", question="sorted")
    for line in session.model.lines.of("different")[:6]:
        windows.act("park", line=line.name, owner="Chair of the forum", place="The next board meeting", date="Friday")


def test_a_sorted_wall_with_parked_lines_fits(windows: Windows) -> None:
    sort_lines(windows)
    screen = windows.screen(windows.console())
    expect(screen.get_by_role("row", name="Chair of the forum").first).to_be_visible()
    rows = charts = lines = 0
    for page in every_page(windows, screen):
        if screen.locator(".chart").count():
            expect_charts(screen)
        rows += screen.locator("tbody tr:not(.unseen *)").count()
        charts += screen.locator("figure").count()
        lines += screen.locator(".lines li").count()
        expect_to_fit(screen, f"sorted-{page}")
    assert (rows, charts, lines) == (6, 8, 24)


def test_the_console_turns_the_pages_of_all_screens(windows: Windows) -> None:
    show_wall(windows, "differences", "different", texts(60))
    console = windows.console()
    screen, second = windows.screen(console), windows.screen(console)
    second.set_viewport_size({"width": 1024, "height": 768})
    expect(screen.locator(".page-number")).to_contain_text("Page 1 of")
    of = pages_of(screen)
    expect(console.locator("[data-block=pages]")).to_contain_text(f"Page 1 of {of} is on the screen.")
    console.get_by_role("button", name="Previous page").press("Enter")
    console.get_by_role("button", name="Next page").press("Enter")
    for page in (screen, second):
        expect(page.locator(".page-number")).to_have_text(f"Page 2 of {of}")
    assert screen.locator(".wall li").all_inner_texts() == second.locator(".wall li").all_inner_texts()
    expect(console.locator("[data-block=pages]")).to_contain_text(f"Page 2 of {of}")
    console.locator("body").press("Shift+PageDown")
    expect(second.locator(".page-number")).to_have_text(f"Page 3 of {of}")
    expect(console.locator("[data-block=pages]")).to_contain_text(f"Page 3 of {of}")
    console.locator("body").press("Shift+ArrowLeft")
    expect(second.locator(".page-number")).to_have_text(f"Page 2 of {of}")


@pytest.mark.parametrize("people", [30, 12])
def test_ratings_fill_the_width_of_the_screen(windows: Windows, people: int) -> None:
    rate(windows, people)
    screen = windows.screen(windows.console())
    expect_charts(screen)
    expect_to_fit(screen, f"ratings-{people}")
    for width, _ in at_sizes(screen):
        assert screen.locator("img").first.evaluate("image => image.getBoundingClientRect().width") > 0.9 * width


def test_two_votes_side_by_side_fit_the_screen(windows: Windows) -> None:
    vote(windows, "first-act", "CCCCCCCCCCAAAAADDDDDEEEEEBBBBB")
    windows.act("open", question="first-act-again")
    for number, person in enumerate(sorted(windows.session.model.people)):
        message = {"part": "first-act-again", "revision": 1, "answer": "EEEECA"[number % 6]}
        windows.live_server.run(windows.session.answer(person, message, 1000.0))
    windows.act("close", question="first-act-again")
    windows.act("reveal", question="first-act-again")
    screen = windows.screen(windows.console())
    expect_charts(screen)
    expect_to_fit(screen, "two-votes")


def test_votes_on_each_boundary_fit_beside_each_other(windows: Windows) -> None:
    windows.open("boundaries", "drafts")
    choices = ("keep", "keep", "change", "not-sure")
    lines = ("sources", "some-stays", "if-broken")
    answer(
        windows,
        [{f"drafts.{line}": choices[(person + at) % 4] for at, line in enumerate(lines)} for person in range(30)],
    )
    windows.act("close", question="drafts")
    windows.act("reveal", question="drafts")
    screen = windows.screen(windows.console())
    expect_charts(screen)
    expect(screen.locator("figure")).to_have_count(3)
    expect_to_fit(screen, "drafts")
    turn(windows, screen, 1)
    expect(screen.get_by_text("Nothing we agree stops anyone")).to_be_visible()
    expect_to_fit(screen, "boundaries")


@pytest.mark.parametrize("people", [4, 8])
def test_sentences_in_place_of_a_chart_fill_the_screen(windows: Windows, people: int) -> None:
    windows.open("our-group", "group")
    answer(windows, [{f"group.G{item}": 1 + person % 7 for item in range(1, 7)} for person in range(people)])
    windows.act("close", question="group")
    windows.act("reveal", question="group")
    screen = windows.screen(windows.console())
    expect_charts(screen)
    expect_to_fit(screen, f"sentences-{people}")
    if not screen.locator("img").count():
        for _, height in at_sizes(screen):
            size = screen.locator(".said").evaluate("said => parseFloat(getComputedStyle(said).fontSize)")
            assert size > height / 20


def test_every_other_page_of_the_screen_fits(windows: Windows) -> None:
    screen = windows.screen(windows.console())
    expect(screen.locator(".sheet")).to_be_visible()
    expect_to_fit(screen, "join-not-open")
    windows.act("timer", minutes="180")
    for step, questions in {
        "check-in": ["attention"],
        "boundaries": ["drafts", "missing"],
        "break": [],
        "leak": ["first-act", "weight"],
        "thanks": ["thank-you"],
        "commitment": ["commitment"],
        "close": ["taking-away"],
    }.items():
        windows.open(step, *questions)
        name = windows.session.model.script.step(step)
        assert name
        expect(screen.locator("h1")).to_have_text(name.name)
        expect_to_fit(screen, step)
    windows.live_server.run(windows.session.close(3, datetime.date(2026, 11, 29)))
    expect(screen.get_by_text("The codes of all phones have been destroyed.")).to_be_visible()
    expect_to_fit(screen, "closed")


def test_a_chart_is_on_its_page_once_it_is_shown_whatever_page_was_turned_to(windows: Windows) -> None:
    show_wall(windows, "leak", "first-act", [])
    windows.act("page", page="7")
    vote(windows, "weight", "AAAAAABBBBBBCCCCCCDDDDDD")
    screen = windows.screen(windows.console())
    expect(screen.locator("figcaption")).to_have_text("What do you think carried more weight?")


def test_lines_that_are_approved_later_come_while_the_page_stays(windows: Windows) -> None:
    show_wall(windows, "differences", "different", texts(60))
    screen = windows.screen(windows.console())
    turn(windows, screen, 2)
    before = pages_of(screen)
    windows.act("open", question="different")
    answer(windows, [{"different": line} for line in texts(30, ("Something new",))])
    windows.act("page", page="2")
    approve_all(windows, "different")
    windows.act("close", question="different")
    expect(screen.locator(".page-number")).not_to_have_text(f"Page 2 of {before}")
    expect(screen.locator(".page-number")).to_contain_text("Page 2 of")
