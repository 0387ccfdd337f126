"""`course roster FILE`: show what a table of people changes, ask, and write it."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from course.content import trainer_words
from course.core.errors import BadContent
from course.trainer.collecting.roster import RosterEntry
from course.trainer.command_support import single_instance
from course.trainer.course_directory import Coursework
from course.trainer.roster.changes import ChangedPerson, RosterChanged, RosterPlan, apply_roster, plan_roster
from course.trainer.roster.people_table import UnreadablePeople
from course.trainer.summary import printable

if TYPE_CHECKING:
    from rich.table import Table

_BUSY: Final = "The roster is being changed already."


def run(file: Path, *, id_column: str, remove: bool, yes: bool, as_json: bool) -> int:
    """Show what a table changes, and write it once that is confirmed; return the command's exit code.

    It is 1 where the table has problems, and where nothing was written because nobody confirmed it.
    """
    coursework = Coursework.here()
    try:
        plan = plan_roster(coursework, _read(file), id_column=id_column, remove=remove)
    except UnreadablePeople as error:
        _show_problems(file, error, as_json=as_json)
        return 1
    if not as_json:
        print_plan(plan)
    written = plan.writes and (yes or _is_confirmed(as_json=as_json))
    if written:
        try:
            with single_instance("roster", coursework.root, _BUSY):
                apply_roster(coursework, plan)
        except RosterChanged:
            click.echo(trainer_words("roster.stale"), err=True)
            return 1
    _show_end(plan, file, written=written, as_json=as_json)
    return 0 if written or not plan.writes else 1


def print_plan(plan: RosterPlan) -> None:
    """Print who is new, what changes, and who is not in the table."""
    from rich.console import Console
    from rich.markup import escape

    console = Console(highlight=False)
    console.print(escape(trainer_words("roster.source", column=printable(plan.id_column))))
    stays = [person for person in plan.gone if person not in plan.removed]
    for key, people in (("added", plan.added), ("removed", plan.removed), ("gone", stays)):
        if people:
            console.print(_people_table(key, people))
    if plan.changed:
        console.print(_changes_table(plan.changed))
    numbers = {"added": plan.added, "changed": plan.changed, "gone": plan.gone, "removed": plan.removed}
    counts = {name: len(people) for name, people in numbers.items()}
    console.print(trainer_words("roster.counts", same=plan.same, **counts))
    for note in plan.notes:
        console.print(escape(printable(note)))


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise BadContent(f"{file} cannot be read: {reason}.", "Look at the file, and give the command again.") from None


def _is_confirmed(*, as_json: bool) -> bool:
    return not as_json and sys.stdin.isatty() and click.confirm(trainer_words("roster.confirm"))


def _show_problems(file: Path, error: UnreadablePeople, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"command": "roster", "problems": error.problems, "written": False}))
        return
    click.echo(trainer_words("roster.problems", file=file), err=True)
    for problem in error.problems:
        click.echo(printable(problem), err=True)


def _show_end(plan: RosterPlan, file: Path, *, written: bool, as_json: bool) -> None:
    if as_json:
        names = ("added", "changed", "gone", "removed")
        lists = {name: [asdict(row) for row in getattr(plan, name)] for name in names}
        fields = {"command": "roster", "id_column": plan.id_column, **lists, "same": plan.same}
        click.echo(json.dumps({**fields, "notes": list(plan.notes), "written": written}, indent=1))
    elif written:
        number = len(plan.before) + len(plan.added) - len(plan.removed)
        click.echo(trainer_words("roster.written", n=number))
    elif plan.writes:
        click.echo(trainer_words("roster.not-confirmed", file=file), err=True)
    else:
        click.echo(trainer_words("roster.no-change"))


def _people_table(key: str, people: Sequence[RosterEntry]) -> Table:
    table = _table(key, "name", "email", "number")
    for person in people:
        name = f"{person.first} {person.last}".strip()
        table.add_row(*map(_cell, (person.id, name, person.email, person.number)))
    return table


def _changes_table(changes: Sequence[ChangedPerson]) -> Table:
    table = _table("changed", "change")
    nothing = trainer_words("roster.nothing")
    for change in changes:
        parts = [trainer_words("roster.from-to", old=old or nothing, new=new or nothing) for old, new in change.parts]
        table.add_row(_cell(change.after.id), _cell(", ".join(parts)))
    return table


def _table(key: str, *parts: str) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(title=trainer_words(f"roster.{key}"), title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for part in ("id", *parts):
        table.add_column(trainer_words(f"roster.part-{part}"), overflow="fold")
    return table


def _cell(text: str) -> str:
    from rich.markup import escape

    return str(escape(printable(text)))
