"""What several tests start from.

`checkout`: a copy of this checkout with an empty home, for a test that runs nbgrader's commands in it.
`checkouts`: makes such a copy, for tests that share one.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
COPIED = ("course", "exercises", "notebooks", "source", "README.md", "nbgrader_config.py", "pyproject.toml")

ANSWER = """
import json, sys
from pathlib import Path
from course import exercise, notebooks

slug, given = sys.argv[1], json.loads(sys.argv[2])
ask, mark = exercise(slug)
cards = {}
ask._show = lambda card: cards.update({card.key: card})
for cell in notebooks.read_notebook(Path(f"{slug}.ipynb"))["cells"]:
    if cell["cell_type"] == "code" and cell["id"] != "setup":
        exec(notebooks.source(cell))
for key, parts in given.items():
    for part, value in parts.items():
        cards[key].set(part, value)
"""
"""Uses the exercise's own cards as its page does, in the folder of the exercise."""


@dataclass
class Checkout:
    """A copy of the checkout, and the home of whoever works in it."""

    root: Path
    home: Path

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a new terminal: nothing of the person who runs the tests."""
        return {
            "HOME": str(self.home),
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.defpath]),
            "PYTHONPATH": str(self.root),
            "LANG": "C.UTF-8",
        }

    @property
    def work(self) -> Path:
        """The learner's working copy."""
        return self.home / "building-trust"

    def run(self, line: str, *, fails: bool = False) -> str:
        """Run one line in bash, from the checkout, and return all that it printed."""
        done = subprocess.run(
            ["bash", "-c", line],
            cwd=self.root,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=180,
        )
        assert (done.returncode != 0) is fails, f"{line}\n{done.stdout}"
        return done.stdout

    def answer(self, slug: str, given: Mapping[str, Mapping[str, Any]]) -> None:
        """Answer an exercise in the working copy: by question and part of its card, what a learner gives."""
        subprocess.run(
            [sys.executable, "-c", ANSWER, slug, json.dumps(given)],
            cwd=self.work / "exercises" / slug,
            env=self.environment,
            check=True,
            timeout=60,
        )

    def gradebook(self) -> Any:
        """Open nbgrader's gradebook of this checkout."""
        from nbgrader.api import Gradebook

        return Gradebook(f"sqlite:///{self.root / 'gradebook.db'}", "building-trust")


@pytest.fixture(scope="session")
def checkouts(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Checkout]:
    """Make a copy of this checkout, with an empty home beside it."""

    def copy() -> Checkout:
        folder = tmp_path_factory.mktemp("checkout")
        checkout = Checkout(folder / "checkout", folder / "home")
        checkout.home.mkdir()
        checkout.root.mkdir()
        for name in COPIED:
            if (ROOT / name).is_dir():
                left_out = shutil.ignore_patterns("__pycache__", "answers*.json", ".ipynb_checkpoints")
                shutil.copytree(ROOT / name, checkout.root / name, ignore=left_out)
            else:
                shutil.copy(ROOT / name, checkout.root / name)
        return checkout

    return copy


@pytest.fixture
def checkout(checkouts: Callable[[], Checkout]) -> Checkout:
    """Return a copy of this checkout, for this test alone."""
    return checkouts()
