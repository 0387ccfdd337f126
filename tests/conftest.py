"""What several tests start from.

Every test has an empty home and none of the course's settings (`empty_home`), reaches no machine but this one, and
waits for no disk.
Quick tests run first, those in a browser last.

`checkout`: a copy of this checkout with an empty home, for a test that runs nbgrader's commands in it.
`checkouts`: makes such a copy, for tests that share one.
`web_site`: the folder of the web edition, built once.
"""

from __future__ import annotations

import gc
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hypothesis
import pytest

import hatch_build
from course.core.packages import leave_out_format_parsers
from tests.no_network import sitecustomize as _closed_network  # noqa: F401  # importing it closes the network
from tests.web_site import kept_pyodide, pyodide_cache, web_site  # noqa: F401  # fixtures

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # a shell starts what is behind an & so, and Ctrl-C is tested
    signal.signal(signal.SIGINT, signal.default_int_handler)

leave_out_format_parsers()  # as course/trainer does, also where a test imports nbgrader first

gc.disable()  # until all is collected: hardly anything of it can be thrown away

# A busy machine fails no test, and what is found is printed with the line that repeats it anywhere.
hypothesis.settings.register_profile("course", deadline=None, max_examples=50, print_blob=True)
hypothesis.settings.register_profile("quick", hypothesis.settings.get_profile("course"), max_examples=10)
hypothesis.settings.load_profile("course")  # the quick tests have --hypothesis-profile quick instead

ROOT = Path(__file__).parent.parent
collect_ignore = ["fixtures"]  # what earlier versions made, with the scripts that had them make it
BROWSER = ROOT / "tests" / "browser"
COPIED = ("course", "exercises", "notebooks", "source", "README.md", "nbgrader_config.py", "pyproject.toml")

_RULES, _BUILD = ROOT / hatch_build.TARGET, ROOT / "hatch_build.py"
if not _RULES.exists() or _RULES.stat().st_mtime < _BUILD.stat().st_mtime:  # installed before it came or changed
    hatch_build.write_rules(_RULES)

ANSWER = """
import json, sys
from pathlib import Path
from course import exercise
from course.content.lessons import find_lesson
from course.core import notebooks

slug, given = sys.argv[1], json.loads(sys.argv[2])
ask, mark = exercise(slug, version=find_lesson(slug).version)
cards = {}
ask._show = lambda card: cards.update({card.key: card})
for cell in notebooks.read_notebook(Path(f"{slug}.ipynb"))["cells"]:
    if cell["cell_type"] == "code" and cell["id"] != "setup":
        exec(notebooks.source(cell))
for key, parts in given.items():
    for part, value in parts.items():
        cards[key].set(part, value)
"""
"""Uses the exercise's own cards as its page does, in the folder of the exercise."""


@dataclass
class Checkout:
    """A copy of the checkout, and the home of whoever works in it."""

    root: Path
    home: Path

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a new terminal: nothing of the person who runs the tests."""
        return {
            "HOME": str(self.home),
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.defpath]),
            "PYTHONPATH": os.pathsep.join([str(self.root), str(ROOT / "tests" / "quick_start")]),
            "LANG": "C.UTF-8",
        }

    @property
    def work(self) -> Path:
        """The learner's working copy."""
        return self.home / "building-trust"

    def run(self, line: str, *, fails: bool = False) -> str:
        """Run one line in bash, from the checkout, and return all that it printed."""
        done = subprocess.run(
            ["bash", "-c", line],
            cwd=self.root,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=180,
        )
        assert (done.returncode != 0) is fails, f"{line}\n{done.stdout}"
        return done.stdout

    def nbgrader(self, lines: Sequence[tuple[Path, str]]) -> None:
        """Run many of nbgrader's commands, each in its folder, in one process: starting it takes the longest."""
        done = subprocess.run(
            [sys.executable, "-m", "tests.nbgrader_lines"],
            input="\n".join(f"{folder}\t{command}" for folder, command in lines),
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=1200,
        )
        assert done.returncode == 0, done.stdout[-4000:]

    def answer(self, slug: str, given: Mapping[str, Mapping[str, Any]]) -> None:
        """Answer an exercise in the working copy: by question and part of its card, what a learner gives."""
        subprocess.run(
            [sys.executable, "-c", ANSWER, slug, json.dumps(given)],
            cwd=self.work / "exercises" / slug,
            env=self.environment,
            check=True,
            timeout=60,
        )

    def gradebook(self) -> Any:
        """Open nbgrader's gradebook of this checkout."""
        from nbgrader.api import Gradebook

        return Gradebook(f"sqlite:///{self.root / 'gradebook.db'}", "building-trust")


