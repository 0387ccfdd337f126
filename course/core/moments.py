"""Moments in time: what the time is now, and every stamp in which the course and nbgrader write a moment down.

All moments are aware of their zone. A stamp that names no zone is in UTC, unless the reader says otherwise.
"""

from __future__ import annotations

import contextlib
import datetime
import re
import zoneinfo
from collections.abc import Callable, Iterator
from typing import Final

LARGEST_STAMP: Final = 200
"""The size in bytes up to which a file with one stamp is read."""
_NBGRADER: Final = "%Y-%m-%d %H:%M:%S.%f UTC"
_STAMP: Final = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)[ T](?P<hour>\d\d)[:-](?P<minute>\d\d)[:-](?P<second>\d\d)"
    r"(?P<fraction>\.\d{1,6})? ?(?P<zone>[+-]\d\d:?\d\d|[A-Za-z][\w/+-]*)?",
    re.ASCII,
)
_EXACT: Final = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6} UTC", re.ASCII)


def _system_clock() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


_clock: Callable[[], datetime.datetime] = _system_clock


def now() -> datetime.datetime:
    """Return the present moment in UTC."""
    return _clock().astimezone(datetime.UTC)


def today(zone: datetime.tzinfo | None = None) -> datetime.date:
    """Return the day that it is here, or in a zone."""
    return now().astimezone(zone).date()


@contextlib.contextmanager
def clock_at(moment: datetime.datetime) -> Iterator[None]:
    """Stop the clock at a moment, for tests and synthetic data."""
    with clock(lambda: moment):
        yield


@contextlib.contextmanager
def clock(read: Callable[[], datetime.datetime]) -> Iterator[None]:
    """Read the time from another clock, for tests and synthetic data; it returns moments with a zone."""
    global _clock
    before, _clock = _clock, read
    try:
        yield
    finally:
        _clock = before


def local(moment: datetime.datetime) -> datetime.datetime:
    """Return a moment by the clock here."""
    return moment.astimezone()


def start_of_day(day: datetime.date) -> datetime.datetime:
    """Return the moment at which a day begins here."""
    return datetime.datetime.combine(day, datetime.time()).astimezone()


def in_zone(time: datetime.datetime, zone: datetime.tzinfo, *, latest: bool = False) -> datetime.datetime:
    """Return in UTC the moment of a time by the clocks of a zone; one that says its own zone is in that.

    Where the clocks are set back they show an hour twice, and where they are set forward they leave one out: such a
    time is the first of the two moments that it can be, or with `latest` the second.

    >>> clocks, time = zoneinfo.ZoneInfo("Europe/London"), datetime.datetime(2026, 10, 25, 1, 30)
    >>> in_zone(time, clocks).isoformat(), in_zone(time, clocks, latest=True).isoformat()
    ('2026-10-25T00:30:00+00:00', '2026-10-25T01:30:00+00:00')
    """
    if time.tzinfo is not None:
        return time.astimezone(datetime.UTC)
    both = [time.replace(tzinfo=zone, fold=fold).astimezone(datetime.UTC) for fold in (0, 1)]
    return max(both) if latest else min(both)


def nbgrader_stamp(moment: datetime.datetime) -> str:
    """Return a moment as nbgrader writes it in `timestamp.txt` and in the names of folders.

    >>> nbgrader_stamp(datetime.datetime(2026, 11, 22, 12, 1, 2, 345678, datetime.UTC))
    '2026-11-22 12:01:02.345678 UTC'
    """
    return moment.astimezone(datetime.UTC).strftime(_NBGRADER)


def is_nbgrader_stamp(text: str) -> bool:
    """Say whether a text is a moment exactly as `nbgrader_stamp` writes it, so that it can name a folder."""
    return bool(_EXACT.fullmatch(text)) and read_nbgrader_stamp(text) is not None


def read_nbgrader_stamp(text: str, assumed: datetime.tzinfo | None = datetime.UTC) -> datetime.datetime | None:
    """Return in UTC the moment of a stamp by nbgrader, or None for any other text.

    It may be without the fraction of a second, with another zone (an offset, or a name such as CET), or with dashes
    for the colons, as in a folder's name where the system allows none. Without a zone it is in `assumed`; None
    there stands for the zone of the clock here.

    >>> read_nbgrader_stamp("2026-11-22 12-01-02.345678 UTC").isoformat()
    '2026-11-22T12:01:02.345678+00:00'
    """
    matches = _STAMP.fullmatch(text.strip())
    if not matches:
        return None
    clock_time = f"{matches['hour']}:{matches['minute']}:{matches['second']}{(matches['fraction'] or '').ljust(7, '0')}"
    try:
        moment = datetime.datetime.fromisoformat(
            f"{matches['day']}T{clock_time if matches['fraction'] else clock_time[:8]}"
        )
        zone = _zone(matches["zone"]) if matches["zone"] else assumed
        return moment.replace(tzinfo=zone).astimezone(datetime.UTC)
    except (ValueError, OverflowError, OSError):
        return None


def iso_stamp(moment: datetime.datetime) -> str:
    """Return a moment in UTC as a receipt says it, to the microsecond.

    >>> iso_stamp(datetime.datetime(2026, 11, 22, 12, 1, 2, 0, datetime.UTC))
    '2026-11-22T12:01:02.000000+00:00'
    """
    return moment.astimezone(datetime.UTC).isoformat(timespec="microseconds")


def read_iso_stamp(text: object) -> datetime.datetime | None:
    """Return in UTC the moment of a receipt's stamp; None where it is none, or does not say its zone."""
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.datetime.fromisoformat(text)
        return moment.astimezone(datetime.UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def folder_stamp(moment: datetime.datetime, *, fraction: bool = True) -> str:
    """Return a moment by the clock in its own zone, as it can stand in the name of a file or folder on any system.

    >>> moment = datetime.datetime(2026, 11, 22, 12, 1, 2, 345678, datetime.UTC)
    >>> folder_stamp(moment), folder_stamp(moment, fraction=False)
    ('2026-11-22-120102-345678', '2026-11-22-120102')
    """
    return moment.strftime("%Y-%m-%d-%H%M%S-%f" if fraction else "%Y-%m-%d-%H%M%S")


def without_colons(stamp: str) -> str:
    """Return a stamp with dashes for its colons, for a folder's name where the system allows no colon there.

    >>> without_colons("2026-11-22 12:01:02.345678 UTC")
    '2026-11-22 12-01-02.345678 UTC'
    """
    return stamp.replace(":", "-")


def _zone(name: str) -> datetime.tzinfo:
    """Return the zone of an offset or a name; raises ValueError for one that is not known."""
    if name in ("UTC", "Z", "GMT"):
        return datetime.UTC
    if name[0] in "+-":
        hours, minutes = int(name[1:3]), int(name[-2:])
        ahead = datetime.timedelta(hours=hours, minutes=minutes)
        return datetime.timezone(-ahead if name[0] == "-" else ahead)
    try:
        return zoneinfo.ZoneInfo(name)
    except zoneinfo.ZoneInfoNotFoundError:
        raise ValueError(name) from None
