"""The start page: what to do next, how far each lesson is, and what became of the exercises."""

from __future__ import annotations

import base64
import datetime
import html
import re
from pathlib import Path

from icalendar import Calendar

from course.charts.start_page import lessons_html
from course.content.lessons import follow_up, lessons
from course.core.errors import AnswersDamaged, AnswersTooNew
from course.core.moments import clock_at
from course.records.journal import Journal
from course.records.progress import Progress
from course.records.reminders import days_to_come
from course.records.submissions import SubmissionStatus
from tests.cases import every

SLUG = lessons()[1].key
DAY = datetime.date(2026, 2, 3)
STEPS = [Progress(lesson, finished, 10) for lesson, finished in zip(lessons(), [10, 4, *[0] * 6], strict=True)]
DONE = [Progress(lesson, 10, 10) for lesson in lessons()]
FEEDBACK = Path("copy", "exercises", SLUG, "feedback", "2026-02-03 10:11:12.5 UTC", f"{SLUG}.html")


def text(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL)).split())


def links(page: str) -> dict[str, str]:
    return {html.unescape(words): address for address, words in re.findall(r'<a href="([^"]*)"[^>]*>([^<]*)</a>', page)}


def row(page: str, slug: str) -> str:
    (found,) = (
        part for part in page.split("<tr ") if f'<th scope="row" role="rowheader"><a href="{slug}.ipynb"' in part
    )
    return found


def test_each_lesson_says_how_far_it_is_and_what_is_left() -> None:
    page = lessons_html(STEPS)
    assert "30 minutes Done: all 10 activities" in text(row(page, lessons()[0].key))
    assert "About 20 minutes left Started: 4 of 10 activities" in text(row(page, SLUG))
    assert "35 minutes Not started" in text(row(page, lessons()[2].key))
    assert "The minutes left are a guess" in text(page)


def test_a_page_that_cannot_be_read_is_named_and_never_called_not_started() -> None:
    too_new, damaged = AnswersTooNew("", ""), AnswersDamaged("", "")
    problems = {1: too_new, 2: too_new, 3: damaged}
    steps = [Progress(lesson, 0, 10, problems.get(place)) for place, lesson in enumerate(lessons())]
    page = lessons_html(steps)
    one, two, three = (lessons()[place].title for place in (1, 2, 3))
    assert text(page).count("A newer version of this course wrote") == 1
    assert f"wrote your answers in 1. {one} and 2. {two}. They are safe" in text(page)
    assert f"Your answers in 3. {three} cannot be read." in text(page)
    assert "Your answers cannot be read now" in text(row(page, lessons()[1].key))
    assert "Not started" not in text(row(page, lessons()[1].key))
    assert f"Next: begin with 4. {lessons()[4].title}" in text(page)


def test_nothing_is_called_done_while_pages_cannot_be_read() -> None:
    page = lessons_html([Progress(lesson, 0, 10, AnswersTooNew("", "")) for lesson in lessons()])
    assert "What comes next cannot be said" in text(page)
    assert "You have done all of it" not in text(page)


def test_a_guess_is_explained_only_where_there_is_one() -> None:
    assert "guess" not in text(lessons_html(DONE))


def test_the_next_thing_is_a_sentence_with_a_link() -> None:
    page = lessons_html(STEPS)
    assert text(page).startswith(f"Next: go on with 1. {lessons()[1].title} . About 20 minutes are left.")
    first = re.search(r'course-next">(.*?)</p>', page)
    assert first
    assert f'href="{SLUG}.ipynb"' in first[1]
    assert "\ue000" not in page


def test_after_the_last_lesson_comes_day_30_and_then_nothing() -> None:
    later = Progress(follow_up(), 0, 5)
    page = lessons_html([*DONE, later])
    assert "about a month after your plan, open Day 30" in text(page)
    assert links(page)["Day 30"] == "day-30.ipynb"
    assert text(lessons_html([*DONE, Progress(follow_up(), 5, 5)])).startswith("You have done all of it.")


def test_without_an_exchange_nothing_is_said_of_handing_in() -> None:
    assert "and" in text(lessons_html(STEPS))
    assert "anded in" not in text(lessons_html(STEPS))


