"""How hard a text is to read is a figure that rises with it, and each lesson fits the minutes that it promises."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from course.authoring.commands import begin
from course.authoring.notebook_page import NotebookPage, find_notebooks
from course.authoring.readability import (
    count_minutes,
    count_words,
    exercise_figures,
    figures,
    hardest,
    read_sentences,
    reading_age,
)
from course.cli import main
from tests.cases import every
from tests.paths import ROOT

LESSONS = [page for path in find_notebooks([ROOT / "notebooks"], ROOT) if (page := NotebookPage(path, ROOT)).lesson]
EXERCISES = [NotebookPage(path, ROOT) for path in find_notebooks([ROOT / "source"], ROOT)]

HARD = "Organisational accountability necessitates comprehensive documentation of every commitment."


def lesson(root: Path, *cells: tuple[str, str, str]) -> NotebookPage:
    """Return a lesson that has only these cells: name, kind and text."""
    (root / "notebooks").mkdir(exist_ok=True)
    (root / "source").mkdir(exist_ok=True)
    path = root / "notebooks" / "repair.ipynb"
    if not path.exists():
        path = begin("repair", root)[0]
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"] = [
        {
            "id": name,
            "cell_type": "code" if kind == "code" else "markdown",
            "metadata": {"tags": ["try-it"]} if kind == "try-it" else {},
            "source": text,
        }
        for name, kind, text in cells
    ]
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return NotebookPage(path, root)


def test_long_words_and_long_sentences_raise_the_reading_age() -> None:
    easy = ["Say it soon.", "Then ask what it cost them."]
    assert reading_age(easy) < reading_age([" and ".join(["say it soon to all of them"] * 4)]) < reading_age([HARD])
    assert reading_age([]) == reading_age(["Yes."]) == 5


def test_headings_tables_and_what_others_wrote_are_no_sentences_of_ours(tmp_path: Path) -> None:
    page = lesson(
        tmp_path,
        ("idea", "markdown", "# Title\n\n> **Start** [here](start.ipynb).\n> Then go on.\n\n| A | B |\n|---|---|\n"),
        ("go-further", "markdown", f"## Go further\n\n- {HARD}"),
    )
    assert [sentence.text for sentence in read_sentences(page)] == ["Start here.", "Then go on."]
    assert "Title" not in " ".join(sentence.text for sentence in read_sentences(page))


def test_the_words_of_an_exercise_are_read_without_their_signs(tmp_path: Path) -> None:
    words = "What now?\n\n- You wait. [Keep it]\n-> They wait too.\n- It is for ___{us} (whom).\n! always -> Always?\n"
    page = lesson(tmp_path, ("now", "code", f'ask.sort("now", """\n{words}""", groups=["Keep it"])'))
    texts = [sentence.text for sentence in read_sentences(page)]
    assert texts == ["What now?", "You wait.", "They wait too.", "It is for (whom).", "Always?"]


def test_exercises_count_with_the_minutes_over_them_and_the_rest_with_its_words(tmp_path: Path) -> None:
    page = lesson(
        tmp_path,
        ("idea", "markdown", "## The idea\n\nOne two three."),
        ("clinic", "try-it", "## Clinic\n\n*About 5 minutes. Private: only you see this.*"),
        ("pulse", "try-it", "## Pulse\n\n*Under a minute.*"),
    )
    assert (count_words(page), count_minutes(page)) == (5, 6)


def test_the_hardest_sentence_is_named_with_its_cell(tmp_path: Path) -> None:
    page = lesson(
        tmp_path, ("easy", "markdown", "Say what you saw, and then ask what they saw."), ("hard", "markdown", HARD)
    )
    [(age, name, sentence)] = hardest([page], most=1)
    assert (name, sentence.cell, sentence.text) == ("notebooks/repair.ipynb", "hard", HARD)
    assert age > 20


def test_a_short_sentence_is_never_named_for_one_long_word(tmp_path: Path) -> None:
    assert hardest([lesson(tmp_path, ("idea", "markdown", "Confidentiality matters."))]) == []


@every("page", LESSONS)
def test_every_lesson_fits_the_minutes_that_it_promises(page: NotebookPage) -> None:
    found = figures(page)
    assert found
    assert 0.65 * found.planned <= found.minutes <= found.planned, "Change the words, or the minutes in lessons.toml."


def test_an_exercise_takes_the_time_to_read_answer_and_write(tmp_path: Path) -> None:
    lesson(tmp_path)
    path = tmp_path / "source" / "repair" / "repair.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    words = "\n".join(["one two three four five six"] * 5)
    cells: list[tuple[str, str, dict[str, object]]] = [
        (
            "markdown",
            f"**About 25 minutes.**\n<!-- === BEGIN MARK SCHEME === -->\n{words}\n<!-- === END MARK SCHEME === -->",
            {},
        ),
        ("code", f'ask.choose("q1", """\n{words}\n""")', {}),
        ("code", f'mark.choice("q1", """\n{words}\n""")', {"grade": True, "points": 2}),
        ("code", 'ask.write("reflection", """\nSeven words are here, without the key.\n""", count=(200, 280))', {}),
        ("code", 'mark.answered("reflection")', {"grade": True, "points": 0}),
    ]
    notebook["cells"] = [
        {"id": str(number), "cell_type": kind, "metadata": {"nbgrader": about}, "source": text}
        for number, (kind, text, about) in enumerate(cells)
    ]
    path.write_text(json.dumps(notebook), encoding="utf-8")
    found = exercise_figures(NotebookPage(path, tmp_path))
    assert found
    assert (found.words, found.questions, found.to_write, found.planned) == (3 + 30 + 7, 1, 240, 25)
    assert found.minutes == pytest.approx(40 / 150 + 1 + 20)


def exercise(root: Path, *code: str) -> NotebookPage:
    """Return an exercise that has only these code cells."""
    lesson(root)
    path = root / "source" / "repair" / "repair.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"] = [
        {"id": f"cell-{place}", "cell_type": "code", "metadata": {}, "source": text} for place, text in enumerate(code)
    ]
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return NotebookPage(path, root)


@every("count", ["(200, 280)", "count=(200, 280)"])
def test_the_words_that_a_text_aims_for_are_counted_wherever_they_stand(tmp_path: Path, count: str) -> None:
    found = exercise_figures(exercise(tmp_path, f'ask.write("reflection", "Why?", {count})'))
    assert found
    assert found.to_write == 240


@every("count", ["count='words'", "'characters'", "count=AIM", "count=(200,)"])
def test_a_text_that_aims_for_no_number_of_words_counts_none(tmp_path: Path, count: str) -> None:
    found = exercise_figures(exercise(tmp_path, f'ask.write("note", "Why?", {count})'))
    assert found
    assert found.to_write == 0


def test_a_lesson_is_no_exercise(tmp_path: Path) -> None:
    assert exercise_figures(lesson(tmp_path, ("idea", "markdown", "About 5 minutes."))) is None


def test_the_key_of_an_option_is_not_read(tmp_path: Path) -> None:
    page = lesson(tmp_path, ("now", "code", 'ask.choose("now", """\nWhat now?\n\nA. You ask. {asks-first}\n""")'))
    assert [sentence.text for sentence in read_sentences(page)] == ["What now?", "You ask."]


def test_the_report_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lesson(tmp_path, ("hard", "markdown", HARD))
    monkeypatch.chdir(tmp_path)
    short, long = (CliRunner().invoke(main, ["review", *more]).output for more in ((), ("--words",)))
    assert "course review --words" in short
    assert HARD not in short.split("Reading age")[-1]
    assert f"notebooks/repair.ipynb, cell hard: {HARD}" in long
    assert "reading age" in long


def test_without_a_lesson_there_is_nothing_to_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lesson(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert "Reading age" not in CliRunner().invoke(main, ["review", "source"]).output
