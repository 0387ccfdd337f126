"""What a trainer reads after a command, on a terminal of 80 signs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from course.content.lessons import lessons
from course.trainer.command_support import REFUSED
from course.trainer.summary import CollectedFile, Refusal, Standing, Summary
from tests.cases import every

SLUG = "two-questions"
MOODLE = "Synthetic Learner_1234567_assignsubmission_file_"
Show = Callable[[Summary], list[str]]


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
    assert "synthetic-017 2 March 2026, 12:00:00 the latest, late," in text
    assert "The times are by the clocks of UTC." in text
    assert "time not known; by the learner’s clock" in text


def test_a_time_is_shown_to_the_second_by_the_cohorts_clocks(said: Show) -> None:
    summary = Summary("collect", collected=[taken(time="2026-05-12T16:00:03+00:00")], zone="Europe/London")
    text = "\n".join(said(summary))
    assert "12 May 2026, 17:00:03" in text
    assert "The times are by the clocks of Europe/London." in text


def test_a_copy_is_told_each_time_and_what_is_known_is_counted(said: Show) -> None:
    before = taken("first.zip", changed=False)
    copy = taken("second.zip", changed=False, became="duplicate")
    text = "\n".join(said(Summary("collect", collected=[before, copy, before])))
    assert "second.zip" in text
    assert "a copy of" in text
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


def test_a_long_name_is_folded_after_a_sign_and_nothing_of_it_is_lost(said: Show) -> None:
    name = f"{MOODLE}/hand-in-{SLUG}.zip"
    lines = said(Summary("collect", refused=[Refusal(name, SLUG, "The file is damaged, or is not a zip.")]))
    start = next(line.index("Exercise") for line in lines if "Exercise" in line)
    parts = [part for line in lines[3:] if (part := line[:start].strip())]
    assert "".join(parts).replace(" ", "") == name.replace(" ", "")
    assert [part for part in parts[:-1] if part[-1] not in "_-./"] in ([], ["Synthetic"])
    assert len(parts) > 1, "there is no room for it on one line"


def test_an_id_is_not_folded_where_there_is_room_for_it(said: Show) -> None:
    learner = "btt-a1b2-c3d4-synth"
    lines = said(Summary("collect", collected=[taken(f"{MOODLE}-{MOODLE}.zip", learner=learner, late=True)]))
    assert any(learner in line for line in lines)
    assert max(map(len, lines)) <= 80


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


def test_how_many_were_refused_is_shown_where_it_is_known_and_nowhere_else(said: Show) -> None:
    known = "\n".join(said(Summary("collect", [Standing(SLUG, 3, refused=2)])))
    assert "Waiting to be read" in known, "what is new waits to be marked, and is not counted there"
    assert "Refused" in known
    assert known.rstrip().endswith("2")
    assert "Refused" not in "\n".join(said(Summary("grade", [Standing(SLUG, 3)])))


def test_what_was_refused_of_no_known_exercise_has_a_row_of_its_own(said: Show) -> None:
    refused = [Refusal("notes.pdf", "", "It is not a hand-in file."), Refusal("x.zip", SLUG, "The file is damaged.")]
    known, stopped = Standing(SLUG, 3, refused=1), Standing(SLUG, 3)
    lines = said(Summary("collect", [known], refused=refused))
    assert [line.split() for line in lines if "Not known" in line] == [["Not", "known", "1"]]
    assert "Not known" not in "\n".join(said(Summary("collect", [known], refused=refused[1:])))
    assert "Not known" not in "\n".join(said(Summary("collect", [stopped], refused=refused)))


@every(
    "summary, code",
    [
        (Summary("collect"), 0),
        (Summary("collect", left_out=[Refusal("a.txt", SLUG, "odd")]), 0),
        (Summary("collect", refused=[Refusal("a.zip", SLUG, "odd")]), REFUSED),
        (Summary("collect", refused=[Refusal("a.zip", SLUG, "odd")], stopped=True), 130),
    ],
)
def test_a_refusal_has_an_exit_code_that_no_crash_has(summary: Summary, code: int) -> None:
    assert summary.show(as_json=True) == code
    assert code != 1, "Python returns it where it crashes, and the course where it could do nothing"
