"""The card of lesson 7 that asks others by a link, on the real server: from the address to the result."""

from __future__ import annotations

from dataclasses import replace

import filelock
import pytest

from course.activities.controls import flat
from course.activities.raters.round import RaterRound
from course.core import moments
from course.core.errors import AnswersNotKept, RoundRefused
from course.core.pages.web_edition import as_web_edition
from course.others.web.round_handler import RoundsPart
from course.records.answers.answers import Answers
from course.records.answers.file import lock_of
from course.records.journal import Journal
from course.records.raters.others import OPEN_ROUNDS, open_rounds, others_results, save_open_round
from course.records.raters.round_client import RoundClient
from course.records.raters.round_wire import RoundSecret
from tests.others.round_host import Rater, RoundHost
from tests.others.stored_rounds import days


def open_card() -> RaterRound:
    return RaterRound("rater-round", Journal().page(OPEN_ROUNDS[0]))


def said(card: RaterRound) -> str:
    """Return all that the card says."""
    texts = [
        str(control.get("text") or control.get("legend") or control.get("label")) for control in flat(card.controls())
    ]
    return " ".join(texts)


def buttons(card: RaterRound) -> list[str]:
    return [button["id"] for button in card.actions()]


def made_card(host: RoundHost) -> RaterRound:
    card = open_card()
    card.set("server", host.address)
    card.set("days", "7")
    card.press("make")
    return card


def link(card: RaterRound) -> str:
    assert card.opened
    return card.opened.address.rpartition("/")[2]


def answer(host: RoundHost, card: RaterRound, points: list[int]) -> None:
    for point in points:
        Rater(host, link(card)).send_all(point)


def test_a_round_from_the_address_to_the_result(host: RoundHost) -> None:
    card = made_card(host)
    assert f"{host.address}/o/" in said(card)
    assert "until the end of 5 December 2026" in said(card)
    answer(host, card, [3, 4, 5, 5, 6])
    card.press("state")
    assert "fewer than five people had answered" in said(card)
    with moments.clock_at(days(1)):
        again = open_card()
        again.press("state")
        assert "five people or more had answered" in said(again)
        again.press("open")
        assert "You may feel defensive. Read it, wait a day, then thank them." in said(again)
        assert others_results(Journal()) == ()
        again.press("no")
        assert "defensive" not in said(again)
        again.press("open")
        again.press("open-yes")
        (result,) = others_results(Journal())
        assert result.statements["COMP7"].average == 4.5
        assert open_rounds(Journal()) == ()
        assert "The result is in your journal" in said(again)
        assert buttons(again) == ["make"]
    assert host.place.key_files() == []


def test_an_owner_who_runs_the_server_is_told_that_raters_do_not_know_it(host: RoundHost) -> None:
    card = made_card(host)
    assert "This server runs on your own computer" in said(card)
    assert card.opened
    save_open_round(card.answers, replace(card.opened, server="https://trust.example.org"))
    assert "This server runs on your own computer" not in said(card)


def test_nothing_is_opened_or_cancelled_without_being_asked_first(host: RoundHost) -> None:
    card = made_card(host)
    answer(host, card, [4] * 5)
    with moments.clock_at(days(1)):
        for button in ("open-yes", "cancel-yes", "gone-yes", "nothing-like-it"):
            card.press(button)
        card.press("cancel")
        card.press("open-yes")
        assert card.opened
        assert others_results(Journal()) == ()
    assert len(host.place.key_files()) == 1


def test_a_cancelled_round_is_destroyed(host: RoundHost) -> None:
    card = made_card(host)
    answer(host, card, [4] * 5)
    card.press("cancel")
    assert "All answers are destroyed" in said(card)
    card.press("cancel-yes")
    assert (card.opened, host.place.key_files()) == (None, [])


