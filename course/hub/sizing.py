"""How large a Hub has to be: memory, processor time and disk for so many learners, from costs that were measured.

`python -m course.hub.sizing` prints a table; `make sizing` does so too. Whoever plans a Hub changes the assumptions.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import re
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import click

GB: Final = 1024**3
LEARNERS: Final = (1_000, 100_000, 1_500_000)
"""For how many learners the table is made."""
REFERENCE: Final = 0.177
"""What `reference_seconds()` returned on the machine that the costs were measured on, when nothing else ran there."""
_TIMES: Final = 7


@dataclass(frozen=True)
class Costs:
    """What one of each thing costs, measured on one machine of two cores in November 2026.

    On that machine `reference_seconds()` was REFERENCE. Other cores are as much faster or slower as it is there.
    """

    server_start: float = 2.1
    """Processor seconds until a learner's server answers."""
    lesson: float = 0.44
    """Processor seconds of a kernel and the cards of one lesson."""
    server_memory: int = 241 * 1024**2
    """Bytes of a server with a lesson and a chart open (proportional set size)."""
    learner_disk: int = 512 * 1024
    """Bytes of a working copy and a journal."""
    handed_in: int = 60 * 1024
    """Bytes of a hand-in and what marking makes of it."""
    gradebook: int = 8 * 1024
    """Bytes of the rows of a learner and an exercise in the gradebook."""
    marking: float = 0.0048
    """Processor seconds of marking one hand-in, of which `saving` are one after another."""
    saving: float = 0.0006
    """Processor seconds of a hand-in that only one process of a gradebook can spend at a time."""


@dataclass(frozen=True)
class Assumptions:
    """What is taken for granted of the people; each can be given to the command by its name."""

    at_once: float = 0.01
    """Which share of all learners has a server at the busiest moment."""
    visits: float = 20
    """How often a learner opens the course, from its beginning to its end."""
    lessons: float = 24
    """How many lessons and exercises a learner opens, those that are opened again counted again."""
    exercises: float = 8
    """How many exercises a learner hands in."""
    starts_per_minute: float = 0.2
    """At the busiest moment, which share of the servers there starts within one minute."""
    cohort: float = 200
    """How many learners share a gradebook."""
    speed: float = 1
    """How many times as fast a core is as the one that the costs were measured on; `--measure-speed` says it."""
    spare: float = 0.25
    """How much more memory and processor than that is there, for what nobody foresees."""


@dataclass(frozen=True)
class Sizing:
    """What so many learners need."""

    learners: int
    servers: int
    """At the busiest moment."""
    memory: float
    """Bytes at the busiest moment, with what is spare."""
    cores: float
    """At the busiest moment, with what is spare."""
    processor: float
    """Processor seconds of the whole course, learners and marking together."""
    disk: float
    """Bytes."""
    gradebooks: int
    gradebook: float
    """Bytes of all gradebooks together."""
    marking: float
    """Processor seconds of marking everything once."""
    wait: float
    """Seconds that the largest gradebook takes at least for one exercise, on however many machines."""


def sizing(learners: int, assumptions: Assumptions | None = None, costs: Costs | None = None) -> Sizing:
    """Return what so many learners need."""
    people, cost = assumptions or Assumptions(), costs or Costs()
    servers = max(1, round(learners * people.at_once))
    more = 1 + people.spare
    whole_course = people.visits * cost.server_start + people.lessons * cost.lesson  # of one learner, in seconds
    busiest = servers * people.starts_per_minute / 60 * whole_course / people.visits
    hand_ins = learners * people.exercises
    working = learners * whole_course / people.speed
    marking = hand_ins * cost.marking / people.speed
    return Sizing(
        learners=learners,
        servers=servers,
        memory=servers * cost.server_memory * more,
        cores=busiest * more / people.speed,
        processor=working + marking,
        disk=learners * cost.learner_disk + hand_ins * cost.handed_in,
        gradebooks=-(-learners // max(1, round(people.cohort))),
        gradebook=hand_ins * cost.gradebook,
        marking=marking,
        wait=min(learners, people.cohort) * cost.saving / people.speed,
    )


def rows(all_sizings: Sequence[Sizing]) -> list[list[str]]:
    """Return the table, its first row with the names of the columns."""
    names = ["Learners", *(f"{each.learners:,}" for each in all_sizings)]
    lines = {
        "Servers at the busiest moment": lambda each: f"{each.servers:,}",
        "Memory for them": lambda each: _bytes(each.memory),
        "Cores for them": lambda each: f"{each.cores:,.1f}",
        "Processor hours for the whole course": lambda each: f"{each.processor / 3600:,.0f}",
        "Disk": lambda each: _bytes(each.disk),
        "Gradebooks, one a cohort": lambda each: f"{each.gradebooks:,}",
        "Disk of the gradebooks": lambda each: _bytes(each.gradebook),
        "Processor hours of marking everything": lambda each: f"{each.marking / 3600:,.1f}",
        "Seconds of marking one exercise of a cohort, at least": lambda each: f"{each.wait:,.1f}",
    }
    return [names, *([name, *map(line, all_sizings)] for name, line in lines.items())]


def _bytes(number: float) -> str:
    return f"{number / GB:,.1f} GB" if number < 1000 * GB else f"{number / GB / 1024:,.1f} TB"


def as_markdown(table: Sequence[Sequence[str]]) -> str:
    """Return a table as it stands in DEPLOYING.md, which is easy to read in a terminal too."""
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = [[f"{row[0]:<{widths[0]}}", *map(str.rjust, row[1:], widths[1:])] for row in table]
    rule = ["-" * widths[0], *(f"{'-' * (width - 1)}:" for width in widths[1:])]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [lines[0], rule, *lines[1:]])


def reference_seconds() -> float:
    """Return the processor seconds of a fixed piece of work in Python, the median of some runs: how fast a core is."""
    return statistics.median(_reference_work() for _ in range(_TIMES))


def _reference_work() -> float:
    table = {str(number): [number, str(number)] for number in range(2_000)}
    before = time.process_time()
    for _ in range(80):
        text = json.dumps(table)
        re.sub(r"\d+", lambda found: found.group()[::-1], text)
        json.loads(text)
    return time.process_time() - before


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table for the assumptions that were given, and the assumptions."""
    parser = argparse.ArgumentParser(prog="python -m course.hub.sizing", description="How large a Hub has to be.")
    parser.add_argument("learners", nargs="*", type=int, default=LEARNERS, help="for how many learners")
    for assumption in dataclasses.fields(Assumptions):
        option = f"--{assumption.name.replace('_', '-')}"
        parser.add_argument(option, type=float, default=assumption.default, metavar="NUMBER")
    parser.add_argument("--measure-speed", action="store_true", help="say how fast a core of this machine is, and end")
    chosen = vars(parser.parse_args(arguments))
    learners = chosen.pop("learners")
    if chosen.pop("measure_speed"):
        click.echo(f"For machines like this one: --speed {REFERENCE / reference_seconds():.2f}")
        return
    assumptions = Assumptions(**chosen)
    click.echo(as_markdown(rows([sizing(number, assumptions) for number in learners])))
    click.echo("\nAssumptions, each to be changed with an option:")
    for name, value in dataclasses.asdict(assumptions).items():
        click.echo(f"  --{name.replace('_', '-')} {value:g}")


if __name__ == "__main__":
    main()
