"""A course in a process of its own, with one card open: what a second `course learn` does to the same file.

It reads a command a line and answers each with a line, until its input ends:
`open` a card, `take` messages as from a browser, `look` at the file again.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from course.activities.widget import CardWidget
from course.core.settings import settings
from course.records.answers.answers import Answers
from tests.activities.test_every_kind import make

ROOT = Path(__file__).parents[2]


class Window:
    """One card in a window: what it shows, and what is answered to what a person does."""

    def __init__(self, kind: str, path: Path, page_kind: Literal["lesson", "exercise"], wait: float = 30) -> None:
        self.card = make(kind, Answers(path, page_kind, "two-questions", wait=wait))
        self._widget = CardWidget(self.card)
        self._replies: list[Any] = []
        self._widget.send = lambda content, buffers=None: self._replies.append(content)

    def take(self, messages: Sequence[Mapping[str, Any]]) -> list[Any]:
        """Take messages as from a browser, and return the reply to each."""
        self._replies.clear()
        for message in messages:
            self._widget._take(self._widget, dict(message), [])
        return list(self._replies)

    def shown(self) -> list[Any]:
        """Return what the card shows."""
        return list(self._widget.controls)

    def look(self) -> list[Any]:
        """Look at the file again, and return what the card shows then, without what was said of the last press."""
        self.card.notice = ""
        if hasattr(self.card, "_offers_look"):
            self.card._offers_look = False
        self.card.answers.refresh()
        return list(self.card.controls())


class RemoteWindow:
    """The same in another process."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def open(self, kind: str, path: Path, page_kind: str) -> None:
        """Open a card in place of the one before, as the same person."""
        self._ask("open", kind, str(path), page_kind, str(settings().data))

    def begin(self, messages: Sequence[Mapping[str, Any]]) -> None:
        """Hand over messages, and do not wait for the replies."""
        self._write("take", messages)

    def end(self) -> list[Any]:
        """Return the replies to what was handed over."""
        return list(self._read())

    def take(self, messages: Sequence[Mapping[str, Any]]) -> list[Any]:
        """As `Window.take`."""
        return list(self._ask("take", messages))

    def shown(self) -> list[Any]:
        """As `Window.shown`."""
        return list(self._ask("shown"))

    def look(self) -> list[Any]:
        """As `Window.look`."""
        return list(self._ask("look"))

    def _ask(self, *command: Any) -> Any:
        self._write(*command)
        return self._read()

    def _write(self, *command: Any) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()

    def _read(self) -> Any:
        assert self._process.stdout
        line = self._process.stdout.readline()
        assert line, "the other process has ended"
        return json.loads(line)


@contextlib.contextmanager
def second_process() -> Iterator[RemoteWindow]:
    """Start the other process, and end it."""
    line = [sys.executable, "-m", "tests.activities.second_process"]
    with subprocess.Popen(line, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield RemoteWindow(process)
        assert process.stdin
        process.stdin.close()


def main() -> None:
    """Do what is asked, line by line."""
    window: Window | None = None
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        answer: Any = None
        if name == "open":
            kind, path, page_kind, os.environ["BUILDING_TRUST_DATA"] = arguments
            window = Window(kind, Path(path), page_kind)
        elif window:
            answer = getattr(window, name)(*arguments)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
