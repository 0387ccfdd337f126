"""Rebuild what a learner handed in from the released exercise: no learner's code is ever run.

Only `answers.json` is used. Whatever else a learner wrote into the notebook, text or code, stands at its end
as text in a fence: it is read by people and by nothing else.
"""

from __future__ import annotations

import copyreg
import pickle
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell
from nbgrader.preprocessors import NbGraderPreprocessor

from course.content import trainer_words, words
from course.core import names
from course.core.errors import BadNotebook, CannotMark
from course.core.notebooks import read_notebook
from course.core.settings import COURSE_ID
from course.trainer.counting_hand_in import counting_folder
from course.trainer.course_directory import Coursework, layout_of, released_notebook, submission_time
from course.trainer.exercise_version import why_set_aside
from course.trainer.marking.submission import Submission, added_texts, read_submission

if TYPE_CHECKING:
    from nbconvert.exporters.exporter import ResourcesDict

MOST_CELLS: Final = 30
"""How many added cells are shown."""
MOST_LETTERS: Final = 20_000
"""How many letters of one added cell are shown."""
_UNSEEN: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""Characters that are invisible or not allowed in a file."""
ADDED: Final = "added"
NOTE: Final = "note"
"""What `metadata.course` of a cell says that is no part of the exercise."""


copyreg.pickle(NotebookNode, lambda node: (NotebookNode, (dict(node),)))  # else each of its values is looked at again


class Rebuild(NbGraderPreprocessor):
    """The first of nbgrader's `Autograde.sanitize_preprocessors`: put the released notebook in the place of this one.

    nbgrader has copied every file before this: all that is no part of a submission is deleted again.
    """

    def preprocess(self, notebook: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Return the rebuilt notebook; raises CannotMark where the answers cannot be read."""
        assigned, converter = resources["nbgrader"], self.parent.parent
        slug, learner = assigned["assignment"], assigned["student"]
        root = Path(converter.coursedir.root)
        submission = read_submission(root / converter._format_source(slug, learner), slug)
        if why := why_set_aside(slug, submission.version, learner):
            raise CannotMark(why)
        if names.ANSWERS not in submission.files:
            self.log.warning(trainer_words("marking.no-answers"))
        write_files(submission, root / converter._format_dest(slug, learner))
        _keep_time(assigned["db_url"], Coursework(root), learner, slug)
        exercise = read_released(released_notebook(layout_of(converter.coursedir), slug), slug)
        return rebuild(exercise, added_texts(exercise, submission)), resources


def read_released(path: Path, slug: str) -> NotebookNode:
    """Return an exercise as it was released; raises CannotMark for a damaged file: no hand-in is to blame for that."""
    import nbformat

    try:
        read_notebook(path)  # also tells of lists that are too deep
        return nbformat.read(path, as_version=4)
    except (BadNotebook, ValueError, KeyError, TypeError, AttributeError):
        hint = trainer_words("marking.release-damaged-hint", exercise=slug)
        raise CannotMark(trainer_words("marking.release-damaged", file=path.name), hint) from None


def _keep_time(db_url: str, coursework: Coursework, learner: str, slug: str) -> None:
    """Have the gradebook say when the answers first came, where nbgrader has put the time of a reply alone."""
    from nbgrader.api import Gradebook

    counting = counting_folder(coursework, learner, slug)
    first = submission_time(counting)
    if first and counting != coursework.folder(names.SUBMITTED, learner, slug):
        with Gradebook(db_url, COURSE_ID) as gradebook:
            gradebook.update_or_create_submission(slug, learner, timestamp=first.replace(tzinfo=None))


def rebuild(exercise: NotebookNode, added: Sequence[str], changed: str = "") -> NotebookNode:
    """Return an exercise's notebook with the texts that a learner added to theirs at its end.

    `changed` is a sentence for its top about what is new since it was last marked.
    """
    notebook = _copy_of(exercise)
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


def _copy_of(notebook: NotebookNode) -> NotebookNode:
    """Return a deep copy of plain data; `copy.deepcopy` takes three times as long."""
    return cast("NotebookNode", pickle.loads(pickle.dumps(notebook, pickle.HIGHEST_PROTOCOL)))


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


def _cell(kind: str, name: str, text: str) -> NotebookNode:
    """Return a cell that is no part of the exercise; nbgrader gives it neither marks nor comments."""
    return new_markdown_cell(text, id=f"course-{name}", metadata={"course": {kind: True}})