SLOW_LAST = {"nbgrader": 1, "kernel": 1, "browser": 2}
LONGEST_FIRST = (
    "tests/trainer/roster/test_changes.py",
    "tests/trainer/marking/test_command.py",
    "tests/test_lessons.py",
    "tests/test_every_exercise.py",
    "tests/test_round_trip.py",
    "tests/trainer/test_kills.py",
    "tests/trainer/marking/test_hostile.py",
    "tests/trainer/test_gradebook_errors.py",
    "tests/trainer/feedback/test_command.py",
    "tests/trainer/collecting/test_command.py",
    "tests/trainer/desk/test_worker.py",
    "tests/records/test_submissions.py",
    "tests/trainer/collecting/test_needs_you.py",
    "tests/browser/test_room_sizes.py",
    "tests/browser/test_lessons.py",
    "tests/browser/test_view.py",
    "tests/browser/test_web_pages.py",
    "tests/browser/test_desk.py",
    "tests/browser/test_site.py",
    "tests/browser/test_room_screen.py",
    "tests/browser/test_web_running.py",
    "tests/browser/test_firefox_workshop.py",
    "tests/browser/test_room.py",
    "tests/browser/test_firefox_lesson.py",
    "tests/browser/test_lesson_0.py",
    "tests/browser/test_others_printed.py",
    "tests/browser/test_reading.py",
    "tests/browser/test_room_proxy.py",
    "tests/browser/test_reading_again.py",
    "tests/browser/test_room_injections.py",
    "tests/browser/test_console_clicks.py",
    "tests/browser/test_injections.py",
    "tests/browser/test_report.py",
    "tests/browser/test_whole_round.py",
    "tests/browser/test_room_follow_up.py",
    "tests/browser/test_console_pages.py",
    "tests/browser/test_site_versions.py",
    "tests/browser/test_formgrader.py",
    "tests/browser/test_room_results.py",
    "tests/browser/test_console_walk.py",
    "tests/browser/test_reply.py",
    "tests/browser/test_web_journal.py",
    "tests/browser/test_exchange.py",
    "tests/browser/test_accessibility.py",
    "tests/browser/test_printing.py",
    "tests/browser/test_firefox_console.py",
    "tests/browser/test_card.py",
    "tests/browser/test_keys.py",
    "tests/browser/test_room_phone.py",
    "tests/browser/test_journal.py",
)
"""The files that take longest: one that began last would keep a process waiting for it. All others come after them."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the quick tests first and those in a browser last, and of the slow ones the longest files first.

    Raises UsageError for a test in a browser that `make test` would not find, as it stands elsewhere.
    """
    lost = [item for item in items if item.get_closest_marker("browser") and BROWSER not in item.path.parents]
    if lost:
        raise pytest.UsageError(f"{lost[0].nodeid} needs a browser, and does not stand in tests/browser")
    places = {ROOT / name: place for place, name in enumerate(LONGEST_FIRST)}

    def order(item: pytest.Item) -> tuple[int, int]:
        slow = max((SLOW_LAST.get(mark.name, 0) for mark in item.iter_markers()), default=0)
        return slow, places.get(item.path, len(places)) if slow else 0

    items.sort(key=order)


def pytest_collection_finish() -> None:
    """Keep the garbage collector away from what collecting made, which stays until the end."""
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def no_wait_for_the_disk() -> Iterator[None]:
    """Let no file that is flushed wait for the disk, which takes milliseconds each time, as no test cuts the power.

    Tests still see what is flushed before what. Processes that are started as a person does wait for the disk.
    """

    def flush(handle: int) -> None:
        os.fstat(handle)  # as flushing does, this fails where nothing is open

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", flush)
        yield


@pytest.fixture(scope="session")
def a_home(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Return an empty home each time: the last one again while nothing was put into it."""
    last: list[Path] = []

    def empty() -> Path:
        if not last or not last[0].is_dir() or any(last[0].iterdir()):
            last[:] = [tmp_path_factory.mktemp("home")]
        return last[0]

    return empty


@pytest.fixture(autouse=True)
def empty_home(a_home: Callable[[], Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test an empty home, and nothing of the settings of whoever runs it."""
    home = a_home()
    for name in [*os.environ]:
        if name.startswith(("BUILDING_TRUST_", "JUPYTER", "XDG_", "IPYTHON", "NBGRADER")) and name not in (
            "BUILDING_TRUST_CHROMIUM",
            "BUILDING_TRUST_FIREFOX",
        ):
            monkeypatch.delenv(name)
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(home))
    return home


@pytest.fixture(scope="session")
def checkouts(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Checkout]:
    """Make a copy of this checkout, with an empty home beside it."""

    def copy() -> Checkout:
        folder = tmp_path_factory.mktemp("checkout")
        checkout = Checkout(folder / "checkout", folder / "home")
        checkout.home.mkdir()
        checkout.root.mkdir()
        for name in COPIED:
            if (ROOT / name).is_dir():
                left_out = shutil.ignore_patterns("__pycache__", "answers*.json", "hand-in-*.zip", ".ipynb_checkpoints")
                shutil.copytree(ROOT / name, checkout.root / name, ignore=left_out)
            else:
                shutil.copy(ROOT / name, checkout.root / name)
        return checkout

    return copy


@pytest.fixture
def checkout(checkouts: Callable[[], Checkout]) -> Checkout:
    """Return a copy of this checkout, for this test alone."""
    return checkouts()
