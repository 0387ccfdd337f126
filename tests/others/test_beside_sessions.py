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


def test_a_rehearsal_takes_none(tmp_path: Path) -> None:
    process = start(tmp_path, "--demo", "1")
    port, _ = console_link(read_until(process, "Ctrl-C"))
    assert Browser(port).get("/o/" + "0" * 32).status == 404
    assert Browser(port).send("/others/round", {"action": "state"}).status == 404
    interrupt(process)
    assert not (tmp_path / "workshop" / "others").exists()
