"""A learner's own journal: one page of answers a lesson, and the ratings in them.

It stays on the learner's machine, in a folder that only they can read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from course.content.lessons import Occasion, occasions, place_in_course
from course.content.scales import find_scale, read_ratings
from course.core.errors import UnknownLesson
from course.core.settings import settings
from course.records.answers import Answers

_LESSON = re.compile(r"\d\d(-[a-z0-9]+)+")
_FILE = re.compile(r"\.?([a-z0-9-]+)\.(json|damaged-[0-9-]+\.json|json\.\w+\.tmp)")
"""A page, one that was kept aside as damaged, and what a stopped save left."""
SYNTHETIC: Final = "synthetic.txt"
"""The file that says of a journal that no real person wrote it."""
GUESS: Final = ("two-questions", "guess")
"""The page and key of the guesses of lesson 1, which the map shows."""
LOOKING_BACK: Final = ("trust-plan", "looking-back")
"""The page and key of the habits as they were before the course, seen from its end."""


@dataclass(frozen=True)
class Rating:
    """What one person answered at one moment, by item code; what they left out is absent."""

    occasion: Occasion
    habits: dict[str, int] = field(repr=False)
    pulse: dict[str, int] = field(repr=False)
    tried: int | None = field(repr=False)
    """Whether the last action was tried: 1 yes, 2 partly, 3 no chance yet; None where not asked or not answered."""


class Journal:
    """The pages that one learner has written."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or settings().journal
        self._pages: dict[str, Answers] = {}

    def __repr__(self) -> str:
        """Name the folder and nothing that is in it."""
        return f"<Journal in {self.folder}>"

    @property
    def is_synthetic(self) -> bool:
        """Whether the pages were made up by the course, for someone who wants to look at charts."""
        return (self.folder / SYNTHETIC).is_file()

    def page(self, slug: str) -> Answers:
        """Return the page of a lesson, the same one each time."""
        if not _is_page(slug):
            raise UnknownLesson(f"“{slug}” is no name of a lesson.", "Names look like two-questions.")
        if slug not in self._pages:
            self._pages[slug] = Answers(self.folder / f"{slug}.json", "lesson", slug)
        return self._pages[slug]

    def written(self) -> list[str]:
        """Return the names of the pages of which there is any file, in the order of the course."""
        names = (_FILE.fullmatch(path.name) for path in self.folder.glob("*")) if self.folder.is_dir() else ()
        return sorted({name[1] for name in names if name and _is_page(name[1])}, key=place_in_course)

    def files(self, slug: str | None = None) -> list[Path]:
        """Return the files of one page or of all, with what was kept aside and what a stopped save left."""
        return [file for name in (self.written() if slug is None else [slug]) for file in self.page(name).files()]

    def forget(self, slug: str | None = None) -> list[str]:
        """Erase one page, or the whole journal; return the names of the erased files. Other files stay."""
        return [name for page in (self.written() if slug is None else [slug]) for name in self.page(page).forget()]

    def ratings(self) -> list[Rating]:
        """Return the ratings so far, from the first to the latest."""
        habits, pulse, tried = (find_scale(name) for name in ("habits", "pulse", "tried"))
        found = []
        for occasion in occasions():
            saved = self.page(occasion.lesson).get(occasion.key)
            action = read_ratings(tried, saved).get("TRIED")
            rating = Rating(occasion, read_ratings(habits, saved), read_ratings(pulse, saved), action)
            if rating.habits or rating.pulse or action:
                found.append(rating)
        return found


def moments() -> dict[str, tuple[str, str]]:
    """Return where the twelve habits are rated, by the name of the moment: page and key.

    >>> moments()["start"]
    ('starting-point', 'start')
    """
    full = {occasion.name: (occasion.lesson, occasion.key) for occasion in occasions() if occasion.full}
    return {**full, "looking-back": LOOKING_BACK}


def _is_page(name: str) -> bool:
    """Say whether a page may have this name: that of a lesson, now or in another edition, or of a later rating."""
    return bool(_LESSON.fullmatch(name)) or any(occasion.lesson == name for occasion in occasions())
