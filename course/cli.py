"""The command line: `course learn`, `course teach` and their neighbours.

Each command is a short function that imports what it needs, so that `course --help` stays quick.
What is said of their errors is in `course.core.command_group`.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from course.core import __version__, error_log
from course.core.command_group import CommandGroup


@click.group(cls=CommandGroup)
@click.version_option(__version__)
@click.option("--debug", is_flag=True, help="Show the whole of an error that nobody expected; it may quote people.")
def main(debug: bool) -> None:
    """Building Trust, a course in notebooks."""
    if debug:
        os.environ[error_log.DEBUG] = "1"  # in the environment, so that processes started later know it too


@main.command()
@click.option("--folder", type=click.Path(path_type=Path), help="Where your own copy of the course is kept.")
@click.option("--port", type=click.IntRange(1, 65535), help="The port to use; without it, the same as last time.")
@click.option("--no-browser", is_flag=True, help="Print the address, and open no browser.")
@click.option("--lab", is_flag=True, help="Open the course in JupyterLab.")
def learn(folder: Path | None, port: int | None, no_browser: bool, lab: bool) -> None:
    """Open the course to learn: on your own copy, in the browser."""
    from course.learner import commands

    commands.learn(folder, port=port, browser=not no_browser, lab=lab)


@main.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.option("--folder", type=click.Path(path_type=Path), help="Where the learner's own copy of the course is kept.")
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
def prepare_server(folder: Path | None, command: tuple[str, ...]) -> None:
    """Have a Jupyter server of yours show the course as `course learn` does, and start it with COMMAND.

    It is for a hub, Binder or a dev container: course prepare-server jupyter lab. Without COMMAND, it prints what to
    set in the environment of the server.
    """
    from course.learner import prepared_server

    prepared_server.run(folder, command)


@main.command()
@click.option("--port", type=click.IntRange(1, 65535), help="The port to use; without it, the same as last time.")
@click.option("--no-browser", is_flag=True, help="Print the address, and open no browser.")
def teach(port: int | None, no_browser: bool) -> None:
    """Open the course to teach: JupyterLab on the checkout, with nbgrader's formgrader."""
    from course.learner import commands

    commands.teach(port=port, browser=not no_browser)


EXERCISES = click.argument("exercises", nargs=-1, metavar="[EXERCISE]...")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")


@main.command()
@EXERCISES
@click.option(
    "--again", is_flag=True, help="Mark again what has already been marked; your own marks and comments are kept."
)
@click.option("--kernel", is_flag=True, help="Run each exercise in a Jupyter kernel, as nbgrader does: much slower.")
@click.option("--jobs", type=click.IntRange(1, 64), help="How many processes to use; without it, it is chosen for you.")
@AS_JSON
def grade(exercises: tuple[str, ...], again: bool, kernel: bool, jobs: int | None, as_json: bool) -> None:
    """Mark what was handed in, and say what waits for you. No learner's code is run."""
    from course.trainer.marking import command as marking

    sys.exit(marking.run(exercises, jobs=jobs, again=again, kernel=kernel, quiet=as_json).show(as_json=as_json))


@main.command()
@click.option("--seed", type=click.IntRange(0), help="Draw other ratings by chance; what the learner writes stays.")
@click.option("--port", type=click.IntRange(1, 65535), help="The port to use; without it, the same as last time.")
@click.option("--no-browser", is_flag=True, help="Print the address, and open no browser.")
def demo(seed: int | None, port: int | None, no_browser: bool) -> None:
    """Open the course with the answers of one made-up learner. Your own journal stays as it is."""
    from course.core.settings import settings
    from course.learner import demo as made_up
    from course.learner import serving, working_copy

    os.environ.update(made_up.environment())
    made_up.fill(settings().journal, seed)
    profile = serving.learner_profile(working_copy.fill(), lab=False, exchange=False)
    click.echo("Synthetic data, not real people. What you answer here is replaced the next time: course demo")
    serving.serve(profile, port=port, browser=not no_browser)


