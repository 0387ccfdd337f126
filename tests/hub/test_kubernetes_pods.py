"""The pods of learners and trainers: `course.hub.pods`, with a real KubeSpawner and Kubernetes' own schema."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
from traitlets.config import Config

from course.core.errors import BadCohort
from course.hub import Cohort, SharedDrive, apply, apply_on_kubernetes
from course.hub.pods import COHORT, ROLE, SOURCE, mounts_of_learner
from tests.hub.pods import as_the_chart_has_it, environment_of_pod, main_container, pod_of, pod_of_learner

pytestmark = [
    pytest.mark.slow,
    # what other libraries do as they are imported
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

A = Cohort(
    "autumn-a",
    Path("/srv/building-trust/autumn-a/coursework"),
    Path("/srv/building-trust/autumn-a/exchange"),
    "postgresql://autumn_a:secret@postgres/autumn_a",
    learners=("kim", "ana"),
    trainers=("robin",),
)
EXCHANGE = "/srv/building-trust/autumn-a/exchange"
TRAINERS_IMAGE = "registry.example.org/building-trust/trainer:1.0.0"


@pytest.fixture
def c() -> Any:
    c = as_the_chart_has_it()
    apply_on_kubernetes(c, [A], trainers_image=TRAINERS_IMAGE)
    return c


def shared_mounts(container: Any) -> dict[str, tuple[str, bool]]:
    """Return what a container mounts of the shared drive: by path, what of the drive, and whether to read only."""
    return {
        mount["mountPath"]: (mount.get("subPath", ""), mount.get("readOnly", False))
        for mount in container["volumeMounts"]
        if mount["name"] == "building-trust"
    }


def check_schema(pod: Any) -> None:
    kubernetes_validate.validate(pod, "1.35", strict=True)


def test_a_learner_mounts_their_own_folders_alone(c: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pod = pod_of_learner(c, A, "kim", tmp_path, monkeypatch)
    check_schema(pod)
    on_drive = "autumn-a/exchange/building-trust"
    assert shared_mounts(main_container(pod)) == {
        f"{EXCHANGE}/building-trust/inbound": (f"{on_drive}/inbound/kim", False),
        f"{EXCHANGE}/building-trust/outbound": (f"{on_drive}/outbound", True),
        f"{EXCHANGE}/building-trust/feedback": (f"{on_drive}/feedback/kim", True),
    }
    paths = [mount["mountPath"] for mount in main_container(pod)["volumeMounts"]]
    assert paths.index(EXCHANGE) < paths.index(f"{EXCHANGE}/building-trust/inbound")
    assert main_container(pod)["image"] == c.KubeSpawner.image
    variables = environment_of_pod(pod)
    assert variables["BUILDING_TRUST_EXCHANGE"] == EXCHANGE
    assert variables["BUILDING_TRUST_LEARNER"] == "kim"
    for name in ("COURSEWORK", "GRADEBOOK", "EXCHANGE_LAYOUT"):
        assert variables[f"BUILDING_TRUST_{name}"] == ""
    assert (pod["metadata"]["labels"][ROLE], pod["metadata"]["labels"][COHORT]) == ("learner", "autumn-a")


def test_folders_are_made_before_as_the_same_user_by_a_container_that_ends(
    c: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pod = pod_of_learner(c, A, "kim", tmp_path, monkeypatch)
    (folders,) = pod["spec"]["initContainers"]
    made = {path.removeprefix("/mnt/building-trust/") for path in folders["command"][3:]}
    assert made == {sub_path for sub_path, _ in shared_mounts(main_container(pod)).values()}
    assert folders["securityContext"]["runAsUser"] == main_container(pod)["securityContext"]["runAsUser"] == 1000
    assert folders["securityContext"]["allowPrivilegeEscalation"] is False
    assert folders["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert pod["spec"]["securityContext"]["fsGroupChangePolicy"] == "OnRootMismatch"


def test_trainers_mount_their_cohort_and_nothing_of_others(
    c: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pod = pod_of(c, "building-trust-autumn-a", ["formgrade-building-trust"], tmp_path, monkeypatch)
    check_schema(pod)
    assert shared_mounts(main_container(pod)) == {
        "/srv/building-trust/autumn-a/coursework": ("autumn-a/coursework", False),
        EXCHANGE: ("autumn-a/exchange", False),
    }
    folders, exercises = pod["spec"]["initContainers"]
    assert exercises["command"] == ["course", "coursework", str(A.coursework), "--from", SOURCE]
    assert {container["image"] for container in (folders, exercises, main_container(pod))} == {TRAINERS_IMAGE}
    variables = environment_of_pod(pod)
    assert variables["BUILDING_TRUST_EXCHANGE_LAYOUT"] == "by-learner"
    assert variables["BUILDING_TRUST_COURSEWORK"] == str(A.coursework)
    assert variables["BUILDING_TRUST_GRADEBOOK"] == A.gradebook
    assert pod["metadata"]["labels"][ROLE] == "trainers"


@pytest.mark.parametrize("name, groups", [("robin", [A.trainers_group]), ("visitor", ["staff"])])
def test_whoever_has_no_part_in_a_cohort_mounts_nothing_of_one(
    c: Any, name: str, groups: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pod = pod_of(c, name, groups, tmp_path, monkeypatch)
    assert "building-trust" not in {volume["name"] for volume in pod["spec"]["volumes"]}
    assert shared_mounts(main_container(pod)) == {}
    assert not pod["spec"].get("initContainers")


@pytest.mark.parametrize("name", ["kim@example.org", "anne-marie", "-p", "a+b", "ünal", "kim lee"])
def test_a_name_is_taken_as_it_is_and_never_as_the_escaped_one(
    c: Any, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pod = pod_of_learner(c, A, name, tmp_path, monkeypatch)
    check_schema(pod)
    sub_path, _ = shared_mounts(main_container(pod))[f"{EXCHANGE}/building-trust/inbound"]
    assert sub_path == f"autumn-a/exchange/building-trust/inbound/{name}"
    (folders,) = pod["spec"]["initContainers"]
    assert folders["command"][:3] == ["mkdir", "-p", "--"]


@pytest.mark.parametrize("name", ["..", ".", "", "../ana", "a/b", "/etc", "a\\b", "a\x00b", "*", " kim"])
def test_a_name_that_is_no_folders_mounts_nothing(name: str) -> None:
    with pytest.raises(BadCohort, match="cannot be that of a folder"):
        mounts_of_learner(A, name, SharedDrive())


@pytest.mark.parametrize("folder", ["/srv/other/coursework", "/srv/building-trust/../etc", "/srv/building-trustee/x"])
def test_a_folder_that_is_not_on_the_drive_is_said_before_anybody_comes(folder: str) -> None:
    with pytest.raises(BadCohort, match="not on the drive"):
        apply_on_kubernetes(Config(), [Cohort("a", Path(folder), Path("/srv/building-trust/a/exchange"))])


def test_another_root_and_claim_are_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    c = as_the_chart_has_it()
    cohort = Cohort("a", Path("/data/a/work"), Path("/data/a/exchange"), learners=("kim",))
    apply_on_kubernetes(c, [cohort], drive=SharedDrive("files", Path("/data")))
    pod = pod_of_learner(c, cohort, "kim", tmp_path, monkeypatch)
    (claim,) = [volume for volume in pod["spec"]["volumes"] if volume["name"] == "building-trust"]
    assert claim["persistentVolumeClaim"] == {"claimName": "files"}
    assert shared_mounts(main_container(pod))["/data/a/exchange/building-trust/outbound"][0].startswith("a/exchange/")


@pytest.mark.parametrize("is_async", [True, False])
def test_a_hook_of_the_administrators_own_goes_first(
    is_async: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def own(spawner: Any, pod: Any) -> Any:
        pod.metadata.labels["own"] = spawner.user.name
        return pod

    async def own_async(spawner: Any, pod: Any) -> Any:
        return own(spawner, pod)

    c = as_the_chart_has_it()
    c.KubeSpawner.modify_pod_hook = own_async if is_async else own
    apply_on_kubernetes(c, [A])
    pod = pod_of_learner(c, A, "kim", tmp_path, monkeypatch)
    assert pod["metadata"]["labels"]["own"] == "kim"
    assert shared_mounts(main_container(pod))


def test_the_chart_sets_an_environment_of_its_spawner_and_the_course_is_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    c = as_the_chart_has_it()
    c.KubeSpawner.environment = {"LANG": "C.UTF-8"}
    c.KubeSpawner.cmd = ["own-wrapper"]
    apply(c, [A])
    pod = pod_of_learner(c, A, "kim", tmp_path, monkeypatch)
    variables = environment_of_pod(pod)
    assert variables["LANG"] == "C.UTF-8"
    assert variables["BUILDING_TRUST_LEARNER"] == "kim"
    assert main_container(pod)["args"] == ["course", "prepare-server", "own-wrapper"]


def test_the_chart_ends_idle_servers_and_no_second_service_does(c: Any) -> None:
    assert [service["name"] for service in c.JupyterHub.services] == ["jupyterhub-idle-culler"]
