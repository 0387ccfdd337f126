"""How a cohort changed: shares first, the rest in small print, and no progress where there is none."""

from __future__ import annotations

from course.charts.cohort_change import SideChange, cohort_change_chart
from tests.charts.reading import texts

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


def test_a_half_percent_goes_up_as_everywhere() -> None:
    assert "13% up" in cohort_change_chart([SideChange("caring", 40, {"up": 5, "same": 30, "down": 5})]).alt
