"""Several servers at once, as workers are: no form is lost, and whoever opens a round gets the one result."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from course.core.errors import SessionRefused
from course.others.rounds import Rounds
from course.records.raters.round_wire import RoundSecret
from tests.others.stored_rounds import MONDAY, RoundPlace, answered_round, days, form_of, send

SERVERS = 4


def all_at_once(place: RoundPlace, work: Callable[[Rounds], object], times: int = SERVERS) -> list[object]:
    """Do something on servers of their own, all at the same time."""

    def serve(_: int) -> object:
        rounds = place.open()
        try:
            return work(rounds)
        finally:
            rounds.close()

    with ThreadPoolExecutor(times) as servers:
        return list(servers.map(serve, range(times)))


def test_forms_that_come_to_several_servers_are_all_there(rounds: Rounds, place: RoundPlace) -> None:
    secret = RoundSecret.new()
    rounds.create(secret, 7, MONDAY)

    def answer_twice(server: Rounds) -> str:
        send(server, secret, form_of(4))
        return send(server, secret, form_of(6))

    tokens = all_at_once(place, answer_twice)
    opened = rounds.find_link(secret.link, MONDAY)
    assert opened
    raters = [opened.rater(str(token)) for token in tokens]
    assert all(rater and rounds.form(opened, rater) == form_of(6) for rater in raters)
    result = rounds.open(secret, days(1))
    assert result["raters"] == "eight-or-more"
    assert result["statements"]["COMP7"] == {"average": 5.0, "middle_half": [4, 6]}


def test_an_opening_on_several_servers_gives_one_result(rounds: Rounds, place: RoundPlace) -> None:
    secret = answered_round(rounds, [1, 2, 4, 5, 5, 6, 7, 7])
    first, *others = all_at_once(place, lambda server: server.open(secret, days(1)))
    assert all(other == first for other in others)
    assert len(place.key_files()) == 1


def test_a_form_that_comes_with_the_opening_is_counted_or_refused(rounds: Rounds, place: RoundPlace) -> None:
    secret = answered_round(rounds, [4] * 7)

    def open_or_answer(server: Rounds) -> object:
        opened = server.find_link(secret.link, days(1))
        if opened is None:
            return None
        rater = opened.rater(opened.new_token())
        assert rater
        try:
            server.save(opened, rater, form_of(4), days(1))
        except SessionRefused:
            return False
        return server.open(secret, days(1))

    results = [result for result in all_at_once(place, open_or_answer) if result]
    assert results
    assert all(result == results[0] for result in results)


def test_the_same_secret_makes_one_round_on_several_servers(rounds: Rounds, place: RoundPlace) -> None:
    secret = RoundSecret.new()
    statuses = all_at_once(place, lambda server: server.create(secret, 7, MONDAY))
    assert len(set(map(str, statuses))) == 1
    assert rounds.status(secret, MONDAY) == statuses[0]
    send(rounds, secret, form_of(4))
    with pytest.raises(SessionRefused, match="Fewer than five"):
        rounds.open(secret, days(1))
