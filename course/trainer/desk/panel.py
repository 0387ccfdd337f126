"""One part of the trainer's desk on the page: what a step asks for, its buttons, how far it is and what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar, Final, TypedDict

import traitlets

from course.content import read_texts, trainer_words
from course.core.errors import CourseError
from course.core.pages.design_tokens import PANEL, stylesheet
from course.core.pages.widget import DOM, Widget, joined
from course.trainer.desk.shown import Field, Shown, StepButton, paragraph
from course.trainer.desk.worker import RunningStep

_HERE: Final = Path(__file__).parent
_WORDS: Final = (
    "stop", "running", "copy", "copied", "drop", "arriving", "arrived", "upload-lost", "wait",
    "no-reply", "stopping", "new-tab", "busy", "progress", "is-this", "day", "time",
)  # fmt: skip


class Running(TypedDict, total=False):
    """The step that is being taken, and how far it is; nothing of it where none is."""

    step: str
    label: str
    done: int
    total: int


class StepPanel(Widget):
    """A part of the desk.

    The browser sends {"step": NAME, "told": what was chosen} or {"stop": true}; while one step runs, no other begins.
    """

    _esm: ClassVar = joined(DOM, _HERE / "panel.js")
    _css: ClassVar = stylesheet(PANEL, _HERE / "panel.css")

    title = traitlets.Unicode().tag(sync=True)
    words = traitlets.Dict().tag(sync=True)
    language: traitlets.Dict[str, str] = traitlets.Dict().tag(sync=True)
    fields: traitlets.List[Field] = traitlets.List().tag(sync=True)
    buttons: traitlets.List[StepButton] = traitlets.List().tag(sync=True)
    running: traitlets.Dict[str, object] = traitlets.Dict().tag(sync=True)
    """A `Running`."""
    shown: traitlets.List[Shown] = traitlets.List().tag(sync=True)

    def __init__(
        self,
        title: str,
        buttons: Sequence[StepButton],
        fields: Callable[[], Sequence[Field]] = tuple,
        *,
        on_change: Callable[[], None] = lambda: None,
    ) -> None:
        """Show a part. `fields` reads what can be chosen now; `on_change` is called after each step."""
        self._read_fields, self._on_change = fields, on_change
        self._step: RunningStep | None = None
        super().__init__(
            title=title,
            words={name: trainer_words(f"desk.{name}") for name in _WORDS},
            language=read_texts("trainer.toml").language.declared,
            buttons=list(buttons),
        )
        self.refresh()
        self.on_msg(self._take)

    def __repr__(self) -> str:
        """Name the part, and nothing of people."""
        return f"<{self.title}>"

    def refresh(self) -> None:
        """Read anew what can be chosen; where it cannot be read, say why."""
        try:
            self.fields = list(self._read_fields())
        except CourseError as error:
            self.fields = []
            self.shown = [paragraph(f"{error.message} {error.hint}", "attention")]

    def _take(self, _widget: object, content: object, _buffers: object) -> None:
        if not isinstance(content, dict):
            return
        step, told = content.get("step"), content.get("told")
        if content.get("stop") is True and self._step is not None:
            self._step.stop()
        elif isinstance(step, str) and self._step is None:
            self._begin(step, told if isinstance(told, dict) else {})

    def _begin(self, step: str, told: dict[str, object]) -> None:
        loop = _running_loop()

        def here(call: Callable[..., None], *values: object) -> None:
            """Call it in the kernel's own thread, where there is one."""
            if loop is None:
                call(*values)
            else:
                loop.call_soon_threadsafe(call, *values)

        self.running = {"step": step}
        try:
            self._step = RunningStep(
                step,
                told,
                lambda label, done, total: here(self._tell_progress, step, label, done, total),
                lambda shown: here(self._finish, shown),
            )
        except (OSError, ValueError):  # the computer starts no further process, or this is no step
            self._finish([paragraph(trainer_words("desk.not-begun"), "attention")])

    def _tell_progress(self, step: str, label: str, done: int, total: int) -> None:
        self.running = {"step": step, "label": label, "done": done, "total": total}

    def _finish(self, shown: list[Shown]) -> None:
        self._step = None
        self.shown = shown
        self.running = {}
        self._on_change()

    def wait(self) -> None:
        """Wait until the step that runs has ended."""
        if self._step is not None:
            self._step.wait()


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
