"""The page that a learner reads: its sections, the way through the course, its tools; and that nothing changes it."""

from __future__ import annotations

import json
import string
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from course.content import words
from course.content.lessons import lessons
from tests.browser.learner import LESSON, OVERFLOW, START, Learner
from tests.browser.pictures import keep_picture
from tests.jupyter_server import RunningCourse

pytestmark = pytest.mark.browser

KEPT = "kept/*/notebooks/two-questions.ipynb"
EXERCISE = "exercises/two-questions/two-questions.ipynb"
TITLES = {lesson.key: lesson.title for lesson in lessons()}
SCRIPT = "<script>window.ran = 1</script><img src=x onerror='window.ran = 1'>"


def files(course: RunningCourse) -> dict[str, bytes]:
    """Return every file of the working copy."""
    found = (path for path in course.copy.rglob("*") if path.is_file())
    return {path.relative_to(course.copy).as_posix(): path.read_bytes() for path in found}


def sections(page: Page) -> list[str]:
    return page.locator(".frame-sections a").all_inner_texts()


def current(page: Page) -> str:
    """Return the title of the section that the list of sections marks as the one that is read."""
    return page.locator(".frame-sections [aria-current]").inner_text()


RINGS_CUT = """() => [...document.querySelectorAll(".frame-bar a, .frame-bar button, .frame-sections summary")]
  .filter((one) => one.checkVisibility())
  .filter((one) => {
    one.focus({ focusVisible: true });
    const { outlineOffset, outlineWidth } = getComputedStyle(one);
    const reach = Math.max(0, parseFloat(outlineOffset) + parseFloat(outlineWidth));
    let around = one.parentElement;
    while (around.parentElement && getComputedStyle(around).overflowX === "visible") around = around.parentElement;
    const box = one.getBoundingClientRect();
    const place = around.getBoundingClientRect();
    const ends = [box.top - reach, box.left - reach - place.left, place.right - box.right - reach];
    return !reach && outlineWidth !== "3px" || ends.some((room) => room < 0);
  })
  .map((one) => one.textContent)"""
"""The names of what has no whole ring when it has the focus."""


def test_what_has_the_focus_in_the_bar_or_above_the_sections_has_a_whole_ring(learner: Learner) -> None:
    learner.page.evaluate("scrollTo(0, 0)")
    assert learner.page.evaluate(RINGS_CUT) == []


def test_a_page_has_a_title_one_heading_and_a_list_that_leads_to_each_section(learner: Learner) -> None:
    page = learner.page
    expect(page).to_have_title(f"{TITLES['two-questions']} – {words('frame.course')}")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLES["two-questions"])
    expect(page.get_by_role("heading", level=2)).to_have_text(sections(page))
    for title in [*sections(page)[3:6], sections(page)[-1], sections(page)[0]]:
        page.locator(".frame-sections").get_by_role("link", name=title, exact=True).click()
        expect(page.locator(".frame-sections [aria-current]")).to_have_text(title)
        expect(page.get_by_role("heading", name=title, exact=True)).to_be_in_viewport()
        assert page.evaluate("document.querySelector(':target').textContent") == title


def test_progress_is_counted_for_each_section_and_for_the_page(learner: Learner) -> None:
    """Answered and skipped both count; the section of five scenarios is done when all five are.

    A sort with one card placed of ten is begun, and does not count.
    """
    page = learner.page
    line = page.locator("#frame-progress")
    scenarios = [f"scenario-{name}" for name in ("figures", "warm-chair", "newcomer", "ward-lead", "rota")]
    beside = page.locator(".frame-sections li", has_text="Five practice scenarios").locator(".frame-done")
    expect(beside).to_have_text(words("frame.section-progress", done=0, all=5))
    all_of_page = int(line.inner_text().split()[-1])
    before = int(line.inner_text().split()[-3])
    learner.choose("which-side", "card-0", "A")
    for card in scenarios[:-1]:
        learner.choose(card, "pick", "A")
    expect(beside).to_have_text(words("frame.section-progress", done=4, all=5))
    learner.card(scenarios[-1]).get_by_role("button", name=words("button.skip"), exact=True).click()
    expect(beside).to_contain_text(words("frame.done"))
    expect(line).to_have_text(words("frame.page-progress", done=before + 5, all=all_of_page))
    learner.card(scenarios[-1]).get_by_role("button", name=words("button.unskip")).click()
    expect(beside).to_have_text(words("frame.section-progress", done=4, all=5))


