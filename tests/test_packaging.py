"""What is installed is what was tested: locks, conda's list and the wheel agree with pyproject.toml."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import rattler
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

import course
from course.core import packages
from course.learner.working_copy import FOR_OTHERS
from tests.paths import ROOT
from tests.syntax_trees import nodes

pytestmark = pytest.mark.slow


PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
NEEDED = [Requirement(line) for line in PROJECT["project"]["dependencies"]]
EXTRAS = {
    extra: [Requirement(line) for line in lines] for extra, lines in PROJECT["project"]["optional-dependencies"].items()
}
NEEDED_ON_A_SERVER = EXTRAS.pop("hub")
"""What `all` leaves out: nobody's own computer needs it."""
NEEDED_BY_SOME = [requirement for extra, lines in EXTRAS.items() if extra != "all" for requirement in lines]
NEEDED_FOR_TESTS = [Requirement(line) for line in PROJECT["dependency-groups"]["dev"]]
ENVIRONMENT = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
NEEDED_TO_BUILD = [Requirement(line) for line in PROJECT["build-system"]["requires"]]
LOCKS = ("requirements.lock", "requirements-test.lock", "requirements-hub.lock")
BUILD_LOCK = "requirements-build.lock"
"""What an image is built with; no other lock has to be with it on one computer."""


