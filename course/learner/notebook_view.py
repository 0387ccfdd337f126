"""The notebook view: what it gets to know of the course, how Jupyter's own views are set, and what a save leaves out.

`page_config` and `overrides` return plain data: `course learn` and a hub write it into Jupyter's `labconfig` folder.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from tornado.web import HTTPError

from course.content import edition_language, words
from course.core.design_tokens import stylesheet
from course.core.notebooks import Notebook, code_digest, read_notebook
from course.learner.working_copy import is_as_shipped, put_fresh, shipped_content, shipped_page

if TYPE_CHECKING:
    from jupyter_server.services.contents.manager import ContentsManager

EXTENSIONS = Path(__file__).parent / "labextensions"
"""The folder to name in `LabServerApp.extra_labextensions_path`."""

SHIPPED = ("notebooks", "exercises", "source")
"""The course's own folders: only what is in them may run by itself."""

WORDS = (
    "show-code", "all-lessons", "preparing", "ready", "stopped", "lost", "changed", "read", "not-kept",
)  # fmt: skip

NOT_NEEDED = (
    "@jupyterlab/apputils-extension:announcements",
    "@jupyterlab/debugger-extension",
    "@jupyterlab/extensionmanager-extension",
    "@jupyterlab/application-extension:property-inspector",
)

NOT_FOR_LEARNERS = (
    "@jupyter/nbgrader:create-assignment",
    "@jupyter/nbgrader:formgrader",
    "@jupyter/nbgrader:course-list",
    "@jupyter-notebook/lab-extension:interface-switcher",
    "@jupyter-notebook/notebook-extension:checkpoints",
    "@jupyter-notebook/notebook-extension:kernel-logo",
    "@jupyter-notebook/notebook-extension:trusted",
    "@jupyter-notebook/notebook-extension:full-width-notebook",
)

NO_EXCHANGE = ("@jupyter/nbgrader:assignment-list", "@jupyter/nbgrader:menu")
"""Left out as well where there is no exchange folder to hand in to."""


def page_config(
    material: Path,
    run_in: Sequence[str],
    start: str,
    disabled: Iterable[str] = NOT_NEEDED,
    read: Iterable[str] = (),
) -> dict[str, object]:
    """Return what goes into `page_config.json`: what the course's own extension reads, and which parts are off.

    Parameters
    ----------
    material
        The folder whose notebooks count as the course's own.
    run_in
        How the paths begin, as the server names them, of notebooks that may run by themselves.
    start
        The path of the page that lists the lessons.
    disabled
        The parts of Jupyter that are left out.
    read
        The notebooks that are shown as pages to read, by their paths as the server names them.
    """
    return {
        "courseRead": list(read),
        "courseRunIn": list(run_in),
        "courseStart": start,
        "courseDigests": digests(material),
        "courseWords": json.dumps(_words()),  # Jupyter keeps no tables here
        "courseLanguage": json.dumps(edition_language().declared),
        "courseTokens": stylesheet(),
        "disabledExtensions": dict.fromkeys(disabled, True),
    }


def _words() -> dict[str, str]:
    return {name: words(f"view.{name}") for name in WORDS} | {"fresh": words("frame.fresh")}


def digests(material: Path) -> list[str]:
    """Return the code digests of every notebook that the course ships."""
    paths = (path for folder in SHIPPED for path in sorted((material / folder).rglob("*.ipynb")))
    return sorted({code_digest(read_notebook(path)) for path in paths if ".ipynb_checkpoints" not in path.parts})


def overrides(*, learner: bool) -> dict[str, object]:
    """Return what goes into `default_setting_overrides.json`."""
    settings: dict[str, object] = {
        "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
        "@jupyterlab/apputils-extension:themes": {"adaptive-theme": True},
        "@jupyterlab/notebook-extension:tracker": {
            "autoStartDefaultKernel": True,
            "windowingMode": "none",
            "scrollPastEnd": False,
            "showHiddenCellsButton": False,
        },
    }
    if learner:
        settings["@jupyterlab/cell-toolbar-extension:plugin"] = {"showToolbar": False}
        settings["@jupyterlab/statusbar-extension:plugin"] = {"visible": False}
    return settings


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
