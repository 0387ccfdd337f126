"""`course workshop` serves rounds beside its rooms; a rehearsal does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from course.records.raters.round_client import RoundClient
from course.records.raters.round_wire import RoundSecret
from tests.others.stored_rounds import CODES
from tests.ports import free_port
from tests.workshop.live_server import Browser
from tests.workshop.workshop_process import console_link, interrupt, read_until, start

pytestmark = pytest.mark.slow


def test_the_workshops_server_takes_rounds_and_has_them_again_after_a_restart(tmp_path: Path) -> None:
    port = free_port()
    process = start(tmp_path, "--port", str(port))
    _, path = console_link(read_until(process, "Ctrl-C"))
    secret = RoundSecret.new()
    client = RoundClient(f"http://127.0.0.1:{port}", secret)
    made = client.make(7)
    assert made.address == f"http://127.0.0.1:{port}/o/{secret.link}"
    rater = Browser(port)
    token = rater.form(f"/o/{secret.link}", {}).body.decode().partition('name="token" value="')[2].partition('"')[0]
    assert rater.form(f"/o/{secret.link}/answers", {"token": token, CODES[0]: 4}).status == 200
    assert rater.get("/").status == 200
    assert Browser(port).get(path).status == 303
    interrupt(process)
    process = start(tmp_path, "--port", str(port))
    read_until(process, "Ctrl-C")
    assert client.state() == made
    client.cancel()
    interrupt(process)
    assert list((tmp_path / "workshop" / "others" / "keys").iterdir()) == []


def test_rounds_that_are_damaged_are_told_of_in_words_and_the_live_session_goes_on(tmp_path: Path) -> None:
    damaged = tmp_path / "workshop" / "others" / "rounds.sqlite"
    damaged.parent.mkdir(parents=True)
    damaged.write_bytes(b"no file of SQLite" * 300)
    process = start(tmp_path)
    said = read_until(process, "Ctrl-C")
    assert said.count(f"{damaged}, where rounds are stored, is damaged.") == 1
    assert f"Move the folder {damaged.parent} to another place" in said
    assert "The live session goes on" in said
    assert ".py:" not in said, "the places in the code are for the log file"
    port, path = console_link(said)
    assert Browser(port).get(path).status == 303
    assert Browser(port).get("/o/" + "0" * 32).status == 503
    assert not interrupt(process).count("damaged"), "said once"
    assert damaged.read_bytes() == b"no file of SQLite" * 300
    assert ".py:" in (tmp_path / "logs" / "errors.log").read_text(encoding="utf-8")


def test_a_rehearsal_takes_none(tmp_path: Path) -> None:
    process = start(tmp_path, "--demo", "1")
    port, _ = console_link(read_until(process, "Ctrl-C"))
    assert Browser(port).get("/o/" + "0" * 32).status == 404
    assert Browser(port).send("/others/round", {"action": "state"}).status == 404
    interrupt(process)
    assert not (tmp_path / "workshop" / "others").exists()
