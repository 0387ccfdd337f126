"""Kubernetes: what each person's pod mounts of the cohorts' folders, and from which image it runs.

All pods run as one user, so what is mounted is the wall: learners get the released exercises to read, and of hand-ins
and feedback the folders of their own name, which they cannot leave. Pods are changed as plain data, so that a Hub's
own client of Kubernetes is used and none is needed here.
"""

from __future__ import annotations

import inspect
import posixpath
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final, TypedDict

from course.core.errors import BadCohort
from course.core.names import is_folder_name
from course.hub.cohort import Cohort, cohort_of
from course.hub.cohorts_file import ROOT
from course.hub.configuration import apply
from course.hub.session_service import SessionService
from course.trainer.exchange_layout import ExchangeLayout, feedback_folder, inbound_folder, outbound_folder

LAYOUT: Final = "BUILDING_TRUST_EXCHANGE_LAYOUT"
ROLE: Final = "building-trust/role"
"""The label by which network policies tell pods of learners and of trainers apart."""
COHORT: Final = "building-trust/cohort"
SOURCE: Final = "/opt/building-trust-source"
"""Where the image for trainers has the exercises with their answers, as a clone of the course has them."""
_SHARED: Final = "building-trust"
_EMPTY: Final = "building-trust-exchange"
_PREPARING: Final = "/mnt/building-trust"
"""Where the pod's first container has the drive, while it makes folders; no other container has all of it."""
_LIMITED: Final = {
    "allowPrivilegeEscalation": False,
    "runAsNonRoot": True,
    "capabilities": {"drop": ["ALL"]},
    "seccompProfile": {"type": "RuntimeDefault"},
}
Hook = Callable[[Any, Any], Any]
"""KubeSpawner's `modify_pod_hook`: it gets the spawner and the pod, and returns the pod or an awaitable of it."""


@dataclass(frozen=True)
class SharedDrive:
    """The drive that all pods can mount, with the folders of all cohorts."""

    claim: str = "building-trust"
    """The PersistentVolumeClaim; its access mode is ReadWriteMany."""
    root: Path = ROOT
    """The folder as which the cohorts' paths name the drive: all their folders are below it."""

    def sub_path(self, folder: Path) -> str:
        """Return a folder's path on the drive; raises BadCohort for one that is not below its root."""
        text = posixpath.normpath(folder.as_posix())
        if not PurePosixPath(text).is_relative_to(self.root.as_posix()) or text != folder.as_posix():
            raise BadCohort(
                f"The folder {folder} is not on the drive, whose folders are all in {self.root}.",
                f"Put the cohort’s folders below {self.root}, or name another root.",
            )
        return PurePosixPath(text).relative_to(self.root.as_posix()).as_posix()


class VolumeMount(TypedDict, total=False):
    """A mount as Kubernetes has it."""

    name: str
    mountPath: str
    subPath: str
    readOnly: bool


def mounts_of_learner(cohort: Cohort, name: str, drive: SharedDrive) -> list[VolumeMount]:
    """Return what a learner's container mounts: an exchange in which they see nobody else.

    The exchange itself is an empty folder of the pod's own, since nbgrader wants to be able to write there. Raises
    BadCohort for a name that cannot be that of a folder.
    """
    if not is_folder_name(name):
        raise BadCohort(
            "This name cannot be that of a folder, so there is nowhere to keep what its user hands in.",
            "Use other names at the Hub: without slashes, and without a dot in front.",
        )
    own = [
        (inbound_folder(cohort.exchange), inbound_folder(cohort.exchange, name), False),
        (outbound_folder(cohort.exchange), outbound_folder(cohort.exchange), True),
        (feedback_folder(cohort.exchange), feedback_folder(cohort.exchange, name), True),
    ]
    return [
        {"name": _EMPTY, "mountPath": cohort.exchange.as_posix()},
        *(_mount(place, folder, drive, read_only=read_only) for place, folder, read_only in own),
    ]


def mounts_of_trainers(cohort: Cohort, drive: SharedDrive) -> list[VolumeMount]:
    """Return what the container of a cohort's account mounts: the course directory, and the whole exchange."""
    return [_mount(folder, folder, drive, read_only=False) for folder in (cohort.coursework, cohort.exchange)]


def _mount(place: Path, folder: Path, drive: SharedDrive, *, read_only: bool) -> VolumeMount:
    return {
        "name": _SHARED,
        "mountPath": place.as_posix(),
        "subPath": drive.sub_path(folder),
        "readOnly": read_only,
    }


