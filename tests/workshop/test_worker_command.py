"""What `course workshop --worker` refuses before it begins, and what else knows that sessions are in a database."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from course.core.errors import StoreUnusable
from course.workshop.commands import ListenOptions
from course.workshop.sessions.overdue import DEMO, REAL, end_overdue_sessions, key_folder, store_place, store_url
from course.workshop.worker import run_worker
from tests.cases import every

PUBLIC = "https://trust.example.org"
DATABASE = "postgresql:///nowhere?host=/nowhere"
KEYS = "/nowhere/keys"


@every("name", ["A", "a b", "a/b", "a" * 31, "../a", "ä", "a,b"])
def test_a_name_that_no_cookie_could_hold_is_refused(name: str) -> None:
    with pytest.raises(StoreUnusable, match="cannot be a worker"):
        run_worker(name, ListenOptions(public_address=PUBLIC))


@every(
    "sessions, keys, public",
    [("", KEYS, PUBLIC), ("sqlite:////tmp/a.sqlite", KEYS, PUBLIC), (DATABASE, "", PUBLIC), (DATABASE, KEYS, "")],
)
def test_what_workers_share_has_to_be_set(sessions: str, keys: str, public: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BUILDING_TRUST_SESSIONS", sessions)
        patch.setenv("BUILDING_TRUST_SESSION_KEYS", keys)
        with pytest.raises(StoreUnusable, match="shares with others"):
            run_worker("a1", ListenOptions(public_address=public))


def test_a_database_is_for_real_sessions_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BUILDING_TRUST_SESSIONS", DATABASE)
    assert store_url(store_place(REAL)).startswith("postgresql+psycopg:")
    assert store_url(store_place(DEMO)).startswith("sqlite:")


def test_another_command_leaves_the_keys_of_workers_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It could not reach the database, and a session that is due is the workers' to close."""
    monkeypatch.setenv("BUILDING_TRUST_SESSION_KEYS", str(tmp_path))
    key = tmp_path / "0a0b0c0d-0123456789abcdef.json"
    key.write_text("{}")
    os.utime(key, (time.time() - 7200, time.time() - 7200))
    assert key_folder(store_place(REAL)).session_ids() == {"0a0b0c0d"}
    monkeypatch.setenv("BUILDING_TRUST_SESSIONS", DATABASE)
    end_overdue_sessions()
    assert key.exists()
