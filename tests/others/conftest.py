"""What the tests of rounds start from.

`place`: where rounds are stored: in turn on SQLite and on PostgreSQL; `rounds`: all rounds there; `host`: a running
server of rounds on SQLite, on a Monday.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from course.others.rounds import Rounds
from tests.others.round_host import RoundHost, host_on_monday
from tests.others.stored_rounds import RoundPlace
from tests.postgresql import PostgreSQL, running_postgresql
from tests.workshop.quick_store import no_wait_for_the_store  # noqa: F401  # a fixture


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    with running_postgresql() as server:
        yield server


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> RoundPlace:
    if request.param == "SQLite":
        return RoundPlace(f"sqlite:///{tmp_path / 'rounds.sqlite'}", tmp_path / "keys")
    server: PostgreSQL = request.getfixturevalue("postgresql")
    return RoundPlace(server.new_database(f"rounds_{uuid.uuid4().hex}"), tmp_path / "keys")


@pytest.fixture
def rounds(place: RoundPlace) -> Iterator[Rounds]:
    rounds = place.open()
    yield rounds
    rounds.close()


@pytest.fixture
def host(tmp_path: Path) -> Iterator[RoundHost]:
    with host_on_monday(tmp_path) as host:
        yield host
