"""The pulse from lesson to lesson, in words, steps and marks."""

from __future__ import annotations

from itertools import pairwise

from course.charts import pulse as drawn
from course.charts.kit.layout import text_size, wrap
from course.charts.kit.palette import NARROW, SMALL, WIDTH
from course.charts.pulse import pulse_chart
from course.content.scales import find_scale
from course.records.journal import Journal
from tests.charts.reading import texts


def pulse(journal: Journal, slug: str, **answers: object) -> None:
    journal.page(slug).save("pulse", answers)


def test_before_any_pulse_there_is_a_kind_sentence(journal: Journal) -> None:
    pulse(journal, "two-questions", P1="n", P2=9, TRIED=1)
    chart = pulse_chart(journal.ratings())
    assert (chart.svg, chart.table) == ("", None)
    assert chart.alt.startswith("Your pulse will appear here")


def test_one_moment_is_said_as_one_moment(journal: Journal) -> None:
    pulse(journal, "two-questions", P1=5, P2="n")
    chart = pulse_chart(journal.ratings())
    assert chart.alt == "Lesson 1: “Could count on me” Often; “Could tell that I care” No chance to."
    assert "Last action tried?" not in " ".join(texts(chart.svg))
    assert "Could tell that I care" not in texts(chart.svg)


def test_the_sentence_says_from_where_to_where_and_how_many_actions(journal: Journal) -> None:
    pulse(journal, "two-questions", P1=4, P2=6, TRIED=1)
    pulse(journal, "keeping-your-word", P1="n", P2=5, TRIED=2)
    pulse(journal, "listening", P1=6, P2=6, TRIED=3)
    chart = pulse_chart(journal.ratings())
    assert chart.alt == (
        "3 moments. “Could count on me” began at About half the time and ended at Nearly always. "
        "Highest: Nearly always (Lesson 3). Lowest: About half the time (Lesson 1). "
        "“Could tell that I care” began and ended at Nearly always. "
        "Highest: Nearly always (Lesson 1 and Lesson 3). Lowest: Often (Lesson 2). "
        "Last action tried? Yes 1, Partly 1, No chance yet 1."
    )
    assert {"Could count on me", "Could tell that I care", "Y", "P", "C", "No chance yet", "N", "No"} <= set(
        texts(chart.svg)
    )
    assert chart.table is not None
    assert chart.table.rows[1] == ("Lesson 2", "No chance to", "5 (Often)", "Partly")


def test_no_chance_to_is_an_answer_and_is_not_called_none(journal: Journal) -> None:
    pulse(journal, "two-questions", P1=4, P2="n")
    pulse(journal, "keeping-your-word", P1=5)
    chart = pulse_chart(journal.ratings())
    assert "“Could tell that I care” has only “No chance to” so far." in chart.alt
    assert chart.table is not None
    assert [row[2] for row in chart.table.rows] == ["No chance to", "No answer"]


def test_a_series_that_moved_inside_is_not_summed_up_by_its_ends(journal: Journal) -> None:
    lessons = ("two-questions", "keeping-your-word", "listening", "repair", "sharing-power", "thanks")
    for slug, rating in zip(lessons, (4, 5, 7, 6, 5, 4), strict=True):
        pulse(journal, slug, P1=rating, P2=rating)
    assert (
        "“Could count on me” began and ended at About half the time. "
        "Highest: Always (Lesson 3). Lowest: About half the time (Lesson 1 and Lesson 6)."
    ) in pulse_chart(journal.ratings()).alt


def test_every_lesson_has_its_place_and_day_30_only_once_it_is(journal: Journal) -> None:
    pulse(journal, "two-questions", P1=4, P2=6)
    assert {"Start", "1", "2", "3", "4", "5", "6", "Now"} <= set(texts(pulse_chart(journal.ratings()).svg))
    assert "Day" not in texts(pulse_chart(journal.ratings()).svg)
    journal.page("day-30").save("day-30", {"P1": 5, "P2": 6})
    assert "Day" in texts(pulse_chart(journal.ratings()).svg)


def test_the_same_ratings_give_the_same_picture(journal: Journal) -> None:
    pulse(journal, "two-questions", P1=4, P2=6, TRIED=2)
    assert pulse_chart(journal.ratings()).svg == pulse_chart(journal.ratings()).svg


def test_no_and_no_chance_yet_have_signs_and_words_of_their_own(journal: Journal) -> None:
    pulse(journal, "two-questions", P1=4, P2=6, TRIED=3)
    pulse(journal, "keeping-your-word", P1=4, P2=6, TRIED=4)
    chart = pulse_chart(journal.ratings())
    assert chart.table is not None
    assert [row[-1] for row in chart.table.rows] == ["No chance yet", "No"]
    said = texts(chart.svg)
    assert (said.count("C"), said.count("N")) == (2, 2), "each stands once under a lesson and once in the key"


def test_the_labels_of_two_answers_do_not_run_into_each_other() -> None:
    points = find_scale("pulse").points
    step = drawn._HEIGHT / (len(points) + 1.05)
    for width in (WIDTH, NARROW):
        heights = [text_size(wrap(point, SMALL, drawn._left(width) - 12), SMALL)[1] for point in points]
        for one, other in pairwise(heights):
            assert step - (one + other) / 2 >= 0.5 * SMALL, "half a line or more stays free between them"
