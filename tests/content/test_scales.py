"""The instrument is the one that was agreed, and a scale that cannot work is refused by file, key and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from course import content
from course.content.scales import find_scale, map_lines, read_ratings, side_name
from course.core.errors import BadContent, RatingOutOfRange

POINTS = ("Never", "Rarely", "Now and then", "About half the time", "Often", "Nearly always", "Always")
HABITS = [
    ("COMP1", "I kept my commitments to this group, on time."),
    ("CARE1", "I checked that I had understood people before I gave my own view."),
    ("COMP2", "I promised only what I had the means to deliver."),
    ("CARE2", "I took time to learn what matters to the people in this group."),
    ("COMP3", "I came prepared for what the group needed to do."),
    ("CARE3", "In decisions, I weighed what it would mean for the people affected."),
    ("COMP4", "I made clear what this group is for, and what it is not for."),
    ("CARE4", "I was open about my mistakes and about what I did not know."),
    ("COMP5", "When something slipped, I told those affected before they had to ask."),
    ("CARE5", "I raised difficult matters directly and kindly with the person concerned."),
    ("COMP6", "I treated confidences in the way we had agreed."),
    ("CARE6", "I thanked people for what they gave, in a way that suited them."),
]
PULSE = [
    ("P1", "competence", "People in my group could count on me."),
    ("P2", "caring", "People in my group could tell that I care how things turn out for them."),
]


def test_the_twelve_habits_have_their_exact_words_in_screen_order() -> None:
    habits = find_scale("habits")
    assert [(item.code, item.text) for item in habits.items] == HABITS
    assert habits.stem == "Think of the group you chose. Over the last four weeks, how often was this true of you?"
    assert (habits.points, habits.missing, habits.least) == (POINTS, "No chance to", 4)


def test_each_habit_feeds_the_side_that_its_code_names() -> None:
    habits = find_scale("habits")
    assert [item.code for item in habits.side("competence")] == [f"COMP{n}" for n in range(1, 7)]
    assert [item.code for item in habits.side("caring")] == [f"CARE{n}" for n in range(1, 7)]


def test_the_pulse_has_its_two_statements() -> None:
    pulse = find_scale("pulse")
    assert [(item.code, item.side, item.text) for item in pulse.items] == PULSE
    assert (pulse.points, pulse.missing) == (POINTS, "No chance to")
    assert pulse.stem.startswith("Since the last lesson")


def test_the_last_action_is_asked_without_a_way_out() -> None:
    tried = find_scale("tried")
    assert (tried.points, tried.missing) == (("Yes", "Partly", "No chance yet"), "")
    with pytest.raises(RatingOutOfRange):
        tried.check("n")


def test_no_two_scales_on_one_card_share_a_code() -> None:
    codes = [item.code for name in ("habits", "pulse", "tried") for item in find_scale(name).items]
    assert len(codes) == len(set(codes))


def test_no_side_and_no_score_is_a_total() -> None:
    sides = {item.side for name in ("habits", "pulse", "tried") for item in find_scale(name).items}
    assert sides == {"competence", "caring", "action"}
    assert (side_name("competence"), side_name("caring")) == ("Competence and reliability", "Caring and character")
    with pytest.raises(BadContent, match="total"):
        side_name("total")


@pytest.mark.parametrize("rating", [1, 7])
def test_the_ends_of_the_scale_fit(rating: int) -> None:
    assert find_scale("habits").check(rating) == rating


@pytest.mark.parametrize("rating", [0, 8, -1, 5.0, "5", "", None, True, [5], 10**400, "N"])
def test_what_is_no_point_of_the_scale_is_refused(rating: object) -> None:
    with pytest.raises(RatingOutOfRange, match="from 1 to 7") as caught:
        find_scale("habits").check(rating)
    assert len(str(caught.value).splitlines()) == 2


def test_ratings_are_read_item_by_item() -> None:
    saved = {"COMP1": 5, "CARE1": "n", "COMP2": 9, "COMP3": "5", "P1": 4, "X": 1}
    assert read_ratings(find_scale("habits"), saved) == {"COMP1": 5}


REGIONS = [
    (7, 7, "Trusted"),
    (7, 1, "Respected, not yet trusted"),
    (1, 7, "Liked, not yet relied on"),
    (1, 1, "Not yet known, or not yet earned"),
    (5.5, 5.5, "Trusted"),
    (5.5, 4.5, "Respected, not yet trusted"),
    (4.5, 5.5, "Liked, not yet relied on"),
    (4.5, 4.5, "Not yet known, or not yet earned"),
    (4.6, 7, "in between"),
    (7, 5.4, "in between"),
    (5, 5, "in between"),
    (5, 1, "in between"),
]


@pytest.mark.parametrize("competence,caring,name", REGIONS)
def test_the_map_has_four_corners_and_a_band(competence: float, caring: float, name: str) -> None:
    assert map_lines().region(competence, caring) == name


def test_the_edge_of_a_band_is_outside_it_whatever_a_computer_makes_of_the_numbers(tmp_path: Path) -> None:
    text = (content.HERE / "scales.toml").read_text(encoding="utf-8")
    (tmp_path / "scales.toml").write_text(text.replace("band = 0.5", "band = 0.3"), encoding="utf-8")
    assert map_lines(tmp_path).region(5.3, 4.7) == "Respected, not yet trusted"


SOUND = """
[scale.habits]
stem = "How often?"
points = ["Never", "Always"]
least = 1
item = [{ code = "A", side = "caring", text = "I asked.", short = "Asked" }]
"""
ITEM = '[{ code = "A", side = "caring", text = "I asked.", short = "Asked" }]'
UNSOUND = {
    "no stem": ('stem = "How often?"', "", "“stem”"),
    "points that are a text": ('["Never", "Always"]', '"Never"', "“points”"),
    "one point": ('["Never", "Always"]', '["Never"]', "two or more different labels"),
    "the same point twice": ('["Never", "Always"]', '["Never", "Never"]', "two or more different labels"),
    "a point without words": ('["Never", "Always"]', '["Never", ""]', "two or more different labels"),
    "points that are numbers": ('["Never", "Always"]', "[1, 2]", "two or more different labels"),
    "least of none": ("least = 1", "least = 0", "“least”"),
    "least above what there is": ("least = 1", "least = 2", "“least”"),
    "least that is true": ("least = 1", "least = true", "“least”"),
    "no item": (ITEM, "[]", "“item”"),
    "an item that is a text": (ITEM, '["A"]', "item 1"),
    "an item without words": ('text = "I asked.", ', "", "item 1: “text”"),
    "a code twice": (ITEM, ITEM.replace("]", ", ") + ITEM.lstrip("["), "“A”"),
}


@pytest.mark.parametrize("old,new,named", UNSOUND.values(), ids=UNSOUND.keys())
def test_a_scale_that_cannot_work_is_refused_by_file_and_place(tmp_path: Path, old: str, new: str, named: str) -> None:
    assert old in SOUND
    (tmp_path / "scales.toml").write_text(SOUND.replace(old, new), encoding="utf-8")
    with pytest.raises(BadContent) as caught:
        find_scale("habits", tmp_path)
    assert caught.value.message.startswith("scales.toml, [scale.habits]")
    assert named in caught.value.message
    assert caught.value.hint


def test_the_sound_scale_is_taken(tmp_path: Path) -> None:
    (tmp_path / "scales.toml").write_text(SOUND, encoding="utf-8")
    assert find_scale("habits", tmp_path).items[0].code == "A"


def test_a_map_without_a_line_is_refused_by_file_and_key(tmp_path: Path) -> None:
    (tmp_path / "scales.toml").write_text('[map]\nline = "5"\n', encoding="utf-8")
    with pytest.raises(BadContent, match=r"scales\.toml, \[map\]: “trusted”"):
        map_lines(tmp_path)
