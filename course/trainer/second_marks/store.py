"""The marks of a second marker, kept in one file beside the gradebook, which stays as nbgrader has it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from course.content import trainer_words
from course.core import storage
from course.core.errors import CannotMark
from course.trainer.second_marks.sample import WrittenReflection

FILE: Final = "second-marks.json"
FOLDER: Final = "second-marks"
"""Where there is what a second marker reads and fills in."""
PAGE, SHEET = "to-mark.html", "to-mark.csv"
_FORMAT: Final = 1
_LARGEST: Final = 50_000_000
_TEXTS: Final = ("exercise", "learner", "by", "words", "comment")


@dataclass(frozen=True)
class SecondMark:
    """The level that a second marker gave to one reflection."""

    exercise: str
    learner: str
    level: int
    """The number of the rubric's level."""
    by: str
    """Who gave it, by their initials."""
    words: str
    """The digest of the words that they read, and of the levels by which they judged them."""
    comment: str = field(default="", repr=False)

    def is_of(self, reflection: WrittenReflection) -> bool:
        """Say whether it was given to a reflection with these words, by these levels."""
        return (self.exercise, self.learner, self.words) == (
            reflection.exercise,
            reflection.learner,
            reflection.digest,
        )


def read_second_marks(root: Path) -> list[SecondMark]:
    """Return all of them, at most one for each reflection; what a later course added to an entry is passed over.

    Raises CannotMark for a file that is not what the course wrote, or comes from a newer course.
    """
    try:
        kept = storage.read_json(root / FILE, largest=_LARGEST, deepest=3)
    except FileNotFoundError:
        return []
    except (OSError, storage.Unusable):
        kept = None
    if isinstance(kept, dict) and type(kept.get("format")) is int and kept["format"] > _FORMAT:
        raise _unusable("newer")
    marks = kept.get("second-marks") if isinstance(kept, dict) and kept.get("format") == _FORMAT else None
    if not isinstance(marks, list):
        raise _unusable("damaged")
    return list({(mark.exercise, mark.learner): mark for mark in map(_mark, marks)}.values())


def write_second_marks(root: Path, marks: Iterable[SecondMark]) -> None:
    """Keep these and no others, in one step; its owner alone can read the file."""
    ordered = sorted(marks, key=lambda mark: (mark.exercise, mark.learner))
    kept = {"format": _FORMAT, "second-marks": [asdict(mark) for mark in ordered]}
    storage.write_whole(root / FILE, storage.as_json(kept))


def forget_second_marks(root: Path, learner: str) -> None:
    """Remove those that a learner was given."""
    write_second_marks(root, [mark for mark in read_second_marks(root) if mark.learner != learner])


def _mark(entry: object) -> SecondMark:
    if not isinstance(entry, dict):
        raise _unusable("damaged")
    texts, level = {name: entry.get(name) for name in _TEXTS}, entry.get("level")
    if not all(isinstance(text, str) for text in texts.values()) or type(level) is not int:
        raise _unusable("damaged")
    return SecondMark(level=level, **{name: str(text) for name, text in texts.items()})


def _unusable(fault: str) -> CannotMark:
    return CannotMark(
        trainer_words(f"second-marks.{fault}", file=FILE), trainer_words(f"second-marks.{fault}-hint", file=FILE)
    )
