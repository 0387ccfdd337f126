"""The web edition, built once for all tests that look at it, whichever process they run in."""

from __future__ import annotations

import os
from pathlib import Path

import filelock
import pytest

from course.web import pyodide
from course.web.site import build


@pytest.fixture(scope="session")
def pyodide_cache() -> Path:
    """Return where the person who runs the tests keeps Pyodide's package: tests have an empty home."""
    return pyodide.cache_folder()


@pytest.fixture
def kept_pyodide(pyodide_cache: Path, web_site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the package that is kept already used again."""
    monkeypatch.setattr(pyodide, "cache_folder", lambda: pyodide_cache)


@pytest.fixture(scope="session")
def web_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the built site. It is everybody's: a test that changes something copies it first."""
    is_one_of_several = "PYTEST_XDIST_WORKER" in os.environ
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if is_one_of_several else base) / "web-site"
    with filelock.FileLock(f"{folder}.lock"):
        if not folder.exists():
            build(folder)
    return folder
