"""The beginning of a lesson: a notebook and an exercise with every part that the course asks for, and no words yet.

What they begin with is in the notebooks of `skeletons`, where {key} and its like are blanks.
"""

from __future__ import annotations

from pathlib import Path

from course.authoring.notebook_page import FOLDERS, open_notebook
from course.authoring.tidy import tidy_notebook
from course.content.lessons import Lesson, lessons
from course.core.errors import BadNotebook, UnknownLesson

SKELETONS = Path(__file__).parent / "skeletons"


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
        path.parent.mkdir(exist_ok=True)
        path.write_text(filled(skeleton, lesson), encoding="utf-8", newline="\n")
    return list(wanted)


def filled(skeleton: str, lesson: Lesson) -> str:
    """Return the file of a skeleton with its blanks filled for a lesson."""
    notebook = open_notebook(SKELETONS / skeleton)
    for cell in notebook["cells"]:
        for blank in ("key", "title", "minutes", "number", "story"):
            cell["source"] = cell["source"].replace(f"{{{blank}}}", str(getattr(lesson, blank)))
    return tidy_notebook(notebook)


def _find(name: str) -> Lesson:
    for lesson in lessons():
        if name in lesson.names:
            return lesson
    raise UnknownLesson(
        f"There is no lesson “{name}” in lessons.toml.",
        "Add it to course/content/lessons.toml first. It has: " + ", ".join(lesson.key for lesson in lessons()),
    )
