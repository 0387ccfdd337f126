"""A whole workshop in real windows: a facilitator at the keyboard, a phone in the hand, thirty made-up people."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from course.workshop import synthetic_phones
from tests.browser.pictures import keep_picture
from tests.browser.room_windows import Windows
from tests.waiting import wait_until

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def quick_phones(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have made-up phones look for the next question often."""
    monkeypatch.setattr(synthetic_phones, "POLL_SECONDS", 0.25)


class Workshop:
    """The three windows, and what a facilitator does with the keyboard alone."""

    def __init__(self, windows: Windows, violations: Callable[..., list[str]]) -> None:
        self.windows = windows
        self.console = windows.console()
        self.screen = windows.screen(self.console)
        self.phone = windows.phone()
        self._violations = violations

    def press(self, name: str | Locator) -> None:
        """Press a button of the console by its name, with the keyboard."""
        button = self.console.locator(name) if isinstance(name, str) else name
        button.focus()
        self.console.keyboard.press("Enter")

    def go(self, step: str) -> None:
        self.press(f"#go-{step}")
        expect(self.console.locator(".here")).to_contain_text(self._name(step))
        expect(self.console.locator(".here")).to_be_focused()
        expect(self.screen.locator("h1")).to_have_text(self._name(step))
        expect(self.phone.locator("h1")).to_have_text(self._name(step))

    def _name(self, step: str) -> str:
        found = self.windows.session.model.script.step(step)
        assert found
        return found.name

    def open(self, question: str) -> None:
        self.press(f"#taking-{question}")
        self.phone.locator(f"form[data-answer^='{question}']:visible").first.wait_for()

    def close(self, question: str, *, after: int = 30) -> None:
        """Close a question once so many have answered."""
        standing = self.console.locator(f"[data-block=question-{question}] .answered")
        expect(standing).to_have_text(f"{after} or more answered")
        self.press(f"#taking-{question}")
        expect(self.console.locator(f"#taking-{question}")).to_have_text("Open again")

    def close_written(self, question: str, lines: int) -> None:
        """Close a question once so many have written; then their lines are all on the console, and none before ten.

        Those of earlier steps that nobody has read are there too.
        """
        written = self.windows.session.model.lines
        unread = [line for line in written.every() if line.status == "waiting" and line.question != question]
        wait_until(lambda: len(written.of(question)) == lines)
        self.close(question)
        expect(self.console.locator(".line-waiting")).to_have_count(lines + len(unread))

    def reveal(self, question: str) -> None:
        self.press(f"#showing-{question}")
        expect(self.console.locator(f"#showing-{question}")).to_have_text("Take off the screen")

    def chart(self, alt: str) -> Locator:
        """Wait for a chart on the screen; return it."""
        chart = self.screen.locator(".course-chart").filter(has_text=alt).first
        chart.wait_for()
        return chart

    def approve(self, many: int) -> None:
        """Approve line after line with the Enter key: the focus goes to the next one by itself."""
        buttons = self.console.get_by_role("button", name="Approve", exact=True)
        buttons.first.focus()
        for _ in range(many):
            waiting = buttons.count()
            self.console.keyboard.press("Enter")
            expect(buttons).to_have_count(waiting - 1)

    def look(self, name: str) -> None:
        """Look at all three pages: without fault by WCAG, and as pictures for people."""
        for kind, page in (("console", self.console), ("screen", self.screen), ("phone", self.phone)):
            page.evaluate("scrollTo(0, 0)")  # nothing is under the bar that stays in view
            assert self._violations(page) == [], f"{kind}, {name}"
            keep_picture(page, f"room-{name}-{kind}")


@pytest.fixture
def workshop(windows: Windows, violations: Callable[..., list[str]]) -> Workshop:
    return Workshop(windows, violations)


def send(phone: Page, *texts: str) -> None:
    """Fill in the form on a phone and send it."""
    for field, text in zip(phone.locator("textarea:visible").all(), texts, strict=True):
        field.fill(text)
    phone.get_by_role("button", name="Send").click()
    expect(phone.locator("#status")).to_contain_text("✓")


