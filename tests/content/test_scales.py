"""The instrument is the one that was agreed, and a scale that cannot work is refused by file, key and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from course import content
from course.content.scales import (
    find_item,
    find_scale,
    instrument_version,
    map_lines,
    read_ratings,
    side_name,
    version_of,
)
from course.core.errors import BadContent, RatingOutOfRange
from tests.cases import every

POINTS = ("Never", "Rarely", "Now and then", "About half the time", "Often", "Nearly always", "Always")
HABITS = [
    ("COMP7", "I did what I had said I would do."),
    ("CARE7", "I checked that I had understood someone before I gave my own view."),
    ("COMP8", "When I could not do all that I was asked to do, I said so."),
    ("CARE8", "I asked people what mattered to them."),
    ("COMP9", "I knew enough about the matter in hand to do my part well."),
    ("CARE9", "I told people the truth, even when it was unwelcome."),
    ("COMP10", "When we met, I said what the meeting was for."),
    ("CARE10", "When I had made a mistake, I said so."),
    ("COMP11", "When something was going to slip, I told people before they had to ask."),
    ("CARE11", "When I had something difficult to raise, I spoke to the person directly."),
    ("COMP12", "When people told me something in confidence, I treated it as we had agreed."),
    ("CARE12", "When others could decide something as well as I could, I left it to them."),
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
    assert [item.code for item in habits.side("competence")] == [f"COMP{n}" for n in range(7, 13)]
    assert [item.code for item in habits.side("caring")] == [f"CARE{n}" for n in range(7, 13)]


def test_the_pulse_has_its_two_statements() -> None:
    pulse = find_scale("pulse")
    assert [(item.code, item.side, item.text) for item in pulse.items] == PULSE
    assert (pulse.points, pulse.missing) == (POINTS, "No chance to")
    assert pulse.stem.startswith("Since the last lesson")


def test_the_last_action_is_asked_without_a_way_out() -> None:
    tried = find_scale("tried")
    assert (tried.points, tried.missing) == (("Yes", "Partly", "No chance yet", "No"), "")
    assert [label for _, label in tried.shown] == ["Yes", "Partly", "No", "No chance yet"]
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


@every("rating", [0, 8, -1, 5.0, "5", "", None, True, [5], 10**400, "N"])
def test_what_is_no_point_of_the_scale_is_refused(rating: object) -> None:
    with pytest.raises(RatingOutOfRange, match="from 1 to 7") as caught:
        find_scale("habits").check(rating)
    assert len(str(caught.value).splitlines()) == 2


def test_ratings_are_read_item_by_item() -> None:
    saved = {"version": 2, "COMP7": 5, "CARE7": "n", "COMP8": 9, "COMP9": "5", "P1": 4, "X": 1}
    assert read_ratings(find_scale("habits"), saved) == {"COMP7": 5}


FIRST = [
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
"""The habits as version 0.1.0 of the course asked them."""


def test_the_first_version_keeps_its_words_under_codes_of_its_own() -> None:
    habits = find_scale("habits")
    (first,) = habits.earlier
    assert [(item.code, item.text) for item in first.items] == FIRST
    assert (first.points, first.missing, first.least, first.stem) == (POINTS, "No chance to", 4, habits.stem)
    assert not {code for code, _ in FIRST} & {item.code for item in habits.items}
    assert (instrument_version(), habits.since, first.since) == (2, 2, 1)
    assert find_scale("looking-back").earlier[0].items == first.items
    assert [find_scale(name).since for name in ("pulse", "tried", "group")] == [1, 1, 1]


def test_a_scale_is_found_by_version() -> None:
    habits = find_scale("habits")
    assert habits.in_version(1) == habits.earlier[0]
    assert habits.in_version(2) == habits.in_version(7) == habits
    assert find_item(habits, "COMP1") == habits.earlier[0].items[0]
    assert find_item(habits, "COMP99") is None


def test_what_was_saved_without_a_version_is_of_the_first() -> None:
    habits = find_scale("habits")
    for saved in (
        {"COMP7": 5},
        {"COMP7": 5, "version": 1},
        {"COMP7": 5, "version": True},
        {"COMP7": 5, "version": "2"},
    ):
        assert read_ratings(habits, saved) == {}
        assert version_of(saved) == 1
    assert read_ratings(habits, {"COMP7": 5, "version": 2}) == {"COMP7": 5}


def test_ratings_of_both_versions_in_one_place_are_read_apart() -> None:
    habits, saved = find_scale("habits"), {"COMP1": 3, "COMP7": 5, "version": 2}
    assert read_ratings(habits, saved) == {"COMP7": 5}
    assert read_ratings(habits.earlier[0], saved) == {"COMP1": 3}


def test_each_statement_holds_one_idea_and_no_only() -> None:
    for item in find_scale("habits").items:
        words = item.text.lower().rstrip(".").replace(",", "").split()
        assert words.count("i") + words.count("we") + words.count("people") + words.count("others") >= 1
        assert not {"and", "or", "only"} & set(words), item.text
        assert item.text.endswith(".")
        assert len(words) <= 16


REGIONS = [
    (7, 7, "Tends to earn trust"),
    (7, 1, "Tends to earn respect"),
    (1, 7, "Tends to earn liking"),
    (1, 1, "Too little to go on"),
    (5.5, 5.5, "Tends to earn trust"),
    (5.5, 4.5, "Tends to earn respect"),
    (4.5, 5.5, "Tends to earn liking"),
    (4.5, 4.5, "Too little to go on"),
    (4.6, 7, "in between"),
    (7, 5.4, "in between"),
    (5, 5, "in between"),
    (5, 1, "in between"),
]


@every("competence,caring,name", REGIONS)
def test_the_map_has_four_corners_and_a_band(competence: float, caring: float, name: str) -> None:
    assert map_lines().region(competence, caring) == name


def test_the_edge_of_a_band_is_outside_it_whatever_a_computer_makes_of_the_numbers(tmp_path: Path) -> None:
    text = (content.HERE / "scales.toml").read_text(encoding="utf-8")
    (tmp_path / "scales.toml").write_text(text.replace("band = 0.5", "band = 0.3"), encoding="utf-8")
    assert map_lines(tmp_path).region(5.3, 4.7) == "Tends to earn respect"


SOUND = """
[scale.habits]
stem = "How often?"
points = ["Never", "Always"]
least = 1
item = [{ code = "A", side = "caring", text = "I asked.", short = "Asked" }]
"""
ITEM = '[{ code = "A", side = "caring", text = "I asked.", short = "Asked" }]'
FORMER = ITEM.replace('"A"', '"F"')
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
    "an order with a point twice": ("least = 1", "least = 1\norder = [1, 1]", "“order”"),
    "an order with a point that is not there": ("least = 1", "least = 1\norder = [1, 2, 3]", "“order”"),
    "an order of labels": ("least = 1", 'least = 1\norder = ["Never", "Always"]', "“order”"),
    "an order that is a text": ("least = 1", 'least = 1\norder = "2, 1"', "“order”"),
    "a next step for one point of two": ("least = 1", 'least = 1\nnext = ["Why?"]', "“next”"),
    "no item": (ITEM, "[]", "“item”"),
    "an item that is a text": (ITEM, '["A"]', "item 1"),
    "an item without words": ('text = "I asked.", ', "", "item 1: “text”"),
    "a code twice": (ITEM, ITEM.replace("]", ", ") + ITEM.lstrip("["), "“A”"),
    "a code that was used before": (ITEM, f"{ITEM}\nearlier = [{{ version = 1, item = {ITEM} }}]", "“A” is used again"),
    "a code that marks the version": (ITEM, ITEM.replace('"A"', '"version"'), "“version” is used again"),
    "a version that was not counted up": (ITEM, f"{ITEM}\nearlier = [{{ version = 1, item = {FORMER} }}]", "changed"),
    "an earlier version without a number": (ITEM, f"{ITEM}\nearlier = [{{ item = {FORMER} }}]", "earlier 1: “version”"),
    "an earlier version of none": (ITEM, f"{ITEM}\nearlier = [{{ version = 0, item = {FORMER} }}]", "“version” is 0"),
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


def test_an_edition_that_names_no_version_asks_the_first(tmp_path: Path) -> None:
    (tmp_path / "scales.toml").write_text(SOUND, encoding="utf-8")
    assert (instrument_version(tmp_path), find_scale("habits", tmp_path).since) == (1, 1)


@pytest.mark.parametrize("version", ["0", "-1", '"2"', "true", "2.0"])
def test_a_version_that_is_none_is_refused(tmp_path: Path, version: str) -> None:
    (tmp_path / "scales.toml").write_text(f"version = {version}\n{SOUND}", encoding="utf-8")
    with pytest.raises(BadContent, match="version"):
        find_scale("habits", tmp_path)


def test_the_sound_scale_is_taken(tmp_path: Path) -> None:
    (tmp_path / "scales.toml").write_text(SOUND, encoding="utf-8")
    assert find_scale("habits", tmp_path).items[0].code == "A"


def test_a_map_without_a_line_is_refused_by_file_and_key(tmp_path: Path) -> None:
    (tmp_path / "scales.toml").write_text('[map]\nline = "5"\n', encoding="utf-8")
    with pytest.raises(BadContent, match=r"scales\.toml, \[map\]: “trusted”"):
        map_lines(tmp_path)
