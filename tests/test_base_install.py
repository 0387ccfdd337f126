"""`pip install .` has what a learner needs: every lesson and exercise opens, and what is missing is named.

The packages that only the extras bring are kept from being imported, as if they were not installed.
"""

from __future__ import annotations

import importlib.metadata
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from course.content.lessons import lessons
from tests.packing import exercise
from tests.paths import ROOT
from tests.trainer.submissions import course_directory

pytestmark = pytest.mark.slow


PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
BLOCK = """
import sys

class NotInstalled:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {blocked}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, NotInstalled())
"""
OPEN = """
import os, shutil, sys
from pathlib import Path
from course.core.notebooks import material, read_notebook, source
from course.records.submission_file import make

def run(path):
    names = {}
    for cell in read_notebook(path)["cells"]:
        if cell["cell_type"] == "code":
            exec(compile(source(cell), path.name, "exec"), names)

opened = []
for path in sorted((material() / "notebooks").glob("*.ipynb")):
    if not path.name.startswith("for-"):
        run(path)
        opened.append(path.stem)
for folder in sorted(Path.cwd().iterdir()):
    os.chdir(folder)
    run(folder / f"{folder.name}.ipynb")
    opened.append(make(folder, folder.name, "synthetic-001").name)
print("Opened:", *opened)
"""
COMMANDS = """
import sys
from course.cli import main

for line in {commands}:
    sys.argv[1:] = line
    try:
        main()
    except SystemExit as left:
        print(f"exit {{left.code}}\\n", file=sys.stderr)
"""
LOADED = """
import sys
before = set(sys.modules)
import course
ask, show = course.lesson("two-questions")
ask.choose("q1", "Which?\\n\\nA. This\\nB. That")
print("Loaded:", *{name.partition(".")[0] for name in set(sys.modules) - before})
"""


def with_what_they_need(packages: Iterable[str]) -> set[str]:
    """Return packages with all that their own requirements bring on this machine."""
    found: set[str] = set()
    left = [*packages]
    while left:
        name = canonicalize_name(left.pop())
        if name in found:
            continue
        try:
            lines = importlib.metadata.requires(name) or []
        except importlib.metadata.PackageNotFoundError:  # not for this machine
            continue
        found.add(name)
        needed = [Requirement(line) for line in lines]
        left += [
            requirement.name
            for requirement in needed
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""})
        ]
    return found


def only_in_extras() -> set[str]:
    """Return the packages that a base install does not have."""
    base = with_what_they_need(Requirement(line).name for line in PROJECT["dependencies"])
    named = [Requirement(line).name for lines in PROJECT["optional-dependencies"].values() for line in lines]
    return {canonicalize_name(name) for name in named} - base - {canonicalize_name(PROJECT["name"])}


def run(code: str, folder: Path, home: Path, *line: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run code where only the packages of a base install can be imported, with more variables of its environment."""
    environment = {"HOME": str(home), "PYTHONPATH": str(ROOT), "MPLBACKEND": "agg", **more}
    script = BLOCK.format(blocked=only_in_extras()) + code
    return subprocess.run(
        [sys.executable, "-c", script, *line],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_the_extras_bring_what_a_learner_does_not_need() -> None:
    assert only_in_extras() >= {"scipy", "nh3", "segno", "rich"}
    five = {"jupyterlab", "nbgrader", "ipywidgets", "pandas", "matplotlib"}
    assert {Requirement(line).name for line in PROJECT["dependencies"]} >= five


@pytest.mark.slow
def test_a_base_install_opens_every_lesson_and_hands_in(tmp_path: Path) -> None:
    for lesson in lessons():
        exercise(tmp_path / "exercises", lesson.key, reflection="Synthetic data.")
    done = run(OPEN, tmp_path / "exercises", tmp_path)
    assert done.returncode == 0, done.stderr[-2000:]
    (line,) = re.findall(r"^Opened: (.*)$", done.stdout, re.MULTILINE)
    wanted = {name for lesson in lessons() for name in (lesson.key, f"hand-in-{lesson.key}.zip")}
    assert set(line.split()) == wanted | {"start", "journal", "record", "credits", "day-30"}


def test_what_is_missing_is_answered_with_the_extra_to_install(tmp_path: Path) -> None:
    commands = [["grade"], ["report", "--synthetic", "A"], ["collect"]]
    coursework = course_directory(tmp_path / "coursework")  # a trainer may run the tests in their own
    code = COMMANDS.format(commands=commands)
    done = run(code, tmp_path, tmp_path, BUILDING_TRUST_COURSEWORK=str(coursework))
    assert done.returncode == 0, done.stderr
    answers = done.stderr.strip().split("\n\n")
    assert len(answers) == len(commands)
    for line, answer in zip(commands, answers, strict=True):
        assert answer.endswith("exit 1"), line
        assert "pip install 'building-trust[trainer]'" in answer, line
        assert len(answer.splitlines()) == 3, (line, answer)


def test_a_package_of_the_workshop_is_answered_in_the_same_way(tmp_path: Path) -> None:
    code = (
        "from course.core.packages import explain_missing_packages\n"
        "with explain_missing_packages():\n    from course.workshop.views.screen_view import qr_code\n    qr_code('x')"
    )
    done = run(code, tmp_path, tmp_path)
    assert "pip install 'building-trust[facilitator]'" in done.stderr


def test_before_a_chart_is_drawn_a_lesson_loads_few_packages(tmp_path: Path) -> None:
    done = run(LOADED, tmp_path, tmp_path)
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.rpartition("Loaded: ")[2].split())
    installed = importlib.metadata.packages_distributions()
    packages = {
        canonicalize_name(installed[name][0])
        for name in loaded - set(sys.stdlib_module_names)
        if name in installed and name != "course"
    }
    packages -= {"mypy-extensions"}  # an anywidget's library uses it where a developer has it
    assert packages <= {"filelock", "platformdirs"} | with_what_they_need(["anywidget"])
    assert packages >= {"platformdirs"}


def test_importing_the_course_loads_next_to_nothing(tmp_path: Path) -> None:
    """Each notebook and each command begins with it; `make bench` prints how long it takes."""
    code = "import sys; before = set(sys.modules); import course; print(*set(sys.modules) - before)"
    loaded = set(run(code, tmp_path, tmp_path).stdout.split())
    others = {name for name in loaded if name.partition(".")[0] not in sys.stdlib_module_names}
    assert others == {"course", "course.core"}
    assert not loaded & {"asyncio", "inspect", "json", "logging", "pathlib", "subprocess"}
