"""What can be set from outside, read from environment variables when it is asked for."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

COURSE_ID = "building-trust"


@dataclass(frozen=True)
class Settings:
    """Where the course keeps things for this person."""

    data: Path
    """The person's own folder for this course: the journal and Jupyter's files."""

    journal: Path
    """One readable JSON file a lesson."""

    work: Path
    """The working copy that `course learn` opens."""

    exchange: Path | None
    """nbgrader's exchange folder, or None where there is none."""

    words: Path | None
    """A folder with another edition of `course/content`, or None for the course's own words."""

    learner: str
    """The learner's id as their trainer set it, or an empty text where they type it themselves."""


def settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Return the settings as the environment has them now.

    | Variable | Sets | When it is not set |
    |---|---|---|
    | BUILDING_TRUST_DATA | `data` | the user's data folder |
    | BUILDING_TRUST_JOURNAL | `journal` | `journal` in `data` |
    | BUILDING_TRUST_WORK | `work` | `building-trust` in the person's home |
    | BUILDING_TRUST_EXCHANGE | `exchange` | no exchange |
    | BUILDING_TRUST_WORDS | `words` | the course's own words |
    | BUILDING_TRUST_LEARNER | `learner` | the learner types it once |
    """
    data = _folder("DATA", environ) or platformdirs.user_data_path(COURSE_ID, appauthor=False)
    return Settings(
        data=data,
        journal=_folder("JOURNAL", environ) or data / "journal",
        work=_folder("WORK", environ) or Path.home() / COURSE_ID,
        exchange=_folder("EXCHANGE", environ),
        words=words_folder(environ),
        learner=_text("LEARNER", environ),
    )


def words_folder(environ: Mapping[str, str] | None = None) -> Path | None:
    """Return `settings().words` alone, which is asked for with every text."""
    return _folder("WORDS", environ)


def _folder(name: str, environ: Mapping[str, str] | None) -> Path | None:
    text = _text(name, environ)
    return Path(text).expanduser().absolute() if text else None


def _text(name: str, environ: Mapping[str, str] | None) -> str:
    variables = os.environ if environ is None else environ
    return variables.get(f"BUILDING_TRUST_{name}", "").strip()
