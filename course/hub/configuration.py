"""The Hub's settings for the course: added to what an administrator has set, and never in place of it.

Who logs in and where servers run stays with the administrator: neither authenticator nor spawner is chosen here.
A person can change each variable of their own server, so no right hangs on one: permissions of folders are the wall,
and roles of the Hub.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from course.core.settings import COURSE_ID
from course.hub.cohort import Cohort, check_apart, cohort_of
from course.hub.session_service import SessionService

NBGRADER_GROUPS: Final = (f"nbgrader-{COURSE_ID}", f"formgrade-{COURSE_ID}")
"""The names that nbgrader looks for at the Hub: of learners, and of those who mark."""
START: Final = ("course", "prepare-server")
"""What comes before the command of each person's server: it fills the working copy and writes Jupyter's settings.

It is found where the server runs, which may be in another image than the Hub, as `jupyterhub-singleuser` is.
"""
SERVER_SCOPES: Final = (
    "users:activity!user",
    "access:servers!server",
    "read:users:groups!user",
    "read:users:name!user",
)
"""What a person's own server may ask of the Hub: enough for nbgrader to see the person's groups."""
CULLER: Final = f"{COURSE_ID}-culler"
LoginHook = Callable[[Any, Any, Any], Any]
"""The Hub's `post_auth_hook`: it gets the authenticator, the request and the login; it returns the login, or none."""


def apply(c: Any, cohorts: Sequence[Cohort], *, cull_after: int = 3600, sessions: SessionService | None = None) -> None:
    """Set up a Hub for the course, in `jupyterhub_config.py`, after what is set there otherwise.

    `cull_after` is after how many seconds without use a person's server is ended; 0 leaves them running. `sessions` is
    the server of live sessions, to which the trainers of each cohort may log in. Raises BadCohort for cohorts that
    cannot be.
    """
    check_apart(cohorts)
    _add_groups(c, cohorts)
    _add_roles(c, cohorts)
    _let_nobody_be_an_account(c, cohorts)
    _start_the_course(c, cohorts)
    if sessions:
        _let_trainers_log_in(c, cohorts, sessions)
    if cull_after:
        _end_idle_servers(c, cull_after)


def _add_groups(c: Any, cohorts: Sequence[Cohort]) -> None:
    """Put people into groups; where the authenticator manages groups, it alone does, and the Hub refuses others."""
    if _authenticator_manages_groups(c):
        return
    learners, markers = NBGRADER_GROUPS
    members: dict[str, list[str]] = {learners: [], markers: []}
    for cohort in cohorts:
        members[cohort.learners_group] = list(cohort.learners)
        members[cohort.trainers_group] = list(cohort.trainers)
        members[learners] += cohort.learners
        members[markers] += [*cohort.trainers, cohort.account_name]
    groups = _dictionary(c.JupyterHub, "load_groups")
    for name, people in members.items():
        there = groups.get(name, {})
        there = {"users": there} if isinstance(there, list) else there
        groups[name] = {**there, "users": _joined(there.get("users", []), people)}


def _authenticator_manages_groups(c: Any) -> bool:
    """Say whether that is set, for all authenticators or, as their guides have it, for one class of them."""
    sections = (c.Authenticator, *_sections_of(c, "Authenticator", "manage_groups"))
    return any(section.get("manage_groups") is True for section in sections)


def _trainers_of(c: Any, cohorts: Sequence[Cohort]) -> dict[str, list[str]]:
    """Return who has a role for the trainers of some cohorts, as a role names its members.

    Those who are listed have it themselves: the Hub takes a role from whoever is no longer named, and never takes
    anybody out of a group. The group has it where others fill it: the authenticator, or whoever lists nobody here.
    """
    is_managed = _authenticator_manages_groups(c)
    listed = [cohort for cohort in cohorts if (cohort.learners or cohort.trainers) and not is_managed]
    return {
        "users": _joined([], [trainer for cohort in listed for trainer in cohort.trainers]),
        "groups": [cohort.trainers_group for cohort in cohorts if cohort not in listed],
    }


def _add_roles(c: Any, cohorts: Sequence[Cohort]) -> None:
    """Let trainers into the server of their cohort's account, start and stop it, and see its name; nothing else."""
    roles = _list(c.JupyterHub, "load_roles")
    for cohort in cohorts:
        account = cohort.account_name
        scopes = [f"{right}!user={account}" for right in ("access:servers", "servers", "read:users:name", "list:users")]
        _add_role(
            roles,
            {
                "name": f"{COURSE_ID}-{cohort.name}-trainers",
                "description": f"Open the trainers’ desk of the cohort {cohort.name}",
                "scopes": scopes,
                **_trainers_of(c, [cohort]),
            },
        )
    _add_role(roles, {"name": "server", "scopes": list(SERVER_SCOPES)})


def _add_role(roles: list[dict[str, Any]], wanted: Mapping[str, Any]) -> None:
    there = next((role for role in roles if role["name"] == wanted["name"]), None)
    if there is None:
        roles.append(dict(wanted))
    else:
        there["scopes"] = _joined(there.get("scopes", []), wanted["scopes"])


