"""Two hundred hostile or broken hand-ins: none runs, none reaches outside, none changes another's marks."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from course.trainer.course_directory import Coursework
from course.trainer.marking.command import grade
from course.trainer.summary import Summary
from tests.trainer.course_directories import SLUG, forget_marks, release, rows, write_submissions
from tests.trainer.hostile import HAND_MADE, Scene

pytestmark = pytest.mark.nbgrader

HONEST = 5
MADE_UP = 50
"""How many hostile hand-ins each of hypothesis's three examples has."""


@pytest.fixture(scope="module")
def desk(checkouts: Callable[[], Any]) -> Any:
    checkout = checkouts()
    release(checkout, SLUG)
    write_submissions(checkout.root, SLUG, HONEST)
    shutil.copy(
        checkout.root / "submitted" / "synthetic-0001" / SLUG / "answers.json", checkout.root / "elsewhere.json"
    )
    checkout.trap = checkout.home / "trap"
    checkout.trap.mkdir()
    summary = grade(Coursework(checkout.root), [SLUG], jobs=1)
    assert (summary.refused, summary.left_out) == ([], [])
    checkout.before, checkout.honest = outside(checkout), rows(checkout.root)
    return checkout


def scene_of(desk: Any, number: int) -> Scene:
    """Lay out one more honest hand-in, to be spoilt."""
    pattern = desk.root / "submitted" / "synthetic-0001" / SLUG
    folder = desk.root / "submitted" / f"hostile-{number:03d}" / SLUG
    shutil.copytree(pattern, folder)
    (folder / "submission_secret.txt").write_text("secret", encoding="utf-8")
    return Scene(folder, SLUG, desk.root, desk.trap)


def outside(desk: Any) -> dict[str, bytes]:
    """Return every file that marking has no business with."""
    ours = {"autograded", "submitted", "gradebook.db", "__pycache__"}
    return {
        str(path.relative_to(desk.root)): path.read_bytes()
        for top in desk.root.iterdir()
        if top.name not in ours
        for path in [top, *top.rglob("*")]
        if path.is_file() and "__pycache__" not in path.parts
    }


def of_honest(gradebook: dict[str, list[Any]]) -> dict[str, list[Any]]:
    honest = {name: [row for row in table if row[0].startswith("synthetic-")] for name, table in gradebook.items()}
    return honest | {"people": [name for name in gradebook["people"] if name.startswith("synthetic-")]}


def named(summary: Summary) -> dict[str, str]:
    return {one.name: one.why for one in [*summary.refused, *summary.left_out]}


def check(desk: Any, hostile: list[str]) -> None:
    """Mark everything and hold it against what the honest hand-ins got by themselves."""
    summary = grade(Coursework(desk.root), [SLUG], jobs=1)
    assert list(desk.trap.iterdir()) == []
    assert outside(desk) == desk.before
    assert of_honest(rows(desk.root)) == desk.honest
    assert [name for name in hostile if not named(summary).get(name)] == []
    for path in (desk.root / "autograded").rglob("*"):
        assert path.is_dir() or path.name in {
            f"{SLUG}.ipynb",
            "answers.json",
            "timestamp.txt",
            "submission_secret.txt",
            "marking.json",
        }
        assert not path.is_symlink()


def clear(desk: Any) -> None:
    """Leave only the honest hand-ins, not marked yet."""
    for folder in (desk.root / "submitted").glob("hostile-*"):
        shutil.rmtree(folder)
    forget_marks(desk.root)


def test_each_hand_made_one_is_refused_or_cut_by_name_and_does_no_harm(desk: Any) -> None:
    clear(desk)
    for number, spoil in enumerate(HAND_MADE.values()):
        spoil(scene_of(desk, number))
    check(desk, [f"hostile-{number:03d}" for number in range(len(HAND_MADE))])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(st.text(max_size=8), inside, max_size=4),
    max_leaves=12,
)
NAMES = st.text(st.characters(blacklist_characters="/\0", blacklist_categories=["Cs"]), min_size=1, max_size=40).filter(
    lambda name: len(os.fsencode(name)) < 200 and name not in {".", "..", f"{SLUG}.ipynb", "answers.json"}
)
MADE = st.one_of(
    st.tuples(st.just("answers"), st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode())),
    st.tuples(st.just("notebook"), st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode())),
    st.tuples(st.just("cell"), st.text(st.characters(blacklist_categories=["Cs"]), min_size=1, max_size=200)),
    st.tuples(st.just("file"), NAMES),
)


def spoil(scene: Scene, kind: str, content: Any) -> None:
    if kind == "answers":
        scene.answers.write_bytes(content)
    elif kind == "notebook":
        scene.notebook.write_bytes(content)
    elif kind == "cell":
        scene.add(f"{scene.payload}\n# {content}")
    else:
        (scene.folder / content).write_text(scene.payload, encoding="utf-8")


@settings(max_examples=3, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(made=st.lists(MADE, min_size=MADE_UP, max_size=MADE_UP))
def test_what_hypothesis_makes_up_is_refused_or_cut_by_name_and_does_no_harm(
    desk: Any, made: list[tuple[str, Any]]
) -> None:
    clear(desk)
    for number, (kind, content) in enumerate(made):
        spoil(scene_of(desk, number), kind, content)
    check(desk, [f"hostile-{number:03d}" for number in range(len(made))])


PLAIN = (
    "a cell that runs code",
    "a cell that looks locked",
    "no metadata and other code",
    "another set-up",
    "the same grade id twice",
    "a package that shadows the course",
    "a module for the start of Python",
    "a link beside it",
    "a link to a folder",
)
"""Such as nbgrader's own command can be given: what stops its whole run is not among them."""


def test_nbgraders_own_command_runs_no_strangers_code_either(desk: Any) -> None:
    clear(desk)
    for number, name in enumerate(PLAIN):
        HAND_MADE[name](scene_of(desk, number))
    desk.nbgrader([(desk.root, f"autograde {SLUG}")])
    assert list(desk.trap.iterdir()) == []
    assert outside(desk) == desk.before
    assert of_honest(rows(desk.root)) == desk.honest
    for folder in desk.root.glob(f"autograded/hostile-*/{SLUG}"):
        names = {path.name for path in folder.iterdir()}
        assert names == {f"{SLUG}.ipynb", "answers.json", "timestamp.txt", "submission_secret.txt"}


def test_the_trap_shows_when_code_is_run(desk: Any) -> None:
    clear(desk)
    scene = scene_of(desk, 0)
    HAND_MADE["a cell that runs code"](scene)
    notebook = json.loads(scene.notebook.read_text(encoding="utf-8"))
    exec(notebook["cells"][0]["source"], {})
    (trace,) = desk.trap.iterdir()
    trace.unlink()
