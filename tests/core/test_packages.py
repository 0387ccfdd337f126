"""Other people's packages: Jupyter and nbgrader start without one that takes long and that nothing of theirs needs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from course.core.packages import UNUSED
from tests.jupyter_server import open_course
from tests.paths import ROOT

SLOW = "rfc3987_syntax"
_FORMAT = re.compile(r"""["']?\bformat["']?\s*:\s*["']?([\w-]+)""")


def printed(code: str) -> list[str]:
    """Return the words that code prints in a process of its own."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    line = [sys.executable, "-c", code]
    return subprocess.run(line, env=environment, capture_output=True, text=True, check=True, timeout=60).stdout.split()


@pytest.mark.slow
def test_trainers_tools_start_without_the_parsers_of_addresses() -> None:
    code = "import sys, course.trainer.marking.marker\nprint('nbgrader' in sys.modules, 'lark' in sys.modules)"
    assert printed(code) == ["True", "False"]


def test_a_learners_own_python_keeps_them() -> None:
    learners = "import sys, course, course.activities, course.charts, course.records.journal"
    assert printed(f"{learners}\nprint({SLOW!r} in sys.modules)") == ["False"]


@pytest.mark.slow
def test_what_is_already_there_stays() -> None:
    code = "from course.core.packages import leave_out_format_parsers as leave_out\nleave_out()"
    assert printed(f"import sys, {SLOW}\n{code}\nprint(sys.modules[{SLOW!r}] is {SLOW})") == ["True"]


@pytest.mark.slow
def test_jupyter_starts_without_them(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with open_course(tmp_path, PYTHONPROFILEIMPORTTIME="1"):
        pass
    imported = {line.rpartition("|")[2].strip() for line in capfd.readouterr().err.splitlines()}
    assert {"jupyter_server.serverapp", "jsonschema"} <= imported
    assert "lark" not in imported


def test_no_schema_of_jupyter_or_nbgrader_needs_them() -> None:
    packages = Path(jsonschema.__file__).parent.parent
    schemas = [
        path
        for name in ("jupyter_events", "jupyter_server", "jupyterlab_server", "nbformat", "nbgrader")
        for kind in ("json", "yaml", "yml")
        for path in (packages / name).rglob(f"*.{kind}")
    ] + [*(Path(sys.prefix) / "share" / "jupyter" / "lab" / "schemas").rglob("*.json")]
    assert len(schemas) > 50
    formats = {name for names in UNUSED.values() for name in names}
    found = {
        (path.name, name)
        for path in schemas
        for name in _FORMAT.findall(path.read_text("utf-8"))
        if name in formats
        and path.name != "api.yaml"  # the description of Jupyter's addresses, by which nothing is checked
    }
    assert found == {("event-metaschema.yml", "uri")}
