"""Write what a self-check needs beside a released exercise, as nbgrader releases it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from nbgrader.preprocessors import NbGraderPreprocessor

from course.activities.self_check_data import self_check_bytes
from course.core import names, storage

if TYPE_CHECKING:
    from nbconvert.exporters.exporter import ResourcesDict
    from nbformat import NotebookNode


class WriteSelfCheck(NbGraderPreprocessor):
    """The first of nbgrader's `GenerateAssignment.preprocessors`: the keys are still in the notebook then."""

    def preprocess(self, notebook: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Return the notebook as it is, with the file beside it written."""
        converter = self.parent.parent
        assignment = resources["nbgrader"]["assignment"]
        folder = Path(converter.coursedir.root) / converter._format_dest(assignment, ".")
        storage.put(folder / names.SELF_CHECK, self_check_bytes(notebook))
        return notebook, resources
