"""Six people's hand-ins of one exercise, for the tests of reading."""

from __future__ import annotations

import json
from pathlib import Path

from tests.trainer.course_directories import SLUG

PEOPLE = [f"synthetic-{number:04d}" for number in range(1, 7)]


def write_reflection(root: Path, learner: str, text: object) -> None:
    """Have a learner hand in, once more, with another reflection; None stands for no answer to it."""
    folder = root / "submitted" / learner / SLUG
    whole = json.loads((folder / "answers.json").read_text(encoding="utf-8"))
    whole["answers"].pop("reflection", None)
    if text is not None:
        whole["answers"]["reflection"] = text
    (folder / "answers.json").write_text(json.dumps(whole), encoding="utf-8")
