"""The Hub's settings for the course: `course.hub.configuration`, as traitlets reads `jupyterhub_config.py`."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from traitlets.config import Config

from course.core.errors import BadCohort
from course.hub import Cohort, SessionService, apply
from course.hub.configuration import CULLER, SERVER_SCOPES, START, environment_of
from tests.cases import every

A = Cohort(
    "a",
    Path("/srv/a/work"),
    Path("/srv/a/exchange"),
    "postgresql://u:secret@h/a",
    learners=("s01", "s02"),
    trainers=("t1",),
)
B = Cohort("b", Path("/srv/b/work"), Path("/srv/b/exchange"), learners=("s03",), trainers=("t2",), account="desk-b")


@dataclass
class Group:
    name: str


@dataclass
class User:
    name: str
    groups: list[Group] = field(default_factory=list)


@dataclass
class Spawner:
    """A spawner as far as the environment asks it."""

    user: User


def members(c: Any) -> dict[str, list[str]]:
    return {name: content["users"] for name, content in c.JupyterHub.load_groups.items()}


def role(c: Any, name: str) -> Any:
    (found,) = [role for role in c.JupyterHub.load_roles if role["name"] == name]
    return found


def test_people_are_in_the_groups_of_their_cohort_and_in_those_that_nbgrader_looks_for() -> None:
    c = Config()
    apply(c, [A, B])
    assert members(c) == {
        "nbgrader-building-trust": ["s01", "s02", "s03"],
        "formgrade-building-trust": ["t1", "building-trust-a", "t2", "desk-b"],
        "building-trust-a-learners": ["s01", "s02"],
        "building-trust-a-trainers": ["t1"],
        "building-trust-b-learners": ["s03"],
        "building-trust-b-trainers": ["t2"],
    }


def test_trainers_may_open_the_server_of_their_cohorts_account_and_nothing_else() -> None:
    c = Config()
    apply(c, [A, B])
    assert (role(c, "building-trust-b-trainers")["users"], role(c, "building-trust-b-trainers")["groups"]) == (
        ["t2"],
        [],
    )
    assert role(c, "building-trust-b-trainers")["scopes"] == [
        "access:servers!user=desk-b",
        "servers!user=desk-b",
        "read:users:name!user=desk-b",
        "list:users!user=desk-b",
    ]
    given = [scope for role in c.JupyterHub.load_roles if role["name"] != CULLER for scope in role["scopes"]]
    assert [scope for scope in given if "!" not in scope] == []


def test_what_an_administrator_set_stays_and_is_added_to() -> None:
    c = Config()
    c.JupyterHub.load_groups = {"nbgrader-building-trust": ["old"], "staff": {"users": ["x"], "properties": {"p": 1}}}
    c.JupyterHub.load_roles = [{"name": "server", "scopes": ["inherit"]}, {"name": "own", "scopes": ["list:users"]}]
    c.JupyterHub.services = [{"name": "grafana", "url": "http://127.0.0.1:3000"}]
    c.Spawner.cmd = ["wrapper", "jupyterhub-singleuser"]
    c.Spawner.environment = {"LANG": "C.UTF-8", "BUILDING_TRUST_EXCHANGE": "/own"}
    c.JupyterHub.authenticator_class = "own"
    apply(c, [A])
    assert members(c)["nbgrader-building-trust"] == ["old", "s01", "s02"]
    assert c.JupyterHub.load_groups["staff"] == {"users": ["x"], "properties": {"p": 1}}
    assert role(c, "server")["scopes"] == ["inherit", *SERVER_SCOPES]
    assert role(c, "own")["scopes"] == ["list:users"]
    assert [service["name"] for service in c.JupyterHub.services] == ["grafana", CULLER]
    assert c.Spawner.cmd == [*START, "wrapper", "jupyterhub-singleuser"]
    assert c.Spawner.environment["LANG"] == "C.UTF-8"
    assert c.Spawner.environment["BUILDING_TRUST_EXCHANGE"] == "/own"
    assert c.JupyterHub.authenticator_class == "own"
    assert "spawner_class" not in c.JupyterHub


def test_what_was_added_with_append_and_update_stays_too() -> None:
    c = Config()
    c.JupyterHub.load_roles.append({"name": "own", "scopes": ["list:users"]})
    c.JupyterHub.load_groups.update({"staff": {"users": ["x"]}})
    c.Spawner.environment.update({"LANG": "C.UTF-8"})
    apply(c, [A])
    assert role(c, "own")["scopes"] == ["list:users"]
    assert role(c, "server")
    assert members(c)["staff"] == ["x"]
    assert c.Spawner.environment["LANG"] == "C.UTF-8"


def test_where_the_authenticator_manages_groups_it_alone_puts_people_into_them() -> None:
    c = Config()
    c.Authenticator.manage_groups = True
    apply(c, [A])
    assert "load_groups" not in c.JupyterHub
    assert role(c, "building-trust-a-trainers")["groups"] == [A.trainers_group]
    assert role(c, "building-trust-a-trainers")["users"] == []


def test_where_nobody_is_listed_the_groups_have_the_rights() -> None:
    c = Config()
    filled_elsewhere = replace(B, learners=(), trainers=())
    apply(c, [A, filled_elsewhere], sessions=SessionService("https://rooms.example.org", "0" * 64))
    assert (role(c, "building-trust-b-trainers")["users"], role(c, "building-trust-b-trainers")["groups"]) == (
        [],
        [B.trainers_group],
    )
    assert role(c, "building-trust-sessions")["users"] == ["t1"]
    assert role(c, "building-trust-sessions")["groups"] == [B.trainers_group]


@pytest.mark.parametrize(
    "service",
    [
        {"name": "cull-idle", "url": "http://127.0.0.1:1"},
        {"name": "x", "command": ["python", "-m", "jupyterhub_idle_culler"]},
    ],
)
def test_idle_servers_are_ended_by_one_service_alone(service: dict[str, Any]) -> None:
    c = Config()
    c.JupyterHub.services = [service]
    apply(c, [A])
    assert c.JupyterHub.services == [service]


def test_trainers_alone_may_log_in_to_the_server_of_live_sessions() -> None:
    c = Config()
    c.JupyterHub.services = [{"name": "grafana", "url": "http://127.0.0.1:3000"}]
    apply(c, [A, B], sessions=SessionService("https://rooms.example.org/a/", "0" * 64))
    service = c.JupyterHub.services[1]
    assert [one["name"] for one in c.JupyterHub.services] == ["grafana", "building-trust-sessions", CULLER]
    assert service["oauth_client_id"] == "service-building-trust-sessions"
    assert service["oauth_redirect_uri"] == "https://rooms.example.org/a/login/back"
    assert "url" not in service  # the Hub's proxy is not in the way
    assert role(c, "building-trust-sessions")["scopes"] == ["access:services!service=building-trust-sessions"]
    assert role(c, "building-trust-sessions")["users"] == ["t1", "t2"]
    assert role(c, "building-trust-sessions")["groups"] == []


def test_a_hub_without_live_sessions_knows_no_such_service() -> None:
    c = Config()
    apply(c, [A], cull_after=0)
    assert "services" not in c.JupyterHub
    assert "building-trust-sessions" not in {role["name"] for role in c.JupyterHub.load_roles}


@every(
    "address, token, said",
    [
        ("rooms.example.org", "0" * 64, "cannot have the address"),
        ("https://rooms.example.org/?a", "0" * 64, "cannot have the address"),
        ("https://rooms.example.org", "synthetic", "too short"),
    ],
)
def test_a_server_of_live_sessions_that_cannot_be_is_said(address: str, token: str, said: str) -> None:
    with pytest.raises(BadCohort, match=said) as told:
        SessionService(address, token)
    assert token not in str(told.value)


def test_servers_may_be_left_running() -> None:
    c = Config()
    apply(c, [A], cull_after=0)
    assert "services" not in c.JupyterHub


def test_each_server_is_told_its_cohort_and_only_the_account_where_the_answers_are() -> None:
    def told(name: str, *groups: str) -> list[str]:
        spawner = Spawner(User(name, [Group(group) for group in groups]))
        variables = {variable: value(spawner) for variable, value in environment_of([A, B]).items()}
        return [variables[f"BUILDING_TRUST_{end}"] for end in ("EXCHANGE", "COURSEWORK", "GRADEBOOK", "LEARNER")]

    assert told("s03", B.learners_group) == ["/srv/b/exchange", "", "", "s03"]
    assert told("desk-b") == ["/srv/b/exchange", "/srv/b/work", "", ""]
    assert told("building-trust-a") == ["/srv/a/exchange", "/srv/a/work", "postgresql://u:secret@h/a", ""]
    assert told("s01", A.learners_group) == ["/srv/a/exchange", "", "", "s01"]
    assert told("s03", A.learners_group, B.learners_group) == [
        "/srv/b/exchange",
        "",
        "",
        "s03",
    ]  # moved to another list
    assert told("t1", A.trainers_group) == ["", "", "", ""]
    assert told("visitor", "staff") == ["", "", "", ""]


@pytest.mark.parametrize(
    "fields, said",
    [
        ({"name": "Autumn A"}, "cannot have the name"),
        ({"name": ""}, "cannot have the name"),
        ({"exchange": Path("exchange")}, "whole path"),
        ({"trainers": ("s01",)}, "learners and trainers at once: s01"),
        ({"learners": ("building-trust-a",)}, "learners and trainers at once: building-trust-a"),
    ],
)
def test_a_cohort_that_cannot_be_is_said(fields: dict[str, Any], said: str) -> None:
    whole = {"name": "a", "coursework": Path("/a"), "exchange": Path("/b"), "learners": ("s01",)}
    with pytest.raises(BadCohort, match=said) as told:
        Cohort(**{**whole, **fields})
    assert told.value.hint


@pytest.mark.parametrize(
    "other, said",
    [
        (Cohort("a", Path("/x"), Path("/y"), account="z"), "same name: a"),
        (Cohort("b", Path("/x"), Path("/y"), account="building-trust-a"), "same account"),
        (Cohort("b", Path("/srv/a/work"), Path("/y")), "same course directory"),
        (Cohort("b", Path("/x"), Path("/srv/a/exchange")), "same exchange folder"),
        (Cohort("b", Path("/x"), Path("/srv/a/work")), "course directory of a and the exchange folder of b"),
        (Cohort("b", Path("/x"), Path("/x/exchange")), "In the course directory of b lies the exchange folder of b"),
        (Cohort("b", Path("/y/work"), Path("/y")), "In the exchange folder of b lies the course directory of b"),
        (Cohort("b", Path("/srv/a/exchange/../exchange/b"), Path("/y")), "In the exchange folder of a lies"),
        (Cohort("b", Path("/x"), Path("/y"), learners=("s02",)), "in two cohorts: s02"),
        (Cohort("b", Path("/x"), Path("/y"), learners=("building-trust-a",)), "account of one: building-trust-a"),
        (Cohort("b", Path("/x"), Path("/y"), trainers=("building-trust-a",)), "account of one: building-trust-a"),
        (Cohort("b", Path("/x"), Path("/y"), gradebook="postgresql://u:secret@h/a"), r"same gradebook\."),
    ],
)
def test_cohorts_share_nothing(other: Cohort, said: str) -> None:
    with pytest.raises(BadCohort, match=said):
        apply(Config(), [A, other])


def test_what_is_printed_of_a_cohort_has_no_password_in_it() -> None:
    assert "secret" not in repr(A)
    assert "0000" not in repr(SessionService("https://rooms.example.org", "0" * 64))
