"""Our group: strongest and weakest, bands for few, and the earlier bar above at the close."""

from __future__ import annotations

from course.charts.our_group import our_group_chart
from course.charts.stacked_bars import Statement
from course.content.scales import find_scale
from tests.charts.reading import texts
from tests.charts.test_bars import blocks

POINTS = find_scale("habits").points
BANDS = ("Never to now and then", "About half the time", "Often to always")
WORD = Statement("People do what they say", "People here do what they said they would.", (0, 5, 10, 15, 40, 20, 10))
TRUTH = Statement("An awkward truth", "I could bring an awkward truth to this group.", (10, 20, 30, 20, 10, 10, 0))


def test_the_strongest_and_the_weakest_are_named() -> None:
    chart = our_group_chart([TRUTH, WORD], 30, POINTS)
    assert chart.title == "How do we see this group?"
    assert chart.alt == "30 answers. Strongest: “People do what they say”. Weakest: “An awkward truth”."


def test_statements_stay_in_the_order_in_which_they_were_asked() -> None:
    chart = our_group_chart([TRUTH, WORD], 30, POINTS)
    assert chart.table is not None
    assert [row[0] for row in chart.table.rows] == [TRUTH.text, WORD.text]


def test_at_the_close_the_earlier_bar_stands_above_and_the_move_is_told() -> None:
    later = Statement(TRUTH.name, TRUTH.text, (0, 10, 20, 25, 20, 15, 10), earlier=TRUTH.counts)
    chart = our_group_chart([later], 28, POINTS)
    assert "At the close, “An awkward truth” moved from 20% to 45% “Often” or more." in chart.alt
    assert len(blocks(chart.svg)) == 7 + 6 + 6  # the key, then the two bars without their empty points
    assert chart.table is not None
    assert [row[0] for row in chart.table.rows] == [f"{TRUTH.text} (earlier)", TRUTH.text]
    assert "thin bar is the earlier answer" in chart.note


def test_what_stayed_is_not_said_to_have_moved() -> None:
    again = Statement(TRUTH.name, TRUTH.text, TRUTH.counts, earlier=TRUTH.counts)
    chart = our_group_chart([again], 28, POINTS)
    assert "At the close, “An awkward truth” stayed at 20% “Often” or more." in chart.alt


def test_few_answers_are_in_three_bands() -> None:
    chart = our_group_chart([Statement(WORD.name, WORD.text, (12, 25, 63))], 8, BANDS)
    assert chart.table is not None
    assert chart.table.columns == ("Statement", *BANDS)
    assert "63% “Often to always”" in texts(chart.svg)


def test_answers_close_together_are_said_and_not_drawn() -> None:
    alike = Statement(TRUTH.name, TRUTH.text, reason="answers were close together")
    chart = our_group_chart([alike, Statement(WORD.name, WORD.text, (12, 25, 63))], 8, BANDS)
    assert "“An awkward truth”: answers were close together." in chart.alt
    assert "answers were close together" in texts(chart.svg)
    assert our_group_chart([alike], 0, BANDS).alt == "answers were close together."


def test_reasons_that_differ_are_said_of_each_and_one_that_is_the_same_once() -> None:
    alike = Statement("One", "One", reason="Answers were close together")
    talk = Statement("Two", "Two", reason="Not enough answers. Shall we talk?")
    differ = our_group_chart([alike, talk], 0, BANDS)
    assert differ.alt == "“One”: Answers were close together. “Two”: Not enough answers. Shall we talk?"
    assert (differ.svg, differ.table) == ("", None)
    assert our_group_chart([talk, talk], 0, BANDS).alt == talk.reason


def test_a_long_reason_is_whole_in_the_picture() -> None:
    talk = Statement(
        "Two", "Two", reason="Not enough answers to show without pointing at someone. " * 3 + "Talk about it"
    )
    chart = our_group_chart([WORD, talk], 30, POINTS)
    for svg in (chart.svg, chart.picture(is_narrow=True)):
        assert talk.reason in " ".join(" ".join(texts(svg)).split())


def test_below_five_there_is_a_sentence_and_no_number() -> None:
    chart = our_group_chart([Statement(WORD.name, WORD.text)], 4, POINTS)
    assert chart.alt.startswith("Not enough answers to show without pointing at someone.")
    assert (chart.svg, chart.table) == ("", None)
