"""What people are told is so: each promise of `promises.toml` stands where it says, and tests hold it."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from course.core.notebooks import read_notebook, source
from tests.cases import every
from tests.paths import ROOT
from tests.syntax_trees import nodes

PROMISES: list[dict[str, Any]] = tomllib.loads((ROOT / "tests" / "promises.toml").read_text("utf-8"))["promise"]


def words_of(file: str) -> str:
    """Return what a file says, each run of spaces and line ends as one space."""
    path = ROOT / file
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        text = " ".join(source(cell) for cell in read_notebook(path)["cells"])
    return " ".join(text.split())


def names_of_tests(path: Path) -> Iterator[str]:
    """Return the names of the tests in a file."""
    for node in nodes(path):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node.name


@every("promise", PROMISES)
def test_a_promise_is_said_in_these_words(promise: dict[str, Any]) -> None:
    assert promise["where"]
    for file in promise["where"]:
        assert promise["says"] in words_of(file), file


@every("promise", PROMISES)
def test_a_promise_is_held_by_tests_that_exist(promise: dict[str, Any]) -> None:
    for name in promise["held_by"]:
        file, _, test = name.partition("::")
        assert test in set(names_of_tests(ROOT / file)), name


def test_only_a_limit_is_held_by_no_test() -> None:
    assert [promise["says"] for promise in PROMISES if not promise["held_by"]] == [
        "your IT department may be able to read or back up files."
    ]


def test_every_sentence_that_is_read_aloud_about_privacy_is_a_promise_or_asks_something() -> None:
    scripts = [ROOT / "course/content" / name for name in ("workshop.toml", "workshop-follow-up.toml")]
    read = [tomllib.loads(path.read_text("utf-8")) for path in scripts]
    paragraphs = [text for script in read for text in [*script["privacy"], *script["privacy-first"]]]
    kept = tomllib.loads((ROOT / "course/content/workshop-pages.toml").read_text("utf-8"))["privacy"]
    paragraphs = [*(text for text in paragraphs if text != "{kept}"), *kept["kept"].values(), kept["kept-none"]]
    promised = " ".join(promise["says"] for promise in PROMISES)
    sentences = [sentence for text in paragraphs for sentence in re.split(r"(?<=\.)\s+", text)]
    others = [sentence for sentence in sentences if sentence not in promised]
    assert [
        sentence
        for sentence in others
        if not sentence.startswith(("Please ", "If something here worries you ", "People may be here "))
    ] == []
