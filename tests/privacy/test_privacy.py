"""Numbers of people come from the rules in `course.privacy`, and from nowhere else."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

from course import privacy
from tests.cases import every
from tests.syntax_trees import nodes

COURSE = Path(privacy.__file__).parent.parent
PLAIN = {"__future__", "collections", "collections.abc", "dataclasses", "hashlib", "enum", "itertools", "typing"}
OURS = ("course.privacy", "course.core.percentages")


def called(path: Path) -> set[str]:
    calls = [node.func for node in nodes(path) if isinstance(node, ast.Call)]
    return {node.id if isinstance(node, ast.Name) else getattr(node, "attr", "") for node in calls}


@every("path", sorted(COURSE.rglob("*.py")))
def test_nothing_but_the_rules_says_that_a_number_may_be_shown(path: Path) -> None:
    assert path.parent.name == "privacy" or "PublishedCount" not in called(path)


def test_the_rules_are_plain_python() -> None:
    for path in (COURSE / "privacy").glob("*.py"):
        for node in nodes(path):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert all(
                name in PLAIN or name.startswith(("course.privacy", "course.core.percentages")) for name in names
            )
    assert PLAIN - {"collections.abc"} <= sys.stdlib_module_names


OF_OTHERS = {"course.records.raters.others", "course.privacy.rater_release"}
WHERE_LEARNERS_SEE_IT = {"activities", "charts", "learner", "others", "privacy", "records"}


def test_what_others_answered_is_read_by_what_the_learner_sees_alone() -> None:
    """No hand-in is made of it, and no trainer's table, report or page can have it."""
    readers = set()
    for path in COURSE.rglob("*.py"):
        imported = {node.module for node in nodes(path) if isinstance(node, ast.ImportFrom)}
        imported |= {alias.name for node in nodes(path) if isinstance(node, ast.Import) for alias in node.names}
        if imported & OF_OTHERS:
            readers.add(path.relative_to(COURSE).parts[0])
    assert readers - WHERE_LEARNERS_SEE_IT == set()
    assert {"charts", "learner"} <= readers
