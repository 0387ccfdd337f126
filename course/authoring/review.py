"""Review notebooks: what breaks a rule for notebooks, where, and what to do about it. Nothing is run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from course.authoring import rules_marks, rules_questions, rules_shape, rules_words
from course.authoring.notebook_page import NotebookPage, Problem, find_notebooks

Rule = Callable[[NotebookPage], Iterator[Problem]]

EVERY_NOTEBOOK: tuple[Rule, ...] = (
    rules_shape.only_known_metadata,
    rules_shape.tags_from_the_list,
    rules_shape.cells_have_names,
    rules_shape.no_outputs,
    rules_shape.runs_itself,
    rules_shape.short_code,
    rules_shape.defines_nothing,
    rules_shape.one_setup,
    rules_words.opens_well,
    rules_words.closes_well,
    rules_words.nothing_left_to_write,
    rules_words.headings_in_steps,
    rules_words.pictures_have_words,
    rules_words.links_lead_somewhere,
    rules_words.keys_asked_once,
    rules_words.activities_can_be_made,
    rules_words.past_words_are_asked_for,
)
"""The rules for every notebook, in the order in which problems are listed."""

EXERCISE: tuple[Rule, ...] = rules_marks.RULES + rules_questions.RULES
"""The rules for what is marked, in `source`."""


def review(paths: Iterable[Path], root: Path) -> tuple[list[Path], list[Problem]]:
    """Return the notebooks that were looked at, and their problems."""
    notebooks = find_notebooks(paths, root)
    pages = [NotebookPage(path, root) for path in notebooks]
    of_each = [problem for page in pages for problem in review_page(page)]
    return notebooks, [*of_each, *rules_questions.ticks_differ(pages)]


def review_page(page: NotebookPage) -> list[Problem]:
    """Return the problems of one notebook."""
    rules = EVERY_NOTEBOOK + (EXERCISE if page.is_exercise else ())
    return [problem for rule in rules for problem in rule(page)]
