"""What learners wrote back about their feedback, and which of it a trainer has read.

A reply stands in the answers of a marked hand-in. Which are read is kept beside the gradebook, as digests: a reply that
was changed since is a new one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from course.content.lessons import lesson_key
from course.core import names, storage
from course.core.errors import AnswersNotKept
from course.records.answers.page import read_page
from course.records.reply import reply_in
from course.trainer.command_support import single_instance
from course.trainer.course_directory import Coursework

FILE: Final = "replies-read.json"
MOST_LETTERS: Final = 20_000
"""How many letters of a reply are shown; a learner's own card takes no more."""
_FORMAT: Final = 1
_BUSY: Final = "A reply is just being marked as read."
_WAIT: Final = 10
"""Seconds for which another trainer's reply is waited for."""
_LARGEST: Final = 10_000_000


@dataclass(frozen=True)
class Reply:
    """What one learner wrote back about the feedback on one exercise."""

    exercise: str
    """Nbgrader's name of it."""
    learner: str
    text: str = field(repr=False)
    digest: str
    """What tells this text from another one."""
    is_read: bool
    """Whether a trainer said that they have read it."""


def find_reply(coursework: Coursework, slug: str, learner: str) -> Reply | None:
    """Return what a learner wrote back with the hand-in that is marked, or None."""
    return _reply(coursework, slug, learner, _read_digests(coursework.root))


def all_replies(coursework: Coursework) -> list[Reply]:
    """Return what every learner wrote back, by exercise in the order of the course."""
    read = _read_digests(coursework.root)
    found = [
        _reply(coursework, slug, learner, read)
        for slug in coursework.assignments.values()
        for learner in coursework.learners_at(names.AUTOGRADED, slug)
    ]
    return [reply for reply in found if reply]


def number_unread(coursework: Coursework) -> int:
    """Return how many replies nobody has read yet."""
    return sum(not reply.is_read for reply in all_replies(coursework))


def mark_read(coursework: Coursework, reply: Reply) -> None:
    """Keep that a trainer has read a reply, beside what others keep at the same moment; raises AlreadyRunning."""
    with _one_at_a_time(coursework.root):
        read = _read_digests(coursework.root)
        _write(coursework.root, {**read, reply.learner: {**read.get(reply.learner, {}), reply.exercise: reply.digest}})


def has_read_marks(root: Path, learner: str) -> bool:
    """Say whether it is kept which replies of a learner were read."""
    return learner in _read_digests(root)


def forget_read_marks(root: Path, learner: str) -> None:
    """Remove which replies of a learner were read; raises AlreadyRunning."""
    with _one_at_a_time(root):
        _write(root, {other: digests for other, digests in _read_digests(root).items() if other != learner})


def _one_at_a_time(root: Path) -> AbstractContextManager[None]:
    return single_instance("replies", root, _BUSY, seconds=_WAIT)


def _reply(coursework: Coursework, slug: str, learner: str, read: Mapping[str, Mapping[str, str]]) -> Reply | None:
    path = coursework.folder(names.AUTOGRADED, learner, slug) / names.ANSWERS
    try:
        text = reply_in(read_page(path, "exercise", lesson_key(slug)))
    except AnswersNotKept:
        return None
    if not text:
        return None
    digest = hashlib.sha256(text.encode()).hexdigest()
    shown = text[:MOST_LETTERS] + ("…" if len(text) > MOST_LETTERS else "")
    return Reply(slug, learner, shown, digest, is_read=read.get(learner, {}).get(slug) == digest)


def _read_digests(root: Path) -> dict[str, dict[str, str]]:
    """Return the digest of each reply that was read, by learner and exercise; none where the file cannot be used."""
    try:
        kept = storage.read_json(root / FILE, largest=_LARGEST, deepest=3)
    except (OSError, storage.Unusable):
        return {}
    read = kept.get("read") if isinstance(kept, dict) and kept.get("format") == _FORMAT else None
    tables = read.items() if isinstance(read, dict) else ()
    return {str(learner): dict(digests) for learner, digests in tables if isinstance(digests, dict)}


def _write(root: Path, read: Mapping[str, Mapping[str, str]]) -> None:
    storage.put(root / FILE, json.dumps({"format": _FORMAT, "read": read}, indent=1, sort_keys=True).encode())
