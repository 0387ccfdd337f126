"""Hand-ins that are broken or mean harm, each of which must be refused, or have its part left out, by name.

`HAND_MADE` are functions that spoil an honest hand-in in its folder. Code in them would leave a file in `trap`.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Spoil = Callable[["Scene"], None]


@dataclass(frozen=True)
class Scene:
    """One hand-in to spoil, and what lies around it."""

    folder: Path
    slug: str
    root: Path
    trap: Path
    """A folder that stays empty as long as nobody's code is run."""

    @property
    def notebook(self) -> Path:
        return self.folder / f"{self.slug}.ipynb"

    @property
    def answers(self) -> Path:
        return self.folder / "answers.json"

    @property
    def payload(self) -> str:
        """Python that leaves a trace."""
        return f"import pathlib; pathlib.Path({str(self.trap / self.folder.parent.name)!r}).write_text('ran')"

    def edit(self, change: Callable[[dict[str, Any]], object]) -> None:
        """Change the notebook."""
        notebook = json.loads(self.notebook.read_text(encoding="utf-8"))
        change(notebook)
        self.notebook.write_text(json.dumps(notebook), encoding="utf-8")

    def add(self, text: str, kind: str = "code", **about: Any) -> None:
        """Add a cell at the front."""
        code = {"outputs": [], "execution_count": None} if kind == "code" else {}
        cell = {"cell_type": kind, "id": "mine", "metadata": {}, "source": text, **code, **about}
        self.edit(lambda notebook: notebook["cells"].insert(0, cell))

    def replace(self, cell_id: str, text: str) -> None:
        """Put other code into one of the course's cells."""

        def change(notebook: dict[str, Any]) -> None:
            next(cell for cell in notebook["cells"] if cell["id"] == cell_id)["source"] = text

        self.edit(change)


def strip_metadata(scene: Scene) -> None:
    def change(notebook: dict[str, Any]) -> None:
        for cell in notebook["cells"]:
            cell["metadata"] = {}
            if cell["cell_type"] == "code":
                cell["source"] = scene.payload

    scene.edit(change)


def double(scene: Scene) -> None:
    def change(notebook: dict[str, Any]) -> None:
        twin = json.loads(json.dumps(next(cell for cell in notebook["cells"] if cell["id"] == "q1-mark")))
        notebook["cells"].append(twin | {"id": "twin", "source": "20"})

    scene.edit(change)


def locked_cell(scene: Scene) -> None:
    about = {"nbgrader": {"grade": False, "grade_id": "free", "locked": True, "solution": False, "schema_version": 3}}
    scene.add(scene.payload, metadata=about)


def other_kernel(scene: Scene) -> None:
    def change(notebook: dict[str, Any]) -> None:
        notebook["metadata"]["kernelspec"] = {"name": "bash", "display_name": "bash", "language": "bash"}
        notebook["cells"].append({"cell_type": "raw", "id": "raw", "metadata": {}, "source": "touch here"})

    scene.edit(change)


def replaced(path: Path, write: Callable[[Path], object]) -> None:
    """Put something else where a file was."""
    path.unlink(missing_ok=True)
    write(path)


def neighbour(scene: Scene) -> Path:
    """Return another learner's folder of the same exercise."""
    return scene.root / "submitted" / "synthetic-0001" / scene.slug


def link_folder(scene: Scene) -> None:
    shutil.rmtree(scene.folder)
    scene.folder.symlink_to(neighbour(scene), target_is_directory=True)


def fill(scene: Scene, names: list[str], text: str) -> None:
    for name in names:
        path = scene.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def write_answers(text: str | bytes) -> Spoil:
    data = text.encode() if isinstance(text, str) else text
    return lambda scene: scene.answers.write_bytes(data)


def whole(answers: str, slug: str = "two-questions", form: str = "2") -> Spoil:
    return write_answers(f'{{"format": {form}, "exercise": "{slug}", "version": 2, "answers": {answers}}}')


