"""The commands of trainers, from the roster to the report; `course.cli` adds them to its own.

Each command is a short function that imports what it needs, so that `course --help` stays quick.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import click

EXERCISES = click.argument("exercises", nargs=-1, metavar="[EXERCISE]...")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask first.")
@click.option("--id-column", default="", metavar="NAME", help="The column of the ids; without it, the best there is.")
@click.option("--remove", is_flag=True, help="Take off who is not in FILE and has handed nothing in.")
@AS_JSON
def roster(file: Path, yes: bool, id_column: str, remove: bool, as_json: bool) -> None:
    """Say who is in the cohort: FILE is a table of people. It shows what changes, and asks first."""
    from course.trainer.roster import command

    sys.exit(command.run(file, id_column=id_column, remove=remove, yes=yes, as_json=as_json))


@click.command()
@EXERCISES
@click.option("--on", "day", metavar="DAY", help="Such as 2026-12-01, “2026-12-01 17:00”, or +7 for a week more.")
@click.option("--clear", is_flag=True, help="Take the day away, or the time that a learner has more.")
@click.option("--learner", metavar="ID", default="", help="More time for this learner alone.")
@click.option("--timezone", "zone", metavar="ZONE", default="", help="The cohort's clocks, such as Europe/London.")
@click.option("--yes", is_flag=True, help="Do not ask first.")
@AS_JSON
def due(
    exercises: tuple[str, ...], day: str | None, clear: bool, learner: str, zone: str, yes: bool, as_json: bool
) -> None:
    """Show when exercises are due and who has more time, or say it: it shows what changes, and asks first."""
    from course.trainer.due_days import command

    if clear == bool(day) and (clear or day is not None or learner):
        raise click.UsageError("Say until when with --on, or give --clear.")
    if (clear or day) and not exercises:
        raise click.UsageError("Name the exercises.")
    wanted = "" if clear else day
    sys.exit(command.run(exercises, day=wanted, learner=learner, zone=zone, yes=yes, as_json=as_json))


@click.command()
@EXERCISES
@click.option("--all", "everything", is_flag=True, help="Release every exercise.")
@AS_JSON
def release(exercises: tuple[str, ...], everything: bool, as_json: bool) -> None:
    """Release exercises to learners, such as repair. Releasing again is safe."""
    from course.authoring.review import review
    from course.trainer import release

    if bool(exercises) == everything:
        raise click.UsageError("Name the exercises to release, or give --all.")
    sys.exit(release.run(exercises, review=review, quiet=as_json).show(as_json=as_json))


@click.command()
@EXERCISES
@AS_JSON
def collect(exercises: tuple[str, ...], as_json: bool) -> None:
    """Collect what was handed in: from the exchange, and from the files in inbox/."""
    from course.trainer.collecting import command as collect

    sys.exit(collect.run(exercises, quiet=as_json).show(as_json=as_json))


@click.command()
@click.argument("item", default="")
@click.argument("learner", metavar="[ID]", default="")
@click.option("--nobody", is_flag=True, help="It is nobody's: set it aside.")
@AS_JSON
def needs_you(item: str, learner: str, nobody: bool, as_json: bool) -> None:
    """Show the hand-ins that wait for you to say whose they are, or say it of one: ITEM is how it is named there."""
    from course.trainer.collecting import needs_you

    if item and bool(learner) == nobody:
        raise click.UsageError("Say whose it is by an id, or give --nobody.")
    sys.exit(needs_you.run(item, learner, nobody=nobody, as_json=as_json))


@click.command()
@EXERCISES
@AS_JSON
def missing(exercises: tuple[str, ...], as_json: bool) -> None:
    """Say who has not handed in what is due, with addresses and a text to send."""
    from course.trainer import missing as missing_people

    sys.exit(missing_people.run(exercises, as_json=as_json))


@click.command()
@EXERCISES
@click.option(
    "--again", is_flag=True, help="Mark again what has already been marked; your own marks and comments are kept."
)
@click.option("--kernel", is_flag=True, help="Run each exercise in a Jupyter kernel, as nbgrader does: much slower.")
@click.option("--jobs", type=click.IntRange(1, 64), help="How many processes to use; without it, it is chosen for you.")
@AS_JSON
def grade(exercises: tuple[str, ...], again: bool, kernel: bool, jobs: int | None, as_json: bool) -> None:
    """Mark what was handed in, and say what waits for you. No learner's code is run."""
    from course.trainer.command_support import collect_garbage_rarely

    collect_garbage_rarely()
    from course.trainer.marking import command as marking

    sys.exit(marking.run(exercises, jobs=jobs, again=again, kernel=kernel, quiet=as_json).show(as_json=as_json))


@click.command()
@EXERCISES
@click.option("--marks", type=float, help="How many marks each gets; without it, those of the lowest level.")
@click.option("--comment", help="The comment that each gets; without it, the first ready one. An empty one is none.")
@click.option("--yes", is_flag=True, help="Do not ask first.")
@AS_JSON
def mark_blank(exercises: tuple[str, ...], marks: float | None, comment: str | None, yes: bool, as_json: bool) -> None:
    """Mark the reflections that are blank together: it shows which, and asks first. With --json alone it lists them."""
    from course.trainer.reflections import command

    sys.exit(command.run(exercises, marks=marks, comment=comment, yes=yes, as_json=as_json))