def apply_on_kubernetes(
    c: Any,
    cohorts: Sequence[Cohort],
    *,
    drive: SharedDrive | None = None,
    trainers_image: str = "",
    cull_after: int = 3600,
    sessions: SessionService | None = None,
) -> None:
    """Set up a Hub whose servers are pods of KubeSpawner: what `apply` does, and a hook that changes each pod.

    `trainers_image` is the image of the cohorts' accounts; it has the exercises with their answers, which brings each
    course directory up to date as its server starts. Raises BadCohort for cohorts that cannot be.
    """
    drive = drive or SharedDrive()
    for cohort in cohorts:
        mounts_of_trainers(cohort, drive)
    apply(c, cohorts, cull_after=cull_after, sessions=sessions)
    environment = c.KubeSpawner.get("environment", c.Spawner.environment)
    environment.setdefault(LAYOUT, lambda spawner: ExchangeLayout.BY_LEARNER.value if _is_trainers(spawner) else "")

    def _is_trainers(spawner: Any) -> bool:
        return any(cohort.account_name == spawner.user.name for cohort in cohorts)

    c.KubeSpawner.modify_pod_hook = pod_hook(cohorts, drive, trainers_image, c.KubeSpawner.get("modify_pod_hook"))


def pod_hook(
    cohorts: Sequence[Cohort], drive: SharedDrive, trainers_image: str = "", before: Hook | None = None
) -> Callable[[Any, Any], Awaitable[Any]]:
    """Return the hook; one that was set before comes first."""

    async def modify_pod(spawner: Any, pod: Any) -> Any:
        if before:
            changed = before(spawner, pod)
            pod = await changed if inspect.isawaitable(changed) else changed
        if cohort := cohort_of(spawner, cohorts):
            _change(pod, cohort, str(spawner.user.name), drive, trainers_image)
        return pod

    return modify_pod


def _change(pod: Any, cohort: Cohort, name: str, drive: SharedDrive, trainers_image: str) -> None:
    """Give a pod its mounts, its labels, and the containers that prepare its folders before it starts."""
    is_trainers = name == cohort.account_name
    main = pod.spec.containers[0]
    if is_trainers and trainers_image:
        main.image = trainers_image
    mounts = mounts_of_trainers(cohort, drive) if is_trainers else mounts_of_learner(cohort, name, drive)
    main.volume_mounts = [*(main.volume_mounts or []), *mounts]
    pod.spec.volumes = [
        *(pod.spec.volumes or []),
        {"name": _SHARED, "persistentVolumeClaim": {"claimName": drive.claim}},
        *([] if is_trainers else [{"name": _EMPTY, "emptyDir": {"sizeLimit": "16Mi"}}]),
    ]
    pod.spec.init_containers = [
        *(pod.spec.init_containers or []),
        _folders(main, [mount["subPath"] for mount in mounts if "subPath" in mount]),
        *([_exercises(main, cohort, mounts)] if is_trainers and trainers_image else []),
    ]
    if pod.spec.security_context:
        _keep_owners(pod.spec.security_context)
    pod.metadata.labels = {
        **(pod.metadata.labels or {}),
        ROLE: "trainers" if is_trainers else "learner",
        COHORT: cohort.name,
    }


def _keep_owners(security_context: Any) -> None:
    """Have the owner of each file of all cohorts not set anew at each start; KubeSpawner 7 has a dictionary here."""
    if isinstance(security_context, dict):
        security_context["fsGroupChangePolicy"] = "OnRootMismatch"
    else:
        security_context.fs_group_change_policy = "OnRootMismatch"


def _folders(main: Any, sub_paths: Sequence[str]) -> dict[str, object]:
    """Return a container that makes folders of the drive as the user of all pods: Kubernetes would as root."""
    command = ["mkdir", "-p", "--", *(f"{_PREPARING}/{path}" for path in sub_paths)]
    return _preparing(main, "building-trust-folders", command, [{"name": _SHARED, "mountPath": _PREPARING}])


def _exercises(main: Any, cohort: Cohort, mounts: Sequence[VolumeMount]) -> dict[str, object]:
    """Return a container that fills the course directory, or brings it up to date."""
    command = ["course", "coursework", cohort.coursework.as_posix(), "--from", SOURCE]
    return _preparing(main, "building-trust-exercises", command, mounts)


def _preparing(main: Any, name: str, command: Sequence[str], mounts: Sequence[VolumeMount]) -> dict[str, object]:
    """Return a container that runs before the server does, from the same image and as the same user."""
    own = main.security_context or {}
    user = own.get("runAsUser") if isinstance(own, dict) else own.run_as_user
    return {
        "name": name,
        "image": main.image,
        "command": list(command),
        "volumeMounts": list(mounts),
        "securityContext": {**_LIMITED, **({"runAsUser": user} if user else {})},
        "resources": {"requests": {"cpu": "50m", "memory": "64Mi"}, "limits": {"memory": "256Mi"}},
    }
