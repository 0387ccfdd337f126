"""What a trainer decided about hand-ins of which it was in doubt whose they are, kept beside the gradebook.

A decision is about one hand-in, and never about a name: the next one that looks alike is asked about again.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from course.content import trainer_words
from course.core import storage
from course.core.errors import CannotMark

FILE: Final = "decisions.json"
NOBODY: Final = ""
"""The decision that a hand-in is nobody's: it is set aside."""
_FORMAT: Final = 1
_LARGEST: Final = 10_000_000


def item_id(fingerprint: str, platform: str) -> str:
    """Return what names a hand-in in the queue: its own fingerprint, and who the platform says it is from.

    A disk may write an accented letter in another way than the platform.

    >>> len(item_id("synthetic", "Ada Lovelace_1_assignsubmission_file_"))
    12
    """
    text = f"{fingerprint}\n{unicodedata.normalize('NFC', platform)}"
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def read_decisions(root: Path) -> dict[str, str]:
    """Return the learner of each hand-in that was decided on, or NOBODY, by its item.

    Raises CannotMark for a file that is not what the course wrote: no decision is taken for another.
    """
    try:
        kept = storage.parse_json(storage.read_whole(root / FILE, largest=_LARGEST), deepest=2)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, storage.Unusable):
        kept = None
    decisions = kept.get("decisions") if isinstance(kept, dict) and kept.get("format") == _FORMAT else None
    if not isinstance(decisions, dict) or not all(isinstance(learner, str) for learner in decisions.values()):
        raise CannotMark(trainer_words("needs-you.damaged", file=FILE), trainer_words("needs-you.damaged-hint"))
    return decisions


def write_decision(root: Path, item: str, learner: str) -> None:
    """Keep one decision; an earlier one about the same hand-in is replaced."""
    _write(root, {**read_decisions(root), item: learner})


def forget_decisions(root: Path, learner: str) -> None:
    """Remove what was decided for a learner."""
    _write(root, {item: decided for item, decided in read_decisions(root).items() if decided != learner})


def _write(root: Path, decisions: Mapping[str, str]) -> None:
    text = json.dumps({"format": _FORMAT, "decisions": decisions}, indent=1, sort_keys=True)
    storage.put(root / FILE, text.encode())
