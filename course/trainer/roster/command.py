"""`course roster FILE`: show what a table of people changes, ask, and write it."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

import click

from course.content import trainer_words
from course.core.errors import BadContent
from course.core.text_files import printable
from course.trainer.collecting.roster import RosterEntry
from course.trainer.command_support import no_such_file, single_instance
from course.trainer.course_directory import Coursework
from course.trainer.next_steps import after_roster
from course.trainer.roster.changes import ChangedPerson, RosterChanged, RosterPlan, apply_roster, plan_roster
from course.trainer.roster.people_table import UnreadablePeople
from course.trainer.terminal_tables import SummaryTable, print_tables

BUSY: Final = "The roster is being changed already."
_MOST_NEW: Final = 30
"""How many new people are shown one by one; the others are counted, and as JSON all are there."""


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
            with single_instance("roster", coursework.root, BUSY):
                apply_roster(coursework, plan)
        except RosterChanged:
            click.echo(trainer_words("roster.stale"), err=True)
            return 1
    _show_end(plan, file, written=written, as_json=as_json)
    if written and not as_json:
        for step in after_roster(coursework, is_anybody_new=bool(plan.added)):
            click.echo(step)
    return 0 if written or not plan.writes else 1


def print_plan(plan: RosterPlan) -> None:
    """Print who is new, what changes, and who is not in the table."""
    from rich.console import Console
    from rich.markup import escape

    console = Console(highlight=False)
    first, *last = plan_sentences(plan)
    console.print(escape(printable(first)))
    print_tables(console, plan_tables(plan))
    for sentence in last:
        console.print(escape(printable(sentence)))


def plan_sentences(plan: RosterPlan) -> list[str]:
    """Return what is said of a plan: where the ids come from, then how many change, and what to look at."""
    numbers = {"added": plan.added, "changed": plan.changed, "gone": plan.gone, "removed": plan.removed}
    counts = {name: len(people) for name, people in numbers.items()}
    source = trainer_words("roster.source", column=plan.id_column)
    return [source, trainer_words("roster.counts", same=plan.same, **counts), *plan.notes]


def plan_tables(plan: RosterPlan) -> list[SummaryTable]:
    """Return who is new, what changes, and who is not in the table; no table without rows."""
    stays = [person for person in plan.gone if person not in plan.removed]
    groups = (("added", plan.added), ("removed", plan.removed), ("gone", stays))
    tables = [_people_table(key, people) for key, people in groups if people]
    return [*tables, *([_changes_table(plan.changed)] if plan.changed else [])]


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        raise no_such_file(file) from None
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


def _people_table(key: str, people: Sequence[RosterEntry]) -> SummaryTable:
    """Return a table of people; of many new ones, the first."""
    shown = people[:_MOST_NEW] if key == "added" else people
    rows = [(person.id, f"{person.first} {person.last}".strip(), person.email, person.number) for person in shown]
    if rest := len(people) - len(shown):
        rows.append(("", trainer_words("summary.more", n=rest), "", ""))
    return _table(key, ("name", "email", "number"), rows)


def _changes_table(changes: Sequence[ChangedPerson]) -> SummaryTable:
    return _table("changed", ("change",), [(change.after.id, _change_words(change)) for change in changes])


def _change_words(change: ChangedPerson) -> str:
    nothing = trainer_words("roster.nothing")
    pairs = [trainer_words("roster.from-to", old=old or nothing, new=new or nothing) for old, new in change.parts]
    return ", ".join(pairs)


def _table(key: str, parts: Sequence[str], rows: Sequence[tuple[str, ...]]) -> SummaryTable:
    columns = tuple(trainer_words(f"roster.part-{part}") for part in ("id", *parts))
    return SummaryTable(trainer_words(f"roster.{key}"), columns, tuple(rows))
