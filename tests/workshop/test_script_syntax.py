"""What stands on the pages: a facilitator's own words go in place of the course's, where they fit."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from course.content import HERE
from course.core.errors import BadContent
from course.workshop.actions import LINE_STATUS
from course.workshop.lines import SETTLED
from course.workshop.script import find_script, parse_script
from course.workshop.script_syntax import misfits
from course.workshop.templates import page_words

PAGES = Path(__file__).parents[2] / "course" / "workshop" / "pages"


def test_a_script_without_words_has_those_of_the_course() -> None:
    assert find_script().words == page_words()


def test_ones_own_words_go_in_place_of_the_courses_and_the_others_stay() -> None:
    text = (HERE / "workshop.toml").read_text(encoding="utf-8")
    script = parse_script(f'{text}\n[words.phone]\npass = "Not now"\n', "mine.toml")
    assert script.words["phone.pass"] == "Not now"
    assert script.words["phone.skip"] == "Skip"


@pytest.mark.parametrize(
    "key, text, what",
    [
        ("phone.step", "Step {counted} of {of}", "blanks"),
        ("phone.step", "Step {number of {of}", "blanks"),
        ("phone.skip", "Skip {0}", "blanks"),
        ("phone.omit", "Skip", "no page"),
    ],
)
def test_words_that_cannot_be_filled_or_found_are_refused(key: str, text: str, what: str) -> None:
    ((found, mistake, remedy),) = misfits({key: text})
    assert (found, what in mistake, bool(remedy)) == (key, True, True)
    assert list(misfits({"phone.step": "{of}: {number}"})) == []


def test_a_mistake_in_ones_own_words_is_named_with_its_line() -> None:
    text = (HERE / "workshop.toml").read_text(encoding="utf-8")
    line = text.count("\n") + 3
    with pytest.raises(BadContent, match=rf"mine.toml, line {line}: .*omit"):
        parse_script(f'{text}\n[words.phone]\nomit = "Skip"\n', "mine.toml")


def test_every_word_on_a_page_is_there_and_every_one_there_is_used() -> None:
    templates = "".join(path.read_text(encoding="utf-8") for path in PAGES.iterdir())
    asked = set(re.findall(r'words\["([a-z.-]+)"\]', templates))
    assert asked - set(page_words()) == set()
    named = set(re.findall(r'"([a-z]+\.[a-z-]+)"', templates))
    filled_in = set(re.findall(r'"([a-z-]+)"', templates)) | {*SETTLED, *LINE_STATUS.values()}
    begun = set(re.findall(r'words\["([a-z]+\.[a-z-]*)" \+', templates))
    unused = {
        key
        for key in set(page_words()) - asked - named
        if not key.startswith("wall.") and not any(start + end == key for start in begun for end in filled_in)
    }
    assert {key for key in unused if not key.endswith("-more")} == set()
