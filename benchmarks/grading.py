"""How long a trainer's commands take: nbgrader's own and the course's, in turn, on the same hand-ins.

Each command is a process of its own, start included, with bytecode compiled. Stock marking takes minutes, so it is
measured at 30 hand-ins; where it is held against many, its start is taken off, which is in its favour.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from benchmarks import daily, feedback
from benchmarks.moved_aside import move_aside
from benchmarks.stock import stock_settings
from benchmarks.synthetic_submissions import write_submissions

ROOT = Path(__file__).parent.parent
SLUG = "two-questions"
COPIED = (
    "course",
    "benchmarks",
    "exercises",
    "source",
    "notebooks",
    "nbgrader_config.py",
    "pyproject.toml",
    "README.md",
)
FEW, MANY, CROWD, MOST = 30, 300, 1000, 3000


class Sizes(NamedTuple):
    """How many hand-ins there are in each course directory."""

    few: int
    many: int
    crowd: int
    most: int


class BenchedCourse:
    """A course directory with submissions, in a folder of its own."""

    def __init__(self, folder: Path, people: int) -> None:
        self.root, self.people = folder / f"course-{people}", people
        (folder / "home").mkdir(parents=True, exist_ok=True)
        self.environment = {
            "HOME": str(folder / "home"),
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.defpath]),
            "PYTHONPATH": str(self.root),
            "LANG": "C.UTF-8",
        }
        for name in COPIED:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            self.root.mkdir(exist_ok=True)
            copy(ROOT / name, self.root / name)
        (self.root / "tests").mkdir()
        self.run([sys.executable, "-m", "nbgrader", "generate_assignment", SLUG, "--force"])
        shutil.copy(self.root / "gradebook.db", folder / "empty.db")
        write_submissions(self.root, SLUG, people)
        self.empty = folder / "empty.db"

    def clear(self) -> None:
        """Put what marking made out of the way."""
        move_aside(self.root / "autograded")
        shutil.copy(self.empty, self.root / "gradebook.db")

    def run(self, line: list[str]) -> tuple[float, float]:
        """Run one command and return its seconds and its largest memory in megabytes."""
        with tempfile.TemporaryFile() as output:
            start = time.perf_counter()
            process = subprocess.Popen(line, cwd=self.root, env=self.environment, stdout=output, stderr=output)
            _, status, usage = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - start
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                output.seek(0)
                raise RuntimeError(f"{' '.join(line)}\n{output.read().decode(errors='replace')}")
        return seconds, usage.ru_maxrss / 1024

    def mark(self, *how: str) -> tuple[float, float]:
        """Mark everything with the course's command, from nothing."""
        self.clear()
        return self.run([sys.executable, "-m", "course", "grade", SLUG, *how])

    def mark_stock(self) -> tuple[float, float]:
        """Mark everything with nbgrader's command as it comes; return all its seconds, and those of its start."""
        self.clear()
        line = [sys.executable, "-m", "nbgrader", "autograde", SLUG]
        with stock_settings(self.root):
            seconds, _ = self.run(line)
            start, _ = self.run(line)  # all is marked: it looks, and has nothing to do
        return seconds, start

    def marks(self) -> list[tuple[str, str, float | None]]:
        """Return every mark that was given."""
        from nbgrader.api import Gradebook

        with Gradebook(f"sqlite:///{self.root / 'gradebook.db'}", "building-trust") as gradebook:
            books = [book for row in gradebook.assignment_submissions(SLUG) for book in row.notebooks]
            return sorted((book.student.id, grade.name, grade.auto_score) for book in books for grade in book.grades)


