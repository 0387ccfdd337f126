"""Two processes that mark into one gradebook in PostgreSQL, against one, and against a gradebook that is a file.

Each command is a process of its own, start included. Medians of some runs in turn.
"""

from __future__ import annotations

import itertools
import os
import resource
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.grading import SLUG, BenchedCourse
from tests.postgresql import PostgreSQL, running_postgresql

PEOPLE = (1000, 3000)
"""How many hand-ins are marked in one go: the fewer, the more of the time is the start, where two gain nothing."""
WANTED = 1.5
"""How many times as fast two processes are to be as one."""
_SUM = "SELECT count(*), sum(auto_score) FROM grade"


@dataclass(frozen=True)
class MarkingRun:
    """What marking into PostgreSQL with one process cost."""

    people: int
    processor: float
    """In seconds, start included."""


class CourseInPostgreSQL(BenchedCourse):
    """A course directory whose gradebook is a database, with submissions."""

    def __init__(self, folder: Path, people: int, postgresql: PostgreSQL) -> None:
        super().__init__(folder, people)
        self._postgresql, self._empty, self._marks = postgresql, f"empty-{people}", ""
        self._new_databases = (f"marks-{people}-{number}" for number in itertools.count())
        self.environment["BUILDING_TRUST_GRADEBOOK"] = postgresql.new_database(self._empty)
        self.run([sys.executable, "-m", "nbgrader", "generate_assignment", SLUG, "--force"])

    def clear(self) -> None:
        """Put what marking made out of the way, and have another empty database; see `move_aside`."""
        super().clear()
        self._marks = next(self._new_databases)
        self.environment["BUILDING_TRUST_GRADEBOOK"] = self._postgresql.new_database(self._marks, self._empty)

    def given(self) -> list[tuple[object, ...]]:
        """Return how many marks were given, and their sum."""
        return self._postgresql.execute(_SUM, self._marks)


def timed(course: BenchedCourse, jobs: int) -> tuple[float, float]:
    """Return the seconds of marking everything, and the processor's."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds, _ = course.mark("--jobs", str(jobs))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(runs: int) -> MarkingRun:
    """Measure and print; return what the fewest hand-ins cost one process."""
    with tempfile.TemporaryDirectory() as place, running_postgresql() as postgresql:
        fewest, _ = [_measure(runs, people, Path(place) / str(people), postgresql) for people in PEOPLE]
    return fewest


def _measure(runs: int, people: int, place: Path, postgresql: PostgreSQL) -> MarkingRun:
    in_file = BenchedCourse(place / "file", people)
    in_database = CourseInPostgreSQL(place / "database", people, postgresql)
    values: dict[tuple[str, int], list[tuple[float, float]]] = {}
    given = []
    for _ in range(runs):
        for jobs in (1, 2):
            for name, course in (("PostgreSQL", in_database), ("file", in_file)):
                values.setdefault((name, jobs), []).append(timed(course, jobs))
            given.append(in_database.given())
    assert all(marks == given[0] for marks in given), "one process and two do not give the same marks"
    print(f"\nMarking {people} hand-ins of one exercise, {runs} runs in turn, {os.cpu_count()} cores")
    print(f"{'gradebook':<12}{'processes':>10}{'seconds':>10}{'processor s':>13}")
    median = {key: tuple(map(statistics.median, zip(*each, strict=True))) for key, each in values.items()}
    for (name, jobs), (seconds, processor) in median.items():
        known = f"{processor:.2f}" if jobs == 1 else "not known"  # workers are no children of the command's own process
        print(f"{name:<12}{jobs:>10}{seconds:>10.2f}{known:>13}")
    for name in ("PostgreSQL", "file"):
        ratio = median[name, 1][0] / median[name, 2][0]
        wanted = f" (wanted {WANTED})" if name == "PostgreSQL" else ""
        print(f"Two processes are {ratio:.2f} times as fast as one, gradebook {name}{wanted}")
    return MarkingRun(people, median["PostgreSQL", 1][1])


if __name__ == "__main__":
    main(3)
