"""A learner's own journal: one page of answers a lesson, and the ratings in them.

It stays on the learner's machine, in a folder that only they can read.

A page that an earlier version wrote under a lesson's former name moves to the lesson's key, with all its files: the
answers, what was set aside, what a stopped save left. Nothing is lost where there are pages under both names, as when
two versions are used by turns: the page then has the answers of both (of a key in both, the one in the file that was
written later), and the other file stays beside it as `earlier`.
"""

from __future__ import annotations

import contextlib
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypedDict, cast

from course.content.lessons import Occasion, is_name, lesson_key, lesson_names, lessons, occasions, place_in_course
from course.content.scales import NO_CHANCE, Scale, find_scale, read_ratings
from course.core import storage
from course.core.errors import AnswersNotKept, UnknownLesson
from course.core.moments import folder_stamp, local, now
from course.core.settings import settings
from course.records.answers.answers import ASIDE, Answers
from course.records.answers.draft_place import drop_drafts
from course.records.answers.file import lock_of
from course.records.answers.page import DEEPEST, LARGEST, parse_page
from course.records.answers.units import Json

_WAIT: Final = 10
"""For how many seconds another window may hold a page."""


def page_path(folder: Path, key: str) -> Path:
    """Return the file of a page, after moving what is there under a former name to it.

    Where that cannot be done now, it is the file of the former name, which can be read and written as it is.
    """
    path = folder / f"{key}.json"
    for former in lesson_names(key)[1:]:
        old = folder / f"{former}.json"
        if _files(old):
            try:
                with storage.locked(lock_of(path), _WAIT), storage.locked(lock_of(old), _WAIT):
                    _move(old, path)
            except (OSError, TimeoutError):
                return old if os.path.lexists(old) and not os.path.lexists(path) else path
            with contextlib.suppress(OSError):  # it is empty, and a window of the earlier version may hold it
                lock_of(old).unlink()
    return path


def _files(page: Path) -> list[Path]:
    """Return the files of a page: its answers, what was set aside, what a stopped save left."""
    pattern = re.compile(rf"\.?{re.escape(page.stem)}\.(json|[a-z]+-[0-9-]+\.json|json\.\w+\.tmp)")
    return [path for path in page.parent.glob(f"*{page.stem}.*") if pattern.fullmatch(path.name)]


def _move(old: Path, path: Path) -> None:
    """Move all files of a page; both locks are held."""
    if os.path.lexists(old) and os.path.lexists(path):
        _merge(old, path)
    for file in _files(old):
        new = file.with_name(file.name.replace(old.stem, path.stem, 1))
        if not os.path.lexists(new):
            file.rename(new)


def _merge(old: Path, path: Path) -> None:
    """Put the answers of two files of one page into one, unless either cannot be read; set the earlier one aside."""
    earlier, later = sorted((old, path), key=lambda file: file.lstat().st_mtime_ns)
    aside = path.with_name(f"{path.stem}.earlier-{folder_stamp(local(now()))}.json")
    try:
        pages = [_read(file, path.stem) for file in (earlier, later)]
    except (AnswersNotKept, storage.Unusable):  # the page that is at its place stays there
        old.rename(aside)
        return
    answers = {**pages[0]["answers"], **pages[1]["answers"]}
    states = {**pages[0].get("states", {}), **pages[1].get("states", {})}
    form = max(page["format"] for page in pages)
    merged = {"format": form, "lesson": path.stem, "answers": answers, "states": states}
    first, second = (earlier.read_bytes(), storage.as_json(merged))
    storage.write_whole(aside, first)
    storage.write_whole(path, second)
    old.unlink()


class _Page(TypedDict, total=False):
    format: int
    answers: dict[str, object]
    states: dict[str, str]


def _read(file: Path, key: str) -> _Page:
    """Return what a page holds; raises AnswersNotKept or Unusable where it is none."""
    data = storage.read_whole(file, largest=LARGEST)
    parse_page(data, file, "lesson", key)
    return cast(_Page, storage.parse_json(data, deepest=DEEPEST))  # parse_page has checked its shape


_NUMBERED: Final = re.compile(r"\d\d(-[a-z0-9]+)+")
"""How version 0.1.0 named the pages of any edition."""
_FILE: Final = re.compile(rf"\.?([a-z0-9-]+)\.(json|({'|'.join(ASIDE)})-[0-9-]+\.json|json\.\w+\.tmp)")
"""A page, what was set aside of one, and what a stopped save left."""
SYNTHETIC: Final = "synthetic.txt"
"""The file that says of a journal that no real person wrote it."""
GROUP_VIEW: Final = ("two-questions", "group-view")
"""The page and key of what lesson 1 asks: two guesses, how one's group would see one on each side of the map."""
FORMER_GUESSES: Final = ("two-questions", "guess")
"""The page and key under which version 0.1.0 kept four guesses: two for oneself, then two for the group."""
LOOKING_BACK: Final = ("trust-plan", "looking-back")
"""The page and key of the habits as they were before the course, seen from its end."""


