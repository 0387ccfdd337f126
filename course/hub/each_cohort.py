"""Run a command for many cohorts, one after the other: `python -m course.hub.each_cohort COMMAND`.

Several at once share the cohorts out, as the pods of an Indexed Job of Kubernetes do: with as many pods as cohorts
each has one, with fewer each has several, and none is forgotten.
"""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import click

from course.core import moments
from course.core.errors import BadCohort, CourseError
from course.hub.cohort import Cohort
from course.hub.cohorts_file import ROOT, read_cohorts
from course.hub.configuration import variables_of_trainers
from course.trainer.command_support import REFUSED

LIST: Final = Path("/etc/building-trust/cohorts.toml")
INDEX: Final = "JOB_COMPLETION_INDEX"
"""The variable in which Kubernetes tells a pod of an Indexed Job which of them it is, from 0 on."""
NOT_BEGUN: Final = 127
"""What a shell returns for a command that is not there."""


def share(cohorts: Sequence[Cohort], index: int, of: int) -> list[Cohort]:
    """Return the cohorts of one of several processes; raises BadCohort for one that is not among them.

    >>> share(["a", "b", "c"], 0, 2), share(["a", "b", "c"], 1, 2)
    (['a', 'c'], ['b'])
    """
    if not 0 <= index < of:
        raise BadCohort(
            f"There is no share {index} of {of}.", f"The first is 0: give the job {of} completions, or change --of."
        )
    return list(cohorts[index::of])


def words_of(command: Sequence[str], cohort: Cohort, day: str) -> list[str]:
    """Return a command with the cohort's name for `{cohort}` and today for `{day}`."""
    return [word.replace("{cohort}", cohort.name).replace("{day}", day) for word in command]


def run(
    cohorts: Sequence[Cohort], command: Sequence[str], *, first: Sequence[str] = (), environ: Mapping[str, str]
) -> int:
    """Run a command for each of these cohorts as its trainers would; return 0 where all of them went well.

    `first` is what is run before it. What that refuses is said and is no failure, and whatever becomes of it, the
    command is run too. What fails stops no other cohort.
    """
    day, failed = moments.now().date().isoformat(), False
    for cohort in cohorts:
        before = _run_one(words_of(first, cohort, day), cohort, environ) if first else 0
        code = _run_one(words_of(command, cohort, day), cohort, environ)
        failed = failed or before not in (0, REFUSED) or code != 0
    return int(failed)


def _run_one(words: Sequence[str], cohort: Cohort, environ: Mapping[str, str]) -> int:
    """Run a command with the settings of a cohort's trainers, say so, and return its exit code."""
    click.echo(f"{cohort.name}: {' '.join(words)}")
    variables = {**environ, **variables_of_trainers(cohort)}
    program = shutil.which(words[0]) or words[0]
    try:
        code = subprocess.run([program, *words[1:]], env=variables, check=False).returncode
    except OSError as error:
        click.echo(f"{cohort.name}: not begun: {error.strerror}")
        return NOT_BEGUN
    click.echo(f"{cohort.name}: {'done' if not code else f'ended with {code}'}")
    return code


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command that was given for this process's share of the cohorts."""
    parser = argparse.ArgumentParser(
        prog="python -m course.hub.each_cohort", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--list", type=Path, default=LIST, help="the list of cohorts")
    parser.add_argument("--root", type=Path, default=ROOT, help="the folder of the cohorts' folders")
    parser.add_argument("--of", type=int, default=1, help="how many processes share the cohorts")
    parser.add_argument(
        "--first",
        type=shlex.split,
        default=[],
        metavar="COMMAND",
        help="what is run before the command, as one text in quotation marks; it may refuse something",
    )
    parser.add_argument("command", nargs=argparse.REMAINDER, help="the command; {cohort} and {day} are filled in")
    given = parser.parse_args(arguments)
    command = given.command[1:] if given.command[:1] == ["--"] else given.command
    if not command:
        parser.error("Name a command, such as: course grade")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # the first process of a pod has no other
    try:
        cohorts = share(read_cohorts(given.list, given.root), int(os.environ.get(INDEX, "0")), given.of)
    except CourseError as error:
        click.echo(error, err=True)
        sys.exit(2)
    sys.exit(run(cohorts, command, first=given.first, environ=os.environ))


if __name__ == "__main__":
    main()
