"""Pods without Kubernetes: the containers of a pod run here, each in a mount namespace of its own, all as one user.

What Kubernetes does with a pod's volumes is done with bind mounts: a container sees of the shared drive what its
mounts name, to read only where they say so. As on a drive of many pods, the owner of every file is the same user.
"""

from __future__ import annotations

import contextlib
import pwd
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from course.hub.pods import SOURCE
from tests.hub import environment
from tests.hub.accounts import PREFIX, accounts
from tests.hub.pods import environment_of_pod, main_container
from tests.paths import ROOT

POD_USER: Final = f"{PREFIX}pod"
PLACE: Final = Path("/var/tmp")
EMPTIED: Final = ("/srv", "/mnt", "/opt", "/home")
"""The folders of this machine in which containers mount things: an empty one takes the place of each."""


@dataclass(frozen=True)
class Ran:
    """What a command in a container printed, and its exit code."""

    code: int
    printed: str


@dataclass(frozen=True)
class PodMachine:
    """A machine that runs pods; root alone can see `drive` and `homes`, and pods what they mount of them."""

    drive: Path
    homes: Path

    def start(self, pod: Any) -> None:
        """Do what Kubernetes does before a pod's server starts: run its first containers, one after the other."""
        for container in pod["spec"].get("initContainers", ()):
            ran = self._run(pod, container, container["command"], {})
            assert ran.code == 0, ran.printed

    def run(self, pod: Any, line: str) -> Ran:
        """Run a line of the shell in the pod's own container."""
        return self._run(pod, main_container(pod), ["sh", "-c", line], environment_of_pod(pod))

    def _run(self, pod: Any, container: Any, command: Sequence[str], variables: Mapping[str, str]) -> Ran:
        user = pwd.getpwnam(POD_USER)
        home = "/home/jovyan"
        values = {**variables, "HOME": home, "PATH": environment.path(), "LANG": "C.UTF-8"}
        as_the_user = [
            "setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", "--inh-caps=-all",
            "--no-new-privs", "env", "-i", *(f"{name}={value}" for name, value in values.items()), *command,
        ]  # fmt: skip
        script = ["set -e", *(f"mount -t tmpfs -o mode=0755 none {folder}" for folder in EMPTIED)]
        script += ["mkdir -p " + SOURCE, f"mount --bind {shlex.quote(str(ROOT))} {SOURCE}", f"mkdir -p {home}"]
        script += self._mounts(pod, container)
        script += [f"cd {home}", shlex.join(["exec", *as_the_user])]
        done = subprocess.run(
            ["unshare", "--mount", "sh", "-c", "\n".join(script)],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=240, check=False, errors="replace",
        )  # fmt: skip
        return Ran(done.returncode, done.stdout)

    def _mounts(self, pod: Any, container: Any) -> Iterator[str]:
        """Yield the lines of the shell that mount what a container names, in the order of their paths' lengths."""
        volumes = {volume["name"]: volume for volume in pod["spec"]["volumes"]}
        for mount in sorted(container["volumeMounts"], key=lambda mount: mount["mountPath"].count("/")):
            path, volume = shlex.quote(mount["mountPath"]), volumes[mount["name"]]
            yield f"mkdir -p {path}"
            if "emptyDir" in volume:
                yield f"mount -t tmpfs -o mode=0777 none {path}"
                continue
            source = self._source(volume) / mount.get("subPath", "")
            yield f"mount --bind {shlex.quote(str(source))} {path}"
            if mount.get("readOnly"):
                yield f"mount -o remount,bind,ro {path}"

    def _source(self, volume: Any) -> Path:
        claim = volume["persistentVolumeClaim"]["claimName"]
        if claim == "building-trust":
            return self.drive
        home = self.homes / claim
        if not home.is_dir():
            home.mkdir()
            shutil.chown(home, POD_USER, POD_USER)
        return home


@contextlib.contextmanager
def pod_machine() -> Iterator[PodMachine]:
    """Have a machine for pods in this block."""
    environment.make()
    folder = PLACE / f"{PREFIX}pods"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o755)
    (folder / "users").mkdir()
    (folder / "root").mkdir(mode=0o700)
    drive, homes = folder / "root" / "drive", folder / "root" / "homes"
    try:
        with accounts(folder / "users", [POD_USER], {f"{PREFIX}pods": [POD_USER]}):
            for place in (drive, homes):
                place.mkdir()
            shutil.chown(drive, POD_USER, POD_USER)
            yield PodMachine(drive, homes)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
