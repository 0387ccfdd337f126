"""Charts of a room: nothing of an option that too few chose, and walls of approved lines as text to read."""

from __future__ import annotations

import pytest

from course.charts.kit.palette import WIDTH
from course.charts.room import Parked, Vote, parked_html, vote_chart, wall_html
from tests.charts.reading import Page, drawn_boxes, texts

OPTIONS = {"A": "Find out who did it.", "B": "Carry on and hope.", "C": "Call everyone together."}
FIRST = Vote(30, {"A": 12, "B": 2, "C": 16})
SECOND = Vote(29, {"A": 6, "B": 2, "C": 21})


def test_both_votes_are_told_with_the_biggest_move() -> None:
    assert vote_chart(OPTIONS, FIRST, SECOND).alt == (
        "First vote, 30 answers. Chosen most often: “Call everyone together”, 53%. "
        "After discussion, 29 answers. Chosen most often: “Call everyone together”, 72%. "
        "Biggest move: “Find out who did it”, −19 points and “Call everyone together”, +19 points."
    )


def test_each_option_has_a_bar_for_each_vote() -> None:
    chart = vote_chart(OPTIONS, FIRST, SECOND)
    drawn = texts(chart.svg)
    assert {"First vote", "After discussion", *OPTIONS.values()} <= set(drawn)
    assert {"40%", "21%", "53%", "72%"} <= set(drawn)
    assert drawn.count("7%") == 2
    assert chart.table is not None
    assert chart.table.columns == ("Option", "First vote", "After discussion")
    assert chart.table.rows[2] == (OPTIONS["C"], "53%", "72%")
    assert "<pattern" in chart.svg


def test_each_bar_is_as_long_as_its_share() -> None:
    bars = [box for box in drawn_boxes(vote_chart(OPTIONS, FIRST, SECOND).svg) if box.top - box.bottom > 14]
    shares = [40, 21, 7, 7, 53, 72]
    lengths = [bar.right - bar.left for bar in bars]
    assert lengths == pytest.approx([share * sum(lengths) / sum(shares) for share in shares])
    assert len({bar.left for bar in bars}) == 1
    assert all(0 < bar.left < bar.right < WIDTH for bar in bars)


def test_one_vote_has_one_bar_and_no_move() -> None:
    chart = vote_chart(OPTIONS, FIRST)
    assert "move" not in chart.alt
    assert "After discussion" not in texts(chart.svg)


def test_an_option_that_is_not_shown_has_words_and_no_bar() -> None:
    chart = vote_chart(OPTIONS, Vote(8, {"A": None, "B": None, "C": 5}))
    assert texts(chart.svg).count("too few to show") == 2
    assert "Chosen most often: “Call everyone together”, 63%. Only 1 of 3 options can be shown" in chart.alt


def test_a_move_is_told_only_of_what_both_votes_show() -> None:
    chart = vote_chart(OPTIONS, Vote(10, {"A": 6, "C": None}), Vote(20, {"A": 11, "B": 1, "C": 8}))
    assert "Biggest move: “Find out who did it”, −5 points." in chart.alt
    assert "+40" not in chart.alt


def test_a_vote_without_a_bar_is_told_in_its_own_words() -> None:
    chart = vote_chart(OPTIONS, Vote(8, reason="answers were spread"), SECOND)
    assert chart.alt.startswith("First vote: answers were spread. After discussion, 29 answers. Chosen most often")
    assert "move" not in chart.alt
    alone = vote_chart(OPTIONS, Vote(8, reason="Answers were spread"))
    assert (alone.alt, alone.svg, alone.table) == ("Answers were spread.", "", None)


def test_before_anything_may_be_shown_there_is_the_usual_sentence() -> None:
    assert vote_chart(OPTIONS, Vote()).alt.startswith(
        "There are not enough answers to show without identifying someone."
    )


def test_the_same_vote_twice_moves_nothing() -> None:
    assert "No option moved." in vote_chart(OPTIONS, FIRST, FIRST).alt


def test_equal_shares_are_named_together() -> None:
    chart = vote_chart(OPTIONS, Vote(20, {"A": 10, "B": 10, "C": 0}))
    assert "Chosen most often: “Find out who did it” and “Carry on and hope”, 50% each." in chart.alt
    assert "0%" in texts(chart.svg)


def test_options_wrap_on_a_narrow_page() -> None:
    long = {"A": "Call everyone together and name the breach before anybody asks about it."}
    narrow = vote_chart(long, Vote(30, {"A": 30})).picture(is_narrow=True)
    assert " ".join(" ".join(texts(narrow)).split()).startswith(long["A"])


def test_a_move_is_made_from_the_counts_and_not_from_what_was_rounded() -> None:
    """From 2 of 12, told as 17%, to 4 of 12, told as 33%, is a move of 16.7 points: the rounded shares differ by 16."""
    chart = vote_chart(OPTIONS, Vote(12, {"A": 2, "B": 10}), Vote(12, {"A": 4, "B": 8}))
    assert {"17%", "33%"} <= set(texts(chart.svg))
    assert "Biggest move: “Find out who did it”, +17 points and “Carry on and hope”, −17 points." in chart.alt


def test_each_line_is_an_entry_of_a_list_in_the_order_given() -> None:
    page = Page(wall_html("Thank you", ["To the team", "To the hosts"]))
    assert page.words["li"] == ["To the team", "To the hosts"]
    assert page.find("section")[0]["aria-label"] == "Thank you"


def test_a_line_is_text_whatever_is_in_it() -> None:
    page = wall_html("<i>Wall</i>", ["<script>alert(1)</script>", '" onclick="x'])
    assert "<script" not in page
    assert "<i>" not in page
    assert all("onclick" not in attributes for _, attributes in Page(page).elements)


def test_a_parked_line_has_owner_place_and_date() -> None:
    page = Page(parked_html("Parked", [Parked("Who pays?", "Treasurer", "Board", "12 May"), Parked("Who speaks?")]))
    assert page.rows == [
        ["Line", "Owner", "Place", "Date"],
        ["Who pays?", "Treasurer", "Board", "12 May"],
        ["Who speaks?", "Owner needed", "", ""],
    ]


def test_an_empty_wall_says_so() -> None:
    assert "It opens once five lines are approved." in wall_html("Thank you", [])
    assert "Nothing is parked." in parked_html("Parked", [])


def test_a_made_up_wall_says_so_above() -> None:
    page = Page(wall_html("Thank you", ["To the team"], "Synthetic data. Not real people."))
    assert page.words["p"] == ["Synthetic data. Not real people."]
    assert wall_html("Thank you", ["To the team"]).count("<p") == 0
