"""The server of live sessions beside a Hub, as its unit starts it, and what facilitators and phones do there."""

from __future__ import annotations

import contextlib
import re
import signal
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from course.hub import Cohort
from tests.hub.cohorts import ROOMS_USER, TRAINERS, HubOfCohorts
from tests.hub.person import Person, Seen
from tests.waiting import wait_until


@dataclass(frozen=True)
class Rooms:
    """The server: its public address, the port at which its own machine asks how it is, and what it said."""

    cohorts: HubOfCohorts
    address: str
    data: Path
    log: Path

    @property
    def own_port(self) -> int:
        found = re.search(r"at port (\d+) there", self.said())
        assert found, self.said()
        return int(found[1])

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def facilitator(self, cohort: str) -> Facilitator:
        """Return a trainer of a cohort who is logged in, on the page of their rooms."""
        person = Facilitator(TRAINERS[cohort])
        person.page = person.log_in(person.get(f"{self.address}/console/"))
        return person


@dataclass
class Facilitator(Person):
    """A trainer's browser."""

    page: Seen = field(init=False)
    """Where they are."""
    token: str = ""
    """What the forms of the console carry."""

    def press(self, action: str, **fields: object) -> Seen:
        """Send an action as a button of the console does."""
        token = {"X-Form-Token": self.token}
        return self.send(f"{self.page.address}action", {"action": action, **fields}, **token)

    def new_room(self) -> str:
        """Open a room, and return its name."""
        fields = dict(re.findall(r'<input type="hidden" name="(token|group)" value="([^"]*)"', self.page.text))
        origin = self.page.address.partition("/console/")[0]
        self.page = self.form(self.page.address, {**fields, "length": "short"}, origin=origin)
        found = re.search(r'data-token="(\w+)"', self.page.text)
        assert found, self.page.text
        self.token = found[1]
        return self.page.address.rstrip("/").rpartition("/")[2]

    def letters(self) -> str:
        """Return the six letters of the room."""
        found = re.search(r'<strong class="letters">(\w+)</strong>', self.get(self.page.address).text)
        assert found
        return found[1]


@contextlib.contextmanager
def running_rooms(cohorts: HubOfCohorts) -> Iterator[Rooms]:
    """Run the server in this block, with the settings that DEPLOYING.md names."""
    home = cohorts.users.home(ROOMS_USER)
    token_file = home / "token"
    token_file.write_text(cohorts.rooms_token)
    token_file.chmod(0o644)  # the home above it is its user's alone
    folders = Path("/nowhere"), Path("/nowhere/exchange")
    groups = [Cohort(name, *folders).trainers_group for name in TRAINERS]
    settings = {
        "PUBLIC_ADDRESS": cohorts.rooms_address,
        "HUB_API": cohorts.hub.api,
        "HUB_ADDRESS": cohorts.hub_address,
        "HUB_TOKEN_FILE": str(token_file),
        "FACILITATORS": ",".join(groups),
        "DATA": str(home / "data"),
    }
    log = cohorts.folder / "rooms.log"
    with log.open("wb") as said:
        process = cohorts.users.start(
            ROOMS_USER, said, "python", "-m", "course", "workshop", "--port", str(cohorts.rooms_port), "--no-browser",
            **{f"BUILDING_TRUST_{name}": value for name, value in settings.items()},
        )  # fmt: skip
    rooms = Rooms(cohorts, cohorts.rooms_address, home / "data", log)
    try:
        wait_until(lambda: process.poll() is not None or "at port" in rooms.said())
        assert process.poll() is None, rooms.said()
        yield rooms
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
