"""`course mark-blank`: show the reflections in which nobody wrote anything, and mark them together when told to."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass

import click

from course.content import trainer_words
from course.core.errors import CannotMark
from course.core.text_files import printable
from course.trainer.course_directory import Coursework
from course.trainer.next_steps import after_marking
from course.trainer.reflections.comments import comments
from course.trainer.reflections.waiting import BlankReflection, blank_reflections, mark_together, reflection_of
from course.trainer.summary import standings
from course.trainer.terminal_tables import SummaryTable, print_tables


@dataclass(frozen=True)
class BlankPlan:
    """The blank reflections of one exercise, and what they would get."""

    exercise: str
    blank: tuple[BlankReflection, ...]
    marks: float
    level: str
    """The name of the level that these marks stand for."""
    comment: str


@dataclass(frozen=True)
class BlankOutcome:
    """One exercise in the command's JSON."""

    exercise: str
    blank: list[str]
    """The learners whose reflection is blank."""
    marks: float
    comment: str
    marked: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


def plan_blank(
    coursework: Coursework, slug: str, *, marks: float | None = None, comment: str | None = None
) -> BlankPlan | None:
    """Return which reflections of an exercise are blank and what they would get; None where it has no reflection.

    Without `marks`, they get those of the lowest level; without `comment`, the first ready comment for that level.
    Raises CannotMark for more marks than the reflection has.
    """
    reflection = reflection_of(coursework, slug)
    if reflection is None:
        return None
    lowest = reflection.rubric.levels[-1] if reflection.rubric.levels else None
    given = marks if marks is not None else lowest.marks if lowest else 0
    if not 0 <= given <= reflection.most:
        raise CannotMark(
            trainer_words("blank.too-many", most=f"{reflection.most:g}", exercise=slug),
            trainer_words("blank.too-many-hint"),
        )
    level = reflection.rubric.level_for(given)
    bank = comments(coursework.root, slug, coursework.cohort.reflection(slug))
    ready = bank.get(level.number, ()) if level else ()
    text = comment if comment is not None else next(iter(ready), "")
    with coursework.gradebook() as gradebook:
        blank = tuple(blank_reflections(coursework, gradebook, slug))
    return BlankPlan(slug, blank, given, level.title if level else "", text)


def run(slugs: tuple[str, ...], *, marks: float | None, comment: str | None, yes: bool, as_json: bool) -> int:
    """Show what is blank in these exercises, or in all, and mark it once that is confirmed.

    Return the command's exit code: 1 where something blank was not marked.
    """
    coursework = Coursework.here()
    exercises = _with_gradebook(coursework, slugs)
    all_plans = [plan_blank(coursework, slug, marks=marks, comment=comment) for slug in exercises]
    plans = [plan for plan in all_plans if plan and plan.blank]
    if not as_json:
        _print(plans)
    is_wanted = bool(plans) and (yes or (not as_json and click.confirm(trainer_words("blank.confirm"), default=False)))
    outcomes = [_mark(coursework, plan) if is_wanted else _outcome(plan) for plan in plans]
    if as_json:
        sys.stdout.write(json.dumps({"command": "mark-blank", "exercises": [asdict(one) for one in outcomes]}) + "\n")
    elif is_wanted:
        _print_outcomes(outcomes)
        waiting = sum(standing.waiting for standing in standings(coursework, exercises))
        for step in after_marking(waiting=waiting, marked=len(outcomes)):
            click.echo(step)
    return int(any(len(one.marked) < len(one.blank) for one in outcomes))


def _with_gradebook(coursework: Coursework, slugs: tuple[str, ...]) -> list[str]:
    chosen = coursework.chosen(slugs)
    return chosen if coursework.has_gradebook else []


def _outcome(plan: BlankPlan) -> BlankOutcome:
    return BlankOutcome(plan.exercise, [blank.learner for blank in plan.blank], plan.marks, plan.comment)


def _mark(coursework: Coursework, plan: BlankPlan) -> BlankOutcome:
    learners = [blank.learner for blank in plan.blank]
    done = mark_together(coursework, plan.exercise, learners, plan.marks, plan.comment)
    return BlankOutcome(plan.exercise, learners, plan.marks, plan.comment, done.marked, done.left)


def _print(plans: list[BlankPlan]) -> None:
    from rich.console import Console

    if not plans:
        click.echo(trainer_words("blank.none"))
        return
    console = Console(highlight=False)
    columns = tuple(trainer_words(f"blank.{key}") for key in ("exercise", "learner"))
    rows = tuple((plan.exercise, blank.learner) for plan in plans for blank in plan.blank)
    print_tables(console, [SummaryTable(trainer_words("blank.title"), columns, rows)])
    for plan in plans:
        click.echo(trainer_words("blank.gets", exercise=plan.exercise, n=len(plan.blank), level=what_it_gets(plan)))
        said = trainer_words("blank.with-comment", comment=printable(plan.comment))
        click.echo(said if plan.comment.strip() else trainer_words("blank.no-comment"))


def what_it_gets(plan: BlankPlan) -> str:
    """Return level and marks in words."""
    return trainer_words("blank.level", level=plan.level, marks=f"{plan.marks:g}")


def _print_outcomes(outcomes: list[BlankOutcome]) -> None:
    for outcome in outcomes:
        click.echo(trainer_words("blank.marked", exercise=outcome.exercise, n=len(outcome.marked)))
        if outcome.left:
            names = ", ".join(printable(learner) for learner in outcome.left)
            click.echo(trainer_words("blank.left", learners=names))
