"""Every notebook runs from top to bottom: in a fresh kernel, an empty home, and with no network.

Learners' notebooks show as many widgets then, cell by cell, as the Python of the web edition shows for them.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from course.authoring.notebook_page import find_notebooks
from course.core.notebooks import ask_calls
from course.core.pages.web_edition import VARIABLE
from course.web.first_states import WIDGET
from tests.paths import ROOT

pytestmark = pytest.mark.kernel

NO_NETWORK = Path(__file__).parent / "no_network"
NOTEBOOKS = find_notebooks([ROOT / "notebooks", ROOT / "exercises", ROOT / "source"], ROOT)
NAMES = [path.relative_to(ROOT).as_posix() for path in NOTEBOOKS]


@pytest.fixture(scope="module")
def caches(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder for what Jupyter and matplotlib keep for themselves, outside the home."""
    return tmp_path_factory.mktemp("caches")


@pytest.fixture(scope="module")
def web_pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Counter[str]]:
    """Return how many widgets each cell shows in the web edition, by the names of its pages."""
    folder = tmp_path_factory.mktemp("web")
    done = subprocess.run(
        [sys.executable, "-m", "course.web.first_states", "2026-11-29"],
        cwd=folder,
        env={**os.environ, VARIABLE: "1", "BUILDING_TRUST_DATA": str(folder), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
        timeout=120,
    )
    pages = json.loads(done.stdout)["pages"]
    assert set(pages) < set(NAMES)
    return {
        name: Counter(cell for cell, shown in page["cells"].items() for bundle in shown if WIDGET in bundle)
        for name, page in pages.items()
    }


def environment(home: Path, caches: Path) -> dict[str, str]:
    """Return the environment of a new terminal that can reach no other machine."""
    return {
        "HOME": str(home),
        "PATH": str(Path(sys.executable).parent),
        "PYTHONPATH": str(NO_NETWORK),
        "LANG": "C.UTF-8",
        "IPYTHONDIR": str(caches / "ipython"),
        "JUPYTER_RUNTIME_DIR": str(caches / "runtime"),
        "MPLCONFIGDIR": str(caches / "matplotlib"),
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_runs_from_top_to_bottom(
    name: str, tmp_path: Path, empty_home: Path, caches: Path, web_pages: dict[str, Counter[str]]
) -> None:
    copy = tmp_path / name
    copy.parent.mkdir(parents=True)
    shutil.copy(ROOT / name, copy)
    notebook = nbformat.read(copy, as_version=4)
    client = NotebookClient(notebook, timeout=60, resources={"metadata": {"path": str(copy.parent)}})
    client.execute(env=environment(empty_home, caches))
    outputs = [(cell.id, output) for cell in notebook.cells for output in cell.get("outputs", [])]
    assert [(id, output.text) for id, output in outputs if output.get("name") == "stderr"] == []
    asking = {cell.id for cell in notebook.cells if cell.cell_type == "code" and "ask." in cell.source}
    assert asking - {id for id, output in outputs if output.output_type == "display_data"} == set()
    widgets = [(id, output.data[WIDGET]["model_id"]) for id, output in outputs if WIDGET in output.get("data", {})]
    if name in web_pages:
        states = notebook.metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"] if widgets else {}
        kinds = [states[model]["state"]["_anywidget_id"].split(".")[-1] for _, model in widgets]
        assert kinds.count("CardWidget") == len(ask_calls(notebook))  # as many as tests/browser counts on the web page
        assert Counter(id for id, _ in widgets) == web_pages[name]
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [copy.name]
    left = [path.relative_to(empty_home) for path in empty_home.rglob("*") if path.is_file()]
    assert [path.as_posix() for path in left if "building-trust" not in path.parts] == []


def test_the_network_is_closed_to_kernels(empty_home: Path, caches: Path) -> None:
    reach = "import socket; socket.create_connection(('192.0.2.1', 80), timeout=5)"
    done = subprocess.run(
        [sys.executable, "-c", reach], env=environment(empty_home, caches), capture_output=True, text=True, timeout=30
    )
    assert "NetworkClosed" in done.stderr