def test_a_whole_workshop_with_thirty_phones(workshop: Workshop, violations: Callable[..., list[str]]) -> None:
    show, phone, console, screen = workshop, workshop.phone, workshop.console, workshop.screen
    session = show.windows.session
    with show.windows.others(30):
        expect(screen.locator(".letters")).to_have_text(session.access.code)
        expect(screen.locator(".joined")).to_have_text("30 or more have joined")
        show.look("1-join")

        show.go("check-in")
        show.open("attention")
        send(phone, "Hope, mostly")
        show.close_written("attention", 31)
        assert "Hope, mostly" not in screen.content()
        show.approve(5)
        show.reveal("attention")
        expect(screen.locator(".wall li")).to_have_count(5)
        show.press("#showing-attention")
        expect(screen.locator(".wall")).to_have_count(0)
        show.look("2-check-in")

        show.go("our-group")
        show.open("group")
        for _ in range(5):
            phone.locator("form.ask:visible").get_by_role("button", name="Nearly always").click()
        phone.locator("form.ask:visible").get_by_role("button", name="Can’t say").click()
        expect(phone.get_by_text("You have answered everything that is open")).to_be_visible()
        show.close("group")
        show.reveal("group")
        assert "answers" in str(show.chart("How do we see this group?").locator("img").get_attribute("alt"))
        show.look("3-our-group")

        show.go("boundaries")
        console.locator("#words-sources").fill("We may use what we learn here, but not who said it.")
        show.press("#use-sources")
        expect(screen.get_by_text("We may use what we learn here, but not who said it.")).to_be_visible()
        expect(phone.get_by_text("Nothing we agree stops anyone raising a concern")).to_be_visible()
        show.open("drafts")
        phone.locator("form.ask:visible").get_by_role("button", name="Not sure").click()
        show.close("drafts")
        show.reveal("drafts")
        show.chart("Some things stay here")
        show.look("4-boundaries")

        show.go("leak")
        console.locator("#minutes").fill("6")
        show.press("#timer-start")
        expect(screen.get_by_role("timer")).to_contain_text("5:")
        show.open("first-act")
        phone.get_by_role("button", name="C Call everyone together").click()
        show.close("first-act")
        show.reveal("first-act")
        show.chart("You chair. What do you do first?")
        show.open("first-act-again")
        phone.get_by_role("button", name="E Talk to one or two").click()
        show.close("first-act-again")
        show.reveal("first-act-again")
        assert "After discussion" in str(show.chart("After our talk").inner_text())
        show.look("5-leak")

        show.go("differences")
        show.open("different")
        send(phone, "How fast we decide")
        show.close_written("different", 31)
        show.approve(10)
        for box in console.locator("article input[type=checkbox]").all()[:2]:
            box.check()
        show.press("#group")
        expect(console.get_by_text("together with:")).to_be_visible()
        show.reveal("different")
        expect(screen.locator(".wall li")).to_have_count(9)
        show.press(console.get_by_role("button", name="Park", exact=True).first)
        console.get_by_label("Who takes it").fill("Chair of the forum")
        console.get_by_label("Where", exact=True).fill("Next board")
        console.get_by_label("By when").fill("Friday")
        show.press(console.locator(".parked").get_by_role("button", name="Save"))
        expect(screen.get_by_role("row", name="Chair of the forum")).to_contain_text("Friday")
        show.open("sorted")
        phone.locator("form.ask:visible").get_by_role("button", name="Act now").click()
        show.look("6-differences")

        show.go("thanks")
        show.open("thank-you")
        send(phone, "the night team", "staying late", "that we could finish")
        show.close_written("thank-you", 31)
        show.approve(4)
        show.reveal("thank-you")
        expect(screen.get_by_text("The wall opens when five people have written.")).to_be_visible()
        show.approve(1)
        expect(screen.locator(".wall li")).to_have_count(5)
        show.look("7-thanks")

        show.go("commitment")
        show.open("commitment")
        send(phone, "it is Monday", "ask the two who were quiet")
        show.close_written("commitment", 30)
        assert "ask the two who were quiet" not in console.content()
        show.approve(5)
        show.reveal("commitment")
        expect(screen.locator(".wall li")).to_have_count(5)
        show.look("8-commitment")

        show.go("rate-again")
        show.open("group-again")
        for _ in range(3):
            phone.locator("form.ask:visible").get_by_role("button", name="Always", exact=True).click()
        show.close("group-again")
        show.reveal("group-again")
        chart = show.chart("How do we see this group?")
        either = re.compile("At the close|cannot be shown beside the first")  # as chance would have it
        expect(chart).to_contain_text(either)
        show.look("9-rate-again")

    page = download(show, "html")
    page_shown = show.windows.new({"width": 1000, "height": 800})
    page_shown.set_content(page.decode())
    assert "Chair of the forum" in page_shown.content()
    assert page_shown.get_by_role("img").count() >= 5
    assert violations(page_shown) == []
    keep_picture(page_shown, "room-export")
    rows = list(csv.reader(io.StringIO(download(show, "csv").decode("utf-8-sig"))))
    assert ["parked", "Chair of the forum", "Next board", "Friday"] in [[row[0], *row[5:]] for row in rows]

    cards = show.windows.new({"width": 1000, "height": 800}, storage_state=console.context.storage_state())
    cards.goto(f"{show.windows.base}{show.windows.console_path}cards")
    assert violations(cards) == []
    keep_picture(cards, "room-cards")

    console.locator("#end summary").press("Enter")
    console.get_by_label("Yes, close it for good").press("Space")
    show.press("#end-button")
    expect(phone.get_by_text("This room is closed")).to_be_visible()
    expect(phone.get_by_text("If it is Monday, then I will ask the two who were quiet.")).to_be_visible()
    expect(screen.get_by_text("The codes of all phones have been destroyed.")).to_be_visible()
    show.look("10-closed")
    console.locator("#others summary").press("Enter")
    show.press("#new-session")
    expect(console.locator("#new-session")).not_to_be_visible()
    assert not console.url.endswith(show.windows.console_path)
    console.locator("#others summary").press("Enter")
    expect(console.get_by_text("What was shown is erased on")).to_be_visible()
    assert violations(console) == []
    keep_picture(console, "room-10-others-console")
    console.get_by_role("button", name="Go to this room").press("Enter")
    expect(console.locator("[data-block=closed]")).to_be_visible()
    console.wait_for_load_state()  # before its script is there, a form leads to another page
    assert console.url.endswith(show.windows.console_path)
    console.locator("#delete summary").press("Enter")
    console.get_by_label("Yes, erase all of it").press("Space")
    show.press("#delete-button")
    expect(console.get_by_text("This room has been erased")).to_be_visible()
    keep_picture(console, "room-11-deleted-console")


