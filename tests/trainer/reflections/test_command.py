"""Blank reflections are marked together as if by hand, and whatever could be words is left alone."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from typing import Any

import pytest

from course.core.errors import AlreadyRunning, CannotMark
from course.trainer.command_support import single_instance
from course.trainer.course_directory import Coursework
from course.trainer.marking.command import grade
from course.trainer.reflections import command as mark_blank
from course.trainer.reflections.command import plan_blank
from course.trainer.reflections.waiting import blank_reflections, has_no_words, mark_together
from tests.trainer.course_directories import SLUG, rows
from tests.trainer.reflections.hand_ins import PEOPLE, write_reflection

pytestmark = pytest.mark.nbgrader

BLANK = [PEOPLE[1], PEOPLE[4]]
WHERE = ("reflection-marks", SLUG, SLUG)


def blank(coursework: Coursework) -> list[str]:
    """Return whose reflections are blank, in order of their ids."""
    with coursework.gradebook() as gradebook:
        return sorted(one.learner for one in blank_reflections(coursework, gradebook, SLUG))


def mark_by_hand(coursework: Coursework, learner: str, marks: float, comment: str | None) -> None:
    """Give marks and comment as the formgrader's own handlers do."""
    with coursework.gradebook() as gradebook:
        given = gradebook.find_grade(*WHERE, learner)
        given.manual_score, given.extra_credit, given.needs_manual_grade = marks, None, False
        gradebook.find_comment(*WHERE, learner).manual_comment = comment
        gradebook.db.commit()


def test_it_is_recorded_as_if_each_had_been_marked_by_hand(marked: Coursework) -> None:
    before = rows(marked.root)
    assert blank(marked) == BLANK
    done = mark_together(marked, SLUG, BLANK, 0, "Nothing is here yet.")
    assert (sorted(done.marked), done.left) == (BLANK, ())
    together = rows(marked.root)
    assert blank(marked) == []
    with marked.gradebook() as gradebook:
        for learner in BLANK:
            assert gradebook.find_grade(*WHERE, learner).extra_credit is None
            gradebook.find_grade(*WHERE, learner).manual_score = None
            gradebook.find_grade(*WHERE, learner).needs_manual_grade = True
            gradebook.find_comment(*WHERE, learner).manual_comment = None
        gradebook.db.commit()
    assert rows(marked.root) == before
    for learner in BLANK:
        mark_by_hand(marked, learner, 0, "Nothing is here yet.")
    assert rows(marked.root) == together


def test_whatever_could_be_words_is_never_taken_for_blank(marked: Coursework) -> None:
    root = marked.root
    for learner in PEOPLE:
        write_reflection(root, learner, None)
    write_reflection(root, PEOPLE[0], " \n\t ")
    added = root / "submitted" / PEOPLE[2] / SLUG / f"{SLUG}.ipynb"
    notebook = json.loads(added.read_text(encoding="utf-8"))
    own = {"cell_type": "markdown", "id": "mine", "metadata": {}, "source": "I wrote it here."}
    added.write_text(json.dumps({**notebook, "cells": [*notebook["cells"], own]}), encoding="utf-8")
    grade(marked, [SLUG], jobs=1, again=True, quiet=True)
    assert blank(marked) == [learner for learner in PEOPLE if learner != PEOPLE[2]]

    write_reflection(root, PEOPLE[3], "Handed in again, and not marked yet.")
    (root / "submitted" / PEOPLE[4] / SLUG / "answers.json").write_text("{", encoding="utf-8")
    (root / "autograded" / PEOPLE[5] / SLUG / "answers.json").unlink()
    with marked.gradebook() as gradebook:
        gradebook.find_comment(*WHERE, PEOPLE[1]).manual_comment = "From the last time."
        gradebook.db.commit()
    assert blank(marked) == [PEOPLE[0]]