@every(
    "exercise,said,not_said",
    [
        (SubmissionStatus(SLUG), "Not handed in", "Handed in on"),
        (SubmissionStatus(SLUG, DAY), "Handed in on 3 February 2026", "eedback"),
        (SubmissionStatus(SLUG, DAY, is_changed=True), "changed since", "eedback"),
        (SubmissionStatus(SLUG, DAY, is_waiting=True), "Feedback is waiting", "Read your"),
        (SubmissionStatus(SLUG, DAY, page=FEEDBACK), "Read your feedback on exercise 1", "waiting"),
        (SubmissionStatus(SLUG, DAY, is_waiting=True, page=FEEDBACK), "Feedback is waiting", "Not handed in"),
        (SubmissionStatus(SLUG, made=DAY), "Hand-in file made on 3 February 2026", "anded in"),
        (SubmissionStatus(SLUG, made=DAY, is_changed=True), "changed since", "anded in on"),
        (
            SubmissionStatus(SLUG, DAY, is_reply_new=True),
            "wrote back to your trainer is not handed in",
            "changed since",
        ),
        (SubmissionStatus(SLUG, DAY, made=DAY), "Handed in on 3 February 2026 Hand-in file made on", "eedback"),
        (SubmissionStatus(SLUG, page=FEEDBACK), "Read your feedback on exercise 1", "anded in"),
    ],
)
def test_each_exercise_says_what_became_of_it(exercise: SubmissionStatus, said: str, not_said: str) -> None:
    told = text(row(lessons_html(STEPS, [exercise]), SLUG))
    assert said in told
    assert not_said not in told
    assert "Exercise 1" in told


def test_how_to_fetch_feedback_is_said_once_and_only_where_some_is_waiting() -> None:
    waiting = [SubmissionStatus(lesson.key, DAY, is_waiting=True) for lesson in lessons()[1:3]]
    told = text(lessons_html(STEPS, waiting))
    assert told.count("Fetch feedback") == 1
    assert told.endswith(f"nbgrader fetch_feedback {SLUG}")
    assert "Fetch Feedback" not in text(lessons_html(STEPS, [SubmissionStatus(SLUG, DAY, page=FEEDBACK)]))


def test_feedback_and_exercise_are_linked_from_where_the_page_is() -> None:
    found = links(lessons_html(STEPS, [SubmissionStatus(SLUG, DAY, page=FEEDBACK)]))
    assert found["Exercise 1"] == f"../exercises/{SLUG}/{SLUG}.ipynb"
    assert found["Read your feedback on exercise 1"] == (
        f"../exercises/{SLUG}/feedback/2026-02-03%2010%3A11%3A12.5%20UTC/{SLUG}.html"
    )


def test_an_exercise_left_over_comes_before_day_30() -> None:
    steps = [*DONE, Progress(follow_up(), 0, 5)]
    assert "Hand in Exercise 1 when you are ready" in text(lessons_html(steps, [SubmissionStatus(SLUG)]))
    assert "month after" in text(lessons_html(steps, [SubmissionStatus(SLUG, DAY)]))
    assert "month after" in text(lessons_html(steps, [SubmissionStatus(SLUG, made=DAY)]))


def test_made_up_progress_is_labelled() -> None:
    assert text(lessons_html(STEPS, label="Synthetic <data>")).startswith("Synthetic <data>")


def test_a_feedback_file_that_was_not_used_is_said_above_all() -> None:
    assert text(lessons_html(STEPS, problems=["The file <b> was not used."])).startswith("The file <b> was not used.")


def test_days_to_come_are_offered_for_the_calendar_once_a_day_to_come_back_is_kept(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    with clock_at(datetime.datetime(2026, 11, 28, 12, tzinfo=datetime.UTC)):
        assert "calendar" not in text(lessons_html(STEPS, days=days_to_come(journal)))
        journal.page("trust-plan").save("plan-day", "2026-12-10")
        page = lessons_html(STEPS, days=days_to_come(journal))
    files = re.findall(r'href="data:text/calendar;base64,([^"]*)" download="([^"]*)"[^>]*>([^<]*)<', page)
    assert [(name, label) for _, name, label in files] == [
        ("day-30.ics", "Download day 30: 10 December 2026"),
        ("day-90.ics", "Download day 90: 8 February 2027"),
    ]
    for data, name, _ in files:
        (event,) = Calendar.from_ical(base64.b64decode(data)).walk("VEVENT")
        assert name.removesuffix(".ics").replace("-", " ") in event["SUMMARY"]
