"""Run the course's own cells in the marking process, without a kernel.

It takes the place of nbgrader's `Execute` in `Autograde.autograde_preprocessors`. It runs whatever it gets,
so it stands behind `rebuild.py`, which lets through no cell that is not the course's own.

The cells of an exercise are the same for everyone: each is compiled once, then run as plain Python.
What plain Python cannot do (magics, `await` outside a function) is left to IPython's own way, each time.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import io
import types
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, cast

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.formatters import DisplayFormatter
from IPython.core.interactiveshell import InteractiveShell
from nbformat import from_dict
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
        with contextlib.chdir(folder), _shell() as shell, shell.builtin_trap, shell.display_trap:
            for number, cell in enumerate((cell for cell in notebook.cells if cell.cell_type == "code"), start=1):
                cell.execution_count = number
                cell.outputs = shell.outputs_of(cell.source, number)
        return notebook, resources


class _Results(DisplayHook):
    """Collects the value of a cell's last line."""

    def __call__(self, result: object = None) -> None:
        """Add a value to the outputs, if there is one and no semicolon after it."""
        shell = cast(_Shell, self.shell)
        if result is None or _ends_with_semicolon(shell.code):
            return
        formatter = cast(DisplayFormatter, shell.display_formatter)
        data, metadata = formatter.format(result)
        shell.add_output("execute_result", data=data, metadata=metadata, execution_count=shell.number)


@functools.lru_cache(maxsize=100)
def _ends_with_semicolon(code: str) -> bool:
    return bool(DisplayHook.semicolon_at_end_of_expression(code))


class _Displays(DisplayPublisher):
    """Collects what a cell displays."""

    def publish(self, data: object, metadata: object = None, *_: object, **__: object) -> None:
        """Add one thing that is displayed to the outputs."""
        self.shell.add_output("display_data", data=data, metadata=metadata or {})


class _Shell(InteractiveShell):
    """An IPython shell that collects what its cells show and asks for nothing."""

    displayhook_class = _Results
    display_pub_class = _Displays
    code: str
    number: int
    outputs: list[NotebookNode]

    def outputs_of(self, code: str, number: int) -> list[NotebookNode]:
        """Run one cell and return what it showed, in order; printed text comes first."""
        self.code, self.number, self.outputs = code, number, []
        stdout, stderr = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
            parts = self._compiled(code, number)
            error = self._run_plainly(parts) if parts is not None else self._run_as_ipython(code)
        if isinstance(error, (KeyboardInterrupt, MemoryError)):
            raise error  # this is about the machine, and nobody's mark
        streams = (("stdout", stdout.getvalue()), ("stderr", stderr.getvalue()))
        return [_output("stream", name=name, text=text) for name, text in streams if text] + self.outputs

    def add_output(self, kind: str, **fields: object) -> None:
        """Add one output of the present cell."""
        self.outputs.append(_output(kind, **fields))

    def _showtraceback(self, etype: type[BaseException], evalue: BaseException, stb: list[str]) -> None:
        self.add_output("error", ename=etype.__name__, evalue=str(evalue), traceback=list(stb))

    def _compiled(self, code: str, number: int) -> tuple[types.CodeType, ...] | None:
        """Return a cell as plain Python, compiled once; None where it takes IPython's way."""
        if self._is_listened_to() or self.ast_transformers:
            return None
        known = self.__dict__.setdefault("_known_cells", {})
        if (number, code) not in known:
            known[number, code] = self._compile(code, number)
        return cast("tuple[types.CodeType, ...] | None", known[number, code])

    def _is_listened_to(self) -> bool:
        """Say whether anything but IPython itself wants to be told of each cell, as matplotlib does."""
        own = (self, self.display_pub)
        return any(getattr(told, "__self__", None) not in own for all in self.events.callbacks.values() for told in all)

    def _compile(self, code: str, number: int) -> tuple[types.CodeType, ...] | None:
        """Return what a cell does before its last value, and its last value, as IPython would run them."""
        try:
            is_plain = self.transform_cell(code).strip("\n") == code.strip("\n") and "__future__" not in code
            if not is_plain or self.should_run_async(code, transformed_cell=code):
                return None
            file_name = self.compile.cache(code, number, raw_code=code)
            body = self.compile.ast_parse(code, file_name).body
            last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
            parts = [self.compile(ast.Module(body, []), file_name, "exec")] if body else []
            parts += [self.compile(ast.Interactive([last]), file_name, "single")] if last else []
        except Exception:  # IPython says what is wrong with it
            return None
        return tuple(parts)

    def _run_plainly(self, parts: tuple[types.CodeType, ...]) -> BaseException | None:
        """Run a compiled cell, and return what stopped it."""
        self.user_ns.pop("__warningregistry__", None)  # a warning is shown once a cell
        try:
            for part in parts:
                exec(part, self.user_global_ns, self.user_ns)
        except SystemExit as error:
            self.showtraceback(exception_only=True)
            return error
        except BaseException as error:
            if not isinstance(error, (KeyboardInterrupt, MemoryError)):
                self.showtraceback(running_compiled_code=True)
            return error
        return None

    def _run_as_ipython(self, code: str) -> BaseException | None:
        return cast("BaseException | None", self.run_cell(code, store_history=False).error_in_exec)


def _output(kind: str, **fields: object) -> NotebookNode:
    """Return an output; the whole notebook is validated once when it is written."""
    return from_dict({"output_type": kind, **fields})


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
