"""A store that several workers share, in a real PostgreSQL: one owner a session, and nothing is written without it."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from course.core.errors import StoreUnusable
from course.workshop.store.ownership import APPLICATION, NotOwned, OwnedElsewhere
from course.workshop.store.session_keys import KeyFolder
from course.workshop.store.store import Store
from tests.postgresql import PostgreSQL, running_postgresql
from tests.waiting import wait_until
from tests.workshop.store.test_store import Outcomes, change

pytestmark = pytest.mark.slow

FIRST, SECOND = "0a0b0c0d", "ff0b0c0d"


@pytest.fixture(scope="module")
def server() -> Iterator[PostgreSQL]:
    with running_postgresql() as server:
        yield server


@pytest.fixture
def database(server: PostgreSQL, request: pytest.FixtureRequest) -> str:
    return server.new_database(f"{zlib.crc32(request.node.name.encode())}")


@pytest.fixture
def open_store(database: str, tmp_path: Path) -> Iterator[Callable[..., tuple[Store, Outcomes]]]:
    stores = []

    def make(worker: str, keys: Path | None = None) -> tuple[Store, Outcomes]:
        outcomes = Outcomes()
        store = Store(database, KeyFolder(keys or tmp_path / "keys"), outcomes.batches.put, 0.0, worker)
        stores.append(store)
        return store, outcomes

    yield make
    for store in stores:
        store.close()


def take(store: Store, outcomes: Outcomes, session: str) -> Exception | None:
    store.take(session, lambda error: outcomes.heard.append(("take", error)))
    return outcomes.hear()[-1][1]


def put(store: Store, outcomes: Outcomes, session: str, revision: int = 1) -> Exception | None:
    outcomes.put(store, "put", change(1, revision, "A", session))
    return outcomes.hear()[-1][1]


def cut(server: PostgreSQL, worker: str) -> None:
    """End a worker's database session from outside, as an administrator or a failing network does.

    The database tells the worker, and lets go of what it held a moment later: that is waited for.
    """
    ours = f"SELECT pid FROM pg_stat_activity WHERE application_name = '{APPLICATION}{worker}'"
    [(process,)] = server.execute(ours)
    assert server.execute(f"SELECT pg_terminate_backend({process})") == [(True,)]
    wait_until(lambda: (process,) not in server.execute(ours))


@pytest.mark.parametrize("session", [FIRST, SECOND])
def test_one_worker_owns_a_session_and_the_others_see_which(open_store: Callable, session: str) -> None:
    (a, heard_a), (b, heard_b) = open_store("a"), open_store("b")
    assert (a.is_shared, b.owner(session)) == (True, "")
    assert take(a, heard_a, session) is None
    assert take(a, heard_a, session) is None, "asking twice changes nothing"
    assert isinstance(take(b, heard_b, session), OwnedElsewhere)
    assert (a.owner(session), b.owner(session)) == ("a", "a")
    assert take(b, heard_b, "01020304") is None, "another session is free"


def test_whoever_reads_and_writes_takes_a_silent_database_for_gone_within_seconds(open_store: Callable) -> None:
    """Else a worker whose database has moved elsewhere would wait for the former one for a quarter of an hour."""
    (store, _) = open_store("a")
    for engine in (store._engine, store._ownership._engine):
        with engine.connect() as connection:
            asked = connection.connection.driver_connection.info.get_parameters()
        assert 0 < int(asked["tcp_user_timeout"]) <= 10_000
        assert 0 < int(asked["connect_timeout"]) <= 3


def test_nothing_is_written_of_a_session_that_another_worker_owns(open_store: Callable) -> None:
    (a, heard_a), (b, heard_b) = open_store("a"), open_store("b")
    take(a, heard_a, FIRST)
    assert put(a, heard_a, FIRST) is None
    assert isinstance(put(b, heard_b, FIRST, 2), NotOwned)
    assert isinstance(put(b, heard_b, SECOND), NotOwned), "nor of one that nobody owns"
    assert [revision for _, _, revision, _ in b.answers(FIRST)] == [1]
    assert b.answers(SECOND) == []


def test_what_is_written_together_fails_alone(open_store: Callable) -> None:
    store, heard = open_store("a")
    take(store, heard, FIRST)
    for session in (SECOND, FIRST):
        outcomes_of = change(1, 1, "A", session)
        heard.put(store, session, outcomes_of)
    wait_until(lambda: not heard.batches.empty() or len(heard.heard) == 3)
    while len(heard.heard) < 3:
        heard.hear()
    told = dict(heard.heard[1:])
    assert (isinstance(told[SECOND], NotOwned), told[FIRST]) == (True, None)


def test_a_cut_database_session_loses_everything_at_once(server: PostgreSQL, open_store: Callable) -> None:
    """Nobody writes anything here: the worker looks after its database session by itself."""
    (a, heard_a), (b, heard_b) = open_store("a"), open_store("b")
    lost: list[str] = []
    a.lost = lambda: lost.append("a")
    take(a, heard_a, FIRST)
    put(a, heard_a, FIRST)
    cut(server, "a")
    heard_a.hear()
    assert lost == ["a"]
    assert a.failure
    assert take(b, heard_b, FIRST) is None
    assert isinstance(put(a, heard_a, FIRST, 2), NotOwned)
    assert put(b, heard_b, FIRST, 3) is None
    assert [revision for _, _, revision, _ in a.answers(FIRST)] == [3]


def test_a_cut_during_a_write_is_no_success(server: PostgreSQL, open_store: Callable) -> None:
    (a, heard_a) = open_store("a")
    lost: list[str] = []
    a.lost = lambda: lost.append("a")
    take(a, heard_a, FIRST)
    cut(server, "a")
    heard_a.put(a, "put", change(1, 1, "A", FIRST))
    while heard_a.hear()[-1][0] != "put":
        continue
    assert (lost, heard_a.heard[-1][1] is None) == (["a"], False)
    assert a.answers(FIRST) == []
    assert take(a, heard_a, FIRST) is None, "it comes back in a new database session"
    assert put(a, heard_a, FIRST) is None
    assert a.failure is None


def test_a_pooler_that_changes_the_database_session_is_noticed(open_store: Callable) -> None:
    """So does one in transaction mode: what comes next runs in another process of the server, without any lock."""
    (a, heard_a), (b, heard_b) = open_store("a"), open_store("b")
    lost: list[str] = []
    a.lost = lambda: lost.append("a")
    take(a, heard_a, FIRST)
    a._ownership._connection.invalidate()
    heard_a.put(a, "put", change(1, 1, "A", FIRST))
    while heard_a.hear()[-1][0] != "put":
        continue
    assert (lost, heard_a.heard[-1][1] is None) == (["a"], False)
    assert a.answers(FIRST) == []
    assert take(b, heard_b, FIRST) is None


def test_a_worker_that_ends_leaves_its_sessions_to_others(open_store: Callable) -> None:
    (a, heard_a), (b, heard_b) = open_store("a"), open_store("b")
    take(a, heard_a, FIRST)
    a.close()
    wait_until(lambda: b.owner(FIRST) == "")
    assert take(b, heard_b, FIRST) is None


def test_an_erased_session_is_owned_no_longer(open_store: Callable) -> None:
    store, heard = open_store("a")
    take(store, heard, FIRST)
    put(store, heard, FIRST)
    store.erase(FIRST, lambda error: heard.heard.append(("erase", error)))
    assert heard.hear()[-1] == ("erase", None)
    wait_until(lambda: store.owner(FIRST) == "")
    assert store.answers(FIRST) == []


def test_two_workers_cannot_have_one_name(open_store: Callable) -> None:
    open_store("a")
    with pytest.raises(StoreUnusable, match="with the name a runs"):
        open_store("a")


def test_another_folder_of_keys_is_refused(open_store: Callable, tmp_path: Path) -> None:
    """With it, every session would seem to have lost its keys."""
    open_store("a")
    (tmp_path / "elsewhere").mkdir()
    with pytest.raises(StoreUnusable, match="not the one that belongs"):
        open_store("b", tmp_path / "elsewhere")
    open_store("b")


def test_a_folder_of_keys_that_is_gone_says_nothing_of_any_session(open_store: Callable, tmp_path: Path) -> None:
    store, _ = open_store("a")
    assert store.keys.is_lost(FIRST)
    (tmp_path / "keys").rename(tmp_path / "away")
    (tmp_path / "keys").mkdir()
    assert not store.keys.is_lost(FIRST), "an empty mount point is not the folder"
    with pytest.raises(OSError, match="name-of-this-folder"):
        store.keys.session_ids()


def test_a_database_out_of_reach_is_said_so(database: str, tmp_path: Path) -> None:
    with pytest.raises(StoreUnusable, match="database"):
        Store(database + "/nowhere", KeyFolder(tmp_path / "keys"), lambda done: None)