@main.command()
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


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask first.")
@click.option("--id-column", default="", metavar="NAME", help="The column of the ids; without it, the best there is.")
@click.option("--remove", is_flag=True, help="Take off who is not in FILE and has handed nothing in.")
@AS_JSON
def roster(file: Path, yes: bool, id_column: str, remove: bool, as_json: bool) -> None:
    """Say who is in the cohort: FILE is a table of people. It shows what changes, and asks first."""
    from course.trainer.roster import command

    sys.exit(command.run(file, id_column=id_column, remove=remove, yes=yes, as_json=as_json))


@main.command(hidden=True)
@click.argument("step")
def desk_step(step: str) -> None:
    """Take a step of the trainer's desk, for the page of buttons: it is told by JSON and answers in lines of it."""
    from course.authoring.review import review
    from course.trainer.desk import worker

    worker.main(step, review)


@main.command()
@EXERCISES
@AS_JSON
def collect(exercises: tuple[str, ...], as_json: bool) -> None:
    """Collect what was handed in: from the exchange, and from the files in inbox/."""
    from course.trainer.collecting import command as collect

    sys.exit(collect.run(exercises, quiet=as_json).show(as_json=as_json))


@main.command()
@click.argument("learner", metavar="ID")
@click.option("--yes", is_flag=True, help="Do not ask first.")
def forget_learner(learner: str, yes: bool) -> None:
    """Remove a learner from this course directory: files, marks and feedback. It says what, and asks first."""
    from course.trainer import erasing

    sys.exit(erasing.run(learner, yes=yes))


@main.command()
@click.option("--script", type=click.Path(path_type=Path), help="Your own copy of workshop.toml, checked first.")
@click.option("--long", is_flag=True, help="120 minutes with a break, a thank-you wall and a second rating, not 90.")
@click.option("--port", type=click.IntRange(1, 65535), help="The port to use; without it, a free one.")
@click.option(
    "--certfile", type=click.Path(), help="A certificate, so that nobody else on the network can read what phones send."
)
@click.option("--keyfile", type=click.Path(), help="The certificate's key.")
@click.option("--name", default="", help="The name that phones type, where this machine has one.")
@click.option("--no-browser", is_flag=True, help="Print the address, and open no browser.")
@click.option("--demo", type=click.IntRange(0, 1000), default=0, help="How many made-up phones to rehearse with.")
def workshop(
    script: Path | None,
    long: bool,
    port: int | None,
    certfile: str | None,
    keyfile: str | None,
    name: str,
    no_browser: bool,
    demo: int,
) -> None:
    """Run the workshop “Trust in this room” with phones: opens the facilitator's console."""
    from course.learner.commands import offer_workshop_starter
    from course.workshop import commands

    def leave_starter() -> None:
        if not (demo or no_browser):
            offer_workshop_starter()

    commands.workshop(script, long, port, (certfile, keyfile), name, not no_browser, demo, leave_starter)


@main.command()
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


@main.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Change nothing; say which notebooks are not tidy.")
def tidy(paths: tuple[Path, ...], check: bool) -> None:
    """Tidy notebooks, so that a changed word is a changed line."""
    from course.authoring import commands

    sys.exit(commands.tidy(paths, check=check))


@main.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--words", is_flag=True, help="Also show how hard each lesson is to read, and whether it fits its time.")
def review(paths: tuple[Path, ...], words: bool) -> None:
    """Say what in the notebooks breaks a rule for notebooks, and how to put it right."""
    from course.authoring import commands

    sys.exit(commands.review(paths, words=words))


@main.command()
@click.argument("name")
def new(name: str) -> None:
    """Begin the lesson of that name: its notebook and its exercise."""
    from course.authoring import commands

    sys.exit(commands.new(name))


@main.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
def site(folder: Path | None) -> None:
    """Build the course as web pages, to put on any web server: into FOLDER, or into site."""
    from course.web import commands

    sys.exit(commands.site(folder))


