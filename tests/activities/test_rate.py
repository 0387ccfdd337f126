"""Rating statements on a labelled scale, and a lesson in two taps."""

from __future__ import annotations

from typing import Any

import pytest

from course.activities.card import attempt
from course.activities.rate import LessonRating, Rate
from course.content.scales import find_scale
from course.core.errors import RatingOutOfRange

HABITS = [item.code for item in find_scale("habits").items]


def rows(card: Rate) -> list[dict[str, Any]]:
    return [control for control in card.controls() if control["kind"] == "radios"]


def test_twelve_and_two_in_screen_order_with_every_point_labelled(open_page: Any) -> None:
    card = Rate("start", open_page(), "habits", "pulse")
    assert [row["id"] for row in rows(card)] == [*HABITS, "P1", "P2"]
    assert {row["value"] for row in rows(card)} == {None}
    assert [option["label"] for option in rows(card)[0]["options"]][::7] == ["Never", "No chance to"]


def test_scales_with_the_same_points_share_a_stem_and_others_have_their_own(open_page: Any, ids: Any) -> None:
    assert [id for id in ids(Rate("start", open_page(), "habits", "pulse")) if id.startswith("stem")] == ["stem-habits"]
    both = Rate("pulse", open_page(), "pulse", "tried")
    assert [id for id in ids(both) if id.startswith("stem")] == ["stem-pulse", "stem-tried"]
    assert [option["label"] for option in rows(both)[-1]["options"]] == ["Yes", "Partly", "No chance yet"]


def test_ratings_are_numbers_and_no_chance_is_n(open_page: Any, control: Any) -> None:
    card = Rate("start", open_page(), "habits", "pulse")
    card.set("COMP7", "5")
    card.set("CARE7", "n")
    card.set("COMP7", "6")
    assert card.value == {"COMP7": 6, "CARE7": "n", "version": 2}
    again = Rate("start", open_page(), "habits", "pulse")
    assert (control(again, "COMP7")["value"], control(again, "CARE7")["value"]) == ("6", "n")
    assert control(again, "count")["text"] == "2 of 14 answered"
    assert again.answer_lines()[:2] == [
        ("I did what I had said I would do.", "Nearly always"),
        ("I checked that I had understood someone before I gave my own view.", "No chance to"),
    ]


def test_the_same_answer_throughout_is_asked_about_gently(open_page: Any, control: Any, ids: Any) -> None:
    card = Rate("start", open_page(), "habits", "pulse")
    for code in HABITS[:-1]:
        card.set(code, "5")
    assert "alike" not in ids(card)
    card.set(HABITS[-1], "5")
    assert control(card, "alike")["live"]
    card.set(HABITS[-1], "4")
    assert "alike" not in ids(card)


@pytest.mark.parametrize("value", ["0", "8", "", "five", "9" * 5000, "\uff15"])
def test_a_point_that_is_not_there_is_refused_in_plain_words(open_page: Any, value: str) -> None:
    card = Rate("start", open_page(), "habits")
    with pytest.raises(RatingOutOfRange):
        card.set("COMP7", value)
    assert "from 1 to 7" in attempt(lambda: card.set("COMP7", value))
    assert card.value is None


def test_no_chance_is_not_taken_where_it_is_not_offered(open_page: Any) -> None:
    with pytest.raises(RatingOutOfRange):
        Rate("pulse", open_page(), "tried").set("TRIED", "n")


@pytest.mark.parametrize(
    "kept", [{"COMP7": 9, "CARE7": "N", "X": 1, "version": 2}, [5], "5", {"COMP7": True, "CARE7": ["n"], "version": 2}]
)
def test_kept_answers_that_do_not_fit_count_as_not_answered(open_page: Any, kept: Any) -> None:
    answers = open_page()
    answers.save("start", kept)
    assert Rate("start", answers, "habits").ratings == {}


def test_every_rating_says_in_which_version_it_was_given(open_page: Any) -> None:
    for scales in (["habits", "pulse"], ["looking-back"], ["pulse", "tried"]):
        card = Rate("-".join(scales), open_page(), *scales)
        assert card.value is None
        card.set(card.scales[-1].items[0].code, "2")
        assert card.value == {card.scales[-1].items[0].code: 2, "version": 2}


def test_answers_to_the_earlier_questions_stay_and_the_new_ones_are_asked(open_page: Any, control: Any) -> None:
    answers = open_page()
    answers.save("start", {"COMP1": 5, "CARE1": "n", "P1": 4})
    card = Rate("start", answers, "habits", "pulse")
    assert "earlier version of these questions" in control(card, "earlier")["text"]
    assert {row["value"] for row in rows(card)[:12]} == {None}
    assert control(card, "count")["text"] == "1 of 14 answered"  # the pulse is the same in both versions
    assert ("I kept my commitments to this group, on time.", "Often") in card.answer_lines()
    card.set("COMP7", "6")
    assert card.value == {"COMP1": 5, "CARE1": "n", "P1": 4, "COMP7": 6, "version": 2}
    assert ("I did what I had said I would do.", "Nearly always") in card.answer_lines()
    assert "earlier" in [part["id"] for part in card.controls()]


def test_a_card_without_earlier_answers_says_nothing_of_versions(open_page: Any, ids: Any) -> None:
    card = Rate("start", open_page(), "habits", "pulse")
    card.set("COMP7", "6")
    assert "earlier" not in ids(card)


def test_two_taps_are_kept_and_there_next_week(open_page: Any, control: Any) -> None:
    card = LessonRating("taps", open_page())
    assert control(card, "useful")["value"] is None
    card.set("useful", "yes")
    card.set("clear", "no")
    card.set("clear", "partly")
    again = LessonRating("taps", open_page())
    assert again.value == {"useful": "yes", "clear": "partly"}
    assert control(again, "clear")["value"] == "partly"
    assert again.answer_lines() == [("Useful for my work?", "Yes"), ("Clear?", "Partly")]


@pytest.mark.parametrize("part_id,value", [("useful", "maybe"), ("useful", ["yes"]), ("other", "yes"), ("", None)])
def test_what_is_no_tap_is_not_taken(open_page: Any, part_id: str, value: Any) -> None:
    card = LessonRating("taps", open_page())
    card.set(part_id, value)
    assert card.value is None


def test_a_kept_tap_that_is_none_counts_as_not_given(open_page: Any) -> None:
    answers = open_page()
    answers.save("taps", {"useful": "very", "clear": "yes"})
    assert LessonRating("taps", answers).taps == {"clear": "yes"}