def _let_trainers_log_in(c: Any, cohorts: Sequence[Cohort], sessions: SessionService) -> None:
    """Make the server of live sessions an OAuth client to which trainers alone may log in; it learns who they are."""
    services = _list(c.JupyterHub, "services")
    services.append(
        {
            "name": sessions.name,
            "api_token": sessions.token,
            "oauth_client_id": sessions.client_id,
            "oauth_redirect_uri": sessions.redirect_uri,
            "oauth_no_confirm": True,  # it is the Hub's own, and learns names and groups alone
        }
    )
    _add_role(
        _list(c.JupyterHub, "load_roles"),
        {
            "name": sessions.name,
            "description": "Run live sessions",
            "scopes": [f"access:services!service={sessions.name}"],
            **_trainers_of(c, cohorts),
        },
    )


def _let_nobody_be_an_account(c: Any, cohorts: Sequence[Cohort]) -> None:
    """Refuse whoever logs in under the name of an account, as people may choose names: its server has everybody's work.

    What an administrator has set to happen after a login comes first.
    """
    accounts = {cohort.account_name for cohort in cohorts}

    def hook_after(before: LoginHook | None) -> LoginHook:
        async def refuse_accounts(authenticator: Any, handler: Any, login: Any) -> Any:
            if before:
                changed = before(authenticator, handler, login)
                login = await changed if inspect.isawaitable(changed) else changed
            return None if login and login["name"] in accounts else login

        return refuse_accounts

    for section in (c.Authenticator, *_sections_of(c, "Authenticator", "post_auth_hook")):
        section.post_auth_hook = hook_after(section.get("post_auth_hook"))


def _start_the_course(c: Any, cohorts: Sequence[Cohort]) -> None:
    """Put the course's command before that of each server, and tell each server whose it is.

    What is set for one class of spawners, such as `c.KubeSpawner`, takes the place of what is set for all: it gets
    the same.
    """
    for section in (c.Spawner, *_sections_of(c, "Spawner", "cmd")):
        command = section.get("cmd") or ["jupyterhub-singleuser"]
        command = [command] if isinstance(command, str) else list(command)
        section.cmd = [*START, *command]
    for section in (c.Spawner, *_sections_of(c, "Spawner", "environment")):
        environment = _dictionary(section, "environment")
        for name, value in environment_of(cohorts).items():
            environment.setdefault(name, value)


def _sections_of(c: Any, kind: str, setting: str) -> list[Any]:
    """Return the sections of single classes of spawners or authenticators in which something is set already."""
    return [c[name] for name in sorted(c) if name.endswith(kind) and name != kind and setting in c[name]]


def environment_of(cohorts: Sequence[Cohort]) -> dict[str, Callable[[Any], str]]:
    """Return the variables of each person's server by name, as functions of its spawner; an empty text sets nothing."""

    def of_trainers(name: str) -> Callable[[Any], str]:
        def value(spawner: Any) -> str:
            cohort = cohort_of(spawner, cohorts)
            return variables_of_trainers(cohort)[name] if cohort and _is_account(spawner, cohort) else ""

        return value

    def exchange(spawner: Any) -> str:
        cohort = cohort_of(spawner, cohorts)
        return str(cohort.exchange) if cohort else ""

    def learner(spawner: Any) -> str:
        cohort = cohort_of(spawner, cohorts)
        return str(spawner.user.name) if cohort and not _is_account(spawner, cohort) else ""

    return {
        "BUILDING_TRUST_EXCHANGE": exchange,
        "BUILDING_TRUST_COURSEWORK": of_trainers("BUILDING_TRUST_COURSEWORK"),
        "BUILDING_TRUST_GRADEBOOK": of_trainers("BUILDING_TRUST_GRADEBOOK"),
        "BUILDING_TRUST_LEARNER": learner,
    }


def variables_of_trainers(cohort: Cohort) -> dict[str, str]:
    """Return the variables of a server or a command that does the trainers' work of a cohort."""
    return {
        "BUILDING_TRUST_EXCHANGE": str(cohort.exchange),
        "BUILDING_TRUST_COURSEWORK": str(cohort.coursework),
        "BUILDING_TRUST_GRADEBOOK": cohort.gradebook,
    }


def _is_account(spawner: Any, cohort: Cohort) -> bool:
    return bool(cohort.account_name == spawner.user.name)


def _end_idle_servers(c: Any, seconds: int) -> None:
    """Have servers that nobody uses ended, unless a service of the Hub does that already."""
    services = _list(c.JupyterHub, "services")
    if any("cull" in f"{service['name']} {service.get('command')}" for service in services):
        return
    services.append(
        {"name": CULLER, "command": [sys.executable, "-m", "jupyterhub_idle_culler", f"--timeout={seconds}"]}
    )
    _list(c.JupyterHub, "load_roles").append(
        {
            "name": CULLER,
            "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
            "services": [CULLER],
        }
    )


def _dictionary(section: Any, name: str) -> dict[str, Any]:
    """Return a setting that is a dictionary, to be changed in place, with what was added to it before."""
    value: dict[str, Any] = _settled(section, name, {})
    return value


def _list(section: Any, name: str) -> list[Any]:
    """Return a setting that is a list, to be changed in place, with what was added to it before."""
    value: list[Any] = _settled(section, name, [])
    return value


def _settled(section: Any, name: str, empty: Any) -> Any:
    """Settle what a configuration holds of a setting: traitlets keeps `append` and `update` for later otherwise."""
    value = section.get(name, empty)
    section[name] = value.get_value(empty) if hasattr(value, "get_value") else value
    return section[name]


def _joined(there: Iterable[str], more: Iterable[str]) -> list[str]:
    return list(dict.fromkeys([*there, *more]))
