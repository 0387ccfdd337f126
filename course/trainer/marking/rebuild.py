"""Read the folder that a learner handed in, and rebuild it from the released exercise: no learner's code is ever run.

The folder is untrusted input. No link in it is followed, and nothing is copied or run; what is left out is named.
Only `answers.json` is used. Whatever else a learner wrote into the notebook, text or code, stands at its end
as text in a fence: it is read by people and by nothing else.
"""

from __future__ import annotations

import copy
import os
import re
import stat
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeGuard

from nbformat.v4 import new_markdown_cell
from nbgrader.preprocessors import NbGraderPreprocessor

from course.content import trainer_words, words
from course.content.lessons import with_lesson_keys
from course.core import names, storage
from course.core.errors import AnswersNotKept, CannotMark
from course.core.notebooks import Notebook, source
from course.records.answer_page import LARGEST, AnswerPage, parse_page
from course.records.answer_units import Json
from course.records.submission_file import LARGEST_NOTEBOOK
from course.trainer.course_directory import released_notebook
from course.trainer.exercise_version import why_set_aside

if TYPE_CHECKING:
    from nbconvert.exporters.exporter import ResourcesDict
    from nbformat import NotebookNode

SMALL_FILES: Final = (names.TIMESTAMP, names.SECRET, names.RECEIPT)
"""Beside the notebook and the answers, what says when and how the submission came."""
LARGEST_SMALL_FILE: Final = 10_000
DEEPEST_NOTEBOOK: Final = 30
MOST_NAMED: Final = 10
"""How many files that were left out are named one by one."""
MOST_CELLS: Final = 30
"""How many added cells are shown."""
MOST_LETTERS: Final = 20_000
"""How many letters of one added cell are shown."""
_UNSEEN: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""Characters that are invisible or not allowed in a file."""
ADDED: Final = "added"
NOTE: Final = "note"
"""What `metadata.course` of a cell says that is no part of the exercise."""


@dataclass(frozen=True)
class Submission:
    """What may be used of one submission."""

    files: Mapping[str, bytes] = field(repr=False)
    """The answers and the small files, by name."""
    answers: Mapping[str, Json] = field(repr=False)
    """The answers by key; none where there is no file of answers."""
    notebook: Notebook | None = field(repr=False)
    """The notebook as plain data, or None where it cannot be read. Only for showing what a learner added."""
    left_out: tuple[str, ...]
    """Sentences about what is not used."""
    version: int | None = None
    """The version of the exercise that was answered; None where nothing was answered."""


def read_submission(folder: Path, slug: str) -> Submission:
    """Return what may be used of a submission.

    Raises CannotMark where the answers cannot be read: the folder is a link, `answers.json` is not what the
    course writes, or neither answers nor notebook are there. A notebook without answers is somebody's who answered
    nothing only where nbgrader's exchange took the whole folder; else the answers were left behind.
    """
    for place in (folder, folder.parent):
        if place.is_symlink() or not place.is_dir():
            raise CannotMark(trainer_words("marking.linked-folder"))
    present = {entry.name for entry in os.scandir(folder)}
    notebook_name = names.notebook_name(slug)
    if present.isdisjoint({names.ANSWERS, notebook_name}):
        raise CannotMark(trainer_words("marking.nothing-inside"))
    files, left_out = _read_small_files(folder, present)
    page = None
    if names.ANSWERS in present:
        files[names.ANSWERS], page = _read_answers(folder / names.ANSWERS, slug)
    elif names.SECRET in files:
        left_out.append(trainer_words("marking.no-answers"))
    else:
        raise CannotMark(trainer_words("marking.notebook-alone"), trainer_words("marking.notebook-alone-hint"))
    notebook = _read_notebook(folder / notebook_name)
    if notebook is None:
        left_out.append(trainer_words("marking.unusable-notebook"))
    left_out += _strange_files(folder, present - {names.ANSWERS, names.SELF_CHECK, notebook_name, *SMALL_FILES})
    return Submission(files, page.values() if page else {}, notebook, tuple(left_out), page.version if page else None)


def read_plain(path: Path, largest: int) -> bytes:
    """Return the bytes of an untrusted file.

    Raises storage.Unusable for a link, a pipe, a second name of a file elsewhere and for more than `largest` bytes,
    and OSError where it cannot be read.
    """
    status = path.lstat()
    if not stat.S_ISREG(status.st_mode) or status.st_nlink > 1:
        raise storage.Unusable
    return storage.read_whole(path, largest=largest)


def _read_answers(path: Path, slug: str) -> tuple[bytes, AnswerPage]:
    """Return the file of answers as it is, and the answers in it."""
    try:
        data = read_plain(path, largest=LARGEST)
        return data, parse_page(data, path, "exercise", slug)
    except AnswersNotKept as problem:
        raise CannotMark(problem.message, trainer_words("marking.ask-again")) from None
    except (storage.Unusable, OSError):
        raise CannotMark(trainer_words("marking.unusable-answers", name=path.name)) from None


def _read_small_files(folder: Path, present: set[str]) -> tuple[dict[str, bytes], list[str]]:
    """Return the small files by name, and a sentence for each that cannot be used."""
    files: dict[str, bytes] = {}
    left_out = []
    for name in SMALL_FILES:
        if name in present:
            try:
                files[name] = read_plain(folder / name, LARGEST_SMALL_FILE)
            except (storage.Unusable, OSError):
                left_out.append(trainer_words("marking.file-left-out", name=name))
    return files, left_out


def _read_notebook(path: Path) -> Notebook | None:
    """Return the notebook as plain data, or None where it cannot be used."""
    try:
        notebook = storage.parse_json(read_plain(path, LARGEST_NOTEBOOK), deepest=DEEPEST_NOTEBOOK)
    except (storage.Unusable, OSError):
        return None
    return notebook if _has_cells(notebook) else None


def _has_cells(notebook: object) -> TypeGuard[Notebook]:
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    return isinstance(cells, list) and all(_is_cell(cell) for cell in cells)


def _is_cell(cell: object) -> bool:
    text = cell.get("source", "") if isinstance(cell, dict) else None
    return isinstance(text, str) or (isinstance(text, list) and all(isinstance(line, str) for line in text))


def _strange_files(folder: Path, file_names: Iterable[str]) -> list[str]:
    """Return a sentence for each thing that is no part of a submission; above MOST_NAMED, one for the rest."""
    sentences = [
        trainer_words(f"marking.strange-{_kind(folder / name)}", name=name[:80]) for name in sorted(file_names)
    ]
    more = len(sentences) - MOST_NAMED
    if more > 0:
        return [*sentences[:MOST_NAMED], trainer_words("marking.more-strange-files", n=more)]
    return sentences


def _kind(path: Path) -> str:
    if path.is_symlink():
        return "link"
    return "folder" if path.is_dir() else "file"


class Rebuild(NbGraderPreprocessor):
    """The first of nbgrader's `Autograde.sanitize_preprocessors`: put the released notebook in the place of this one.

    nbgrader has copied every file before this: all that is no part of a submission is deleted again.
    """

    def preprocess(self, notebook: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Return the rebuilt notebook; raises CannotMark where the answers cannot be read."""
        import nbformat

        assigned, converter = resources["nbgrader"], self.parent.parent
        slug, learner = assigned["assignment"], assigned["student"]
        root = Path(converter.coursedir.root)
        submission = read_submission(root / converter._format_source(slug, learner), slug)
        if why := why_set_aside(slug, submission.version, learner):
            raise CannotMark(why)
        if names.ANSWERS not in submission.files:
            self.log.warning(trainer_words("marking.no-answers"))
        write_files(submission, root / converter._format_dest(slug, learner))
        exercise = nbformat.read(released_notebook(converter.coursedir, slug), as_version=4)
        return rebuild(exercise, added_texts(exercise, submission)), resources


