"""A clock that is set while the server runs closes and erases nothing at once; a computer that slept is believed."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Callable
from pathlib import Path

import pytest

from course.core import moments
from course.core.steady_clock import LOOKS, SteadyClock
from course.workshop.sessions.session import Session
from tests.laptop import DAY, HOUR, MINUTE, NOON, Laptop
from tests.workshop.follower import Follower
from tests.workshop.live_server import LiveServer, answer

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


@pytest.mark.slow
def test_what_was_closed_under_a_wrong_date_stays_no_longer_than_its_days_once_the_date_is_right(
    live_server: LiveServer, laptop: Laptop, sweep: Sweep
) -> None:
    """Erasing it later is what people were told it is not; so it is, an hour after the date was put right."""
    session = session_at_noon(live_server)
    with moments.clock_at(NOON + datetime.timedelta(days=400)):
        live_server.run(session.close(7, moments.today()))
    for _ in range(LOOKS - 2):
        sweep()
    assert session.gone_after == "2028-01-03", "the date may be wrong now, and have been right then"
    sweep()
    sweep()
    assert session.gone_after == "2026-11-29"
    with moments.clock_at(laptop.clock):
        live_server.restart()
    assert live_server.server.sessions.find(session.id).gone_after == "2026-11-29"
    with moments.clock_at(NOON + datetime.timedelta(days=7)):
        assert live_server.server.sessions.find(session.id).is_due(moments.now())
        live_server.run(live_server.server.sweep(moments.now()))
    assert session.id not in live_server.server.sessions.by_id


@pytest.mark.slow
def test_days_that_were_right_stay_as_they_are(live_server: LiveServer, laptop: Laptop, sweep: Sweep) -> None:
    session = session_at_noon(live_server)
    live_server.run(session.close(3, NOON.date()))
    for _ in range(2 * LOOKS):
        sweep()
    assert session.gone_after == "2026-11-25"


@pytest.mark.slow
def test_under_a_date_from_before_this_course_no_days_are_made_fewer(
    live_server: LiveServer, laptop: Laptop, sweep: Sweep
) -> None:
    """As where a laptop's battery was empty; what has days left would be erased once the date is right again."""
    session = session_at_noon(live_server)
    live_server.run(session.close(3, NOON.date()))
    laptop.set_clock(-6 * 365 * DAY)
    for _ in range(2 * LOOKS):
        sweep()
    assert session.gone_after == "2026-11-25"
