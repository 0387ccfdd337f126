"""A feedback page says what was asked, answered and said of it, in the gradebook's marks, and nothing else."""

from __future__ import annotations

import base64
import hashlib
import html
import itertools
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest

from course.content import words as say
from course.core.errors import CannotMark
from course.trainer.feedback.marks import CellMarks, FeedbackOptions, SubmissionMarks
from course.trainer.feedback.page import FeedbackPage, feedback_html, make_page
from course.trainer.pages.marked_exercise import read_exercise
from course.trainer.pages.own_cells import own_cells
from tests import pseudo
from tests.cases import every
from tests.paths import ROOT

TEMPLATE = ROOT / "course" / "trainer" / "templates" / "feedback" / "page.html.j2"
SLUG = "two-questions"
TIME = "2026-11-22 12:01:02.345678 UTC"
WRONG = "The model warns that friendship does not bring trust by itself."
SHOWN = {
    "q1": "<div><dl><dt>Sends papers when agreed.</dt><dd><p>Competence</p></dd></dl></div>",
    "reflection": "<dl><dt>Place yourself on the map.</dt><dd><p>&lt;b&gt;Notes&lt;/b&gt; by noon.</p></dd></dl>",
    "q1-mark": '<p class="course-mark"><strong>Question 1: 3 of 4 marks.</strong> </p><ul class="course-rows">'
    '<li class="course-right">Right: “Sends papers.”</li>'
    '<li class="course-wrong">Not right: “Asks them.” Ask of each.</li></ul>',
    "q2-mark": f'<p class="course-mark"><strong>Question 2: 0 of 2 marks.</strong> {say("mark.no-answer")}</p>',
    "q3-mark": f'<p class="course-mark"><strong>Question 3: 0 of 2 marks.</strong> {WRONG}</p>',
}
EVERYTHING = FeedbackOptions()
COMMENT = "# Good\n\nYour example is **specific**. <script>alert(2)</script><img src=https://other.test/x.png>"


def cells(**shown: str) -> list[Any]:
    """Return the cells of the exercise as marking leaves them."""
    notebook = nbformat.read(ROOT / "source" / SLUG / f"{SLUG}.ipynb", as_version=4)
    for cell in notebook.cells:
        page = {**SHOWN, **shown}.get(cell.id)
        if page:
            cell.outputs = [nbformat.v4.new_output("display_data", {"text/html": page})]
    return notebook.cells


def given(reflection: CellMarks | None = None, **other: CellMarks) -> SubmissionMarks:
    marks = {
        "q1-mark": CellMarks(3, 4),
        "q2-mark": CellMarks(0, 2),
        "q3-mark": CellMarks(0, 2),
        "reflection-check": CellMarks(0, 0),
        "reflection-marks": reflection or CellMarks(9, 12, comment=COMMENT),
        **other,
    }
    return SubmissionMarks(
        marks, sum(mark.score for mark in marks.values()), sum(mark.points for mark in marks.values())
    )


def added(text: str) -> Any:
    """Return a cell of the learner's own, as the rebuilt notebook has it."""
    return nbformat.v4.new_markdown_cell(f"```text\n{text}\n```", metadata={"course": {"added": True}})


def page(
    marks: SubmissionMarks | None = None, wanted: FeedbackOptions = EVERYTHING, *added: Any, **shown: str
) -> FeedbackPage:
    every_cell = [*cells(**shown), *added]
    exercise = read_exercise(every_cell, own_cells(ROOT, SLUG), marks=wanted.marks)
    return make_page(SLUG, exercise, every_cell, marks or given(), wanted, TIME)


def written(seen: FeedbackPage) -> str:
    return feedback_html(seen)