HAND_MADE: dict[str, Spoil] = {
    "a cell that runs code": lambda scene: scene.add(scene.payload),
    "a cell that calls a magic": lambda scene: scene.add(f"%%python\n{scene.payload}"),
    "a cell that calls a shell": lambda scene: scene.add(f"!touch {scene.trap / 'shell'}"),
    "a cell that runs a file": lambda scene: (scene.add("%run mine.py"), fill(scene, ["mine.py"], scene.payload)),
    "a cell that ends the process": lambda scene: scene.add("import os; os._exit(0)"),
    "a cell that never ends": lambda scene: scene.add("while True: pass"),
    "a cell that eats memory": lambda scene: scene.add("x = 'x' * 10**12"),
    "a cell that replaces the marker": lambda scene: scene.add(
        "import course.activities.marks; course.activities.marks.Mark.choice = None"
    ),
    "a cell that writes into the gradebook": lambda scene: scene.add(
        f"import sqlite3; sqlite3.connect({str(scene.root / 'gradebook.db')!r}).execute('delete from grade')"
    ),
    "a cell that looks locked": locked_cell,
    "no metadata and other code": strip_metadata,
    "another set-up": lambda scene: scene.replace("setup", scene.payload),
    "another marking cell": lambda scene: scene.replace("q1-mark", "20"),
    "the same grade id twice": double,
    "another kernel": other_kernel,
    "markdown with a script": lambda scene: scene.add("<script>fetch('/api/contents')</script>", "markdown"),
    "a raw cell with a script": lambda scene: scene.add("<script>alert(1)</script>", "raw"),
    "a picture as an attachment": lambda scene: scene.add(
        "![x](attachment:x.svg)", "markdown", attachments={"x.svg": {"image/svg+xml": "<svg onload='alert(1)'/>"}}
    ),
    "a hundred cells": lambda scene: [scene.add(f"{scene.payload} # {number}") for number in range(100)],
    "a very long cell": lambda scene: scene.add("`" * 300_000),
    "escape codes in a cell": lambda scene: scene.add("\x1b[2J\x1b]0;mine\x07"),
    "a package that shadows the course": lambda scene: fill(scene, ["course/__init__.py"], scene.payload),
    "a module that shadows a library": lambda scene: fill(scene, ["ipywidgets.py", "nh3.py"], scene.payload),
    "a module for the start of Python": lambda scene: fill(
        scene, ["sitecustomize.py", "usercustomize.py"], scene.payload
    ),
    "a start-up file of IPython": lambda scene: fill(scene, [".ipython/profile_default/startup/a.py"], scene.payload),
    "a configuration of nbgrader": lambda scene: fill(scene, ["nbgrader_config.py"], scene.payload),
    "a configuration of Jupyter": lambda scene: fill(scene, ["jupyter_config.json", "jupyter_config.py"], "{}"),
    "compiled code": lambda scene: fill(scene, ["__pycache__/course.cpython-311.pyc"], "x"),
    "a thousand files": lambda scene: fill(scene, [f"file-{number}.txt" for number in range(1000)], "x"),
    "folders in folders": lambda scene: fill(scene, ["/".join("abcdefghij") + "/file.txt"], "x"),
    "a file name with escape codes": lambda scene: fill(scene, ["\x1b[2J.txt", "two\nlines.txt"], "x"),
    "a file name with a tag": lambda scene: fill(scene, ["<img src=x onerror=alert(1)>.txt"], "x"),
    "a second notebook": lambda scene: fill(scene, ["other.ipynb"], scene.notebook.read_text(encoding="utf-8")),
    "a record of marking": lambda scene: fill(scene, ["marking.json"], '{"format": 1, "hand-in": "x"}'),
    "a link beside it": lambda scene: (scene.folder / "link").symlink_to(scene.root / "gradebook.db"),
    "a link to a folder": lambda scene: (scene.folder / "all").symlink_to(scene.root, target_is_directory=True),
    "a link for the answers": lambda scene: replaced(
        scene.answers, lambda path: path.symlink_to(neighbour(scene) / "answers.json")
    ),
    "a link for the notebook": lambda scene: replaced(
        scene.notebook, lambda path: path.symlink_to(neighbour(scene) / path.name)
    ),
    "a link for the time": lambda scene: replaced(
        scene.folder / "timestamp.txt", lambda path: path.symlink_to("/etc/hostname")
    ),
    "a link for the secret": lambda scene: replaced(
        scene.folder / "submission_secret.txt", lambda path: path.symlink_to(scene.root / "gradebook.db")
    ),
    "a broken link for the answers": lambda scene: replaced(scene.answers, lambda path: path.symlink_to("nowhere")),
    "a link in a circle": lambda scene: replaced(scene.answers, lambda path: path.symlink_to(path.name)),
    "a second name of a file elsewhere": lambda scene: replaced(
        scene.answers, lambda path: os.link(scene.root / "elsewhere.json", path)
    ),
    "a link for the folder": link_folder,
    "a pipe for the answers": lambda scene: replaced(scene.answers, os.mkfifo),
    "a pipe beside it": lambda scene: os.mkfifo(scene.folder / "pipe"),
    "a folder for the answers": lambda scene: replaced(scene.answers, Path.mkdir),
    "a folder for the notebook": lambda scene: replaced(scene.notebook, Path.mkdir),
    "nothing at all": lambda scene: (scene.answers.unlink(), scene.notebook.unlink()),
    "an empty file of answers": write_answers(""),
    "answers that are no JSON": write_answers('{"format": 1, "exercise": '),
    "answers that are no text": write_answers(b"\xff\xfe\x00"),
    "answers that are a list": write_answers("[]"),
    "answers in a list": whole("[1, 2]"),
    "answers of another exercise": whole("{}", slug="repair"),
    "answers of a newer course": whole("{}", form="99"),
    "answers of a format that is true": whole("{}", form="true"),
    "answers that are not numbers": whole('{"q1": NaN}'),
    "answers with half a character": whole('{"q1": "\\ud800"}'),
    "answers a thousand deep": whole('{"q1": ' + "[" * 1000 + "]" * 1000 + "}"),
    "answers a hundred thousand deep": write_answers("[" * 100_000),
    "answers of two million letters": whole('{"q1": "' + "x" * 2_000_000 + '"}'),
    "a number of ten thousand digits": whole('{"q1": ' + "9" * 10_000 + "}"),
    "an empty notebook": lambda scene: scene.notebook.write_text(""),
    "a notebook that is no JSON": lambda scene: scene.notebook.write_text("{"),
    "a notebook that is a list": lambda scene: scene.notebook.write_text("[]"),
    "a notebook without cells": lambda scene: scene.notebook.write_text('{"nbformat": 4, "metadata": {}}'),
    "cells that are no cells": lambda scene: scene.notebook.write_text('{"cells": [1, null, "x"]}'),
    "a cell whose text is a number": lambda scene: scene.edit(lambda notebook: notebook["cells"].append({"source": 7})),
    "a notebook of twenty megabytes": lambda scene: scene.notebook.write_bytes(b" " * 20_000_000),
    "a notebook a thousand deep": lambda scene: scene.notebook.write_text('{"cells": [], "x": ' + "[" * 1000),
    "no notebook": lambda scene: scene.notebook.unlink(),
    "a time that is none": lambda scene: (scene.folder / "timestamp.txt").write_text("yesterday, I swear"),
    "a time in another age": lambda scene: (scene.folder / "timestamp.txt").write_text("99999-01-01 00:00:00 UTC"),
    "a time of a megabyte": lambda scene: (scene.folder / "timestamp.txt").write_text("2026 " * 200_000),
}
