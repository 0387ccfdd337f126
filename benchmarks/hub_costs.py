"""What learners cost a Hub's processor, measured with a real Hub and real users, beside what `make sizing` reckons."""

from __future__ import annotations

import os
import pwd
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import psutil

from benchmarks.hub_marking import MarkingRun
from course.core.notebooks import material, read_notebook
from course.hub.sizing import REFERENCE, Costs, reference_seconds
from tests.hub.cohorts import EVERYBODY, HubOfCohorts, hub_of_cohorts

LESSONS: Final = ("starting-point", "two-questions", "listening")
"""The lessons that each learner opens, one after another."""
WANTED: Final = 25
"""Per cent by which the two may differ."""


def spent(names: tuple[str, ...]) -> float:
    """Return the processor seconds of people's servers, with all that these started and that has ended or runs."""
    users = {pwd.getpwnam(name).pw_uid for name in names}
    times = []
    for process in psutil.process_iter():
        try:
            if process.uids().real in users:
                times.append(process.cpu_times())
        except psutil.NoSuchProcess:
            continue
    return sum(each.user + each.system + each.children_user + each.children_system for each in times)


def open_lesson(cohorts: HubOfCohorts, name: str, lesson: str) -> None:
    """Have a learner's server run all cells of a lesson in a kernel of its own, as its page does."""
    notebook = read_notebook(material() / "notebooks" / f"{lesson}.ipynb")
    cells = [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code"]
    cohorts.learner(name).execute("\n".join(cells), folder="notebooks")


def main(marking: MarkingRun) -> None:
    """Measure and print."""
    if os.geteuid() != 0:
        print("\nWhat learners cost a Hub: this makes users, so it needs root and is left out.")
        return
    cost, people = Costs(), EVERYBODY
    speed = REFERENCE / reference_seconds()
    with hub_of_cohorts() as cohorts, ThreadPoolExecutor(2) as pool:
        list(pool.map(cohorts.learner, people))
        started = spent(people)
        for lesson in LESSONS:
            list(pool.map(lambda name, lesson=lesson: open_lesson(cohorts, name, lesson), people))
        opened = spent(people) - started
    lines = [
        (f"start of {len(people)} servers", started, len(people) * cost.server_start / speed),
        (f"{len(LESSONS)} lessons of each", opened, len(people) * len(LESSONS) * cost.lesson / speed),
        (f"marking {marking.people} hand-ins", marking.processor, marking.people * cost.marking / speed),
    ]
    lines.append(("together", sum(each[1] for each in lines), sum(each[2] for each in lines)))
    print(f"\nA core here is {speed:.2f} times as fast as the one that the costs were measured on")
    print(f"{'Processor seconds':<28}{'measured':>10}{'reckoned':>10}{'difference':>12}")
    for name, measured, reckoned in lines:
        print(f"{name:<28}{measured:>10.1f}{reckoned:>10.1f}{100 * (measured / reckoned - 1):>+11.0f}%")
    print(f"Wanted: no more than {WANTED} % apart, together")
