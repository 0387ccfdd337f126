"""A clock that is set while the server runs closes and erases nothing at once; a computer that slept is believed."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from course.core import moments
from course.workshop.sessions.overdue import LARGEST_STEP, LOOKS, SteadyClock, seconds_with_sleep
from course.workshop.sessions.session import Session
from tests.workshop.follower import Follower
from tests.workshop.live_server import LiveServer, answer

NOON = datetime.datetime(2026, 11, 22, 12, 20, tzinfo=datetime.UTC)
MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0


@dataclass
class Laptop:
    """A computer's own seconds and its clock, driven by hand."""

    seconds: float = 0.0
    clock: datetime.datetime = NOON

    def pass_by(self, seconds: float) -> None:
        """Let time pass, awake or asleep."""
        self.seconds += seconds
        self.set_clock(seconds)

    def set_clock(self, seconds: float) -> None:
        """Set the clock forward or back."""
        self.clock += datetime.timedelta(seconds=seconds)


def looks(clock: SteadyClock, laptop: Laptop, number: int) -> list[bool]:
    """Say of so many looks, a minute apart, whether the clock was believed."""
    believed = []
    for _ in range(number):
        laptop.pass_by(MINUTE)
        believed.append(clock.look(laptop.clock) == laptop.clock)
    return believed


def started() -> tuple[SteadyClock, Laptop]:
    laptop = Laptop()
    clock = SteadyClock(lambda: laptop.seconds)
    assert clock.look(laptop.clock) == NOON
    return clock, laptop


def test_a_clock_that_is_set_forward_is_believed_after_an_hour_of_running() -> None:
    clock, laptop = started()
    laptop.set_clock(DAY)
    laptop.pass_by(MINUTE)
    assert clock.look(laptop.clock) == NOON + datetime.timedelta(minutes=1)
    assert looks(clock, laptop, LOOKS - 1) == [False] * (LOOKS - 1)
    assert not clock.has_moved
    assert looks(clock, laptop, 2) == [True, True]
    laptop.set_clock(DAY)
    assert looks(clock, laptop, LOOKS + 1) == [False] * LOOKS + [True]
    assert clock.has_moved


def test_sleep_small_corrections_and_a_clock_that_is_set_back_are_believed_at_once() -> None:
    clock, laptop = started()
    laptop.pass_by(3 * DAY)
    assert looks(clock, laptop, 1) == [True]
    laptop.set_clock(LARGEST_STEP - 1)
    assert looks(clock, laptop, 1) == [True]
    laptop.set_clock(LARGEST_STEP - 1)
    assert looks(clock, laptop, 1) == [True]
    assert not clock.has_moved
    laptop.set_clock(-DAY)
    assert looks(clock, laptop, 1) == [True]
    assert clock.has_moved


def test_a_clock_that_was_wrong_for_a_while_leaves_nothing_behind() -> None:
    clock, laptop = started()
    for _ in range(3):
        laptop.set_clock(400 * DAY)
        assert looks(clock, laptop, LOOKS) == [False] * LOOKS
        laptop.set_clock(-400 * DAY)
        assert looks(clock, laptop, 1) == [True]
        assert clock.has_moved, "what was put off meanwhile is put off by far too much"
        assert looks(clock, laptop, 1) == [True]
        assert not clock.has_moved


def test_its_own_seconds_never_go_back() -> None:
    assert seconds_with_sleep() <= seconds_with_sleep()


# On a server


Sweep = Callable[[], None]


@pytest.fixture
def laptop() -> Laptop:
    return Laptop()


@pytest.fixture
def sweep(live_server: LiveServer, laptop: Laptop, monkeypatch: pytest.MonkeyPatch) -> Sweep:
    """Sweep once, a minute later, as the server of a laptop does; its own sweeps begin in an hour."""
    monkeypatch.setattr("course.workshop.web.server.SWEEP", 3600)
    live_server.restart()
    clock = SteadyClock(lambda: laptop.seconds)

    def sweep() -> None:
        laptop.pass_by(MINUTE)
        with moments.clock_at(laptop.clock):
            live_server.run(live_server.server.sweep_by(clock))

    sweep()
    return sweep


