"""The server of rounds over HTTP: a whole round, strangers who guess, other sites' pages, and headers."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from course.core import moments
from course.core.errors import SessionRefused
from course.others.rounds import Rounds
from course.others.web.round_handler import RoundsPart
from course.records.raters.round_wire import RoundSecret
from course.workshop.web.base_handler import SAFE
from tests.others.round_host import Rater, RoundHost
from tests.others.stored_rounds import CODES, RoundPlace, days
from tests.workshop.live_server import Reply


@pytest.fixture
def secret(host: RoundHost) -> RoundSecret:
    """A round of a week."""
    secret = RoundSecret.new()
    assert host.ask(secret, "new", days=7).status == 200
    return secret


def test_a_whole_round(host: RoundHost) -> None:
    secret = RoundSecret.new()
    made = host.ask(secret, "new", days=7).json
    assert made == {
        "address": f"{host.address}/o/{secret.link}",
        "last_answers": "2026-12-05",
        "last_opening": "2026-12-06",
        "counter": "fewer-than-five",
        "is_opened": False,
    }
    for point in (3, 4, 5, 5, 6, 6, 7, 7):
        reply = Rater(host, secret.link).send_all(point)
        assert (reply.status, "Your answers are saved" in reply.body.decode()) == (200, True)
    too_soon = host.ask(secret, "open")
    assert (too_soon.status, "Fewer than five" in too_soon.json["error"]) == (409, True)
    host.restart()
    with moments.clock_at(days(1)):
        assert host.ask(secret, "state").json["counter"] == "five-or-more"
        opened = host.ask(secret, "open").json
        assert opened["result"]["raters"] == "eight-or-more"
        assert opened["result"]["statements"]["CARE7"] == {"average": 5.5, "middle_half": [4, 7]}
        late = Rater(host, secret.link).browser.get(f"/o/{secret.link}")
        assert (late.status, "leads to no open round" in late.body.decode()) == (404, True)
        host.restart()
        assert host.ask(secret, "open").json == opened
        assert host.ask(secret, "done").json == {"ended": True}
        assert host.ask(secret, "open").status == 404


def test_nobody_finds_the_count_by_watching(host: RoundHost, secret: RoundSecret) -> None:
    """Neither a rater, whatever page they load, nor the owner before the day ends: all answers are the same bytes."""

    def seen() -> tuple[bytes, bytes]:
        return host.browser().get(f"/o/{secret.link}").body, host.ask(secret, "state").body

    told = [seen()]
    for point in (1, 2, 3, 4, 5, 6, 7):
        Rater(host, secret.link).send_all(point)
        told.append(seen())
    assert len(set(told)) == 1


def test_a_rater_reads_beforehand_who_sees_what(host: RoundHost, secret: RoundSecret) -> None:
    page = host.browser().get(f"/o/{secret.link}").body.decode()
    assert 'type="radio"' not in page
    for sentence in ("could fill in forms themselves", "not for appraisal, selection or pay", "the end of 5 December"):
        assert sentence in " ".join(page.split()), sentence


def test_a_form_asks_for_twelve_points_and_nothing_else(host: RoundHost, secret: RoundSecret) -> None:
    page = host.browser().form(f"/o/{secret.link}", {}).body.decode()
    fields = re.findall(r'<(?:input|textarea|select)[^>]*?(?:type="(\w+)" )?name="(\w+)"', page)
    asked = {("radio", code) for code in CODES}
    assert {(kind, name) for kind, name in fields} == {("hidden", "token"), ("hidden", "seen"), *asked}
    assert len(fields) == 2 + 8 * len(CODES)


def test_answers_are_changed_by_the_same_browser_or_at_the_own_address(host: RoundHost, secret: RoundSecret) -> None:
    rater = Rater(host, secret.link)
    thanks = rater.send({"COMP7": 2, "CARE7": "n"})
    assert "own address" not in thanks.body.decode()
    again = rater.browser.form(f"/o/{secret.link}", {}).body.decode()
    assert re.findall(r'name="(\w+)" value="(\w)" checked', again) == [("COMP7", "2"), ("CARE7", "n")]
    blocked = Rater(host, secret.link, keeps_cookies=False)
    own = re.search(rf"{re.escape(host.address)}(/o/[0-9a-f.]+/[0-9a-f.]+)", blocked.send({"COMP8": 7}).body.decode())
    assert own
    form = host.browser().get(own[1])
    assert re.findall(r'name="(\w+)" value="(\w)" checked', form.body.decode()) == [("COMP8", "7")]
    changed = blocked.send({"COMP8": 1}, Rater.token_of(form))
    assert changed.status == 200
    assert 'name="COMP8" value="1" checked' in host.browser().get(own[1]).body.decode()


def test_a_browser_that_others_use_shows_nobodys_answers_once_it_was_told_to_forget_them(
    host: RoundHost, secret: RoundSecret
) -> None:
    """Somebody answers on the owner's own computer, and the owner opens the link there."""
    rater = Rater(host, secret.link)
    assert "can see and change them too" in rater.send({"COMP7": 2}).body.decode()
    assert "from this browser already" in rater.browser.get(rater.path).body.decode()
    forgotten = rater.browser.form(f"{rater.path}/forget", {})
    assert (forgotten.status, forgotten.headers["set-cookie"].partition(";")[0]) == (200, 'rater=""')
    assert f"Path={rater.path}" in forgotten.headers["set-cookie"]
    assert "from this browser already" not in rater.browser.get(rater.path).body.decode()
    assert '" checked>' not in rater.browser.form(rater.path, {}).body.decode()
    for point in (3, 4, 5, 6):
        rater.browser.form(f"{rater.path}/forget", {})
        rater.send({"COMP7": point})
    with moments.clock_at(days(1)):
        assert host.ask(secret, "open").json["result"]["statements"]["COMP7"]["average"] == 4.0