@dataclass(frozen=True)
class Rating:
    """What one person answered at one moment, by item code; what they left out is absent."""

    occasion: Occasion
    habits: dict[str, int] = field(repr=False)
    """In the latest version of the questions that was answered then."""
    pulse: dict[str, int] = field(repr=False)
    tried: int | None = field(repr=False)
    """Whether the last plan was tried: 1 yes, 2 partly, 3 no chance yet, 4 no; None where that was not answered."""
    version: int = 1
    """From which version of the questions on the habits are what they were then: compare no two that differ."""
    no_chance: frozenset[str] = field(default=frozenset(), repr=False)
    """The questions of the pulse that were answered with “No chance to”."""


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

    def page(self, name: str) -> Answers:
        """Return the page of a lesson, by its key or a former name: the same one each time."""
        key = lesson_key(name)
        if not self._is_page(key):
            raise UnknownLesson(f"“{name}” is no name of a lesson.", "Names look like two-questions.")
        if key not in self._pages:
            self._pages[key] = Answers(page_path(self.folder, key), "lesson", key)
        return self._pages[key]

    def written(self) -> list[str]:
        """Return the keys of the pages of which there is any file, in the order of the course."""
        files = self.folder.glob("*") if self.folder.is_dir() else ()
        names = {match[1] for file in files if (match := _FILE.fullmatch(file.name))}
        return sorted({lesson_key(name) for name in names if self._is_page(lesson_key(name))}, key=place_in_course)

    def files(self, name: str | None = None) -> list[Path]:
        """Return the files of one page or of all, with what was set aside and what a stopped save left."""
        return [file for page in (self.written() if name is None else [name]) for file in self.page(page).files()]

    def forget(self, name: str | None = None) -> list[str]:
        """Erase one page, or the whole journal; return the names of the erased files. Other files stay.

        The browser's drafts go too, at the next opening. Nothing is erased, and AnswersNotKept raised, where another
        window holds any of the pages.
        """
        pages = [self.page(page) for page in (self.written() if name is None else [name])]
        with contextlib.ExitStack() as locks:
            for page in pages:
                locks.enter_context(page.held_to_erase())
            erased = [file for page in pages for file in page.forget()]
        drop_drafts(self.folder, pages[0].name if name else None)
        return erased

    def _is_page(self, key: str) -> bool:
        """Say whether a page may have this name: one of this edition's, or what another edition wrote as a page."""
        if key in _page_keys() or _NUMBERED.fullmatch(key):
            return True
        return is_name(key) and (self.folder / f"{key}.json").is_file() and self._says_so(key)

    def _says_so(self, key: str) -> bool:
        """Say whether a file that has the name of no lesson is a page all the same, by what is in it."""
        try:
            page = storage.read_json(self.folder / f"{key}.json", largest=LARGEST, deepest=DEEPEST)
        except (OSError, storage.Unusable):
            return False
        return isinstance(page, dict) and page.get("lesson") == key and "answers" in page

    def ratings(self) -> list[Rating]:
        """Return the ratings so far, from the first to the latest."""
        habits, pulse, tried = (find_scale(name) for name in ("habits", "pulse", "tried"))
        ratings = []
        for occasion in occasions():
            saved = self.page(occasion.lesson).get(occasion.key)
            action = read_ratings(tried, saved).get("TRIED")
            scale = answered_version(habits, saved)
            answers = saved if isinstance(saved, dict) else {}
            no_chance = frozenset(item.code for item in pulse.items if answers.get(item.code) == NO_CHANCE)
            rated = read_ratings(pulse, saved)
            rating = Rating(occasion, read_ratings(scale, saved), rated, action, scale.since, no_chance)
            if rating.habits or rating.pulse or action:
                ratings.append(rating)
        return ratings

    def guesses(self) -> list[Json]:
        """Return four guesses for the map as they are kept: competence and caring for oneself, then for the group.

        Lesson 1 now asks for the group only. What was guessed under version 0.1.0 stays, until the group is
        guessed anew.
        """
        former, group = (self.page(page).get(key) for page, key in (FORMER_GUESSES, GROUP_VIEW))
        four = former if isinstance(former, list) and len(former) == 4 else [None] * 4
        return [*four[:2], *(group if isinstance(group, list) and len(group) == 2 else four[2:])]


def answered_version(scale: Scale, saved: object) -> Scale:
    """Return the scale in the latest version in which anything was rated, or as it is today where nothing was."""
    return next((version for version in scale.versions if read_ratings(version, saved)), scale)


def rating_places() -> dict[str, tuple[str, str]]:
    """Return where the twelve habits are rated, by the name of the moment: page and key.

    >>> rating_places()["start"]
    ('starting-point', 'start')
    """
    full = {occasion.name: (occasion.lesson, occasion.key) for occasion in occasions() if occasion.full}
    return {**full, "looking-back": LOOKING_BACK}


def _page_keys() -> set[str]:
    return {*(lesson.key for lesson in lessons()), *(occasion.lesson for occasion in occasions())}
