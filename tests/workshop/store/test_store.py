"""The store: one commit for many, nothing acknowledged that is not on disk, and files it cannot use."""

from __future__ import annotations

import queue
import sqlite3
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sql

from course.core.errors import StoreUnusable
from course.workshop.store import tables
from course.workshop.store.session_keys import KeyFolder
from course.workshop.store.session_rows import RowChange
from course.workshop.store.store import Store
from tests.waiting import wait_until
from tests.workshop.quick_store import AS_SHIPPED


def change(person: int, revision: int, answer: str, session: str = "one") -> RowChange:
    row = {
        "room": session,
        "part": "leak",
        "person": f"synthetic-{person:03}",
        "revision": revision,
        "answer": answer,
    }
    return RowChange("answers", row)


class Outcomes:
    """What each writer was told of its changes, in order."""

    def __init__(self) -> None:
        self.batches: queue.Queue[Any] = queue.Queue()
        self.heard: list[tuple[str, Exception | None]] = []

    def put(self, store: Store, name: str, *changes: RowChange) -> None:
        store.put(changes, lambda error: self.heard.append((name, error)))

    def hear(self) -> list[tuple[str, Exception | None]]:
        self.batches.get(timeout=60)()
        return self.heard


@pytest.fixture
def outcomes() -> Outcomes:
    return Outcomes()


def open_store(folder: Path, outcomes: Outcomes, hold: float = 0.2) -> Store:
    return Store(f"sqlite:///{folder / 'rooms.sqlite'}", KeyFolder(folder / "keys"), outcomes.batches.put, hold)


def test_what_arrives_together_is_committed_together(tmp_path: Path, outcomes: Outcomes) -> None:
    store = open_store(tmp_path, outcomes)
    for person in range(30):
        outcomes.put(store, f"{person}", change(person, 1, '"A"'))
    assert len(outcomes.hear()) == 30
    assert len(store.answers("one")) == 30
    store.close()


def test_the_newest_revision_stays_whatever_the_order(tmp_path: Path, outcomes: Outcomes) -> None:
    store = open_store(tmp_path, outcomes)
    for revision in (2, 3, 1, 3):
        outcomes.put(store, f"{revision}", change(1, revision, f'"{revision}"'))
    outcomes.hear()
    assert store.answers("one") == [("leak", "synthetic-001", 3, '"3"')]
    store.close()


def test_who_could_not_be_saved_is_told_so_and_the_rest_goes_on(
    tmp_path: Path, outcomes: Outcomes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "BUSY_SECONDS", 0.1)
    store = open_store(tmp_path, outcomes, hold=0.0)
    other = sqlite3.connect(tmp_path / "rooms.sqlite", isolation_level=None)
    other.execute("begin immediate")
    outcomes.put(store, "held up", change(1, 1, '"Zebra"'))
    (name, error), *_ = outcomes.hear()
    assert (name, error is None) == ("held up", False)
    assert "Zebra" not in str(error)
    other.execute("rollback")
    other.close()
    outcomes.put(store, "again", change(1, 1, '"A"'))
    assert outcomes.hear()[-1] == ("again", None)
    assert len(store.answers("one")) == 1
    store.close()


def test_what_cannot_be_written_at_all_stops_nobody_else(tmp_path: Path, outcomes: Outcomes) -> None:
    store = open_store(tmp_path, outcomes, hold=0.0)
    outcomes.put(store, "no row", RowChange("answers", {"room": "one"}))
    assert isinstance(outcomes.hear()[-1][1], KeyError)
    outcomes.put(store, "after it", change(1, 1, '"A"'))
    assert outcomes.hear()[-1] == ("after it", None)
    store.close()


def test_once_it_is_calm_the_log_that_has_all_in_its_order_is_empty(
    tmp_path: Path, outcomes: Outcomes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("course.workshop.store.store.CALM", 0.05)
    store = open_store(tmp_path, outcomes, hold=0.0)
    log = tmp_path / "rooms.sqlite-wal"
    for person in (2, 0, 1):
        outcomes.put(store, f"{person}", change(person, 1, '"A"'))
        outcomes.hear()
    wait_until(lambda: log.stat().st_size == 0)
    assert len(store.answers("one")) == 3
    store.close()


def test_all_that_arrived_is_on_disk_when_it_stops(tmp_path: Path, outcomes: Outcomes) -> None:
    store = open_store(tmp_path, outcomes)
    for person in range(5):
        outcomes.put(store, f"{person}", change(person, 1, '"A"'))
    store.close()
    again = open_store(tmp_path, outcomes)
    assert len(again.answers("one")) == 5
    again.close()


def test_a_second_server_is_kept_away(tmp_path: Path, outcomes: Outcomes) -> None:
    store = open_store(tmp_path, outcomes)
    with pytest.raises(StoreUnusable, match="running"):
        open_store(tmp_path, outcomes)
    store.close()


def test_a_file_that_is_no_store_is_left_alone(tmp_path: Path, outcomes: Outcomes) -> None:
    """Its place is said, and once its folder is away, a new store opens."""
    place = tmp_path / "rooms"
    place.mkdir()
    (place / "rooms.sqlite").write_bytes(b"holiday pictures" * 100)
    with pytest.raises(StoreUnusable) as told:
        open_store(place, outcomes)
    assert told.value.message == f"{place / 'rooms.sqlite'}, where live rooms are stored, is damaged."
    assert told.value.hint.startswith(f"Move the folder {place} to another place")
    assert (place / "rooms.sqlite").read_bytes() == b"holiday pictures" * 100
    place.rename(tmp_path / "another")
    place.mkdir()
    open_store(place, outcomes).close()


def test_a_store_that_cannot_be_opened_is_not_called_damaged(tmp_path: Path, outcomes: Outcomes) -> None:
    (tmp_path / "rooms.sqlite").mkdir()
    with pytest.raises(StoreUnusable, match="cannot be read or written") as told:
        open_store(tmp_path, outcomes)
    assert str(tmp_path / "rooms.sqlite") in told.value.message


def test_nobody_else_on_this_machine_reads_it(tmp_path: Path, outcomes: Outcomes) -> None:
    store = open_store(tmp_path, outcomes)
    outcomes.put(store, "one", change(1, 1, '"A"'))
    outcomes.hear()
    assert {path.stat().st_mode & 0o077 for path in tmp_path.glob("rooms.sqlite*") if path.suffix != ".lock"} == {0}
    store.close()


def test_what_is_stored_outlasts_a_loss_of_power(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite says so by the number of `FULL`. Other tests do not wait for that."""
    monkeypatch.setattr(tables, "SYNCHRONOUS", AS_SHIPPED)
    engine = tables.open_engine(sql.make_url(f"sqlite:///{tmp_path / 'rooms.sqlite'}"))
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    engine.dispose()
