"""The command line: `course learn`, `course teach` and their neighbours; those of trainers are in `trainer_cli`.

Each command is a short function that imports what it needs, so that `course --help` stays quick.
What is said of their errors is in `course.core.command_group`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from course.core import __version__, error_log
from course.core.command_group import CommandGroup
from course.others.overdue import end_overdue_rounds
from course.trainer_cli import COMMANDS
from course.workshop.sessions import overdue

_Command = TypeVar("_Command", bound=Callable[..., object])


def _listening_options(who: str, usual_port: str) -> Callable[[_Command], _Command]:
    """Return a decorator with the options by which a server that phones or raters open is told where to listen."""
    options = (
        click.option("--port", type=click.IntRange(1, 65535), help=f"The port to use; without it, {usual_port}."),
        click.option(
            "--public-address",
            help=f"What {who} open where a web server passes it on to this computer, such as "
            "https://trust.example.org/rooms.",
        ),
        click.option(
            "--certfile",
            type=click.Path(),
            help=f"A certificate, so that nobody else on the network can read what {who} send.",
        ),
        click.option("--keyfile", type=click.Path(), help="The certificate's key."),
        click.option("--name", default="", help=f"The name that {who} open, where this machine has one."),
    )

    def decorate(command: _Command) -> _Command:
        for option in reversed(options):  # the last one that is added stands first in the help
            command = option(command)
        return command

    return decorate


@click.group(cls=CommandGroup)
@click.version_option(__version__)
@click.option("--debug", is_flag=True, help="Show the whole of an error that nobody expected; it may quote people.")
def main(debug: bool) -> None:
    """Building Trust, a course in notebooks."""
    if debug:
        os.environ[error_log.DEBUG] = "1"  # in the environment, so that processes started later know it too
    overdue.end_overdue_sessions()
    end_overdue_rounds()


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
    """Open the course to teach: JupyterLab on the exercises with their answers, with nbgrader's formgrader."""
    from course.learner import commands

    commands.teach(port=port, browser=not no_browser)


@main.command()
@click.option("--seed", type=click.IntRange(0), help="Draw other ratings by chance; what the learner writes stays.")
@click.option("--port", type=click.IntRange(1, 65535), help="The port to use; without it, the same as last time.")
@click.option("--no-browser", is_flag=True, help="Print the address, and open no browser.")
def demo(seed: int | None, port: int | None, no_browser: bool) -> None:
    """Open the course with the answers of one made-up learner. Your own journal stays as it is."""
    from course.learner import commands

    commands.demo(seed, port=port, browser=not no_browser)


@main.command()
@click.option("--script", type=click.Path(path_type=Path), help="Your own copy of workshop.toml, checked first.")
@click.option(
    "--follow-up",
    type=click.Path(path_type=Path),
    multiple=True,
    help="The file that a room was saved in as data: 25 minutes, four to six weeks later, to see what became of it. "
    "After more than two meetings, name the file of each, the first one first.",
)
@click.option("--long", is_flag=True, help="120 minutes with a break, a thank-you wall and a second rating, not 90.")
@_listening_options("phones", "the same as before")
@click.option("--no-browser", is_flag=True, help="Print the address, and open no browser.")
@click.option("--listen", default="127.0.0.1", help="With --worker: the address at which the proxy comes in.")
@click.option(
    "--worker", default="", help="Be one of several servers that share their rooms, by this name; see DEPLOYING.md."
)
@click.option("--demo", type=click.IntRange(0, 1000), default=0, help="How many made-up phones to rehearse with.")
@click.option("--new", "is_new", is_flag=True, help="Open a new room, and ask nothing about one that is still open.")
@click.option(
    "--keep-days",
    type=click.IntRange(0, 7),
    help="For how many days what was shown is kept after the close; 7 without it.",
)
def workshop(
    script: Path | None,
    follow_up: tuple[Path, ...],
    long: bool,
    port: int | None,
    public_address: str | None,
    certfile: str | None,
    keyfile: str | None,
    name: str,
    no_browser: bool,
    listen: str,
    worker: str,
    demo: int,
    is_new: bool,
    keep_days: int | None,
) -> None:
    """Run the workshop “Trust in this room” with phones: opens the facilitator's console."""
    from course.learner.commands import offer_workshop_starter
    from course.others.overdue import rounds_beside_sessions
    from course.workshop import commands

    def leave_starter() -> None:
        if not (demo or no_browser):
            offer_workshop_starter()

    listening = commands.ListenOptions(port, certfile, keyfile, name, public_address, proxy_at=listen)
    if worker:
        from course.workshop.worker import run_worker

        run_worker(worker, listening, (rounds_beside_sessions,))
        return
    commands.workshop(
        script, follow_up, long, listening, not no_browser, demo, is_new, leave_starter, keep_days,
        () if demo else (rounds_beside_sessions,),
    )  # fmt: skip


@main.group()
def others() -> None:
    """Ask people how they see your habits: “How others see me”."""


@others.command()
@click.option("--address", default="", help="The address of this computer that raters open; without it, the likeliest.")
@_listening_options("raters", "8870")
def host(
    address: str, port: int | None, public_address: str | None, certfile: str | None, keyfile: str | None, name: str
) -> None:
    """Let people make rounds on this computer, and raters answer in them, until Ctrl-C.

    Whoever runs this could read the answers of rounds that are open: it is for somebody whom all of them trust, and
    not for the person who is rated.
    """
    from course.others import commands
    from course.workshop.commands import ListenOptions

    commands.host(ListenOptions(port, certfile, keyfile, name, public_address), address)


@others.command()
@click.argument("folder", default=".", type=click.Path(path_type=Path))
def form(folder: Path) -> None:
    """Write the forms to print, and an empty table for who counts them, into FOLDER; without it, into this one."""
    from course.learner import others as printed

    sys.exit(printed.form(folder))


@others.command()
@click.argument("table", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Keep the result without asking.")
def add(table: Path, yes: bool) -> None:
    """Add the result of printed forms to your journal, from the TABLE of the person who counted them.

    Averages and middle halves are kept, and nothing of fewer than five forms. Let the person who counted run this.
    """
    from course.learner import others as printed

    sys.exit(printed.add(table, yes=yes))


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
    from course.web.site import build_and_say

    sys.exit(build_and_say(folder))


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


for command in COMMANDS:
    main.add_command(command)
