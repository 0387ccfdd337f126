"""Sharing ratings: off by default, seen before it is done, taken out again, and silent while marks are given."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from course.activities.card import static_html
from course.activities.kinds.share import Share
from course.content.scales import find_scale
from course.core.errors import BadWords
from course.records.answers.answers import Answers
from course.records.journal import SYNTHETIC, Journal, rating_places

SLUG = "starting-point"
ITEMS = find_scale("habits").items
RATED = {"COMP7": 5, "CARE7": "n", "COMP8": 7, "P1": 6, "note": "my own words", "version": 2}
NUMBERS = [5, None, 7, *[None] * 9]
SHARED = {"version": 2, "ratings": NUMBERS}


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "my-journal")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / SLUG / "answers.json"


def rate(journal: Journal, rated: Any, moment: str = "start") -> None:
    """Answer in the lesson, in a window of its own."""
    page, key = rating_places()[moment]
    Journal(journal.folder).page(page).save(key, rated)


def card(file: Path, journal: Journal | None, moment: str = "start") -> Share:
    return Share("shared", Answers(file, "exercise", SLUG), moment, journal)


def in_file(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))["answers"] if file.exists() else {}


def buttons(card: Share) -> list[str]:
    return [button["id"] for button in card.controls()[-1]["buttons"]]


def words(card: Share) -> str:
    return json.dumps(card.controls(), ensure_ascii=False)


def test_nothing_is_shared_and_nothing_listed_until_it_is_asked_for(journal: Journal, file: Path) -> None:
    rate(journal, RATED)
    shown = card(file, journal)
    assert buttons(shown) == ["show"]
    assert "Not shared." in words(shown)
    assert "Nearly always" not in words(shown)
    assert not file.exists()


def test_it_says_what_is_sent_to_whom_and_how_to_take_it_back(journal: Journal, file: Path) -> None:
    said = words(card(file, journal))
    for promise in ("no text", "can see that the answers are yours", "groups only", "until the report is made"):
        assert promise in said


def test_each_statement_is_listed_with_its_answer_before_anything_is_kept(
    journal: Journal, file: Path, control: Any
) -> None:
    rate(journal, RATED)
    shown = card(file, journal)
    shown.press("show")
    rows = control(shown, "list")["controls"]
    assert [row["id"] for row in rows] == [f"row-{item.code}" for item in ITEMS]
    assert rows[0]["text"] == f"{ITEMS[0].text} **Often**"
    assert rows[1]["text"] == f"{ITEMS[1].text} **left empty**"
    assert not file.exists()
    shown.press("close")
    assert buttons(shown) == ["show"]
    assert not file.exists()


def test_sharing_keeps_numbers_in_screen_order_and_nothing_else(journal: Journal, file: Path) -> None:
    rate(journal, RATED)
    shown = card(file, journal)
    shown.press("show")
    shown.press("share")
    assert in_file(file) == {"shared": SHARED}
    assert "my own words" not in file.read_text(encoding="utf-8")
    assert "**Shared.**" in words(card(file, journal))


def test_nothing_is_shared_that_was_not_listed(journal: Journal, file: Path) -> None:
    rate(journal, RATED)
    shown = card(file, journal)
    shown.press("share")
    assert in_file(file) == {}
    shown.press("show")
    rate(journal, {"COMP7": 1, "version": 2})
    shown.press("share")
    assert in_file(file) == {"shared": SHARED}


def test_stopping_takes_it_out_again(journal: Journal, file: Path) -> None:
    rate(journal, RATED)
    shown = card(file, journal)
    for button in ("show", "share", "stop"):
        shown.press(button)
    assert in_file(file) == {}
    assert buttons(card(file, journal)) == ["show"]


def test_newer_ratings_are_offered_and_never_taken_by_themselves(journal: Journal, file: Path) -> None:
    rate(journal, RATED)
    shown = card(file, journal)
    for button in ("show", "share"):
        shown.press(button)
    rate(journal, {**RATED, "COMP7": 6})
    again = card(file, journal)
    assert "older than your journal" in words(again)
    assert in_file(file) == {"shared": SHARED}
    again.press("show")
    assert "**Nearly always (shared now: Often)**" in words(again)
    assert buttons(again) == ["share", "close", "stop"]
    again.press("share")
    assert in_file(file)["shared"]["ratings"][0] == 6
    assert "older" not in words(again)


@pytest.mark.parametrize(
    "rated", [None, {}, {"COMP7": "n", "version": 2}, {"P1": 5, "version": 2}, {"COMP7": 9, "version": 2}]
)
def test_without_a_rating_it_says_so_kindly_and_shares_nothing(journal: Journal, file: Path, rated: Any) -> None:
    if rated is not None:
        rate(journal, rated)
    shown = card(file, journal)
    for button in ("show", "share"):
        shown.press(button)
    assert "That is fine" in words(shown)
    assert in_file(file) == {}


def test_ratings_made_while_the_page_is_open_are_found(journal: Journal, file: Path) -> None:
    shown = card(file, journal)
    shown.press("show")
    rate(journal, RATED)
    shown.press("show")
    assert buttons(shown) == ["share", "close"]


def test_after_the_journal_was_erased_what_is_shared_can_still_be_stopped(journal: Journal, file: Path) -> None:
    rate(journal, RATED)
    shown = card(file, journal)
    for button in ("show", "share"):
        shown.press(button)
    Journal(journal.folder).forget()
    again = card(file, journal)
    assert "no longer has these ratings" in words(again)
    again.press("show")
    assert buttons(again) == ["close", "stop"]
    again.press("stop")
    assert in_file(file) == {}


def test_a_damaged_journal_is_named_and_left_as_it_is(journal: Journal, file: Path) -> None:
    rate(journal, RATED)
    page = journal.folder / f"{SLUG}.json"
    page.write_text("{")
    assert "is damaged" in words(card(file, journal))
    assert page.read_text() == "{"


@pytest.mark.parametrize("moment", rating_places())
def test_each_full_rating_can_be_shared_and_so_can_looking_back(journal: Journal, file: Path, moment: str) -> None:
    rate(journal, {"COMP7": 3, "version": 2}, moment)
    shown = card(file, journal, moment)
    for button in ("show", "share"):
        shown.press(button)
    assert in_file(file)["shared"]["ratings"][0] == 3


def test_a_moment_that_is_none_is_refused(journal: Journal, file: Path) -> None:
    with pytest.raises(BadWords, match="pulse-1") as told:
        card(file, journal, "pulse-1")
    assert "looking-back" in told.value.hint


FORMER = {"COMP1": 5, "CARE1": "n", "COMP2": 7, "P1": 6}


def test_ratings_of_the_first_version_are_shared_under_their_own_words(
    journal: Journal, file: Path, control: Any
) -> None:
    rate(journal, FORMER)
    shown = card(file, journal)
    shown.press("show")
    assert control(shown, "list")["controls"][0]["text"] == "I kept my commitments to this group, on time. **Often**"
    shown.press("share")
    assert in_file(file) == {"shared": {"version": 1, "ratings": NUMBERS}}


def test_what_version_0_1_0_shared_is_known_and_the_newer_ratings_are_offered_without_comparison(
    journal: Journal, file: Path, control: Any
) -> None:
    Answers(file, "exercise", SLUG).save("shared", NUMBERS)
    rate(journal, FORMER)
    assert "**Shared.** These ratings go" in words(card(file, journal))
    rate(journal, {**FORMER, **RATED})
    shown = card(file, journal)
    assert "older than your journal" in words(shown)
    shown.press("show")
    listed = control(shown, "list")["controls"]
    assert "another version of these questions" in listed[0]["text"]
    assert len(listed) == 13
    assert "shared now" not in words(shown)
    shown.press("share")
    assert in_file(file) == {"shared": SHARED}


NO_RATINGS = [[], NUMBERS[:-1], [*NUMBERS, 1], [None] * 12, *([first, *NUMBERS[1:]] for first in (8, True, 5.0, ["5"]))]
OF_VERSION_2 = [{"version": 2, "ratings": numbers} for numbers in (*NO_RATINGS, None)]
NO_VERSION = [{**SHARED, "version": version} for version in (0, -1, 3, 2.0, True, "2", None)]


@pytest.mark.parametrize("kept", [None, "5", {}, *NO_RATINGS, *OF_VERSION_2, *NO_VERSION])
def test_a_list_that_does_not_fit_counts_as_not_shared(journal: Journal, file: Path, kept: Any) -> None:
    answers = Answers(None, "exercise", SLUG)
    answers.save("shared", kept)
    shown = Share("shared", answers, "start", journal)
    assert shown.shared is None
    assert shown.answer_lines() == [("My ratings at the start", "No")]
    assert "Not shared" in words(shown) or "That is fine" in words(shown)


@pytest.mark.parametrize("kept,said", [(SHARED, "Yes"), (None, "No")])
def test_while_marks_are_given_it_says_whether_and_no_number(kept: Any, said: str) -> None:
    answers = Answers(None, "exercise", SLUG)
    answers.save("shared", kept)
    page = static_html(Share("shared", answers, "start", None))
    assert f'<dt>My ratings at the start</dt><dd><p dir="auto">{said}</p></dd>' in page
    assert "Ratings shared" in page
    assert not any(character.isdigit() for character in page)


def test_there_is_no_skip_and_other_presses_do_nothing(journal: Journal, file: Path) -> None:
    rate(journal, RATED)
    shown = card(file, journal)
    for button in ("skip", "unskip", "check", ""):
        shown.press(button)
    shown.set("row-COMP7", "7")
    assert buttons(shown) == ["show"]
    assert not file.exists()


def test_made_up_ratings_are_labelled(journal: Journal, file: Path) -> None:
    rate(journal, RATED)
    assert "Synthetic data" not in words(card(file, journal))
    (journal.folder / SYNTHETIC).touch()
    assert "Synthetic data. Not real people." in words(card(file, journal))
