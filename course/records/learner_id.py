"""The learner's id: given by the trainer, typed once, and kept with the person's own data."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from course.content import words
from course.core import storage
from course.core.errors import AnswersNotKept, BadLearnerId
from course.core.names import LONGEST_LEARNER_ID, is_learner_id
from course.core.settings import settings

_FORMAT: Final = 1
_LARGEST: Final = 1_000


def check_learner_id(text: object) -> str:
    """Return an id without the space around it, or raise BadLearnerId.

    Which ids there may be is said by `course.core.names.is_learner_id`.

    >>> check_learner_id(" kim.lee@example.org ")
    'kim.lee@example.org'
    """
    learner = text.strip() if isinstance(text, str) else ""
    if not is_learner_id(learner):
        raise BadLearnerId(words("hand-in.bad-learner"), words("hand-in.bad-learner-hint", most=LONGEST_LEARNER_ID))
    return learner


def configured_learner_id() -> str:
    """Return the id that the trainer has set for this learner, or an empty text; raises BadLearnerId."""
    learner = settings().learner
    try:
        return check_learner_id(learner) if learner else ""
    except BadLearnerId:
        variable = "BUILDING_TRUST_LEARNER"
        raise BadLearnerId(words("hand-in.bad-set", variable=variable), words("hand-in.bad-set-hint")) from None


def saved_learner_id() -> str:
    """Return the id that was typed once, or an empty text where there is none or none that can be used."""
    try:
        saved = storage.read_json(_file(), largest=_LARGEST, deepest=1)
        if isinstance(saved, dict) and saved.get("format") == _FORMAT:
            return check_learner_id(saved.get("learner"))
    except (OSError, storage.Unusable, BadLearnerId):
        pass
    return ""


def known_learner_id(learner: str | None = None) -> str:
    """Return this id and save it, or else the one set by the trainer or saved before; raises BadLearnerId."""
    if learner is not None:
        return save_learner_id(learner)
    learner = configured_learner_id() or saved_learner_id()
    if not learner:
        raise BadLearnerId(words("hand-in.no-learner"), words("hand-in.no-learner-hint"))
    return learner


def save_learner_id(text: str) -> str:
    """Save an id for every exercise to come, and return it; raises BadLearnerId, or AnswersNotKept."""
    learner = check_learner_id(text)
    path = _file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        storage.write_whole(path, storage.as_json({"format": _FORMAT, "learner": learner}))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise AnswersNotKept(
            words("answers.not-saved", reason=reason), words("answers.not-saved-hint", folder=path.parent)
        ) from error
    return learner


def _file() -> Path:
    return settings().data / "learner.json"
