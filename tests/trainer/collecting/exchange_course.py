"""A course directory with an exchange into which tests put what learners hand in, as nbgrader does it."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path
from typing import Any

import pytest

from course.trainer.collecting import exchange
from course.trainer.due_moments import DueMoments
from tests.trainer.submissions import SLUG, contents

SECRET = "0a" * 64
TIMES = [f"2026-03-0{day} 12:00:00.000000 UTC" for day in range(1, 10)]


class Course:
    """A course directory and its exchange."""

    def __init__(self, folder: Path, config: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        from nbgrader.coursedir import CourseDirectory

        self.root = folder / "course"
        self.root.mkdir()
        shutil.copy(Path(config.CourseDirectory.root) / "gradebook.db", self.root)
        (self.root / "nbgrader_config.py").write_text("")
        self.inbound = self.root / "exchange" / "building-trust" / "inbound"
        self.inbound.mkdir(parents=True)
        self.outside = folder / "outside"
        self.outside.mkdir()
        self.desk = CourseDirectory(config=config)
        self.desk.root, self.desk.assignment_id = str(self.root), SLUG
        monkeypatch.setattr(exchange.Collect, "_due", lambda _: self.due)
        self.due = DueMoments()

    def submit(self, learner: str, day: int = 1, **other: bytes | None) -> Path:
        """Hand in as nbgrader does; `other` takes the place of a file, and None leaves it out."""
        return self.put(self.inbound / f"{learner}+{SLUG}+{TIMES[day - 1]}+abcdefgh", day, **other)

    def put(self, folder: Path, day: int = 1, **other: bytes | None) -> Path:
        """Put a hand-in into a folder of any name."""
        folder.mkdir(parents=True)
        files: dict[str, bytes | None] = {
            f"{SLUG}.ipynb": contents()[f"{SLUG}.ipynb"],
            "answers.json": b"{}",
            "timestamp.txt": TIMES[day - 1].encode(),
            "submission_secret.txt": SECRET.encode(),
        }
        for name, data in (files | {name.replace("_txt", ".txt"): data for name, data in other.items()}).items():
            if data is not None:
                (folder / name).write_bytes(data)
        return folder

    def collect(
        self, *, update: bool = True, before_duedate: bool = False, check_owner: bool = False
    ) -> exchange.Collect:
        collecting = exchange.Collect(coursedir=self.desk)
        collecting.root, collecting.check_owner = str(self.root / "exchange"), check_owner
        collecting.update, collecting.before_duedate = update, before_duedate
        collecting.log = logging.getLogger("quiet")
        collecting.start()
        return collecting

    def kept(self, learner: str) -> Path:
        return self.root / "submitted" / learner / SLUG

    def gradebook(self) -> Any:
        from nbgrader.api import Gradebook

        return Gradebook(self.desk.db_url, self.desk.course_id)
