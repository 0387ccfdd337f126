"""Release exercises: make the learners' version from `source/`, and put it where learners fetch it.

nbgrader's own converter and exchange do it; releasing again is safe.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

from nbgrader.apps.api import capture_log
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from traitlets.config import LoggingConfigurable

from course.content import trainer_words
from course.core import names, storage
from course.core.errors import BadNotebook, ReleaseFailed
from course.trainer.command_support import progress_bar
from course.trainer.course_directory import Coursework, chosen
from course.trainer.due import write_due_dates
from course.trainer.summary import Summary, standings

_DRAFTS: Final = ".releasing"
Review = Callable[[Iterable[Path], Path], tuple[list[Path], Sequence[object]]]
"""Looks at folders of exercises below a root; returns the notebooks it read and the problems in them."""


def run(slugs: tuple[str, ...], *, review: Review, quiet: bool) -> Summary:
    """Release the exercises of these names, or all, in this checkout."""
    return release_all(Coursework.here(), chosen(slugs), review=review, quiet=quiet)


def release_all(coursework: Coursework, slugs: Sequence[str], *, review: Review, quiet: bool = False) -> Summary:
    """Release these exercises; raises BadNotebook where one breaks a rule of the house, and releases none then."""
    _check(coursework, slugs, review)
    summary = Summary("release", notes=[_where(coursework)])
    try:
        with progress_bar(trainer_words("release.bar"), len(slugs), quiet=quiet) as step:
            for slug in slugs:
                generate(coursework, slug)
                release(coursework, slug)
                step(slug)
    except KeyboardInterrupt:
        summary.stopped = True
    finally:
        shutil.rmtree(coursework.root / _DRAFTS, ignore_errors=True)
    with coursework.gradebook() as gradebook:
        write_due_dates(coursework, gradebook)
    summary.standings = standings(coursework, slugs)
    return summary


def generate(coursework: Coursework, slug: str) -> None:
    """Write `exercises/SLUG` from `source/SLUG`, and register the exercise with the gradebook.

    The folder is made beside its place, so that a stopped release leaves what learners have.
    """
    shutil.rmtree(coursework.root / _DRAFTS, ignore_errors=True)
    place = coursework.folder("release", ".", slug)
    coursedir = CourseDirectory(config=coursework.config)
    coursedir.release_directory, coursedir.assignment_id = _DRAFTS, slug
    _run(GenerateAssignment(coursedir=coursedir, config=coursework.config), slug)
    draft = coursework.root / _DRAFTS / slug
    files = {path.relative_to(draft): path.read_bytes() for path in draft.rglob("*") if path.is_file()}
    for name, data in files.items():
        storage.put(place / name, data)
    for old in [path for path in place.rglob("*") if path.is_file() and path.relative_to(place) not in files]:
        old.unlink()


def release(coursework: Coursework, slug: str) -> None:
    """Put an exercise into the exchange, where there is one."""
    from nbgrader.exchange import ExchangeFactory  # not everywhere: Windows has no exchange

    if not coursework.exchange.is_dir():
        return
    coursedir = CourseDirectory(config=coursework.config)
    coursedir.assignment_id = slug
    releasing = ExchangeFactory(config=coursework.config).ReleaseAssignment(coursedir=coursedir)
    releasing.force = True
    _run(releasing, slug)


def _check(coursework: Coursework, slugs: Sequence[str], review: Review) -> None:
    sources = [coursework.root / names.SOURCE / slug for slug in slugs]
    for folder in sources:
        if not folder.is_dir():
            raise ReleaseFailed(
                f"The exercise {folder.name} has no folder in source/.", "Look at its name, or write it."
            )
        if (folder / names.ANSWERS).exists():
            raise BadNotebook(
                f"source/{folder.name}/{names.ANSWERS} would be laid over every learner’s answers.",
                "Move it away, and release again.",
            )
    _, problems = review(sources, coursework.root)
    if problems:
        raise BadNotebook("\n".join(map(str, problems)), "Nothing was released. Mend this, and release again.")


def _run(step: LoggingConfigurable, slug: str) -> None:
    """Run one of nbgrader's steps; its own long log is shown only where it fails."""
    result = capture_log(step)
    if result["success"]:
        return
    if "KeyboardInterrupt" in result["error"]:
        raise KeyboardInterrupt
    lines = (result.get("log") or result["error"]).strip().splitlines()
    raise ReleaseFailed(
        f"The exercise {slug} could not be released: {lines[-1]}", f"nbgrader said:\n{chr(10).join(lines)}"
    )


def _where(coursework: Coursework) -> str:
    if coursework.exchange.is_dir():
        return trainer_words("release.exchange", folder=coursework.exchange)
    return trainer_words("release.no-exchange")
