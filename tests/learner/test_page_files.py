"""Nothing of a run is left in a saved notebook, and a page of the course keeps its words, its name and its place."""

from __future__ import annotations

import asyncio
import copy
from pathlib import Path
from typing import Any

import pytest
from jupyter_server.services.contents.filemanager import FileContentsManager
from tornado.web import HTTPError
from traitlets.config import Config

from course.content import words
from course.core.notebooks import read_notebook
from course.learner import serving
from course.learner.page_files import PageFiles, without_outputs
from course.learner.working_copy import fill, is_as_shipped

LESSON = Path("notebooks/two-questions.ipynb")


RUN = {
    "metadata": {"course": {"run_on_open": True}, "widgets": {"state": {"text": "private"}}, "language_info": {}},
    "cells": [
        {"cell_type": "markdown", "source": "Words", "metadata": {}},
        {
            "cell_type": "code",
            "source": "ask.write('q')",
            "metadata": {"tags": ["setup"], "execution": {"started": "now"}},
            "execution_count": 3,
            "outputs": [{"output_type": "stream", "text": "private"}],
        },
    ],
}


def saved(path: str, **metadata: Any) -> dict[str, Any]:
    notebook = copy.deepcopy(RUN) | ({"metadata": metadata} if metadata else {})
    without_outputs(path=path, model={"type": "notebook", "content": notebook}, contents_manager=None)
    return notebook


@pytest.mark.parametrize(
    "path",
    ["notebooks/01.ipynb", "exercises/01/01.ipynb", "source/01/01.ipynb", "home/building-trust/notebooks/01.ipynb"],
)
def test_a_course_notebook_is_saved_without_what_running_left(path: str) -> None:
    notebook = saved(path)
    assert "private" not in str(notebook)
    assert notebook["cells"][1] == {
        "cell_type": "code",
        "source": "ask.write('q')",
        "metadata": {"tags": ["setup"]},
        "execution_count": None,
        "outputs": [],
    }


@pytest.mark.parametrize(
    "path", ["submitted/kim/01/01.ipynb", "autograded/exercises/01/01.ipynb", "mine.ipynb", "notebooks.ipynb"]
)
def test_hand_ins_and_other_notebooks_are_saved_as_they_are(path: str) -> None:
    assert saved(path) == RUN


def test_a_persons_own_notebook_beside_the_lessons_is_saved_as_it_is() -> None:
    assert saved("notebooks/mine.ipynb", author="Kim")["cells"] == RUN["cells"]


@pytest.fixture
def manager(tmp_path: Path) -> FileContentsManager:
    """Return what saves notebooks of a working copy, as a learner's Jupyter has it."""
    folder = fill(tmp_path / "copy")
    profile = serving.learner_profile(folder, lab=False, exchange=False)
    settings = serving.server_settings(profile, tmp_path, 8888, is_chosen=False)
    return FileContentsManager(root_dir=str(folder), config=Config(settings))


@pytest.mark.parametrize("path", [LESSON.as_posix(), "exercises/repair/repair.ipynb"])
def test_a_learners_changes_to_a_page_are_not_saved_and_their_own_notebook_is(
    manager: FileContentsManager, path: str
) -> None:
    file = Path(manager.root_dir) / path
    before = read_notebook(file)
    model = manager.get(path)
    model["content"]["cells"][1]["source"] = "changed()"
    model["content"]["metadata"]["mine"] = True
    manager.save(dict(model), path)
    manager.create_checkpoint(path)
    assert read_notebook(file) == before
    assert not (Path(manager.root_dir) / "kept").exists()
    own = file.with_name("my-own.ipynb").relative_to(manager.root_dir).as_posix()
    changed = manager.get(path)
    changed["content"]["cells"][1]["source"] = "changed()"
    manager.save(changed, own)
    assert "changed()" in (Path(manager.root_dir) / own).read_text(encoding="utf-8")
    manager.save({"type": "file", "format": "text", "content": "{}"}, path)
    assert read_notebook(file) == before


def test_a_page_that_another_program_changed_is_kept_when_it_is_saved_over(manager: FileContentsManager) -> None:
    folder = Path(manager.root_dir)
    file = folder / LESSON
    file.write_text(file.read_text(encoding="utf-8").replace("lesson(", "changed("), encoding="utf-8")
    manager.save(manager.get(LESSON.as_posix()), LESSON.as_posix())
    assert is_as_shipped(folder, LESSON.as_posix())
    [kept] = (folder / "kept").rglob(LESSON.name)
    assert "changed(" in kept.read_text(encoding="utf-8")


def test_files_and_folders_pass() -> None:
    without_outputs("notebooks", {"type": "directory", "content": []})
    without_outputs("notebooks/a.txt", {"type": "file", "content": "text"})
    without_outputs("notebooks/a.ipynb", {"type": "notebook", "content": None})


@pytest.mark.parametrize("path", [LESSON.as_posix(), "exercises/repair/repair.ipynb", "exercises/repair", "notebooks"])
def test_a_page_of_the_course_and_its_folder_keep_their_names(tmp_path: Path, path: str) -> None:
    files = PageFiles(root_dir=str(fill(tmp_path / "copy")))
    with pytest.raises(HTTPError) as refused:
        asyncio.run(files.rename(path, "other"))
    assert refused.value.log_message == words("view.keeps-its-name", name=Path(path).name)
    assert (tmp_path / "copy" / path).exists()


def test_a_persons_own_notebook_takes_another_name(tmp_path: Path) -> None:
    folder = fill(tmp_path / "copy")
    (folder / "notebooks" / "mine.ipynb").write_text("{}", encoding="utf-8")
    files = PageFiles(root_dir=str(folder))
    asyncio.run(files.rename("notebooks/mine.ipynb", "notebooks/ours.ipynb"))
    assert (folder / "notebooks" / "ours.ipynb").is_file()


def test_a_learners_server_keeps_its_files_so(tmp_path: Path) -> None:
    settings = serving.server_settings(
        serving.learner_profile(tmp_path, lab=False, exchange=False), tmp_path, 8888, is_chosen=False
    )
    assert settings["ServerApp"]["contents_manager_class"] == f"{PageFiles.__module__}.{PageFiles.__qualname__}"
