"""The Python of the web edition: it runs one page, takes what its widgets send, and answers.

`static/worker.js` calls it, and carries what it tells to the page. The same runs when the site is built, to record what
a page shows to somebody who begins.
"""

from __future__ import annotations

import ast
import json
import os
import shutil
import sys
import types
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final, TypeAlias

from course.activities.open_questions import missing_sentences
from course.content import words
from course.core.names import RELEASE
from course.core.notebooks import material
from course.core.pages.html import Markup, element
from course.core.pages.output import show_html
from course.core.pages.web_edition import PageEvent, page_channel
from course.core.pages.web_widget import WebWidget
from course.records.answers import watching
from course.web.kept_files import Change, KeptFiles

TellPage: TypeAlias = Callable[[str], None]
"""Carries a message to the page, as JSON."""
Message: TypeAlias = dict[str, object]
KEPT: Final = "kept"
"""The folder, in the one where Python may write, whose files the browser keeps."""


class BrowserPage:
    """One page with the Python behind it. What the page is told goes through `tell`, as JSON with a `kind`."""

    def __init__(self, folder: str, tell: TellPage) -> None:
        """Begin in a folder where nothing of this learner is yet."""
        self._tell_page = tell
        self._cell = ""
        place = Path(folder) / KEPT
        place.mkdir(parents=True, exist_ok=True)
        self._work = place / "work"
        os.environ["BUILDING_TRUST_DATA"] = str(place / "data")
        os.environ["BUILDING_TRUST_WORK"] = str(self._work)
        shutil.copytree(material() / RELEASE, self._work / RELEASE, dirs_exist_ok=True)  # pages that are handed in
        self._files = KeptFiles(place)
        page_channel.tell = self._tell

    # ---- What the worker asks for ----

    def load(self, name: str, data: bytes | None) -> None:
        """Take a file as the database has it by now; None where it was erased."""
        self._files.load([(name, data)])

    def look_anew(self) -> None:
        """Show what came with the files that were loaded."""
        watching.look()

    def open(self, path: str, code: str) -> None:
        """Run the cells of a page, given as JSON by id, in order; one that fails does not keep others from running.

        `path` is that of its notebook, such as `notebooks/repair.ipynb`.
        """
        folder = self._work / Path(path).parent
        folder.mkdir(parents=True, exist_ok=True)
        os.chdir(folder)
        cells = Cells()
        for self._cell, source in json.loads(code).items():
            self._tell_of_cell("begin", {})
            try:
                cells.run(source, self._cell)
            except Exception as error:
                self._tell_of_cell("fail", {"ename": type(error).__name__, "evalue": str(error)})
            self._tell_of_cell("end", {})

    def take(self, id: str, data: str) -> None:
        """Take a message of a widget's view, as JSON."""
        if widget := WebWidget.opened.get(id):
            widget.take(json.loads(data))

    def call(self, name: str, values: str) -> str:
        """Do what the page asks for by name, with its values as JSON, and return the answer as JSON.

        `check` returns in sentences what has no answer yet in the exercise at a `path`; any other name gets null.
        """
        path = str(json.loads(values).get("path", ""))
        answer = missing_sentences((self._work / path).parent) if name == "check" else None
        return json.dumps(answer, ensure_ascii=False)

    def changed(self) -> list[Change]:
        """Return the files that the database has to take, by name; None where one is gone."""
        return self._files.changed()

    def confirm(self, changes: Iterable[Change]) -> None:
        """Take note that the database has them, and show them wherever else on the page they are shown."""
        confirmed = list(changes)
        self._files.confirm(confirmed)
        if confirmed:
            watching.look()

    def refuse(self, changes: Iterable[Change], messages: str) -> str:
        """Take back what the database refused to keep, and return what the page is to be told in place of `messages`.

        Nothing is lost: it waits here, and is saved with what is given next or sent again.
        """
        refused = list(changes)
        pages = {page.path: page for page in watching.watched() if page.path is not None}
        written = [page for path, page in pages.items() if path in {self._files.path(name) for name, _ in refused}]
        self._files.take_back(refused, [page.path for page in written if page.path])
        for page in written:
            page.save_later()
        return json.dumps([_as_refused(message) for message in json.loads(messages)]) if refused else messages

    # ---- What the page is told ----

    def _tell(self, event: PageEvent, content: Mapping[str, object]) -> None:
        if event == "show":
            self._tell_of_cell("show", content)
        else:
            self._tell_page(_as_json({"kind": event, "content": content}))

    def _tell_of_cell(self, event: str, content: Mapping[str, object]) -> None:
        self._tell_page(_as_json({"kind": "cell", "cell": self._cell, "event": event, "content": content}))


def _as_json(message: Mapping[str, object]) -> str:
    return json.dumps(message, ensure_ascii=False)


def _as_refused(message: Message) -> Message:
    """Return a message to the page with nothing in it that says of something that it is saved."""
    match message:
        case {"kind": "comm_msg", "content": {"comm_id": id, "data": {"method": "custom", "content": {**answer}}}}:
            refused = _refused_answer(answer)
            return {"kind": "comm_msg", "content": {"comm_id": id, "data": {"method": "custom", "content": refused}}}
    return message


def _refused_answer(answer: Mapping[object, object]) -> Mapping[object, object]:
    if answer.get("outcome") == "saved":
        return {**answer, "outcome": "failed", "error": words("web.not-kept")}
    return {"said": words("web.not-kept")} if "said" in answer else answer


class Cells:
    """The program that the cells of one page are together."""

    def __init__(self) -> None:
        self._module = types.ModuleType("__main__")

    def run(self, source: str, cell: str) -> None:
        """Run one cell, which errors name as `cell`; raises whatever it raises."""
        sys.modules["__main__"] = self._module
        tree = ast.parse(source, cell)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, cell, "exec"), self._module.__dict__)
        if isinstance(last, ast.Expr):
            _show(eval(compile(ast.Expression(last.value), cell, "eval"), self._module.__dict__))


def _show(value: object) -> None:
    if value is not None:
        show_html(value if isinstance(value, Markup) else element("pre", repr(value)))
