"""A whole workshop by the console's one button, in whichever browsers; phones of many kinds answer whatever opens."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from playwright.sync_api import Page, expect

from course.workshop.script.script import ScriptQuestion
from course.workshop.sessions.session import Session
from course.workshop.views.page_parts import parts_view
from tests.browser.either_browser import ChromiumRoomPage, EitherPage, wait_on
from tests.browser.room_windows import Windows
from tests.waiting import wait_until

LATEST = 60_000
"""How many milliseconds a page may take that waits for hundreds of people."""
READING = 600
"""How many milliseconds what the console offers, or a phone asks, has to be there before it takes a press."""
COUNT = "(selector) => document.querySelectorAll(selector).length"
OFFERED = """() => {
  const control = document.getElementById("walk-next");
  if (!control || document.body.classList.contains("fresh")) return "";
  return control.value || control.hash;
}"""
ASKED = """(part) => !document.body.classList.contains("fresh") && [...document.querySelectorAll("form.ask")]
  .some((form) => form.dataset.answer === part && !form.hidden)"""
FIELDS = """(part) => [...document.querySelectorAll("form.ask textarea")]
  .filter((field) => field.form.dataset.answer === part)
  .map((field) => field.id)"""
IS_SAVED = """() => document.getElementById("status").textContent.startsWith("✓")"""


class Facilitator:
    """Whoever sits at the console: presses its one button by a key, and approves lines with the mouse."""

    def __init__(self, console: EitherPage, read: Callable[[], None] = lambda: None) -> None:
        """`read` lets the time pass in which what is offered next could be read; without it, it passes by itself."""
        self._console, self._read = console, read

    def count_heads(self, people: int) -> None:
        """Tell the console how many are there."""
        self._console.fill("#people", str(people))
        self._console.click("#people-save")
        self._wait_for_no("#people")

    def offered(self) -> str:
        """Return what the console offers next, once it takes a press."""
        self._read()
        wait_on(self._console, OFFERED)
        return str(self._console.evaluate(OFFERED))

    def press(self, name: str) -> None:
        """Do what the console offers, as a presenter's remote does."""
        self._console.press("PageDown")
        self._wait_for_no(f"#walk-next[value='{name}']")

    def approve_all(self) -> None:
        """Approve all lines that wait, until the console leads on."""
        while self._console.evaluate(COUNT, ".line-waiting"):
            has_button = self._console.evaluate(COUNT, "#approve-rest")
            self._console.click("#approve-rest" if has_button else ".line-waiting button.main")
            self._wait_for_no(".line-waiting")
        self._wait_for_no("#walk-next[href='#lines']")

    def _wait_for_no(self, selector: str) -> None:
        wait_on(self._console, f"(selector) => ({COUNT})(selector) === 0", selector)


def quick_facilitator(console: Page) -> Facilitator:
    """Return one for whose reading nobody waits: the console's own clock runs on meanwhile."""
    console.clock.install()
    console.reload()
    return Facilitator(ChromiumRoomPage(console), lambda: console.clock.run_for(READING))


class Guest:
    """Whoever answers on the page of a real browser: the first option of each question, or their name."""

    def __init__(self, phone: EitherPage, windows: Windows, name: str) -> None:
        """Join by the link of the QR code."""
        self.phone, self.name = phone, name
        phone.goto(f"{windows.phones}/j/{windows.session.access.link}")
        phone.click("form button")
        wait_on(phone, COUNT, "[data-block=step]")

    def answer(self, part: str) -> None:
        """Answer one part once the phone asks for it and could be read, and wait until it says that this is saved."""
        wait_on(self.phone, ASKED, part)
        form = f'form.ask[data-answer="{part}"]'
        fields = self.phone.evaluate(FIELDS, part)
        for field in fields:
            self.phone.fill(f'[id="{field}"]', self.name)
        self.phone.click(f"{form} button.main" if fields else f"{form} .options button")
        wait_on(self.phone, IS_SAVED)


class Walk:
    """A facilitator who does what the console offers next, and so many people who answer whatever opens."""

    def __init__(
        self,
        windows: Windows,
        people: int,
        facilitator: Facilitator,
        guests: Sequence[Guest] = (),
        *,
        restarts: bool = False,
    ) -> None:
        """Open the screen. `guests` have joined, and are of the people."""
        self.windows, self.people, self._restarts = windows, people, restarts
        self._facilitator, self._guests = facilitator, guests
        self.screen = windows.screen_alone()
        self._restarted_in: set[str] = set()
        """The steps in which the server was started again."""
        self.done: list[str] = []
        """What was done, by its name."""
        self.seen: dict[str, str] = {}
        """The words on the screen once a question was shown."""

    @property
    def session(self) -> Session:
        """The session as the server that runs now has it."""
        return self.windows.live_server.server.sessions.by_id[self.windows.session.id]

    @contextmanager
    def phones(self) -> Iterator[None]:
        """Let everybody join who is not there yet."""
        with self.windows.others(self.people - len(self._guests)):
            wait_until(lambda: len(self.session.model.people) == self.people)
            yield

    def count_heads(self) -> None:
        """Have the facilitator tell how many there are."""
        self._facilitator.count_heads(self.people)

    def to_the_end(self, at_step: Callable[[str], None] = lambda step: None) -> None:
        """Do what comes next until nothing does; look around at the end of each step."""
        while (name := self._facilitator.offered()) != "#take":
            kind, _, slug = name.partition(" ")
            if kind == "step":
                at_step(self.session.model.state.step)
            if kind == "close":
                self._wait_for_answers(slug)
                if self._restarts and self.session.model.state.step not in self._restarted_in:
                    self._restarted_in.add(self.session.model.state.step)
                    self.windows.live_server.restart()
            if name == "#lines":
                self._facilitator.approve_all()
            else:
                self._facilitator.press(name)
            if kind == "reveal":
                self.seen[slug] = self._words_on_the_screen(slug)
            self.done.append(name)
        at_step(self.session.model.state.step)

    def _wait_for_answers(self, slug: str) -> None:
        question = self.session.model.script.question(slug)
        assert question
        parts = self._answered(question)
        for guest in self._guests:
            for part in parts:
                guest.answer(part)
        wait_until(lambda: all(len(self.session.model.answers.of(part)) == self.people for part in parts), 300)

    def _answered(self, question: ScriptQuestion) -> list[str]:
        """Return the parts that people answer: a boundary that is fixed has no vote."""
        fixed = {f"{question.slug}.{line.slug}" for line in question.lines if line.fixed}
        return [part for part in self.session.model.parts(question) if part not in fixed]

    def _words_on_the_screen(self, slug: str) -> str:
        """Return what can be read on the screen once a question is there, and its picture is drawn."""
        model, sheet = self.session.model, self.screen.locator(".sheet")
        question = model.script.question(slug)
        assert question
        first = model.script.question(question.same_as) or question  # asked again, it is shown below the first
        parts = [part["text"] for part in parts_view(model, question) if not part["fixed"]]
        shown = parts[0] if question.kind in ("keep", "sort") else first.prompt
        expect(sheet).to_contain_text(shown, timeout=LATEST)
        expect(sheet).not_to_contain_text("Drawing…", timeout=LATEST)
        pictures = sheet.locator("img").evaluate_all("images => images.map((image) => image.alt)")
        return " ".join([sheet.inner_text(), *pictures])
