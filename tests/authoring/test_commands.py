"""The workshop's commands say what they did in a line, and their exit code says whether all is well."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from course.cli import main

WHOLE = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    for folder in ("notebooks", "source"):
        (tmp_path / folder).mkdir()
    (tmp_path / "notebooks" / "page.ipynb").write_text(json.dumps(WHOLE), encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> tuple[int, list[str]]:
        result: Result = CliRunner().invoke(main, arguments)
        return result.exit_code, result.output.splitlines()

    return call


def test_tidy_looks_changes_and_is_done(run: object) -> None:
    assert run("tidy", "--check") == (
        1,
        ["Not tidy: notebooks/page.ipynb", "Run make tidy, and look at what it changed."],
    )
    assert run("tidy") == (0, ["Tidied: notebooks/page.ipynb"])
    assert run("tidy", "--check") == (0, ["1 notebook, all tidy."])


def test_review_lists_problems_and_counts_them(run: object) -> None:
    code, lines = run("review")
    assert (code, lines[0], lines[-1]) == (
        1,
        "notebooks/page.ipynb: its format or kernel is not the course's.",
        "1 notebook, 1 problem.",
    )
    run("tidy")
    assert run("review") == (0, ["1 notebook, no problems."])


def test_new_says_what_it_began(run: object) -> None:
    code, lines = run("new", "repair")
    assert (code, lines[:2]) == (0, ["Begun: notebooks/repair.ipynb", "Begun: source/repair/repair.ipynb"])


def test_a_mistake_is_told_in_two_lines(run: object) -> None:
    code, lines = run("new", "repairs")
    assert (code, len(lines)) == (1, 2)
