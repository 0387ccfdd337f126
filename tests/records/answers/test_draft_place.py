"""Where a browser keeps drafts: by journal and page, so that erasing one drops them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from course.records.answers.answers import Answers
from course.records.answers.draft_place import IDS, draft_place
from course.records.journal import Journal


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal")


def test_the_place_of_a_page_stays_the_same_from_opening_to_opening(journal: Journal) -> None:
    place = draft_place(journal.page("repair"))
    assert place
    assert place == draft_place(Journal(journal.folder).page("repair"))
    assert place["page"] == "repair@"
    other = draft_place(journal.page("trust-plan"))
    assert other
    assert (other["place"], other["journal"]) == (place["place"], place["journal"])


def test_an_id_says_nothing_of_the_person(journal: Journal) -> None:
    place = draft_place(journal.page("repair"))
    assert place
    assert journal.folder.name not in place["place"] + place["journal"]
    assert (journal.folder / IDS).read_text() == f"journal {place['journal']}\n"
    assert (journal.folder / IDS).stat().st_mode & 0o077 == 0
    assert journal.written() == []


def test_another_journal_is_another_place(journal: Journal, tmp_path: Path) -> None:
    one, other = draft_place(journal.page("repair")), draft_place(Journal(tmp_path / "demo").page("repair"))
    assert one
    assert other
    assert one["place"] != other["place"]
    assert one["journal"] != other["journal"]


@pytest.mark.parametrize("is_written", [True, False])
def test_erasing_the_journal_gives_it_another_id(journal: Journal, is_written: bool) -> None:
    before = draft_place(journal.page("repair"))
    if is_written:
        journal.page("repair").save("q", "words")
    journal.forget()
    assert list(journal.folder.iterdir()) == []
    after = draft_place(journal.page("repair"))
    assert before
    assert after
    assert before["place"] == after["place"]
    assert before["journal"] != after["journal"]


def test_erasing_one_page_changes_the_id_of_that_page_alone(journal: Journal) -> None:
    pages = ("repair", "trust-plan")
    before = [draft_place(journal.page(page)) for page in pages]
    journal.page("repair").save("q", "words")
    journal.forget("repair")
    after = [draft_place(journal.page(page)) for page in pages]
    assert before[0]
    assert after[0]
    assert before[0]["journal"] == after[0]["journal"]
    assert before[0]["page"] != after[0]["page"]
    assert before[1] == after[1]


def test_an_exercise_has_a_place_and_nothing_is_written_beside_its_answers(tmp_path: Path) -> None:
    place = draft_place(Answers(tmp_path / "answers.json", "exercise", "repair"))
    assert place
    assert place["page"] == "repair@"
    assert list(tmp_path.iterdir()) == []


def test_answers_that_are_only_in_memory_have_none() -> None:
    assert draft_place(Answers(None, "lesson", "repair")) is None


@pytest.mark.skipif(os.name == "posix" and os.geteuid() == 0, reason="root may write anywhere")
def test_a_journal_that_cannot_be_written_has_none(journal: Journal) -> None:
    journal.folder.mkdir(mode=0o500)
    assert draft_place(journal.page("repair")) is None


def test_a_folder_in_the_way_means_no_drafts(journal: Journal) -> None:
    journal.folder.write_text("a file where the folder should be")
    assert draft_place(Answers(journal.folder / "repair.json", "lesson", "repair")) is None


@pytest.mark.parametrize("text", ["", "nonsense", "repair 0123456789abcdef\n", "journal 12\n", "\xff" * 10])
def test_a_damaged_file_of_ids_is_made_anew(journal: Journal, text: str) -> None:
    journal.folder.mkdir()
    (journal.folder / IDS).write_text(text, encoding="latin-1")
    place = draft_place(journal.page("repair"))
    assert place
    assert place == draft_place(journal.page("repair"))
