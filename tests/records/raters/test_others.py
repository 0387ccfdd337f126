"""How others see a learner, as the journal keeps it: added by two windows, saved, loaded and erased; secrets unseen."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.content.scales import find_scale, instrument_version
from course.core.moments import clock_at
from course.privacy.rater_release import RaterCount, RaterRelease, release_forms
from course.records.answers.page import LARGEST
from course.records.journal import Journal
from course.records.journal_file import journal_bytes, load, read_journal_file
from course.records.raters import others
from course.records.raters.others import (
    OPEN_ROUNDS,
    OTHERS,
    OpenRound,
    OthersResult,
    OthersWay,
    drop_open_round,
    latest_result,
    new_result,
    open_rounds,
    others_results,
    remove_result,
    save_open_round,
    save_result,
)

NOON = datetime.datetime(2026, 11, 28, 12, tzinfo=datetime.UTC)
CODES = [item.code for item in find_scale("habits").items]
SECRET = "0123456789abcdef" * 4


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with clock_at(NOON):
        yield


def a_result(raters: int = 8, minutes: int = 0, way: OthersWay = OthersWay.PRINTED) -> OthersResult:
    forms = [dict.fromkeys(CODES, 4 + rater % 3) for rater in range(raters)]
    release = release_forms(forms, CODES)
    assert isinstance(release, RaterRelease)
    with clock_at(NOON + datetime.timedelta(minutes=minutes)):
        return new_result(way, release.raters.value, release.statements)


def a_round(secret: str = SECRET) -> OpenRound:
    day = NOON.date()
    return OpenRound(secret, "https://trust.example.org", "https://trust.example.org/o/abc", day, day)


def test_a_result_comes_back_as_it_was_released() -> None:
    for raters in (5, 8):
        journal = Journal()
        save_result(journal, a_result(raters, minutes=raters))
        assert latest_result(Journal()) == a_result(raters, minutes=raters)
    assert [result.raters for result in others_results(Journal())] == ["five-to-seven", "eight-or-more"]


def test_the_rule_and_the_record_say_the_same_of_how_many_raters_there_are() -> None:
    assert {count.value for count in RaterCount} == set(others.get_args(others.RatersText))


def test_two_windows_each_add_a_result_and_neither_takes_the_others_away() -> None:
    one, other = Journal(), Journal()
    assert others_results(one) == others_results(other) == ()
    save_result(one, a_result())
    save_result(other, a_result(minutes=1))
    assert others_results(Journal()) == (a_result(), a_result(minutes=1))


def test_a_save_that_is_made_twice_adds_one_result() -> None:
    save_result(Journal(), a_result())
    save_result(Journal(), a_result())
    assert len(others_results(Journal())) == 1


def test_a_journal_file_takes_results_and_rounds_along_and_joins_them_with_those_that_are_there(a_home: Any) -> None:
    save_result(Journal(), a_result())
    save_open_round(Journal(), a_round())
    data = journal_bytes(Journal())
    elsewhere = Journal(a_home() / "journal")
    save_result(elsewhere, a_result(minutes=5))
    load(elsewhere, read_journal_file(data))
    assert others_results(Journal(elsewhere.folder)) == (a_result(), a_result(minutes=5))
    assert open_rounds(Journal(elsewhere.folder)) == (a_round(),)


def test_all_of_it_is_erased_with_the_lesson() -> None:
    journal = Journal()
    save_result(journal, a_result())
    save_open_round(journal, a_round())
    journal.forget(OTHERS[0])
    assert others_results(Journal()) == open_rounds(Journal()) == ()
    assert not Journal().files()


def test_an_open_round_is_kept_until_it_is_dropped() -> None:
    save_open_round(Journal(), a_round())
    save_open_round(Journal(), a_round("f" * 64))
    assert set(open_rounds(Journal())) == {a_round(), a_round("f" * 64)}
    save_result(Journal(), a_result(way=OthersWay.HOSTED))
    drop_open_round(Journal(), SECRET)
    assert open_rounds(Journal()) == (a_round("f" * 64),)
    drop_open_round(Journal(), "f" * 64)
    assert open_rounds(Journal()) == ()
    assert Journal().page(OPEN_ROUNDS[0]).get(OPEN_ROUNDS[1]) is None


def test_a_result_that_is_taken_away_leaves_the_others() -> None:
    for minutes in (0, 1):
        save_result(Journal(), a_result(minutes=minutes))
    remove_result(Journal(), a_result())
    assert others_results(Journal()) == (a_result(minutes=1),)
    remove_result(Journal(), a_result(minutes=1))
    assert Journal().page(OTHERS[0]).get(OTHERS[1]) is None


def test_a_page_is_as_good_a_place_as_its_journal() -> None:
    journal = Journal()
    save_result(journal.page(OTHERS[0]), a_result())
    assert others_results(journal) == others_results(journal.page(OTHERS[0])) == (a_result(),)


def test_a_result_without_a_round_ends_none() -> None:
    save_open_round(Journal(), a_round())
    save_result(Journal(), a_result())
    assert open_rounds(Journal()) == (a_round(),)


def test_no_text_of_a_program_tells_the_secret_or_what_others_answered() -> None:
    result = a_result()
    assert SECRET not in repr(a_round())
    assert "COMP7" not in repr(result)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.text(max_size=8), values, max_size=3),
    max_leaves=8,
)


@given(JSON)
def test_whatever_a_strangers_file_holds_reading_it_fails_nowhere(saved: Any) -> None:
    stamp = NOON.isoformat()
    for value in (
        saved,
        {stamp: saved},
        {stamp: {**SOUND, "average": saved}},
        {stamp: {**SOUND, "middle-half": saved}},
    ):
        page = Journal().page(OTHERS[0])
        page._page.answers[OTHERS[1]] = value
        page._page.answers[OPEN_ROUNDS[1]] = value
        journal = Journal()
        journal._pages[OTHERS[0]] = page
        for result in others_results(journal):
            assert set(result.statements) <= set(CODES)
        assert open_rounds(journal) == ()


SOUND = {"way": "printed", "raters": "eight-or-more", "version": 2, "average": {"COMP7": 5.5}}


def read_with(**changes: Any) -> tuple[OthersResult, ...]:
    journal = Journal()
    journal.page(OTHERS[0]).save(OTHERS[1], {NOON.isoformat(): {**SOUND, **changes}})
    return others_results(Journal())


def test_what_the_course_would_not_have_written_is_no_result() -> None:
    assert len(read_with()) == 1
    for changes in (
        {"way": "by post"},
        {"raters": "6"},
        {"version": instrument_version() + 1},
        {"version": True},
    ):
        assert read_with(**changes) == ()
    for average in (5.3, 0.5, 7.5, "5", True, None):
        assert not read_with(average={"COMP7": average})[0].statements
    for half in ([5], [6, 5], [0, 5], [5, 8], ["5", 6], "5-6"):
        assert not read_with(**{"middle-half": {"COMP7": half}})[0].statements
    assert not read_with(average={"COMP1": 5, "NEW": 5})[0].statements


def test_results_of_many_years_have_room_in_a_page() -> None:
    """A page holds so many bytes: a result takes less than a thousand of them."""
    journal = Journal()
    for week in range(60):
        save_result(journal, a_result(minutes=week))
    assert journal.files()[0].stat().st_size < 60_000 < LARGEST