def test_a_form_that_was_open_all_along_replaces_no_answers_that_were_sent_meanwhile(
    host: RoundHost, secret: RoundSecret
) -> None:
    """The link was opened twice, as a mail program does, or somebody else uses the same browser."""
    rater = Rater(host, secret.link)
    older, newer = (rater.browser.form(rater.path, {}) for _ in range(2))
    token = Rater.token_of(older)

    def send(page: Reply, answers: Mapping[str, object]) -> Reply:
        return rater.send({"seen": seen_on(page), **answers}, token)

    first = {"COMP7": 2, "CARE7": "n", "COMP8": 6}
    assert send(newer, first).status == 200
    assert send(newer, first).status == 200, "the same once more, as a second click sends it, replaces nothing"
    refused = send(older, {"COMP7": 5})
    assert (refused.status, "nothing has replaced them" in refused.body.decode()) == (409, True)
    assert chosen_on(refused) == [("COMP7", "5"), ("CARE7", "n"), ("COMP8", "6")]
    assert chosen_on(rater.browser.form(rater.path, {})) == [("COMP7", "2"), ("CARE7", "n"), ("COMP8", "6")]
    assert send(refused, dict(chosen_on(refused))).status == 200
    assert chosen_on(rater.browser.form(rater.path, {})) == [("COMP7", "5"), ("CARE7", "n"), ("COMP8", "6")]
    assert send(refused, {}).status == 409, "nor does a form without any answer"
    for strange in ("4", "x" * len(CODES), "-" * 99):
        assert rater.send({"seen": strange, "COMP7": 3}, token).status == 400, strange


def seen_on(page: Reply) -> str:
    """Return what a form says that was saved when it was shown."""
    matches = re.search(r'name="seen" value="([^"]+)"', page.body.decode())
    assert matches
    return matches[1]


def chosen_on(page: Reply) -> list[tuple[str, str]]:
    """Return the answers that are chosen in a form."""
    return re.findall(r'name="(\w+)" value="(\w)" checked', page.body.decode())


