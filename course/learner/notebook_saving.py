"""What is left out when one of the course's notebooks is saved."""

from __future__ import annotations

from typing import Any

OURS = frozenset({"notebooks", "exercises", "source"})
HANDED_IN = frozenset({"submitted", "autograded", "feedback", "inbox"})


def without_outputs(path: str, model: dict[str, Any], **_: object) -> None:
    """Take outputs, counts and widget state out of a course notebook just before Jupyter saves it.

    So a person's answers stay in the journal alone, and forgetting the journal forgets them.
    """
    if model.get("type") != "notebook" or not model.get("content") or not is_ours(path):
        return
    notebook = model["content"]
    if "course" in notebook.get("metadata", {}):
        strip(notebook)


def is_ours(path: str) -> bool:
    """Say whether a path is among the course's notebooks and not among what learners handed in.

    >>> is_ours("notebooks/two-questions.ipynb"), is_ours("submitted/kim/notebooks/01.ipynb")
    (True, False)
    """
    folders = set(path.strip("/").split("/")[:-1])
    return bool(folders & OURS) and not folders & HANDED_IN


def strip(notebook: dict[str, Any]) -> None:
    """Empty a notebook of all that running it has left behind."""
    notebook["metadata"].pop("widgets", None)
    notebook["metadata"].pop("language_info", None)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = []
            cell["execution_count"] = None
            cell["metadata"].pop("execution", None)
