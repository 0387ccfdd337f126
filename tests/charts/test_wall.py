"""Walls are lists to read: approved lines as text, and parked ones with owner, place and date."""

from __future__ import annotations

from course.charts.wall import Parked, parked_html, wall_html
from tests.charts.reading import Page


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
