"""The content files: each text is used, each text that is asked for is there, and mistakes name their place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from course import content
from course.content.lessons import find_lesson, find_page, lessons, occasions
from course.core.errors import BadContent, UnknownLesson
from tests.cases import every
from tests.syntax_trees import first_arguments, is_among, texts, texts_in_course

PACKAGE = content.HERE.parent


def asked_for() -> Iterator[str]:
    """Yield what is given as the key in each call of `say(…)` or `words(…)`."""
    for function, key in first_arguments():
        if re.search(r"\b(say|words)$", function):
            yield from texts(key)


def test_every_text_of_the_interface_is_used_somewhere() -> None:
    tables = tuple(re.escape(key.split(".")[0] + ".") for key in content.read_texts().by_key)
    used = {text for text in texts_in_course() if text.startswith(tables) or text.endswith("\\-hint")}
    unused = [key for key in content.read_texts().by_key if not is_among(key, used)]
    assert unused == [], "Take them out of interface.toml."


def test_every_text_that_is_asked_for_is_in_the_interface() -> None:
    keys = content.read_texts().by_key
    wanted = sorted({text for text in asked_for() if "\\." in text})
    assert len(wanted) > 50
    assert [text for text in wanted if not any(re.fullmatch(text, key) for key in keys)] == []


def test_the_words_are_plain() -> None:
    for key, text in content.interface().items():
        assert "!" not in text, f"{key} shouts"
        assert not re.search(r"\b(error|invalid|failed|null|file system|timeout|e\.g\.|i\.e\.|etc)\b", text, re.I), key
        for sentence in re.split(r"(?<=[.?]) ", text):
            assert len(sentence.split()) <= 26, f"{key} has a long sentence: {sentence}"


def test_a_text_that_is_missing_is_named() -> None:
    with pytest.raises(BadContent, match=r"button\.nowhere"):
        content.words("button.nowhere")


def test_blanks_are_filled_and_one_that_is_left_over_is_named() -> None:
    assert content.words("card.entry", number=1, date="2 January 2026") == "Entry 1: 2 January 2026"
    with pytest.raises(BadContent, match=r"card\.entry"):
        content.words("card.entry", number=1)


def test_braces_in_what_a_person_wrote_stay_as_they_are() -> None:
    assert "{x} {0}" in content.words("card.your-way", option="{x} {0}")


def test_a_file_that_is_missing_is_named_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(BadContent, match=r"scales\.toml is missing") as caught:
        content.read("scales.toml", tmp_path)
    assert caught.value.hint


@pytest.mark.parametrize("written", [b'a = "1', b"\xff", b"a = 1\na = 2\n", b""], ids=["torn", "bytes", "twice", "no"])
def test_a_file_that_cannot_be_read_is_named_with_its_line(tmp_path: Path, written: bytes) -> None:
    (tmp_path / "lessons.toml").write_bytes(written)
    with pytest.raises(BadContent, match=r"lessons\.toml"):
        lessons(tmp_path)


@pytest.mark.parametrize("written", ["skip = 1", '[button]\nskip = ""', "[button]\nskip = 3", "[[button]]\nskip = 'x'"])
def test_a_text_of_the_wrong_kind_is_named(tmp_path: Path, written: str) -> None:
    (tmp_path / "interface.toml").write_text(written)
    with pytest.raises(BadContent, match=r"interface\.toml.*(skip|button)"):
        content.interface(tmp_path)


def test_there_are_eight_lessons_in_order() -> None:
    assert [lesson.number for lesson in lessons()] == list(range(8))
    assert sum(lesson.minutes for lesson in lessons()) == 300
    assert find_lesson("repair").title == "When trust is broken"


def test_people_rate_themselves_in_full_three_times_and_take_their_pulse_six_times() -> None:
    assert [occasion.name for occasion in occasions() if occasion.full] == ["start", "now", "day-30"]
    pulses = [occasion for occasion in occasions() if not occasion.full]
    assert [occasion.lesson for occasion in pulses] == [lesson.key for lesson in lessons()[1:7]]
    assert {occasion.key for occasion in pulses} == {"pulse"}


@every("slug", ["4-repair", "04-Repair", "", "../repair", "04"])
def test_an_unknown_lesson_is_answered_with_the_list(slug: str) -> None:
    for find in (find_lesson, find_page):
        with pytest.raises(UnknownLesson, match="repair") as caught:
            find(slug)
        assert len(caught.value._render_traceback_()) == 2


LESSONS = """
[[lesson]]
key = "start"
former = ["00-start"]
title = "Start"
minutes = 30
story = "A story"

[[occasion]]
name = "start"
lesson = "start"
key = "start"
label = "Start"
full = true
"""


@pytest.mark.parametrize(
    "old,new,named",
    [
        ('key = "start"\nformer', "former", "lesson 0: “key”"),
        ('key = "start"', 'key = "Start"', "lesson 0: “Start”"),
        ('["00-start"]', '["../start"]', "lesson 0: “../start”"),
        ('["00-start"]', '"00-start"', "lesson 0: “former”"),
        ('["00-start"]', '["start"]', "lesson 0: the name “start”"),
        ("minutes = 30", 'minutes = "30"', "lesson 0: “minutes”"),
        ('story = "A story"', "", "lesson 0: “story”"),
        ("full = true", "full = 1", "occasion 1: “full”"),
        ('label = "Start"', "", "occasion 1: “label”"),
    ],
)
def test_a_mistake_in_the_list_of_lessons_is_named(tmp_path: Path, old: str, new: str, named: str) -> None:
    (tmp_path / "lessons.toml").write_text(LESSONS)
    assert len(lessons(tmp_path)) == len(occasions(tmp_path)) == 1
    wrong = tmp_path / "wrong"
    wrong.mkdir()
    (wrong / "lessons.toml").write_text(LESSONS.replace(old, new, 1))
    with pytest.raises(BadContent) as caught:
        [lessons(wrong), occasions(wrong)]
    assert caught.value.message.startswith(f"lessons.toml, {named}")
    assert caught.value.hint


@pytest.mark.parametrize("name", ["scales.toml", "comments.toml"])
def test_a_file_of_an_edition_under_almost_its_name_is_told_of(tmp_path: Path, name: str) -> None:
    (tmp_path / f"{name}.txt").write_bytes((content.HERE / name).read_bytes())
    with pytest.raises(BadContent, match=rf"{name}\.txt"):
        content.read(name, tmp_path)