def lock(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def pins(name: str) -> dict[str, Version]:
    return {
        canonicalize_name(pin): Version(version) for pin, version in re.findall(r"^(\S+?)==(\S+)", lock(name), re.M)
    }


@pytest.mark.parametrize("name", [*LOCKS, BUILD_LOCK])
def test_a_lock_names_packages_versions_and_hashes_and_nothing_else(name: str) -> None:
    line = re.compile(r"#.*|[a-z0-9._-]+==\S+( ; [^\\]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?")
    assert [text for text in lock(name).splitlines() if not line.fullmatch(text)] == []
    assert not re.search(r"://|index|find-links|file:|\.\.?/", lock(name))


@pytest.mark.parametrize(
    "name, needed",
    [
        (LOCKS[0], NEEDED),
        (LOCKS[0], NEEDED_BY_SOME),
        (LOCKS[1], NEEDED),
        (LOCKS[1], NEEDED_BY_SOME),
        (LOCKS[1], NEEDED_FOR_TESTS),
        (LOCKS[1], NEEDED_ON_A_SERVER),
        (LOCKS[2], NEEDED),
        (LOCKS[2], NEEDED_BY_SOME),
        (LOCKS[2], NEEDED_ON_A_SERVER),
        (BUILD_LOCK, NEEDED_TO_BUILD),
    ],
)
def test_a_lock_has_what_the_project_needs(name: str, needed: list[Requirement]) -> None:
    found = pins(name)
    missing = [
        str(requirement)
        for requirement in needed
        if found.get(canonicalize_name(requirement.name), Version("0")) not in requirement.specifier
    ]
    assert missing == [], "Run make lock."


def test_what_is_told_of_a_missing_package_is_what_the_extras_bring() -> None:
    brought = {
        extra: {canonicalize_name(requirement.name) for requirement in lines}
        for extra, lines in EXTRAS.items()
        if extra != "all"
    }
    on_a_server = {canonicalize_name(requirement.name) for requirement in NEEDED_ON_A_SERVER}
    told = {extra: {canonicalize_name(module) for module in modules} for extra, modules in packages.EXTRAS.items()}
    assert told == {**brought, "hub": on_a_server}
    (everything,) = EXTRAS["all"]
    assert (everything.name, everything.extras) == (PROJECT["project"]["name"], set(brought))


def test_tests_run_on_what_learners_get() -> None:
    learners, *others = (pins(name) for name in LOCKS)
    for other in others:
        assert {name: other.get(name) for name in learners} == learners


def conda_lines() -> list[str]:
    return [line for line in ENVIRONMENT["dependencies"] if isinstance(line, str)]


def test_conda_can_read_every_line() -> None:
    assert {rattler.MatchSpec(line).name.normalized for line in conda_lines()} == {
        "python",
        "pip",
        "jupyterlab",
        "notebook",
    }


def test_conda_installs_what_the_project_says() -> None:
    assert ENVIRONMENT["name"] == PROJECT["project"]["name"]
    assert ENVIRONMENT["channels"] == ["conda-forge", "nodefaults"]
    assert ENVIRONMENT["dependencies"][-1] == {"pip": ["-e ."]}
    given = dict(line.split("=", 1) for line in conda_lines() if "=" in line)
    wanted = {requirement.name: requirement.specifier for requirement in NEEDED}
    assert Version(given.pop("python")) in Requirement(f"python{PROJECT['project']['requires-python']}").specifier
    assert {name: f"=={version}.*" for name, version in given.items()} == {
        name: str(wanted[name]) for name in ("jupyterlab", "notebook")
    }


def test_binder_installs_what_conda_does() -> None:
    binders = yaml.safe_load((ROOT / ".binder" / "environment.yml").read_text(encoding="utf-8"))
    assert binders.pop("dependencies") == [*ENVIRONMENT["dependencies"][:-1], {"pip": ["-e .."]}]  # pip runs in .binder
    assert binders == {name: ENVIRONMENT[name] for name in binders}


def test_binder_accepts_the_folder(tmp_path: Path) -> None:
    shutil.copytree(ROOT / ".binder", tmp_path / ".binder")
    shutil.copy(ROOT / "environment.yml", tmp_path)
    line = [sys.executable, "-m", "repo2docker", "--no-build", "--debug", "--user-id", "1000", "--user-name", "jovyan"]
    done = subprocess.run([*line, "."], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    told = done.stderr + done.stdout
    assert done.returncode == 0, told
    assert "python=3.12" in told
    assert 'env update -p ${NB_PYTHON_PREFIX} --file ".binder/environment.yml"' in told
    assert "RUN ./.binder/postBuild" in told
    assert 'ENV R2D_ENTRYPOINT="${REPO_DIR}/.binder/start"' in told
    assert [name for name in ("postBuild", "start") if not os.access(ROOT / ".binder" / name, os.X_OK)] == []


def test_a_dev_container_starts_what_is_there() -> None:
    container = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8"))
    make, target = container["postCreateCommand"].split()
    assert (make, f"$(VENV){target.removeprefix('.venv')}:" in (ROOT / "Makefile").read_text(encoding="utf-8")) == (
        "make",
        True,
    )
    assert container["postAttachCommand"].split()[:2] == [".venv/bin/course", "prepare-server"]
    assert list(map(str, container["forwardPorts"])) == list(container["portsAttributes"]) == ["8888"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Return the names of the files in a wheel built of this folder."""
    folder = tmp_path_factory.mktemp("wheel")
    line = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(line, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (built,) = folder.glob("*.whl")
    assert course.__version__ in built.name
    return zipfile.ZipFile(built).namelist()


def test_the_wheel_holds_all_that_the_course_reads(wheel: list[str]) -> None:
    kinds = {".py", ".toml", ".js", ".css", ".html", ".ipynb", ".j2", ".json", ".svg"}
    files = [path for path in (ROOT / "course").rglob("*") if path.is_file() and path.suffix in kinds]
    files += [path for path in (ROOT / "course" / "hub").rglob("*") if path.is_file()]  # units, images, values and more
    wanted = {path.relative_to(ROOT).as_posix() for path in files if "__pycache__" not in path.parts}
    assert wanted - set(wheel) == set()


@pytest.mark.parametrize("folder", ["notebooks", "exercises"])
def test_the_wheel_holds_the_lessons_and_exercises(wheel: list[str], folder: str) -> None:
    wanted = {f"course/material/{path.relative_to(ROOT).as_posix()}" for path in (ROOT / folder).rglob("*.ipynb")}
    assert wanted
    wanted = {name for name in wanted if ".ipynb_checkpoints" not in name and not name.endswith(FOR_OTHERS)}
    assert wanted - set(wheel) == set()


def test_the_wheel_holds_no_page_for_trainers_or_facilitators(wheel: list[str]) -> None:
    assert [name for name in wheel if name.endswith("start.ipynb")]
    assert [name for name in wheel if name.endswith(FOR_OTHERS)] == []


def test_the_wheel_holds_no_keys(wheel: list[str]) -> None:
    assert [name for name in wheel if "/source/" in name or name.startswith("source/")] == []
    assert [name for name in wheel if "answers.json" in name or "gradebook.db" in name] == []


def test_the_wheel_brings_the_notebook_view_to_jupyter(wheel: list[str]) -> None:
    assert [name for name in wheel if re.search(r"\.data/data/share/jupyter/labextensions/[^/]+/package\.json$", name)]


STARTED = {"ipykernel", "ipywidgets", "jupyterlab", "notebook", "jupyterhub", "jupyterhub-idle-culler"}
"""What the course's pages run in, without importing it."""
BROUGHT = {"ipython", "jupyter-core", "jupyter-server", "nbformat", "traitlets"}
"""Parts of Jupyter that the course imports, in the versions that Jupyter and nbgrader ask for."""


def libraries_imported() -> set[str]:
    """Return the packages that the course imports, by the names under which they are installed."""
    modules: set[str] = set()
    for path in (ROOT / "course").rglob("*.py"):
        for node in nodes(path):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            modules |= {name.split(".")[0] for name in names}
    installed = packages_distributions()
    others = modules - sys.stdlib_module_names - {"course"}
    return {canonicalize_name(installed[module][0]) for module in others}


def test_every_library_that_is_named_is_used_and_every_one_that_is_used_is_named() -> None:
    named = {canonicalize_name(requirement.name) for requirement in [*NEEDED, *NEEDED_BY_SOME, *NEEDED_ON_A_SERVER]}
    assert libraries_imported() - BROUGHT == named - STARTED
    assert not BROUGHT - libraries_imported()


def test_no_spelling_is_looked_up_in_what_people_handed_in() -> None:
    skipped = PROJECT["tool"]["codespell"]["skip"].split(",")
    handed_in = ("submitted", "autograded", "exchange", "inbox")
    for folder in (*handed_in, "feedback", "feedback-files", "marks-files", "second-marks"):
        assert f"/{folder}/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
        assert f"./{folder}" in skipped
