"""The pods that a real KubeSpawner makes of a Hub's configuration, as they would be sent to Kubernetes."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from traitlets.config import Config

from course.hub import Cohort

NOWHERE: Final = {
    "apiVersion": "v1",
    "kind": "Config",
    "current-context": "none",
    "clusters": [{"name": "none", "cluster": {"server": "https://127.0.0.1:1"}}],
    "users": [{"name": "none", "user": {}}],
    "contexts": [{"name": "none", "context": {"cluster": "none", "user": "none"}}],
}
"""The settings of a client of Kubernetes that is never asked for anything: KubeSpawner reads some as it is made."""


def as_the_chart_has_it() -> Any:
    """Return a configuration as the chart's own file leaves it before it runs `hub.extraConfig`."""
    c = Config()
    c.JupyterHub.spawner_class = "kubespawner.KubeSpawner"
    c.JupyterHub.services = [{"name": "jupyterhub-idle-culler", "command": ["python3", "-m", "jupyterhub_idle_culler"]}]
    c.JupyterHub.load_roles = [{"name": "jupyterhub-idle-culler", "scopes": [], "services": []}]
    c.KubeSpawner.environment = {}
    c.KubeSpawner.init_containers = []
    c.KubeSpawner.image = "registry.example.org/building-trust/learner:1.0.0"
    c.KubeSpawner.uid = 1000
    c.KubeSpawner.fs_gid = 100
    c.KubeSpawner.volumes = {"home": {"name": "home", "persistentVolumeClaim": {"claimName": "{pvc_name}"}}}
    c.KubeSpawner.volume_mounts = {"home": {"name": "home", "mountPath": "/home/jovyan", "subPath": None}}
    c.Spawner.cmd = "jupyterhub-singleuser"
    return c


def pod_of(c: Any, name: str, groups: Sequence[str], folder: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return the pod of a user who is in these groups, as JSON; the folder is for what KubeSpawner reads."""
    from kubernetes_asyncio.config import kube_config

    file = folder / "kubeconfig"
    file.write_text(yaml.safe_dump(NOWHERE))
    monkeypatch.setattr(kube_config, "KUBE_CONFIG_DEFAULT_LOCATION", str(file))
    return asyncio.run(_pod_of(c, name, groups))


def pod_of_learner(c: Any, cohort: Cohort, name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    return pod_of(c, name, [cohort.learners_group], folder, monkeypatch)


async def _pod_of(c: Any, name: str, groups: Sequence[str]) -> Any:
    from jupyterhub import orm
    from jupyterhub.objects import Hub
    from jupyterhub.user import User
    from kubernetes_asyncio.client import ApiClient
    from kubespawner import KubeSpawner

    orm.Base.metadata.create_all(engine := _engine())
    with orm.sessionmaker(bind=engine)() as database:
        person = orm.User(name=name)
        database.add_all([person, *(orm.Group(name=group, users=[person]) for group in groups)])
        database.commit()
        hub = Hub(ip="hub", port=8081, base_url="/hub/")
        user = User(person, {"config": c, "hub": hub, "base_url": "/", "domain": "", "subdomain_host": ""}, database)
        spawner = user._new_spawner("", KubeSpawner, _mock=True)
        spawner.server = None
        pod = await spawner.get_pod_manifest()
        if spawner.modify_pod_hook:
            pod = await spawner.modify_pod_hook(spawner, pod)
        async with ApiClient() as client:
            return client.sanitize_for_serialization(pod)


def _engine() -> Any:
    from sqlalchemy import create_engine
    from sqlalchemy.pool import StaticPool

    return create_engine("sqlite://", poolclass=StaticPool)


def main_container(pod: Any) -> Any:
    (container,) = pod["spec"]["containers"]
    return container


def environment_of_pod(pod: Any) -> dict[str, str]:
    return {entry["name"]: entry["value"] for entry in main_container(pod)["env"]}