def rebuild(exercise: NotebookNode, added: Sequence[str], changed: str = "") -> NotebookNode:
    """Return an exercise's notebook with the texts that a learner added to theirs at its end.

    `changed` is a sentence for its top about what is new since it was last marked.
    """
    notebook = copy.deepcopy(exercise)
    if changed:
        notebook.cells.insert(1, _cell(NOTE, "changed", f"**{changed}**"))
    if added:
        notebook.cells.append(_cell(NOTE, "added", f"## {words('rebuild.heading')}\n\n{words('rebuild.intro')}"))
        notebook.cells += [
            _cell(ADDED, f"added-{number}", fenced(text)) for number, text in enumerate(added[:MOST_CELLS])
        ]
    if len(added) > MOST_CELLS:
        notebook.cells.append(_cell(NOTE, "added-more", words("rebuild.more", n=len(added) - MOST_CELLS)))
    return notebook


def added_texts(released: NotebookNode, submission: Submission) -> list[str]:
    """Return the text of each handed-in cell that differs from every released one by more than white space.

    A former name of an exercise is as good as its key there: it may be from an earlier version of the course.
    """
    released_texts = {_letters(source(cell)) for cell in released.cells}
    texts = [source(cell) for cell in submission.notebook["cells"]] if submission.notebook else []
    return [text for text in texts if text.strip() and _letters(text) not in released_texts]


def write_files(submission: Submission, folder: Path) -> None:
    """Leave in a folder the answers and the small files of a submission, and nothing else."""
    import shutil

    folder.mkdir(parents=True, exist_ok=True)
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
    for name, content in submission.files.items():
        (folder / name).write_bytes(content)


def fenced(text: str) -> str:
    """Return a learner's text as Markdown that shows it exactly as typed.

    >>> print(fenced("``` <script>"))
    ````text
    ``` <script>
    ````
    """
    shown = text[:MOST_LETTERS] + ("\n…" if len(text) > MOST_LETTERS else "")
    plain = _UNSEEN.sub("�", shown.replace("\r\n", "\n"))
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", plain)), default=0))
    return f"{fence}text\n{plain}\n{fence}"


def _letters(text: str) -> str:
    return "".join(with_lesson_keys(text).split())


def _cell(kind: str, name: str, text: str) -> NotebookNode:
    """Return a cell that is no part of the exercise; nbgrader gives it neither marks nor comments."""
    return new_markdown_cell(text, id=f"course-{name}", metadata={"course": {kind: True}})


def changed_since(old: Mapping[str, Json], new: Mapping[str, Json], keys: Sequence[str]) -> list[str]:
    """Return the keys of the questions whose answers differ between two submissions, in their order.

    >>> changed_since({"q1": "A", "q2": "B"}, {"q1": "C", "q2": "B", "q3": "A"}, ["q1", "q2", "q3", "q4"])
    ['q1', 'q3']
    """
    return [key for key in keys if old.get(key) != new.get(key)]