def test_a_link_that_was_copied_with_the_sign_after_it_leads_to_the_round(host: RoundHost, secret: RoundSecret) -> None:
    path = f"/o/{secret.link}"
    for end in (".", "/", ").", ">", "%20", "%E2%80%9D", "./"):
        reply = host.browser().get(path + end)
        assert (reply.status, reply.headers["location"]) == (302, path), end
    for other in ("0", "x", "/x", "//answers", ".x"):
        assert host.browser().get(path + other).status == 404, other


def test_who_has_only_looked_at_the_questions_is_not_said_to_have_answered(
    host: RoundHost, secret: RoundSecret
) -> None:
    rater = Rater(host, secret.link)
    rater.begin()
    page = rater.browser.get(rater.path).body.decode()
    assert ("already" in page, "Go on to the questions" in page) == (False, True)


def test_what_is_no_answer_is_refused(host: RoundHost, secret: RoundSecret) -> None:
    rater = Rater(host, secret.link)
    token = rater.begin()
    for answers in ({"COMP7": 8}, {"COMP7": "0"}, {"COMP7": "many"}, {}, dict.fromkeys(CODES, "n")):
        assert rater.send(answers, token).status == 400, answers
    for wrong in ("", token[:-1], "0" * 32 + "." + "0" * 32):
        reply = rater.browser.form(f"/o/{secret.link}/answers", {"token": wrong, "COMP7": "3"})
        assert reply.status == 400, wrong
    assert rater.send({"COMP7": "7", "XX": "9"}, token).status == 200


