"""The charts of statements: sorted by the question or as asked, said in words, never more than what may be shown."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from course.charts.chart import quoted_list
from course.charts.kit.palette import DARK
from course.charts.stacked_bars import Statement, percent_above
from course.charts.statement_charts import bars_chart, our_group_chart
from course.content.scales import find_scale
from tests.charts.reading import SVG, texts

POINTS = find_scale("habits").points
BANDS = ("Never to now and then", "About half the time", "Often to always")
HIGH = Statement("Came prepared", "I came prepared.", (0, 0, 5, 15, 40, 30, 10))
LOW = Statement("Raised hard things", "I raised difficult matters.", (10, 20, 20, 20, 15, 10, 5))
HIDDEN = Statement("Told people early", "I told those affected.")


def test_the_sentence_names_the_most_and_the_least() -> None:
    chart = bars_chart([LOW, HIGH], 20, POINTS)
    assert chart.title == "What do people here report most and least often?"
    assert chart.alt == (
        "20 people. Most often true: “Came prepared”, 80% “Often” or more. Least often: “Raised hard things”, 30%."
    )


def test_rows_go_from_the_most_often_true_to_the_least_with_what_is_hidden_last() -> None:
    chart = bars_chart([HIDDEN, LOW, HIGH], 20, POINTS)
    assert chart.table is not None
    assert [row[0] for row in chart.table.rows] == [HIGH.text, LOW.text, HIDDEN.text]
    names = [text for text in texts(chart.svg) if text in (HIGH.name, LOW.name, HIDDEN.name)]
    assert names == [HIGH.name, LOW.name, HIDDEN.name]


def test_the_table_has_every_share_and_the_picture_those_that_fit() -> None:
    chart = bars_chart([HIGH, LOW], 20, POINTS)
    assert chart.table is not None
    assert chart.table.columns == ("Statement", *POINTS)
    assert chart.table.rows[0][1:] == ("0%", "0%", "5%", "15%", "40%", "30%", "10%")
    assert {"15", "40", "30", "10"} <= set(texts(chart.svg))
    assert {"80% “Often” or more", "30% “Often” or more"} <= set(texts(chart.svg))


def test_what_is_hidden_is_said_and_has_no_bar() -> None:
    with_it, without = bars_chart([HIGH, HIDDEN], 20, POINTS), bars_chart([HIGH], 20, POINTS)
    assert "Not shown, because it could identify someone" in texts(with_it.svg)
    assert len(blocks(with_it.svg)) == len(blocks(without.svg))
    assert with_it.table is not None
    assert with_it.table.rows[1] == (HIDDEN.text, "Not shown, because it could identify someone", *[""] * 6)


def test_a_hidden_statement_could_be_the_most_often_true_so_the_sentence_says_of_which_it_speaks() -> None:
    chart = bars_chart([HIGH, LOW, HIDDEN], 20, POINTS)
    assert chart.alt.startswith(
        "20 people. Only 2 of 3 statements can be shown; the others may be higher or lower. Most"
    )
    assert "can be shown" not in bars_chart([HIGH, LOW], 20, POINTS).alt


def test_where_all_is_hidden_there_is_a_sentence_and_no_picture() -> None:
    chart = bars_chart([HIDDEN, HIDDEN], 9, POINTS)
    assert chart.alt == (
        "There are not enough answers to show without identifying someone. "
        "Talk about it instead: what would you each have said?"
    )
    assert (chart.svg, chart.table) == ("", None)
    assert "9" not in chart.alt


def blocks(svg: str) -> list[tuple[float, float]]:
    """Return the left edge and the width of each block of the bars, from left to right and top to bottom."""
    found = []
    for path in ElementTree.fromstring(svg).iter(f"{SVG}path"):
        numbers = [float(number) for number in re.findall(r"-?\d+\.?\d*", path.get("d", ""))]
        if len(numbers) == 8 and "stroke-linejoin: miter" in path.get("style", ""):
            found.append((min(numbers[::2]), max(numbers[::2]) - min(numbers[::2])))
    return found


def rows(svg: str, key: int = 7) -> list[list[tuple[float, float]]]:
    """Return the blocks of the bars without the key, which is drawn first, in rows."""
    done: list[list[tuple[float, float]]] = []
    for left, wide in blocks(svg)[key:]:
        if done and abs(sum(done[-1][-1]) - left) < 0.01:
            done[-1].append((left, wide))
        else:
            done.append([(left, wide)])
    return done


def test_bars_lie_around_the_middle_of_the_scale() -> None:
    first, second = rows(bars_chart([HIGH, LOW], 20, POINTS).svg)
    middle = first[1][0] + first[1][1] / 2
    assert second[3][0] + second[3][1] / 2 == pytest.approx(middle, abs=0.01)
    assert first[0][0] > second[0][0]


def test_plain_bars_go_from_end_to_end() -> None:
    chart = bars_chart([HIGH, LOW], 20, POINTS, plain=True)
    first, second = rows(chart.svg)
    assert first[0][0] == second[0][0]
    assert sum(first[-1]) == pytest.approx(sum(second[-1]), abs=0.01)
    assert {"0%", "50%", "100%"} <= set(texts(chart.svg))
    assert chart.alt == bars_chart([HIGH, LOW], 20, POINTS).alt


def test_shares_that_add_up_to_99_make_a_whole_bar() -> None:
    odd = Statement("Odd", "Odd", (0, 0, 33, 0, 33, 33, 0))
    whole = Statement("Whole", "Whole", (0, 0, 0, 0, 100, 0, 0))
    first, second = rows(bars_chart([whole, odd], 12, POINTS, plain=True).svg)
    assert sum(wide for _, wide in first) == pytest.approx(sum(wide for _, wide in second), abs=0.01)


def test_a_share_of_several_points_is_made_from_the_counts() -> None:
    half = Statement("Half", "Half", (0, 6, 0, 0, 2, 2, 2))
    chart = bars_chart([half, HIGH], 12, POINTS)
    assert {"17", "50% “Often” or more"} <= set(texts(chart.svg))
    assert "“Half”, 50%." in chart.alt
    assert "51%" not in chart.alt


def test_one_of_eight_is_13_percent() -> None:
    chart = bars_chart([Statement("Came prepared", "I came prepared.", (1, 2, 5))], 8, BANDS)
    assert chart.table is not None
    assert chart.table.rows[0][1:] == ("13%", "25%", "63%")


def test_everything_in_one_point_is_drawn_and_said() -> None:
    for point in range(7):
        shares = tuple(100 if place == point else 0 for place in range(7))
        chart = bars_chart([Statement("One", "One", shares), Statement("Two", "Two", shares)], 12, POINTS)
        assert len(rows(chart.svg)) == 2
        assert f"All statements have the same answers: {percent_above(shares)}% “Often” or more." in chart.alt


def test_three_bands_are_named_by_their_words() -> None:
    chart = bars_chart([Statement("Came prepared", "I came prepared.", (12, 25, 63))], 8, BANDS)
    assert set(BANDS) <= set(texts(chart.svg))
    assert "63% “Often to always”" in texts(chart.svg)


def test_no_word_is_cut_off_on_a_narrow_page() -> None:
    long = Statement("Made clear what this group is for and what it is not for", "Long", HIGH.counts)
    chart = bars_chart([long], 20, POINTS)
    narrow = chart.picture(is_narrow=True)
    assert narrow != chart.svg
    assert long.name in " ".join(texts(narrow)).replace("\n", " ")
    assert 'width="280pt"' in narrow


def test_ties_are_named_and_many_are_counted() -> None:
    assert quoted_list(["A.", "B"]) == "“A” and “B”"
    assert quoted_list(["A", "B", "C", "D"]) == "4 of them"


def test_made_up_answers_carry_their_label_in_words_table_and_picture() -> None:
    label = "Synthetic data. Not real people."
    chart = bars_chart([HIGH, LOW], 20, POINTS).with_label(label)
    assert chart.alt.startswith(label)
    assert chart.table is not None
    assert chart.table.caption.startswith(label)
    assert label in texts(chart.svg)
    assert label in texts(chart.picture(is_narrow=True))


def test_every_colour_has_a_twin_for_dark_pages() -> None:
    chart = bars_chart([HIGH, LOW], 20, POINTS)
    assert set(re.findall(r"#[0-9a-f]{6}\b", chart.svg)) <= set(DARK)


def test_a_name_is_text_and_nothing_else() -> None:
    odd = Statement("<script>alert(1)</script> $x$", "<b>bold</b>", HIGH.counts)
    page = bars_chart([odd, LOW], 20, POINTS).to_html()
    assert "<script" not in page
    assert "<b>" not in page


def test_two_halves_lie_around_the_line_between_them() -> None:
    halves = ("Half or less", "Often or more")
    chart = bars_chart([Statement("One", "One", (40, 60)), Statement("Two", "Two", (75, 25))], 20, halves)
    first, second = rows(chart.svg, key=2)
    assert first[1][0] == pytest.approx(second[1][0], abs=0.01)
    assert "60% “Often or more”" in texts(chart.svg)
    assert chart.note.startswith("Each bar is centred on the line between its two parts.")


WORD = Statement("People do what they say", "People here do what they said they would.", (0, 5, 10, 15, 40, 20, 10))
TRUTH = Statement("An awkward truth", "I could bring an awkward truth to this group.", (10, 20, 30, 20, 10, 10, 0))


def test_the_strongest_and_the_weakest_are_named() -> None:
    chart = our_group_chart([TRUTH, WORD], 30, POINTS)
    assert chart.title == "How do we see this group?"
    assert chart.alt == "30 answers. Strongest: “People do what they say”. Weakest: “An awkward truth”."


def test_the_strongest_may_stand_in_another_chart_of_the_same_question() -> None:
    chart = our_group_chart([TRUTH], 30, POINTS, others=[WORD])
    assert chart.alt == "30 answers. Strongest: “People do what they say”. Weakest: “An awkward truth”."
    assert chart.table is not None
    assert [row[0] for row in chart.table.rows] == [TRUTH.text]
    hidden = Statement(WORD.name, WORD.text, reason="answers were close together")
    assert "Strongest" not in our_group_chart([TRUTH], 30, POINTS, others=[hidden]).alt


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
        "Two", "Two", reason="There are not enough answers to show without identifying someone. " * 3 + "Talk about it"
    )
    chart = our_group_chart([WORD, talk], 30, POINTS)
    for svg in (chart.svg, chart.picture(is_narrow=True)):
        assert talk.reason in " ".join(" ".join(texts(svg)).split())


def test_below_five_there_is_a_sentence_and_no_number() -> None:
    chart = our_group_chart([Statement(WORD.name, WORD.text)], 4, POINTS)
    assert chart.alt.startswith("There are not enough answers to show without identifying someone.")
    assert (chart.svg, chart.table) == ("", None)
