"""The view is told what it needs, Jupyter's views are calm, and nothing of a run is left in a saved notebook."""

from __future__ import annotations

import copy
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from jupyter_server.services.contents.filemanager import FileContentsManager
from traitlets.config import Config

from course.content import words
from course.core.design_tokens import stylesheet
from course.core.notebooks import code_digest, material, read_notebook
from course.learner import notebook_view, serving
from course.learner.notebook_view import without_outputs
from course.learner.working_copy import fill, is_as_shipped

LESSON = Path("notebooks/two-questions.ipynb")


def test_every_shipped_notebook_is_known_by_its_code_and_no_other(tmp_path: Path) -> None:
    shutil.copytree(material() / "notebooks", tmp_path / "notebooks")
    (tmp_path / "submitted").mkdir()
    notebook = read_notebook(tmp_path / LESSON)
    (tmp_path / "submitted" / "hand-in.ipynb").write_text(
        json.dumps({"cells": [{"cell_type": "code", "source": "steal()"}]})
    )
    known = notebook_view.digests(tmp_path)
    assert code_digest(notebook) in known
    assert code_digest(read_notebook(tmp_path / "submitted" / "hand-in.ipynb")) not in known


def test_words_reach_the_browser_as_one_text_because_jupyter_keeps_no_tables() -> None:
    told = notebook_view.page_config(material(), ["notebooks/"], "notebooks/start.ipynb")
    assert set(json.loads(told["courseWords"])) == {*notebook_view.WORDS, "fresh"}
    assert told["courseRunIn"] == ["notebooks/"]


def test_the_view_gets_the_design_tokens_from_the_server() -> None:
    told = notebook_view.page_config(material(), ["notebooks/"], "notebooks/start.ipynb")
    assert told["courseTokens"] == stylesheet()
    [script] = notebook_view.EXTENSIONS.glob("*/static/view.js")
    assert "page.courseTokens" in script.read_text(encoding="utf-8")


def test_a_jupyter_without_the_course_says_in_our_words_how_to_open_it() -> None:
    [file] = notebook_view.EXTENSIONS.glob("*/static/how_to_open.json")
    assert json.loads(file.read_text(encoding="utf-8")) == {"words": words("view.how-to-open")}


def test_no_news_is_fetched_and_the_whole_page_is_drawn() -> None:
    for learner in (True, False):
        calm = notebook_view.overrides(learner=learner)
        assert calm["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"
        assert calm["@jupyterlab/notebook-extension:tracker"]["windowingMode"] == "none"


def test_the_extension_is_where_jupyter_looks_for_it() -> None:
    [described] = notebook_view.EXTENSIONS.glob("*/package.json")
    build = json.loads(described.read_text())
    assert build["name"] == described.parent.name
    assert (described.parent / build["jupyterlab"]["_build"]["load"]).is_file()


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
    settings = serving.server_settings(profile, tmp_path, None, browser=False)
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
