"""`course others host` as the process that people start: killed, started again, ended, on both kinds of database."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

from course.core.steady_clock import start_of_computer
from course.others import commands
from course.others.overdue import ROUNDS
from course.records.raters.round_wire import RoundSecret
from course.workshop.sessions.overdue import clock_file, store_place
from tests.others.stored_rounds import CODES
from tests.ports import free_port
from tests.postgresql import PostgreSQL
from tests.workshop.live_server import Browser, Reply

pytestmark = pytest.mark.slow
HOST = "trust.example.org"


class HostProcess:
    """The command, behind a proxy that the test plays."""

    def __init__(self, folder: Path, port: int, **variables: str) -> None:
        self.output, self.port = folder / f"output-{uuid.uuid4().hex}", port
        command = [sys.executable, "-m", "course", "others", "host", "--port", str(port)]
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [*command, "--public-address", f"https://{HOST}/rounds"],
                stdout=subprocess.PIPE, stderr=output, env={**os.environ, **variables, "PYTHONUNBUFFERED": "1"},
            )  # fmt: skip
        assert self.process.stdout
        self.said = b""
        while b"Ctrl-C" not in self.said:
            line = self.process.stdout.readline()
            assert line, self.output.read_text()
            self.said += line

    def ask(self, secret: RoundSecret, action: str, **fields: object) -> Reply:
        headers = {"Authorization": f"Bearer {secret.text}", "Host": HOST}
        return Browser(self.port).send("/rounds/others/round", {"action": action, **fields}, **headers)

    def answer(self, secret: RoundSecret, point: int) -> None:
        browser, path = Browser(self.port), f"/rounds/o/{secret.link}"
        page = browser.form(path, {}, Host=HOST).body.decode()
        token = page.partition('name="token" value="')[2].partition('"')[0]
        sent = browser.form(f"{path}/answers", {"token": token, **dict.fromkeys(CODES, point)}, Host=HOST)
        assert sent.status == 200

    def end(self, sign: signal.Signals) -> int:
        self.process.send_signal(sign)
        self.process.communicate(timeout=60)
        return self.process.returncode


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def variables(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    if request.param == "SQLite":
        return {}
    server: PostgreSQL = request.getfixturevalue("postgresql")
    return {
        "BUILDING_TRUST_SESSIONS": server.new_database(f"host_{uuid.uuid4().hex}"),
        "BUILDING_TRUST_SESSION_KEYS": str(tmp_path / "keys"),
    }


def test_rounds_outlive_a_killed_server_and_nothing_of_them_is_in_its_output(
    tmp_path: Path, variables: dict[str, str]
) -> None:
    secret, port = RoundSecret.new(), free_port()
    first = HostProcess(tmp_path, port, **variables)
    assert clock_file().exists() == bool(start_of_computer())
    assert f"https://{HOST}/rounds" in first.said.decode()
    made = first.ask(secret, "new", days=3).json
    assert made["address"] == f"https://{HOST}/rounds/o/{secret.link}"
    first.answer(secret, 5)
    assert first.end(signal.SIGKILL) == -signal.SIGKILL
    second = HostProcess(tmp_path, port, **variables)
    for point in (4, 5, 6, 7):
        second.answer(secret, point)
    assert second.ask(secret, "state").json == made
    refused = second.ask(secret, "open")
    assert (refused.status, secret.text in refused.body.decode()) == (409, False)
    assert second.ask(secret, "cancel").json == {"ended": True}
    assert second.end(signal.SIGTERM) == 0
    output = b"".join(path.read_bytes() for path in tmp_path.glob("output-*")) + first.said + second.said
    log = b"".join(path.read_bytes() for path in Path(os.environ["HOME"]).rglob("errors.log"))
    assert not any(text.encode() in output + log for text in (secret.text, secret.link, secret.round_id))


def test_two_servers_serve_the_same_rounds(tmp_path: Path, variables: dict[str, str]) -> None:
    """As workers behind one proxy do: whichever is asked."""
    if not variables:
        pytest.skip("On SQLite one server runs.")
    secret = RoundSecret.new()
    one, other = (HostProcess(tmp_path, free_port(), **variables) for _ in range(2))
    one.ask(secret, "new", days=3)
    for point, server in zip((3, 4, 5, 6, 7, 7), (one, other) * 3, strict=True):
        server.answer(secret, point)
    assert one.ask(secret, "state").json == other.ask(secret, "state").json
    assert other.ask(secret, "cancel").status == 200
    assert one.ask(secret, "state").status == 404
    for server in (one, other):
        assert server.end(signal.SIGTERM) == 0


@pytest.mark.parametrize(
    "sessions,said",
    [
        ("", "rounds.sqlite, where rounds are stored, is damaged."),
        ("postgresql://nobody@127.0.0.1:1/none", "The database in which rounds are stored cannot be used."),
    ],
)
def test_a_store_that_cannot_be_used_is_said_at_once_and_nobody_is_told_an_address(sessions: str, said: str) -> None:
    store = store_place(ROUNDS) / "rounds.sqlite"
    store.parent.mkdir(parents=True)
    store.write_bytes(b"no file of SQLite" * 300)
    environment = {**os.environ, "BUILDING_TRUST_SESSIONS": sessions}
    command = [sys.executable, "-m", "course", "others", "host", "--public-address", f"https://{HOST}"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment, check=False)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr


def test_an_address_that_this_computer_has_no_more_is_said_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In another network, links lead nowhere while the server goes on."""
    seen = []
    watch = commands.AddressWatch("192.168.1.20")
    for is_there in (True, False, False, True, True, False):
        monkeypatch.setattr(commands, "is_own_address", lambda address, is_there=is_there: is_there)
        asyncio.run(watch.look())
        seen.append(capsys.readouterr().out)
    assert [bool(said) for said in seen] == [False, True, False, True, False, True]
    assert "the address 192.168.1.20 no more" in seen[1]
    assert "the address 192.168.1.20 again" in seen[3]
