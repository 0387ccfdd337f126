"""Run the course's own cells in the marking process, without a kernel.

It takes the place of nbgrader's `Execute` in `Autograde.autograde_preprocessors`. It runs whatever it is given,
so it stands behind `rebuild.py`, which lets through no cell that is not the course's own.
"""

from __future__ import annotations

import contextlib
import io
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from nbformat.v4 import new_output
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets.config import Config

from course.core.errors import CannotMark

Output = Any


class RunHere(NbGraderPreprocessor):
    """Run each code cell of a notebook in this process and keep its outputs as a kernel's would be kept."""

    def preprocess(self, notebook: Any, resources: Any) -> tuple[Any, Any]:
        """Return the notebook with the outputs of its cells, run in the folder that `resources` names."""
        folder = Path(resources.get("metadata", {}).get("path") or ".")
        with contextlib.chdir(folder), _shell() as shell:
            for number, cell in enumerate((cell for cell in notebook.cells if cell.cell_type == "code"), start=1):
                cell.execution_count = number
                cell.outputs = shell.outputs_of(cell.source, number)
        return notebook, resources


class _Results(DisplayHook):
    """Keeps the value of a cell's last line."""

    def __call__(self, result: object = None) -> None:
        """Keep a value, if there is one."""
        if result is None:
            return
        shell: Any = self.shell
        data, metadata = shell.display_formatter.format(result)
        shell.keep("execute_result", data=data, metadata=metadata, execution_count=shell.number)


class _Displays(DisplayPublisher):
    """Keeps what a cell displays."""

    def publish(self, data: Any, metadata: Any = None, *_: Any, **__: Any) -> None:
        """Keep one thing that is displayed."""
        self.shell.keep("display_data", data=data, metadata=metadata or {})


class _Shell(InteractiveShell):
    """An IPython shell that keeps what its cells show and asks for nothing."""

    displayhook_class = _Results
    display_pub_class = _Displays
    number: int
    kept: list[Output]

    def outputs_of(self, code: str, number: int) -> list[Output]:
        """Run one cell and return what it showed, in order; printed text comes first."""
        self.number, self.kept = number, []
        printed, complained = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(complained):
            done = self.run_cell(code, store_history=False)  # type: ignore[no-untyped-call]  # IPython's own
        if isinstance(done.error_in_exec, (KeyboardInterrupt, MemoryError)):
            raise done.error_in_exec  # this is about the machine, and nobody's mark
        streams = (("stdout", printed.getvalue()), ("stderr", complained.getvalue()))
        return [new_output("stream", name=name, text=text) for name, text in streams if text] + self.kept

    def keep(self, kind: str, **about: Any) -> None:
        """Keep one output."""
        self.kept.append(new_output(kind, **about))

    def _showtraceback(self, etype: Any, evalue: BaseException, stb: list[str]) -> None:
        self.keep("error", ename=etype.__name__, evalue=str(evalue), traceback=list(stb))


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
