"""After the workshop: who said what is destroyed, the rest stays for some days, and erased is erased."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
import sqlalchemy as sql

from course.workshop import server
from course.workshop.session import OpenRoom
from course.workshop.store_tables import ANSWERS, PEOPLE
from tests.workshop.follower import Follower
from tests.workshop.stage import Host, Stage, answer

SECRET = "Sphinx of black quartz"


def left_in(folder: Path, text: str) -> list[str]:
    """Return the files of the store that hold a text."""
    return [path.name for path in folder.glob("rooms.sqlite*") if text.encode() in path.read_bytes()]


@pytest.fixture
def busy(stage: Stage, room: OpenRoom, host: Host) -> OpenRoom:
    """A room in which ten phones have said much."""
    for question in ("leak", "attention", "thanks"):
        host.press("open", question=question)
    for number in range(10):
        phone = stage.phone(room)
        answer(phone, room, "leak", "AC"[number % 2])
        answer(phone, room, "attention", f"{SECRET} {number}")
    for line in host.view()["lines"][:6]:
        host.press("approve", line=line["line"])
    for question in ("leak", "attention"):
        host.press("close", question=question)
        host.press("reveal", question=question)
    return room


def test_closing_destroys_who_said_what(stage: Stage, busy: OpenRoom, host: Host, tmp_path: Path) -> None:
    phone = stage.phone(busy)
    people, key = list(busy.live.people), busy.people.key if busy.people else b""
    approved = {line["text"] for line in host.view()["lines"] if line["standing"] == "approved"}
    other = {f"{SECRET} {number}" for number in range(10)} - approved
    shown = host.view("screen")["results"]
    assert host.press("close-room", days=7).status == 200
    assert stage.server._store.answers(busy.room) == []
    assert not [person for person in people if left_in(tmp_path, person)]
    assert not [text for text in other if left_in(tmp_path, text)]
    assert all(key not in path.read_bytes() for path in tmp_path.glob("rooms.sqlite*"))
    assert [result["lines"] for result in host.view("screen")["results"]] == [result["lines"] for result in shown]
    assert host.get(f"/console/{busy.room}/export.csv").status == 200
    assert answer(phone, busy, "leak", "A", 9).status == 410
    assert host.press("open", question="leak").status == 410


def test_what_stays_after_closing_is_there_after_a_restart(stage: Stage, busy: OpenRoom, host: Host) -> None:
    host.press("close-room", days=7)
    taken = host.get(f"/console/{busy.room}/export.json").json
    assert taken["charts"][0]["spec"]["parts"][0]["shown"]["counts"] == {"A": 5, "B": 0, "C": 5}
    joined = host.view("screen")["joined"]
    stage.restart()
    assert host.get(f"/console/{busy.room}/export.json").json == taken
    assert host.view("screen")["joined"] == joined == 10


def test_deleting_leaves_no_byte_of_any_answer(stage: Stage, busy: OpenRoom, host: Host, tmp_path: Path) -> None:
    people, keys = list(busy.live.people), [busy.doors.key, busy.people.key if busy.people else b""]
    other = stage.new_room()
    assert left_in(tmp_path, SECRET)
    assert host.press("delete-room", sure="").status == 400
    assert "erased" in host.press("delete-room", sure="yes").json["deleted"]
    for path in tmp_path.glob("rooms.sqlite*"):
        data = path.read_bytes()
        assert SECRET.encode() not in data
        assert not [person for person in people if person.encode() in data]
        assert not [key for key in keys if key in data]
    assert other.room.encode() in (tmp_path / "rooms.sqlite").read_bytes()
    assert host.get(f"/console/{busy.room}/").status == 404


def test_with_the_last_room_the_file_goes(stage: Stage, busy: OpenRoom, host: Host, tmp_path: Path) -> None:
    host.press("delete-room", sure="yes")
    assert [path.name for path in tmp_path.glob("rooms.sqlite*") if path.suffix != ".lock"] == []
    again = stage.new_room()
    assert answer(stage.phone(again), again, "leak", "A").status == 409


def test_with_no_days_nothing_stays(stage: Stage, busy: OpenRoom, host: Host, tmp_path: Path) -> None:
    assert host.press("close-room", days=0).status == 200
    assert not left_in(tmp_path, SECRET)
    assert stage.server.house.rooms == {}


def test_days_are_at_most_seven_and_then_over(stage: Stage, busy: OpenRoom, host: Host) -> None:
    for days in (8, -1, "x", 3.5):
        assert host.press("close-room", days=days).status == 400
    assert busy.people
    host.press("close-room", days=2)
    today = datetime.date.today()
    stage.run(stage.server.sweep(today + datetime.timedelta(days=1)))
    assert busy.room in stage.server.house.rooms
    stage.run(stage.server.sweep(today + datetime.timedelta(days=2)))
    assert stage.server.house.rooms == {}


def test_no_file_tells_who_was_first_or_when(stage: Stage, busy: OpenRoom, host: Host) -> None:
    rows = stage.server._store.answers(busy.room)
    assert [row[:2] for row in rows] == sorted(row[:2] for row in rows)
    for table in (ANSWERS, PEOPLE):
        assert not [column.name for column in table.columns if isinstance(column.type, sql.DateTime | sql.Float)]
        with stage.server._store._engine.connect() as connection, pytest.raises(sql.exc.OperationalError):
            connection.exec_driver_sql(f"select rowid from {table.name}")


def test_a_server_that_goes_on_running_erases_what_is_over_and_lets_its_pages_go(
    stage: Stage, busy: OpenRoom, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    host.press("close-room", days=1)
    monkeypatch.setattr(server, "SWEEP", 0.01)
    stage.restart()
    follower = Follower(host, f"/console/{busy.room}/events")
    assert follower.next().startswith(b"event: room")
    stage.server.house.rooms[busy.room].gone_after = "2000-01-01"
    assert follower.next().startswith(b"event: gone")
    follower.close()
    assert stage.server.house.rooms == {}
