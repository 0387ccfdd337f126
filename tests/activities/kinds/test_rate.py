"""Rating statements on a labelled scale, and a lesson in two taps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from course.activities.card import attempt
from course.activities.controls import flat
from course.activities.kinds.rate import LessonRating, Rate
from course.activities.notebook_cards import PastAnswers, find_card
from course.activities.past_words import Reference
from course.content.lessons import lessons
from course.content.scales import find_scale
from course.core.errors import RatingOutOfRange
from course.core.notebooks import material
from course.records.answers.answers import Answers
from course.records.answers.units import Layout
from course.records.journal import Journal
from tests import version_0_1_0

HABITS = [item.code for item in find_scale("habits").items]


def rows(card: Rate) -> list[dict[str, Any]]:
    return [control for control in flat(card.controls()) if control["kind"] == "radios"]


def test_twelve_and_two_in_screen_order_with_every_point_labelled(open_page: Any) -> None:
    card = Rate("start", open_page(), "habits", "pulse")
    assert [row["id"] for row in rows(card)] == [*HABITS, "P1", "P2"]
    assert {row["value"] for row in rows(card)} == {None}
    assert [option["label"] for option in rows(card)[0]["options"]][::7] == ["Never", "No chance to"]


def test_scales_with_the_same_points_share_a_stem_and_others_have_their_own(open_page: Any, ids: Any) -> None:
    assert [id for id in ids(Rate("start", open_page(), "habits", "pulse")) if id.startswith("stem")] == ["stem-habits"]
    both = Rate("pulse", open_page(), "pulse", "tried")
    assert [id for id in ids(both) if id.startswith("stem")] == ["stem-pulse", "stem-tried"]
    assert [option["label"] for option in rows(both)[-1]["options"]] == ["Yes", "Partly", "No", "No chance yet"]


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


# Did you try it? The last plan, quoted


PULSE = ("pulse", "tried")


def plan(journal: Journal, page: str, key: str, answer: Any) -> None:
    layout = Layout("list", ("if", "then"))
    if isinstance(answer, list):
        journal.page(page).save_units(key, dict(zip(layout.names, answer, strict=True)), layout)
    else:
        journal.page(page).save(key, answer)


def asked(journal: Journal, page: str) -> str:
    """Return what stands above “Did you try it?” on the pulse of a lesson."""
    card = Rate("pulse", journal.page(page), *PULSE, past=PastAnswers(journal.folder))
    (stem,) = (control["legend"] for control in card.controls() if control["id"] == "stem-tried")  # type: ignore[typeddict-item]
    return stem


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal")


def test_the_plan_of_the_lesson_before_is_quoted(journal: Journal) -> None:
    plan(journal, "starting-point", "small-plan", ["it is Tuesday 8.50", "be at the door"])
    told = "In lesson 0 you planned: “If it is Tuesday 8.50, then I will be at the door.”"
    assert asked(journal, "two-questions") == told
    card = Rate("pulse", journal.page("two-questions"), *PULSE, past=PastAnswers(journal.folder))
    card.set("TRIED", "1")
    assert card.answer_lines()[-1] == (f"{told} Did you try it?", "Yes")


def test_of_several_plans_the_latest_counts_and_an_old_one_is_no_longer_the_last(journal: Journal) -> None:
    plan(journal, "starting-point", "small-plan", ["it is noon", "call"])
    assert asked(journal, "keeping-your-word").startswith("In lesson 0 ")
    assert asked(journal, "listening") == "Think of the last thing that you planned to try."
    plan(journal, "listening", "check-in", "Good to see you. You may pass.")
    assert asked(journal, "repair") == "In lesson 3 you planned: “Good to see you. You may pass.”"
    plan(journal, "repair", "at-next-meeting", "Ask for one line each.")
    assert asked(journal, "sharing-power") == "In lesson 4 you planned: “Ask for one line each.”"
    assert asked(journal, "listening") == "Think of the last thing that you planned to try.", "it is a later lesson's"


def test_without_a_plan_the_act_that_was_chosen_is_quoted(journal: Journal) -> None:
    plan(journal, "starting-point", "small-act", "B")
    assert asked(journal, "two-questions") == "In lesson 0 you planned: “Keep one promise a day sooner than I said.”"


@pytest.mark.parametrize("answer", [None, "  ", "Z"])
def test_where_nothing_was_planned_it_is_asked_in_general_words(journal: Journal, answer: Any) -> None:
    journal.page("starting-point").save("small-act", answer)
    assert asked(journal, "two-questions") == "Think of the last thing that you planned to try."


def test_without_a_journal_it_is_asked_in_general_words(open_page: Any, control: Any) -> None:
    card = Rate("pulse", open_page(), *PULSE)
    assert control(card, "stem-tried")["legend"] == "Think of the last thing that you planned to try."
    assert control(card, "TRIED")["legend"] == "Did you try it?"


def test_a_long_plan_is_cut_after_a_word(journal: Journal) -> None:
    plan(journal, "listening", "check-in", "Good  morning\n" * 60)
    told = asked(journal, "repair")
    assert told.endswith((" Good …”", " morning …”"))
    assert len(told) < 300


def test_each_plan_in_the_list_of_lessons_is_asked_for_in_its_lesson() -> None:
    found = [
        find_card(Reference(lesson.key, key), Answers(None, "lesson", lesson.key), material() / "notebooks")
        for lesson in lessons()
        for key in lesson.plans
    ]
    assert len(found) >= 4
    assert all(found)


@pytest.mark.parametrize(
    "answer, said", [("1", ""), ("2", ""), ("4", "What got in the way?"), ("3", "Its moment may still come.")]
)
def test_no_and_no_chance_yet_are_answered_with_a_next_step(
    open_page: Any, ids: Any, control: Any, answer: str, said: str
) -> None:
    card = Rate("pulse", open_page(), *PULSE)
    assert "next-TRIED" not in ids(card)
    card.set("TRIED", answer)
    assert ("next-TRIED" in ids(card)) == bool(said)
    if said:
        assert control(card, "next-TRIED")["text"].startswith(said)
        assert control(card, "next-TRIED")["live"]


def test_no_chance_yet_in_a_journal_of_version_0_1_0_is_still_that(tmp_path: Path, control: Any) -> None:
    page = Journal(version_0_1_0.journal(tmp_path / "journal")).page("listening")
    assert page.get("pulse")["TRIED"] == 3  # type: ignore[index,call-overload]
    card = Rate("pulse", page, *PULSE)
    assert card.answer_lines()[-1][1] == "No chance yet"
    chosen = control(card, "TRIED")["value"]
    assert [option["label"] for option in control(card, "TRIED")["options"] if option["value"] == chosen] == [
        "No chance yet"
    ]
    card.set("TRIED", "4")
    assert Rate("pulse", Journal(tmp_path / "journal").page("listening"), *PULSE).answer_lines()[-1][1] == "No"


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


def test_each_statement_stands_in_the_group_of_its_stem_so_that_a_screen_reader_says_both(
    open_page: Any, control: Any
) -> None:
    card = Rate("start", open_page(), "habits", "pulse")
    (group,) = (one for one in card.controls() if one["kind"] == "group")
    assert group["legend"] == card.asked[0]
    assert [one["id"] for one in group["controls"] if one["kind"] == "radios"] == [*HABITS, "P1", "P2"]
