"""Charts of a cohort: where people cluster, how they changed, and nothing by which a small part could be worked out."""

from __future__ import annotations

import pytest

from course.charts.cohort import Place, SideChange, cohort_change_chart, cohort_map_chart
from course.charts.kit.palette import WIDTH
from tests.charts.reading import drawn_boxes, texts

LEVELS = ("low", "between", "high")


def counts(**given: int | None) -> dict[Place, int | None]:
    """Return the counts of nine cells, named as `high_low`, which is high on competence and low on caring."""
    return {(across, up): given.get(f"{across}_{up}", 0) for across in LEVELS for up in LEVELS}


def test_the_sentence_names_the_largest_cluster_and_how_many_are_in_between() -> None:
    chart = cohort_map_chart(counts(high_high=9, between_high=6, between_between=5), 20)
    assert chart.title == "Where do people cluster?"
    assert chart.alt == (
        "Of 20 people, the largest cluster is “Tends to earn trust”, 45%. 55% are in between on at least one side."
    )


def test_the_table_has_caring_down_and_competence_across() -> None:
    chart = cohort_map_chart(counts(high_high=9, high_low=6, low_between=5), 20)
    assert chart.table is not None
    assert chart.table.columns[1:] == ("Low", "In between", "High")
    assert chart.table.rows == (
        ("High", "0 (Tends to earn liking)", "0", "9 (Tends to earn trust)"),
        ("In between", "5", "0", "0"),
        ("Low", "0 (Too little to go on)", "0", "6 (Tends to earn respect)"),
    )


def test_a_hidden_part_is_hatched_and_says_so() -> None:
    chart = cohort_map_chart(counts(high_high=14, between_high=None, high_between=None), 20)
    assert texts(chart.svg).count("not") + texts(chart.svg).count("not shown") == 2
    assert "<pattern" in chart.svg
    assert "<pattern" not in cohort_map_chart(counts(high_high=20), 20).svg
    assert chart.table is not None
    assert chart.table.rows[0][2] == "not shown"


def test_how_many_are_in_between_is_said_only_where_the_map_shows_it_already() -> None:
    among = cohort_map_chart(counts(high_high=14, between_high=None, high_between=None), 20)
    assert "30% are in between" in among.alt
    outside = cohort_map_chart(counts(between_between=14, high_high=None, low_low=None), 20)
    assert "70% are in between" in outside.alt
    mixed = cohort_map_chart(counts(high_high=14, between_high=None, low_low=None), 20)
    assert "in between on at least one side" not in mixed.alt


def test_clusters_of_one_size_are_all_named() -> None:
    chart = cohort_map_chart(counts(high_high=10, between_low=10), 20)
    assert (
        "the largest clusters are “Tends to earn trust” and “In between” on competence and “Low” on caring, 50% each."
        in chart.alt
    )


def test_where_no_part_may_be_shown_the_map_names_none() -> None:
    chart = cohort_map_chart(dict.fromkeys(counts(), None), 12)
    assert chart.alt == "12 people. No part of the map has enough of them to be shown."
    assert (chart.svg, chart.table) == ("", None)


def test_of_too_few_people_there_is_a_sentence_and_no_picture() -> None:
    chart = cohort_map_chart({}, 0)
    assert chart.alt.startswith("There are not enough answers to show without identifying someone.")
    assert (chart.svg, chart.table) == ("", None)


def test_regions_are_named_where_there_is_room() -> None:
    chart = cohort_map_chart(counts(high_high=20), 20)
    assert "Tends to earn trust" in " ".join(texts(chart.svg))
    narrow = texts(chart.picture(is_narrow=True))
    assert "trust" not in " ".join(narrow)
    assert {"20", "Low", "High", "In between"} <= set(narrow)


def test_numbers_and_not_colours_say_how_many() -> None:
    drawn = texts(cohort_map_chart(counts(high_high=9, high_low=6, low_between=5), 20).svg)
    assert {"9", "6", "5"} <= set(drawn)
    assert drawn.count("0") == 6


def test_a_half_percent_of_a_cluster_goes_up_as_everywhere() -> None:
    chart = cohort_map_chart(counts(high_high=25, low_low=10, between_low=5), 40)
    assert "63%" in chart.alt
    assert "13% are in between" in chart.alt


