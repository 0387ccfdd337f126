"""What no other tool checks: the floors of imports, a light start, tidy notebooks, one version."""

from __future__ import annotations

import ast
import functools
import os
import re
import subprocess
import symtable
import sys
import tempfile
from collections import Counter
from pathlib import Path

import pytest

import course
from course.authoring.review import review
from course.authoring.tidy import tidy
from tests import imports
from tests.cases import every
from tests.paths import ROOT
from tests.syntax_trees import nodes

HEAVY = ("IPython", "babel", "ipywidgets", "matplotlib", "nbformat", "nbgrader", "numpy", "pandas", "tornado")
OWN = ("benchmarks", "course", "docs", "tests")
FOLDERS = sorted(imports.folders())


@every("folder", FOLDERS)
def test_imports_only_go_down(folder: imports.Place) -> None:
    """Inside every folder: a file imports only from lower floors, and so do the folders in it as wholes."""
    floors = imports.plan_in_guide()[folder]
    up = [
        f"{name} (floor {floors[name]}) imports {other} (floor {floors[other]})"
        for name, others in imports.arrows_in(folder).items()
        for other in others
        if floors[other] >= floors[name]
    ]
    assert up == []


def test_the_plan_in_the_guide_names_every_file_and_no_other() -> None:
    assert {folder: set(floors) for folder, floors in imports.plan_in_guide().items()} == imports.folders()


@functools.cache
def names_of_module(path: Path) -> set[str]:
    """Return what can be imported from a file."""
    symbols = symtable.symtable(path.read_text(encoding="utf-8"), str(path), "exec").get_symbols()
    return {symbol.get_name() for symbol in symbols if symbol.is_assigned() or symbol.is_imported()}


def missing_imports(path: Path) -> list[str]:
    """Return what a file imports of this checkout, anywhere in it, that is not there."""
    missing = []
    for node in nodes(path):
        if not isinstance(node, ast.ImportFrom) or (node.module or "").split(".")[0] not in OWN:
            continue
        place = ROOT.joinpath(*str(node.module).split("."))
        file = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
        known = names_of_module(file) if file.is_file() else set()
        known |= {each.stem for each in place.glob("*") if each.is_dir() or each.suffix == ".py"}
        missing += [f"{node.module}: {alias.name}" for alias in node.names if alias.name not in known]
    return missing


def test_a_name_that_has_moved_away_is_known_as_missing(tmp_path: Path) -> None:
    (tmp_path / "new.py").write_text(
        "from tests.ports import free_port, free_sockets\ndef later():\n    from tests.workshop.ports import free_port",
        encoding="utf-8",
    )
    assert missing_imports(tmp_path / "new.py") == ["tests.ports: free_sockets", "tests.workshop.ports: free_port"]


@pytest.mark.slow
def test_whatever_tests_and_benchmarks_import_is_there() -> None:
    """The type checker reads the course alone; benchmarks and the tests of a Hub are seldom run.

    What makes the data of an earlier version runs in a clone of that version.
    """
    places = [path for folder in ("benchmarks", "docs", "tests") for path in sorted((ROOT / folder).rglob("*.py"))]
    files = [path for path in places if ROOT / "tests" / "fixtures" not in path.parents]
    assert {path.name: missing for path in files if (missing := missing_imports(path))} == {}


NAMED = re.compile(r"`(?:[\w-]+/)*([\w-]+\.(?:py|js|mjs|css|toml))`|(course/[\w/-]+\.(?:py|js|mjs|css|toml))\b")
WRITTEN_ELSEWHERE = frozenset({"cohort.toml", "jupyterhub_config.py"})
"""Files that trainers and administrators write."""


def test_the_files_that_comments_and_docstrings_name_are_there() -> None:
    there = WRITTEN_ELSEWHERE | {path.name for path in tracked()}
    missing = [
        f"{path.relative_to(ROOT)}: {name or place}"
        for path in tracked()
        if path.is_relative_to(ROOT / "course") and path.suffix in (".py", ".js", ".mjs", ".css", ".toml")
        for name, place in NAMED.findall(path.read_text(encoding="utf-8"))
        if (name and name not in there) or (place and not (ROOT / place).is_file())
    ]
    assert missing == []


def test_a_class_name_occurs_once() -> None:
    names = Counter(
        node.name for path in imports.places().values() for node in nodes(path) if isinstance(node, ast.ClassDef)
    )
    assert [name for name, count in names.items() if count > 1] == []


@every("folder", ["frame", "learner/journal", "learner/record"])
def test_what_the_web_edition_has_too_knows_nothing_of_jupyter(folder: str) -> None:
    """Only the media type of a widget has Jupyter in its name."""
    files = [path for path in (ROOT / "course" / folder).rglob("*") if path.suffix in (".py", ".js", ".css")]
    assert files
    for path in files:
        code = re.sub(r"/\*.*?\*/|//[^\n]*|\"\"\".*?\"\"\"", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        code = code.replace("application/vnd.jupyter.widget-view+json", "")
        assert not re.search(r"jupyter|ipython|nbgrader|kernel|api/", code, re.IGNORECASE), path.name


def test_importing_the_course_is_light() -> None:
    look = f"import sys, course, course.cli; print(*(name for name in {HEAVY} if name in sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True, timeout=60).stdout
    assert loaded.split() == []


def test_the_version_is_the_latest_in_the_changelog() -> None:
    latest = re.search(r"^## (\d+\.\d+\.\d+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    project = re.search(r'^version = "([^"]+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    assert latest
    assert project
    assert course.__version__ == latest[1] == project[1]


@pytest.mark.slow
def test_every_notebook_is_tidy() -> None:
    assert tidy([], ROOT, write=False) == []


@pytest.mark.slow
def test_every_notebook_keeps_the_rules() -> None:
    looked_at, problems = review([], ROOT)
    assert looked_at
    assert [str(problem) for problem in problems] == []


def tracked() -> list[Path]:
    """Return the files that belong to the course, whether or not this is a clone."""
    left_out = {".venv", ".git", "__pycache__", "artefacts", "dist", "build", "node_modules"}
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]
    return [path for path in ROOT.rglob("*") if path.is_file() and not left_out & set(path.relative_to(ROOT).parts)]


def personal_places() -> re.Pattern[str]:
    """Return what a path on this machine, or in anyone's home, begins with."""
    here = (ROOT, Path.home(), Path(sys.prefix), Path(tempfile.gettempdir()), Path(os.environ.get("TMPDIR", "/tmp")))
    usual = {"/usr", "/etc", "/bin", "/dev", "/opt", "/var"}
    tops = {"/".join(path.parts[:2]).replace("//", "/") for path in here if path.is_absolute()} - usual
    begins = "|".join(re.escape(top) + "/" for top in sorted(tops))
    return re.compile(rf"(?<![\w.~:])(({begins})[\w.]+/|/(home|Users)/\w+/)|[A-Z]:\\\\?Users\\\\?\w")


def test_a_place_on_one_machine_is_known_as_one() -> None:
    place = personal_places()
    assert place.search(f"see {ROOT}/course/cli.py")
    assert place.search("in " + "/".join(["", "home", "ann", "course"]))
    assert place.search("in " + "\\".join(["C:", "Users", "ann"]))
    assert not place.search("notebooks/start.ipynb, /lab/tree/notebooks/x.ipynb, https://example.org/home/page/")


def test_no_file_names_a_place_on_one_machine() -> None:
    place, lines = personal_places(), []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        lines += [f"{path.name}: {line.strip()}" for line in text.splitlines() if place.search(line)]
    assert lines == []
