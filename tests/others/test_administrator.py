"""An administrator who reads disk, database, log and backup, before a round ends and after."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import sqlalchemy as sql

from course.others.rater_forms import RaterForms
from course.others.round_table import ROUNDS
from course.others.rounds import Rounds
from course.records.raters.round_wire import RoundSecret
from course.workshop.store.encryption import Cipher, Unreadable
from course.workshop.store.session_keys import KeyFolder
from tests.others.stored_rounds import MONDAY, RoundPlace, answered_round, days, form_of, send

Row = dict[str, object]


def rows(place: RoundPlace) -> list[Row]:
    """Return what the database has, as whoever may read it sees it; a backup has the same."""
    engine = sql.create_engine(place.url)
    with engine.connect() as connection:
        read = [dict(row) for row in connection.execute(sql.select(ROUNDS)).mappings()]
    engine.dispose()
    return read


def read_forms(row: Row, keys: Path) -> list[RaterForms]:
    """Return the answers of a row that can be read with any key in a folder."""
    read = []
    for path in keys.glob("*.json"):
        found = KeyFolder(keys).read(*path.stem.split("-"))
        try:
            text = Cipher(found.contents).decrypt(str(row["answers"]), "answers", str(row["id"])) if found else ""
            read.append(RaterForms.from_text(text))
        except (Unreadable, ValueError):
            continue
    return read


def all_bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


@pytest.mark.parametrize("ending", ["open", "cancel", "sweep"])
def test_a_backup_can_be_read_until_the_end_and_never_after(rounds: Rounds, place: RoundPlace, ending: str) -> None:
    secret = answered_round(rounds, [1, 2, 3, 4, 5, 6, 7, 7])
    (backup,) = rows(place)
    (forms,) = read_forms(backup, place.keys)
    assert len(forms.forms) == 8
    if ending == "open":
        rounds.open(secret, days(1))
        (row,) = rows(place)
        assert row["answers"] == ""
    elif ending == "cancel":
        rounds.cancel(secret)
    else:
        rounds.sweep(days(7))
    assert read_forms(backup, place.keys) == []


def test_a_result_is_read_by_nobody_without_the_owners_secret_and_by_nobody_once_it_is_saved(
    rounds: Rounds, place: RoundPlace
) -> None:
    secret = answered_round(rounds, [4] * 8)
    rounds.open(secret, days(1))
    (backup,) = rows(place)
    (path,) = place.keys.glob("*.json")
    keys = KeyFolder(place.keys).read(*path.stem.split("-"))
    assert keys
    with pytest.raises(Unreadable):
        Cipher(keys.contents).decrypt(str(backup["result"]), "result", secret.round_id)
    rounds.acknowledge(secret)
    assert (rows(place), place.key_files()) == ([], [])


def test_nothing_that_is_stored_names_the_owner_the_raters_or_the_link(
    rounds: Rounds, place: RoundPlace, tmp_path: Path
) -> None:
    secret = RoundSecret.new()
    rounds.create(secret, 7, MONDAY)
    tokens = [send(rounds, secret, form_of(point)) for point in (3, 4, 5, 6, 7)]
    secrets = [secret.text, secret.link, *(part for token in tokens for part in token.split("."))]
    stored = str(rows(place)).encode() + all_bytes(tmp_path)
    assert secret.round_id.encode() in stored
    assert [text for text in secrets if text.encode() in stored] == []
    rounds.open(secret, days(1))
    assert [text for text in secrets if text.encode() in str(rows(place)).encode() + all_bytes(tmp_path)] == []


def test_what_is_stored_is_as_long_whoever_answered_what(rounds: Rounds, place: RoundPlace) -> None:
    none, few, many = (answered_round(rounds, points) for points in ([], [1], [7] * 60))
    lengths = {str(row["id"]): len(str(row["answers"])) for row in rows(place)}
    assert len({lengths[secret.round_id] for secret in (none, few, many)}) == 1
    five, eight = answered_round(rounds, [4] * 5), answered_round(rounds, [1, 2, 3, 4, 5, 6, 7, 7])
    for secret in (five, eight):
        rounds.open(secret, days(1))
    results = {str(row["id"]): len(str(row["result"])) for row in rows(place)}
    assert results[five.round_id] == results[eight.round_id] > 0


def test_the_stored_order_is_not_that_of_coming(rounds: Rounds, place: RoundPlace) -> None:
    secret = answered_round(rounds, [])
    opened = rounds.find_link(secret.link, MONDAY)
    assert opened
    came = []
    for point in (1, 2, 3, 4, 5, 6, 7) * 4:
        rater = opened.rater(send(rounds, secret, form_of(point)))
        assert rater
        came.append(rater)
    (row,) = rows(place)
    (forms,) = read_forms(row, place.keys)
    assert list(forms.forms) == sorted(came)


def test_no_file_of_sqlite_has_an_erased_row(rounds: Rounds, place: RoundPlace, tmp_path: Path) -> None:
    if not place.url.startswith("sqlite"):
        pytest.skip("PostgreSQL keeps erased rows in its log; the key alone makes them unreadable.")
    secret = answered_round(rounds, [4] * 6)
    (row,) = rows(place)
    assert str(row["answers"])[:60].encode() in all_bytes(tmp_path)
    rounds.open(secret, days(1))
    assert str(row["answers"])[:60].encode() not in all_bytes(tmp_path)
    assert str(row["key"]).encode() not in all_bytes(tmp_path)


def test_database_and_keys_are_their_owners_alone(rounds: Rounds, place: RoundPlace, tmp_path: Path) -> None:
    answered_round(rounds, [4])
    assert place.keys.stat().st_mode & 0o777 == 0o700
    files = [*place.key_files(), *tmp_path.glob("rounds.sqlite*")]
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}


def test_an_old_copy_of_the_database_does_not_open_a_round_again(
    rounds: Rounds, place: RoundPlace, tmp_path: Path
) -> None:
    """Whoever restores a backup and has the owner's secret gets nothing: the keys are not in it."""
    if not place.url.startswith("sqlite"):
        pytest.skip("The copy of a file is the same as a restored backup of PostgreSQL.")
    secret = answered_round(rounds, [4] * 6)
    shutil.copy(tmp_path / "rounds.sqlite", tmp_path / "backup.sqlite")
    rounds.open(secret, days(1))
    rounds.acknowledge(secret)
    restored = RoundPlace(f"sqlite:///{tmp_path / 'backup.sqlite'}", place.keys).open()
    assert [str(row["id"]) for row in rows(RoundPlace(f"sqlite:///{tmp_path / 'backup.sqlite'}", place.keys))]
    with pytest.raises(Exception, match="over"):
        restored.open(secret, days(1))
    restored.sweep(days(1))
    assert rows(RoundPlace(f"sqlite:///{tmp_path / 'backup.sqlite'}", place.keys)) == []
    restored.close()