def figures(runs: int, folder: Path, sizes: Sizes) -> dict[str, list[float]]:
    """Return the seconds of each command in each run, and look that all give the same marks."""
    small, large, crowd = (BenchedCourse(folder, people) for people in (sizes.few, sizes.many, sizes.crowd))
    values: dict[str, list[float]] = {}

    def note(name: str, value: float) -> None:
        values.setdefault(name, []).append(value)
        sys.stderr.write(f"{name}: {value:.2f}\n")

    done = BenchedCourse(folder / "memory", sizes.few)
    for name, megabytes in _memory(done).items():
        note(f"memory of {name}, few", megabytes)
    for _ in range(runs):
        seconds, start = small.mark_stock()
        stock = small.marks()
        note("stock", seconds)
        note("stock start", start)
        note("few", small.mark("--jobs", "1")[0])
        if small.marks() != stock:
            raise RuntimeError("The course's marks are not nbgrader's.")
        for name, course in (("many", large), ("crowd", crowd)):
            note(f"{name}, two processes", course.mark("--jobs", "2")[0])
            in_two = course.marks()
            note(f"{name}, one process", course.mark("--jobs", "1")[0])
            if course.marks() != in_two or [mark for mark in in_two if int(mark[0][-4:]) <= sizes.few] != stock:
                raise RuntimeError("One process and two do not give the same marks.")
        for whose, value in feedback.measure(large.root, SLUG, sizes.many, large.environment).items():
            note(f"feedback, {whose}", value)
        daily.idle(done, note)
        note("roster", daily.roster(done, folder))
    for name, megabytes in _memory(BenchedCourse(folder / "memory", sizes.most)).items():
        note(f"memory of {name}, most", megabytes)
    return values


def _memory(course: BenchedCourse) -> dict[str, float]:
    daily.write_inbox(course.root, SLUG)
    return daily.memory(course)


def report(values: Mapping[str, list[float]], sizes: Sizes) -> list[str]:
    """Return the lines to print: medians and ratios."""
    middle = {name: statistics.median(runs) for name, runs in values.items()}
    few, many, crowd, most = sizes
    each = (middle["stock"] - middle["stock start"]) / few
    one, two = middle["many, one process"], middle["many, two processes"]
    pages = middle["feedback, stock"] - middle["feedback, start"]
    return [
        f"nbgrader autograde, {few} hand-ins: {middle['stock']:.1f} s, {middle['stock start']:.1f} s of it its start",
        f"course grade, {few} hand-ins: {middle['few']:.1f} s, {middle['stock'] / middle['few']:.1f} times faster",
        f"a hand-in of {many}, start included: {one / many * 1000:.1f} ms in one process,"
        f" {two / many * 1000:.1f} ms in two",
        f"  nbgrader without its start: {each * 1000:.0f} ms:"
        f" {each / one * many:.1f} and {each / two * many:.1f} times as long",
        f"two processes: {one / two:.2f} times as fast as one at {many},"
        f" {middle['crowd, one process'] / middle['crowd, two processes']:.2f} times at {crowd}",
        f"feedback, {many} pages: nbgrader {middle['feedback, stock']:.1f} s,"
        f" the course {middle['feedback, ours']:.1f} s;"
        f" without nbgrader's start {pages / middle['feedback, ours']:.1f} times faster",
        *(
            f"course {name} with nothing to do: {share:.0%} of nbgrader --version"
            for name in daily.COMMANDS
            if (share := middle[f"{name} with nothing to do"] / middle[f"nbgrader --version beside {name}"])
        ),
        f"course roster, {daily.ROSTER} people: {middle['roster']:.1f} s",
        *(
            f"memory of course {name}: {middle[f'memory of {name}, few']:.0f} MB at {few},"
            f" {middle[f'memory of {name}, most']:.0f} MB at {most}"
            for name in daily.COMMANDS
        ),
        "All marks were the same.",
    ]


def main() -> None:
    """Print how long marking, feedback and the other commands of a trainer take."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    names = ("FEW", "MANY", "CROWD", "MOST")
    parser.add_argument("--sizes", type=int, nargs=4, default=[FEW, MANY, CROWD, MOST], metavar=names)
    options = parser.parse_args()
    sizes = Sizes(*options.sizes)
    with tempfile.TemporaryDirectory() as folder:
        values = figures(options.runs, Path(folder), sizes)
    print(f"{options.runs} runs, medians, {os.cpu_count()} cores, Python {sys.version.split()[0]}, bytecode compiled")
    print("\n".join(report(values, sizes)))


if __name__ == "__main__":
    main()
