"""Synthetic submissions of one exercise, for benchmarks and tests: labelled, the same for the same number."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path
from typing import Any

from course.content.lessons import exercise_version
from course.core import names

ROOT = Path(__file__).parent.parent
TRIES = json.loads((ROOT / "tests" / "near_misses.json").read_text(encoding="utf-8"))
WORDS = "we promised notes on Tuesday and one partner said that nobody had asked night staff what worries them".split()


def write_submissions(root: Path, slug: str, people: int) -> None:
    """Write so many submissions of an exercise to `submitted/`, as nbgrader's collect would have left them."""
    for number in range(1, people + 1):
        folder = root / names.SUBMITTED / f"synthetic-{number:04d}" / slug
        folder.mkdir(parents=True)
        shutil.copy(root / names.RELEASE / slug / names.notebook_name(slug), folder)
        (folder / names.ANSWERS).write_text(json.dumps(answers(slug, number)), encoding="utf-8")
        (folder / names.TIMESTAMP).write_text(f"2026-11-{number % 28 + 1:02d} 12:00:00.000000 UTC", encoding="utf-8")


def answers(slug: str, number: int) -> dict[str, Any]:
    """Return what one made-up person answers: right, nearly right, or nothing."""
    chance = random.Random(number)
    chosen = {key: chance.choice(tries)[0] for key, tries in TRIES[slug].items() if chance.random() < 0.95}
    chosen["reflection"] = "Synthetic data. " + " ".join(chance.choices(WORDS, k=chance.randint(150, 300)))
    return {"format": 2, "exercise": slug, "version": exercise_version(slug), "answers": chosen}
