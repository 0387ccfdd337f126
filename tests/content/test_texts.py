"""Texts with a form for each plural of their language, so that a translation needs no Python."""

from __future__ import annotations

from pathlib import Path

import pytest

from course import content
from course.content import Texts, edition_language, read_texts
from course.content.texts import PluralText
from course.core.errors import BadContent

POLISH = """
[edition]
language = "pl"

[room]
days = { one = "{n} dzień", few = "{n} dni (2–4)", many = "{n} dni", other = "{n} dnia" }
marks = { by = "most", one = "{marks} z {most} punktu", few = "z {most}", many = "{marks} z {most} pkt", other = "–" }
plain = "{n} zł"
"""


def edition(tmp_path: Path, text: str) -> Texts:
    (tmp_path / "interface.toml").write_text(text, encoding="utf-8")
    return read_texts(folder=tmp_path)


def test_a_translation_has_the_forms_of_its_language(tmp_path: Path) -> None:
    texts = edition(tmp_path, POLISH)
    assert [texts.say("room.days", n=number) for number in (1, 2, 5, 22, 2.5)] == [
        "1 dzień",
        "2 dni (2–4)",
        "5 dni",
        "22 dni (2–4)",
        "2.5 dnia",
    ]


def test_a_text_says_which_of_its_numbers_counts(tmp_path: Path) -> None:
    texts = edition(tmp_path, POLISH)
    assert texts.say("room.marks", marks=2, most=1) == "2 z 1 punktu"
    assert texts.say("room.marks", marks="1", most="5") == "1 z 5 pkt"


def test_a_text_without_forms_stays_as_it_is(tmp_path: Path) -> None:
    texts = edition(tmp_path, POLISH)
    assert texts.say("room.plain", n=5) == "5 zł"
    assert texts.forms("room.plain") == dict.fromkeys(texts.language.forms, "{n} zł")


def test_what_a_text_quotes_has_inner_quotation_marks_of_its_own(tmp_path: Path) -> None:
    texts = edition(tmp_path, POLISH + 'ticked = "You ticked “{option}” {line}"')
    said = texts.say("room.ticked", option="“My door is open.”", line="Say “by noon”.")
    assert said == "You ticked “‘My door is open.’” Say “by noon”."


def test_a_browser_gets_every_form_with_its_blank_open(tmp_path: Path) -> None:
    assert edition(tmp_path, POLISH).forms("room.days")["one"] == "{n} dzień"


def test_every_form_is_a_text_of_its_own_to_those_who_look_through_them(tmp_path: Path) -> None:
    flat = edition(tmp_path, POLISH).flat()
    assert flat["room.days.many"] == "{n} dni"
    assert flat["room.plain"] == "{n} zł"
    assert "edition.language" not in flat


@pytest.mark.parametrize(
    "old,new,named",
    [
        ('few = "{n} dni (2–4)", ', "", "“few” is missing"),
        ('one = "{n} dzień"', "one = 1", "“one” is missing"),
        ('one = "{n} dzień"', 'one = "{n} dzień", two = "2"', "no plural form “two”"),
        ('by = "most"', "by = 3", "“by” is missing"),
    ],
)
def test_a_form_that_does_not_fit_is_named_with_its_place(tmp_path: Path, old: str, new: str, named: str) -> None:
    with pytest.raises(BadContent, match=named) as caught:
        edition(tmp_path, POLISH.replace(old, new, 1))
    assert caught.value.message.startswith("interface.toml, [room], “")
    assert caught.value.hint


@pytest.mark.parametrize("number", [None, "many", ""])
def test_a_text_that_no_number_chooses_is_named(tmp_path: Path, number: str | None) -> None:
    with pytest.raises(BadContent, match=r"interface\.toml, “room\.days”: no number"):
        edition(tmp_path, POLISH).say("room.days", n=number)


@pytest.mark.parametrize("declared", ["", "[edition]", '[edition]\nlanguage = ""', "[edition]\nlanguage = 3"])
def test_an_edition_without_a_language_is_named(tmp_path: Path, declared: str) -> None:
    (tmp_path / "interface.toml").write_text(declared)
    with pytest.raises(BadContent, match=r"interface\.toml.*(edition|language)"):
        edition_language(tmp_path)


def test_a_file_that_an_edition_leaves_out_is_the_courses_own_in_its_own_language(tmp_path: Path) -> None:
    edition(tmp_path, POLISH)
    name = "workshop-pages.toml"
    assert read_texts(name, tmp_path).language.tag == "en-GB"
    (tmp_path / name).write_text('[phone]\nskip = "Pomiń"\n', encoding="utf-8")
    assert read_texts(name, tmp_path).language.tag == "pl"


def test_the_file_that_learners_read_cannot_be_left_out(tmp_path: Path) -> None:
    with pytest.raises(BadContent, match=r"interface\.toml is missing"):
        read_texts(folder=tmp_path)


def test_lists_and_days_are_put_as_the_edition_puts_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert content.all_of(["tea", "milk", "sugar"]) == "tea, milk and sugar"
    edition(tmp_path, POLISH)
    monkeypatch.setenv("BUILDING_TRUST_WORDS", str(tmp_path))
    assert content.all_of(["herbata", "mleko", "cukier"]) == "herbata, mleko i cukier"
    assert content.any_of(["herbata", "kawa"]) == "herbata lub kawa"


def test_every_plural_text_of_the_course_says_its_number_in_the_form_for_many() -> None:
    for key, text in read_texts().by_key.items():
        if isinstance(text, PluralText):
            assert f"{{{text.by}}}" in text.forms["other"], key
