"""With nothing to do, a command is soon through: it imports nothing heavy, and says what nbgrader's way would say."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.conftest import Checkout
from tests.trainer.course_directories import SLUG, release
from tests.trainer.submissions import contents, drop, hand_in

pytestmark = pytest.mark.nbgrader

HEAVY = ("nbgrader", "nbconvert", "nbformat", "sqlalchemy", "numpy", "pandas", "scipy", "matplotlib", "IPython")
COMMANDS = ("collect", "grade", "feedback --unread", "feedback", "report")
TIME = "2026-11-22 12:01:02.345678 UTC"
PROBE = """
import sys
from course.cli import main

try:
    main(sys.argv[1:])
finally:
    print([name for name in %r if name in sys.modules])
""" % (HEAVY,)  # noqa: UP031  # the braces of an f-string would be the program's
LEFT_TO_NBGRADER = """
import sys
from course.trainer import course_directory
from course.trainer.collecting import command as collect
from course.trainer.feedback import deliver
from course.trainer.marking import command as marking
from course.cli import main

course_directory.open_reader = lambda *_: None
collect.count_unproven = lambda *_: None
deliver._is_released = lambda *_: False
marking.results_without_marking = lambda *_: {}
main(sys.argv[1:])
"""
"""Has every short look say that it does not know, as it does of whatever is out of the ordinary."""


@pytest.fixture(scope="module")
def done(checkouts: Callable[[], Checkout]) -> Checkout:
    """A checkout where everything was done once: hand-in files, the exchange, one that nobody can read."""
    checkout = checkouts()
    release(checkout, SLUG)
    for number in range(1, 4):
        drop(checkout.root, f"hand-in-{number}.zip", hand_in(f"synthetic-{number:03}"))
    drop(checkout.root, "broken.zip", b"synthetic, and no zip")
    folder = checkout.root / "exchange" / "building-trust" / "inbound" / f"synthetic-004+{SLUG}+{TIME}+abcdefgh"
    folder.mkdir(parents=True)
    for name, data in {
        **contents("synthetic-004"),
        "timestamp.txt": TIME.encode(),
        "submission_secret.txt": b"0a",
    }.items():
        if name != "receipt.json":
            (folder / name).write_bytes(data)
    spoiled = checkout.root / "submitted" / "synthetic-005" / SLUG
    spoiled.mkdir(parents=True)
    (spoiled / f"{SLUG}.ipynb").write_text("{}", encoding="utf-8")
    for command in COMMANDS:
        checkout.run(f"python -m course {command} || true")
    (checkout.home / "probe.py").write_text(PROBE, encoding="utf-8")
    (checkout.home / "left.py").write_text(LEFT_TO_NBGRADER, encoding="utf-8")
    return checkout


@pytest.mark.parametrize("command", COMMANDS)
def test_nothing_heavy_is_imported(done: Checkout, command: str) -> None:
    assert done.run(f"python ~/probe.py {command} || true").splitlines()[-1] == "[]"


@pytest.mark.parametrize("command", COMMANDS)
def test_it_says_what_nbgraders_way_says(done: Checkout, command: str) -> None:
    said, exit_code = answer(done, f"python -m course {command}")
    assert (said, exit_code) == answer(done, f"python ~/left.py {command}")
    assert json.loads(said)


def test_what_comes_then_is_done(done: Checkout) -> None:
    drop(done.root, "hand-in-6.zip", hand_in("synthetic-006"))
    for command in COMMANDS[:3]:
        done.run(f"python -m course {command} || true")
    assert (done.root / "feedback" / "synthetic-006" / SLUG / f"{SLUG}.html").is_file()


def answer(checkout: Checkout, line: str) -> tuple[str, str]:
    """Return what a command prints as JSON, and its exit code."""
    said, _, exit_code = checkout.run(f"{line} --json; echo; echo $?").strip().rpartition("\n")
    return said.strip(), exit_code
