"""A server that somebody else starts shows the course as `course learn` does."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from course.cli import main
from course.content import words
from course.learner import serving
from course.learner.prepared_server import prepare
from course.learner.working_copy import is_as_shipped
from tests.jupyter_server import open_server
from tests.paths import ROOT

START = "notebooks/start.ipynb"
BASE = "/user/kim/"


def ask(address: str, content: object = None) -> Any:
    body = None if content is None else json.dumps(content).encode()
    headers = {"Authorization": "token plain"}
    method = "GET" if body is None else "PUT"
    return urllib.request.urlopen(urllib.request.Request(address, body, headers, method=method))


def test_it_writes_what_course_learn_writes_and_leaves_address_and_sign_in_to_others(tmp_path: Path) -> None:
    place = prepare(tmp_path / "copy")
    profile = serving.learner_profile(tmp_path / "copy", lab=False, exchange=False)
    serving.prepare(tmp_path / "learn", profile)
    written = {path.relative_to(place): path.read_text() for path in place.rglob("*.*") if path.is_file()}
    server = json.loads(written.pop(Path("config/jupyter_server_config.json")))
    learns = {path.relative_to(tmp_path / "learn"): path for path in (tmp_path / "learn").rglob("*.*")}
    assert written == {name: path.read_text() for name, path in learns.items() if path.is_file()}
    own = serving.server_settings(profile, tmp_path, 8888, is_chosen=False)
    assert set(own) - set(server) == {"IdentityProvider", "Application"}
    assert not set(server["ServerApp"]) & {"ip", "port", "open_browser", "logging_config", "allow_root"}
    assert "course.learner.sign_in" not in server["ServerApp"]["jpserver_extensions"]
    assert stat.S_IMODE(place.stat().st_mode) == 0o700 or os.name != "posix"


def test_where_a_course_directory_is_set_it_writes_what_course_teach_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "work" / "source").mkdir(parents=True)
    monkeypatch.setenv("BUILDING_TRUST_COURSEWORK", str(tmp_path / "work"))
    place = prepare(tmp_path / "copy")
    assert not (tmp_path / "copy").exists()
    server = json.loads((place / "config/jupyter_server_config.json").read_text())["ServerApp"]
    assert server["root_dir"] == str(tmp_path / "work")
    assert server["jpserver_extensions"]["course.trainer.pages.formgrader"]
    assert "frame-ancestors 'self'" in server["tornado_settings"]["headers"]["Content-Security-Policy"]
    monkeypatch.delenv("BUILDING_TRUST_COURSEWORK")
    extensions = json.loads((prepare(tmp_path / "copy") / "config/jupyter_server_config.json").read_text())["ServerApp"]
    assert not extensions["jpserver_extensions"]["course.trainer.pages.formgrader"]


def test_without_a_command_it_prints_what_a_shell_has_to_set(tmp_path: Path) -> None:
    told = CliRunner().invoke(main, ["prepare-server", "--folder", str(tmp_path / "a copy")])
    lines = told.stdout.splitlines()
    assert told.exit_code == 0
    assert all(line.startswith("export ") for line in lines)
    assert not [line for line in lines if line.startswith("export PATH=")]
    assert (tmp_path / "a copy" / START).is_file()


def test_a_command_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "use_environment", lambda folder: None)  # it would stay in this process
    told = CliRunner().invoke(main, ["prepare-server", "--folder", str(tmp_path / "copy"), "no-such-jupyter", "lab"])
    assert told.exit_code == 2
    assert "There is no command no-such-jupyter here." in told.stderr


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="Binder is Linux")
def test_what_binder_starts_opens_at_the_course_and_keeps_its_pages(tmp_path: Path) -> None:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.defpath])
    work = {"BUILDING_TRUST_WORK": str(tmp_path / "copy"), "PATH": path}
    line = [".binder/start", "jupyter", "notebook"]
    with open_server(line, ROOT, tmp_path, f"--ServerApp.base_url={BASE}", **work) as base:
        shown = ask(f"{base}{BASE}")
        assert shown.url == f"{base}{BASE}read/{START}"
        assert words("frame.on-a-server") in shown.read().decode()
        notebook = json.load(ask(f"{base}{BASE}api/contents/{START}"))
        notebook["content"]["cells"][0]["source"] = "Changed"
        ask(f"{base}{BASE}api/contents/{START}", {name: notebook[name] for name in ("type", "format", "content")})
    assert is_as_shipped(tmp_path / "copy", START)


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="Binder is Linux")
def test_binder_fails_while_it_builds_where_the_course_cannot_be_prepared(tmp_path: Path) -> None:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.defpath])
    kept = {"HOME": str(tmp_path), "PATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
    for work, ends_with in ((tmp_path / "copy", 0), (ROOT / "copy", 1)):
        done = subprocess.run([".binder/start", "true"], cwd=ROOT, env=kept | {"BUILDING_TRUST_WORK": str(work)})
        assert done.returncode == ends_with
