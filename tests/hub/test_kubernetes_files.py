"""The files for Kubernetes: looked over by their own checkers, and held to what the course has and does."""

from __future__ import annotations

import itertools
import json
import os
import re
import shlex
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Final

import click
import jsonschema
import kubernetes_validate
import pytest
import yaml

from course.cli import main as course_command
from course.core.settings import COURSE_ID
from course.hub import Cohort, SharedDrive, apply, each_cohort, read_cohorts
from course.hub.cohorts_file import ROOT as DRIVE_ROOT
from course.hub.pods import LAYOUT, ROLE, SOURCE
from course.hub.sizing import Costs, sizing
from course.trainer.exchange_layout import ExchangeLayout
from tests.browser.nginx import MISSING, nginx_path
from tests.hub.manifests import (
    DOCKERFILE,
    FOLDER,
    VALUES,
    all_containers,
    containers,
    docker_lines,
    find,
    objects,
    pod_specs,
    values,
)
from tests.hub.pods import as_the_chart_has_it, environment_of_pod, main_container, pod_of, pod_of_learner
from tests.paths import ROOT
from tests.settings_table import table

pytestmark = [
    pytest.mark.slow,
    # what other libraries do as they are imported
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

SCHEMA: Final = ROOT.parent / "shared" / "z2jh" / "values.schema.json"
GUIDE: Final = (ROOT / "DEPLOYING.md").read_text(encoding="utf-8")
OLDEST, NEWEST = "1.32", "1.37"
"""The versions of Kubernetes: the oldest that the chart runs on, and the newest whose schema is here."""


def of_chart() -> str:
    (version,) = re.findall(r"^FROM \S+/k8s-hub:(\S+) AS hub$", DOCKERFILE.read_text(encoding="utf-8"), re.MULTILINE)
    return str(version)


@pytest.mark.parametrize("version", [OLDEST, NEWEST])
def test_kubernetes_takes_each_object(version: str) -> None:
    for each in objects():
        kubernetes_validate.validate(each, version, strict=True)
    near_miss = {**find("Job", "building-trust-marking-"), "specs": {}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(near_miss, version, strict=True)


def test_hadolint_finds_nothing_wrong_with_the_images() -> None:
    program = Path(sys.executable).with_name("hadolint")
    done = subprocess.run([program, str(DOCKERFILE)], capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("", 0)


def without_required(schema: Any) -> Any:
    """Return a schema of whole values as one of some: the chart's own values are put together with these."""
    if isinstance(schema, dict):
        kept = {key: value for key, value in schema.items() if key != "required" or not isinstance(value, list)}
        return {key: without_required(value) for key, value in kept.items()}
    return [without_required(each) for each in schema] if isinstance(schema, list) else schema


def test_the_chart_takes_the_values() -> None:
    if not SCHEMA.is_file():
        assert not os.environ.get("CI"), f"The schema of the chart's values is not at {SCHEMA}."
        pytest.skip("The schema of the chart's values is not here.")
    schema = without_required(json.loads(SCHEMA.read_text(encoding="utf-8")))
    jsonschema.validate(values(), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**values(), "singleUser": {}}, schema)


def test_guide_images_and_values_name_one_version_of_the_chart() -> None:
    assert f"(Zero to JupyterHub) {of_chart()}," in VALUES.read_text(encoding="utf-8")
    assert f"--version {of_chart()}" in GUIDE


def test_every_image_has_a_version_and_no_name_that_moves() -> None:
    bases = [line.split()[0] for line in docker_lines("FROM")]
    names = {"builder", "learner", "trainer", "hub"}
    chart = values()
    images = [
        *(base for base in bases if base not in names),
        *(container["image"] for container in all_containers()),
        *(f"{image['name']}:{image['tag']}" for image in (chart["hub"]["image"], chart["singleuser"]["image"])),
        *(f"{image['name']}:{image['tag']}" for image in chart["prePuller"]["extraImages"].values()),
    ]
    assert len(images) > 8
    for image in images:
        assert re.fullmatch(r"[a-z0-9.-]+(/[a-z0-9-]+)+:v?\d+\.\d+\.\d+[a-z0-9.-]*", image), image


def test_what_is_built_is_what_is_run() -> None:
    targets = {line.split()[-1] for line in docker_lines("FROM")} - {"builder"}
    chart = values()
    own = {container["image"] for container in all_containers()}
    own |= {f"{image['name']}:{image['tag']}" for image in (chart["hub"]["image"], chart["singleuser"]["image"])}
    own |= set(re.findall(r'trainers_image="([^"]+)"', chart["hub"]["extraConfig"]["building-trust"]))
    assert {image for image in own if "building-trust" in image} == {
        f"registry.example.org/building-trust/{target}:1.0.0" for target in targets
    }
    (loop,) = re.findall(r"for target in ([a-z ]+); do", GUIDE)
    assert set(loop.split()) == targets


def test_no_pod_has_root_or_more_rights_than_it_needs() -> None:
    specs = list(pod_specs())
    assert len(specs) == 3
    for what, spec in specs:
        assert spec["securityContext"]["runAsNonRoot"] is True, what
        assert spec["securityContext"]["runAsUser"] == 1000, what
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, what
        assert spec["automountServiceAccountToken"] is False, what
        assert not {"hostNetwork", "hostPID", "hostIPC"} & spec.keys(), what
        assert not [volume for volume in spec["volumes"] if "hostPath" in volume], what
        for container in containers(spec):
            rights = container["securityContext"]
            assert rights["allowPrivilegeEscalation"] is False, what
            assert rights["readOnlyRootFilesystem"] is True, what
            assert rights["capabilities"] == {"drop": ["ALL"]}, what
            assert "privileged" not in rights, what
    assert values()["singleuser"]["cloudMetadata"]["blockWithIptables"] is False, "it makes a privileged container"
    assert values()["singleuser"]["allowPrivilegeEscalation"] is False
    users = docker_lines("USER")
    assert users[-1] == "1000"
    assert users.count("0") == 1
    assert users.index("0") < len(users) - 1


def test_every_container_says_what_it_needs() -> None:
    for container in all_containers():
        assert container["resources"]["requests"].keys() == {"cpu", "memory"}, container["name"]
        assert "memory" in container["resources"]["limits"], container["name"]


def test_there_is_no_secret_in_the_files_and_the_guide_makes_each() -> None:
    assert [each for each in objects() if each["kind"] == "Secret"] == []
    used: dict[str, set[str]] = {}

    def look(node: Any) -> None:
        if isinstance(node, dict):
            if reference := node.get("secretKeyRef"):
                used.setdefault(reference["name"], set()).add(reference["key"])
            volume = node.get("secret")
            if isinstance(volume, dict):
                used.setdefault(volume["secretName"], set())
            for value in node.values():
                look(value)
        elif isinstance(node, list):
            for each in node:
                look(each)

    look([*objects(), values()])
    assert used == {"building-trust-cohorts": set(), "building-trust-rooms": {"hub-token", "database", "metrics-token"}}
    for name, keys in used.items():
        command, *_ = re.findall(rf"kubectl create secret generic {name}( .*)", GUIDE.replace("\\\n", " "))
        assert all(re.search(rf"--from-\w+={key}[= ]", command + " ") for key in keys), name
    assert re.search(r"building-trust-cohorts[^`]*--from-file=cohorts.toml", GUIDE)
    secret_ones = {"BUILDING_TRUST_SESSIONS", "BUILDING_TRUST_HUB_TOKEN", "BUILDING_TRUST_METRICS_TOKEN"}
    entries = [entry for container in all_containers() for entry in container.get("env", ())]
    assert all("valueFrom" in entry for entry in entries if entry["name"] in secret_ones)
    text = "".join(path.read_text(encoding="utf-8") for path in FOLDER.iterdir())
    assert not re.search(r"[0-9a-f]{32}|postgresql://|BEGIN [A-Z ]*PRIVATE", text)


def test_each_variable_of_the_course_is_a_setting_that_there_is() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in FOLDER.iterdir())
    used = set(re.findall(r"BUILDING_TRUST_[A-Z_]+", text))
    assert LAYOUT in used
    assert used <= set(re.findall(r"BUILDING_TRUST_[A-Z_]+", table()))
    layouts = [entry for each in all_containers() for entry in each.get("env", ()) if entry["name"] == LAYOUT]
    assert {entry["value"] for entry in layouts} == {ExchangeLayout.BY_LEARNER.value}


def test_jobs_and_hub_find_the_cohorts_where_their_code_looks() -> None:
    hub = values()["hub"]
    (mount,) = hub["extraVolumeMounts"]
    assert each_cohort.LIST.parent == Path(mount["mountPath"])
    assert str(each_cohort.LIST) in hub["extraConfig"]["building-trust"]
    jobs = [spec for what, spec in pod_specs() if "Job" in what]
    assert len(jobs) == 2
    for spec in jobs:
        claims = {volume["name"]: volume["persistentVolumeClaim"]["claimName"]
                  for volume in spec["volumes"] if "persistentVolumeClaim" in volume}  # fmt: skip
        for container in containers(spec):
            places = {mount["mountPath"]: mount["name"] for mount in container["volumeMounts"]}
            assert claims[places[str(DRIVE_ROOT)]] == SharedDrive().claim
            assert places[str(each_cohort.LIST.parent)] == "cohorts"


def test_every_claim_is_one_of_the_drives_and_shared_where_many_mount_it() -> None:
    drives = {each["metadata"]["name"]: each["spec"] for each in objects() if each["kind"] == "PersistentVolumeClaim"}
    used = {volume["persistentVolumeClaim"]["claimName"]
            for _, spec in pod_specs() for volume in spec["volumes"] if "persistentVolumeClaim" in volume}  # fmt: skip
    assert used == drives.keys()
    for name in (SharedDrive().claim, "building-trust-session-keys"):
        assert drives[name]["accessModes"] == ["ReadWriteMany"]
        assert drives[name]["storageClassName"] in GUIDE


def test_each_mount_is_of_a_volume_of_its_pod() -> None:
    for what, spec in pod_specs():
        volumes = {volume["name"] for volume in spec["volumes"]}
        for container in containers(spec):
            assert {mount["name"] for mount in container["volumeMounts"]} <= volumes, what


def commands() -> list[list[str]]:
    """Return the course's commands in the files, whoever runs them."""
    found = [container["command"] for container in all_containers() if container["command"][0] == "course"]
    for container in all_containers():
        words = container["command"]
        if words[:3] == ["python", "-m", "course.hub.each_cohort"]:
            found.append(words[words.index("--") + 1 :])
            found += [shlex.split(text) for word, text in itertools.pairwise(words) if word == "--first"]
    return [*found, *map(json.loads, docker_lines("CMD"))]


def test_each_command_is_one_that_the_course_has() -> None:
    lines = commands()
    assert {line[1] for line in lines} == {"collect", "grade", "backup", "workshop", "prepare-server"}
    for program, name, *arguments in lines:
        assert program == "course"
        command = course_command.get_command(click.Context(course_command), name)
        assert command, name
        command.make_context(name, list(arguments))
    with pytest.raises(click.NoSuchOption):
        course_command.commands["grade"].make_context("grade", ["--job", "x", "--none-such"])


def test_shares_of_the_job_are_as_many_as_its_pods() -> None:
    job = find("Job", "building-trust-marking-")["spec"]
    assert job["completionMode"] == "Indexed"
    for container in containers(job["template"]["spec"]):
        words = container["command"]
        assert words[words.index("--of") + 1] == str(job["completions"])
    assert job["parallelism"] <= job["completions"]


def test_images_have_what_their_commands_need() -> None:
    copied = [line.split() for line in docker_lines("COPY")]
    into_source = {parts[-1].removeprefix(SOURCE).strip("/") for parts in copied if parts[-1].startswith(SOURCE)}
    assert into_source == {"", "source", "exercises", "notebooks"}, "what `course coursework` reads of a clone"
    for parts in copied:
        for path in [path for path in parts[:-1] if not path.startswith("--") and "--from=builder" not in parts]:
            assert (ROOT / path).exists(), path
            assert f"!{path}" in (FOLDER / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines(), path
    (version,) = {line.split()[0].partition(":")[2] for line in docker_lines("FROM") if "/python:" in line}
    minor = ".".join(version.split(".")[:2])
    assert all(f"/python{minor}/" in parts[1] for parts in copied if "site-packages" in parts[1])
    steps = " ".join(docker_lines("RUN"))
    assert steps.count("--require-hashes") == 2
    assert "compileall" in steps
    assert "postgresql-client" in steps, "backups of a gradebook in PostgreSQL need pg_dump"


def test_no_answers_and_nothing_that_people_made_goes_into_an_image() -> None:
    rules = (FOLDER / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    assert next(rule for rule in rules if rule and not rule.startswith("#")) == "*"
    left_out = [rule.removeprefix("**/") for rule in rules if rule.startswith("**/")]
    for name in ("answers.json", "hand-in-kim-two-questions.zip", "feedback-kim.zip", "__pycache__", ".nbgrader.log"):
        assert any(fnmatch(name, rule) for rule in left_out), name
    text = DOCKERFILE.read_text(encoding="utf-8")
    before_trainers = text.partition("AS trainer")[0]
    assert "COPY source" not in before_trainers
    assert "COPY source" in text
    assert "COPY . " not in text


def test_the_hub_of_the_chart_takes_the_extra_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "cohorts.toml"
    file.write_text('[autumn-a]\nlearners = ["kim"]\ntrainers = ["robin"]\n')
    chart = values()
    code = chart["hub"]["extraConfig"]["building-trust"].replace(str(each_cohort.LIST), str(file))
    monkeypatch.setenv("BUILDING_TRUST_HUB_TOKEN", "0a" * 32)
    c = as_the_chart_has_it()
    c.KubeSpawner.image = "{name}:{tag}".format(**chart["singleuser"]["image"])
    exec(code, {"c": c})
    (cohort,) = read_cohorts(file)
    learner = pod_of_learner(c, cohort, "kim", tmp_path, monkeypatch)
    trainers = pod_of(c, cohort.account_name, [], tmp_path, monkeypatch)
    assert learner["metadata"]["labels"][ROLE] == "learner"
    assert main_container(trainers)["image"].endswith("/trainer:1.0.0")
    assert environment_of_pod(trainers)["BUILDING_TRUST_COURSEWORK"] == "/srv/building-trust/autumn-a/coursework"
    assert [service["name"] for service in c.JupyterHub.services] == ["jupyterhub-idle-culler", f"{COURSE_ID}-sessions"]


def test_nobody_can_log_in_before_an_administrator_says_how() -> None:
    from jupyterhub.auth import Authenticator
    from traitlets.utils.importstring import import_item

    name = values()["hub"]["config"]["JupyterHub"]["authenticator_class"]
    assert name == "null"
    assert import_item("jupyterhub.auth.NullAuthenticator").auto_login is True
    assert Authenticator().allow_all is False
    assert values()["hub"]["config"]["JupyterHub"]["admin_access"] is False


def test_servers_have_what_was_measured_that_they_need() -> None:
    chart, costs, thousand = values(), Costs(), sizing(100_000)
    mega = 1024**2  # as KubeSpawner reads M
    memory = int(chart["singleuser"]["memory"]["guarantee"].removesuffix("M")) * mega
    assert costs.server_memory <= memory <= 1.25 * costs.server_memory
    assert chart["singleuser"]["memory"]["limit"] == "1G"
    assert chart["singleuser"]["cpu"]["guarantee"] >= thousand.cores / thousand.servers
    assert f"{costs.server_memory // mega} MB" in VALUES.read_text(encoding="utf-8")
    assert 2 <= costs.server_start <= 4
    assert "takes two to four\n  # processor seconds" in VALUES.read_text(encoding="utf-8")


def test_idle_servers_are_ended_after_as_long_as_elsewhere() -> None:
    default = apply.__kwdefaults__ or {}
    assert values()["cull"]["timeout"] == default["cull_after"]
    assert values()["cull"]["enabled"] is True


def test_servers_speak_to_nobody_but_the_hub_and_learners_to_the_way_in_for_rounds() -> None:
    policy = values()["singleuser"]["networkPolicy"]
    rules = policy["egressAllowRules"]
    assert policy["enabled"] is True
    assert [name for name, allowed in rules.items() if allowed] == ["dnsPortsKubeSystemNamespace", "dnsPortsPrivateIPs"]
    policy = find("NetworkPolicy", "building-trust-learners")["spec"]
    (out,), (way_in, *_) = policy["egress"], find("NetworkPolicy", "building-trust-rooms")["spec"]["ingress"]
    assert policy["policyTypes"] == ["Egress"]
    assert policy["podSelector"]["matchLabels"] == {ROLE: "learner"}
    assert out == {"to": way_in["from"], "ports": [{"protocol": "TCP", "port": 443}]}


def test_policies_choose_pods_by_labels_that_pods_have() -> None:
    roles = {each["metadata"]["name"]: each["spec"]["podSelector"]["matchLabels"][ROLE]
             for each in objects() if each["kind"] == "NetworkPolicy"}  # fmt: skip
    assert set(roles.values()) == {"learner", "trainers", "job", "rooms"}
    for what, _ in pod_specs():
        kind, _, name = what.partition(" ")
        found = find(kind, name or "building-trust-marking-")
        spec = found["spec"]
        labels = spec.get("jobTemplate", {}).get("spec", spec)["template"]["metadata"]["labels"]
        assert labels[ROLE] in roles.values(), what
    cohort = Cohort("a", Path("/a"), Path("/b"))
    assert cohort.account_name  # whose pod has the role “trainers”, as test_kubernetes_pods.py shows


def test_prometheus_reaches_each_worker_with_the_token_and_finds_it_as_the_guide_says() -> None:
    (job,) = yaml.safe_load(re.findall(r"```yaml\n(scrape_configs:.*?)```", GUIDE, re.DOTALL)[0])["scrape_configs"]
    (found,), (kept,) = job["kubernetes_sd_configs"], job["relabel_configs"]
    (chosen,) = found["selectors"]
    label, _, value = chosen["label"].partition("=")
    worker, proxy = find("StatefulSet", "building-trust-rooms")["spec"]["template"]["spec"]["containers"]
    labels = find("StatefulSet", "building-trust-rooms")["spec"]["template"]["metadata"]["labels"]
    assert labels[label] == value
    assert (kept["action"], kept["source_labels"]) == ("keep", ["__meta_kubernetes_pod_container_port_name"])
    (port,) = (each["containerPort"] for each in proxy["ports"] if each["name"] == kept["regex"])
    *_, rule = find("NetworkPolicy", "building-trust-rooms")["spec"]["ingress"]
    assert rule["ports"] == [{"protocol": "TCP", "port": port}]
    (source,) = rule["from"]
    namespace = source["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"]
    assert f"namespace `{namespace}`" in GUIDE
    (token,) = (entry for entry in worker["env"] if entry["name"] == "BUILDING_TRUST_METRICS_TOKEN")
    key = token["valueFrom"]["secretKeyRef"]["key"]
    assert Path(job["authorization"]["credentials_file"]).name == key
    assert f"--namespace {namespace} create secret generic building-trust-metrics --from-literal={key}=" in GUIDE


def test_each_worker_of_rooms_has_its_service_and_its_lines_in_the_settings_of_nginx() -> None:
    workers = find("StatefulSet", "building-trust-rooms")["spec"]["replicas"]
    nginx = find("ConfigMap", "building-trust-rooms")["data"]["nginx.conf"]
    for index in range(workers):
        service = find("Service", f"building-trust-rooms-{index}")["spec"]
        assert service["selector"]["apps.kubernetes.io/pod-index"] == str(index)
        assert re.search(rf"^\s+{index} +worker_{index};$", nginx, re.MULTILINE)
        assert nginx.count(f"server building-trust-rooms-{index}:8081") == workers + 1
    worker, proxy = find("StatefulSet", "building-trust-rooms")["spec"]["template"]["spec"]["containers"]
    port = worker["command"][worker["command"].index("--port") + 1]
    assert f"proxy_pass            http://127.0.0.1:{port};" in nginx
    for probe in ("live", "ready"):
        command = worker[{"live": "livenessProbe", "ready": "readinessProbe"}[probe]]["exec"]["command"]
        assert f"http://127.0.0.1:{port}/health/{probe}" in command[-1]
    for name in (entry["containerPort"] for entry in proxy["ports"]):
        assert f"listen {name};" in nginx


def test_nginx_takes_its_settings(tmp_path: Path) -> None:
    path = nginx_path()
    if path is None:
        assert not os.environ.get("CI"), MISSING
        pytest.skip(MISSING)
    text = find("ConfigMap", "building-trust-rooms")["data"]["nginx.conf"]
    text = re.sub(r"building-trust-rooms-\d", "127.0.0.1", text).replace("/tmp/", f"{tmp_path}/")
    (tmp_path / "nginx.conf").write_text(text)
    command = [path, "-t", "-e", str(tmp_path / "log"), "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    assert "syntax is ok" in said, said
    assert "[warn]" not in said
