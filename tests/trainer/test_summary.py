"""What a trainer reads after a command, on a terminal of 80 signs; and who is late before anybody marks."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest

from course.content.lessons import lessons
from course.trainer.course_directory import Coursework, is_late
from course.trainer.summary import CollectedFile, Refusal, Standing, Summary

SLUG = "two-questions"
MOODLE = "Synthetic Learner_1234567_assignsubmission_file_"
Show = Callable[[Summary], list[str]]
DUE = datetime.datetime(2026, 3, 2, 12)


def taken(name: str = "hand-in-two-questions.zip", **about: object) -> CollectedFile:
    usual = {"learner": "synthetic-017", "exercise": SLUG, "time": "2026-03-02T12:00:00+00:00", "clock": "learner"}
    return CollectedFile(name, **{**usual, "became": "latest", **about})  # type: ignore[arg-type]


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Show:
    """Return a function that shows a summary and returns its lines as printed."""
    monkeypatch.setenv("COLUMNS", "80")

    def show(summary: Summary) -> list[str]:
        summary.show(as_json=False)
        return capsys.readouterr().out.splitlines()

    return show


def test_what_was_collected_is_told_with_learner_time_and_what_it_is(said: Show) -> None:
    text = " ".join(" ".join(said(Summary("collect", collected=[taken(late=True)]))).split())
    assert "synthetic-017 2026-03-02 12:00 the latest, late," in text
    assert "time not known; by the learner’s clock" in text


def test_a_copy_is_told_each_time_and_what_is_known_is_counted(said: Show) -> None:
    before = taken("first.zip", changed=False)
    copy = taken("second.zip", changed=False, became="duplicate")
    text = "\n".join(said(Summary("collect", collected=[before, copy, before])))
    assert "second.zip" in text
    assert "a copy of another" in text
    assert "first.zip" not in text
    assert "2 files were collected before." in text


def test_a_file_of_a_platform_is_told_by_the_name_of_who_sent_it(said: Show) -> None:
    name = f"all of them.zip/{MOODLE}/hand-in-{SLUG}.zip"
    text = "".join(said(Summary("collect", collected=[taken(name)])))
    assert "Synthetic" in text
    assert "all of them" not in text


def test_no_line_is_wider_than_the_terminal_and_no_exercise_is_cut(said: Show) -> None:
    slugs = [lesson.key for lesson in lessons()]
    summary = Summary(
        "collect",
        [Standing(slug, 1000, 1000, 1000, 1000) for slug in slugs],
        [taken(f"{'x' * 200}.zip")],
        [Refusal("y" * 200, slugs[2], "The file is empty. " * 9)],
    )
    lines = said(summary)
    assert max(map(len, lines)) <= 80
    assert [slug for slug in slugs if not any(slug in line for line in lines)] == []


def test_what_was_refused_for_one_reason_is_told_once_with_a_few_names(said: Show) -> None:
    refused = [Refusal(f"{number}.pdf", SLUG, "It is not a hand-in file.") for number in range(2_000)]
    text = "\n".join(said(Summary("collect", refused=[*refused, Refusal("x.zip", SLUG, "The file is damaged.")])))
    assert text.count("It is not a hand-in file.") == 4
    for words in ("0.pdf", "2.pdf", "and 1997 more", "x.zip", "The file is damaged."):
        assert words in text
    assert "3.pdf" not in text


def test_a_strangers_name_is_no_style_and_steers_no_terminal(said: Show) -> None:
    text = "\n".join(said(Summary("collect", collected=[taken("[red]\x1b[2J.zip")])))
    assert "[red]\\x1b[2J.zip" in text


@pytest.mark.parametrize(
    ("time", "late"),
    [
        (b"2026-03-02 12:00:00.000000 UTC", False),
        (b"2026-03-02 12:00:00.000001 UTC\n", True),
        (b"", False),
        (b"tomorrow", False),
        (b"\xff\xfe", False),
        (b"9" * 10_000, False),
    ],
)
def test_late_is_who_came_after_the_due_moment_marked_or_not(tmp_path: Path, time: bytes, late: bool) -> None:
    folder = tmp_path / "submitted" / "synthetic-017" / SLUG
    folder.mkdir(parents=True)
    (folder / "timestamp.txt").write_bytes(time)
    coursework = Coursework(tmp_path)
    coursework.config.CourseDirectory.root = str(tmp_path)
    assert is_late(coursework, "synthetic-017", SLUG, DUE) is late
    assert not is_late(coursework, "synthetic-017", SLUG, None)
    assert not is_late(coursework, "synthetic-018", SLUG, DUE)
