"""What is wrong with a screen: text that is too small to read from the back, and what does not fit."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import Page, expect

from course.workshop.views.screen_view import screen_pages
from tests.browser.pictures import keep_picture
from tests.browser.room_windows import Windows

SIZES = ((1024, 768), (1280, 720), (1920, 1080), (3840, 2160), (1600, 1200), (1920, 900))
PICTURED = ((1024, 768), (1920, 1080))
"""The sizes of which pictures are kept: one of each shape, as those in between look alike."""
SMALLEST = 0.022
"""The smallest type, as a part of the screen's height."""

SETTLED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
SMALL_TEXTS = """
(smallest) => {
  const isUnseen = (element) => element.closest(".unseen, noscript, head, script") !== null;
  const small = [];
  const look = (text, size) => {
    if (size < smallest * innerHeight) small.push(`${(100 * size / innerHeight).toFixed(2)} %: ${text}`);
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let count = 0;
  while (texts.nextNode()) {
    const { textContent, parentElement } = texts.currentNode;
    if (!textContent.trim() || isUnseen(parentElement)) continue;
    count += 1;
    look(textContent, parseFloat(getComputedStyle(parentElement).fontSize));
  }
  for (const image of document.images) {
    const svg = new DOMParser().parseFromString(atob(image.currentSrc.split(",")[1]), "image/svg+xml");
    const [, , width, height] = svg.documentElement.getAttribute("viewBox").split(" ").map(Number);
    const shown = image.getBoundingClientRect();
    const scale = Math.min(shown.width / width, shown.height / height);
    for (const text of svg.querySelectorAll("text")) {
      count += 1;
      look(text.textContent, scale * Number(text.getAttribute("font-size")));
    }
  }
  return count ? small : ["there is no text at all"];
}
"""
BEYOND = """
() => {
  const beyond = [];
  const page = document.documentElement;
  if (page.scrollHeight > innerHeight || page.scrollWidth > innerWidth) beyond.push("the window scrolls");
  const sheet = document.querySelector(".sheet");
  const room = sheet.getBoundingClientRect();
  for (const element of sheet.querySelectorAll("p, li, h2, th, td, img, strong, svg")) {
    if (element.closest(".unseen")) continue;
    const { top, bottom, left, right } = element.getBoundingClientRect();
    if (top < room.top - 1 || bottom > room.bottom + 1 || left < -1 || right > innerWidth + 1)
      beyond.push(`${element.tagName} ${element.textContent.slice(0, 40)}`);
    const isWide = element.clientWidth && element.scrollWidth > element.clientWidth + 1;
    if (isWide) beyond.push(`wide: ${element.textContent}`);
  }
  return beyond;
}
"""


def faults(screen: Page) -> list[str]:
    """Return what is too small or does not fit, at the screen's present size."""
    screen.evaluate(SETTLED)
    return [*screen.evaluate(SMALL_TEXTS, SMALLEST), *screen.evaluate(BEYOND)]


def at_sizes(screen: Page, picture: str = "") -> Iterator[tuple[int, int]]:
    """Give the screen each size in turn, and keep pictures of it at some."""
    for width, height in SIZES:
        screen.set_viewport_size({"width": width, "height": height})
        screen.evaluate(SETTLED)
        if picture and (width, height) in PICTURED:
            keep_picture(screen, f"screen-{picture}-{width}x{height}")
        yield width, height


def expect_to_fit(screen: Page, picture: str) -> None:
    """Hold a screen to its promises at every size."""
    found = {size: faults(screen) for size in at_sizes(screen, picture)}
    assert {size: wrong for size, wrong in found.items() if wrong} == {}


def expect_charts(screen: Page) -> None:
    """Wait until the charts of a page are drawn."""
    expect(screen.locator(".chart figure").first).to_be_visible()
    screen.locator("img").evaluate_all("images => Promise.all(images.map(image => image.decode()))")


def pages_of(screen: Page) -> int:
    """Return how many pages the screen says that there are."""
    number = screen.locator(".page-number")
    return int(number.inner_text().rpartition(" ")[2]) if number.count() else 1


def turn(windows: Windows, screen: Page, page: int) -> None:
    """Turn to a page, as the console does, and wait until the screen shows it among all that there are now."""
    windows.act("page", page=str(page))
    number, pages = screen.locator(".page-number"), len(screen_pages(windows.session))
    if pages > 1:
        expect(number).to_have_text(f"Page {page} of {pages}")
    else:
        expect(number).to_have_count(0)


def every_page(windows: Windows, screen: Page) -> Iterator[int]:
    """Turn through all pages of the screen, and give the number of each, once it shows the step."""
    model = windows.session.model
    step = model.script.step(model.state.step)
    assert step
    expect(screen.locator("h1")).to_have_text(step.name)
    for page in range(1, len(screen_pages(windows.session)) + 1):
        turn(windows, screen, page)
        yield page