def make_largest(page: Page) -> None:
    for _ in range(9):
        page.get_by_role("button", name=words("frame.larger")).press("Enter")


def test_the_text_is_made_larger_and_stays_so_on_the_next_page(learner: Learner) -> None:
    page = learner.page
    larger = page.get_by_role("button", name=words("frame.larger"))
    height = "document.querySelector('.frame-words p').getBoundingClientRect().height"
    before = page.evaluate(height)
    make_largest(page)
    expect(page.get_by_role("status").filter(has_text="200")).to_have_text(words("frame.size", percent=200))
    expect(larger).to_have_attribute("aria-disabled", "true")
    assert page.evaluate(height) > 2 * before
    page.goto(learner.course.notebook(START))
    learner.wait_until_ready()
    expect(page.get_by_role("button", name=words("frame.larger"))).to_have_attribute("aria-disabled", "true")
    expect(page.get_by_role("button", name=words("frame.smaller"))).to_have_attribute("aria-disabled", "false")


def test_a_reader_goes_on_where_they_were(learner: Learner) -> None:
    page, section = learner.page, sections(learner.page)[4]
    learner.go_to_section(section)
    page.reload()
    learner.wait_until_ready()
    expect(page.get_by_role("heading", name=section, exact=True)).to_be_in_viewport()
    assert current(page) == section
    page.goto(learner.course.notebook(START))
    learner.wait_until_ready()
    page.get_by_role("link", name=f"{TITLES['two-questions']}: {section}").click()
    page.wait_for_url(f"**/{LESSON}#*")
    learner.wait_until_ready()
    expect(page.get_by_role("heading", name=section, exact=True)).to_be_in_viewport()
    learner.open(LESSON)
    assert page.evaluate("scrollY") == 0, "a page that is opened begins at its top"
    page.locator(".frame-go-on").get_by_role("link", name=section).click()
    expect(page.get_by_role("heading", name=section, exact=True)).to_be_in_viewport()


def test_links_lead_through_the_course_in_one_python(learner: Learner) -> None:
    page, kernels = learner.page, learner.course.kernels()
    for label, title in (
        ("next-exercise", words("frame.exercise")),
        ("back-to-lesson", TITLES["two-questions"]),
        ("next", TITLES["keeping-your-word"]),
        ("previous", TITLES["two-questions"]),
    ):
        turn = page.get_by_role("navigation", name=words("frame.turn"))
        turn.get_by_role("link", name=f"{words(f'frame.{label}')} {title}", exact=True).click()
        learner.wait_until_ready()
        expect(page.get_by_role("heading", level=1)).to_contain_text(
            TITLES["two-questions"] if label == "next-exercise" else title
        )
        expect(page.locator(".bt-card").first).to_be_visible()
    page.locator(".frame-bar").get_by_role("link", name=words("frame.all-lessons")).click()
    learner.wait_until_ready()
    expect(page.get_by_role("rowheader")).to_have_count(len(TITLES) + page.get_by_role("rowheader", name="30").count())
    assert learner.course.kernels() == kernels


def test_a_copied_tab_has_a_python_of_its_own(learner: Learner) -> None:
    before = set(learner.course.kernels())
    kept = learner.page.evaluate("JSON.stringify({...sessionStorage})")
    copied = learner.page.context.new_page()
    copied.add_init_script(f"Object.assign(sessionStorage, {kept})")
    Learner(copied, learner.course).open(LESSON)
    expect(copied.locator(".bt-card").first).to_be_visible()
    assert len(set(learner.course.kernels()) - before) == 1
    copied.close()


def test_no_page_is_wider_than_its_window_or_has_a_fault_in_the_dark(
    learner: Learner, violations: Callable[..., list[str]]
) -> None:
    """A window of 1280 at 200 % is 640 wide; the text is made twice as large as well."""
    page = learner.page
    page.emulate_media(color_scheme="dark")
    expect(page.locator("body")).to_have_attribute("data-jp-theme-light", "false")
    assert violations(page) == []
    for path in (LESSON, START, EXERCISE):
        if path != LESSON:
            learner.open(path)
        for width in (640, 390, 320):
            page.set_viewport_size({"width": width, "height": 800})
            meter, bar = (page.locator(name).bounding_box() for name in (".frame-meter", ".frame-bar"))
            assert meter
            assert bar
            assert abs(meter["y"] - bar["y"] - bar["height"]) < 4, "the line of progress ends the bar"
            assert page.evaluate(OVERFLOW) == 0, (path, width)
        assert violations(page) == []
        keep_picture(page, f"reading-{Path(path).parts[0]}-{Path(path).stem}-narrow")
    make_largest(page)
    assert page.evaluate(OVERFLOW) == 0, "the text is twice as large"
    expect(page.locator(".frame-sections details")).not_to_have_attribute("open", "")
    page.emulate_media(color_scheme="light")


