"""How the server answers HEAD: as GET, without the body, and with nothing done."""

from __future__ import annotations

from course.workshop.sessions.session import Session
from tests.workshop.live_server import Console, LiveServer


def test_head_is_answered_as_get_without_a_body(live_server: LiveServer, session: Session, console: Console) -> None:
    phone = live_server.phone(session)
    pages = ["/", f"/j/{session.access.link}", f"/r/{session.id}/", f"/r/{session.id}/mine", f"/r/{session.id}/now"]
    files = ["/static/phone.js", "/static/tokens.css", "/nowhere"]
    theirs = [f"/console/{session.id}/{page}" for page in ("", "screen", "now", "screen/now", "cards", "export.json")]
    for browser, paths in ((phone, pages + files), (console, theirs)):
        for path in paths:
            got, head = browser.get(path), browser.ask("HEAD", path)
            assert (head.status, head.body) == (got.status, b""), path
            assert head.headers.get("content-type") == got.headers.get("content-type"), path


def test_head_begins_no_stream_and_uses_no_link_up(live_server: LiveServer, session: Session) -> None:
    phone = live_server.phone(session)
    assert phone.ask("HEAD", f"/r/{session.id}/events").body == b""
    assert live_server.server.broadcast.streams == 0
    link = live_server.server.new_console_link(session.id)
    assert live_server.browser().ask("HEAD", link).status == 405
    assert live_server.browser().get(link).status == 303
    assert phone.ask("HEAD", f"/r/{session.id}/answer").status == 405