@main.command("hand-in")
@click.argument("exercise")
@click.option("--learner", metavar="ID", help="Your learner id, as your trainer gave it. It is kept for the next time.")
@click.option("--folder", type=click.Path(path_type=Path), help="Where your own copy of the course is kept.")
def hand_in(exercise: str, learner: str | None, folder: Path | None) -> None:
    """Make the hand-in file of the EXERCISE, such as repair, from your own copy of the course."""
    from course.content.lessons import find_lesson
    from course.learner import working_copy
    from course.records import submission_file
    from course.records.learner_id import known_learner_id

    key = find_lesson(exercise).key
    exercise_folder = (folder or working_copy.usual_place()).expanduser().absolute() / "exercises" / key
    click.echo(f"Your hand-in file is ready: {submission_file.make(exercise_folder, key, known_learner_id(learner))}")
    click.echo("Upload it or send it as your trainer asks.")


@main.command()
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


@main.command()
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


@main.command()
@EXERCISES
@AS_JSON
def missing(exercises: tuple[str, ...], as_json: bool) -> None:
    """Say who has not handed in what is due, with addresses and a text to send."""
    from course.trainer import missing as missing_people

    sys.exit(missing_people.run(exercises, as_json=as_json))


@main.command()
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


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--lesson", "name", metavar="NAME", help="The one thing to try of this lesson, such as repair.")
@click.option("--days", type=click.IntRange(1, 365), help="In how many days; only with --lesson.")
@click.option("--own-words", is_flag=True, help="Put what you planned into it. Others may see your calendar.")
def reminders(folder: Path, name: str | None, days: int | None, own_words: bool) -> None:
    """Put days for your calendar into FOLDER: days 7, 30 and 90 after your plan, or one lesson's thing to try."""
    from course.learner import reminders as days_for_the_calendar

    sys.exit(days_for_the_calendar.run(folder, name, days, own_words=own_words))


@main.group()
def journal() -> None:
    """See, copy, save, load or erase the answers that you gave in lessons."""


LESSON = click.option("--lesson", "name", metavar="NAME", help="Only this lesson, such as repair.")


@journal.command()
@LESSON
def show(name: str | None) -> None:
    """Say where your journal is and all that is in it."""
    from course.learner.journal import commands

    sys.exit(commands.show(name))


@journal.command()
@click.argument("folder", type=click.Path(path_type=Path))
def export(folder: Path) -> None:
    """Copy your journal to FOLDER: a document for Word, a JSON file for each lesson, and a CSV table of all."""
    from course.learner.journal import commands

    sys.exit(commands.export(folder))


@journal.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def save(file: Path) -> None:
    """Save your whole journal to FILE, to keep as a copy or to load in another place."""
    from course.learner.journal import commands

    sys.exit(commands.save(file))


@journal.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--keep", "answer", flag_value="keep", help="Where answers differ, keep yours, and do not ask.")
@click.option("--take", "answer", flag_value="take", help="Where answers differ, take those in FILE, and do not ask.")
def load(file: Path, answer: str | None) -> None:
    """Load a FILE that was saved on My journal, here or in a browser. It asks before anything is replaced."""
    from course.learner.journal import commands

    sys.exit(commands.load(file, answer))


@journal.command()
@LESSON
@click.option("--yes", is_flag=True, help="Do not ask first.")
def forget(name: str | None, yes: bool) -> None:
    """Erase your journal, or one page of it. It says what, and asks first."""
    from course.learner.journal import commands

    sys.exit(commands.forget(name, yes=yes))


@main.command()
@click.option("--word", type=click.Path(path_type=Path, dir_okay=False), help="Write it to this file for Word.")
@click.option("--text", type=click.Path(path_type=Path, dir_okay=False), help="Write it to this file as plain text.")
@click.option(
    "--hours", metavar="HOURS", help="How long it took you; without it, the planned time of what you answered."
)
@click.option("--with-others", metavar="HOURS", help="How many of these hours were with other people.")
@click.option(
    "--add", "added", metavar="NAME", multiple=True, help="Put in these words of yours; “all” for all of them."
)
def record(
    word: Path | None, text: Path | None, hours: str | None, with_others: str | None, added: tuple[str, ...]
) -> None:
    """Make a record of what you did in the course: printed here, or as a file. Nobody has checked it."""
    from course.learner.record import commands

    sys.exit(commands.record(word, text, hours=hours, with_others=with_others, added=added))
