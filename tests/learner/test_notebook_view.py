"""The view is told what it needs, and Jupyter's views are calm."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from course.content import words
from course.core.notebooks import code_digest, material, read_notebook
from course.core.pages.design_tokens import stylesheet
from course.learner import notebook_view

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
    assert set(json.loads(told["courseWords"])) == {*notebook_view.WORDS, *notebook_view.FRAME_WORDS}
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
