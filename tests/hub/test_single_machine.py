"""The units and the site of a Hub on one machine: looked over by systemd and nginx themselves."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest
from traitlets.config import Config

from course.hub import Cohort, apply
from tests.browser.nginx import MISSING, nginx_path
from tests.certificates import write_certificate
from tests.paths import ROOT

FOLDER: Final = ROOT / "course" / "hub" / "single-machine"
UNITS: Final = ("building-trust-culler", "building-trust-hub", "building-trust-proxy", "building-trust-rooms")
WORKER: Final = "building-trust-workshop@"
PROGRAMS: Final = ("jupyterhub", "python", "configurable-http-proxy", "course")


def block_of_guide(language: str, contains: str) -> str:
    guide = (ROOT / "DEPLOYING.md").read_text(encoding="utf-8")
    (block,) = [one for one in re.findall(rf"```{language}\n(.*?)```", guide, re.DOTALL) if contains in one]
    return str(block)


def configuration_of_guide(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return what the guide has an administrator set, with the course's own settings after it."""
    monkeypatch.setenv("BUILDING_TRUST_CULLER_TOKEN", "synthetic")
    c = Config()
    exec(block_of_guide("python", "should_start"), {"c": c})
    apply(c, [Cohort("a", Path("/srv/a/work"), Path("/srv/a/exchange"))])
    return c


def settings_of(unit: str) -> dict[str, str]:
    lines = (FOLDER / f"{unit}.service").read_text(encoding="utf-8").splitlines()
    parts = [line.partition("=") for line in lines if not line.startswith("#")]
    return {name: value for name, sign, value in parts if sign}


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed.")
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    for name in PROGRAMS:
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    for unit in (*UNITS, WORKER):
        text = (FOLDER / f"{unit}.service").read_text(encoding="utf-8")
        text = re.sub(r"^ExecStart=\S+/", f"ExecStart={tmp_path}/", text, flags=re.MULTILINE)
        (tmp_path / f"{unit}.service").write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(tmp_path / f"{unit}.service" for unit in (*UNITS, f"{WORKER}"))],
        capture_output=True, text=True, check=False, env={**os.environ, "SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
    )  # fmt: skip
    said = [line for line in done.stderr.splitlines() if "building-trust" in line]
    assert said == []
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "site_name, prefix", [("nginx-site", ""), ("nginx-sessions", ""), ("nginx-workshop", "workshop-")]
)
def test_nginx_takes_the_site(tmp_path: Path, site_name: str, prefix: str) -> None:
    path = nginx_path()
    if path is None:
        assert not os.environ.get("CI"), MISSING
        pytest.skip(MISSING)
    write_certificate(tmp_path, "hub.example.org")
    for name in ("certificate.pem", "key.pem") if prefix else ():
        (tmp_path / name).rename(tmp_path / f"{prefix}{name}")
    site = (FOLDER / f"{site_name}.conf").read_text(encoding="utf-8")
    assert "/etc/ssl/building-trust/" in site
    (tmp_path / "site.conf").write_text(site.replace("/etc/ssl/building-trust/", f"{tmp_path}/"))
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid; error_log {tmp_path}/log; events {{ }}\nhttp {{ include {tmp_path}/site.conf; }}\n"
    )
    command = [path, "-t", "-e", str(tmp_path / "log"), "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    assert "syntax is ok" in said, said
    assert "[warn]" not in said


@pytest.mark.parametrize("site_name", ["nginx-sessions", "nginx-workshop"])
def test_no_log_says_whose_phone_came_by_which_link(site_name: str) -> None:
    """In a line of nginx's log of errors are a network address and what was asked for, as when a server starts anew."""
    site = (FOLDER / f"{site_name}.conf").read_text(encoding="utf-8")
    plain, encrypted = re.findall(r"^server {\n.*?^}$", site, re.DOTALL | re.MULTILINE)
    for server in (plain, encrypted):  # a name that is typed comes in the clear first
        logs = dict(re.findall(r"^ {4}(\w+_log) +(.*);$", server, re.MULTILINE))
        assert logs == {"access_log": "off", "error_log": "/dev/null crit"}
    names = [re.findall(r"server_name (\S+);", server) for server in (plain, encrypted)]
    assert names[0] == names[1]
    assert "return 308 https://" in plain


def test_a_unit_that_begins_again_soon_is_tried_for_ever() -> None:
    """Systemd gives up a unit that was started five times within ten seconds."""
    for unit in (*UNITS, WORKER):
        settings = settings_of(unit)
        is_soon = float(settings["RestartSec"]) * 4 < 10
        assert settings.get("StartLimitIntervalSec") == ("0" if is_soon else None), unit


def test_units_site_and_guide_name_the_same_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    c = configuration_of_guide(monkeypatch)
    proxy, culler = settings_of("building-trust-proxy")["ExecStart"], settings_of("building-trust-culler")["ExecStart"]
    assert f"--default-target={c.JupyterHub.hub_bind_url}" in proxy
    assert f"--url={c.JupyterHub.hub_bind_url}/hub/api" in culler
    options = proxy.split()
    assert f"--port={c.JupyterHub.bind_url.rpartition(':')[2]}" in options
    assert f"--api-port={c.ConfigurableHTTPProxy.api_url.rpartition(':')[2]}" in options
    assert f"proxy_pass         {c.JupyterHub.bind_url};" in (FOLDER / "nginx-site.conf").read_text(encoding="utf-8")


def test_the_site_of_the_workshop_leads_to_the_ports_of_its_workers() -> None:
    """The unit's `%i` is the worker's name, which the cookie has, and the last digit of its port."""
    command = settings_of(WORKER)["ExecStart"]
    assert command.endswith("course workshop --worker %i --port 889%i")
    site = (FOLDER / "nginx-workshop.conf").read_text(encoding="utf-8")
    workers = dict(re.findall(r"^ {4}(\w+) +(building_trust_worker_\w+);$", site, re.MULTILINE))
    assert [*workers] == ["1", "2"]
    for name, upstream in workers.items():
        (servers,) = re.findall(rf"upstream {upstream} {{(.*?)}}", site, re.DOTALL)
        first, *others = re.findall(r"server (\S+)( .*)?;", servers)
        assert first[0] == f"127.0.0.1:889{name}"
        assert all(options == " max_fails=0 backup" for _, options in others)
        assert {address[-1] for address, _ in others} == {*workers} - {name}


def test_idle_servers_are_ended_by_the_unit_alone_and_the_hub_starts_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    c = configuration_of_guide(monkeypatch)
    assert [service["name"] for service in c.JupyterHub.services] == ["culler"]
    assert "command" not in c.JupyterHub.services[0]
    assert c.ConfigurableHTTPProxy.should_start is False
    assert c.JupyterHub.cleanup_servers is False


def test_each_unit_reads_its_own_tokens_from_a_file_that_the_guide_makes() -> None:
    blocks = [block_of_guide("bash", contains) for contains in ("CONFIGPROXY_AUTH_TOKEN", "rooms=$(openssl")]
    made = "".join(blocks)
    for unit in UNITS:
        file = settings_of(unit)["EnvironmentFile"]
        assert f"> {file}\n" in made
        assert "TOKEN=" not in (FOLDER / f"{unit}.service").read_text(encoding="utf-8")
    assert all(block.startswith("umask 077\n") for block in blocks)
