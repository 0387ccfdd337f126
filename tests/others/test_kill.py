"""The server is killed at each moment of a round: what was acknowledged is there, and a result is made once."""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import pytest
import sqlalchemy as sql

from course.others.round_table import ROUNDS, RoundTable
from course.others.rounds import Rounds
from course.records.raters.round_wire import RoundSecret
from tests.others.killing import killed_at
from tests.others.stored_rounds import MONDAY, RoundPlace, answered_round, days, form_of, send

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="a process is forked, which this system does not know"),
]
MOST_STEPS = 60
T = TypeVar("T")


def new_round(place: RoundPlace, points: Sequence[int] = (2, 4, 5, 6, 7)) -> RoundSecret:
    """Return a round in which as many have answered as an opening needs, or more."""
    rounds = place.open()
    try:
        return answered_round(rounds, [*points])
    finally:
        rounds.close()


def with_rounds(place: RoundPlace, work: Callable[[Rounds], T]) -> T:
    """Do something as a server does that has just started."""
    rounds = place.open()
    try:
        return work(rounds)
    finally:
        rounds.close()


def key_files(place: RoundPlace, secret: RoundSecret) -> list[Path]:
    return [path for path in place.key_files() if path.name.startswith(secret.round_id)]


def test_an_opening_that_is_killed_anywhere_gives_one_result(place: RoundPlace, tmp_path: Path) -> None:
    """Whatever was told before is told again; what is told, is told when no answer can be read any more."""
    told = tmp_path / "told.json"
    for step in range(MOST_STEPS):
        secret = new_round(place, (2, 4, 5, 5, 6, 6, 7, 7))
        told.unlink(missing_ok=True)

        def work(secret: RoundSecret = secret) -> None:
            result = place.open().open(secret, days(1))
            assert len(key_files(place, secret)) == 1
            told.write_text(json.dumps(result))

        was_killed = killed_at(step, work)
        changed = with_rounds(place, lambda rounds, secret=secret: rounds.find_link(secret.link, days(1)))
        if changed:  # not closed yet: what comes in now counts
            with_rounds(place, lambda rounds, secret=secret: send(rounds, secret, form_of(1), days(1)))
        first = with_rounds(place, lambda rounds, secret=secret: rounds.open(secret, days(1)))
        again = with_rounds(place, lambda rounds, secret=secret: rounds.open(secret, days(2)))
        assert first == again
        assert not told.exists() or json.loads(told.read_text() or "null") in (first, None)
        assert len(key_files(place, secret)) == 1
        if not was_killed:
            break
    else:
        pytest.fail("The opening has more steps than were tried.")
    assert step > 8


@pytest.mark.parametrize("ending", ["acknowledge", "cancel"])
def test_an_ending_that_is_killed_anywhere_is_finished_by_the_next_start(place: RoundPlace, ending: str) -> None:
    for step in range(MOST_STEPS):
        secret = new_round(place)
        if ending == "acknowledge":
            with_rounds(place, lambda rounds, secret=secret: rounds.open(secret, days(1)))

        def work(secret: RoundSecret = secret) -> None:
            getattr(place.open(), ending)(secret)

        was_killed = killed_at(step, work)
        is_begun = not key_files(place, secret)
        with_rounds(place, lambda rounds: rounds.sweep(days(1)))
        if is_begun:
            assert secret.round_id not in stored_ids(place)
        with_rounds(place, lambda rounds, secret=secret: getattr(rounds, ending)(secret))
        assert secret.round_id not in stored_ids(place)
        assert key_files(place, secret) == []
        if not was_killed:
            break
    else:
        pytest.fail("The ending has more steps than were tried.")
    assert step > 3


def test_an_opening_that_was_killed_is_finished_by_the_sweep_though_its_owner_never_comes_back(
    place: RoundPlace,
) -> None:
    for step in itertools.count():
        secret = new_round(place)
        was_killed = killed_at(step, lambda secret=secret: place.open().open(secret, days(1)) and None)
        with_rounds(place, lambda rounds: rounds.sweep(days(1)))
        if not with_rounds(place, lambda rounds, secret=secret: rounds.find_link(secret.link, days(1))):
            assert len(key_files(place, secret)) == 1, "the answers' key is still there"
            assert stored_answers(place) == [""]
        with_rounds(place, lambda rounds: rounds.sweep(days(7)))
        assert key_files(place, secret) == []
        assert stored_ids(place) == []
        if not was_killed:
            break


def test_an_answer_is_there_once_it_was_acknowledged(place: RoundPlace) -> None:
    for step in range(MOST_STEPS):
        secret = RoundSecret.new()
        with_rounds(place, lambda rounds, secret=secret: rounds.create(secret, 7, MONDAY))
        was_killed = killed_at(step, lambda secret=secret: send(place.open(), secret, form_of(4)) and None)
        for _ in range(4):
            with_rounds(place, lambda rounds, secret=secret: send(rounds, secret, form_of(4)))
        counter = with_rounds(place, lambda rounds, secret=secret: rounds.status(secret, days(1)).counter)
        if not was_killed:
            assert counter == "five-or-more"
            break
    else:
        pytest.fail("Sending has more steps than were tried.")


def test_a_round_that_was_killed_while_it_was_made_can_be_made_again(place: RoundPlace) -> None:
    for step in range(MOST_STEPS):
        secret = RoundSecret.new()
        was_killed = killed_at(step, lambda secret=secret: place.open().create(secret, 7, MONDAY) and None)
        with_rounds(place, lambda rounds: rounds.sweep(MONDAY))
        with_rounds(place, lambda rounds, secret=secret: rounds.create(secret, 7, MONDAY))
        with_rounds(place, lambda rounds, secret=secret: send(rounds, secret, form_of(4)))
        if not was_killed:
            break
    with_rounds(place, lambda rounds: rounds.sweep(days(7)))
    assert place.key_files() == []


def stored_answers(place: RoundPlace) -> list[str]:
    engine = sql.create_engine(place.url)
    with engine.connect() as connection:
        answers = [str(row[0]) for row in connection.execute(sql.select(ROUNDS.c.answers))]
    engine.dispose()
    return answers


def stored_ids(place: RoundPlace) -> list[str]:
    table = RoundTable(place.url)
    try:
        return [outline.id for outline in table.outlines()]
    finally:
        table.close()
