"""How long feedback takes: nbgrader's own command with its own pages, and `course feedback`, on the same hand-ins.

`measure` is called by the marking benchmark with a course directory in which people's hand-ins are marked already.
Both commands run as a person runs them: in a process of their own, start included, with bytecode compiled.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from benchmarks.moved_aside import move_aside
from benchmarks.stock import stock_settings

PAGES = {"stock": "feedback-stock", "ours": "feedback"}


def measure(root: Path, slug: str, people: int, environment: Mapping[str, str]) -> dict[str, float]:
    """Return the seconds that `stock` and `ours` take for all pages of an exercise that `people` handed in.

    What they wrote is counted and put out of the way. `start` has the seconds in which nbgrader alone starts.
    """
    stock = [sys.executable, "-m", "nbgrader", "generate_feedback", slug]
    ours = [sys.executable, "-m", "course", "feedback", slug, "--unread", "--json"]
    with stock_settings(root):
        by_stock = _once(stock, root, PAGES["stock"], slug, people, environment)
        start = _seconds([sys.executable, "-m", "nbgrader", "--version"], root, environment)
    return {"stock": by_stock, "start": start, "ours": _once(ours, root, PAGES["ours"], slug, people, environment)}


def _once(line: list[str], root: Path, pages: str, slug: str, people: int, environment: Mapping[str, str]) -> float:
    """Run one command once and return its seconds."""
    move_aside(root / pages)
    move_aside(root / "feedback-files")
    seconds = _seconds(line, root, environment)
    written = len(list((root / pages).glob(f"*/{slug}/{slug}.html")))
    if written != people:
        raise RuntimeError(f"{' '.join(line)} wrote {written} of {people} pages")
    move_aside(root / pages)
    return seconds


def _seconds(line: list[str], root: Path, environment: Mapping[str, str]) -> float:
    inherited = {name: value for name, value in environment.items() if name != "PYTHONDONTWRITEBYTECODE"}
    began = time.perf_counter()
    done = subprocess.run(
        line, cwd=root, env={**inherited, "PYTHONPATH": str(root)}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(line)}\n{done.stdout}{done.stderr}")
    return time.perf_counter() - began


def main(root: Path, slug: str, runs: int = 5) -> None:
    """Print the medians for a course directory in which an exercise is marked."""
    import statistics

    people = len(list((root / "autograded").glob(f"*/{slug}/{slug}.ipynb")))
    times = [measure(root, slug, people, os.environ) for _ in range(runs)]
    stock, start, ours = (statistics.median(run[name] for run in times) for name in ("stock", "start", "ours"))
    print(f"{people} pages: stock {stock:.2f} s, ours {ours:.2f} s, {(stock - start) / ours:.1f} times as fast")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), sys.argv[2], *(int(runs) for runs in sys.argv[3:4]))
