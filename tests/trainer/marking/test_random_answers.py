"""Two hundred random answer sets to each exercise get the marks that a marker of the tests' own gives them."""

from __future__ import annotations

import ast
import json
import random
import shutil
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from course.content.lessons import exercise_version
from course.trainer.course_directory import Coursework
from course.trainer.marking.command import grade
from tests.paths import ROOT
from tests.trainer.course_directories import release

pytestmark = [pytest.mark.nbgrader, pytest.mark.slow]

SETS = 200
SLUGS = sorted(path.name for path in (ROOT / "source").iterdir())


class Key:
    """One question's key, as it is read here from the text of the exercise: nothing of the course's is called."""

    def __init__(self, call: ast.Call) -> None:
        assert isinstance(call.func, ast.Attribute)
        self.kind = call.func.attr
        self.question, self.right = (ast.literal_eval(given) for given in call.args)
        named = {word.arg: word.value for word in call.keywords}
        self.marks = ast.literal_eval(named["marks"]) if "marks" in named else 1
        self.options = list(ast.literal_eval(named["groups" if self.kind == "matching" else "feedback"]))

    def answer(self, chance: random.Random) -> Any:
        """Return something that can be handed in, or None for nothing."""
        if chance.random() < 0.05:
            return None
        if self.kind == "choice":
            return chance.choice(self.options)
        if self.kind == "ticks":
            return chance.sample(self.options, chance.randint(0, len(self.options)))
        units = {unit: chance.choice([*self.options, self.right[unit], None]) for unit in self.right}
        return {"kind": "cards", "units": units}

    def marks_for(self, answer: Any) -> float:
        """Return the marks by the rule that the question states."""
        if answer is None:
            return 0
        if self.kind == "choice":
            return float(self.marks * (answer == self.right))
        if self.kind == "ticks":
            hits = len(set(answer) & set(self.right))
            return max(0, hits - len(set(answer) - set(self.right)))
        return sum(answer["units"][unit] == group for unit, group in self.right.items())


def keys(slug: str) -> list[Key]:
    cells = json.loads((ROOT / "source" / slug / f"{slug}.ipynb").read_text(encoding="utf-8"))["cells"]
    calls = [
        node
        for cell in cells
        if cell["cell_type"] == "code"
        for node in ast.walk(ast.parse("".join(cell["source"])))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and len(node.args) == 2
    ]
    return [Key(call) for call in calls if ast.unparse(call.func) in ("mark.choice", "mark.ticks", "mark.matching")]


def given(slug: str) -> dict[str, dict[str, Any]]:
    """Return random answers to an exercise by learner."""
    chance = random.Random(slug)
    return {
        f"synthetic-{number:04d}": {key.question: key.answer(chance) for key in keys(slug)} for number in range(SETS)
    }


def expected(slug: str, answers: Mapping[str, Any]) -> dict[str, float]:
    return {key.question: key.marks_for(answers[key.question]) for key in keys(slug)}


def test_random_answers_get_the_marks_of_an_independent_marker(checkouts: Callable[[], Any]) -> None:
    checkout = checkouts()
    release(checkout, *SLUGS)
    for slug in SLUGS:
        assert len(keys(slug)) >= 3
        for learner, answers in given(slug).items():
            folder = checkout.root / "submitted" / learner / slug
            folder.mkdir(parents=True)
            shutil.copy(checkout.root / "exercises" / slug / f"{slug}.ipynb", folder)
            answered = {question: answer for question, answer in answers.items() if answer is not None}
            whole = {"format": 2, "exercise": slug, "version": exercise_version(slug), "answers": answered}
            (folder / "answers.json").write_text(json.dumps(whole), encoding="utf-8")
            (folder / "timestamp.txt").write_text("2026-11-22 12:00:00.000000 UTC", encoding="utf-8")
    coursework = Coursework(checkout.root)
    assert grade(coursework, SLUGS, jobs=1, quiet=True).refused == []
    with coursework.read_gradebook() as gradebook:
        for slug in SLUGS:
            found: dict[str, dict[str, float]] = {}
            for row in gradebook.grades(slug):
                found.setdefault(row.student_id, {})[row.cell.removesuffix("-mark")] = row.score
            for learner, answers in given(slug).items():
                marked = {question: found[learner][question] for question in answers}
                assert marked == expected(slug, answers), (slug, answers)
