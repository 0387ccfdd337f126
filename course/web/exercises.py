"""The exercises in the web edition: the pages that are handed in with the answers, and what is missing in one."""

from __future__ import annotations

import shutil
from pathlib import Path

from course.activities.open_questions import missing_sentences
from course.core.names import RELEASE
from course.core.notebooks import material


def put_exercises(work: Path) -> None:
    """Put the exercises into a working copy, as the course has them: a hand-in file holds its page."""
    shutil.copytree(material() / RELEASE, work / RELEASE, dirs_exist_ok=True)


def check(work: Path, path: str) -> list[str]:
    """Return in sentences what has no answer yet in an exercise; `path` is that of its notebook in the working copy."""
    return missing_sentences((work / path).parent)
