"""What version 0.1.0 wrote, laid out for tests; `fixtures/version_0_1_0/README.md` says how it was made."""

from __future__ import annotations

import shutil
import sqlite3
import zipfile
from pathlib import Path
from typing import Final

from tests.paths import ROOT

FILES: Final = ROOT / "tests" / "fixtures" / "version_0_1_0"
FORMER: Final = "01-two-questions"
KEY: Final = "two-questions"


def journal(folder: Path) -> Path:
    """Copy the journal to a folder."""
    shutil.copytree(FILES / "journal", folder)
    return folder


def working_copy(folder: Path) -> Path:
    """Lay out a learner's own copy of the course."""
    with zipfile.ZipFile(FILES / "working-copy.zip") as packed:
        packed.extractall(folder)
    return folder


def handed_in(data: Path) -> None:
    """Lay out what nbgrader keeps of a hand-in, in a person's own data."""
    with zipfile.ZipFile(FILES / "handed-in.zip") as packed:
        packed.extractall(data)


def course_directory(folder: Path) -> Path:
    """Lay out a trainer's course directory in which a cohort is under way, with today's exercises in it."""
    with zipfile.ZipFile(FILES / "course-directory.zip") as packed:
        packed.extractall(folder)
    for name in ("nbgrader_config.py", "pyproject.toml"):
        shutil.copy(ROOT / name, folder / name)
    for name in ("source", "exercises"):
        shutil.copytree(ROOT / name, folder / name)
    gradebook = sqlite3.connect(folder / "gradebook.db")
    gradebook.executescript((FILES / "gradebook.sql").read_text(encoding="utf-8"))
    gradebook.commit()
    gradebook.close()
    return folder
