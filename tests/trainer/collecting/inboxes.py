"""An inbox for tests: who is on the roster, and what is kept of a hand-in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from course.trainer.collecting.inbox import InboxResults, collect_inbox
from course.trainer.collecting.roster import Roster, RosterEntry
from course.trainer.course_directory import Coursework
from course.trainer.due_moments import DueMoments
from tests.trainer.submissions import SLUG

ADA = RosterEntry("s01", "Ada", "Lovelace", "ada@example.org")
BOB = RosterEntry("s02", "Bob", "O’Neill", "bob@example.org", "4242")
MOODLE = "Ada Lovelace_1234567_assignsubmission_file_"


def collect(root: Path, *people: RosterEntry) -> InboxResults:
    desk = Coursework(root)
    inbox = InboxResults(DueMoments(desk.cohort.due, desk.cohort.extensions))
    collect_inbox(desk, [SLUG, "repair"], Roster(people), inbox, lambda _: None)
    return inbox


def kept(root: Path, learner: str, slug: str = SLUG) -> Path:
    return root / "submitted" / learner / slug


def receipt(root: Path, learner: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((kept(root, learner) / "receipt.json").read_bytes())
    return found


def text(folder: Path) -> str:
    return str(json.loads((folder / "answers.json").read_bytes())["answers"]["reflection"])
