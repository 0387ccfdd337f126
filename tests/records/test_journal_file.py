"""A journal as one file: it travels both ways, nothing is lost on the way, and a stranger's file does no harm."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from course.core.errors import BadJournalFile
from course.records.answers.merge import is_blank, join
from course.records.answers.page import LARGEST as LARGEST_PAGE
from course.records.answers.units import Json, Layout
from course.records.journal import SYNTHETIC, Journal
from course.records.journal_file import (
    LARGEST,
    PageResult,
    asked_about,
    compare,
    journal_bytes,
    load,
    read_journal_file,
)
from tests.cases import every

FORM = Layout("list", ("who", "what"), {"who": "", "what": ""})


@pytest.fixture
def laptop(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "laptop")


@pytest.fixture
def browser(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "browser")


def carry(source: Journal, target: Journal, **how: Any) -> list[PageResult]:
    return load(target, read_journal_file(journal_bytes(source)), **how)


def file_of(pages: object, **others: object) -> bytes:
    return json.dumps({"format": 1, "journal": pages, **others}).encode()


def page(answers: object, lesson: str = "repair", **others: object) -> dict[str, object]:
    return {"format": 2, "lesson": lesson, "answers": answers, "states": {}, **others}


def test_a_journal_travels_both_ways_and_ends_the_same(laptop: Journal, browser: Journal) -> None:
    first = laptop.page("starting-point")
    first.save("how-long", "B", state="checked")
    first.save("skipped-one", state="skipped")
    laptop.page("repair").save_units("form", {"who": "the rota lead"}, FORM)
    carry(laptop, browser)
    assert journal_bytes(browser) == journal_bytes(laptop)
    browser.page("repair").save_units("form", {"what": "say sorry"}, FORM)
    browser.page("thanks").save("line", "<script>alert(1)</script>")
    results = carry(browser, laptop)
    assert journal_bytes(laptop) == journal_bytes(browser)
    by_lesson = {result.lesson: result for result in results}
    assert by_lesson["repair"].completed == ["form"]
    assert by_lesson["thanks"].added == ["line"]
    assert not by_lesson["starting-point"].is_changed
    assert not any(result.is_changed for result in carry(browser, laptop))


def test_what_is_otherwise_here_stays_unless_it_was_asked_about(laptop: Journal, browser: Journal) -> None:
    laptop.page("repair").save("line", "mine")
    browser.page("repair").save("line", "from the browser")
    file = read_journal_file(journal_bytes(browser))
    asked = asked_about(laptop, compare(laptop, file))
    assert asked == {("repair", "line"): "mine"}
    assert load(laptop, file)[0].kept == ["line"]
    assert laptop.page("repair").get("line") == "mine"
    result = load(laptop, file, asked)[0]
    assert (result.replaced, laptop.page("repair").get("line")) == (["line"], "from the browser")
    aside = json.loads((laptop.folder / result.aside).read_text())
    assert aside["answers"] == {"line": "mine"}


def test_what_was_written_after_the_question_is_not_replaced(laptop: Journal, browser: Journal) -> None:
    laptop.page("repair").save("line", "mine")
    browser.page("repair").save("line", "from the browser")
    file = read_journal_file(journal_bytes(browser))
    asked = asked_about(laptop, compare(laptop, file))
    Journal(laptop.folder).page("repair").save("line", "mine, and later")
    assert load(laptop, file, asked)[0].kept == ["line"]
    assert laptop.page("repair").get("line") == "mine, and later"


def test_another_window_that_shows_the_page_is_told(laptop: Journal, browser: Journal) -> None:
    heard: list[str] = []
    laptop.page("repair").listen(heard.append)
    browser.page("repair").save("line", "new")
    carry(browser, laptop)
    assert heard == ["line"]


def test_a_damaged_page_here_is_set_aside_and_filled_from_the_file(laptop: Journal, browser: Journal) -> None:
    browser.page("repair").save("line", "saved in time")
    laptop.folder.mkdir()
    (laptop.folder / "repair.json").write_text("{")
    carry(browser, laptop)
    assert Journal(laptop.folder).page("repair").get("line") == "saved in time"
    assert len(list(laptop.folder.glob("repair.damaged-*.json"))) == 1


def test_a_page_here_that_a_newer_course_wrote_is_left_alone(laptop: Journal, browser: Journal) -> None:
    browser.page("repair").save("line", "older")
    browser.page("thanks").save("line", "fine")
    laptop.folder.mkdir()
    newer = json.dumps(page({"line": "newer"}, format=3))
    (laptop.folder / "repair.json").write_text(newer)
    results = {result.lesson: result for result in carry(browser, laptop)}
    assert results["repair"].problem
    assert not results["repair"].is_changed
    assert (laptop.folder / "repair.json").read_text() == newer
    assert results["thanks"].added == ["line"]


def log(**entries: str) -> Json:
    units = {f"entry:{id}": {"date": "2026-11-22", "words": [text], "mark": ""} for id, text in entries.items()}
    return {"kind": "log", "units": units}


def words_in(answer: Any) -> list[str]:
    return [unit["words"][0] for unit in answer["units"].values()]


def test_logs_are_joined_entry_by_entry_and_loading_twice_adds_nothing() -> None:
    here, there = log(a1="ours", b2="both"), log(b2="both", a1="theirs under an id of ours", c3="theirs")
    joined = join(here, there)
    assert words_in(joined.answer) == ["ours", "both", "theirs under an id of ours", "theirs"]
    assert not joined.differs
    assert join(joined.answer, there).answer == joined.answer
    older: Json = {"entries": [{"date": "2026-11-22", "words": ["both"], "mark": ""}], "draft": None}
    assert join(here, older).answer == here


def test_a_draft_in_a_log_gives_way_to_nothing_unless_there_is_none() -> None:
    entry = {"entry:a1": {"date": "2026-11-22", "words": ["x"], "mark": ""}}
    there: Json = {"kind": "log", "units": {**entry, "draft:1": "begun there"}}
    assert join({"kind": "log", "units": entry}, there).answer == there
    here: Json = {"kind": "log", "units": {**entry, "draft:1": "begun here"}}
    joined = join(here, there)
    assert (joined.answer, joined.other, joined.differs) == (here, there, True)


def units(kind: str, **named: Json) -> Json:
    return {"kind": kind, "units": named}


@every(
    "here, there, answer, differs",
    [
        ("A", "A", "A", False),
        ("A", "B", "A", True),
        ("", "B", "B", False),
        ("A", "  ", "A", False),
        (None, ["x"], ["x"], False),
        (["x", "y"], ["y", "x"], ["x", "y"], True),
        (0, 5, 0, True),
        ({"COMP1": 5}, {"CARE1": 4}, {"COMP1": 5, "CARE1": 4}, False),
        ({"COMP1": 5}, {"COMP1": 6, "CARE1": 4}, {"COMP1": 5}, True),
        ({"COMP1": 5, "version": 1}, {"CARE1": 4, "version": 2}, {"COMP1": 5, "version": 1}, True),
        (units("list", a="x", b=""), units("list", a="", b="y"), units("list", a="x", b="y"), False),
        (units("list", a="x", b=""), units("list", a="z", b="y"), units("list", a="x", b="y"), True),
        (units("ticks", A=True), units("ticks", A=True, B=True), units("ticks", A=True), True),
        (units("ticks"), units("ticks", B=True), units("ticks"), True),
        (["x", "y"], units("list", a="x", b="y"), ["x", "y"], False),
        ("text", {"COMP1": 5}, "text", True),
        (units("list", a="x"), "text", units("list", a="x"), True),
        (units("list", a="x"), units("cards", a="y", b="z"), units("list", a="x"), True),
    ],
)
def test_an_answer_gets_what_only_the_other_has(here: Json, there: Json, answer: Json, differs: bool) -> None:
    joined = join(here, there)
    assert (joined.answer, joined.differs) == (answer, differs)
    assert join(joined.answer, there).answer == joined.answer


def test_no_tick_at_all_is_an_answer_and_an_empty_list_is_none() -> None:
    assert not is_blank(units("ticks"))
    assert is_blank([])
    assert is_blank(units("list", a="", b=None))


@every(
    "data, reason",
    [
        (b"", "damaged"),
        (b"{", "damaged"),
        (b"PK\x03\x04\xff", "damaged"),
        (b"[" * 100_000, "damaged"),
        (b'{"format": 1, "journal": {"repair": NaN}}', "damaged"),
        (b"[]", "not a journal"),
        (b'{"format": 2, "lesson": "repair", "answers": {}, "states": {}}', "not a journal"),
        (b'{"format": true, "journal": {}}', "not a journal"),
        (b'{"format": 0, "journal": {}}', "not a journal"),
        (file_of([]), "not a journal"),
        (file_of({"../repair": page({})}), "not a journal"),
        (file_of({"repair": page({}), "04-repair": page({})}), "not a journal"),
        (file_of({f"{number:02}-x": page({}) for number in range(60)}), "not a journal"),
        (file_of({}).replace(b"1", b"2"), "newer"),
        (b" " * (LARGEST + 1), "larger"),
    ],
)
def test_what_is_no_journal_file_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(BadJournalFile, match=reason):
        read_journal_file(data)


@every(
    "made, problem",
    [
        (page("no table"), "damaged in the file"),
        (page({}, lesson="thanks"), "damaged in the file"),
        (page({"a": [[[[[["deep"]]]]]]}), "damaged in the file"),
        (page({"a": "x" * LARGEST_PAGE}), "damaged in the file"),
        ([], "damaged in the file"),
        (page({}, format=3), "newer version"),
    ],
)
def test_one_bad_page_does_not_keep_the_others_out(made: object, problem: str, tmp_path: Path) -> None:
    target = Journal(tmp_path / problem)
    results = load(target, read_journal_file(file_of({"repair": made, "thanks": page({"a": "b"}, "thanks")})))
    assert problem in str({result.lesson: result for result in results}["repair"].problem)
    assert target.page("thanks").get("a") == "b"
    assert target.written() == ["thanks"]


def test_a_page_of_another_edition_is_left_in_the_file_and_a_former_name_is_known(laptop: Journal) -> None:
    data = file_of({"04-repair": page({"a": "b"}, "04-repair", format=1), "weaving": page({"a": "b"}, "weaving")})
    results = {result.lesson: result for result in load(laptop, read_journal_file(data))}
    assert results["repair"].added == ["a"]
    assert "does not have this lesson" in str(results["weaving"].problem)
    assert laptop.written() == ["repair"]


def test_states_that_are_no_text_are_not_taken(laptop: Journal) -> None:
    data = file_of({"repair": page({"a": "b"}, states={"a": ["checked"], "c": 7})})
    load(laptop, read_journal_file(data))
    assert laptop.page("repair").state("a") == ""
    assert "c" not in json.loads((laptop.folder / "repair.json").read_text())["states"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_a_file_that_a_text_editor_saved_is_read(laptop: Journal, browser: Journal, encoding: str) -> None:
    browser.page("repair").save("line", "Zoë")
    load(laptop, read_journal_file(journal_bytes(browser).decode().encode(encoding)))
    assert laptop.page("repair").get("line") == "Zoë"


@pytest.mark.parametrize("made_up", ["laptop", "browser"])
def test_made_up_answers_and_a_persons_own_are_never_mixed(laptop: Journal, browser: Journal, made_up: str) -> None:
    for journal in (laptop, browser):
        journal.page("repair").save("line", str(journal.folder))
    ({"laptop": laptop, "browser": browser}[made_up].folder / SYNTHETIC).write_text("made up")
    file = read_journal_file(journal_bytes(browser))
    ways: list[Callable[[], object]] = [lambda: load(laptop, file), lambda: compare(laptop, file)]
    for way in ways:
        with pytest.raises(BadJournalFile, match=r"made.up"):
            way()
    assert laptop.page("repair").get("line") == str(laptop.folder)


def test_made_up_answers_are_loaded_into_made_up_ones(laptop: Journal, browser: Journal) -> None:
    browser.page("repair").save("line", "made up there")
    for journal in (laptop, browser):
        journal.folder.mkdir(exist_ok=True)
        (journal.folder / SYNTHETIC).write_text("made up")
    carry(browser, laptop)
    assert laptop.page("repair").get("line") == "made up there"


def test_nothing_that_was_written_is_in_a_text_about_it(laptop: Journal, browser: Journal) -> None:
    laptop.page("repair").save("line", "a secret")
    file = read_journal_file(journal_bytes(laptop))
    assert "a secret" not in repr(file)
    assert "a secret" not in repr(load(browser, file))
    assert "a secret" not in repr(join("a secret", "b"))
