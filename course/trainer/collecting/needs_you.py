"""`course needs-you`: the hand-ins that wait for a trainer to say whose they are, and the decision on one."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict

import click

from course.content import trainer_words
from course.core.errors import BadLearnerId, CannotMark
from course.trainer.collecting.decisions import NOBODY, read_decisions, write_decision
from course.trainer.collecting.inbox import identify_submissions
from course.trainer.collecting.roster import Roster
from course.trainer.command_support import single_instance
from course.trainer.course_directory import Coursework
from course.trainer.next_steps import after_deciding
from course.trainer.summary import UndecidedHandIn
from course.trainer.terminal_tables import SummaryTable, print_tables

BUSY = "This folder is being collected already."


def waiting_hand_ins(coursework: Coursework, roster: Roster) -> list[UndecidedHandIn]:
    """Return every hand-in in the inbox of which a person has to say whose it is; nothing is stored."""
    if not coursework.inbox.is_dir():
        return []
    return [item for item in identify_submissions(coursework, roster) if isinstance(item, UndecidedHandIn)]


def decide(coursework: Coursework, roster: Roster, item: str, learner: str) -> None:
    """Keep a decision, which the next collect follows; NOBODY sets the hand-in aside.

    Raises CannotMark where no such hand-in waits, and BadLearnerId for somebody who is not in the gradebook.
    """
    with single_instance("collect", coursework.root, BUSY):
        known = {waiting.item for waiting in waiting_hand_ins(coursework, roster)}
        if item not in known | read_decisions(coursework.root).keys():
            raise CannotMark(trainer_words("needs-you.unknown", item=item), trainer_words("needs-you.unknown-hint"))
        decided = NOBODY if learner == NOBODY else _known_id(roster, learner)
        write_decision(coursework.root, item, decided)


def _known_id(roster: Roster, text: str) -> str:
    """Return the id that a person typed, perhaps in other letters or as an address."""
    found = [text] if text in roster.people else [id for id in roster.people if roster.means(text, id)]
    if len(found) != 1:
        raise BadLearnerId(trainer_words("needs-you.no-learner", learner=text), trainer_words("needs-you.add"))
    return found[0]


def read_roster(coursework: Coursework) -> Roster:
    """Return who is in the gradebook."""
    with coursework.read_gradebook() as gradebook:
        return Roster.read(gradebook)


def run(item: str, learner: str, *, nobody: bool, as_json: bool) -> int:
    """Show what waits here, or decide on one; return the exit code: 1 where something still waits."""
    coursework = Coursework.here()
    roster = read_roster(coursework)
    if item:
        decide(coursework, roster, item, NOBODY if nobody else learner)
    waiting = waiting_hand_ins(coursework, roster)
    if as_json:
        sys.stdout.write(json.dumps({"command": "needs-you", "waiting": [asdict(one) for one in waiting]}) + "\n")
    else:
        _print(waiting, decided=bool(item))
    return int(bool(waiting))


def _print(waiting: Sequence[UndecidedHandIn], *, decided: bool) -> None:
    from rich.console import Console

    if decided:
        click.echo(trainer_words("needs-you.decided"))
    if not waiting:
        click.echo(trainer_words("needs-you.nothing"))
        for step in after_deciding() if decided else ():
            click.echo(step)
        return
    console = Console(highlight=False)
    columns = tuple(trainer_words(f"needs-you.{key}") for key in ("item", "file", "exercise", "why", "candidates"))
    rows = tuple((one.item, one.name, one.exercise, one.doubt, candidate_words(one)) for one in waiting)
    print_tables(console, [SummaryTable(trainer_words("needs-you.title"), columns, rows)])
    click.echo(trainer_words("needs-you.how"))


def candidate_words(waiting: UndecidedHandIn) -> str:
    """Return who it could be, each with what speaks for them."""
    return "; ".join(f"{candidate.learner}: {candidate.reason}" for candidate in waiting.candidates) or "–"
