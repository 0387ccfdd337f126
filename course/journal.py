"""A learner's own journal: one page of answers a lesson, and the ratings in them.

It stays on the learner's machine, in a folder that only they can read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from course.answers import Answers
from course.content.lessons import Occasion, occasions
from course.errors import UnknownLesson
from course.scales import find_scale, read_ratings
from course.settings import settings

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Rating:
    """What one person answered at one moment, by item code; what they left out is absent."""

    occasion: Occasion
    habits: dict[str, int]
    pulse: dict[str, int]
    tried: int | None
    """Whether the last action was tried: 1 yes, 2 partly, 3 no chance yet; None where not asked or not answered."""


class Journal:
    """The pages that one learner has written."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or settings().journal
        self._pages: dict[str, Answers] = {}

    def __repr__(self) -> str:
        """Name the folder and nothing that is in it."""
        return f"<Journal in {self.folder}>"

    def page(self, slug: str) -> Answers:
        """Return the page of a lesson, the same one each time."""
        if not _SLUG.fullmatch(slug):
            raise UnknownLesson(f"“{slug}” is no name of a lesson.", "Names look like 01-two-questions.")
        if slug not in self._pages:
            self._pages[slug] = Answers(self.folder / f"{slug}.json", "lesson", slug)
        return self._pages[slug]

    def written(self) -> list[str]:
        """Return the names of the pages that have been written, in order."""
        if not self.folder.is_dir():
            return []
        return sorted(path.stem for path in self.folder.glob("*.json") if _SLUG.fullmatch(path.stem))

    def forget(self, slug: str | None = None) -> list[str]:
        """Erase one page, or the whole journal, with what was kept aside; return the names of the erased files."""
        pattern = "*" if slug is None else f"{slug}.*"
        files = [path for path in self.folder.glob(pattern) if path.is_file()] if self.folder.is_dir() else []
        for name in self.written() if slug is None else [slug]:
            self.page(name).forget()
        for path in files:
            path.unlink(missing_ok=True)
        return sorted(path.name for path in files)

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
