"""Whose marks are in which file is known whatever became of the command that made it, and of the record."""

from __future__ import annotations

from pathlib import Path

from course.trainer.marks_back.people_in_files import FILE, forget_file, forget_person, note_people, read_people


def made(folder: Path, name: str, *learners: str) -> None:
    note_people(folder, name, learners)
    (folder / name).write_text("synthetic", encoding="utf-8")


def test_who_was_in_a_file_that_is_made_again_stays_noted_as_it_may_be_stopped_before(tmp_path: Path) -> None:
    made(tmp_path, "a.csv", "ada", "ben")
    note_people(tmp_path, "a.csv", ["ben", "kim"])
    assert read_people(tmp_path) == {"a.csv": {"ada", "ben", "kim"}}


def test_what_is_noted_of_a_file_goes_with_it(tmp_path: Path) -> None:
    made(tmp_path, "a.csv", "ada")
    made(tmp_path, "b.csv", "ben")
    (tmp_path / "a.csv").unlink()
    made(tmp_path, "c.csv", "kim")
    assert read_people(tmp_path).keys() == {"b.csv", "c.csv"}
    forget_file(tmp_path, "b.csv")
    assert read_people(tmp_path).keys() == {"c.csv"}
    forget_file(tmp_path, "no.csv")
    forget_person(tmp_path, "kim")
    assert [path.name for path in tmp_path.iterdir()] == ["c.csv"]


def test_a_damaged_record_knows_nobody_and_is_replaced(tmp_path: Path) -> None:
    for damaged in ("", "[]", "{", '{"format": 1, "people": [1]}', '{"format": 1, "people": {"a.csv": 7}}'):
        (tmp_path / FILE).write_text(damaged, encoding="utf-8")
        assert read_people(tmp_path) == {}, damaged
    made(tmp_path, "a.csv", "ada")
    assert read_people(tmp_path) == {"a.csv": {"ada"}}
