"""The comment bank: sentences that a trainer puts under a reflection, by exercise and level.

The course brings some, in `course/content/comments.toml`. A trainer writes others into `comments.toml` in the course
directory; what it has for an exercise and level replaces the course's own. A cohort with levels of its own has its
comments beside them, in `cohort.toml`, and neither of the two files then.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, TypeAlias

from course import content
from course.content.lessons import lesson_key, lessons
from course.content.rubric import LEVEL_NUMBERS, ReflectionSettings, rubric_of
from course.core.errors import BadContent
from course.core.text_files import check_name

NAME: Final = "comments.toml"
EVERY: Final = "every-exercise"
"""The table whose comments are offered with every exercise."""
_LEVELS: Final = tuple(map(str, LEVEL_NUMBERS))
LONGEST: Final = 2_000

ANY_LEVEL: Final = -1
CommentBank: TypeAlias = Mapping[int, tuple[str, ...]]
"""The comments of one exercise by level, and under ANY_LEVEL those for each."""


def comments(root: Path, slug: str, own: ReflectionSettings | None = None) -> CommentBank:
    """Return the comments for an exercise, as the trainer's `root/comments.toml` and the course have them.

    `own` is what the cohort sets for the exercise: its comments for any level come at the end.
    Raises BadContent with file, key and remedy where one of the two has a mistake.
    """
    slug = lesson_key(slug)
    own = own or ReflectionSettings()
    any_level = {ANY_LEVEL: own.comments} if own.comments else {}
    if own.levels:
        by_number = zip(rubric_of("", 0, own.levels).levels, own.levels, strict=True)
        return {level.number: setting.comments for level, setting in by_number} | any_level
    course_tables, trainer_tables = _read(content.edition()), _read_own(root)
    return {
        int(level): (
            *_of(slug, level, course_tables, trainer_tables),
            *_of(EVERY, level, course_tables, trainer_tables),
        )
        for level in _LEVELS
    } | any_level


def _of(table: str, level: str, course_tables: Mapping[str, Any], trainer_tables: Mapping[str, Any]) -> list[str]:
    texts = trainer_tables.get(table, {}).get(level, course_tables.get(table, {}).get(level, []))
    return [" ".join(text.split()) for text in texts]


def _read_own(root: Path) -> Mapping[str, Any]:
    """Return what the trainer's own file has, nothing where there is none."""
    check_name(root / NAME)
    return _read(root) if (root / NAME).is_file() else {}


def _read(folder: Path) -> dict[str, Any]:
    tables: dict[str, Any] = {}
    allowed = [EVERY, *(lesson.key for lesson in lessons())]
    for name, table in content.read(NAME, folder).items():
        if lesson_key(name) not in allowed:
            raise BadContent(f"{NAME}: there is no exercise “{name}”.", f"Use one of: {', '.join(allowed)}.")
        if not isinstance(table, dict):
            raise BadContent(f"{NAME}: “{name}” is not a table.", f"Write a line [{name}], and the comments below it.")
        for level, texts in table.items():
            _check(f"{NAME}, [{name}]", level, texts)
        tables.setdefault(lesson_key(name), {}).update(table)
    return tables


def _check(where: str, level: str, texts: object) -> None:
    if level not in _LEVELS:
        raise BadContent(f"{where}: there is no level “{level}”.", f"Use one of: {', '.join(_LEVELS)}.")
    if not isinstance(texts, list) or not all(isinstance(text, str) and text.strip() for text in texts):
        raise BadContent(f"{where}: “{level}” is not a list of comments.", f'Write {level} = ["One.", "Another."]')
    if any(len(text) > LONGEST for text in texts):
        raise BadContent(
            f"{where}: a comment of level {level} is too long.", f"Use at most {LONGEST} letters for each comment."
        )
