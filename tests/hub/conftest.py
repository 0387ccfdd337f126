"""What the tests of a real Hub share: `make test-hub` runs them, as root."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import filelock
import pytest

from tests.hub.accounts import PREFIX, remove_all
from tests.hub.cohorts import EVERYBODY, LEARNERS, PLACE, HubOfCohorts, hub_of_cohorts
from tests.hub.walk import Walk


@pytest.fixture(scope="session")
def as_root() -> Iterator[None]:
    """Have root, and nothing of a run that was killed.

    Users and folders have fixed names, so another run of these tests on this machine is waited for.
    """
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("This makes users, so it needs root: sudo make test-hub")
    with filelock.FileLock(PLACE / f"{PREFIX}hub.lock"):
        remove_all()
        yield


@pytest.fixture(scope="session")
def cohorts(as_root: None) -> Iterator[HubOfCohorts]:
    """Return a Hub with two cohorts."""
    with hub_of_cohorts() as cohorts:
        yield cohorts


@pytest.fixture(scope="session")
def walk(cohorts: HubOfCohorts) -> Walk:
    """Have both cohorts do an exercise from its release to the feedback on it."""
    walk = Walk(cohorts)
    cohorts.open_all()
    with ThreadPoolExecutor(4) as pool:
        for step, names in ((walk.release, LEARNERS), (walk.hand_in, EVERYBODY), (walk.mark, LEARNERS)):
            list(pool.map(step, names))
    return walk
