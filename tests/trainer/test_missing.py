"""`course missing` names who has not handed in what is due, and nobody for what is not due yet."""

from __future__ import annotations

import datetime
import os
from pathlib import Path

import pytest

from course.core.errors import UnknownLesson
from course.trainer import missing
from course.trainer.course_directory import Coursework
from course.trainer.desk import steps
from course.trainer.missing import missing_hand_ins
from tests.trainer.submissions import course_directory, drop, hand_in

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


def test_who_may_have_handed_in_what_was_refused_is_not_written_to_unseen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = course_directory(tmp_path / "course", due="two-questions = 2020-01-01\nrepair = 2020-01-01")
    monkeypatch.setattr(Coursework, "here", classmethod(lambda cls: cls(root)))
    with Coursework(root).gradebook() as gradebook:
        gradebook.add_student("s01", first_name="Ada", last_name="Synthetic")
        gradebook.add_student("s02", first_name="Ben", last_name="Synthetic")
    drop(root, "hand-in-two-questions.zip", b"synthetic, and no zip")
    drop(root, "Ada Synthetic_1_assignsubmission_file_/hand-in-two-questions.zip", hand_in("s02"))
    drop(root, "s02/hand-in-repair.zip", hand_in("s02", "repair"))
    two, repair = missing_hand_ins(Coursework(root), ["two-questions", "repair"], DUE)
    assert (two.exercise, two.unsettled, repair.unsettled) == ("two-questions", 2, 1)
    drop(root, "for which exercise.pdf", b"nobody knows")
    _, repair = missing_hand_ins(Coursework(root), ["two-questions", "repair"], DUE)
    assert repair.unsettled == 2
    missing.run((), as_json=False)
    assert "3 hand-ins, in the folder inbox or in the exchange, are refused" in " ".join(
        capsys.readouterr().out.split()
    )
    assert "attention" in {block.get("tone") for block in steps.missing({})}


def test_what_is_not_collected_yet_or_set_aside_is_looked_at_too(tmp_path: Path) -> None:
    root = course_directory(tmp_path / "course", due="two-questions = 2020-01-01\nrepair = 2020-01-01")
    with Coursework(root).gradebook() as gradebook:
        for learner in ("s01", "s02"):
            gradebook.add_student(learner)
    drop(root, "s01.zip", hand_in("s01"))
    two, repair = missing_hand_ins(Coursework(root), ["two-questions", "repair"], DUE)
    assert (two.unsettled, repair.unsettled) == (1, 0)
    (root / "submitted" / "s01" / "two-questions").mkdir(parents=True)
    [two] = missing_hand_ins(Coursework(root), ["two-questions"], DUE)
    assert [person.learner for person in two.people] == ["s02"]
    assert two.unsettled == 0


@pytest.mark.skipif(os.name != "posix", reason="there is no exchange on Windows")
def test_what_the_exchange_has_and_was_not_collected_is_looked_at_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BUILDING_TRUST_EXCHANGE", raising=False)
    root = course_directory(tmp_path / "course", due="two-questions = 2020-01-01\nrepair = 2020-01-01")
    with Coursework(root).gradebook() as gradebook:
        for learner in ("ann", "ben"):
            gradebook.add_student(learner)
    for name in ("ann+two-questions+2026-03-01 12:00:00.000000 UTC+abcdefgh", "ben+two-questions+yesterday+abcdefgh"):
        (Coursework(root).exchange / "building-trust" / "inbound" / name).mkdir(parents=True)
    two, repair = missing_hand_ins(Coursework(root), ["two-questions", "repair"], DUE)
    assert (two.unsettled, repair.unsettled) == (2, 0)
    collected = root / "submitted" / "ann" / "two-questions"
    collected.mkdir(parents=True)
    (collected / "timestamp.txt").write_text("2026-03-01 12:00:00.000000 UTC", encoding="utf-8")
    [two] = missing_hand_ins(Coursework(root), ["two-questions"], DUE)
    assert ([person.learner for person in two.people], two.unsettled) == (["ben"], 1)
