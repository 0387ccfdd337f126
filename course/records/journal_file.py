"""A whole journal as one file: saved, read with limits, and loaded into the journal that is here.

The same file goes from a laptop to a browser and back. Nothing in it says which of two answers is the newer, so what
differs is never replaced unless the learner was asked; and what is then replaced is set aside as `earlier` before.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias

from course.content import words
from course.content.lessons import is_name, lesson_key, place_in_course
from course.core import storage
from course.core.errors import AnswersNotKept, AnswersTooNew, BadJournalFile, CourseError, UnknownLesson
from course.core.moments import folder_stamp, local, now
from course.core.text_files import read_text
from course.records.answers import page as answer_page
from course.records.answers.answers import Answers
from course.records.answers.merge import is_blank, join
from course.records.answers.page import AnswerPage, Edit, parse_page, put_answer
from course.records.answers.units import Json
from course.records.journal import Journal

FORMAT: Final = 1
FILE_NAME: Final = "my-journal.json"
LARGEST: Final = 6_000_000
"""The size in bytes of the largest file that is loaded."""
MOST_PAGES: Final = 50
_DEEPEST: Final = 20
"""How many lists and tables may stand inside each other; each page has the limit of a page besides."""
_SKIPPED: Final = "skipped"

AskedAbout: TypeAlias = Mapping[tuple[str, str], Json]
"""What is here under a page and a key while the file has something else there."""


@dataclass(frozen=True)
class JournalFile:
    """What a file holds."""

    pages: tuple[tuple[str, AnswerPage], ...] = field(repr=False)
    """The pages by the keys of their lessons."""
    problems: Mapping[str, BadJournalFile]
    """Why a page in it cannot be used, by the key of its lesson."""
    is_synthetic: bool = False
    """Whether the course made it up."""


@dataclass
class PageResult:
    """What became of one page, or would become of it: the keys of its activities."""

    lesson: str
    added: list[str] = field(default_factory=list)
    """Not answered here."""
    completed: list[str] = field(default_factory=list)
    """Answered here, and the file had more of it."""
    kept: list[str] = field(default_factory=list)
    """Answered otherwise here, and left as it is here."""
    replaced: list[str] = field(default_factory=list)
    """Answered otherwise here, and taken from the file."""
    aside: str = ""
    """The name of the file that has the page as it was before anything was replaced."""
    problem: CourseError | None = None
    """Why nothing of the page was loaded."""

    def begin_again(self) -> None:
        """Forget what was noted of the activities."""
        for keys in (self.added, self.completed, self.kept, self.replaced):
            keys.clear()

    @property
    def is_changed(self) -> bool:
        """Whether there is anything to save."""
        return bool(self.added or self.completed or self.replaced)


def journal_bytes(journal: Journal) -> bytes:
    """Return all pages in one file, each as it is kept; a page that cannot be read is left out."""
    pages: dict[str, object] = {}
    for name in journal.written():
        page = journal.page(name)
        if page.problem is None and page.path is not None and page.path.is_file():
            pages[name] = json.loads(read_text(page.path))
    made_up = {"synthetic": True} if journal.is_synthetic else {}
    return storage.as_json({"format": FORMAT, **made_up, "journal": pages})


def left_out(journal: Journal) -> list[str]:
    """Return the lessons whose page cannot be read, so that it is not in the file."""
    return [name for name in journal.written() if journal.page(name).problem]


def read_journal_file(data: bytes) -> JournalFile:
    """Return what a stranger's file holds; raises BadJournalFile where it is no journal, too large or too new."""
    if len(data) > LARGEST:
        raise too_large()
    try:
        record = storage.parse_json(data, deepest=_DEEPEST)
    except storage.Unusable:
        raise _refused("damaged") from None
    pages = record.get("journal") if isinstance(record, dict) else None
    if not isinstance(record, dict) or type(record.get("format")) is not int or not isinstance(pages, dict):
        raise _refused("no-journal")
    if record["format"] > FORMAT:
        raise _refused("newer")
    if record["format"] != FORMAT or len(pages) > MOST_PAGES:
        raise _refused("no-journal")
    by_key = {lesson_key(name): page for name, page in pages.items()}
    if len(by_key) < len(pages) or not all(map(is_name, pages)):
        raise _refused("no-journal")
    read, problems = [], {}
    for key, page in by_key.items():
        try:
            read.append((key, _read_page(page, key)))
        except AnswersTooNew:
            problems[key] = _refused("page-newer")
        except AnswersNotKept:
            problems[key] = _refused("page-damaged")
    return JournalFile(tuple(read), problems, record.get("synthetic") is True)


