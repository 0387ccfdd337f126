"""The journal: a page a lesson, the ratings in it, and forgetting."""

from __future__ import annotations

from pathlib import Path

import pytest

from course.core.errors import UnknownLesson
from course.core.settings import settings
from course.records.journal import Journal


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal")


def test_the_journal_is_in_the_persons_own_data(empty_home: Path) -> None:
    assert Journal().folder == settings().journal
    assert empty_home in Journal().folder.parents
    assert not Journal().folder.exists()


def test_a_page_is_the_same_one_each_time(journal: Journal) -> None:
    journal.page("repair").save("q", "B")
    assert journal.page("repair").get("q") == "B"
    assert journal.page("repair") is journal.page("repair")
    assert journal.written() == ["repair"]


@pytest.mark.parametrize("name", ["../secret", "repair/../x", "", "*", "package", "04-Repair", ".."])
def test_no_other_file_can_be_made_a_page(journal: Journal, name: str) -> None:
    for act in (journal.page, journal.forget, journal.files):
        with pytest.raises(UnknownLesson):
            act(name)


@pytest.mark.parametrize(
    "text", ["[]", "5", '"our-own"', "{", '{"lesson": "repair", "answers": {}}', '{"lesson": "our-own"}']
)
def test_a_file_of_another_programs_is_no_page_and_stays(journal: Journal, text: str) -> None:
    journal.page("repair").save("q", "B")
    other = journal.folder / "our-own.json"
    other.write_text(text)
    assert journal.written() == ["repair"]
    journal.forget()
    assert other.read_text() == text


def test_a_page_of_another_edition_is_one_of_the_journal(journal: Journal) -> None:
    journal.page("repair").save("q", "B")
    (journal.folder / "our-own.json").write_text('{"format": 2, "lesson": "our-own", "answers": {}, "states": {}}')
    assert set(journal.written()) == {"repair", "our-own"}


def test_ratings_come_from_the_first_to_the_latest(journal: Journal) -> None:
    journal.page("day-30").save("day-30", {"COMP7": 7, "version": 2})
    journal.page("two-questions").save("pulse", {"P1": 4, "P2": "n", "TRIED": 2})
    journal.page("starting-point").save("start", {"COMP7": 5, "CARE7": "n", "P1": 3, "version": 2})
    found = [(rating.occasion.name, rating.habits, rating.pulse, rating.tried) for rating in journal.ratings()]
    assert found == [
        ("start", {"COMP7": 5}, {"P1": 3}, None),
        ("pulse-1", {}, {"P1": 4}, 2),
        ("day-30", {"COMP7": 7}, {}, None),
    ]


@pytest.mark.parametrize("saved", [None, "text", [5], {"COMP7": "5", "CARE7": 9, "P1": True, "X": 3}, {"COMP7": "n"}])
def test_what_cannot_be_a_rating_is_no_rating(journal: Journal, saved: object) -> None:
    journal.page("starting-point").save("start", saved)
    assert journal.ratings() == []


@pytest.mark.parametrize(
    ("former", "group", "guesses"),
    [
        (None, None, [None, None, None, None]),
        ([5, 4, 3, 2], None, [5, 4, 3, 2]),
        (None, [6, 5], [None, None, 6, 5]),
        ([5, 4, 3, 2], [6, None], [5, 4, 6, None]),
        ("5432", [6], [None, None, None, None]),
        ([5, 4, 3], None, [None, None, None, None]),
    ],
)
def test_guesses_of_version_0_1_0_stay_until_the_group_is_guessed_anew(
    journal: Journal, former: object, group: object, guesses: list[object]
) -> None:
    page = journal.page("two-questions")
    page.save("guess", former)
    page.save("group-view", group)
    assert journal.guesses() == guesses


def test_a_damaged_page_stays_where_it_is_while_the_others_are_read(journal: Journal) -> None:
    journal.page("two-questions").save("pulse", {"P1": 4})
    damaged = journal.folder / "starting-point.json"
    damaged.write_text("{")
    again = Journal(journal.folder)
    assert [rating.occasion.name for rating in again.ratings()] == ["pulse-1"]
    assert damaged.read_text() == "{"
    assert again.page("starting-point").problem


def fill(journal: Journal) -> None:
    journal.page("repair").save("q", "B")
    journal.page("day-30").save("q", "C")
    (journal.folder / "repair.damaged-20260102-030405-678.json").write_text("{")
    (journal.folder / ".sharing-power.json.x1_y.tmp").write_text("half")
    (journal.folder / "package.json").write_text("another program's")
    (journal.folder / "notes.txt").write_text("the person's own")


def test_forgetting_all_erases_pages_what_was_kept_aside_and_left_overs_and_nothing_else(journal: Journal) -> None:
    fill(journal)
    listed = [path.name for path in journal.files()]
    assert journal.forget() == listed
    assert len(listed) == 4
    assert sorted(path.name for path in journal.folder.iterdir()) == ["notes.txt", "package.json"]
    assert journal.page("repair").get("q") is None
    assert list((settings().data / "locks").iterdir()) == []


def test_forgetting_one_page_leaves_the_others(journal: Journal) -> None:
    fill(journal)
    assert journal.forget("repair") == ["repair.damaged-20260102-030405-678.json", "repair.json"]
    assert journal.written() == ["sharing-power", "day-30"]


def test_forgetting_an_empty_journal_erases_nothing(journal: Journal) -> None:
    assert journal.forget() == []
    assert not journal.folder.exists()


def test_no_answer_is_in_a_text_about_the_journal(journal: Journal) -> None:
    journal.page("starting-point").save("start", {"COMP7": 6, "P1": 7, "TRIED": 3, "version": 2})
    [rating] = journal.ratings()
    assert "COMP7" not in repr([journal, rating])
    assert "tried" not in repr(rating)
