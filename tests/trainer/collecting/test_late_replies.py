"""A reply to feedback that comes after the due day makes no hand-in late; anything else that is new does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from course.trainer.counting_hand_in import counting_folder
from course.trainer.course_directory import Coursework, submission_time
from course.trainer.due_moments import DueMoments, is_late
from tests.trainer.collecting.inboxes import collect
from tests.trainer.submissions import DAY, SLUG, contents, drop, hand_in, hours, packed

DUE = DueMoments({SLUG: hours(24)})


def drop_at(root: Path, stamp: str, data: bytes) -> None:
    """Put a hand-in of Kim's into the inbox as a platform names it, with the platform's own time."""
    drop(root, f"Ex_kim_attempt_2026-03-{stamp}-00-00_a.zip", data)


def state(root: Path) -> tuple[list[bool], bool]:
    """Collect; return of each file whether it is late, in the order of the times, and whether Kim is."""
    rows = sorted(collect(root).collected, key=lambda row: row.time)
    return [row.late for row in rows], is_late(Coursework(root), DUE, "kim", SLUG)


def test_a_reply_after_the_due_day_makes_nobody_late_and_is_what_is_stored(root: Path) -> None:
    drop_at(root, "02-12", hand_in("kim"))
    drop_at(root, "08-12", hand_in("kim", time=hours(144), reply="Thank you."))
    drop_at(root, "09-12", hand_in("kim", time=hours(168), reply="Thank you, and one question."))
    assert state(root) == ([False, False, False], False)
    latest = root / "submitted" / "kim" / SLUG
    assert json.loads((latest / "answers.json").read_text())["answers"]["reply"] == "Thank you, and one question."
    counting = counting_folder(Coursework(root), "kim", SLUG)
    assert (submission_time(latest), submission_time(counting)) == (hours(168), DAY)


def test_a_reply_to_what_was_late_stays_as_late_as_that_was(root: Path) -> None:
    drop_at(root, "04-12", hand_in("kim"))
    drop_at(root, "08-12", hand_in("kim", time=hours(144), reply="Thank you."))
    assert state(root) == ([True, True], True)
    assert submission_time(counting_folder(Coursework(root), "kim", SLUG)) == hours(48)


def with_cell(text: str) -> bytes:
    """Return a hand-in with a reply, and with a cell of the learner's own in its notebook."""
    files = contents("kim", time=hours(144), reply="Thank you.")
    notebook = json.loads(files[f"{SLUG}.ipynb"])
    own = {"cell_type": "markdown", "id": "mine", "metadata": {}, "source": text}
    return json.dumps({**notebook, "cells": [*notebook["cells"], own]}).encode()


@pytest.mark.parametrize("what", ["another answer", "a cell of their own", "answers of before what came between"])
def test_whatever_else_is_new_counts_from_when_it_came(root: Path, what: str) -> None:
    drop_at(root, "02-12", hand_in("kim", text="First."))
    later = hand_in("kim", time=hours(144), text="First.", reply="Thank you.")
    if what == "another answer":
        later = hand_in("kim", time=hours(144), text="Second.", reply="Thank you.")
    drop_at(root, "08-12", later)
    if what == "answers of before what came between":
        drop_at(root, "02-18", hand_in("kim", time=hours(6), text="Between."))
    collect(root)
    if what == "a cell of their own":
        (root / "submitted" / "kim" / SLUG / f"{SLUG}.ipynb").write_bytes(with_cell("More of my words."))
    assert is_late(Coursework(root), DUE, "kim", SLUG)


def test_hand_ins_that_cannot_be_read_count_each_by_itself(root: Path) -> None:
    drop_at(root, "02-12", hand_in("kim"))
    drop_at(root, "08-12", hand_in("kim", time=hours(144), reply="Thank you."))
    collect(root)
    [before] = (root / "earlier" / "kim" / SLUG).iterdir()
    whole = (before / "answers.json").read_bytes()
    for damaged in (b"{", b"[]", whole.replace(SLUG.encode(), b"repair")):
        (before / "answers.json").write_bytes(damaged)
        assert is_late(Coursework(root), DUE, "kim", SLUG)
    (before / "answers.json").unlink()
    assert is_late(Coursework(root), DUE, "kim", SLUG)
    (before / "answers.json").symlink_to(root / "submitted" / "kim" / SLUG / "answers.json")
    assert is_late(Coursework(root), DUE, "kim", SLUG)


def test_where_the_first_came_by_a_clock_of_unknown_meaning_nobody_is_late(root: Path) -> None:
    drop(root, "mine.zip", packed(contents("kim")))
    drop_at(root, "08-12", hand_in("kim", time=hours(144), reply="Thank you."))
    assert state(root) == ([False, False], False)