def too_large() -> BadJournalFile:
    """Return the error for a file that is larger than any journal."""
    return _refused("too-large", most=LARGEST // 1_000_000)


def compare(journal: Journal, file: JournalFile) -> list[PageResult]:
    """Return what loading would do if nothing were replaced; nothing is changed. Raises BadJournalFile as `load`."""
    _check_kind(journal, file)
    results = []
    for lesson, there in file.pages:
        results.append(result := PageResult(lesson))
        page = _page(journal, result)
        if page:
            page.refresh()
            _edit(there, result, {})(page.copy_of_page())
    return results


def asked_about(journal: Journal, results: list[PageResult]) -> AskedAbout:
    """Return what is here of all that would be kept and is otherwise in the file."""
    return {
        (result.lesson, key): journal.page(result.lesson).copy_of_page().answers.get(key)
        for result in results
        for key in result.kept
    }


def load(journal: Journal, file: JournalFile, replace: AskedAbout | None = None) -> list[PageResult]:
    """Load a file into a journal and return what became of each page.

    `replace` has what the learner was asked about and wants to have from the file: it is replaced if it is still here
    as it was then. Raises BadJournalFile where made-up answers would come among a person's own.
    """
    _check_kind(journal, file)
    results = [PageResult(lesson, problem=problem) for lesson, problem in file.problems.items()]
    for lesson, there in file.pages:
        results.append(result := PageResult(lesson))
        page = _page(journal, result)
        if page is None:
            continue
        agreed = {key: value for (of_lesson, key), value in (replace or {}).items() if of_lesson == lesson}
        try:
            _load_page(page, there, result, agreed)
        except AnswersNotKept as error:
            result.problem = error
            result.begin_again()
    return sorted(results, key=lambda result: place_in_course(result.lesson))


def _load_page(page: Answers, there: AnswerPage, result: PageResult, agreed: Mapping[str, Json]) -> None:
    edit = _edit(there, result, agreed)
    with page.newest():
        edit(page.copy_of_page())
        if not result.is_changed and page.problem is None:
            return
        aside = _set_aside(page) if result.replaced else None
        try:
            page.change(edit)
        except AnswersNotKept:
            if aside:
                aside.unlink(missing_ok=True)
            raise
        result.aside = aside.name if aside else ""


def _edit(there: AnswerPage, result: PageResult, agreed: Mapping[str, Json]) -> Edit:
    """Return the change that joins a page with another, and notes what it does in the result."""

    def edit(page: AnswerPage) -> None:
        result.begin_again()  # it is made anew where the file has changed meanwhile
        for key in [*there.answers, *(key for key in there.states if key not in there.answers)]:
            _join_key(page, there, key, result, agreed)

    return edit


def _join_key(page: AnswerPage, there: AnswerPage, key: str, result: PageResult, agreed: Mapping[str, Json]) -> None:
    here, other = page.answers.get(key), there.answers.get(key)
    state, other_state = page.states.get(key, ""), _state(there, key)
    joined = join(here, other)
    if is_blank(here) and (not is_blank(other) or (not state and other_state)):
        result.added.append(key)
        answer, state = joined.answer, other_state
    elif joined.differs and key in agreed and agreed[key] == here:
        result.replaced.append(key)
        answer, state = joined.other, other_state
    else:
        if joined.differs:
            result.kept.append(key)
        if joined.answer != here:
            result.completed.append(key)
        answer, state = joined.answer, state or ("" if other_state == _SKIPPED else other_state)
    put_answer(key, answer)(page)
    answer_page.put_state(key, state)(page)


def _state(page: AnswerPage, key: str) -> str:
    state: object = page.states.get(key)
    return state if isinstance(state, str) else ""


def _set_aside(page: Answers) -> Path:
    """Write the page as it is to a file of its own; raises AnswersNotKept."""
    assert page.path
    path = page.path.with_name(f"{page.path.stem}.earlier-{folder_stamp(local(now()))}.json")
    try:
        storage.write_whole(path, page.path.read_bytes())
    except OSError as error:
        raise answer_page.not_kept("answers.not-saved", path, error) from error
    return path


def _read_page(page: object, key: str) -> AnswerPage:
    data = storage.as_json(page)
    if len(data) > answer_page.LARGEST:
        data = b""  # which is no page either
    return parse_page(data, Path(f"{key}.json"), "lesson", key)


def _page(journal: Journal, result: PageResult) -> Answers | None:
    try:
        return journal.page(result.lesson)
    except UnknownLesson:
        result.problem = _refused("unknown")
        return None


def _check_kind(journal: Journal, file: JournalFile) -> None:
    if file.is_synthetic and not journal.is_synthetic:
        raise _refused("made-up")
    if journal.is_synthetic and not file.is_synthetic:
        raise _refused("into-made-up")


def _refused(reason: str, **details: object) -> BadJournalFile:
    return BadJournalFile(words(f"journal-file.{reason}", **details), words(f"journal-file.{reason}-hint"))
