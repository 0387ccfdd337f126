"""The zip of Python code that the web edition takes along."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from course.content.files import HERE
from course.web.pages import learner_pages
from course.web.python_code import python_code, zipped
from tests.paths import ROOT

RUN = """
import json, sys
sys.path.insert(0, {code!r})
from course.core.notebooks import material, read_notebook
from course.web.browser import BrowserPage

pages, failed = sorted(material().rglob("*.ipynb")), []

def tell(text):
    message = json.loads(text)
    if message.get("event") == "fail":
        failed.append(message)

for path in pages:
    cells = {{cell["id"]: cell["source"] for cell in read_notebook(path)["cells"] if cell["cell_type"] == "code"}}
    place = path.relative_to(material()).as_posix()
    BrowserPage({data!r} + path.stem, tell).open(place, json.dumps(cells))
print(json.dumps([len(pages), failed, [name for name in {heavy} if name in sys.modules]]))
"""
"""Runs the cells of every page in the zip, with none of the libraries that are installed here."""
HEAVY = ("IPython", "anywidget", "ipywidgets", "matplotlib", "numpy", "pandas")


@pytest.fixture(scope="module")
def code() -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(python_code(learner_pages())))


def test_the_same_files_give_the_same_bytes_in_any_order() -> None:
    files = {"b.py": b"2", "a.py": b"1"}
    assert zipped(files) == zipped(dict(sorted(files.items())))


def test_every_file_has_the_same_fixed_moment(code: zipfile.ZipFile) -> None:
    assert {entry.date_time for entry in code.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_of_languages_only_the_editions_own_is_in_it(code: zipfile.ZipFile) -> None:
    assert list(json.loads(code.read("course/content/languages.json"))) == ["en-GB"]


def test_nothing_that_trainers_and_facilitators_read_or_run_is_in_it(code: zipfile.ZipFile) -> None:
    names = code.namelist()
    for part in ("course/trainer/", "course/authoring/", "for-trainers", "trainer.toml", "source/", "workshop"):
        assert not any(part in name for name in names), part


def test_a_learners_answers_in_a_checkout_never_come_along() -> None:
    """The one who builds may have worked through the exercises in the same folder."""
    answers = ROOT / "exercises" / "repair" / "answers.json"
    names = zipfile.ZipFile(io.BytesIO(python_code(learner_pages()))).namelist()
    assert f"course/material/exercises/repair/{answers.name}" not in names
    assert {Path(name).name for name in names if "/exercises/" in name and name.endswith(".json")} == {
        "self-check.json"
    }


def test_each_library_comes_with_its_licence(code: zipfile.ZipFile) -> None:
    names = code.namelist()
    libraries = {name.split("/")[0] for name in names if ".dist-info/" in name}
    assert libraries
    for library in libraries:
        assert any(name.startswith(f"{library}/") and "LICEN" in name.upper() for name in names), library


def test_another_edition_of_the_words_comes_along_in_place_of_the_courses_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("interface.toml", "lessons.toml", "scales.toml"):
        text = (HERE / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(text.replace('"Building Trust"', '"Vertrauen"'), encoding="utf-8")
    monkeypatch.setenv("BUILDING_TRUST_WORDS", str(tmp_path))
    code = zipfile.ZipFile(io.BytesIO(python_code(learner_pages())))
    assert code.read("course/content/interface.toml") == (tmp_path / "interface.toml").read_bytes()


@pytest.mark.slow
def test_every_page_runs_from_it_alone_without_what_a_browser_has_not(code: zipfile.ZipFile, tmp_path: Path) -> None:
    code.extractall(tmp_path / "code")
    run = RUN.format(code=str(tmp_path / "code"), data=str(tmp_path / "data"), heavy=HEAVY)
    done = subprocess.run(
        [sys.executable, "-S", "-E", "-c", run],
        cwd=tmp_path,
        env={**os.environ, "BUILDING_TRUST_WEB": "1"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    pages, failed, loaded = json.loads(done.stdout)
    assert pages == len(learner_pages())
    assert failed == []
    assert loaded == []
