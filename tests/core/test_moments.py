"""Stamps are read as they were written, whatever the zone, and what is no moment is none."""

from __future__ import annotations

import datetime
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.core import moments
from tests.cases import every

MOMENT = datetime.datetime(2026, 11, 22, 12, 1, 2, 345678, datetime.UTC)
CET = datetime.timezone(datetime.timedelta(hours=1))
aware = st.datetimes(
    min_value=datetime.datetime(1000, 1, 2), max_value=datetime.datetime(9998, 1, 1), timezones=st.just(CET)
)


@given(aware)
def test_every_stamp_is_read_as_the_moment_it_was_written_for(moment: datetime.datetime) -> None:
    stamp = moments.nbgrader_stamp(moment)
    assert moments.is_nbgrader_stamp(stamp)
    assert moments.read_nbgrader_stamp(stamp) == moment
    assert moments.read_nbgrader_stamp(moments.without_colons(stamp)) == moment
    assert moments.read_iso_stamp(moments.iso_stamp(moment)) == moment


@every(
    "text",
    [
        *["2026-11-22 12:01:02.345678 UTC", " 2026-11-22 12:01:02.345678 UTC\n", "2026-11-22 13:01:02.345678 CET"],
        *["2026-11-22 13:01:02.345678 +0100", "2026-11-22T13:01:02.345678+01:00", "2026-11-22 12:01:02.345678"],
        *["2026-11-22 12-01-02.345678 UTC", "2026-11-22 07:01:02.345678 America/New_York"],
        *["2026-11-22 07:01:02.345678 -0500", "2026-11-22T08:31:02.345678-03:30", "2026-11-22T12:01:02.345678Z"],
    ],
)
def test_each_way_in_which_a_stamp_is_written_is_read(text: str) -> None:
    moment = moments.read_nbgrader_stamp(text)
    assert moment == MOMENT
    assert moment.tzinfo == datetime.UTC


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="no zone can be set for one program")
@pytest.mark.parametrize("zone", ["UTC", "GMT", "Z", "+0000"])
def test_a_stamp_that_says_its_zone_is_in_that_wherever_it_is_read(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    try:
        assert moments.read_nbgrader_stamp(f"2026-11-22 12:01:02.345678 {zone}") == MOMENT
        assert moments.read_nbgrader_stamp("2026-11-22 12:01:02.345678") == MOMENT
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_stamp_may_be_without_a_fraction_and_without_a_zone() -> None:
    whole = MOMENT.replace(microsecond=0)
    assert moments.read_nbgrader_stamp("2026-11-22 12:01:02 UTC") == whole
    assert moments.read_nbgrader_stamp("2026-11-22 13:01:02", CET) == whole
    assert moments.read_nbgrader_stamp("2026-11-22 12:01:02.3 UTC") == whole.replace(microsecond=300_000)
    here = datetime.datetime(2026, 11, 22, 12, 1, 2).astimezone()
    assert moments.read_nbgrader_stamp("2026-11-22 12:01:02", None) == here


@every(
    "text",
    [
        *[
            "",
            "some day",
            "2026-11-22",
            "2026-02-30 12:01:02 UTC",
            "2026-11-22 25:01:02 UTC",
            "2026-11-22 12:01:02 XYZ",
        ],
        *[
            "2026-11-22 12:01:02 UTC and more",
            "0001-01-01 00:00:00 +2359",
            "2026-11-22 12:01:02 +9900",
            "٢٠٢٦-11-22 12:01:02",
        ],
        *["2026-11-22 12:01:02 ../x", "2026-11-22 12:01:02 /etc/passwd"],
    ],
)
def test_what_is_no_moment_is_none(text: str) -> None:
    assert moments.read_nbgrader_stamp(text) is None
    assert not moments.is_nbgrader_stamp(text)


@pytest.mark.parametrize(
    "text", ["2026-11-22 12:01:02 UTC", "2026-11-22 12-01-02.345678 UTC", " 2026-11-22 12:01:02.345678 UTC"]
)
def test_a_moment_that_is_written_in_another_way_is_not_the_stamp_itself(text: str) -> None:
    assert moments.read_nbgrader_stamp(text) is not None
    assert not moments.is_nbgrader_stamp(text)


@every("text", ["2026-11-22T12:01:02", "today", "", None, 7, "0001-01-01T00:00:00+23:59"])
def test_a_receipt_without_a_zone_or_a_moment_has_no_time(text: object) -> None:
    assert moments.read_iso_stamp(text) is None


def test_a_folder_is_named_by_a_moment_on_any_system() -> None:
    for name in (moments.folder_stamp(MOMENT), moments.folder_stamp(MOMENT, fraction=False)):
        assert re.fullmatch(r"[0-9-]+", name)


def test_the_clock_can_be_replaced_and_is_put_back() -> None:
    with moments.clock_at(MOMENT.astimezone(CET)):
        assert moments.now() == MOMENT
        assert moments.now().tzinfo == datetime.UTC
        assert moments.today() == MOMENT.astimezone().date()
    assert moments.now() != MOMENT


@pytest.mark.nbgrader
@pytest.mark.parametrize("text", ["2026-11-22 12:01:02.345678 UTC", "2026-11-22 12:01:02", "2026-11-22 12:01:02 CET"])
def test_nbgrader_reads_the_same_moment(text: str) -> None:
    from nbgrader.utils import parse_utc

    assert moments.read_nbgrader_stamp(text) == parse_utc(text).replace(tzinfo=datetime.UTC)
