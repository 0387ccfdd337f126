"""What is left out when one of the course's notebooks is saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from course.core.notebooks import Notebook

COURSE_FOLDERS = frozenset({"notebooks", "exercises", "source"})
SUBMISSION_FOLDERS = frozenset({"submitted", "autograded", "feedback", "inbox"})


def without_outputs(path: str, model: Mapping[str, object], **_: object) -> None:
    """Take outputs, counts and widget state out of a course notebook just before Jupyter saves it.

    So a person's answers stay in the journal alone, and forgetting the journal forgets them.
    """
    notebook = model.get("content")
    if model.get("type") != "notebook" or not isinstance(notebook, dict) or not is_ours(path):
        return
    if "course" in notebook.get("metadata", {}):
        strip(cast(Notebook, notebook))


def is_ours(path: str) -> bool:
    """Say whether a path is among the course's notebooks and not among what learners handed in.

    >>> is_ours("notebooks/two-questions.ipynb"), is_ours("submitted/kim/notebooks/01.ipynb")
    (True, False)
    """
    folders = set(path.strip("/").split("/")[:-1])
    return bool(folders & COURSE_FOLDERS) and not folders & SUBMISSION_FOLDERS


def strip(notebook: Notebook) -> None:
    """Remove from a notebook, in place, everything that running it put there."""
    notebook["metadata"].pop("widgets", None)
    notebook["metadata"].pop("language_info", None)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = []
            cell["execution_count"] = None
            cell["metadata"].pop("execution", None)
