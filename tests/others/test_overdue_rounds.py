"""Rounds whose days are over are erased with the next command of the course, whichever it is."""

from __future__ import annotations

import datetime
import os
import subprocess
import sys

import pytest

from course.core import moments
from course.others.overdue import ROUNDS, end_overdue_rounds, open_rounds
from course.records.raters.round_wire import RoundSecret
from course.workshop.sessions.overdue import store_place
from tests.laptop import DAY, HOUR, Laptop, running_until
from tests.others.stored_rounds import answered_round, days, form_of, send


def key_count() -> int:
    return len(list((store_place(ROUNDS) / "keys").glob("*")))


def test_without_any_round_nothing_is_made() -> None:
    end_overdue_rounds()
    assert not store_place(ROUNDS).exists()


def test_any_command_erases_a_round_that_nobody_opened() -> None:
    rounds = open_rounds()
    answered_round(rounds, [4] * 6, 3)
    rounds.close()
    with running_until(days(2)):
        end_overdue_rounds()
    assert key_count() == 1
    with running_until(days(3)):
        end_overdue_rounds()
    assert key_count() == 0


def test_a_clock_that_is_set_forward_erases_no_round_before_an_hour_is_over() -> None:
    rounds = open_rounds()
    answered_round(rounds, [4] * 6, 3)
    rounds.close()
    laptop = Laptop(clock=days(1))
    with laptop.running():
        end_overdue_rounds()
        laptop.set_clock(400 * DAY)
        end_overdue_rounds()
        end_overdue_rounds()
        assert key_count() == 1
        laptop.pass_by(HOUR)
        end_overdue_rounds()
        assert key_count() == 0


def test_a_round_whose_key_a_server_has_just_destroyed_hides_no_other_and_is_no_error(
    caplog: pytest.LogCaptureFixture,
) -> None:
    rounds = open_rounds()
    answered_round(rounds, [4] * 6, 3)
    rounds.close()
    gone = store_place(ROUNDS) / "keys" / f"{'0' * 32}-{'0' * 16}.json"
    gone.symlink_to(gone.with_name("nowhere"))
    for day, left in ((1, 2), (3, 1)):
        with running_until(days(day)):
            end_overdue_rounds()
        assert key_count() == left
    assert caplog.records == []


@pytest.mark.slow
def test_a_command_in_a_process_of_its_own_does_so_beside_a_server_that_runs() -> None:
    """The rounds are open here, as a server has them; both can write."""
    long_ago = moments.now() - datetime.timedelta(days=20)
    rounds, secret = open_rounds(), RoundSecret.new()
    rounds.create(secret, 14, long_ago)
    send(rounds, secret, form_of(4), long_ago)
    command = [sys.executable, "-m", "course", "journal", "show"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True, env=os.environ)
    assert result.stderr == ""
    assert key_count() == 0
    answered_round(rounds, [4])
    rounds.close()
