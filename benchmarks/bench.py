"""Print how long things take a learner: the median of at least five runs each, after one that does not count.

At the end stands what twelve pages cost, beside what they cost with version 0.1.0.

`make bench` runs it, on the notebooks of this folder, in an empty home that is gone afterwards.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.pages_in_turn import work_through
from course.authoring.notebook_page import find_notebooks
from course.content.lessons import lessons
from course.content.scales import VERSION, find_scale, instrument_version
from course.core import notebooks

ROOT = Path(__file__).parent.parent
LESSON = "starting-point"


@contextlib.contextmanager
def new_home() -> Iterator[Path]:
    """Make an empty home, and have this process and all it starts live in it."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(HOME=folder, IPYTHONDIR=f"{folder}/.ipython", JUPYTER_RUNTIME_DIR=f"{folder}/runtime")
        # Compiled code is kept, as it is for a learner.
        for name in [*os.environ]:
            if name.startswith(("BUILDING_TRUST_", "XDG_")) or name == "PYTHONDONTWRITEBYTECODE":
                del os.environ[name]
        rate_everything(5)
        yield Path(folder)


def rate_everything(rating: int) -> float:
    """Keep a whole first rating in the journal, so that charts have something to draw; return the seconds it took."""
    from course.records.journal import Journal

    codes = [item.code for scale in ("habits", "pulse") for item in find_scale(scale).items]
    began = time.perf_counter()
    Journal().page(LESSON).save("start", {**dict.fromkeys(codes, rating), VERSION: instrument_version()})
    return time.perf_counter() - began


def measure(what: str, once: Callable[[], float], runs: int) -> None:
    """Run something once for nothing and then `runs` times, and print the median."""
    once()
    times = [once() for _ in range(runs)]
    print(f"{what:<58} {statistics.median(times):7.3f} s   ({min(times):.3f} to {max(times):.3f})", flush=True)


def import_course() -> float:
    """Return the seconds that `import course` takes in a new Python."""
    look = "import time; began = time.perf_counter(); import course; print(time.perf_counter() - began)"
    return float(subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True).stdout)


def code_of(path: Path) -> list[str]:
    """Return the code cells of a notebook."""
    cells = notebooks.read_notebook(path)["cells"]
    return [notebooks.source(cell) for cell in cells if cell["cell_type"] == "code"]


def run_cells(cells: list[str]) -> float:
    """Return the seconds that cells take in a new kernel, from the moment at which it is ready."""
    from jupyter_client.manager import KernelManager

    manager = KernelManager(kernel_name="python3")
    quiet = subprocess.DEVNULL
    manager.start_kernel(cwd=str(ROOT / "notebooks"), stdout=quiet, stderr=quiet)
    client = manager.blocking_client()
    try:
        client.start_channels()
        client.wait_for_ready(timeout=60)
        began = time.perf_counter()
        for cell in cells:
            reply = client.execute_interactive(cell, timeout=60, output_hook=lambda message: None)
            assert reply["content"]["status"] == "ok", reply["content"]
        return time.perf_counter() - began
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def redraw() -> Callable[[], float]:
    """Return a function that changes a rating and returns the seconds until the map is drawn again."""
    from course.charts import Show
    from course.records.journal import Journal

    journal = Journal()
    page, rating = journal.page(LESSON), 3
    with contextlib.redirect_stdout(io.StringIO()):
        Show(journal).map()

    def once() -> float:
        nonlocal rating
        rating = 8 - rating
        answers = dict.fromkeys(page.get("start"), rating)
        began = time.perf_counter()
        page.save("start", answers)
        return time.perf_counter() - began

    return once


def open_lesson(home: Path, runs: int) -> None:
    """Measure the time from opening lesson 0 in a browser to its last chart, each time with a new kernel."""
    from playwright.sync_api import sync_playwright

    from tests.browser.chromium import chromium_path
    from tests.jupyter_server import open_course

    charts = sum("show." in cell for cell in code_of(ROOT / "notebooks" / f"{LESSON}.ipynb"))
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    with open_course(home) as course, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=["--disable-gpu"], chromium_sandbox=not is_root
        )

        def once() -> float:
            page = browser.new_context(locale="en-GB").new_page()
            began = time.perf_counter()
            page.goto(course.notebook(f"notebooks/{LESSON}.ipynb"))
            page.locator('img[src^="data:image/svg"]').nth(charts - 1).wait_for(timeout=90_000)
            seconds = time.perf_counter() - began
            for session in page.request.get(f"{course.base}/api/sessions?token={course.token}").json():
                page.request.delete(f"{course.base}/api/sessions/{session['id']}?token={course.token}")
            page.context.close()
            return seconds

        measure(f"opening lesson 0 in Chromium to its last chart (of {charts})", once, runs)
        browser.close()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="how often each is measured, at least 5")
    runs = max(5, parser.parse_args().runs)
    print(f"Medians of {runs} runs, Python {sys.version.split()[0]}, {os.cpu_count()} cores, compiled code kept\n")
    with new_home() as home:
        measure("import course", import_course, runs)
        first = code_of(ROOT / "notebooks" / f"{LESSON}.ipynb")[:2]
        measure("kernel ready to first card", lambda: run_cells(first), runs)
        slugs = {lesson.key for lesson in lessons()}
        for path in find_notebooks([ROOT / "notebooks"], ROOT):
            if path.stem in slugs:
                cells = code_of(path)
                measure(f"run all of {path.stem} ({len(cells)} cells)", lambda cells=cells: run_cells(cells), runs)
        measure("rating changed to map redrawn", redraw(), runs)
        open_lesson(home, runs)
        print()
        work_through(home)


if __name__ == "__main__":
    main()