def test_answers_that_cannot_be_saved_come_back_in_the_form(
    host: RoundHost, secret: RoundSecret, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(*_: object) -> None:
        raise OSError(28, "No space left on device")

    rater = Rater(host, secret.link)
    token = rater.begin()
    with monkeypatch.context() as while_full:
        while_full.setattr(Rounds, "save", full_disk)
        reply = rater.send({"COMP7": 2, "CARE7": "n"}, token)
    page = reply.body.decode()
    assert (reply.status, reply.headers["retry-after"], Rater.token_of(reply)) == (503, "5", token)
    assert "This could not be saved just now." in page
    assert re.findall(r'name="(\w+)" value="(\w)" checked', page) == [("COMP7", "2"), ("CARE7", "n")]
    assert rater.send({"COMP7": 2, "CARE7": "n"}, token).status == 200


def test_answers_that_come_with_the_opening_are_said_to_be_lost(
    host: RoundHost, secret: RoundSecret, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The round was open when the server looked for it, and is not any more."""
    rater = Rater(host, secret.link)
    token = rater.begin()
    limit = RoundsPart.limit_answers

    def while_it_is_cancelled(part: RoundsPart, name: str) -> None:
        limit(part, name)
        part.rounds.cancel(secret)

    monkeypatch.setattr(RoundsPart, "limit_answers", while_it_is_cancelled)
    reply = rater.send({"COMP7": 2}, token)
    assert (reply.status, "was not saved" in reply.body.decode()) == (404, True)


def test_wrong_links_and_secrets_are_slowed_and_true_ones_never(host: RoundHost, secret: RoundSecret) -> None:
    statuses = [host.browser().get(f"/o/{number:032x}").status for number in range(60)]
    assert (statuses[0], statuses[-1]) == (404, 429)
    assert host.ask("0" * 64, "open").status == 429
    assert host.browser().get(f"/o/{secret.link}").status == 200
    assert host.ask(secret, "state").status == 200


def test_nobody_who_sends_without_end_can_tell_when_others_answer(host: RoundHost) -> None:
    """Of an allowance that all raters share, the moment at which it is used up would tell."""

    def refused_after(others: int) -> int:
        part = RoundsPart(host.place.open, "", lambda: 0.0)
        for number in range(others):
            part.limit_answers(f"another {number}")
        sent: list[int] = []
        with contextlib.suppress(SessionRefused):
            for number in range(1000):
                part.limit_answers("owner")
                sent.append(number)
        return len(sent)

    sent = {refused_after(others) for others in range(0, 200, 20)}
    assert len(sent) == 1
    assert sent < {*range(1, 60)}


def test_nothing_is_learned_from_a_wrong_secret(host: RoundHost, secret: RoundSecret) -> None:
    """What is no secret, one that never was, and one of a round that is over are answered alike."""
    other = RoundSecret.new()
    host.ask(other, "new", days=3)
    host.ask(other, "cancel")
    replies = [host.ask(text, "open") for text in ("", "0" * 64, other.text, secret.link, secret.round_id)]
    assert {(reply.status, reply.body) for reply in replies} == {(404, replies[0].body)}


def test_other_sites_pages_and_other_names_are_refused(host: RoundHost, secret: RoundSecret) -> None:
    elsewhere = {"Origin": "https://elsewhere.example"}
    token = Rater(host, secret.link).begin()
    assert host.browser().form(f"/o/{secret.link}/answers", {"token": token, "COMP7": 1}, **elsewhere).status == 403
    assert host.browser().form(f"/o/{secret.link}", {}, **elsewhere).status == 403
    headers = {"Authorization": f"Bearer {secret.text}", **elsewhere}
    assert host.browser().send("/others/round", {"action": "open"}, **headers).status == 403
    assert host.browser().get(f"/o/{secret.link}", Host="elsewhere.example").status == 421


def test_every_answer_has_the_safe_headers_and_is_kept_by_nobody(host: RoundHost, secret: RoundSecret) -> None:
    rater = Rater(host, secret.link)
    token = rater.begin()
    replies = [
        host.browser().get(f"/o/{secret.link}"), host.browser().form(f"/o/{secret.link}", {}),
        rater.send({"COMP7": 1}, token), host.browser().get(f"/o/{secret.link}/{token}"), host.ask(secret, "state"),
        host.browser().get("/o/" + "0" * 32), host.browser().get("/nothing"), host.ask("", "open"),
    ]  # fmt: skip
    for reply in replies:
        assert {name: reply.headers[name.lower()] for name in SAFE} == SAFE
        assert b"<script" not in reply.body
        assert b"style=" not in reply.body
    cookie = host.browser().form(f"/o/{secret.link}", {}).headers["set-cookie"]
    assert all(part in cookie for part in ("HttpOnly", "SameSite=Lax", f"Path=/o/{secret.link}"))


def test_messages_that_are_none_are_refused(host: RoundHost, secret: RoundSecret) -> None:
    for fields in ({"days": 7}, {"days": "7"}, {"more": 1}):
        assert host.ask(secret, "state", **fields).status == 400
    assert host.ask(secret, "erase-all").status == 400
    for number in (True, "7", 7.0, 8, None):
        assert host.ask(RoundSecret.new(), "new", days=number).status == 400, number
    assert host.browser().get("/others/round").status == 405
    assert host.browser().form("/others/round", {"action": "open"}).status == 400


def test_behind_a_proxy_links_and_cookies_have_the_public_address(tmp_path: Path) -> None:
    place = RoundPlace(f"sqlite:///{tmp_path / 'public.sqlite'}", tmp_path / "keys")
    host = RoundHost(place, "https://trust.example.org/rooms")
    try:
        secret = RoundSecret.new()
        assert host.ask(secret, "new", days=3).json["address"] == f"https://trust.example.org/rooms/o/{secret.link}"
        begun = host.browser().form(f"/rooms/o/{secret.link}", {}, Host="trust.example.org")
        assert "Secure" in begun.headers["set-cookie"]
        assert f"Path=/rooms/o/{secret.link}" in begun.headers["set-cookie"]
        style = re.search(r'href="(/rooms/o/[0-9a-f]+\.css)"', begun.body.decode())
        assert style
        assert host.browser().get(style[1], Host="trust.example.org").status == 200
    finally:
        host.close()
