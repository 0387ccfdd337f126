"""Two cohorts on a real Hub with real users: their people, their folders, and the Hub's configuration."""

from __future__ import annotations

import contextlib
import secrets
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from course.trainer.coursework_folder import fill
from tests.hub import environment
from tests.hub.accounts import PREFIX, Accounts, accounts
from tests.hub.https_sites import HUB_HOST, ROOMS_HOST, https_sites
from tests.hub.running_hub import RunningHub, Visitor, running_hub
from tests.paths import ROOT
from tests.ports import free_ports
from tests.postgresql import PostgreSQL, running_postgresql

LEARNERS: Final = {
    "autumn": tuple(f"{PREFIX}s{number:02}" for number in range(1, 6)),
    "spring": tuple(f"{PREFIX}s{number:02}" for number in range(6, 11)),
}
TRAINERS: Final = {"autumn": f"{PREFIX}t1", "spring": f"{PREFIX}t2"}
EVERYBODY: Final = (*LEARNERS["autumn"], *LEARNERS["spring"])
ACCOUNTS: Final = {name: f"{PREFIX}{name}" for name in LEARNERS}
ROOMS_USER: Final = f"{PREFIX}rooms"
"""As whom the server of live sessions runs."""
IN_POSTGRESQL: Final = "spring"
"""The cohort whose gradebook is a database of this name; that of the other one is a file."""
PLACE: Final = Path("/var/tmp")

CONFIGURATION = """
from pathlib import Path
from course.hub import Cohort, SessionService, apply
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "jupyterhub.spawner.LocalProcessSpawner"
c.Spawner.start_timeout = c.Spawner.http_timeout = 240
apply(c, [{cohorts}], sessions=SessionService({rooms!r}, {token!r}))
"""


@dataclass(frozen=True)
class HubOfCohorts:
    """The Hub, its users, and the folders of the cohorts."""

    hub: RunningHub
    users: Accounts
    folder: Path
    https_port: int
    rooms_port: int
    """Where the server of live sessions is expected."""
    rooms_token: str = field(repr=False)
    postgresql: PostgreSQL
    """Has the gradebook of the cohort IN_POSTGRESQL."""

    @property
    def hub_address(self) -> str:
        """The Hub's address for browsers."""
        return f"https://{HUB_HOST}:{self.https_port}"

    @property
    def rooms_address(self) -> str:
        """The public address of live sessions."""
        return f"https://{ROOMS_HOST}:{self.https_port}"

    def coursework(self, cohort: str) -> Path:
        return self.folder / cohort / "coursework"

    def exchange(self, cohort: str) -> Path:
        return self.folder / cohort / "exchange"

    def learner(self, name: str) -> Visitor:
        """Return a learner with their server open."""
        return self._with_server(name, name)

    def trainer(self, cohort: str) -> Visitor:
        """Return a trainer with the server of the cohort's account open."""
        return self._with_server(TRAINERS[cohort], ACCOUNTS[cohort])

    def _with_server(self, name: str, of: str) -> Visitor:
        visitor = self.hub.visitor(name)
        if visitor.server("api/status", of=of).status != 200:
            self.hub.open_server(visitor, of=of)
        return visitor

    def open_all(self) -> None:
        """Open all servers, several at a time."""
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(self.learner, EVERYBODY))
            list(pool.map(self.trainer, LEARNERS))


@contextlib.contextmanager
def hub_of_cohorts() -> Iterator[HubOfCohorts]:
    """Run a Hub with two cohorts in this block, as an administrator sets one up on one machine."""
    environment.make()
    folder = PLACE / f"{PREFIX}hub"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o755)
    people = [ROOMS_USER, *TRAINERS.values(), *ACCOUNTS.values(), *LEARNERS["autumn"], *LEARNERS["spring"]]
    groups = {f"{PREFIX}{name}-members": (*LEARNERS[name], ACCOUNTS[name]) for name in LEARNERS}
    (folder / "hub").mkdir(mode=0o700)
    (folder / "homes").mkdir()
    try:
        with contextlib.ExitStack() as stack:
            users = stack.enter_context(accounts(folder / "homes", people, groups))
            for name in LEARNERS:
                _make_folders(folder / name, name)
            postgresql = stack.enter_context(running_postgresql(is_shared=True))
            gradebook = postgresql.new_database_of(ACCOUNTS[IN_POSTGRESQL], IN_POSTGRESQL)
            https_port, rooms_port = free_ports(2)
            rooms, token = f"https://{ROOMS_HOST}:{https_port}", secrets.token_hex(32)
            configuration = CONFIGURATION.format(cohorts=_cohorts(folder, gradebook), rooms=rooms, token=token)
            with (
                running_hub(folder / "hub", configuration) as hub,
                https_sites(folder / "nginx", https_port, hub.port, rooms_port),
            ):
                yield HubOfCohorts(hub, users, folder, https_port, rooms_port, token, postgresql)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _make_folders(place: Path, cohort: str) -> None:
    """Make a cohort's folders as DEPLOYING.md says: its members alone can enter, and the account owns what is its."""
    account = ACCOUNTS[cohort]
    place.mkdir()
    shutil.chown(place, "root", f"{PREFIX}{cohort}-members")
    place.chmod(0o750)
    fill_coursework(place / "coursework", account)
    (place / "exchange").mkdir()
    shutil.chown(place / "exchange", account, account)
    (place / "exchange").chmod(0o1777)


def fill_coursework(coursework: Path, account: str) -> None:
    """Make a course directory that is an account's."""
    fill(coursework, ROOT)
    for path in (coursework, *coursework.rglob("*")):
        shutil.chown(path, account, account)


def _cohorts(folder: Path, gradebook: str) -> str:
    return ", ".join(
        f"Cohort({name!r}, coursework=Path({str(folder / name / 'coursework')!r}), "
        f"exchange=Path({str(folder / name / 'exchange')!r}), learners={LEARNERS[name]!r}, "
        f"trainers=[{TRAINERS[name]!r}], account={ACCOUNTS[name]!r}, "
        f"gradebook={gradebook if name == IN_POSTGRESQL else ''!r})"
        for name in LEARNERS
    )
