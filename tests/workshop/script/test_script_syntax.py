"""What stands on the pages: a facilitator's own words go in place of the course's, where they fit."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from course.content import HERE
from course.core.errors import BadContent
from course.core.pages.templates import template_environment
from course.workshop.access.networks import KINDS
from course.workshop.rules.actions import LINE_STATUS
from course.workshop.rules.lines import SETTLED
from course.workshop.script.script import Script, find_script, parse_script
from course.workshop.script.script_syntax import misfits
from course.workshop.templates import page_words
from course.workshop.views.page_views import Ending
from course.workshop.web.health import Trouble
from tests.paths import ROOT

PAGES = ROOT / "course" / "workshop" / "pages"


def test_a_script_without_words_has_those_of_the_course() -> None:
    words = find_script().words
    assert (words.course, dict(words.own.by_key)) == (page_words(), {})


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


def script_in(language: str, words: str) -> Script:
    text = (
        (HERE / "workshop.toml").read_text(encoding="utf-8").replace('language = "en-GB"', f'language = "{language}"')
    )
    return parse_script(f"{text}\n{words}\n", "mine.toml")


def test_a_word_that_a_script_in_another_language_leaves_is_declared_with_its_own() -> None:
    words = script_in("cy", '[words.phone]\nskip = "Ddim nawr"').words
    page = template_environment().from_string(
        '<p title="{{ words.plain("phone.send") }}"{{ words.declared("phone.send") }}>{{ words["phone.send"] }}</p>'
    )
    declared = 'lang="en-GB" dir="ltr"'
    assert page.render(words=words) == f'<p title="Send" {declared}><span {declared}>Send</span></p>'
    assert words.for_script("phone.send") == {"text": "Send", "lang": "en-GB", "dir": "ltr"}
    assert words.for_script("phone.skip") == {"text": "Ddim nawr"}
    own = template_environment().from_string('{{ words["phone.skip"] }}')
    assert own.render(words=words) == "Ddim nawr"
    assert page.render(words=script_in("en-US", "").words) == '<p title="Send">Send</p>'


@pytest.mark.parametrize("tag, direction", [("cy", "ltr"), ("ar", "rtl"), ("ur-PK", "rtl"), ("tlh", "auto")])
def test_a_page_declares_the_direction_of_its_language(tag: str, direction: str) -> None:
    assert script_in(tag, "").words.direction == direction


def test_what_a_person_wrote_is_escaped_in_a_declared_text_too() -> None:
    words = script_in("cy", "").words
    page = template_environment().from_string('{{ words.say("console.walk-step", title="<b>") }}')
    assert page.render(words=words) == '<span lang="en-GB" dir="ltr">Go to “&lt;b&gt;”</span>'


def test_a_text_of_the_pages_has_the_plural_forms_of_its_own_language() -> None:
    course = script_in("pl", "").words
    assert [course.say("console.days", n=n) for n in (1, 2)] == ["1 day", "2 days"]
    forms = '{ one = "{n} dzień", few = "{n} dni", many = "{n} dni!", other = "{n} dnia" }'
    own = script_in("pl", f"[words.console]\ndays = {forms}").words
    assert [own.say("console.days", n=n) for n in (1, 2, 5)] == ["1 dzień", "2 dni", "5 dni!"]
    one_text = script_in("pl", '[words.console]\ndays = "dni: {n}"').words
    assert one_text.say("console.days", n=1) == "dni: 1"


@pytest.mark.parametrize(
    "forms, what",
    [
        ('{ one = "{n} dzień", other = "{n} dnia" }', "few"),
        ('{ one = "1", few = "2", many = "5", other = "{x}" }', "blanks"),
        ('{ by = "x", one = "1", few = "2", many = "5", other = "9" }', "blanks"),
    ],
)
def test_plural_forms_that_do_not_fit_are_named_with_their_line(forms: str, what: str) -> None:
    with pytest.raises(BadContent, match=rf"mine.toml, line \d+: .*{what}"):
        script_in("pl", f"[words.console]\ndays = {forms}")


def test_every_word_on_a_page_is_there_and_every_one_there_is_used() -> None:
    templates = "".join(path.read_text(encoding="utf-8") for path in PAGES.iterdir())
    asked = set(re.findall(r'words(?:\[|\.say\(|\.plain\()"([a-z.-]+)"(?! \+)', templates))
    assert asked - set(page_words().by_key) == set()
    code = "".join(path.read_text(encoding="utf-8") for path in PAGES.parent.rglob("*.py"))
    named = set(re.findall(r'"([a-z-]+\.[a-z-]+)"', templates + code))
    filled_in = {*re.findall(r'"([a-z-]+)"', templates), *SETTLED, *LINE_STATUS.values(), *KINDS}
    filled_in |= {*get_args(Trouble), *get_args(Ending)}
    filled_in |= {*re.findall(r'"([a-z-]+)"', (PAGES.parent / "export_files.py").read_text(encoding="utf-8"))}
    begun = set(re.findall(r'words(?:\[|\.plain\()"([a-z]+\.[a-z-]*)" \+', templates))
    unused = {
        key
        for key in set(page_words().by_key) - asked - named
        if not key.startswith("wall.") and not any(start + end == key for start in begun for end in filled_in)
    }
    assert {key for key in unused if not key.endswith("-more")} == set()