def session_at_noon(live_server: LiveServer) -> Session:
    with moments.clock_at(NOON):
        return live_server.new_session()


@pytest.mark.slow
def test_a_clock_that_is_put_right_by_years_closes_no_session_that_people_are_in(
    live_server: LiveServer, laptop: Laptop, sweep: Sweep
) -> None:
    with moments.clock_at(NOON):
        followed_one, answered, alone = (live_server.new_session() for _ in range(3))
        phone, phone_of_answered = live_server.phone(followed_one), live_server.phone(answered)
        live_server.console(answered).press("open", question="leak")
    laptop.set_clock(2000 * DAY)
    with contextlib.closing(Follower(phone, f"/r/{followed_one.id}/events")) as room:
        room.next()
        for number in range(LOOKS):
            if number == 30:
                assert answer(phone_of_answered, answered, "leak", "A").status == 200
            sweep()
        assert (followed_one.is_open, answered.is_open, alone.is_open) == (True, True, True)
        sweep()
        assert (followed_one.is_open, answered.is_open, alone.is_open) == (True, True, False)
    laptop.pass_by(22 * HOUR)
    sweep()
    assert (followed_one.is_open, answered.is_open) == (True, True)
    laptop.pass_by(4 * HOUR)
    sweep()
    assert (followed_one.is_open, answered.is_open) == (False, False)


@pytest.mark.slow
def test_a_laptop_that_slept_for_three_days_closes_its_session_when_it_wakes(
    live_server: LiveServer, laptop: Laptop, sweep: Sweep
) -> None:
    session = session_at_noon(live_server)
    laptop.pass_by(23 * HOUR)
    sweep()
    assert session.is_open
    laptop.pass_by(3 * DAY)
    sweep()
    assert not session.is_open


@pytest.mark.slow
def test_what_is_kept_of_a_closed_session_goes_an_hour_after_the_clock_was_set(
    live_server: LiveServer, laptop: Laptop, sweep: Sweep, tmp_path: Path
) -> None:
    session = session_at_noon(live_server)
    live_server.run(session.close(7, NOON.date()))
    laptop.set_clock(30 * DAY)
    for _ in range(LOOKS):
        sweep()
    assert {*live_server.server.sessions.by_id} == {session.id}
    sweep()
    assert live_server.server.sessions.by_id == {}
    assert not [*tmp_path.glob("keys/*")]


@pytest.mark.slow
def test_a_clock_that_is_set_back_keeps_no_session_open_for_longer(
    live_server: LiveServer, laptop: Laptop, sweep: Sweep
) -> None:
    laptop.set_clock(4000 * DAY)
    for _ in range(LOOKS + 1):
        sweep()
    with moments.clock_at(laptop.clock):
        session = live_server.new_session()
    laptop.set_clock(-4000 * DAY)
    sweep()
    laptop.pass_by(23 * HOUR)
    sweep()
    assert session.is_open
    laptop.pass_by(3 * HOUR)
    sweep()
    assert not session.is_open


@pytest.mark.slow
def test_an_answer_while_the_clock_was_wrong_keeps_no_session_open_for_longer_once_it_is_right(
    live_server: LiveServer, laptop: Laptop, sweep: Sweep
) -> None:
    session = session_at_noon(live_server)
    phone = live_server.phone(session)
    live_server.console(session).press("open", question="leak")
    laptop.set_clock(400 * DAY)
    sweep()
    assert answer(phone, session, "leak", "A").status == 200
    sweep()
    laptop.set_clock(-400 * DAY)
    sweep()
    laptop.pass_by(23 * HOUR)
    sweep()
    assert session.is_open
    laptop.pass_by(3 * HOUR)
    sweep()
    assert not session.is_open


@pytest.mark.slow
def test_a_server_that_starts_trusts_no_end_that_is_later_than_a_day(live_server: LiveServer) -> None:
    with moments.clock_at(NOON + datetime.timedelta(days=4000)):
        session = live_server.new_session()
    with moments.clock_at(NOON):
        live_server.restart()
    session = live_server.server.sessions.find(session.id)
    live_server.run(live_server.server.sweep(NOON + datetime.timedelta(hours=26)))
    assert not session.is_open