def test_it_is_looked_at_again_when_it_is_saved(marked: Coursework) -> None:
    assert blank(marked) == BLANK
    write_reflection(marked.root, BLANK[0], "Words that came while the list was on the screen.")
    mark_by_hand(marked, BLANK[1], 3, "Another trainer was quicker.")
    before = rows(marked.root)
    done = mark_together(marked, SLUG, [*BLANK, PEOPLE[0], "nobody"], 0, "Blank.")
    assert (done.marked, done.left) == ((), (*BLANK, PEOPLE[0], "nobody"))
    assert rows(marked.root) == before


def test_nothing_is_written_while_hand_ins_are_being_marked_or_with_more_marks_than_there_are(
    marked: Coursework,
) -> None:
    before = rows(marked.root)
    with single_instance("grade", marked.root, "busy"), pytest.raises(AlreadyRunning):
        mark_together(marked, SLUG, BLANK, 0, "")
    for marks in (-1, 13, float("nan")):
        assert mark_together(marked, SLUG, BLANK, marks, "").marked == ()
        with pytest.raises(CannotMark, match="12 marks"):
            plan_blank(marked, SLUG, marks=marks)
    assert rows(marked.root) == before


def test_the_command_lists_asks_and_marks(marked: Coursework, released: Any) -> None:
    before = rows(marked.root)
    listed = json.loads(released.run(f"python -m course mark-blank {SLUG} --json", fails=True))
    (found,) = listed["exercises"]
    assert (found["exercise"], sorted(found["blank"]), found["marks"], found["marked"]) == (SLUG, BLANK, 0, [])
    assert found["comment"].startswith("Nothing is written here yet.")
    said = released.run(f"echo n | python -m course mark-blank {SLUG}", fails=True)
    assert f"{SLUG}: 2 reflections get 0 marks (Nothing written)." in said
    assert all(learner in said for learner in BLANK)
    assert rows(marked.root) == before
    said = released.run(f"python -m course mark-blank {SLUG} --marks 1.5 --comment '' --yes")
    assert f"{SLUG}: 2 reflections are marked." in said
    with marked.gradebook() as gradebook:
        assert [gradebook.find_grade(*WHERE, learner).manual_score for learner in BLANK] == [1.5, 1.5]
        assert [gradebook.find_comment(*WHERE, learner).manual_comment for learner in BLANK] == [None, None]
    assert "No reflection that waits is blank." in released.run("python -m course mark-blank")


def test_a_mark_that_somebody_gives_meanwhile_is_neither_overlooked_nor_overwritten(
    marked: Coursework, monkeypatch: pytest.MonkeyPatch
) -> None:
    look, given = has_no_words, []

    def give_a_mark_meanwhile(coursework: Coursework, slug: str, learner: str) -> bool:
        with contextlib.closing(sqlite3.connect(coursework.root / "gradebook.db", timeout=0)) as database:
            try:
                database.execute("UPDATE grade SET manual_score = 7 WHERE needs_manual_grade AND manual_score IS NULL")
                database.commit()
                given.append(learner)
            except sqlite3.OperationalError:  # it waits, and a formgrader tries it again
                pass
        return look(coursework, slug, learner)

    monkeypatch.setattr("course.trainer.reflections.waiting.has_no_words", give_a_mark_meanwhile)
    done = mark_together(marked, SLUG, BLANK, 0, "Nothing is here yet.")
    assert (sorted(done.marked), given) == (BLANK, [])
    with marked.gradebook() as gradebook:
        assert [gradebook.find_grade(*WHERE, learner).manual_score for learner in BLANK] == [0, 0]


def test_at_its_end_it_says_how_many_reflections_are_left_to_read(
    marked: Coursework, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Coursework, "here", classmethod(lambda cls: marked))
    assert mark_blank.run((), marks=None, comment=None, yes=True, as_json=False) == 0
    assert f"Next: read the {len(PEOPLE) - len(BLANK)} reflections that wait" in capsys.readouterr().out