@click.command()
@EXERCISES
@click.option(
    "--read", "filled", type=click.Path(path_type=Path, dir_okay=False), help="What your colleague filled in."
)
@click.option("--by", default="", metavar="INITIALS", help="Who filled it in.")
@AS_JSON
def second_marks(exercises: tuple[str, ...], filled: Path | None, by: str, as_json: bool) -> None:
    """Have a colleague mark one in ten reflections too: make what they read, and read what they filled in."""
    from course.trainer.second_marks import command

    if filled and exercises:
        raise click.UsageError("Leave the exercises out: the file itself says which they are.")
    if by and not filled:
        raise click.UsageError("Say with --read which file they filled in.")
    sys.exit(command.run(exercises, filled=filled, by=by).show(as_json=as_json))


@click.command()
@EXERCISES
@click.option("--learner", metavar="ID", help="Only the feedback of this learner.")
@click.option("--jobs", type=click.IntRange(1, 64), help="How many processes work at it; without it, as many as help.")
@click.option("--code", is_flag=True, help="Show the code of each question too.")
@click.option(
    "--unread", is_flag=True, help="Also where nobody has read the reflection yet; it is held back otherwise."
)
@AS_JSON
def feedback(
    exercises: tuple[str, ...], learner: str | None, jobs: int | None, code: bool, unread: bool, as_json: bool
) -> None:
    """Make feedback pages, and get them ready to go back the way the exercises came: all, or those named."""
    from course.trainer.feedback.command import run

    summary = run(exercises, learner=learner, jobs=jobs, code=code, unread=unread, quiet=as_json)
    sys.exit(summary.show(as_json=as_json))


@click.command()
@click.argument("exercise")
@click.option(
    "--sheet", type=click.Path(path_type=Path, dir_okay=False), help="The grade file as the platform gave it out."
)
@click.option("--column", default="", metavar="NAME", help="The column of the exercise in it, where it is not found.")
@AS_JSON
def marks(exercise: str, sheet: Path | None, column: str, as_json: bool) -> None:
    """Make the file that takes the marks of an EXERCISE back to Moodle, Canvas or Blackboard."""
    from course.trainer.marks_back import command

    sys.exit(command.run(exercise, sheet, column=column).show(as_json=as_json))


@click.command()
@click.option("--folder", type=click.Path(path_type=Path), help="Where to put it; without it, in reports.")
@click.option(
    "--synthetic",
    type=click.Choice(list("ABCD")),
    help="Make the report of a made-up cohort, to see what one looks like.",
)
@click.option(
    "--new-record", is_flag=True, help="Make the one to pass on also where the record of earlier ones is lost."
)
@AS_JSON
def report(folder: Path | None, synthetic: str | None, new_record: bool, as_json: bool) -> None:
    """Make the cohort report: one with names for you, one without to pass on."""
    from course.trainer.report.command import run

    outcome = run(folder, synthetic=synthetic or "", quiet=as_json, new_record=new_record)
    sys.exit(outcome.show(as_json=as_json))


@click.command()
@click.argument("learner", metavar="ID")
@click.option("--yes", is_flag=True, help="Do not ask first.")
def forget_learner(learner: str, yes: bool) -> None:
    """Remove a learner from this course directory: files, marks and feedback. It says what, and asks first."""
    from course.trainer import erasing

    sys.exit(erasing.run(learner, yes=yes))


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--from", "clone", type=click.Path(path_type=Path), required=True, help="A clone of the course.")
def coursework(folder: Path, clone: Path) -> None:
    """Fill FOLDER with what trainers need, apart from the installed course, or bring it up to date.

    Then BUILDING_TRUST_COURSEWORK names it. Files that were changed in it stay as they are.
    """
    from course.trainer import coursework_folder

    coursework_folder.run(folder, clone)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Write all that people made in this course directory into FILE: hand-ins, marks, decisions and feedback.

    It holds people's work, so keep it where trainers alone can read it.
    """
    from course.trainer.backups import command

    command.backup(file)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def restore(file: Path) -> None:
    """Restore a backup of yours from FILE into a course directory that nobody has worked in."""
    from course.trainer.backups import command

    command.restore(file)


@click.command(hidden=True)
@click.argument("step")
def desk_step(step: str) -> None:
    """Take a step of the trainer's desk, for the page of buttons: it is told by JSON and answers in lines of it."""
    from course.authoring.review import review
    from course.trainer.desk import worker

    worker.main(step, review)


COMMANDS: Final = (
    roster,
    due,
    release,
    collect,
    needs_you,
    missing,
    grade,
    mark_blank,
    second_marks,
    feedback,
    marks,
    report,
    forget_learner,
    coursework,
    backup,
    restore,
    desk_step,
)
"""All of them, in the order in which a trainer needs them."""