def download(show: Workshop, kind: str) -> bytes:
    """Return a file that the session takes away, as the console's link gives it."""
    answer = show.console.request.get(f"{show.windows.base}{show.windows.console_path}export.{kind}")
    assert answer.ok
    return answer.body()


def test_nothing_of_the_facilitators_is_on_a_phone_or_in_a_referrer(windows: Windows) -> None:
    seen: list[str] = []
    windows.open("check-in", "attention")
    once = windows.live_server.server.new_console_link(windows.session.id)
    page = windows.new({"width": 1280, "height": 800})
    page.on("request", lambda asked: seen.append(f"{asked.url} {asked.headers.get('referer', '')}"))
    page.goto(windows.base + once)
    page.get_by_role("link", name="Print the cards").or_(page.locator("#paper-part summary")).first.click()
    secrets = [once, windows.live_server.server.key, page.locator("body").get_attribute("data-token") or "none"]
    secrets += [cookie.get("value", "") for cookie in page.context.cookies()]
    phone = windows.phone()
    pages = [phone.content()]
    for path in ("mine", ""):
        pages.append(phone.request.get(f"{windows.base}/r/{windows.session.id}/{path}").text())
    assert all(len(secret) > 20 for secret in secrets)
    assert [secret for secret in secrets for text in pages if secret in text] == []
    assert [asked for asked in seen for secret in secrets if secret in asked.partition(" ")[2]] == []
    assert [asked for asked in seen[1:] for secret in secrets if secret in asked] == []
    other = phone.request.get(f"{windows.base}{windows.console_path}")
    assert other.status == 403


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
def test_the_way_in_fits_the_screen(windows: Windows, size: tuple[int, int]) -> None:
    screen = windows.screen(windows.console())
    screen.set_viewport_size({"width": size[0], "height": size[1]})
    letters = screen.locator(".letters")
    letters.wait_for()
    assert screen.evaluate("document.documentElement.scrollHeight") <= size[1]
    assert screen.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert letters.evaluate("letters => letters.getBoundingClientRect().height") > size[1] / 20
    keep_picture(screen, f"room-screen-{size[0]}")


def test_the_printed_tally_is_pasted_and_counted(windows: Windows) -> None:
    windows.open("leak", "first-act")
    console = windows.console()
    cards = windows.new({"width": 1000, "height": 800}, storage_state=console.context.storage_state())
    cards.goto(f"{windows.base}{windows.console_path}cards")
    tally = cards.locator(".tally pre").inner_text()
    assert tally.startswith("part,answer,count\ngroup.G1,1,0\n")
    console.locator("#paper-part summary").click()
    filled = tally.replace("first-act,A,0", "first-act,A,9").replace("first-act,C,0", "first-act,C,11")
    filled = filled.replace(",", "\t")  # as a spreadsheet copies it
    console.get_by_label("Paste the tally from a spreadsheet").fill(filled)
    console.get_by_role("button", name="Count these cards").click()
    expect(console.locator("#status")).to_contain_text("Done.")
    windows.act("close", question="first-act")
    windows.act("reveal", question="first-act")
    chart = console.locator(".course-chart")
    expect(chart).to_contain_text("20 answers. Chosen most often: “Call everyone together and name the breach”, 55%.")
    console.get_by_label("Paste the tally from a spreadsheet").fill("part,answer,count\nfirst-act,Z,3\n")
    console.get_by_role("button", name="Count these cards").click()
    expect(console.locator("#status")).to_contain_text("Line 2 of the tally cannot be counted.")


def test_console_and_screen_can_be_read_in_a_narrow_window(
    windows: Windows, violations: Callable[..., list[str]]
) -> None:
    windows.open("boundaries", "drafts")
    console = windows.console()
    screen = windows.screen(console)
    for page in (console, screen):
        page.set_viewport_size({"width": 320, "height": 640})
        page.get_by_text("Nothing we agree stops anyone").first.wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert violations(page) == []
    keep_picture(console, "room-console-320")
    small = console.locator(
        "button:visible, a:visible, textarea:visible, summary:visible, select:visible"
    ).evaluate_all("all => all.filter(one => one.getBoundingClientRect().height < 44).map(one => one.outerHTML)")
    assert [one for one in small if "skip-link" not in one] == []
