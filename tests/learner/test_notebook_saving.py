"""What is left out when a notebook is saved."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from course.learner.notebook_saving import without_outputs

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


def test_files_and_folders_pass() -> None:
    without_outputs("notebooks", {"type": "directory", "content": []})
    without_outputs("notebooks/a.txt", {"type": "file", "content": "text"})
    without_outputs("notebooks/a.ipynb", {"type": "notebook", "content": None})
