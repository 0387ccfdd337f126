"""The rules of languages: made from Babel's data, and as right as Babel, without Babel."""

from __future__ import annotations

import datetime
import json
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from babel import Locale
from babel.dates import format_date, format_time
from babel.lists import format_list

import hatch_build
from course.content import language
from course.content.language import find_language
from course.core.errors import BadContent
from tests.cases import every
from tests.paths import ROOT

NUMBERS = [*range(1000), *(tenths / 10 for tenths in range(300)), 0.25, 1.05]
EVERY = every("tag", hatch_build.LANGUAGES)


@pytest.mark.slow
def test_the_file_is_what_the_build_makes_of_babels_data() -> None:
    assert json.loads((ROOT / hatch_build.TARGET).read_text(encoding="utf-8")) == hatch_build.make_rules()


def test_what_a_lesson_says_is_put_together_without_babel() -> None:
    said = (
        "print(all_of('abc'), words('mark.score', question='Q', marks=1, most=1), say_day(datetime.date(2026, 2, 3)))"
    )
    code = f"""
import datetime, sys
from course.content import all_of, words
from course.content import say_day
{said}
print("babel" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.splitlines() == ["a, b and c Q: 1 of 1 mark. 3 February 2026", "False"]


def test_the_build_takes_the_babel_that_the_tests_take() -> None:
    build = re.search(r'requires = \[.*"babel==([\d.]+)\.\*"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lock = re.search(r"^babel==([\d.]+)", (ROOT / "requirements-test.lock").read_text(encoding="utf-8"), re.MULTILINE)
    assert build
    assert lock
    assert lock[1].startswith(f"{build[1]}.")


def test_the_file_is_small_and_not_in_the_repository() -> None:
    assert (ROOT / hatch_build.TARGET).stat().st_size < 40_000
    assert f"/{hatch_build.TARGET.as_posix()}" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


@pytest.mark.slow
@EVERY
def test_numbers_take_the_plural_form_that_babel_gives_them(tag: str) -> None:
    locale, rules = Locale.parse(tag, sep="-"), find_language(tag)
    assert [rules.form(number) for number in NUMBERS] == [
        locale.plural_form(Decimal(str(number)).normalize()) for number in NUMBERS
    ]


@EVERY
@every("length", range(6))
def test_lists_are_joined_as_babel_joins_them(tag: str, length: int) -> None:
    items, locale, rules = list("{}012")[:length], Locale.parse(tag, sep="-"), find_language(tag)
    assert rules.conjunction.join(items) == (format_list(items, locale=locale) if items else "")
    assert rules.disjunction.join(items) == (format_list(items, "or", locale=locale) if items else "")


@EVERY
def test_days_and_times_are_said_as_babel_says_them(tag: str) -> None:
    locale, rules = Locale.parse(tag, sep="-"), find_language(tag)
    for month in range(1, 13):
        day = datetime.date(2026, month, month + 2)
        assert rules.say_day(day) == format_date(day, "long", locale)
        assert rules.short_months[month - 1] == format_date(day, "MMM", locale)
    for hour in (0, 9, 12, 23):
        time = datetime.time(hour, 5)
        assert rules.say_time(time) == format_time(time, "short", locale=locale)


def test_a_kind_of_a_language_has_its_rules_and_keeps_its_own_name() -> None:
    welsh = find_language("cy-GB")
    assert welsh.form(6) == "many"
    assert welsh.attributes == 'lang="cy-GB" dir="ltr"'


@every("tag", ["", "xx", "en_GB", 'en-"><b>', "-", "en-"])
def test_a_language_without_rules_is_answered_with_those_that_have_them(tag: str) -> None:
    with pytest.raises(BadContent) as caught:
        find_language(tag)
    assert tag in caught.value.message
    assert "en-GB, cy" in caught.value.hint


@pytest.mark.parametrize("written", [None, "", "{", '{"en-GB": {"day": "{day}"}}'])
def test_a_course_that_was_not_installed_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str | None
) -> None:
    if written is not None:
        (tmp_path / "languages.json").write_text(written)
    monkeypatch.setattr(language, "_RULES", tmp_path / "languages.json")
    for cached in (language._read, language._find_language):
        monkeypatch.setattr(language, cached.__name__, cached.__wrapped__)
    with pytest.raises(BadContent, match=r"languages\.json is missing or from another version") as caught:
        find_language("en-GB")
    assert "pip install -e ." in caught.value.hint