def test_a_computer_that_stops_before_the_server_is_told_gets_the_result_once(
    host: RoundHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The result is saved, and whatever stopped the rest of it is done again without a second result."""
    card = made_card(host)
    answer(host, card, [4] * 8)
    with moments.clock_at(days(1)):
        with monkeypatch.context() as broken:
            broken.setattr(RoundClient, "done", lambda self: (_ for _ in ()).throw(KeyboardInterrupt))
            card.press("open")
            with pytest.raises(KeyboardInterrupt):
                card.press("open-yes")
        assert len(others_results(Journal())) == 1
    with moments.clock_at(days(1.5)):
        again = open_card()
        again.press("open")
        again.press("open-yes")
        assert len(others_results(Journal())) == 1
        assert (again.opened, host.place.key_files()) == (None, [])


def lose_answers(monkeypatch: pytest.MonkeyPatch, method: str) -> None:
    """Have the server do what a method of the client asks for, and its answer never come."""
    ask = getattr(RoundClient, method)

    def without_answer(client: RoundClient, *arguments: object) -> None:
        ask(client, *arguments)
        raise RoundRefused("The server cannot be reached.")

    monkeypatch.setattr(RoundClient, method, without_answer)


def test_a_round_whose_making_was_not_answered_is_made_once(host: RoundHost, monkeypatch: pytest.MonkeyPatch) -> None:
    card = open_card()
    card.set("server", host.address)
    with monkeypatch.context() as broken:
        lose_answers(broken, "make")
        card.press("make")
    assert ("cannot be reached" in said(card), card.opened) == (True, None)
    card.press("make")
    assert card.opened
    assert len(host.place.key_files()) == 1
    card.press("cancel")
    card.press("cancel-yes")
    card.press("make")
    assert card.opened
    assert len(host.place.key_files()) == 1


def test_a_result_that_is_saved_is_not_said_to_be_lost_where_the_servers_last_answer_was(
    host: RoundHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = made_card(host)
    answer(host, card, [4] * 8)
    with moments.clock_at(days(1)):
        with monkeypatch.context() as broken:
            lose_answers(broken, "done")
            card.press("open")
            card.press("open-yes")
        assert "Press “I am ready” once more later" in said(card)
        again = open_card()
        again.press("state")
        assert "can never be opened" not in said(again)
        assert "The result is in your journal, and the server has destroyed the rest." in said(again)
        assert (again.opened, len(others_results(Journal()))) == (None, 1)


def test_a_second_round_whose_result_is_the_same_is_a_result_of_its_own(host: RoundHost) -> None:
    for start in (0, 1):
        with moments.clock_at(days(start)):
            answer(host, made_card(host), [4] * 5)
        with moments.clock_at(days(start + 1)):
            card = open_card()
            card.press("open")
            card.press("open-yes")
    first, second = others_results(Journal())
    assert first.statements == second.statements
    assert first.moment != second.moment


def test_a_journal_that_cannot_be_written_loses_no_result(host: RoundHost) -> None:
    card = made_card(host)
    answer(host, card, [4] * 5)
    path = card.answers.path
    assert path
    with moments.clock_at(days(1)):
        hurried = RaterRound("rater-round", Answers(path, "lesson", OPEN_ROUNDS[0], wait=0))
        hurried.press("open")
        with filelock.FileLock(lock_of(path)), pytest.raises(AnswersNotKept):
            hurried.press("open-yes")
        assert others_results(Journal()) == ()
        again = open_card()
        again.press("open")
        again.press("open-yes")
        assert len(others_results(Journal())) == 1


def test_a_server_that_stands_still_is_said_and_the_round_stays(host: RoundHost) -> None:
    card = made_card(host)
    host.run(host.server.listeners.stop())
    for button in ("state", "cancel", "cancel-yes"):
        card.press(button)
    assert "The server cannot be reached." in said(card)
    assert card.opened


def test_a_round_that_the_server_has_not_is_taken_off_only_when_asked(host: RoundHost) -> None:
    card = made_card(host)
    assert card.opened
    RoundClient(host.address, RoundSecret(card.opened.secret)).cancel()
    card.press("state")
    assert "This server has no such round." in said(card)
    assert card.opened
    card.press("gone-yes")
    assert card.opened is None


def test_a_round_whose_days_are_over_can_be_taken_off(host: RoundHost) -> None:
    card = made_card(host)
    with moments.clock_at(days(7)):
        assert "the days of this round are over" in said(card)
        assert buttons(card) == ["state", "drop"]
        card.press("state")
        assert "This server has no such round." in said(card)
        card.press("no")
        card.press("drop")
        assert card.opened is None


def test_a_round_that_is_over_by_this_computers_clock_alone_can_be_opened(
    host: RoundHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is elsewhere on earth than the server, or its clock is wrong."""
    card = made_card(host)
    answer(host, card, [3, 4, 5, 5, 6])
    monkeypatch.setattr(RoundsPart, "now", lambda part: days(6))
    with moments.clock_at(days(7)):
        assert "the days of this round are over" in said(card)
        card.press("state")
        assert "five people or more had answered" in said(card)
        assert "the days of this round are over" not in said(card)
        card.press("drop")
        assert card.opened, "no button said so"
        card.press("open")
        card.press("open-yes")
        assert "The result is in your journal" in said(card)
        assert len(others_results(Journal())) == 1


def test_the_link_follows_a_server_that_gets_another_address(host: RoundHost) -> None:
    """Such as a laptop with a live session: it lets nobody in at first, and is in another network later."""
    card = made_card(host)
    assert "works on this computer alone" in said(card)
    part = host.server._rounds.part
    for address in ("http://192.168.1.20:8870", "http://10.0.0.5:8870"):
        part.address = lambda address=address: address  # type: ignore[misc]
        card.press("state")
        assert card.opened
        assert card.opened.address == f"{address}/o/{RoundSecret(card.opened.secret).link}"
        assert card.opened.address in said(card)
        assert "Send it once more to all whom you asked" in said(card)
        assert "works on this computer alone" not in said(card)
    part.address = lambda: host.address
    card.press("state")
    assert card.opened
    assert card.opened.address.startswith("http://10.0.0.5:8870/"), "a door that is shut for a while changes no link"


def test_a_round_is_found_again_where_its_server_has_another_address(host: RoundHost) -> None:
    """Such as a laptop that gets another one from its network each day."""
    card = made_card(host)
    assert "move" not in buttons(card)
    host.move()
    again = open_card()
    again.press("state")
    assert "The server cannot be reached." in said(again)
    for typed, problem in (("", "cannot be reached"), ("not an address", "no address of a server")):
        again.set("server", typed)
        again.press("move")
        assert problem in said(again)
    again.set("server", host.address)
    again.press("move")
    assert "fewer than five people had answered" in said(again)
    assert "move" not in buttons(again)
    assert again.opened
    assert again.opened.server == host.address
    assert RaterRound("rater-round", Journal().page(OPEN_ROUNDS[0])).opened == again.opened


def test_what_was_confirmed_of_one_round_is_done_to_no_other(host: RoundHost) -> None:
    """Another window has put another round in its place since."""
    card, other_window = made_card(host), open_card()
    for asked in ("cancel", "open"):
        card.press(asked)
        other_window.press("cancel")
        other_window.press("cancel-yes")
        other_window.set("server", host.address)
        other_window.press("make")
        (made,) = open_rounds(Journal())
        card.press(f"{asked}-yes")
        assert open_rounds(Journal()) == (made,)
        assert RoundClient(host.address, RoundSecret(made.secret)).state()
        assert f"{asked}-yes" not in buttons(card)


def test_a_wrong_address_is_said_before_anything_is_sent() -> None:
    card = open_card()
    card.set("server", "my server")
    card.press("make")
    assert "This is no address of a server." in said(card)
    assert card.opened is None


@pytest.mark.parametrize("value", [7, "8", ["7"], {"7": 7}, None])
def test_days_that_are_not_offered_change_nothing(value: object) -> None:
    card = open_card()
    before = card.controls()
    card.set("days", value)
    assert card.controls() == before


def test_in_a_browsers_edition_the_card_leads_to_the_printed_forms_and_does_nothing(host: RoundHost) -> None:
    with as_web_edition():
        card = made_card(host)
        assert card.opened is None
        assert [control["kind"] for control in card.controls()] == ["text", "text"]
        assert "printed forms" in said(card)


def test_the_secret_is_on_no_card(host: RoundHost) -> None:
    card = made_card(host)
    assert card.opened
    assert card.opened.secret not in str(card.controls())
