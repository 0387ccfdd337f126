"""Real users of this machine, made for a test and taken away after it, also by the next run where one was killed."""

from __future__ import annotations

import contextlib
import grp
import pwd
import shutil
import signal
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from tests.hub import environment

PREFIX: Final = "btt-"
"""Begins the names of all users and groups that tests make; no others are ever touched."""


@dataclass(frozen=True)
class Accounts:
    """The users that a test has, and the folder with their homes."""

    homes: Path

    def home(self, name: str) -> Path:
        """Return a user's home."""
        return self.homes / name

    def run(self, name: str, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a command as a user, with nothing of the environment of the tests."""
        return subprocess.run(
            command,
            **self._as_user(name, variables),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )

    def start(self, name: str, log: IO[bytes], *command: str, **variables: str) -> subprocess.Popen[bytes]:
        """Start a command as a user, in the same way; what it says goes to a file."""
        return subprocess.Popen(command, **self._as_user(name, variables), stdout=log, stderr=subprocess.STDOUT)

    def _as_user(self, name: str, variables: Mapping[str, str]) -> dict[str, Any]:
        user = pwd.getpwnam(name)
        return {
            "user": user.pw_uid,
            "group": user.pw_gid,
            "extra_groups": [group.gr_gid for group in grp.getgrall() if name in group.gr_mem],
            "umask": 0o077,
            "cwd": self.home(name),
            "env": {"HOME": str(self.home(name)), "PATH": environment.path(), "LANG": "C.UTF-8", **variables},
        }


@contextlib.contextmanager
def accounts(homes: Path, users: Sequence[str], groups: dict[str, Sequence[str]]) -> Iterator[Accounts]:
    """Make users with homes that they alone can open, and groups of them; all are gone afterwards.

    Several can be there at once, with other names each.
    """
    assert all(name.startswith(PREFIX) for name in (*users, *groups))
    _remove(users, groups)
    try:
        for group in groups:
            _run("groupadd", group)
        for name in users:
            memberships = ",".join(group for group, members in groups.items() if name in members)
            _run("useradd", "--create-home", "--home-dir", str(homes / name), "--shell", "/bin/bash", name)
            _run("usermod", "--append", "--groups", memberships, name)
            (homes / name).chmod(0o700)
        yield Accounts(homes)
    finally:
        _remove(users, groups)


def remove_all() -> None:
    """Take away what a killed run left: each user and group that tests made, with their processes and homes."""
    _remove(
        [user.pw_name for user in pwd.getpwall() if user.pw_name.startswith(PREFIX)],
        [group.gr_name for group in grp.getgrall() if group.gr_name.startswith(PREFIX)],
    )


def _remove(users: Iterable[str], groups: Iterable[str]) -> None:
    for user in [user for user in pwd.getpwall() if user.pw_name in set(users)]:
        subprocess.run(["pkill", f"-{signal.SIGKILL.value}", "-U", str(user.pw_uid)], check=False)
        _run("userdel", "--force", user.pw_name)
        shutil.rmtree(user.pw_dir, ignore_errors=True)
    wanted = {*groups, *users}  # with a user goes the group of the same name, where nobody else is in it
    for group in [group.gr_name for group in grp.getgrall() if group.gr_name in wanted]:
        _run("groupdel", group)


def _run(*command: str) -> None:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}"
