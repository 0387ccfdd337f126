"""Two workers of the live workshop as processes, a real PostgreSQL, and nginx with the course's own site."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest
import sqlalchemy as sql

from course.workshop.running_server import RunningServer, fresh_link
from course.workshop.store.ownership import APPLICATION, owner
from course.workshop.store.session_keys import KeyFolder, SessionKeys
from tests.browser.nginx import MISSING, nginx_path
from tests.paths import ROOT
from tests.ports import free_ports
from tests.postgresql import PostgreSQL, running_postgresql
from tests.waiting import wait_until
from tests.workshop.live_server import Browser

SITE: Final = ROOT / "course" / "hub" / "single-machine" / "nginx-workshop.conf"
NAMES: Final = ("1", "2")


@dataclass
class Facilitator:
    """The facilitator's browser, at the console of one session."""

    browser: Browser
    session: str
    token: str

    def press(self, action: str, **fields: object) -> None:
        headers = {"X-Form-Token": self.token}
        reply = self.browser.send(f"/console/{self.session}/action", {"action": action, **fields}, **headers)
        assert reply.status == 200, reply.body


@dataclass
class Workers:
    """The processes, and how they are started, ended and reached."""

    folder: Path
    postgresql: PostgreSQL
    database: str
    port: int
    """nginx's."""
    ports: dict[str, int]
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def keys(self) -> Path:
        return self.folder / "keys"

    @property
    def environment(self) -> dict[str, str]:
        """The settings of all workers."""
        return {
            **os.environ,
            "BUILDING_TRUST_DATA": str(self.folder / "data"),
            "BUILDING_TRUST_SESSIONS": self.database,
            "BUILDING_TRUST_SESSION_KEYS": str(self.keys),
            "BUILDING_TRUST_PUBLIC_ADDRESS": f"http://127.0.0.1:{self.port}",
        }

    def start(self, name: str) -> None:
        """Start a worker as its unit does, and wait until it answers."""
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", "course", "workshop", "--worker", name, "--port", str(self.ports[name])],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=self.environment,
            )  # fmt: skip
        wait_until(lambda: self.processes[name].poll() is not None or self.is_alive(name))
        assert self.processes[name].poll() is None, (self.folder / f"{name}.log").read_text()

    def is_alive(self, name: str, seconds: float = 1.0) -> bool:
        """Say whether a worker answers at `/health`, as whoever watches over it asks."""
        with contextlib.suppress(OSError):
            address = f"http://127.0.0.1:{self.ports[name]}/health"
            with urllib.request.urlopen(address, timeout=seconds) as reply:
                return bool(reply.status == 200)
        return False

    def end(self, name: str, number: signal.Signals) -> None:
        """Send a worker a signal that ends it, and wait until it has ended."""
        self.processes[name].send_signal(number)
        self.processes[name].wait(60)

    def cut(self, name: str) -> None:
        """End the database session in which a worker writes."""
        where = f"application_name = '{APPLICATION}{name}'"
        assert self.postgresql.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {where}")

    def owner(self, session: str) -> str:
        """Return the worker that owns a session."""
        engine = sql.create_engine(self.database, poolclass=sql.pool.NullPool)
        with engine.connect() as connection:
            return owner(connection, session)

    def new_session(self, name: str) -> Facilitator:
        """Open a session at a worker, as `course workshop` does."""
        running = self.running(name)
        browser = Browser(running.port)
        entered = browser.get(fresh_link(running).partition(f":{running.port}")[2])
        session = entered.headers["location"].strip("/").rpartition("/")[2]
        return self._facilitator(browser, session)

    def _facilitator(self, browser: Browser, session: str) -> Facilitator:
        page = browser.get(f"/console/{session}/").body.decode()
        token = re.search(r'data-token="(\w+)"', page)
        assert token, page
        return Facilitator(browser, session, token[1])

    def link(self, session: str) -> str:
        """Return the secret in the link of a session's QR code."""
        return KeyFolder(self.keys).open_sessions()[session].link

    def all_keys(self, session: str) -> list[SessionKeys]:
        """Return all keys of a session that are in the folder."""
        folder = KeyFolder(self.keys)
        names = [path.stem.partition("-")[2] for path in self.keys.glob(f"{session}-*.json")]
        return [keys for name in names if (keys := folder.read(session, name))]

    def contents_keys(self, session: str) -> list[bytes]:
        """Return those that encrypt what is stored of it."""
        return [keys.contents for keys in self.all_keys(session)]

    def running(self, name: str) -> RunningServer:
        """Return how the console of a worker is reached."""
        path = self.folder / "data" / "workshop" / "rooms" / f"running-{name}.json"
        return RunningServer(**json.loads(path.read_text(encoding="utf-8")))

    def close(self) -> None:
        for process in self.processes.values():
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            process.wait()


@contextlib.contextmanager
def running_workers(folder: Path, names: tuple[str, ...] = NAMES) -> Iterator[Workers]:
    """Run PostgreSQL, workers and nginx in this block. Skips the test where one of them is not installed."""
    program = nginx_path()
    if program is None:
        assert not os.environ.get("CI"), MISSING
        pytest.skip(MISSING)
    port, *ports = free_ports(1 + len(NAMES))
    with running_postgresql() as postgresql:
        database = postgresql.new_database("sessions")
        workers = Workers(folder, postgresql, database, port, dict(zip(NAMES, ports, strict=True)))
        try:
            for name in names:
                workers.start(name)
            with _nginx(folder, program, port, workers.ports):
                yield workers
        finally:
            workers.close()


@contextlib.contextmanager
def _nginx(folder: Path, program: str, port: int, ports: dict[str, int]) -> Iterator[None]:
    """Run nginx with the course's site, at other ports and without TLS."""
    site = SITE.read_text(encoding="utf-8")
    for name, own in ports.items():
        site = site.replace(f"127.0.0.1:889{name}", f"127.0.0.1:{own}")
    site = re.sub(r"server \{\n    listen 80;.*?\n\}\n", "", site, flags=re.DOTALL)
    site = re.sub(r"^ +ssl_.*\n", "", site, flags=re.MULTILINE).replace("443 ssl", f"127.0.0.1:{port} backlog=4096")
    (folder / "site.conf").write_text(site.replace("workshop.example.org", "127.0.0.1"))
    places = "".join(f"{name}_temp_path {folder}/{name};" for name in ("proxy", "fastcgi", "uwsgi", "scgi"))
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"daemon off; {user} pid {folder}/nginx.pid; worker_rlimit_nofile 20000;\n"
        f"events {{ worker_connections 8192; }}\n"
        f"http {{ {places} client_body_temp_path {folder}/body; include {folder}/site.conf; }}\n"
    )
    log = folder / "nginx.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [program, "-e", str(log), "-p", str(folder), "-c", str(folder / "nginx.conf")], stdout=output, stderr=output
        )
    try:
        wait_until(lambda: process.poll() is not None or _listens(port))
        assert process.poll() is None, log.read_text()
        yield
    finally:
        process.terminate()
        process.wait(30)


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2):
        return True
    return False
