"""Run the course's own cells in the marking process, without a kernel.

It takes the place of nbgrader's `Execute` in `Autograde.autograde_preprocessors`. It runs whatever it gets,
so it stands behind `rebuild.py`, which lets through no cell that is not the course's own.
"""

from __future__ import annotations

import contextlib
import io
import types
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, cast

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.formatters import DisplayFormatter
from IPython.core.interactiveshell import InteractiveShell
from nbformat.v4 import new_output
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets.config import Config

from course.core.errors import CannotMark

if TYPE_CHECKING:
    from nbconvert.exporters.exporter import ResourcesDict
    from nbformat import NotebookNode


class RunHere(NbGraderPreprocessor):
    """Run each code cell of a notebook in this process and give each the outputs that a kernel's would have."""

    def preprocess(self, notebook: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Return the notebook with the outputs of its cells, run in the folder that `resources` names."""
        folder = Path(resources.get("metadata", {}).get("path") or ".")
        with contextlib.chdir(folder), _shell() as shell:
            for number, cell in enumerate((cell for cell in notebook.cells if cell.cell_type == "code"), start=1):
                cell.execution_count = number
                cell.outputs = shell.outputs_of(cell.source, number)
        return notebook, resources


class _Results(DisplayHook):
    """Collects the value of a cell's last line."""

    def __call__(self, result: object = None) -> None:
        """Add a value to the outputs, if there is one."""
        if result is None:
            return
        shell = cast(_Shell, self.shell)
        formatter = cast(DisplayFormatter, shell.display_formatter)
        data, metadata = formatter.format(result)
        shell.add_output("execute_result", data=data, metadata=metadata, execution_count=shell.number)


class _Displays(DisplayPublisher):
    """Collects what a cell displays."""

    def publish(self, data: object, metadata: object = None, *_: object, **__: object) -> None:
        """Add one thing that is displayed to the outputs."""
        self.shell.add_output("display_data", data=data, metadata=metadata or {})


class _Shell(InteractiveShell):
    """An IPython shell that collects what its cells show and asks for nothing."""

    displayhook_class = _Results
    display_pub_class = _Displays
    number: int
    outputs: list[NotebookNode]

    def outputs_of(self, code: str, number: int) -> list[NotebookNode]:
        """Run one cell and return what it showed, in order; printed text comes first."""
        self.number, self.outputs = number, []
        stdout, stderr = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
            result = self.run_cell(code, store_history=False)
        if isinstance(result.error_in_exec, (KeyboardInterrupt, MemoryError)):
            raise result.error_in_exec  # this is about the machine, and nobody's mark
        streams = (("stdout", stdout.getvalue()), ("stderr", stderr.getvalue()))
        return [new_output("stream", name=name, text=text) for name, text in streams if text] + self.outputs

    def add_output(self, kind: str, **fields: object) -> None:
        """Add one output of the present cell."""
        self.outputs.append(new_output(kind, **fields))

    def _showtraceback(self, etype: type[BaseException], evalue: BaseException, stb: list[str]) -> None:
        self.add_output("error", ename=etype.__name__, evalue=str(evalue), traceback=list(stb))


@contextlib.contextmanager
def _shell() -> Iterator[_Shell]:
    """Give this process's shell with nothing in it, and leave nothing in it."""
    if InteractiveShell.initialized() and not isinstance(InteractiveShell.instance(), _Shell):
        raise CannotMark(
            "Exercises cannot be marked from inside a notebook.", "Use a terminal (course grade) or the formgrader."
        )
    quiet = Config({"HistoryManager": {"enabled": False}, "InteractiveShell": {"colors": "nocolor"}})
    shell = _Shell.instance(config=quiet, user_module=types.ModuleType("marking"))
    shell.user_ns.clear()
    try:
        yield shell
    finally:
        shell.user_ns.clear()
