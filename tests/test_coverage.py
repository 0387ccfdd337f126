"""Every idea of the sources is carried by the cells that `coverage.toml` names for it."""

from __future__ import annotations

import functools
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

from course.core.notebooks import read_notebook, source
from tests.cases import every
from tests.paths import ROOT

IDEAS: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "coverage.toml").read_text("utf-8"))["idea"]
SEEDS = Counter({"NHS Institute": 27, "Inspire: Broad coalition": 17, "Inspire: Be trusting": 24})


@functools.cache
def cells(name: str) -> dict[str, str]:
    """Return the text of each cell of a notebook, by the cell's name."""
    folder, _, slug = name.partition("/")
    path = ROOT / folder / (slug if folder == "source" else "") / f"{slug}.ipynb"
    return {cell["id"]: " ".join(source(cell).split()) for cell in read_notebook(path)["cells"]}


def carriers(idea: dict[str, Any]) -> dict[str, str]:
    """Return the cells that are to carry an idea, with their texts; an empty text for a cell that is not there."""
    found = {}
    for place in idea["cells"]:
        notebook, _, names = place.partition(": ")
        found.update({f"{notebook}: {name}": cells(notebook).get(name, "") for name in names.split(", ")})
    return found


def test_all_ideas_of_the_sources_are_listed() -> None:
    assert [idea["number"] for idea in IDEAS] == list(range(1, 69))
    assert Counter(idea["seed"] for idea in IDEAS) == SEEDS


def test_each_idea_says_what_its_source_claims_and_no_two_say_the_same() -> None:
    claims = [idea.get("claims", "") for idea in IDEAS]
    assert [idea["number"] for idea, claim in zip(IDEAS, claims, strict=True) if not claim.endswith(".")] == []
    assert [claim for claim, times in Counter(claims).items() if times > 1] == []


@every("idea", IDEAS)
def test_the_cells_of_an_idea_are_there_and_not_empty(idea: dict[str, Any]) -> None:
    assert carriers(idea)
    assert [place for place, text in carriers(idea).items() if not text] == []


@every("idea", IDEAS)
def test_the_cells_of_an_idea_say_it(idea: dict[str, Any]) -> None:
    texts = [text.casefold() for text in carriers(idea).values()]
    missing = [phrase for phrase in idea["says"] if not any(phrase.casefold() in text for text in texts)]
    assert idea["says"]
    assert missing == [], f"{idea['idea']} Write it there, or correct tests/coverage.toml."


def test_a_cell_that_is_gone_is_found() -> None:
    gone = carriers({"cells": ["notebooks/credits: title, no-such-cell"]})
    assert [place for place, text in gone.items() if not text] == ["notebooks/credits: no-such-cell"]
