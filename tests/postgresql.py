"""A PostgreSQL server of a test's own: it listens at a socket in a folder, and its files go with it."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

_ROLE: Final = "tests"
_OTHER_USER: Final = "nobody"
"""Who runs the server where the tests run as root, as whom it refuses to start."""


@dataclass
class PostgreSQL:
    """A server that runs, or can be begun, and the commands of its version."""

    folder: Path
    commands: Path
    as_user: dict[str, Any]
    """As whom it runs, as `subprocess` takes it."""
    process: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        """The folder of all its databases."""
        return self.folder / "data"

    def start(self) -> None:
        """Begin, or begin again, and wait until it takes connections."""
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": self.folder,
            "fsync": "off",
            "max_connections": 60,
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            command = [self.commands / "postgres", "-D", self.data, *options]
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder, **self.as_user)
        ready = [self.commands / "pg_isready", "-q", "-h", self.folder, "-t", "30"]
        while subprocess.run(ready, check=False).returncode:
            assert self.process.poll() is None, (self.folder / "log").read_text(errors="replace")

    def stop(self, *, at_once: bool = False) -> None:
        """Cut off whoever is connected and end; `at_once` as in a crash, so that it recovers as it begins again."""
        if self.process:
            self.process.send_signal(signal.SIGQUIT if at_once else signal.SIGINT)
            self.process.wait(30)

    def new_database(self, name: str, copied: str = "template1") -> str:
        """Make a database that is empty, or a copy of another one, and return its URL for SQLAlchemy."""
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{copied}"')
        return f"postgresql+psycopg://{_ROLE}@/{name}?host={self.folder}"

    def new_database_of(self, user: str, name: str) -> str:
        """Make an empty database of a user of this machine, and return its URL for that user, without a name in it."""
        with contextlib.suppress(Exception):
            self.execute(f'CREATE ROLE "{user}" LOGIN')
        self.execute(f'CREATE DATABASE "{name}" OWNER "{user}"')
        self.execute(f'REVOKE CONNECT ON DATABASE "{name}" FROM PUBLIC')
        return f"postgresql:///{name}?host={self.folder}"

    def execute(self, statement: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """Run one statement, outside a transaction, and return its rows."""
        import psycopg

        with psycopg.connect(dbname=database, user=_ROLE, host=str(self.folder), autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []


@contextlib.contextmanager
def running_postgresql(*, is_shared: bool = False) -> Iterator[PostgreSQL]:
    """Run a server in this block. Skips the test where PostgreSQL is not installed; in CI that fails.

    Where it is shared, all users of this machine reach it, each as who they are by the system's own word.
    """
    commands = _commands()
    if commands is None:
        assert not os.environ.get("CI"), "PostgreSQL is not installed: its commands initdb and postgres are needed."
        pytest.skip("PostgreSQL is not installed.")
    folder = Path(tempfile.mkdtemp(prefix="bt-pg-", dir="/tmp"))  # a socket's path has at most 107 signs
    user = pwd.getpwnam(_OTHER_USER) if os.geteuid() == 0 else None
    if user:
        os.chown(folder, user.pw_uid, user.pw_gid)
    as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    server = PostgreSQL(folder, commands, as_user)
    try:
        data = server.data
        subprocess.run(
            [commands / "initdb", "-D", data, "-U", _ROLE, "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C"],
            check=True, stdout=subprocess.DEVNULL, cwd=folder, **as_user,
        )  # fmt: skip
        if is_shared:
            folder.chmod(0o755)
            own = pwd.getpwuid(os.geteuid()).pw_name
            (data / "pg_ident.conf").write_text(f"tests {own} {_ROLE}\n")
            (data / "pg_hba.conf").write_text(f"local all {_ROLE} peer map=tests\nlocal all all peer\n")
        try:
            server.start()
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _commands() -> Path | None:
    """Return the folder of PostgreSQL's commands; Debian keeps those of servers out of the search path."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return folders[-1] if folders else None