def read(text: str) -> str:
    """Return the words of a page as a person reads them."""
    return " ".join(html.unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", text, flags=re.DOTALL)).split())


def test_a_page_names_the_exercise_and_the_day() -> None:
    assert page().title == "Feedback on exercise 1: Two questions people ask about you"
    zone = FeedbackOptions(zone="Asia/Tokyo")
    assert page(wanted=zone).handed_in.endswith(" (Asia/Tokyo).")
    assert page().handed_in.startswith("Building Trust. You handed this in on 22 November 2026, ")


def test_its_parts_are_the_questions_and_the_reflection_and_no_other() -> None:
    assert [part.title for part in page().sections] == ["Question 1", "Question 2", "Question 3", "Reflection"]


@every("label", ["Grade cell", "Test cell", "Task", "q1-mark</", "How it works", "Hand in", "setup"])
def test_nbgraders_labels_and_the_parts_about_doing_the_exercise_are_not_on_it(label: str) -> None:
    assert label not in written(page())


def test_marks_are_those_of_the_gradebook_also_where_a_trainer_changed_the_courses() -> None:
    text = read(written(page(given(**{"q1-mark": CellMarks(4, 4)}))))
    assert "Question 1 4 of 4 marks" in text
    assert "3 of 4" not in text
    assert "Ask of each." in text
    assert "13 of 20 marks in all." in text


@pytest.mark.parametrize("wanted", [EVERYTHING, FeedbackOptions(marks=False)])
def test_each_row_says_whether_it_is_right(wanted: FeedbackOptions) -> None:
    text = written(page(None, wanted))
    assert '<li class="course-right">Right: “Sends papers.”</li>' in text
    assert '<li class="course-wrong">Not right: “Asks them.” Ask of each.</li>' in text


def test_what_was_marked_before_rows_said_so_is_shown_as_it_was() -> None:
    earlier = '<p class="course-mark"><strong>Question 1: 3 of 4 marks.</strong> One is missing.<br>Ask of each.</p>'
    text = written(page(None, EVERYTHING, **{"q1-mark": earlier}))
    assert '<p class="course-mark">One is missing.<br>Ask of each.</p>' in text


def test_what_a_trainer_has_not_marked_is_not_counted() -> None:
    text = read(written(page(given(CellMarks(0, 12, waiting=True)))))
    assert "3 of 8 marks so far. Your trainer has not marked all of it yet." in text
    assert "Reflection Your trainer has not marked this yet." in text
    assert "0 of 12" not in text
    assert "Your level" not in text


@pytest.mark.parametrize(
    "score,level", [(12, "4 Questioning"), (10, "3 Reflecting"), (8, "3 Reflecting"), (0, "Nothing written")]
)
def test_a_reflection_has_its_level_in_words(score: float, level: str) -> None:
    text = read(written(page(given(CellMarks(score, 12)))))
    assert f"Your level: {level}" in text
    assert text.count("You are here") == 1


def test_a_comment_is_clean_and_has_no_heading_of_its_own() -> None:
    text = written(page())
    assert "<p><strong>Good</strong></p>" in text
    assert "<strong>specific</strong>" in text
    assert "alert(2)" not in text
    assert "other.test" not in text
    assert "<img" not in text


def test_what_a_learner_wrote_stays_text() -> None:
    assert "&lt;b&gt;Notes&lt;/b&gt; by noon." in written(page())


def test_without_marks_there_is_no_word_of_them() -> None:
    text = read(written(page(wanted=FeedbackOptions(marks=False))))
    assert not re.search(r"\b(marks?|points?|total|score)\b", text, re.IGNORECASE)
    assert not re.search(r"\d+ of \d+", text)
    for words_of_feedback in ("Ask of each.", WRONG, "There was no answer.", "specific", "Your level: 3 Reflecting"):
        assert words_of_feedback in text


def test_code_is_shown_on_request_and_only_then() -> None:
    assert "mark.matching" in written(page(wanted=FeedbackOptions(code=True)))
    assert "mark." not in read(written(page()))


def test_what_a_learner_added_is_text_and_a_note_to_the_trainer_is_not_shown() -> None:
    note = nbformat.v4.new_markdown_cell("**Handed in again.**", metadata={"course": {"note": True}})
    text = written(page(None, EVERYTHING, added("<script>run()</script>"), note))
    assert "&lt;script&gt;run()&lt;/script&gt;" in text
    assert "Handed in again" not in text
    assert "```" not in text


def test_a_question_that_could_not_be_marked_says_so() -> None:
    questions = [part for part in page(**{"q3-mark": ""}).sections if part.title == "Question 3"]
    assert "could not mark this question" in questions[0].line


@pytest.mark.parametrize("other", [{"q4-mark": CellMarks(1, 1)}, {"q1-mark": CellMarks(0, 0)}])
def test_a_page_is_refused_where_the_gradebook_has_other_questions(other: dict[str, CellMarks]) -> None:
    with pytest.raises(CannotMark, match="course grade two-questions"):
        page(given(**other))


def test_late_hand_ins_are_told_what_it_cost() -> None:
    marks = given()
    late = SubmissionMarks(marks.by_cell, marks.score - 2, marks.most, late_penalty=2)
    assert "10 of 20 marks in all. Handed in late: 2 marks fewer" in read(written(page(late)))


def test_the_page_asks_no_other_host_and_runs_nothing() -> None:
    text = written(page())
    assert "<script" not in text
    assert "@import" not in text
    assert "url(" not in text
    assert not re.findall(r'(?:src|href)="(?!#)', text)
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in html.unescape(text)


def test_every_text_is_escaped_but_what_was_cleaned() -> None:
    seen = page()
    (first, *others) = seen.sections
    text = "<i>text</i>"
    level = replace(others[-1].levels[0], name=text, looks_like=text)
    marked = replace(first, anchor=text, title=text, marks=text, levels=(level,), level=level, code=(text,))
    html_page = feedback_html(
        replace(seen, title=text, handed_in=text, total=text, late=text, sections=(marked,), added=(text,))
    )
    assert text not in html_page
    assert html_page.count("&lt;i&gt;text&lt;/i&gt;") >= 14
    assert str(first.answer) in html_page
    assert "| safe" not in TEMPLATE.read_text(encoding="utf-8")


def test_headings_are_in_order() -> None:
    levels = [int(level) for level in re.findall(r"<h(\d)", written(page()))]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert levels.count(1) == 1


def test_every_word_of_the_page_itself_is_in_translation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    exercise = [cell.source for cell in cells()]
    others = html.unescape(" ".join([*exercise, *SHOWN.values(), COMMENT, "typed"]))
    monkeypatch.setenv("BUILDING_TRUST_WORDS", str(pseudo.write_edition(tmp_path / "words")))
    pages = [
        page(None, EVERYTHING, added("typed")),
        page(given(CellMarks(0, 12, waiting=True)), FeedbackOptions(code=True)),
        page(None, FeedbackOptions(marks=False), **{"q1-mark": ""}),
    ]
    levels = re.compile("|".join(["UTC", *(level.title for level in pages[0].sections[-1].levels)]))
    texts = (levels.sub("", text) for seen in pages for text in pseudo.Page(written(seen)).texts)
    translated = pseudo.escaped(texts)
    assert [text for text in translated if text.strip() not in others] == []
