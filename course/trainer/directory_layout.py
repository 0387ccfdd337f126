"""Where a course directory has its folders and its gradebook, read from nbgrader's settings without nbgrader.

nbgrader works it out itself where a setting is not a plain text.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

_DEFAULTS: Final[Mapping[str, str]] = {
    "directory_structure": os.path.join("{nbgrader_step}", "{student_id}", "{assignment_id}"),
    "source_directory": "source",
    "release_directory": "release",
    "submitted_directory": "submitted",
    "autograded_directory": "autograded",
    "feedback_directory": "feedback",
}
"""nbgrader's own values of the settings of its CourseDirectory that are used here."""
_SQLITE: Final = "sqlite:///"
_BASES: Final = ("Configurable", "LoggingConfigurable")
"""The classes of which nbgrader's CourseDirectory is one: their settings would be its own too."""


@dataclass(frozen=True)
class DirectoryLayout:
    """Where things are."""

    root: str
    db_url: str
    settings: Mapping[str, str]

    def folder(self, step: str, learner: str, slug: str) -> Path:
        """Return the folder of one learner's exercise at a step: `release`, `submitted`, `autograded` or `feedback`."""
        step = self.settings[f"{step}_directory"]
        structure = self.settings["directory_structure"]
        return Path(self.root, structure.format(nbgrader_step=step, student_id=learner, assignment_id=slug))

    @property
    def gradebook_file(self) -> Path | None:
        """The gradebook, where it is a file of SQLite's; it need not be there."""
        plain = self.db_url.startswith(_SQLITE) and "?" not in self.db_url and ":memory:" not in self.db_url
        path = self.db_url.removeprefix(_SQLITE)
        return Path(path) if plain and path else None


def read_layout(config: Config) -> DirectoryLayout | None:
    """Return what plain settings say; None where nbgrader has to work it out."""
    section = config.get("CourseDirectory", {})
    used = {name: section.get(name, default) for name, default in _DEFAULTS.items()}
    root = section.get("root", os.getcwd())
    if any(config.get(base) for base in _BASES) or type(root) is not str:
        return None
    root = os.path.abspath(root)
    db_url = section.get("db_url", _SQLITE + os.path.join(root, "gradebook.db"))
    if any(type(value) is not str for value in (db_url, *used.values())):
        return None
    return DirectoryLayout(root, db_url, used)


def layout_of(coursedir: CourseDirectory) -> DirectoryLayout:
    """Return what nbgrader itself worked out."""
    used = {name: str(getattr(coursedir, name)) for name in _DEFAULTS}
    return DirectoryLayout(str(coursedir.root), str(coursedir.db_url), used)
