"""The files for Kubernetes, read as tests look at them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import yaml

from tests.paths import ROOT

FOLDER: Final = ROOT / "course" / "hub" / "kubernetes"
VALUES: Final = FOLDER / "values.yaml"
DOCKERFILE: Final = FOLDER / "Dockerfile"


def objects() -> list[Any]:
    """Return all objects of Kubernetes in the folder; the chart's values are none."""
    files = [path for path in sorted(FOLDER.glob("*.yaml")) if path != VALUES]
    return [found for path in files for found in yaml.safe_load_all(path.read_text(encoding="utf-8"))]


def values() -> Any:
    return yaml.safe_load(VALUES.read_text(encoding="utf-8"))


def find(kind: str, name: str) -> Any:
    """Return the one object of a kind whose name is this, or begins so where Kubernetes makes the rest."""
    (found,) = [
        each
        for each in objects()
        if each["kind"] == kind and name in (each["metadata"].get("name"), each["metadata"].get("generateName"))
    ]
    return found


def pod_specs() -> Iterator[tuple[str, Any]]:
    """Yield the pods that objects make, each with what makes it."""
    for each in objects():
        spec = each.get("spec", {})
        template = spec.get("jobTemplate", {}).get("spec", spec).get("template")
        if template:
            yield f"{each['kind']} {each['metadata'].get('name', '')}", template["spec"]


def containers(spec: Any) -> list[Any]:
    return [*spec.get("initContainers", ()), *spec["containers"]]


def all_containers() -> list[Any]:
    return [container for _, spec in pod_specs() for container in containers(spec)]


def docker_lines(word: str) -> list[str]:
    """Return what stands behind a word at the beginning of lines of the Dockerfile."""
    text = DOCKERFILE.read_text(encoding="utf-8").replace("\\\n", " ")
    return re.findall(rf"^{word} +(.+)$", text, re.MULTILINE)