def test_whatever_is_pressed_the_page_and_the_files_stay_as_they_are(learner: Learner) -> None:
    page = learner.page
    before, on_disk = page.locator("main").inner_html(), files(learner.course)
    words_of_page = page.locator(".frame-words p").nth(3)
    words_of_page.dblclick()
    words_of_page.click(button="right")
    page.locator(".frame-words h1, .frame-words p").first.drag_to(page.locator(".frame-words p").nth(5))
    for key in [*string.ascii_lowercase, "Delete", "Backspace", "Enter", "Shift+Enter", "Control+s", "Control+x", "F2"]:
        page.keyboard.press(key)
    for focused in ("main", ".frame-sections a >> nth=0", ".frame-words p >> nth=0"):
        page.locator(focused).focus()
        for key in ["a", "b", "d", "d", "x", "m", "y", "Delete", "Shift+ArrowDown"]:
            page.keyboard.press(key)
    assert page.locator("main").inner_html() == before
    assert files(learner.course) == on_disk
    page.reload()
    learner.wait_until_ready()
    assert files(learner.course) == on_disk


@pytest.mark.parametrize("is_there", [True, False])
def test_a_changed_or_missing_page_is_put_back_and_the_answers_stay(
    learner: Learner, violations: Callable[..., list[str]], is_there: bool
) -> None:
    page, file = learner.page, learner.course.copy / LESSON
    option, before = "A" if is_there else "B", [*learner.course.copy.glob(KEPT)]
    learner.choose("scenario-rota", "pick", option)
    shipped = file.read_bytes()
    if is_there:
        notebook = json.loads(shipped)
        notebook["cells"][1]["source"] = "open('ran', 'w').close()"
        file.write_text(json.dumps(notebook), encoding="utf-8")
    else:
        file.unlink()
    page.goto(learner.course.notebook(LESSON))
    expect(page.get_by_text(words("frame.changed" if is_there else "frame.missing"))).to_be_visible()
    expect(page.locator(".bt-card")).to_have_count(0)
    assert violations(page) == []
    keep_picture(page, f"reading-{'changed' if is_there else 'missing'}")
    page.get_by_role("button", name=words("frame.fresh")).click()
    learner.wait_until_ready()
    expect(learner.part("scenario-rota", "pick").locator(f'input[value="{option}"]')).to_be_checked()
    assert file.read_bytes() == shipped
    assert len([*learner.course.copy.glob(KEPT)]) == len(before) + is_there


def test_an_unknown_page_says_so_and_a_former_name_leads_to_the_page_with_a_slip_in_it_too(learner: Learner) -> None:
    page = learner.page
    reply = page.goto(learner.course.notebook("notebooks/no-such-page.ipynb"))
    assert reply
    assert reply.status == 404
    expect(page.get_by_role("heading", level=1)).to_have_text(words("frame.not-a-page"))
    keep_picture(page, "reading-unknown")
    page.locator(".frame-bar").get_by_role("link", name=words("frame.all-lessons")).click()
    page.wait_for_url(f"**/read/{START}")
    for folder in ("notebooks", "exercises/"):
        page.goto(learner.course.notebook(folder), wait_until="commit")
        assert page.url.endswith(f"/read/{START}")
    page.goto(f"{learner.course.notebook('notebooks/04-repair.ipynb')}#100%")
    learner.wait_until_ready()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLES["repair"])


def test_a_script_that_is_written_into_an_answer_stays_text(learner: Learner) -> None:
    page = learner.page
    learner.type("task-or-worry", "text", SCRIPT)
    learner.open(LESSON)
    expect(learner.part("task-or-worry", "text").locator("textarea")).to_have_value(SCRIPT)
    assert page.evaluate("window.ran") is None
    page.evaluate(f"document.querySelector('main').append(document.createRange().createContextualFragment({SCRIPT!r}))")
    expect(page.locator("main > img")).to_have_js_property("complete", True)
    assert page.evaluate("window.ran") is None, "the page's policy lets no script in"
