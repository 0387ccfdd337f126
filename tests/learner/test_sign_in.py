"""Codes that let a browser in: once, and for a short time."""

from __future__ import annotations

import pytest

from course.learner.sign_in import SECONDS, OneTimeCodes, is_own_page

START = "/read/notebooks/start.ipynb"


def test_a_code_is_good_once() -> None:
    codes = OneTimeCodes()
    first, second = codes.make(START), codes.make("/lab")
    assert first != second
    assert [codes.use(first), codes.use(first), codes.use(second)] == [START, None, "/lab"]


def test_a_code_is_good_for_a_short_time() -> None:
    now = [1000.0]
    codes = OneTimeCodes(lambda: now[0])
    in_time, late = codes.make(START), codes.make(START)
    now[0] += SECONDS - 1
    assert codes.use(in_time) == START
    now[0] += 1
    assert codes.use(late) is None


@pytest.mark.parametrize("code", ["", "guessed", "\ud800", "é" * 10_000])
def test_what_is_no_code_lets_nobody_in(code: str) -> None:
    codes = OneTimeCodes()
    codes.make(START)
    assert codes.use(code) is None


@pytest.mark.parametrize(
    "page",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "",
        None,
        1,
        "/\t/evil.example",
        "/\n/evil.example",
        "\x01//evil.example",
        "/a\r\nSet-Cookie: a",
    ],
)
def test_a_code_leads_to_no_other_host(page: object) -> None:
    assert not is_own_page(page)