COMPETENCE = SideChange("competence", 50, {"up": 26, "same": 17, "down": 7}, 0.5, 0.6, (0.21, 0.83))
HIDDEN = SideChange("caring", 12, {"up": None, "same": None, "down": None})


def test_the_sentence_has_shares_pairs_median_and_the_limit() -> None:
    chart = cohort_change_chart([COMPETENCE])
    assert chart.title == "Did people’s ratings change, and for how many?"
    assert chart.alt == (
        "Competence and reliability: 52% up, 34% about the same, 14% down, 50 pairs. Median change +0.5. "
        "No comparison group."
    )


def test_each_way_has_its_word_and_its_share_in_the_picture() -> None:
    drawn = texts(cohort_change_chart([COMPETENCE]).svg)
    assert {"Up", "52%", "About the same", "34%", "Down", "14%"} <= set(drawn)


def test_each_bar_is_as_long_as_its_share() -> None:
    bars = drawn_boxes(cohort_change_chart([COMPETENCE]).svg)
    shares = [52, 34, 14]
    lengths = [bar.right - bar.left for bar in bars]
    assert lengths == pytest.approx([share * sum(lengths) / 100 for share in shares])
    assert len({bar.left for bar in bars}) == 1
    assert all(0 < bar.left < bar.right < WIDTH for bar in bars)


def test_median_and_effect_are_small_print_and_in_the_table() -> None:
    chart = cohort_change_chart([COMPETENCE])
    small = " ".join(texts(chart.svg))
    assert "50 pairs. Median change +0.5 of a point. Effect size" in small
    assert "0.60 (95% interval 0.21 to 0.83)." in small
    assert chart.table is not None
    assert chart.table.rows == (
        ("Competence and reliability", "50", "52%", "34%", "14%", "+0.5", "0.60", "0.21 to 0.83"),
    )
    assert "p" not in [column.lower() for column in chart.table.columns]


def test_what_is_hidden_has_no_bar_and_no_number() -> None:
    chart = cohort_change_chart([COMPETENCE, HIDDEN])
    assert "Caring and character: 12 pairs. How many went up and down could identify someone" in chart.alt
    assert texts(chart.svg).count("not shown") == 3
    assert chart.table is not None
    assert chart.table.rows[1][2:] == ("not shown", "not shown", "not shown", "none", "none", "none")


def test_what_is_shown_is_said_without_what_is_hidden() -> None:
    chart = cohort_change_chart([SideChange("caring", 20, {"up": 14, "same": None, "down": None}, 1.0)])
    assert chart.alt == (
        "Caring and character: 70% up, the rest not shown, 20 pairs. Median change +1.0. No comparison group."
    )


def test_no_change_does_not_look_like_progress() -> None:
    chart = cohort_change_chart([SideChange("caring", 24, {"up": 5, "same": 14, "down": 5}, 0.0, -0.004, (-0.4, 0.4))])
    assert "Median change 0.0." in chart.alt
    assert "+" not in chart.alt
    assert "Effect size 0.00 (95% interval −0.40 to 0.40)." in " ".join(texts(chart.svg))


def test_a_fall_has_a_minus() -> None:
    chart = cohort_change_chart([SideChange("caring", 24, {"up": 5, "same": 5, "down": 14}, -0.5, -0.55, None)])
    assert "Median change −0.5." in chart.alt
    assert "Effect size −0.55." in " ".join(texts(chart.svg))


def test_without_pairs_enough_there_is_a_sentence_and_no_picture() -> None:
    chart = cohort_change_chart([])
    assert chart.alt.startswith("There are not enough answers to show without identifying someone.")
    assert (chart.svg, chart.table) == ("", None)


def test_a_narrow_page_has_all_the_words() -> None:
    chart = cohort_change_chart([COMPETENCE, HIDDEN])
    narrow = chart.picture(is_narrow=True)
    assert 'width="280pt"' in narrow
    assert {"Up", "52%", "About the same"} <= set(texts(narrow))


def test_a_half_percent_of_a_change_goes_up_as_everywhere() -> None:
    assert "13% up" in cohort_change_chart([SideChange("caring", 40, {"up": 5, "same": 30, "down": 5})]).alt
