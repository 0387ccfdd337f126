"""The script: what is wrong in a facilitator's own copy is answered with its line and how to fix it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from course.core.errors import BadContent
from course.workshop.script.script import ScriptQuestion, find_script, parse_script, read_stored_script
from tests.cases import every
from tests.paths import ROOT

TEXT = (ROOT / "tests" / "workshop" / "script.toml").read_text(encoding="utf-8")


def line_of(text: str) -> int:
    return 1 + TEXT[: TEXT.index(text)].count("\n")


VOTE = line_of('kind = "vote"')


def test_the_course_has_two_lengths_and_each_keeps_its_minutes() -> None:
    short, long = find_script(), find_script(is_long=True)
    assert sum(step.minutes for step in short.steps) == 90
    assert sum(step.minutes for step in long.steps) == 120
    only_long = [step.slug for step in long.steps if not short.step(step.slug)]
    assert only_long == ["break", "thanks", "rate-again"]
    assert [step.slug for step in short.steps] == [step.slug for step in long.steps if step.slug not in only_long]


def test_a_session_of_the_long_script_is_read_again_as_the_long_one() -> None:
    long = find_script(is_long=True)
    assert read_stored_script(long.text) == long


def test_a_script_of_ones_own_is_short_unless_it_says_otherwise(edition: Path) -> None:
    own = TEXT.replace("minutes = 15", "minutes = { short = 15, long = 20 }", 1)
    assert "length" not in own
    assert parse_script(own).length == "short"
    assert parse_script(f'length = "long"\n{own}').steps[1].minutes == 20


def test_a_mistake_after_a_step_of_another_length_is_named_with_its_own_line() -> None:
    text = find_script().text.replace('same-as = "group"', 'same-as = "group-of-six"', 1)
    assert find_script().step("rate-again") is None
    parse_script(text)
    broken = text.replace('slug = "taking-away"', 'slug = "group"', 1)
    line = 1 + broken[: broken.rindex('slug = "group"')].count("\n")
    with pytest.raises(BadContent, match=rf"line {line}: .*twice"):
        parse_script(broken)


@pytest.mark.parametrize(
    "old, new, what",
    [
        ('kind = "vote"', 'kind = "veto"', "veto"),
        ('scale = "group"\nitems = ["G1", "G2"]', 'scale = "mood"', "mood"),
        ('items = ["G1", "G2"]', 'items = ["G9"]', "items"),
        ("minutes = 15", "minutes = 0", "minutes"),
        ("minutes = 15", "minutes = { short = 0, long = 20 }", "minutes"),
        ("minutes = 15", "minutes = { middle = 15 }", "minutes"),
        ("minutes = 15", "minutes = {}", "minutes"),
        ('language = "en"', 'language = "en"\nlength = "endless"', "length"),
        ('from = "differences"', 'from = "group"', "from"),
        ('same-as = "group"', 'same-as = "thanks"', "same-as"),
        ('items = ["G2"]\nsame-as', 'items = ["G3"]\nsame-as', "same-as"),
        ('slug = "leak"', 'slug = "group"', "twice"),
        ('slug = "close"', 'slug = "agree"', "twice"),
        ('prompt = "What do you do first?"', "prompt = 7", "prompt"),
        ('to = "To", ', "", "to, for, meant"),
        ('kind = "thanks"', 'kind = "thanks"\ncolour = "blue"', "colour"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_line(edition: Path, old: str, new: str, what: str) -> None:
    assert TEXT.count(old) >= 1
    with pytest.raises(BadContent, match=r"mine.toml, line \d+: ") as caught:
        parse_script(TEXT.replace(old, new, 1), "mine.toml")
    assert what in str(caught.value)
    assert caught.value.hint
    line = int(str(caught.value).partition("line ")[2].partition(":")[0])
    assert abs(line - line_of(old)) <= 3


def test_the_limits_line_cannot_be_left_out_nor_reworded(edition: Path) -> None:
    fixed = next(line for line in TEXT.splitlines() if "limits" in line)
    for new in ("", fixed.replace("fixed = true", "fixed = false"), fixed.replace("raising", "hiding")):
        with pytest.raises(BadContent, match="limits"):
            parse_script(TEXT.replace(fixed, new), "mine.toml")
    assert parse_script(TEXT.replace("We may use what we learn", "Use what we learn"), "mine.toml")


def test_steps_can_be_dropped(edition: Path) -> None:
    first = TEXT.index("[[step]]")
    second = TEXT.index("[[step]]", first + 1)
    last = TEXT.index("[[step]]", second + 1)
    script = parse_script(TEXT[:first] + TEXT[second:last], "mine.toml")
    assert [step.slug for step in script.steps] == ["agree"]


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadContent, match="line 1"):
        parse_script("title =\nlanguage = 1", "mine.toml")
    with pytest.raises(BadContent, match="no-such"):
        find_script(tmp_path / "no-such.toml")


def test_a_script_that_names_no_language_is_in_that_of_the_edition(own_edition: Path) -> None:
    interface = own_edition / "interface.toml"
    text = interface.read_text(encoding="utf-8")
    interface.write_text(text.replace('language = "en-GB"', 'language = "en-US"'), encoding="utf-8")
    assert parse_script(TEXT.replace('language = "en"\n', "")).language == "en-US"
    assert parse_script(TEXT).language == "en"


def test_an_edition_without_a_script_has_the_courses_own(own_edition: Path) -> None:
    (own_edition / "workshop.toml").unlink()
    assert find_script().title == "Trust in this room"


def test_a_part_is_one_thing_to_answer() -> None:
    assert ScriptQuestion("leak", "vote", "?").parts() == ("leak",)
    assert ScriptQuestion("group", "rate", "?", items=("G1",)).parts() == ("group.G1",)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_script_is_read_however_an_editor_saved_it_and_a_mistake_has_its_line(
    encoding: str, edition: Path, tmp_path: Path
) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(TEXT.replace("\n", "\r\n").encode(encoding))
    assert find_script(path).text == TEXT
    path.write_bytes(TEXT.replace('kind = "vote"', 'kind = "veto"', 1).replace("\n", "\r\n").encode(encoding))
    with pytest.raises(BadContent, match=rf"mine\.toml, line {VOTE}: "):
        find_script(path)


def test_signs_that_only_python_takes_for_the_end_of_a_line_do_not_move_a_mistake(edition: Path) -> None:
    text = TEXT.replace('kind = "vote"', 'kind = "veto"', 1)
    first = text.index("\n") + 1
    with pytest.raises(BadContent, match=rf"line {VOTE + 1}: "):
        parse_script(f"{text[:first]}# one\u2028two\x85three\n{text[first:]}")


def test_a_script_that_is_no_text_or_almost_has_the_name_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "mine.toml.txt").write_text(TEXT, encoding="utf-8")
    with pytest.raises(BadContent, match=r"mine\.toml\.txt"):
        find_script(tmp_path / "mine.toml")
    (tmp_path / "mine.toml").write_bytes(b"PK\x03\x04\0\0")
    (tmp_path / "mine.toml.txt").unlink()
    with pytest.raises(BadContent, match="cannot be read") as caught:
        find_script(tmp_path / "mine.toml")
    assert "UTF-8" in caught.value.hint


@every("name", ["workshop.toml", "workshop-follow-up.toml"])
def test_what_phones_show_first_of_the_privacy_words_is_short(name: str) -> None:
    script = tomllib.loads((ROOT / "course" / "content" / name).read_text(encoding="utf-8"))
    assert 0 < len(" ".join(script["privacy-first"])) < len(" ".join(script["privacy"])) / 3


def test_a_script_says_or_leaves_out_what_phones_show_first(edition: Path) -> None:
    assert parse_script(TEXT, "mine.toml").privacy_first == ()
    text = TEXT.replace("privacy = [", 'privacy-first = ["No names."]\nprivacy = [')
    assert parse_script(text, "mine.toml").privacy_first == ("No names.",)
    with pytest.raises(BadContent, match="“privacy-first” is not a list of texts"):
        parse_script(text.replace('["No names."]', '"No names."'), "mine.toml")
