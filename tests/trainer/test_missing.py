"""`course missing` names who has not handed in what is due, and nobody for what is not due yet."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from course.core.errors import UnknownLesson
from course.trainer.course_directory import Coursework
from course.trainer.missing import missing_hand_ins

pytestmark = pytest.mark.nbgrader
DUE = datetime.datetime(2026, 12, 1, 17, tzinfo=datetime.UTC)


def test_the_missing_have_their_addresses_and_a_text_once_it_is_due(tmp_path: Path) -> None:
    text = (
        "from pathlib import Path\n"
        "from course.trainer.configuration import configure\n"
        f"configure(get_config(), Path({str(tmp_path)!r}))\n"
    )
    (tmp_path / "nbgrader_config.py").write_text(text, encoding="utf-8")
    (tmp_path / "cohort.toml").write_text(
        'timezone = "Europe/Berlin"\n[due]\nrepair = 2026-12-01T18:00:00\ntwo-questions = 2026-12-24\n'
        "[extensions.synthetic-003]\nrepair = 2026-12-08\n",
        encoding="utf-8",
    )
    coursework = Coursework(tmp_path)
    assert missing_hand_ins(coursework, coursework.chosen(()), DUE) == []
    with coursework.gradebook() as gradebook:
        gradebook.add_student("synthetic-001", first_name="Ada", last_name="Synthetic", email="ada@example.org")
        gradebook.add_student("synthetic-002", email="ben@example.org")
        gradebook.add_student("synthetic-003", email="cid@example.org")
    (tmp_path / "submitted" / "synthetic-002" / "repair").mkdir(parents=True)

    assert missing_hand_ins(coursework, coursework.chosen(()), DUE) == []
    later = DUE + datetime.timedelta(seconds=1)
    (repair,) = missing_hand_ins(coursework, coursework.chosen(()), later)
    assert [(person.learner, person.name, person.email) for person in repair.people] == [
        ("synthetic-001", "Ada Synthetic", "ada@example.org")
    ]
    assert "1 December 2026, 18:00:00 (Europe/Berlin)" in repair.text
    assert "1 December 2026, 18:00:00 (Europe/Berlin)" in repair.table.caption
    assert repair.due == "2026-12-01T17:00:00+00:00"
    others, late = missing_hand_ins(coursework, coursework.chosen(()), later + datetime.timedelta(days=8))
    assert [[person.learner for person in group.people] for group in (others, late)] == [
        ["synthetic-001"],
        ["synthetic-003"],
    ]
    assert "8 December 2026, 23:59:59" in late.text, "whoever had more time reads their own day"
    assert missing_hand_ins(coursework, coursework.chosen(("two-questions",)), later) == []
    with pytest.raises(UnknownLesson):
        coursework.chosen(("no-such",))
