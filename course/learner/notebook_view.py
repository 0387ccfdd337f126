"""The notebook view: what it gets to know of the course, and how Jupyter's own views are set.

`page_config` and `overrides` return plain data: `course learn` and a hub write it into Jupyter's `labconfig` folder.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from course.content import edition_language, words
from course.core.notebooks import code_digest, read_notebook
from course.core.pages.design_tokens import stylesheet

EXTENSIONS = Path(__file__).parent / "labextensions"
"""The folder to name in `LabServerApp.extra_labextensions_path`."""

SHIPPED = ("notebooks", "exercises", "source")
"""The course's own folders: only what is in them may run by itself."""

WORDS = (
    "show-code", "all-lessons", "preparing", "ready", "stopped", "lost", "changed", "newer", "read", "not-kept",
)  # fmt: skip
"""The words that are the view's own."""

FRAME_WORDS = ("fresh", "check", "checking", "not-checked")
"""The words that it has in common with the reading frame."""

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
    "@jupyter/nbgrader:validate-assignment",  # it says “Success” of answers that may be wrong
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
    return {name: words(f"view.{name}") for name in WORDS} | {name: words(f"frame.{name}") for name in FRAME_WORDS}


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
