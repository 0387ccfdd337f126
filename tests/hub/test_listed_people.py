"""Whoever is taken off the lists of a cohort loses their rights as the Hub starts again: with the Hub's own code."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest
from jupyterhub import orm, scopes
from jupyterhub.app import JupyterHub
from jupyterhub.auth import DummyAuthenticator
from traitlets.config import Config

from course.hub import Cohort, SessionService, apply

ROOMS = SessionService("https://rooms.example.org", "0" * 64)
OPEN_DESK, OPEN_ROOMS = "access:servers!user=building-trust-a", f"access:services!service={ROOMS.name}"


def cohort(learners: Sequence[str], trainers: Sequence[str]) -> Cohort:
    return Cohort("a", Path("/srv/a/work"), Path("/srv/a/exchange"), learners=learners, trainers=trainers)


def rights(folder: Path, listed: Cohort, *names: str, settings: Config | None = None) -> dict[str, set[str]]:
    """Return what these people may do at a Hub that has started with a cohort, and keeps its database in the folder."""
    c = settings or Config()
    c.JupyterHub.authenticator_class = "dummy"
    c.JupyterHub.db_url = f"sqlite:///{folder}/hub.sqlite"
    apply(c, [listed], cull_after=0, sessions=ROOMS)
    return asyncio.run(_rights(c, names))


async def _rights(c: Config, names: Sequence[str]) -> dict[str, set[str]]:
    hub = JupyterHub(config=c)
    hub.init_db()
    hub.authenticator = hub.authenticator_class(parent=hub)
    await hub.init_role_creation()
    await hub.init_groups()
    await hub.init_role_assignment()
    try:
        people = {name: orm.User.find(hub.db, name) for name in names}
        return {name: set(scopes.get_scopes_for(person)) for name, person in people.items()}
    finally:
        hub.db.close()
        hub.session_factory.kw["bind"].dispose()


def test_a_trainer_who_is_taken_off_the_list_has_no_way_to_the_work_or_the_rooms(tmp_path: Path) -> None:
    before = rights(tmp_path, cohort(["s01"], ["t1", "t2"]), "s01", "t1", "t2")
    assert {name for name, may in before.items() if {OPEN_DESK, OPEN_ROOMS} <= may} == {"t1", "t2"}
    after = rights(tmp_path, cohort(["s01"], ["t2"]), "s01", "t1", "t2")
    assert {name for name, may in after.items() if {OPEN_DESK, OPEN_ROOMS} & may} == {"t2"}
    nobody = rights(tmp_path, cohort(["s01"], []), "t1", "t2")
    assert {name for name, may in nobody.items() if {OPEN_DESK, OPEN_ROOMS} & may} == set()


@pytest.mark.parametrize("section", ["Authenticator", "DummyAuthenticator"])
def test_a_hub_starts_whose_authenticator_manages_groups_however_that_is_set(tmp_path: Path, section: str) -> None:
    c = Config()
    c[section].manage_groups = True
    rights(tmp_path, cohort([], []), settings=c)
    assert "load_groups" not in c.JupyterHub


@pytest.mark.parametrize("section", ["", "Authenticator", "DummyAuthenticator"])
def test_nobody_logs_in_under_the_name_of_the_account_whose_server_the_trainers_share(section: str) -> None:
    seen = []

    async def own_hook(authenticator: object, handler: object, login: object) -> object:
        seen.append(login)
        return login

    c = Config()
    c.Authenticator.allow_all = True
    if section:
        c[section].post_auth_hook = own_hook
    apply(c, [cohort(["s01"], ["t1"])])
    authenticator = DummyAuthenticator(config=c)

    def name_after_login(typed: str) -> str | None:
        login = asyncio.run(authenticator.get_authenticated_user(None, {"username": typed, "password": "synthetic"}))
        return login["name"] if login else None

    assert [name_after_login(typed) for typed in ("s01", "building-trust-a", "Building-Trust-A", "t1")] == [
        "s01",
        None,
        None,
        "t1",
    ]
    assert len(seen) == (4 if section else 0), "what an administrator has set happens too"
