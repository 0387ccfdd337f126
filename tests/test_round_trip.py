"""The round trip of README: released, answered, handed in, marked, commented and fed back."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from tests.exercise_keys import feedback as lines_of
from tests.exercise_keys import partly, right, wrong
from tests.paths import ROOT

pytestmark = pytest.mark.nbgrader

SLUG = "two-questions"
REFLECTION = (
    "I convene a discharge group. People rely on my notes: on Tuesday they were out by noon.\n"
    "Night staff may say that I never ask <b>them</b>. <img src=x onerror=alert(1)>\n"
    "I will ask one of them what worries her & only listen. " + "word " * 180
)
NEAR, WRONG = partly(SLUG, "q1", 3)["units"], wrong(SLUG, "q3")
MISPLACED = next(card for card, group in right(SLUG, "q1")["units"].items() if group != NEAR[card])
GIVEN = {
    "q1": {f"card-{place}": group for place, group in enumerate(NEAR.values())},
    "q2": {"pick": right(SLUG, "q2")},
    "q3": {"pick": WRONG},
    "reflection": {"text": REFLECTION},
}
MARKS = {"q1-mark": 3, "q2-mark": 2, "q3-mark": 0, "reflection-check": 0, "reflection-marks": 9}
COMMENT = "Your example is specific. <script>alert(2)</script> Who else might see it otherwise?"


def feedback_line(question: str, option: str, group: str = "") -> str:
    """Return what is said of an option, or of a card in that group."""
    line = lines_of(SLUG, question)[option]
    return line if isinstance(line, str) else line.get(group) or line[right(SLUG, question)["units"][option]]


LINES = {
    "Question 1 3 of 4 marks": feedback_line("q1", MISPLACED, NEAR[MISPLACED]),
    "Question 2 2 of 2 marks": feedback_line("q2", right(SLUG, "q2")),
    "Question 3 0 of 2 marks": feedback_line("q3", WRONG),
}


def commands() -> list[str]:
    """Return the lines of the round trip as README shows them."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    block = re.search(r"^## The round trip.*?^```bash\n(.*?)^```", readme, re.MULTILINE | re.DOTALL)
    assert block
    return [line for line in block[1].splitlines() if line and not line.startswith("#")]


def learn(checkout: Any) -> None:
    """Open the course as its learner, without the browser."""
    checkout.run('python -c "from course.learner.working_copy import fill; fill()"')


def grade(checkout: Any) -> None:
    """Give marks and a comment for the reflection, as the formgrader does."""
    with checkout.gradebook() as gradebook:
        person = gradebook.students[0].id
        mark = gradebook.find_grade("reflection-marks", SLUG, SLUG, person)
        mark.manual_score = MARKS["reflection-marks"]
        gradebook.find_comment("reflection-marks", SLUG, SLUG, person).manual_comment = COMMENT
        gradebook.db.commit()


def words(page: str) -> str:
    """Return the words of a page as a person reads them."""
    body = page[page.index("<body") :]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


@pytest.fixture(scope="module")
def trip(checkouts: Any) -> Any:
    """Do the whole round trip, and keep what Validate said before and after answering.

    The learner's copy is made first, when there is no exchange folder yet.
    """
    checkout = checkouts()
    checkout.said = []
    learn(checkout)
    for line in commands():
        if "nbgrader validate" in line:
            checkout.said.append(checkout.run(line))
            checkout.answer(SLUG, {**GIVEN, "q1": {"card-0": next(iter(NEAR.values()))}, "q3": {}})
            checkout.said.append(checkout.run(line))
            checkout.answer(SLUG, GIVEN)
            checkout.said.append(checkout.run(line))
        elif "nbgrader generate_feedback" in line:
            grade(checkout)
            checkout.run(line)
        else:
            checkout.run(line)
    return checkout


@pytest.fixture(scope="module")
def feedback(trip: Any) -> str:
    """Return the feedback page that the learner fetched."""
    pages = list((trip.work / "exercises" / SLUG / "feedback").rglob("*.html"))
    assert len(pages) == 1
    return pages[0].read_text(encoding="utf-8")


def test_validate_names_each_question_without_an_answer(trip: Any) -> None:
    for question in ("Question 1", "Question 2", "Question 3", "The reflection"):
        assert f"{question} has no answer yet.\n    Answer it" in trip.said[0]
    assert "Traceback" not in trip.said[0]


def test_validate_names_what_is_left_of_a_half_answered_exercise(trip: Any) -> None:
    assert "Question 1 is not finished" in trip.said[1]
    assert "Question 3 has no answer yet" in trip.said[1]
    assert "Question 2" not in trip.said[1]
    assert "reflection" not in trip.said[1].partition("VALIDATION FAILED")[2]


def test_validate_lets_an_answered_exercise_pass(trip: Any) -> None:
    assert "Success! Your notebook passes all the tests." in trip.said[2]


def test_each_question_has_its_marks_in_the_gradebook(trip: Any) -> None:
    with trip.gradebook() as gradebook:
        (student,) = gradebook.students
        notebook = gradebook.find_submission_notebook(SLUG, SLUG, student.id)
        assert {grade.name: grade.score for grade in notebook.grades} == MARKS
        assert (notebook.score, notebook.max_score) == (14, 20)


def test_the_feedback_page_shows_the_marks_and_the_line_of_each_question(feedback: str) -> None:
    for marks, line in LINES.items():
        assert marks in words(feedback)
        assert re.search(rf"What the course says ((?!What you answered).)*{re.escape(line)}", words(feedback))


def test_the_feedback_page_says_of_each_row_whether_it_is_right(feedback: str) -> None:
    rows = re.findall(r'<li class="course-(right|wrong)">(Right|Not right)[:.] ', feedback)
    assert sorted(rows) == [*[("right", "Right")] * 4, *[("wrong", "Not right")] * 2]


def test_the_feedback_page_shows_what_the_learner_wrote_as_text(feedback: str) -> None:
    assert " ".join(REFLECTION.split()) in words(feedback)
    assert "<img src=x" not in feedback
    assert "<b>them</b>" not in feedback


def test_the_feedback_page_shows_the_score_and_the_comment(feedback: str) -> None:
    assert "14 of 20 marks in all." in words(feedback)
    assert "Reflection 9 of 12 marks" in words(feedback)
    assert "Your example is specific." in feedback
    assert "Who else might see it otherwise?" in feedback
    assert "alert(2)" not in feedback


def test_the_feedback_page_shows_the_four_levels(feedback: str) -> None:
    for level in ("4 Questioning", "3 Reflecting", "2 Understanding", "1 Describing"):
        assert level in words(feedback)
    assert "3 Reflecting, 9 marks You are here" in words(feedback)
    assert "MARK SCHEME" not in words(feedback)


def test_the_feedback_page_shows_neither_code_nor_keys(feedback: str) -> None:
    for code in (r"mark\.", r"\bask\.", "import", right(SLUG, "q2"), r"In \[", r"Out\["):
        assert not re.search(code, words(feedback))


def test_the_feedback_page_asks_no_other_host_and_runs_nothing(feedback: str) -> None:
    assert "<script" not in feedback
    assert not re.findall(r'(?:src|href)="(?!#|data:image/)', feedback)
    assert "@import" not in feedback


def test_what_stays_private_is_not_handed_in(trip: Any) -> None:
    (handed_in,) = (trip.root / "submitted").glob(f"*/{SLUG}")
    names = {path.name for path in handed_in.iterdir()}
    assert names == {f"{SLUG}.ipynb", "answers.json", "timestamp.txt", "submission_secret.txt"}
