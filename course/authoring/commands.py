"""What `course tidy`, `course review` and `course new` do and say; each returns its exit code.

`course new` fills the notebooks of `skeletons`, in which {key} and the like are blanks.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from course.authoring import readability, rules_questions
from course.authoring.notebook_page import FOLDERS, NotebookPage, find_notebooks, name_of, open_notebook
from course.authoring.review import review as review_notebooks
from course.authoring.tidy import tidy as tidy_notebooks
from course.authoring.tidy import tidy_notebook
from course.content.lessons import Lesson, lessons
from course.core.errors import BadNotebook, UnknownLesson
from course.core.storage import put

SKELETONS = Path(__file__).parent / "skeletons"


def tidy(paths: Sequence[Path], *, check: bool) -> int:
    """Tidy notebooks, or with `check` only say which are not."""
    root = Path.cwd()
    untidy = tidy_notebooks(paths, root, write=not check)
    for path in untidy:
        click.echo(f"{'Not tidy' if check else 'Tidied'}: {name_of(path, root)}")
    if check and untidy:
        click.echo("Run make tidy, and look at what it changed.")
        return 1
    if not untidy:
        click.echo(f"{_count(len(find_notebooks(paths, root)), 'notebook')}, all tidy.")
    return 0


def review(paths: Sequence[Path], *, words: bool) -> int:
    """Say what breaks a rule, cell by cell; with `words`, also how the lessons read."""
    root = Path.cwd()
    looked_at, problems = review_notebooks(paths, root)
    for problem in problems:
        click.echo(problem)
    outcome = _count(len(problems), "problem") if problems else "no problems"
    click.echo(f"{_count(len(looked_at), 'notebook')}, {outcome}.")
    pages = [NotebookPage(path, root) for path in looked_at]
    for line in rules_questions.summary(pages):
        click.echo(line)
    for line in readability.report(pages) if words else readability.summary(pages):
        click.echo(line)
    return 1 if problems else 0


def new(name: str) -> int:
    """Begin a lesson: its notebook and its exercise."""
    root = Path.cwd()
    for path in begin(name, root):
        click.echo(f"Begun: {name_of(path, root)}")
    click.echo("Write where it says TODO; course review lists what is left.")
    return 0


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def begin(name: str, root: Path) -> list[Path]:
    """Write the two notebooks of a lesson that is in `lessons.toml`, and return their paths.

    `name` is its key or a former name. What is there already is never written over.
    """
    lesson = _find(name)
    if not all((root / folder).is_dir() for folder in FOLDERS):
        raise BadNotebook(f"{root} does not hold notebooks and source.", "Go to the folder of the course.")
    wanted = {
        root / "notebooks" / f"{lesson.key}.ipynb": "lesson.ipynb",
        root / "source" / lesson.key / f"{lesson.key}.ipynb": "exercise.ipynb",
    }
    for path in wanted:
        if path.exists():
            raise BadNotebook(f"{path.name} is there already, in {path.parent}.", "Change that one, or move it away.")
    for path, skeleton in wanted.items():
        put(path, filled(skeleton, lesson).encode())
    return list(wanted)


def filled(skeleton: str, lesson: Lesson) -> str:
    """Return the file of a skeleton with its blanks filled for a lesson."""
    notebook = open_notebook(SKELETONS / skeleton)
    for cell in notebook["cells"]:
        for blank in ("key", "title", "minutes", "number", "story"):
            cell["source"] = cell["source"].replace(f"{{{blank}}}", str(getattr(lesson, blank)))
        cell["source"] = cell["source"].replace("version=1)", f"version={lesson.version})")
    return tidy_notebook(notebook)


def _find(name: str) -> Lesson:
    for lesson in lessons():
        if name in lesson.names:
            return lesson
    raise UnknownLesson(
        f"There is no lesson “{name}” in lessons.toml.",
        "Add it to course/content/lessons.toml first. It has: " + ", ".join(lesson.key for lesson in lessons()),
    )
