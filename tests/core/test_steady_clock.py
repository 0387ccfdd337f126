"""A clock that is set forward is believed an hour later; a computer that slept, at once."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest

from course.core.steady_clock import LARGEST_STEP, LOOKS, SteadyClock, seconds_with_sleep
from tests.laptop import DAY, HOUR, MINUTE, NOON, Laptop


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


# Kept for the next program


def test_the_next_program_goes_on_where_one_was_stopped(tmp_path: Path) -> None:
    file, laptop = tmp_path / "clock.json", Laptop()
    with laptop.running():
        clock = SteadyClock(file=file)
        assert looks(clock, laptop, 2) == [True, True]
        laptop.set_clock(DAY)
        assert looks(clock, laptop, 30) == [False] * 30
        clock = SteadyClock(file=file)
        assert looks(clock, laptop, 1) == [False]
        assert not clock.has_moved
        assert looks(SteadyClock(file=file), laptop, LOOKS - 30) == [False] * (LOOKS - 31) + [True]
        last = SteadyClock(file=file)
        assert looks(last, laptop, 1) == [True]
        assert last.has_moved, "each program looks once at what is to end by a clock that is believed"


def test_a_program_that_looks_once_believes_a_clock_that_was_set_an_hour_later(tmp_path: Path) -> None:
    file, laptop = tmp_path / "clock.json", Laptop()

    def is_believed() -> bool:
        return SteadyClock(file=file).look_once(laptop.clock) == laptop.clock

    with laptop.running():
        assert is_believed()
        laptop.set_clock(DAY)
        assert [is_believed() for _ in range(2 * LOOKS)] == [False] * 2 * LOOKS
        laptop.pass_by(HOUR - 1)
        assert not is_believed()
        laptop.pass_by(1)
        assert is_believed()
        laptop.set_clock(DAY)
        assert not is_believed()
        laptop.set_clock(-DAY)
        assert is_believed()


def test_however_many_programs_look_once_a_server_believes_a_clock_that_was_set_no_sooner(tmp_path: Path) -> None:
    file, laptop = tmp_path / "clock.json", Laptop()
    with laptop.running():
        SteadyClock(file=file).look(laptop.clock)
        laptop.set_clock(DAY)
        for _ in range(2 * LOOKS):
            SteadyClock(file=file).look_once(laptop.clock)
        server = SteadyClock(file=file)
        assert looks(server, laptop, LOOKS - 1) == [False] * (LOOKS - 1)
        assert looks(server, laptop, 1) == [True]


def test_nothing_is_known_once_the_computer_was_started_again_or_where_it_has_no_name_for_that(tmp_path: Path) -> None:
    file, laptop = tmp_path / "clock.json", Laptop()
    with laptop.running():
        SteadyClock(file=file).look(laptop.clock)
        laptop.start_again()
        laptop.set_clock(30 * DAY)
        assert SteadyClock(file=file).look_once(laptop.clock) == laptop.clock
        laptop.start = ""
        laptop.set_clock(30 * DAY)
        assert SteadyClock(file=file).look_once(laptop.clock) == laptop.clock


def damaged(**values: str) -> bytes:
    """Return what is kept of a clock, with other values in it."""
    kept = {"start": '"a synthetic start"', "zero": "0", "looks": "1", "doubted_at": "0", **values}
    return f"{{{', '.join(f'{json.dumps(name)}: {value}' for name, value in kept.items())}}}".encode()


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"[]", b"{}", damaged(zero='"x"')),
        *(damaged(zero=number) for number in ("-1e300", "-Infinity", "9" * 400)),
        damaged(looks="NaN"),
    ],
)
def test_a_file_that_cannot_be_read_or_written_stops_nothing(tmp_path: Path, content: bytes) -> None:
    file, laptop = tmp_path / "clock.json", Laptop()
    file.write_bytes(content)
    with laptop.running():
        assert SteadyClock(file=file).look_once(laptop.clock) == laptop.clock
        laptop.set_clock(DAY)
        assert SteadyClock(file=file).look_once(laptop.clock) == laptop.clock - datetime.timedelta(seconds=DAY)
        blocked = file / "clock.json"
        assert SteadyClock(file=blocked).look_once(laptop.clock) == laptop.clock


def test_a_clock_that_runs_on_is_not_written_each_minute(tmp_path: Path) -> None:
    file, laptop = tmp_path / "clock.json", Laptop()
    with laptop.running():
        clock = SteadyClock(file=file)
        clock.look(laptop.clock)
        file.unlink()
        laptop.set_clock(5)
        assert looks(clock, laptop, 5) == [True] * 5
        assert not file.exists()
