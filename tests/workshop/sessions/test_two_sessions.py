"""Two sessions on one server, each with a script of its own: no page of one speaks with the words of the other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from course.workshop.access.networks import Network
from course.workshop.script.script import parse_script
from course.workshop.sessions.session import Session
from course.workshop.templates import page_words
from tests.workshop.follower import Follower
from tests.workshop.live_server import Console, LiveServer, answer

pytestmark = pytest.mark.slow


@pytest.fixture
def html_server(edition: Path, tmp_path: Path) -> object:
    live_server = LiveServer(tmp_path)
    yield live_server
    live_server.close()


def welsh(edition: Path) -> str:
    """Return the same script with another title, in another language, with words of its own."""
    text = (edition / "workshop.toml").read_text(encoding="utf-8")
    text = text.replace('title = "A room to test"', 'title = "Ystafell"').replace('language = "en"', 'language = "cy"')
    return text.replace('skip = "Not now"', 'skip = "Ddim nawr"\nsend = "Anfon"\n[words.welcome]\nin = "I mewn"\n'
                        '[words.console]\nopen = "Agor"\n[words.gone]\nclosed = "Ar gau"\n[words.export]\n'
                        'boundaries = "Ffiniau"\n[words.screen]\njoin = "Ymunwch"\n[words.cards]\nheading = "Cardiau"\n'
                        '[words.join]\nheading = "Dewch i mewn"\n'
                        '[words.problem]\nagain = "Rhowch gynnig arall"')  # fmt: skip


def new_session(live_server: LiveServer, text: str) -> Session:
    async def make() -> Session:
        session = await live_server.server.sessions.new_session(parse_script(text))
        live_server.server.broadcast.watch(session)
        return session

    return live_server.run(make())


@pytest.mark.parametrize("first", ["en", "cy"])
def test_every_page_speaks_as_its_own_session(html_server: LiveServer, edition: Path, first: str) -> None:
    live_server, english = html_server, (edition / "workshop.toml").read_text(encoding="utf-8")
    texts = {"en": english, "cy": welsh(edition)}
    for language in (first, *(texts.keys() - {first})):
        session = new_session(live_server, texts[language])
        texts[language] = session
    for language, session in texts.items():
        own = ["Ystafell", 'lang="cy"'] if language == "cy" else ["A room to test", 'lang="en"']
        foreign = ["A room to test", "I’m in", "Not now"] if language == "cy" else ["Ystafell", "Ddim", "Agor"]
        console = live_server.console(session)
        console.press("open", question="leak")
        phone = live_server.browser()
        pages = [phone.get(f"/j/{session.access.link}")]
        phone.form(f"/j/{session.access.link}", {})
        pages += [phone.get(f"/r/{session.id}/")]
        pages += [phone.form(f"/r/{session.id}/answer", {"part": "leak", "answer": "Z"})]
        path = f"/console/{session.id}/"
        pages += [console.get(path + page) for page in ("", "screen", "cards", "export.html", "chart/none")]
        follower = Follower(phone, f"/r/{session.id}/events")
        event = follower.next().decode()
        follower.close()
        console.press("close-session", days=1)
        pages += [phone.get(f"/r/{session.id}/")]
        for page in pages:
            body = page.body.decode()
            assert all(text in body for text in own), body
            assert not any(text in body for text in foreign), body
        assert ("Ddim nawr" in event, "Not now" in event) == (language == "cy", language == "en")


def test_the_page_for_the_six_letters_speaks_as_the_latest_session_that_is_open(
    html_server: LiveServer, edition: Path
) -> None:
    live_server = html_server
    assert "A room to test" in live_server.browser().get("/").body.decode()
    new_session(live_server, (edition / "workshop.toml").read_text(encoding="utf-8"))
    other = new_session(live_server, welsh(edition))
    body = live_server.browser().get("/").body.decode()
    assert all(text in body for text in ("Ystafell", 'lang="cy"', "Dewch i mewn"))
    live_server.restart()
    assert "Ystafell" in live_server.browser().get("/").body.decode()
    live_server.run(live_server.server.sessions.find(other.id).erase())
    assert "A room to test" in live_server.browser().get("/").body.decode()


def test_phones_are_let_in_again_where_the_latest_session_had_them(
    live_server: LiveServer, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = live_server.new_session()
    own = [Network(address, "wlan0", "wifi") for address in ("127.0.0.2", "127.0.0.3")]
    monkeypatch.setattr("course.workshop.web.listeners.networks", lambda: own)
    for each, address in ((session, "127.0.0.2"), (later, "127.0.0.3")):
        live_server.run(live_server.server.let_in(address, each))
    live_server.restart()
    assert live_server.server.listeners.let_in_at == "127.0.0.3"
    assert answer(live_server.phone(later), later, "leak", "A").status == 409


class Declared(HTMLParser):
    """The texts of a page, each with the language and the direction that its element declares or inherits."""

    VOID = ("br", "input", "link", "meta")
    ATTRIBUTES = ("aria-label", "data-forgotten", "data-of", "data-over", "data-pattern", "title")

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[tuple[str, str, str]] = []
        self._open: list[tuple[str, str]] = [("", "")]
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        lang, direction = values.get("lang", self._open[-1][0]), values.get("dir", self._open[-1][1])
        self.texts += [(values[name], lang, direction) for name in self.ATTRIBUTES if name in values]
        for word in json.loads(values.get("data-words", "{}")).values():
            self.texts.append((word["text"], word.get("lang", lang), word.get("dir", direction)))
        if tag not in self.VOID:
            self._open.append((lang, direction))

    def handle_endtag(self, tag: str) -> None:
        self._open.pop()

    def handle_data(self, data: str) -> None:
        self.texts.append((data.strip(), *self._open[-1]))


def pages_of(live_server: LiveServer, session: Session) -> Iterator[str]:
    """Yield every page of a session as HTML, in a step with a vote, lines to look at and boundaries."""
    console, phone = live_server.console(session), live_server.browser()
    live_server.server.way_in.shown_anyway.add(live_server.server.listeners.address)
    yield phone.get(f"/j/{session.access.link}").body.decode()
    phone.form(f"/j/{session.access.link}", {})
    for step in session.model.script.steps:
        console.press("step", step=step.slug)
        for question in step.questions:
            console.press("open", question=question.slug)
            answer(phone, session, question.slug, "Rhywbeth")
        for line in session.model.lines.every():
            console.press("approve", line=line.name)
        console.press("timer", minutes="5")
        yield phone.get(f"/r/{session.id}/").body.decode()
        for page in ("", "screen", "cards", "export.html"):
            yield console.get(f"/console/{session.id}/{page}").body.decode()
    yield phone.form(f"/r/{session.id}/answer", {"part": "nowhere", "answer": "Z"}).body.decode()
    yield live_server.browser().get("/nowhere", Accept="text/html").body.decode()
    yield live_server.browser().form("/", {"code": "ABCDEF"}).body.decode()
    console.press("close-session", days=1)
    yield phone.get(f"/r/{session.id}/").body.decode()
    yield console.get(f"/console/{session.id}/").body.decode()


def test_each_word_of_the_course_on_a_page_in_another_language_is_declared(
    html_server: LiveServer, edition: Path
) -> None:
    text = (edition / "workshop.toml").read_text(encoding="utf-8").replace('language = "en"', 'language = "ar"')
    course, seen = page_words(), set()
    words = {course.say(key): key for key, word in course.by_key.items() if isinstance(word, str)}
    words = {word: key for word, key in words.items() if f'"{word}"' not in text}  # the script says it itself
    for page in pages_of(html_server, new_session(html_server, text)):
        assert '<html lang="ar" dir="rtl"' in page
        for shown, lang, direction in Declared(page).texts:
            key = words.get(shown.partition(": http")[0]) or words.get(shown.rpartition(". ")[0])
            if key:
                seen.add(key)
                assert (lang, direction) == ("en-GB", "ltr"), (shown, key)
    shown_by_attribute = {"screen.scan", "screen.time-over", "phone.of", "wall.commitment", "gone.forgotten"}
    assert {*shown_by_attribute, "console.heading", "console.days-none", "phone.lost", "console.lost"} <= seen


def test_the_console_leads_to_other_rooms_and_opens_new_ones(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    other = live_server.new_session()
    (listed,) = console.view()["others"]
    assert (listed["session"], listed["is_open"], listed["joined"], listed["erased"]) == (other.id, True, 0, "")
    assert console.get(f"/console/{other.id}/").status == 403
    assert console.press("open-session", session=other.id).json == {"done": True, "go": f"/console/{other.id}/"}
    assert console.get(f"/console/{other.id}/").status == 200
    made = console.press("new-session").json["go"]
    assert console.get(made).status == 200
    assert len(console.view()["others"]) == 2
    assert console.press("open-session", session="00000000").status == 404


def test_a_closed_room_can_be_saved_from_and_deleted_after_a_restart(
    live_server: LiveServer, session: Session, console: Console
) -> None:
    console.press("close-session", days=3)
    live_server.restart()
    new = live_server.new_session()
    other_console = live_server.console(new)
    (listed,) = other_console.view()["others"]
    assert (listed["is_open"], bool(listed["erased"])) == (False, True)
    path = other_console.press("open-session", session=listed["session"]).json["go"]
    assert other_console.get(f"{path}export.csv").status == 200
    closed = live_server.console(live_server.server.sessions.find(session.id))
    assert closed.press("delete-session", sure="yes").status == 200
    assert other_console.view()["others"] == []
