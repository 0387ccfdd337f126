"""What Jupyter may do to the files of the course: how it saves a notebook, and what it may not rename."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final, cast

from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager
from jupyter_server.services.contents.manager import ContentsManager
from tornado.web import HTTPError

from course.content import words
from course.core.notebooks import Notebook
from course.learner.working_copy import is_as_shipped, put_fresh, shipped_content, shipped_page, shipped_pages

_COURSE_FOLDERS: Final = frozenset({"notebooks", "exercises", "source"})
_SUBMISSION_FOLDERS: Final = frozenset({"submitted", "autograded", "feedback", "inbox"})


class PageFiles(AsyncLargeFileManager):
    """The files of a working copy, in which the course's pages keep their names and places."""

    async def rename_file(self, old_path: str, new_path: str) -> None:
        """Rename a file or a folder; raise HTTPError 409 for a page of the course, and for a folder that has any."""
        old = old_path.strip("/")
        if any(page == old or page.startswith(f"{old}/") for page in shipped_pages()):
            raise HTTPError(409, words("view.keeps-its-name", name=old.rpartition("/")[2]))
        await super().rename_file(old_path, new_path)  # type: ignore[no-untyped-call]


def keep_shipped(path: str, model: dict[str, object], contents_manager: ContentsManager, **_: object) -> None:
    """Have Jupyter save a page of the course as it was shipped, whatever was changed in it.

    A page that is not as shipped already, by another program, is kept in the folder `kept`. Every other notebook is
    saved as `without_outputs` does.
    """
    name = path.strip("/")
    if shipped_page(name) is None or not model.get("content"):
        without_outputs(path, model)
        return
    folder = Path(contents_manager.root_dir)
    if not is_as_shipped(folder, name):
        try:
            put_fresh(folder, name)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise HTTPError(500, words("frame.fresh-failed", reason=reason, folder=folder)) from error
    shipped = shipped_content(name)
    if model.get("type") == "notebook":
        model["content"] = shipped
    else:  # it is open as a text
        model |= {"content": json.dumps(shipped, ensure_ascii=False, indent=1) + "\n", "format": "text"}


def without_outputs(path: str, model: Mapping[str, object], **_: object) -> None:
    """Take outputs, counts and widget state out of a course notebook just before Jupyter saves it.

    So a person's answers stay in the journal alone, and forgetting the journal forgets them.
    """
    notebook = model.get("content")
    if model.get("type") != "notebook" or not isinstance(notebook, dict) or not _is_ours(path):
        return
    if "course" in notebook.get("metadata", {}):
        _strip(cast(Notebook, notebook))


def _is_ours(path: str) -> bool:
    """Say whether a path is among the course's notebooks and not among what learners handed in.

    >>> _is_ours("notebooks/two-questions.ipynb"), _is_ours("submitted/kim/notebooks/01.ipynb")
    (True, False)
    """
    folders = set(path.strip("/").split("/")[:-1])
    return bool(folders & _COURSE_FOLDERS) and not folders & _SUBMISSION_FOLDERS


def _strip(notebook: Notebook) -> None:
    """Remove from a notebook, in place, everything that running it put there."""
    notebook["metadata"].pop("widgets", None)
    notebook["metadata"].pop("language_info", None)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = []
            cell["execution_count"] = None
            cell["metadata"].pop("execution", None)
