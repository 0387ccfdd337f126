"""A vote: what most chose before and after talk, and nothing of an option that too few chose."""

from __future__ import annotations

from course.charts.vote import Vote, vote_chart
from tests.charts.reading import texts

OPTIONS = {"A": "Find out who did it.", "B": "Carry on and hope.", "C": "Call everyone together."}
FIRST = Vote(30, {"A": 40, "B": 6, "C": 54})
SECOND = Vote(29, {"A": 21, "B": 6, "C": 73})


def test_both_votes_are_told_with_the_biggest_move() -> None:
    assert vote_chart(OPTIONS, FIRST, SECOND).alt == (
        "First vote, 30 answers: most chose “Call everyone together”, 54%. "
        "After discussion, 29 answers: most chose “Call everyone together”, 73%. "
        "Biggest move: “Find out who did it”, −19 points."
    )


def test_each_option_has_a_bar_for_each_vote() -> None:
    chart = vote_chart(OPTIONS, FIRST, SECOND)
    drawn = texts(chart.svg)
    assert {"First vote", "After discussion", *OPTIONS.values()} <= set(drawn)
    assert {"40%", "21%", "54%", "73%"} <= set(drawn)
    assert drawn.count("6%") == 2
    assert chart.table is not None
    assert chart.table.columns == ("Option", "First vote", "After discussion")
    assert chart.table.rows[2] == (OPTIONS["C"], "54%", "73%")
    assert "<pattern" in chart.svg


def test_one_vote_has_one_bar_and_no_move() -> None:
    chart = vote_chart(OPTIONS, FIRST)
    assert "move" not in chart.alt
    assert "After discussion" not in texts(chart.svg)


def test_an_option_that_is_not_shown_has_words_and_no_bar() -> None:
    chart = vote_chart(OPTIONS, Vote(8, {"A": None, "B": None, "C": 63}))
    assert texts(chart.svg).count("too few to show") == 2
    assert "most chose “Call everyone together”, 63%." in chart.alt


def test_a_move_is_told_only_of_what_both_votes_show() -> None:
    chart = vote_chart(OPTIONS, Vote(9, {"A": 60, "C": None}), Vote(30, {"A": 55, "B": 5, "C": 40}))
    assert "Biggest move: “Find out who did it”, −5 points." in chart.alt
    assert "+40" not in chart.alt


def test_a_vote_without_a_bar_is_told_in_its_own_words() -> None:
    chart = vote_chart(OPTIONS, Vote(8, said="answers were spread"), SECOND)
    assert chart.alt.startswith("First vote: answers were spread. After discussion, 29 answers:")
    assert "move" not in chart.alt
    alone = vote_chart(OPTIONS, Vote(8, said="Answers were spread"))
    assert (alone.alt, alone.svg, alone.table) == ("Answers were spread.", "", None)


def test_before_anything_may_be_shown_there_is_the_usual_sentence() -> None:
    assert vote_chart(OPTIONS, Vote()).alt.startswith("Not enough answers to show without pointing at someone.")


def test_the_same_vote_twice_moves_nothing() -> None:
    assert "No option moved." in vote_chart(OPTIONS, FIRST, FIRST).alt


def test_equal_shares_are_named_together() -> None:
    chart = vote_chart(OPTIONS, Vote(20, {"A": 50, "B": 50, "C": 0}))
    assert "most chose “Find out who did it” and “Carry on and hope”, 50% each." in chart.alt
    assert "0%" in texts(chart.svg)


def test_options_wrap_on_a_narrow_page() -> None:
    long = {"A": "Call everyone together and name the breach before anybody asks about it."}
    narrow = vote_chart(long, Vote(30, {"A": 100})).to_parts(is_narrow=True)["svg"]
    assert " ".join(" ".join(texts(narrow)).split()).startswith(long["A"])
